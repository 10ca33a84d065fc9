//! Domains that are made to be taken for others, and which part of a host name somebody registered.

use idna::domain_to_unicode;
use model::origin::Domain;
pub use model::origin::LookAlike;
use unicode_security::{RestrictionLevel, RestrictionLevelDetection};

/// Bytes of a host name that are looked at (RFC 1035 §2.3.4), with room for letters that take several bytes.
const HOST_BYTES: usize = 1_024;

/// Characters of a name below which one letter more or less means nothing: too many short names are all taken.
const LONG_ENOUGH: usize = 5;

/// The part of a host name that somebody registered: `shop.example.co.uk` gives `example.co.uk`. The host may be in any
/// case, in letters or in punycode, and the answer is spelled as it is.
///
/// `None` for network addresses, for public suffixes themselves and for names without a dot.
pub fn registrable(host: &str) -> Option<&str> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let number = host.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    if host.len() > HOST_BYTES || number || host.contains([':', '[', ']']) {
        return None;
    }
    // Lower case in ASCII is as long as before, so the same end can be cut from the original.
    let lower = host.to_ascii_lowercase();
    let length = psl::domain(lower.as_bytes())?.as_bytes().len();
    host.get(host.len().checked_sub(length)?..)
}

/// Whether a host name ends as names of the web do: `report.pdf` does not.
pub fn is_listed(host: &str) -> bool {
    let lower = host.to_ascii_lowercase();
    registrable(host).is_some() && psl::suffix(lower.as_bytes()).is_some_and(|suffix| suffix.is_known())
}

/// Whether two host names belong to the same registered domain; names that nobody can register are the same when they
/// are spelled the same.
pub fn same_owner(one: &str, other: &str) -> bool {
    let (one, other) = (in_letters(one), in_letters(other));
    owner(&one) == owner(&other)
}

/// A domain as it was written, and as it is read where that differs.
pub fn domain(written: &str) -> Domain {
    let read = in_letters(written);
    let same = read == written.to_lowercase();
    Domain { written: written.to_owned(), read: (!same).then_some(read) }
}

/// Whether a domain is easily taken for one of those that are known, or for any other at all. Domains may be host names,
/// in letters or in punycode. Those of the same owner never deceive about each other.
pub fn looks_like(domain: &str, known: &[&str]) -> Option<LookAlike> {
    if domain.len() > HOST_BYTES {
        return None;
    }
    let host = in_letters(domain);
    let ours = owner(&host);
    let known: Vec<String> = known.iter().map(|known| owner(&in_letters(known)).to_owned()).collect();
    if known.iter().any(|known| known == ours) {
        return None;
    }
    let known = || known.iter().filter(|known| known.contains('.'));
    let looks = looks(ours);
    if let Some(known) = known().find(|known| self::looks(known) == looks) {
        return Some(LookAlike::Same { known: known.clone() });
    }
    let one_letter = |known: &&String| {
        let (name, end) = known.split_once('.').unwrap_or((known, ""));
        // A house may be at home in two countries; an end that lacks a letter is a typing error.
        let abroad = ours.split_once('.').is_some_and(|ours| ours.0 == name && ours.1.len() == end.len());
        name.chars().count() >= LONG_ENOUGH && !abroad && one_edit(known, ours)
    };
    if let Some(known) = known().find(one_letter) {
        return Some(LookAlike::OneLetter { known: known.clone() });
    }
    let inside = |known: &&String| {
        let before = host.strip_suffix(ours).unwrap_or_default();
        format!(".{before}").contains(&format!(".{known}."))
    };
    if let Some(known) = known().find(inside) {
        return Some(LookAlike::Inside { known: known.clone() });
    }
    passes_for_latin(&host).then_some(LookAlike::Scripts)
}

/// A host name in lower case, in letters, without the dot at its end.
fn in_letters(host: &str) -> String {
    let host = host.strip_suffix('.').unwrap_or(host);
    domain_to_unicode(host).0.to_lowercase()
}

fn owner(host: &str) -> &str {
    registrable(host).unwrap_or(host)
}

/// The same text for all names that look the same.
fn looks(domain: &str) -> String {
    let skeleton: String = unicode_security::skeleton(domain).collect();
    // The tables know what single letters look like.
    skeleton.to_lowercase().replace("vv", "w")
}

