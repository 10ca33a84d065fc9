//! The finished document.

use model::message::{Line, Piece};

use super::Cleaned;

/// The path below which pictures have their addresses.
pub const PICTURES: &str = "/picture/";

/// The response policy under which the document is served: nothing runs, nothing is sent, nothing is fetched but pictures
/// from their own path below `origin` (`https://mail.example.org`); links open outside of the frame.
pub fn content_security_policy(origin: &str) -> String {
    format!(
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; \
         img-src {origin}{PICTURES} data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
}

/// A cleaned HTML document. Only this module makes one, and nobody can change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeDocument(String);

/// How a document is dressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dress {
    /// For surroundings that may be light or dark.
    #[default]
    Adapted,
    /// As it was sent, for light surroundings.
    AsSent,
}

/// A text of a message, cleaned: a piece of the document. Only this crate makes one.
#[derive(Clone, Debug)]
pub struct Section {
    /// How the body of this text wants to look.
    looks: Option<String>,
    sheets: String,
    body: String,
}

const STYLE: &str = "\
html{background:light-dark(#fff,#1c1b1a);color:light-dark(#1d1c1a,#e6e3df);font:16px/1.5 system-ui,sans-serif;\
overflow-wrap:anywhere;-webkit-text-size-adjust:100%}\
body{box-sizing:border-box;margin:0;min-height:100vh;padding:16px}\
img{max-width:100%}\
img:not([src]){min-width:1em;outline:1px dashed light-dark(#bbb,#555);outline-offset:-1px;color:light-dark(#555,#aaa)}\
table{max-width:100%}\
td,th{overflow-wrap:break-word}\
img:not([src]):not([alt]),img:not([src])[alt=\"\"]{display:none}\
pre{white-space:pre-wrap}\
blockquote{margin:.5em 0;padding-inline-start:1em;border-inline-start:3px solid light-dark(#ccc,#555)}\
a{color:light-dark(#0b57a4,#8ab8f0)}\
hr.next{margin:24px 0;border:0;border-top:1px solid light-dark(#ccc,#444)}\
.plain{white-space:pre-wrap}";

/// After the sheets of the message, so that they weigh more. No link is without its real target when a pointer or the
/// focus is on it; a link with a warning has a sign beside it wherever it stands.
const LAST: &str = "\
@media(max-width:640px){html body{padding:12px}\
html body table,html body tbody,html body td,html body div{max-width:100%!important;min-width:0!important}\
html body td,html body th,html body div{box-sizing:border-box!important}\
html body table[width],html body table[style*=width]{width:100%!important}html body img{max-width:100%!important}html body img[width]{height:auto!important}}\
html body a[href]:hover::after,html body a[href]:focus-visible::after{content:attr(href);position:fixed;inset:auto auto 0 0;\
z-index:1;max-width:100%;box-sizing:border-box;padding:2px 8px;background:light-dark(#1d1c1a,#e6e3df);\
color:light-dark(#fff,#1c1b1a);font:13px/1.5 system-ui,sans-serif;text-decoration:none;text-transform:none;\
letter-spacing:0;text-align:start;overflow:hidden;white-space:nowrap;text-overflow:ellipsis;direction:ltr}\
html body a[href^=\"/leaving?\"]::before{content:\"\\26A0\\FE0E\\A0\";color:light-dark(#a33b00,#ffb38a);font:bold 1em system-ui,sans-serif}\
html body a[href^=\"/leaving?\"]:hover::after,html body a[href^=\"/leaving?\"]:focus-visible::after{content:\"\\26A0\\FE0E\"}";

impl Section {
    /// A plain text among others. Words become words: no markup is built of them.
    pub fn of_lines(lines: &[Line]) -> Self {
        let mut body = String::from("<div class=\"plain\">");
        let mut depth = 0;
        for line in lines {
            // Deeper quotations look like the deepest.
            let quoted = line.quoted.min(10);
            body.push_str(&"<blockquote>".repeat(usize::from(quoted.saturating_sub(depth))));
            body.push_str(&"</blockquote>".repeat(usize::from(depth.saturating_sub(quoted))));
            depth = quoted;
            for piece in &line.pieces {
                match piece {
                    Piece::Text(text) => body.push_str(&escaped(text)),
                    Piece::Link { text, href } => body.push_str(&format!(
                        "<a href=\"{}\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">{}</a>",
                        escaped(href),
                        escaped(text)
                    )),
                }
            }
            body.push('\n');
        }
        body.push_str(&"</blockquote>".repeat(usize::from(depth)));
        body.push_str("</div>");
        Self { looks: None, sheets: String::new(), body }
    }

