//! Everything that HTML mail has been used for to ask a stranger or to run a script: all of it is inert.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use std::collections::BTreeSet;

use message::html::{References, clean};
use proptest::prelude::*;

/// The cleaned document without the links that one may click.
fn without_links(html: &str) -> String {
    let document = clean(html, References::default()).unwrap().document().into_string();
    document.replace("<a href=\"https://stranger.test/clicked\"", "<a")
}

#[test]
fn no_way_to_fetch_something_survives() {
    let u = "https://stranger.test/x";
    let vectors = [
        format!("<img src='{u}'>"),
        format!("<img src=\"  {u}\">"),
        format!("<IMG SRC={u}>"),
        "<img src=//stranger.test/x>".to_owned(),
        "<img src='\\\\stranger.test/x'>".to_owned(),
        "<img src='https:stranger.test/x'>".to_owned(),
        format!("<img srcset='{u} 2x' sizes=1>"),
        format!("<img lowsrc='{u}' dynsrc='{u}' longdesc='{u}' usemap='{u}'>"),
        format!("<picture><source srcset='{u}'><img></picture>"),
        format!("<input type=image src='{u}'>"),
        format!("<body background='{u}'>x"),
        format!("<table background='{u}'><tr><td background='{u}'>x</table>"),
        format!("<div style='background:url({u})'>x</div>"),
        format!("<div style='background:u\\72l({u})'>x</div>"),
        format!("<div style=\"background-image:image-set('{u}' 1x)\">x</div>"),
        format!("<div style='list-style-image:url({u})'>x</div>"),
        format!("<div style='cursor:url({u}),auto'>x</div>"),
        format!("<div style='border-image:url({u}) 1'>x</div>"),
        format!("<div style='mask:url({u});filter:url({u});clip-path:url({u})'>x</div>"),
        format!("<div style='content:url({u})'>x</div>"),
        format!("<div style='color:red;/**/background:url(\"{u}\"'>x</div>"),
        format!("<style>@import '{u}';</style>x"),
        format!("<style>body{{background:url({u})}}@font-face{{src:url({u})}}</style>x"),
        format!("<link rel=stylesheet href='{u}'>x"),
        format!(
            "<link rel=prefetch href='{u}'><link rel=preconnect href='{u}'><link rel=dns-prefetch href='{u}'>x"
        ),
        format!("<link rel=icon href='{u}'><link rel=manifest href='{u}'>x"),
        format!("<meta http-equiv=refresh content='0;url={u}'>x"),
        format!("<base href='{u}'>x"),
        format!(
            "<iframe src='{u}'></iframe><frame src='{u}'><frameset onload=x><iframe srcdoc='<img src={u}>'></iframe>x"
        ),
        format!("<object data='{u}'><param value='{u}'></object><embed src='{u}'><applet code='{u}'>x"),
        format!("<video poster='{u}' src='{u}'><source src='{u}'><track src='{u}'></video>x"),
        format!("<audio src='{u}' autoplay></audio><bgsound src='{u}'>x"),
        format!(
            "<svg><image href='{u}' xlink:href='{u}'/><use href='{u}#a'/><style>@import '{u}'</style></svg>x"
        ),
        format!(
            "<svg><a xlink:href='{u}'><text>t</text></a><animate attributeName=href values='{u}' by='{u}'/></svg>"
        ),
        format!("<math href='{u}'><mi xlink:href='{u}'>x</mi></math>"),
        format!("<form action='{u}'><button formaction='{u}'>b</button></form>x"),
        format!("<blockquote cite='{u}'>x</blockquote><q cite='{u}'>x</q><del cite='{u}'>x</del>"),
        format!("<a ping='{u}' href='https://stranger.test/clicked'>x</a>"),
        format!("<script src='{u}'></script><script>fetch('{u}')</script>x"),
        format!("<?xml-stylesheet href='{u}'?><!DOCTYPE x SYSTEM '{u}'>x"),
        format!("<html manifest='{u}'><head profile='{u}'>x"),
        format!("<area href='{u}'><map><area href='{u}'></map>x"),
        format!("<portal src='{u}'></portal><fencedframe src='{u}'></fencedframe>x"),
        format!("<img src='cid:{u}'><img src='data:image/svg+xml,<svg><image href=\"{u}\"/></svg>'>"),
        format!("<td bgcolor='{u}'><font face='{u}' color=\"url({u})\">x</font>"),
    ];
    for vector in vectors {
        let cleaned = without_links(&vector);
        assert!(!cleaned.contains("stranger.test"), "{vector}\n→ {cleaned}");
    }
}

