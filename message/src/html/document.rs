//! The finished document.

/// The response policy under which the document is served: nothing runs, nothing is fetched, nothing is sent; links
/// open outside of the frame.
pub const CONTENT_SECURITY_POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; \
     style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// A cleaned HTML document. Only this module makes one, and nobody can change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeDocument(String);

const HEAD: &str = "<!DOCTYPE html><html><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><style>\
:root{color-scheme:light}\
html{background:#fff;color:#1d1c1a;font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\
body{box-sizing:border-box;margin:0;min-height:100vh;padding:16px}\
img{max-width:100%;height:auto}\
table{max-width:100%}\
td,th{overflow-wrap:break-word}\
pre{white-space:pre-wrap}\
@media(max-width:640px){table{width:100%!important;min-width:0!important}}\
blockquote{margin:.5em 0;padding-inline-start:1em;border-inline-start:3px solid #ccc}\
a{color:#0b57a4}\
</style></head>";

impl SafeDocument {
    /// Puts the frame around a cleaned body, with a cleaned style of its own.
    pub(super) fn around(cleaned: &str, looks: Option<&str>) -> Self {
        let style = looks.map(|looks| format!(" style=\"{}\"", escaped(looks))).unwrap_or_default();
        Self(format!("{HEAD}<body{style}>{cleaned}</body></html>"))
    }

    /// The document, to be served as `text/html; charset=utf-8` under [`CONTENT_SECURITY_POLICY`].
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The document, for the body of a response.
    pub fn into_string(self) -> String {
        self.0
    }
}

fn escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::SafeDocument;

    #[test]
    fn the_style_of_the_body_stays_inside_of_its_attribute() {
        let document = SafeDocument::around("x", Some("font-family:\"A&B\"><script>"));
        assert!(
            document.as_str().ends_with(
                "<body style=\"font-family:&quot;A&amp;B&quot;&gt;&lt;script&gt;\">x</body></html>"
            )
        );
    }
}
