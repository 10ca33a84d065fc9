//! Links in HTML: only ones that lead outside, spelled as they will be followed, and looked at for whether they lead where
//! they say.

use linkify::{LinkFinder, LinkKind};
use model::message::{Misleading, Why};
use url::{Host, Url};

use crate::limits::LINK_BYTES;
use crate::look_alike::{is_listed, looks_like, same_owner};

/// Where a link may lead, or `None`. Relative links and fragments would lead into Pennypost itself.
pub(super) fn target(value: &str) -> Option<Url> {
    if value.len() > LINK_BYTES {
        return None;
    }
    let url = Url::parse(value.trim()).ok()?;
    match url.scheme() {
        "http" | "https" if url.host().is_some() => Some(url),
        "mailto" | "tel" => Some(url),
        _ => None,
    }
}

/// Why a link deserves a warning, if it does: its words name another place than it leads to, its address hides where it
/// leads, or looks like one that the reader knows (`known`, domains).
pub(crate) fn misleads(url: &Url, words: &[String], known: &[&str]) -> Option<Misleading> {
    let leads = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https"))?;
    let because = |why| Misleading { leads: leads.to_owned(), why };
    if !url.username().is_empty() || url.password().is_some() {
        return Some(because(Why::Hides));
    }
    let named = words.iter().flat_map(|words| hosts(words)).find(|named| !same_owner(named, leads));
    if let Some(named) = named {
        return Some(because(Why::Names(named)));
    }
    if matches!(url.host(), Some(Host::Ipv4(_) | Host::Ipv6(_))) {
        return Some(because(Why::Hides));
    }
    looks_like(leads, known).map(|alike| because(Why::LooksLike(alike)))
}

/// Hosts that words name as addresses of the web.
fn hosts(words: &str) -> Vec<String> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url, LinkKind::Email]).url_must_have_scheme(false);
    let found = finder.links(words).filter(|link| *link.kind() == LinkKind::Url).filter_map(|link| {
        let text = link.as_str();
        let url =
            if text.contains("://") { Url::parse(text) } else { Url::parse(&format!("https://{text}")) };
        let host = url.ok()?.host_str()?.to_owned();
        // Names of files look like hosts; a host is one that a registry knows the end of.
        is_listed(&host).then_some(host)
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use model::message::Why;
    use model::origin::LookAlike;

    use super::{misleads, target};

    #[test]
    fn only_links_that_lead_outside_stay() {
        let href = |value: &str| target(value).map(|url| url.to_string());
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

    fn why(url: &str, words: &str) -> Option<Why> {
        misleads(&target(url).unwrap(), &[words.to_owned()], &["example.org"])
            .map(|misleading| misleading.why)
    }

    #[test]
    fn a_link_whose_words_name_another_place_is_found() {
        assert_eq!(
            why("https://evil.com/x", "https://www.paypal.com/login"),
            Some(Why::Names("www.paypal.com".into()))
        );
        assert_eq!(why("https://evil.com/x", "Go to paypal.com now"), Some(Why::Names("paypal.com".into())));
        for (url, words) in [
            ("https://www.paypal.com/x", "paypal.com"),
            ("https://login.paypal.com/x", "https://www.paypal.com"),
            ("https://evil.com/x", "Click here"),
            ("https://evil.com/x", "Version 2.10 of report.pdf"),
            ("https://evil.com/x", "anna@paypal.com"),
            ("mailto:x@evil.com", "paypal.com"),
            ("https://bbc.co.uk/x", "news.bbc.co.uk"),
        ] {
            assert_eq!(why(url, words), None, "{words} → {url}");
        }
        assert_eq!(why("https://bbc.co.uk/x", "other.co.uk"), Some(Why::Names("other.co.uk".into())));
    }

    #[test]
    fn an_address_that_hides_where_it_leads_is_found() {
        assert_eq!(why("https://paypal.com@evil.com/", "Pay"), Some(Why::Hides));
        assert_eq!(why("http://0x7f.1/", "Pay"), Some(Why::Hides));
        assert_eq!(why("http://[::1]/", "Pay"), Some(Why::Hides));
    }

    #[test]
    fn an_address_that_looks_like_a_known_one_is_found() {
        assert_eq!(
            why("https://examp1e.org/", "Pay"),
            Some(Why::LooksLike(LookAlike::Same { known: "example.org".into() }))
        );
        assert_eq!(why("https://www.example.org/", "Pay"), None);
    }
}