/// Whether one letter was added, left out, replaced or changed places with the next.
fn one_edit(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (one.get(same..).unwrap_or_default(), other.get(same..).unwrap_or_default());
    let same = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let rest = |letters: &[char]| letters.len() - same;
    match (rest(one), rest(other)) {
        (1, 1) | (0, 1) | (1, 0) => true,
        (2, 2) => one.first() == other.get(1) && one.get(1) == other.first(),
        _ => false,
    }
}

/// Whether a name mixes scripts as no language does, or is written in another script in letters that all pass for Latin
/// ones, below an end that is Latin.
fn passes_for_latin(host: &str) -> bool {
    let latin_end = host.rsplit('.').next().is_some_and(|end| end.is_ascii());
    host.split('.').filter(|label| !label.is_ascii()).any(|label| {
        let mixed = label.detect_restriction_level() > RestrictionLevel::HighlyRestrictive;
        let foreign = label.chars().all(|c| !c.is_alphabetic() || !c.is_ascii());
        let looks = looks(label);
        mixed || latin_end && foreign && looks.is_ascii()
    })
}

#[cfg(test)]
mod tests {
    use super::{LookAlike, domain, looks_like, registrable, same_owner};

    #[test]
    fn what_somebody_registered_is_found_in_any_spelling() {
        for (host, expected) in [
            ("shop.example.co.uk", Some("example.co.uk")),
            ("WWW.Example.COM.", Some("Example.COM")),
            ("example.com", Some("example.com")),
            ("mail.demo.test", Some("demo.test")),
            ("co.uk", None),
            ("localhost", None),
            ("192.0.2.1", None),
            ("[2001:db8::1]", None),
            ("", None),
            (".", None),
            ("..", None),
            ("a.b.bücher.de", Some("bücher.de")),
            ("a.xn--bcher-kva.de", Some("xn--bcher-kva.de")),
        ] {
            assert_eq!(registrable(host), expected, "{host}");
        }
        assert!(same_owner("a.bücher.de", "xn--bcher-kva.de"));
        assert!(!same_owner("a.github.io", "b.github.io"));
    }

    #[test]
    fn a_domain_that_looks_like_a_known_one_is_found_out() {
        let known = ["mail.example.com", "microsoft.com", "paypal.com"];
        let same = |known: &str| Some(LookAlike::Same { known: known.into() });
        let letter = |known: &str| Some(LookAlike::OneLetter { known: known.into() });
        for (written, expected) in [
            ("rnicrosoft.com", same("microsoft.com")),
            ("paypa1.com", same("paypal.com")),
            ("раураl.com", same("paypal.com")),
            ("xn--l-7sba6dbr.com", same("paypal.com")),
            ("exampel.com", letter("example.com")),
            ("example.co", letter("example.com")),
            ("examplee.com", letter("example.com")),
            ("example.cam", None),
            ("paypal.com.evil.test", Some(LookAlike::Inside { known: "paypal.com".into() })),
            ("www.paypal.com", None),
            ("notpaypal.com", None),
            ("example.org", None),
        ] {
            assert_eq!(looks_like(written, &known), expected, "{written}");
        }
    }

    #[test]
    fn letters_of_other_scripts_deceive_only_where_they_pass_for_latin_ones() {
        assert_eq!(looks_like("bаnk.example", &[]), Some(LookAlike::Scripts));
        assert_eq!(looks_like("аррӏе.com", &[]), Some(LookAlike::Scripts));
        for honest in ["bücher.de", "пример.com", "日本語テスト.jp", "президент.рф", "example.com", "한국.kr"]
        {
            assert_eq!(looks_like(honest, &[]), None, "{honest}");
        }
    }

    #[test]
    fn short_names_are_not_taken_for_each_other() {
        assert_eq!(looks_like("wed.de", &["web.de"]), None);
        assert_eq!(looks_like("gmx.de", &["gmx.at"]), None);
    }

    #[test]
    fn punycode_is_shown_as_it_is_and_as_it_is_read() {
        assert_eq!(domain("xn--bcher-kva.de").read.as_deref(), Some("bücher.de"));
        assert_eq!(domain("Example.com").read, None);
        let endless = "a.".repeat(100_000);
        assert_eq!(looks_like(&endless, &["example.com"]), None);
        assert_eq!(registrable(&endless), None);
    }
}
