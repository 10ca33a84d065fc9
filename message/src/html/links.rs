//! Links in HTML: only ones that lead outside, spelled as they will be followed.

use url::Url;

use crate::limits::LINK_BYTES;

/// Where a link may lead, or `None`. Relative links and fragments would lead into Pennypost itself.
pub(super) fn href(value: &str) -> Option<String> {
    if value.len() > LINK_BYTES {
        return None;
    }
    let url = Url::parse(value.trim()).ok()?;
    match url.scheme() {
        "http" | "https" if url.host().is_some() => Some(url.to_string()),
        "mailto" | "tel" => Some(url.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::href;

    #[test]
    fn only_links_that_lead_outside_stay() {
        assert_eq!(href(" HTTPS://X.test/a b ").as_deref(), Some("https://x.test/a%20b"));
        assert!(href("mailto:a@b.test").is_some());
        for other in [
            "javascript:alert(1)",
            "jAvA\tscript:alert(1)",
            "data:text/html,x",
            "//x.test",
            "/sign-out",
            "#x",
            "vbscript:x",
            "cid:x",
            "file:///etc",
            "",
        ] {
            assert_eq!(href(other), None, "{other}");
        }
    }
}
