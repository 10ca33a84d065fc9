//! Messages that nobody should send, for tests.
//!
//! Those that ask for something from elsewhere take that elsewhere as a parameter, such as
//! `http://127.0.0.1:4711`, so that a test can listen there and hear nothing.

mod html;
mod mime;

pub use html::{deep_html, fetching, running};
pub use mime::{
    broken_base64, broken_utf7, file_names, long_header, many_addresses, many_parts, nested, unended,
    unknown_charset, with_nul, without_header,
};

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

/// One of each, with a name for the test that fails.
pub fn all(stranger: &str) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("without header", without_header()),
        ("unknown charset", unknown_charset()),
        ("broken UTF-7", broken_utf7()),
        ("broken base64", broken_base64()),
        ("many parts", many_parts()),
        ("nested", nested(30)),
        ("never ended", unended()),
        ("NUL bytes", with_nul()),
        ("long header", long_header()),
        ("many addresses", many_addresses()),
        ("file names", file_names()),
        ("markup in fields", marked("</title><script>alert(1)</script>")),
        ("fetching HTML", fetching(stranger)),
        ("running HTML", running(stranger)),
        ("deep HTML", deep_html()),
    ]
}