#[test]
fn no_script_survives_whatever_it_hides_in() {
    let vectors = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<textarea><p title=\"</textarea><img src=x onerror=alert(1)>\">",
        "<title><p title=\"</title><img src=x onerror=alert(1)>\">",
        "<style><p title=\"</style><img src=x onerror=alert(1)>\">",
        "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
        "<template><script>alert(1)</script></template>",
        "<select><template><style><!--</style><a rel=\"--></style></template></select><img id=x src onerror=alert(1)>\">",
        "<!--><img src=x onerror=alert(1)>-->",
        "<!--!><img src=x onerror=alert(1)>--!>",
        "<![CDATA[<img src=x onerror=alert(1)>]]>",
        "<a href=\"java\tscript:alert(1)\">x</a>",
        "<a href=\" &#106;avascript:alert(1)\">x</a>",
        "<a href=\"\u{1}javascript:alert(1)\">x</a>",
        "<a href=data:text/html,<script>alert(1)</script>>x</a>",
        "<img src=\"javascript:alert(1)\"><body onload=alert(1)><marquee onstart=alert(1)>",
        "<iframe srcdoc=\"<script>alert(1)</script>\">",
        "<annotation-xml encoding=\"text/html\"><script>alert(1)</script></annotation-xml>",
        "<svg><foreignObject><p><script>alert(1)</script></p></foreignObject></svg>",
        "<div style=\"x:expression(alert(1))\" onclick=alert(1) accesskey=x autofocus onfocus=alert(1) contenteditable>",
        "<details open ontoggle=alert(1)>",
        "<p id=x name=y class=z tabindex=1 data-x=1 is=x slot=y popover>",
        "<scr\0ipt>alert(1)</scr\0ipt><<script>alert(1)//<</script>",
        "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        "\u{2028}<img \u{c}src=x\u{c}onerror=alert(1)>",
    ];
    for vector in vectors {
        let cleaned = clean(vector, References::default()).unwrap().document().into_string();
        let body = cleaned.split_once("<body>").unwrap().1.to_ascii_lowercase();
        for sign in [
            "<script",
            "<svg",
            "<math",
            "<style",
            "<iframe",
            "javascript:",
            " name=",
            " slot=",
            " is=",
            " popover",
        ] {
            assert!(!body.contains(sign), "{vector}\n→ {body}");
        }
        // As an attribute, not as words: escaped text may say anything.
        for tag in body.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap_or_default();
            let bare: String = tag.split('"').step_by(2).collect();
            assert!(!bare.contains(" on"), "{vector}\n→ {body}");
        }
    }
}

#[test]
fn withheld_pictures_are_counted() {
    let cleaned = clean(
        "<img src=https://a.test/1><img src=//b.test/2><img src=cid:x><img alt=y>",
        References::default(),
    );
    assert_eq!(cleaned.unwrap().withheld, 2);
}

#[test]
fn an_ordinary_newsletter_keeps_its_looks() {
    let html = "<table width=600 cellpadding=0 style='width:600px;background-color:#f5efe6'><tr><td align=center \
                style='padding:24px;font-family:Georgia'><h1 style='color:#432'>Roast</h1><a href='https://x.test/a'>Shop</a></table>";
    let cleaned = clean(html, References::default()).unwrap().document().into_string();
    for kept in [
        "width=\"600\"",
        "width:600px",
        "background-color:light-dark(#f5efe6,#231f18)",
        "padding:24px",
        "<h1 style=\"color:light-dark(#432,#ddc7b3)\">Roast</h1>",
        "href=\"https://x.test/a\"",
        "target=\"_blank\"",
        "rel=\"noopener noreferrer nofollow\"",
    ] {
        assert!(cleaned.contains(kept), "{kept}\n{cleaned}");
    }
}

#[test]
fn style_sheets_are_kept_without_what_they_would_fetch() {
    let html = "<head><style media=screen>@import 'https://stranger.test/a.css';.card{color:#000;background:url(https://stranger.test/b)}\
                @media(max-width:600px){.card{width:100%!important}}</style></head><body class=card><p class='card x' id=a>x";
    let cleaned = clean(html, References::default()).unwrap();
    assert_eq!((cleaned.withheld, cleaned.trackers), (1, 0));
    let document = cleaned.document().into_string();
    assert!(document.contains("@media screen{.card{color:light-dark(#000,#e8e8e8)}"), "{document}");
    assert!(document.contains("@media (max-width:600px){.card{width:100%!important}}"), "{document}");
    assert!(
        document.contains("<p class=\"card x\" id=\"a\">") && !document.contains("stranger"),
        "{document}"
    );
}

