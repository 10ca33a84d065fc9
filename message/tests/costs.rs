//! HTML made to be slow: refused, or cleaned soon.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use std::fmt::Write as _;

use message::html::{Picture, References, clean};
use message::limits::{HTML_BYTES, INLINE_LINKS};
use model::structure::Encoding;

/// As many copies as fit under the limit, numbered.
fn filled(one: impl Fn(usize) -> String) -> String {
    let mut html = String::new();
    for index in 0.. {
        let next = one(index);
        if html.len() + next.len() > HTML_BYTES {
            break;
        }
        html.push_str(&next);
    }
    html
}

/// Each costs seconds or gigabytes where only the open tags of the source are counted.
fn attacks() -> Vec<(&'static str, String)> {
    let many_attributes: String = (0..100_000).fold("<p".to_owned(), |mut tag, index| {
        let _ = write!(tag, " a{index:x}");
        tag
    });
    vec![
        ("nested blocks", filled(|_| "<div>".into())),
        ("nested list items", filled(|_| "<ul><li>".into())),
        ("stray end tags between", filled(|_| "<div></x></b></p>".into())),
        ("formatting left open in closed paragraphs", filled(|i| format!("<p><font color={i:x}>x</p>"))),
        ("formatting left open, then many paragraphs", {
            let open = (0..250).fold("<p>".to_owned(), |html, i| format!("{html}<font color={i:x}>"));
            open + "</p>" + &"<p>x</p>".repeat(90_000)
        }),
        ("anchors left open", filled(|i| format!("<p><a x={i:x}>x</p>"))),
        ("misnested formatting", filled(|_| "<b><i><u><s><div></b></i></u></s>".into())),
        ("depth behind a comment in a style", "<style><!--</style>".to_owned() + &"<div>".repeat(150_000)),
        ("depth behind a quote in a title", "<title><p a=\"</title>".to_owned() + &"<div>".repeat(150_000)),
        ("depth behind a quote in a script", "<script><p a='</script>".to_owned() + &"<div>".repeat(150_000)),
        (
            "depth behind a comment in an svg",
            "<svg><style><a title=\"</style><!--\"></a></style></svg>".to_owned() + &"<div>".repeat(150_000),
        ),
        ("depth behind plain text", "<svg><plaintext></svg>".to_owned() + &"<div>".repeat(150_000)),
        ("one tag, many attributes", many_attributes.clone() + ">"),
        ("one tag that never ends", many_attributes),
        ("html tags that add attributes", filled(|i| format!("<html {i:x}>"))),
        ("body tags that add attributes", filled(|i| format!("<body {i:x}>"))),
        ("rules pushed out of a table", "<table>".to_owned() + &"<hr>".repeat(99_000)),
        ("blocks pushed out of a table", "<table>".to_owned() + &"<p></p>".repeat(99_000)),
        ("words pushed out of a table", "<table>".to_owned() + &"x<tr>".repeat(99_000)),
        ("tables in tables", filled(|_| "<table>".into())),
        ("cells", filled(|_| "<table><td>".into())),
        ("buttons", filled(|_| "<button>".into())),
        ("options", filled(|_| "<select><option>".into())),
        ("templates", filled(|_| "<template>".into())),
        ("adoption", "<b>".to_owned() + &"<div></b>".repeat(90_000)),
        ("adoption of many children", format!("<b><p>{}", "<i></b>".repeat(90_000))),
        ("reparented children", format!("<a>{}<p>{}</a>", "", "<br>".repeat(90_000))),
        ("comments", filled(|_| "<!---->".into())),
        ("open angles", filled(|_| "<".into())),
        ("ampersands", filled(|_| "&".into())),
        ("hard spaces", filled(|_| "\u{a0}".into())),
        ("ampersands between stray tags", filled(|_| "&</x>".into())),
        ("ampersands in a title", format!("<p title='{}'>", "&".repeat(900_000))),
        ("ampersands in a link", format!("<a href='https://x.test/?{}'>x</a>", "&".repeat(900_000))),
        ("links", filled(|i| format!("<a href=https://x.test/{i}>"))),
        ("entities", filled(|_| "&NotEqualTilde;".into())),
        ("end tags", filled(|_| "</p>".into())),
        ("foreign", filled(|_| "<svg><g>".into())),
        ("foreign and back", filled(|_| "<svg><desc><p>".into())),
        ("styles", filled(|_| "<p style='color:red;width:1px'>".into())),
        ("brackets in styles", filled(|_| format!("<p style='color:{}'></p>", "rgb(".repeat(900)))),
        ("ids", filled(|i| format!("<br id={i:x}>"))),
        ("frames", filled(|_| "<frameset>".into())),
        ("forms", filled(|_| "<form>".into())),
    ]
}