    pub(super) fn new(body: String, looks: Option<String>, sheets: String) -> Self {
        Self { looks, sheets, body }
    }
}

impl From<Cleaned> for Section {
    fn from(cleaned: Cleaned) -> Self {
        cleaned.section
    }
}

impl SafeDocument {
    /// Puts the frame around the texts of a message, one after the other.
    pub fn of(sections: &[Section], dress: Dress) -> Self {
        Self::under(sections, dress, &[])
    }

    /// The same below lines that say what it is, as labels and words: a sheet of paper has no shell around it.
    pub fn under(sections: &[Section], dress: Dress, heading: &[(String, String)]) -> Self {
        let scheme = match dress {
            Dress::Adapted => "light dark",
            Dress::AsSent => "only light",
        };
        let length: usize = sections.iter().map(|section| section.body.len() + section.sheets.len()).sum();
        let mut document = String::with_capacity(length + STYLE.len() + LAST.len() + 1_000);
        document.push_str("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><style>:root{color-scheme:");
        document.push_str(scheme);
        document.push('}');
        document.push_str(STYLE);
        document.push_str("</style>");
        for section in sections.iter().filter(|section| !section.sheets.is_empty()) {
            document.push_str("<style>");
            document.push_str(&section.sheets);
            document.push_str("</style>");
        }
        document.push_str("<style>");
        document.push_str(LAST);
        document.push_str("</style></head>");
        let alone = sections.len() == 1 && heading.is_empty();
        document.push_str("<body");
        if let Some(looks) = sections.first().and_then(|only| only.looks.as_deref()).filter(|_| alone) {
            document.push_str(&format!(" style=\"{}\"", escaped(looks)));
        }
        document.push('>');
        if !heading.is_empty() {
            document.push_str("<dl>");
            for (label, words) in heading {
                document.push_str(&format!("<dt><b>{}</b></dt><dd>{}</dd>", escaped(label), escaped(words)));
            }
            document.push_str("</dl><hr class=\"next\">");
        }
        for (index, section) in sections.iter().enumerate() {
            if index > 0 {
                document.push_str("<hr class=\"next\">");
            }
            match section.looks.as_deref().filter(|_| !alone) {
                Some(looks) => {
                    document.push_str(&format!("<div style=\"{}\">{}</div>", escaped(looks), section.body));
                }
                None => document.push_str(&section.body),
            }
        }
        document.push_str("</body></html>");
        Self(document)
    }

    /// The document, to be served as `text/html; charset=utf-8` under [`content_security_policy`].
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The document, for the body of a response.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Words as HTML has them, between tags and in attributes.
pub(crate) fn escaped(value: &str) -> String {
    let mut written = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '"' => written.push_str("&quot;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            c => written.push(c),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use model::message::{Line, Piece};

    use super::{Dress, SafeDocument, Section};

    #[test]
    fn the_style_of_the_body_stays_inside_of_its_attribute() {
        let section = Section::new("x".into(), Some("font-family:\"A&B\"><script>".into()), String::new());
        let document = SafeDocument::of(&[section], Dress::Adapted);
        assert!(
            document.as_str().ends_with(
                "<body style=\"font-family:&quot;A&amp;B&quot;&gt;&lt;script&gt;\">x</body></html>"
            )
        );
    }

    #[test]
    fn plain_words_among_others_and_headings_stay_words() {
        let line = Line { pieces: vec![Piece::Text("<script>\"".into())], ..Line::default() };
        let sections = [Section::of_lines(&[line]), Section::new("<b>y</b>".into(), None, String::new())];
        let heading = [("From".to_owned(), "</dl><script>".to_owned())];
        let document = SafeDocument::under(&sections, Dress::AsSent, &heading).into_string();
        assert!(!document.contains("<script"));
        assert!(document.contains("<b>y</b>") && document.contains("only light"));
    }
}
