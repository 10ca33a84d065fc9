//! Messages that nobody should send, for tests.

/// A message with neither header nor line breaks.
pub fn without_header() -> Vec<u8> {
    b"\r\njust text, no header\r\n".to_vec()
}

/// A text in a character set that does not exist.
pub fn unknown_charset() -> Vec<u8> {
    b"From: a@x.test\r\nSubject: charset\r\nContent-Type: text/plain; charset=x-klingon\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n".to_vec()
}

/// Two thousand parts.
pub fn many_parts() -> Vec<u8> {
    let mut message =
        b"From: a@x.test\r\nSubject: parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n".to_vec();
    for index in 0..2_000 {
        message.extend_from_slice(
            format!("--b\r\nContent-Type: text/plain; name=part-{index}.txt\r\n\r\npart {index}\r\n")
                .as_bytes(),
        );
    }
    message.extend_from_slice(b"--b--\r\n");
    message
}

/// NUL bytes in header and text.
pub fn with_nul() -> Vec<u8> {
    b"From: a@x.test\r\nSubject: nul\0here\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nbefore\0after\r\n".to_vec()
}

/// Parts in parts, so many levels deep.
pub fn nested(levels: usize) -> Vec<u8> {
    let mut message = b"From: a@x.test\r\nSubject: nested\r\n".to_vec();
    for level in 0..levels {
        message.extend_from_slice(
            format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n").as_bytes(),
        );
    }
    message.extend_from_slice(b"Content-Type: text/plain\r\n\r\nat the bottom\r\n");
    message
}

/// Markup in every field that a page shows, and a name that is none.
pub fn marked(marker: &str) -> Vec<u8> {
    format!(
        "From: \"{marker}\" <a@x.test>\r\nTo: \"{marker}\" <b@x.test>\r\nCc: \"{marker}\" <c@x.test>\r\nSubject: {marker}\r\n\
         X-{marker}: {marker}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         {marker}\r\n--b\r\nContent-Type: application/x{marker}; name=\"../../{marker}\u{202e}gpj.exe\"\r\n\
         Content-Disposition: attachment\r\n\r\nx\r\n--b--\r\n"
    )
    .into_bytes()
}

/// HTML that asks strangers for pictures, styles and more, and tries to run.
pub fn fetching(stranger: &str) -> Vec<u8> {
    format!(
        "From: a@x.test\r\nSubject: fetching\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         <html><head><link rel=stylesheet href='{stranger}/1'><style>@import '{stranger}/2';body{{background:url({stranger}/3)}}</style>\
         <meta http-equiv=refresh content='0;url={stranger}/4'><base href='{stranger}/5'></head>\
         <body background='{stranger}/6' onload='fetch(\"{stranger}/7\")'><p>visible words</p><img src='{stranger}/8' srcset='{stranger}/9 2x'>\
         <div style='background:url({stranger}/10)'>x</div><iframe src='{stranger}/11'></iframe><object data='{stranger}/12'></object>\
         <embed src='{stranger}/13'><video poster='{stranger}/14' src='{stranger}/15' autoplay></video><audio src='{stranger}/16' autoplay></audio>\
         <svg><image href='{stranger}/17'/><use href='{stranger}/18#a'/></svg><input type=image src='{stranger}/19'>\
         <script src='{stranger}/20'></script><img src=x onerror='fetch(\"{stranger}/21\")'><form action='{stranger}/22'><button>b</button></form>\
         <table background='{stranger}/23'><tr><td background='{stranger}/24'>x</td></tr></table><link rel=prefetch href='{stranger}/25'>\
         </body></html>\r\n"
    )
    .into_bytes()
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
