//! Who wrote a message, in one answer: what was checked, what it means for the sender who is shown, and what should make
//! one look twice.

use model::address::Address;
use model::origin::{Check, Checks, LookAlike, Origin, Standing, Verdict, Warning};

use crate::limits::KNOWN_DOMAINS;
use crate::look_alike::{domain, looks_like, registrable, same_owner};
use crate::{authentication, received};

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    /// The header of the message, as it is.
    pub header: &'a [u8],
    /// Who is shown as its sender.
    pub from: &'a [Address],
    /// Where answers go; empty for the sender.
    pub reply_to: &'a [Address],
    /// Everybody it went to.
    pub to: &'a [Address],
    /// The address of the reader.
    pub reader: &'a str,
    /// Servers whose statements are believed.
    pub believed: &'a [String],
}

/// Says who wrote a letter, as far as anybody can tell.
pub fn origin(letter: &Letter<'_>) -> Origin {
    let checks = authentication::read(letter.header, letter.believed);
    let sender = sender(letter.from);
    let standing = standing(checks.as_ref(), letter.from);
    let mut warnings = Vec::new();
    if standing == Standing::Refuted {
        warnings.push(Warning::Refuted);
    }
    for from in letter.from {
        warnings.extend(of_name(from, letter.reader));
    }
    for from in letter.from {
        warnings.extend(of_domain(from, letter));
    }
    if letter.from.len() > 1 {
        warnings.push(Warning::SeveralSenders(letter.from.len()));
    }
    warnings.extend(reply_elsewhere(letter));
    // A header may name hundreds of senders; nobody reads hundreds of warnings.
    warnings.truncate(MOST_WARNINGS);
    Origin {
        domain: sender.map(domain),
        standing,
        last_hop: received::last_hop(letter.header),
        checks,
        warnings,
    }
}

/// Warnings that are shown.
const MOST_WARNINGS: usize = 6;

/// The domain of the only sender.
fn sender(from: &[Address]) -> Option<&str> {
    match from {
        [only] => domain_of(&only.address),
        _ => None,
    }
}

/// What was stated, about this sender. Whoever owns the domain speaks for all below it (RFC 7489 §3.1, relaxed). A
/// signature that does not hold says no more than none (RFC 6376 §6.1): mailing lists break it.
pub fn standing(checks: Option<&Checks>, from: &[Address]) -> Standing {
    let Some(checks) = checks else { return Standing::NotStated };
    let Some(sender) = sender(from) else { return Standing::Unconfirmed };
    let dmarc = checks.dmarc.as_ref().filter(|check| {
        // The server may have read another sender than the one who is shown.
        check.domain.as_deref().is_none_or(|domain| same_owner(domain, sender))
    });
    match dmarc.map(|check| check.verdict) {
        Some(Verdict::Pass) => return Standing::Confirmed,
        Some(Verdict::Fail) => return Standing::Refuted,
        _ => {}
    }
    let says = |check: &Check, wanted| {
        check.verdict == wanted && check.domain.as_deref().is_some_and(|domain| same_owner(domain, sender))
    };
    if checks.dkim.iter().chain(&checks.spf).any(|check| says(check, Verdict::Pass)) {
        Standing::Confirmed
    } else if checks.spf.as_ref().is_some_and(|check| says(check, Verdict::Fail)) {
        Standing::Refuted
    } else {
        Standing::Unconfirmed
    }
}

fn domain_of(address: &str) -> Option<&str> {
    address.rsplit_once('@').map(|(_, domain)| domain).filter(|domain| !domain.is_empty())
}

/// What a name pretends.
fn of_name(from: &Address, reader: &str) -> Option<Warning> {
    let name = from.name.as_deref()?.replace(['\u{ff20}', '\u{fe6b}'], "@");
    let real = domain_of(&from.address).unwrap_or_default();
    let mut words = name.split(|c: char| c.is_whitespace() || "<>()[]\"'`,;:|".contains(c));
    let address = words.clone().find(|word| {
        let domain = domain_of(word).and_then(registrable);
        domain.is_some_and(|domain| !same_owner(domain, real))
    });
    if let Some(shown) = address {
        return Some(Warning::NameHoldsAddress { shown: shown.to_owned(), real: from.address.clone() });
    }
    let ours = domain_of(reader).filter(|ours| !same_owner(ours, real)).and_then(registrable)?;
    let is_ours = words.any(|word| word.trim_matches('.').eq_ignore_ascii_case(ours));
    is_ours.then(|| Warning::NameIsOurs { shown: name.clone(), real: from.address.clone() })
}

/// Whether a sender's domain passes for the reader's own or for that of somebody the letter also went to.
fn of_domain(from: &Address, letter: &Letter<'_>) -> Option<Warning> {
    let written = domain_of(&from.address)?;
    let others = letter.to.iter().filter_map(|to| domain_of(&to.address));
    let known: Vec<&str> = domain_of(letter.reader).into_iter().chain(others).take(KNOWN_DOMAINS).collect();
    let how: LookAlike = looks_like(written, &known)?;
    Some(Warning::LookAlike { domain: domain(written), how })
}