#[test]
fn a_message_that_says_how_it_looks_in_the_dark_is_left_to_it() {
    let html = "<style>@media (prefers-color-scheme: dark){p{color:#fff}}</style><p style='color:#000' bgcolor=white>x";
    let document = clean(html, References::default()).unwrap().document().into_string();
    assert!(
        document.contains("<p style=\"color:#000\"") && document.contains("dark){p{color:#fff}}"),
        "{document}"
    );
}

#[test]
fn colours_of_old_attributes_look_right_in_the_dark_too() {
    let html = "<table bgcolor=FFFFFF><td bgcolor='#ffffff'><font color=black>x";
    let document = clean(html, References::default()).unwrap().document().into_string();
    for rule in [
        ":where([bgcolor=\"FFFFFF\"]){background-color:light-dark(#FFFFFF,#",
        ":where([color=\"black\"]){color:light-dark(black,#",
    ] {
        assert!(document.contains(rule), "{rule}\n{document}");
    }
}

#[test]
fn pictures_that_nobody_is_to_see_are_counted_and_never_asked_for() {
    let html = "<img src=https://t.test/1 width=1 height=1><img src=https://t.test/2 style='width: 1px; height:1PX !important'>\
                <img src=https://t.test/3 style='display:none'><img src=https://t.test/wf/open?upn=x><img src=https://t.test/4 width=600 height=1>";
    let remote: message::html::Remote = std::sync::Arc::new(|_: &str| Some("/picture/x".to_owned()));
    let mut references = References::default();
    references.remote = Some(remote);
    let cleaned = clean(html, references).unwrap();
    assert_eq!((cleaned.trackers, cleaned.shown, cleaned.withheld), (4, 1, 0));
}

#[test]
fn a_link_that_misleads_goes_by_way_of_a_warning() {
    let leaving: message::html::Leaving = std::sync::Arc::new(|url, _| format!("/leaving/{}", url.len()));
    let html = "<a href='https://evil.com/x'>https://paypal.com/login</a> <a href=https://fine.com/>Read</a>";
    let mut references = References::default();
    references.leaving = Some(leaving);
    let cleaned = clean(html, references).unwrap();
    assert_eq!(cleaned.misleading.len(), 1);
    let document = cleaned.document().into_string();
    assert!(
        document.contains("href=\"/leaving/18\"") && document.contains("href=\"https://fine.com/\""),
        "{document}"
    );
}

#[test]
fn the_deepest_html_that_is_taken_costs_no_stack() {
    let deep = format!("{}x{}", "<div>".repeat(250), "</div>".repeat(250));
    assert!(clean(&deep, References::default()).is_ok());
    assert!(clean(&"<div>".repeat(100_000), References::default()).is_err());
    assert!(clean(&"<b><i>".repeat(50_000), References::default()).is_err());
}

/// What stands between `<body>` and `</body>`, in pieces.
struct Pieces {
    markup: String,
    text: String,
    tags: BTreeSet<String>,
}

fn pieces(document: &str) -> Pieces {
    let markup = document.split_once("<body>").unwrap().1.rsplit_once("</body>").unwrap().0.to_owned();
    let (mut text, mut tags) = (String::new(), BTreeSet::new());
    for (index, stretch) in markup.split('<').enumerate() {
        // Neither text nor the value of an attribute is written with a bare angle bracket.
        let (tag, after) = if index == 0 { ("", stretch) } else { stretch.split_once('>').unwrap() };
        // The order of the attributes that every link is given depends on which were there already.
        tags.insert(
            tag.replace(" rel=\"noopener noreferrer nofollow\"", "").replace(" target=\"_blank\"", ""),
        );
        text.push_str(after);
    }
    Pieces { markup, text, tags }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    // Some trees cannot be written down: a row of a list inside of another is moved out of it by every reader. So the
    // second cleaning may find another nesting, and nothing else.
    #[test]
    fn cleaning_what_is_clean_finds_nothing_more_to_take_away(
        html in "(<(b|a|div|table|td|svg|math|style|p|img|li|form|title)( (href|src|style|title|onx)=['\"]?[a-z:/&;<># ]{0,12}['\"]?)?/?>|</(b|a|div|table|td|svg|math|style|p)>|[a-z&;<>!-]{0,6}){0,20}"
    ) {
        if let Ok(once) = clean(&html, References::default()) {
            let once = pieces(once.document().as_str());
            let twice = clean(&once.markup, References::default()).unwrap();
            let twice = pieces(twice.document().as_str());
            prop_assert_eq!(&once.text, &twice.text);
            // Formatting that was left open may be opened once more in another place.
            for tag in &twice.tags {
                prop_assert!(once.tags.contains(tag), "{} of {}", tag, once.markup);
            }
        }
    }

    #[test]
    fn nothing_makes_the_cleaning_fail(html in "\\PC{0,300}") {
        let _ = clean(&html, References::default());
    }
}
