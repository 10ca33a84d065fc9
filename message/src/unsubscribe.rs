//! How to leave a list: List-Unsubscribe (RFC 2369) and with one click (RFC 8058).

use model::origin::{Checks, Verdict};
use model::unsubscribe::Unsubscribe;
use url::Url;

use crate::authentication::without_comments;
use crate::header::{in_utf8, split};
use crate::html::misleads;
use crate::limits::{FIELDS, LINK_BYTES};

/// Addresses that are read of one field.
const WAYS: usize = 10;

/// The ways to leave that a header offers. One click is offered only over TLS, and where the server told of signatures
/// only when one held: without it the field may be anybody's (RFC 8058 §4). A page is held against domains that the reader
/// knows.
pub fn read(header: &[u8], checks: Option<&Checks>, known: &[&str]) -> Option<Unsubscribe> {
    let ways = ways(header);
    let page = ways.iter().find(|url| is_page(url));
    let unsubscribe = Unsubscribe {
        one_click: one_click(header, checks).and_then(|url| url.host_str().map(str::to_owned)),
        misleads: page.and_then(|url| misleads(url, &[], known)).map(|misleading| misleading.why),
        page: page.map(Url::to_string),
        mail: ways.iter().find(|url| url.scheme() == "mailto").map(Url::to_string),
    };
    (unsubscribe.page.is_some() || unsubscribe.mail.is_some()).then_some(unsubscribe)
}

/// Where the request goes that leaves with one click; its body is [`ONE_CLICK`].
pub fn one_click(header: &[u8], checks: Option<&Checks>) -> Option<Url> {
    let signed = checks.is_none_or(|checks| {
        checks.dkim.is_empty() || checks.dkim.iter().any(|check| check.verdict == Verdict::Pass)
    });
    let post = field(header, b"List-Unsubscribe-Post")?;
    let wanted = without_comments(&post).trim().eq_ignore_ascii_case(ONE_CLICK);
    let url = ways(header).into_iter().find(|url| url.scheme() == "https")?;
    (signed && wanted).then_some(url)
}

/// The body of the request (RFC 8058 §3.1), of type `application/x-www-form-urlencoded`.
pub const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

fn field(header: &[u8], wanted: &[u8]) -> Option<String> {
    let found = split(header).take(FIELDS).find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.map(|(_, raw)| in_utf8(raw).into_owned())
}

fn is_page(url: &Url) -> bool {
    matches!(url.scheme(), "https" | "http")
}

/// Every address of the field, in order (RFC 2369 §2).
fn ways(header: &[u8]) -> Vec<Url> {
    let Some(text) = field(header, b"List-Unsubscribe") else { return Vec::new() };
    let pieces = text.split('<').skip(1).take(WAYS).filter_map(|piece| piece.split_once('>'));
    let urls = pieces.filter_map(|(link, _)| {
        // Long addresses are folded in the middle.
        let link: String = link.chars().filter(|c| !c.is_whitespace()).collect();
        (link.len() <= LINK_BYTES).then_some(link)?.parse::<Url>().ok()
    });
    urls.filter(|url| {
        let named = url.username().is_empty() && url.password().is_none();
        url.scheme() == "mailto" && url.path().contains('@') || is_page(url) && named
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use model::message::Why;
    use model::origin::{Check, Checks, Verdict};
    use model::unsubscribe::Unsubscribe;

    use super::{one_click, read};

    fn offered(header: &str) -> Option<Unsubscribe> {
        read(format!("{header}\r\n\r\n").as_bytes(), None, &["example.org"])
    }

    fn dkim(verdict: Verdict) -> Checks {
        Checks { dkim: vec![Check { verdict, domain: None }], ..Checks::default() }
    }

    #[test]
    fn every_way_is_found() {
        let header = "List-Unsubscribe: (Use this) <mailto:leave@list.test?subject=x>,\r\n <https://list.test/l\r\n eave?id=1>";
        let found = offered(header).unwrap();
        assert_eq!(found.mail.as_deref(), Some("mailto:leave@list.test?subject=x"));
        assert_eq!(found.page.as_deref(), Some("https://list.test/leave?id=1"));
        assert_eq!(found.one_click, None);
    }

    #[test]
    fn one_click_needs_the_word_the_lock_and_a_signature_where_those_are_checked() {
        let header = b"List-Unsubscribe: <https://list.test/leave>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\n";
        let host = |checks: Option<&Checks>| read(header, checks, &[]).unwrap().one_click;
        assert_eq!(host(None).as_deref(), Some("list.test"));
        assert_eq!(host(Some(&dkim(Verdict::Pass))).as_deref(), Some("list.test"));
        assert_eq!(host(Some(&dkim(Verdict::Fail))), None);
        assert_eq!(host(Some(&Checks::default())).as_deref(), Some("list.test"));
        for header in [
            "List-Unsubscribe: <http://list.test/>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "List-Unsubscribe: <https://list.test/>\r\nList-Unsubscribe-Post: Yes",
            "List-Unsubscribe: <https://list.test/>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "List-Unsubscribe: <https://a:b@list.test/>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ] {
            assert_eq!(one_click(format!("{header}\r\n\r\n").as_bytes(), None), None, "{header}");
        }
    }

    #[test]
    fn a_page_that_passes_for_another_deserves_a_warning() {
        let why = |url: &str| offered(&format!("List-Unsubscribe: <{url}>")).unwrap().misleads;
        assert_eq!(why("https://list.test/leave"), None);
        assert!(matches!(why("https://examp1e.org/leave"), Some(Why::LooksLike(_))));
        assert_eq!(why("https://192.0.2.1/leave"), Some(Why::Hides));
    }

    #[test]
    fn links_that_act_are_no_ways_out() {
        for link in [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "/leave",
            "mailto:",
            "",
            "https://",
        ] {
            assert_eq!(offered(&format!("List-Unsubscribe: <{link}>")), None, "{link}");
        }
        assert_eq!(offered(&format!("List-Unsubscribe: <https://a.test/{}>", "x".repeat(9_000))), None);
        assert_eq!(offered("Subject: x"), None);
    }
}