fn reply_elsewhere(letter: &Letter<'_>) -> Option<Warning> {
    let elsewhere = |to: &&Address| {
        let Some(reply) = domain_of(&to.address) else { return false };
        let senders = letter.from.iter().filter_map(|from| domain_of(&from.address));
        // An answer to the reader's own house goes nowhere strange.
        let at_home = domain_of(letter.reader).is_some_and(|ours| same_owner(ours, reply));
        !at_home && !senders.into_iter().any(|sender| same_owner(sender, reply))
    };
    let to = letter.reply_to.iter().find(elsewhere)?;
    Some(Warning::ReplyElsewhere { to: to.address.clone() })
}

#[cfg(test)]
mod tests {
    use model::address::Address;
    use model::origin::{LookAlike, Origin, Standing, Warning};

    use super::{Letter, origin};

    fn address(name: &str, address: &str) -> Address {
        Address { name: (!name.is_empty()).then(|| name.to_owned()), address: address.to_owned() }
    }

    fn judged(header: &str, from: &[Address], reply_to: &[Address]) -> Origin {
        let believed = ["mx.example.org".to_owned()];
        let to = [address("", "list@partner-house.test")];
        let header = format!("{header}\r\n\r\n");
        origin(&Letter {
            header: header.as_bytes(),
            from,
            reply_to,
            to: &to,
            reader: "anna@example.org",
            believed: &believed,
        })
    }

    fn standing(results: &str, from: &str) -> Standing {
        judged(&format!("Authentication-Results: mx.example.org; {results}"), &[address("", from)], &[])
            .standing
    }

    #[test]
    fn what_was_checked_counts_for_the_sender_who_is_shown() {
        use Standing::{Confirmed, Refuted, Unconfirmed};
        for (results, expected) in [
            ("dmarc=pass header.from=shop.test", Confirmed),
            ("dmarc=pass header.from=evil.test", Unconfirmed),
            ("dmarc=fail header.from=shop.test; spf=pass smtp.mailfrom=a@shop.test", Refuted),
            ("dkim=pass header.d=mail.shop.test", Confirmed),
            ("dkim=pass header.d=evil.test", Unconfirmed),
            ("dkim=fail header.d=shop.test; spf=pass smtp.mailfrom=shop.test", Confirmed),
            ("dkim=fail header.d=shop.test", Unconfirmed),
            ("spf=fail smtp.mailfrom=x@shop.test", Refuted),
            ("spf=softfail smtp.mailfrom=x@shop.test", Unconfirmed),
            ("spf=pass smtp.mailfrom=x@evil.test", Unconfirmed),
            ("none", Unconfirmed),
        ] {
            assert_eq!(standing(results, "a@shop.test"), expected, "{results}");
        }
        let quiet = judged("Subject: x", &[address("Shop", "a@shop.test")], &[]);
        assert_eq!((quiet.standing, quiet.warnings), (Standing::NotStated, vec![]));
    }

    #[test]
    fn names_that_pretend_are_told() {
        let warned = |name: &str| judged("", &[address(name, "x@evil.test")], &[]).warnings.first().cloned();
        for name in ["boss@example.org", "\"Boss\" <boss@example.org>", "Boss (boss＠bank.test)"] {
            assert!(matches!(warned(name), Some(Warning::NameHoldsAddress { .. })), "{name}");
        }
        assert!(matches!(warned("example.org Support"), Some(Warning::NameIsOurs { .. })));
        for name in ["Evil", "x@evil.test", "y@mail.evil.test", "@ home", "a @ b", "me@work"] {
            assert_eq!(warned(name), None, "{name}");
        }
    }

    #[test]
    fn domains_that_pass_for_the_readers_own_or_a_partners_are_told() {
        let how = |from: &str| match judged("", &[address("", from)], &[]).warnings.first() {
            Some(Warning::LookAlike { how, .. }) => Some(how.clone()),
            _ => None,
        };
        assert_eq!(how("a@examp1e.org"), Some(LookAlike::Same { known: "example.org".into() }));
        assert_eq!(
            how("a@partner-hause.test"),
            Some(LookAlike::OneLetter { known: "partner-house.test".into() })
        );
        assert_eq!(how("a@mail.example.org"), None);
        assert_eq!(how("a@xn--bcher-kva.de"), None);
    }

    #[test]
    fn several_senders_and_answers_elsewhere_are_told() {
        let from = [address("", "a@shop.test"), address("", "b@shop.test")];
        let found = judged("", &from, &[address("", "c@evil.test")]);
        assert_eq!(
            found.warnings,
            [Warning::SeveralSenders(2), Warning::ReplyElsewhere { to: "c@evil.test".into() }]
        );
        assert_eq!(found.domain, None);
        assert_eq!(judged("", &from[..1], &[address("", "c@mail.shop.test")]).warnings, []);
        assert_eq!(judged("", &from[..1], &[address("", "list@example.org")]).warnings, []);
    }

    #[test]
    fn hundreds_of_senders_are_a_few_warnings() {
        let from: Vec<_> = (0..500).map(|n| address("a@b.test", &format!("x@examp1e.org{n}"))).collect();
        assert!(judged("", &from, &[]).warnings.len() <= 6);
        assert_eq!(judged("", &[], &[]).warnings, []);
    }
}