/// Those that are refused before anything is built; the others are read and cost no more than their length.
const REFUSED: [&str; 24] = [
    "nested blocks",
    "nested list items",
    "stray end tags between",
    "formatting left open in closed paragraphs",
    "formatting left open, then many paragraphs",
    "misnested formatting",
    "depth behind a comment in a style",
    "depth behind a quote in a title",
    "depth behind a quote in a script",
    "depth behind a comment in an svg",
    "depth behind plain text",
    "one tag, many attributes",
    "one tag that never ends",
    "html tags that add attributes",
    "rules pushed out of a table",
    "blocks pushed out of a table",
    "words pushed out of a table",
    "cells",
    "templates",
    "adoption",
    "adoption of many children",
    "ampersands",
    "foreign",
    "foreign and back",
];

#[test]
fn what_would_cost_seconds_is_refused() {
    for (name, html) in attacks().into_iter().filter(|(name, _)| REFUSED.contains(name)) {
        assert!(clean(&html, References::default()).is_err(), "{name}");
    }
}

#[test]
fn a_picture_named_a_thousand_times_does_not_fill_the_memory() {
    let mut pictures = References::default();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.resize(1024 * 1024, 0);
    pictures.add("x", &Picture::new(png).unwrap());
    let cleaned = clean(&"<img src=cid:x>".repeat(1_000), pictures).unwrap();
    assert!(cleaned.document().as_str().len() < INLINE_LINKS + 100_000);
}

#[test]
fn an_ordinary_megabyte_is_cleaned() {
    assert!(clean(&newsletter(HTML_BYTES), References::default()).is_ok());
}

/// Tables in tables, as newsletters are made.
fn newsletter(bytes: usize) -> String {
    let row = "<tr><td align=\"center\" valign=\"top\" width=\"600\" style=\"padding:0 24px;font-family:Arial,\
        'Helvetica Neue',sans-serif;font-size:14px;line-height:1.5;color:#333333;background:#ffffff url(https://x.test/b.png)\">\
        <table border=0 cellpadding=0 cellspacing=0 role=presentation><tbody><tr><td class=inner><a href=\"https://x.test/c?u=1&amp;v=2\" \
        style=\"color:#0b57a4;text-decoration:none\"><img src=\"https://x.test/i.png\" width=120 height=80 alt=\"Caf\u{e9} &amp; more\">\
        <b>Read</b> more&nbsp;\u{2192}</a></td></tr></tbody></table></td></tr>\n";
    let mut html =
        "<!DOCTYPE html><html><head><style>.inner{color:red}</style></head><body bgcolor=#f5efe6><table>"
            .to_owned();
    while html.len() + row.len() + 30 < bytes {
        html.push_str(row);
    }
    html + "</table></body></html>"
}

#[test]
#[ignore = "measures; run by hand with --release --nocapture"]
fn what_each_attack_costs() {
    for (name, html) in attacks() {
        let begin = std::time::Instant::now();
        let cleaned = clean(&html, References::default()).map(|cleaned| cleaned.document().as_str().len());
        println!("{:>7.1} ms  {name}: {} → {cleaned:?}", begin.elapsed().as_secs_f64() * 1e3, html.len());
    }
}

#[test]
#[ignore = "measures; run by hand with --release --nocapture"]
fn what_ordinary_mail_costs() {
    let time = |name: &str, times: u32, work: &dyn Fn()| {
        let begin = std::time::Instant::now();
        (0..times).for_each(|_| work());
        println!("{:>10.1} µs  {name}", begin.elapsed().as_secs_f64() * 1e6 / f64::from(times));
    };
    for bytes in [20_000, 100_000, HTML_BYTES] {
        let html = newsletter(bytes);
        time(&format!("a newsletter of {bytes} bytes"), 10, &|| drop(clean(&html, References::default())));
    }
    let subject = "=?utf-8?q?Gr=C3=BC=C3=9Fe_aus?= =?utf-8?B?IEvDtmxu?= und mehr davon".as_bytes();
    time("a subject with encoded words", 10_000, &|| drop(message::header::decode(subject)));
    time("a subject in plain words", 10_000, &|| {
        drop(message::header::decode(b"Minutes of the meeting on Monday"))
    });
    time("a subject in Latin-1", 10_000, &|| {
        drop(message::header::decode(b"Gr\xfc\xdfe aus K\xf6ln und mehr"))
    });
    time("an address", 10_000, &|| {
        drop(message::header::address(Some(b"=?utf-8?q?B=C3=BCro?="), b"buero", b"demo.test"))
    });
    let text = "> A line of text with https://x.test/link in it\r\n".repeat(1_000);
    time("a text of 1,000 lines", 20, &|| drop(message::plain_text::lines(&text, true, false)));
    let megabyte = vec![b'x'; 786_432];
    let mut packed = String::new();
    for (index, byte) in
        base64::Engine::encode(&base64::prelude::BASE64_STANDARD, megabyte).chars().enumerate()
    {
        packed.push(byte);
        if index % 76 == 75 {
            packed.push_str("\r\n");
        }
    }
    for encoding in [Encoding::Base64, Encoding::QuotedPrintable] {
        time(&format!("a megabyte in {encoding:?}"), 10, &|| {
            drop(message::transfer::unpack(packed.as_bytes(), encoding))
        });
    }
}
