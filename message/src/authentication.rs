//! What the mail server stated about a message's sender: Authentication-Results (RFC 8601).
//!
//! Anybody can write such a field, so only those are believed that carry the name of a server that the operator named
//! (§2.5, §4.1). A field under that name that a stranger wrote is for that server to remove when it takes a message in
//! (§5): which Received fields are its own can't be known here, since servers put this field above theirs as well as
//! below. Of several fields under a believed name the top-most that names a method counts, as it was written last.
//! ARC and Received-SPF are not read: they speak for servers on the way.

use model::origin::{Check, Checks, Verdict};

use crate::header::{in_utf8, shown, split};
use crate::limits::{ADDRESS_CHARACTERS, FIELDS, SIGNATURES, STATEMENTS};

/// Reads what servers under one of these names stated; `None` when none of them did.
pub fn read(header: &[u8], believed: &[String]) -> Option<Checks> {
    let mut checks: Option<Checks> = None;
    for (name, raw) in split(header).take(FIELDS) {
        if believed.is_empty() || !name.eq_ignore_ascii_case(b"Authentication-Results") {
            continue;
        }
        let text = in_utf8(raw);
        let mut statements = statements(&text).into_iter();
        let Some(host) = statements.next().and_then(|first| first.server) else { continue };
        if !believed.iter().any(|name| bare(name).eq_ignore_ascii_case(bare(&host))) {
            continue;
        }
        let stated = methods(statements, &host);
        match &mut checks {
            None => checks = Some(stated),
            Some(above) => {
                above.spf = above.spf.take().or(stated.spf);
                above.dmarc = above.dmarc.take().or(stated.dmarc);
                if above.dkim.is_empty() {
                    above.dkim = stated.dkim;
                }
            }
        }
    }
    checks
}

fn bare(host: &str) -> &str {
    host.trim().trim_end_matches('.')
}

fn methods(statements: impl Iterator<Item = Statement>, host: &str) -> Checks {
    let mut checks = Checks { host: shown(host, ADDRESS_CHARACTERS), ..Checks::default() };
    for statement in statements {
        let Some((method, result)) = statement.pairs.first() else { continue };
        // A method may carry its version: `dkim/1`.
        let method = method.split('/').next().unwrap_or(method).trim();
        let property = |name: &str| {
            let found = statement.pairs.iter().skip(1).find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
        };
        let about = |names: [&str; 2]| {
            let domain = names.into_iter().find_map(property)?;
            let domain = domain.rsplit_once('@').map_or(domain, |(_, domain)| domain);
            Some(shown(bare(domain), ADDRESS_CHARACTERS)).filter(|domain| !domain.is_empty())
        };
        let check = |names| Check { verdict: verdict(result), domain: about(names) };
        match method.to_ascii_lowercase().as_str() {
            "spf" if checks.spf.is_none() => checks.spf = Some(check(["smtp.mailfrom", "smtp.helo"])),
            "dkim" if checks.dkim.len() < SIGNATURES => checks.dkim.push(check(["header.d", "header.i"])),
            "dmarc" if checks.dmarc.is_none() => checks.dmarc = Some(check(["header.from", "header.from"])),
            _ => {}
        }
    }
    checks
}

/// RFC 8601 §2.7. A word that nobody knows says nothing.
fn verdict(result: &str) -> Verdict {
    match result.to_ascii_lowercase().as_str() {
        "pass" => Verdict::Pass,
        "fail" | "hardfail" => Verdict::Fail,
        "softfail" => Verdict::SoftFail,
        "temperror" | "permerror" => Verdict::Error,
        _ => Verdict::Nothing,
    }
}

/// What stands between two semicolons: words alone, of which the first may be the server, or pairs.
#[derive(Default)]
struct Statement {
    server: Option<String>,
    pairs: Vec<(String, String)>,
}

enum Token {
    Word(String),
    Equals,
    Semicolon,
}

fn statements(text: &str) -> Vec<Statement> {
    let (mut statements, mut now) = (Vec::new(), Statement::default());
    let mut word: Option<String> = None;
    let mut awaits_value = false;
    let tokens = Tokens { rest: text, value: false };
    for token in tokens {
        match token {
            Token::Semicolon if statements.len() >= STATEMENTS => break,
            Token::Semicolon => {
                (word, awaits_value) = (None, false);
                statements.push(std::mem::take(&mut now));
            }
            Token::Equals => awaits_value = word.is_some(),
            Token::Word(value) if awaits_value => {
                awaits_value = false;
                if let Some(name) = word.take() {
                    now.pairs.push((name, value));
                    // A field without the name of a server begins with a pair.
                    now.server = None;
                }
            }
            Token::Word(next) => {
                if now.pairs.is_empty() && now.server.is_none() {
                    now.server = Some(next.clone());
                }
                word = Some(next);
            }
        }
    }
    statements.push(now);
    statements
}

/// Words, quoted or not, without comments (RFC 5322 §3.2.2).
struct Tokens<'a> {
    rest: &'a str,
    /// Whether what comes next stands behind an equals sign, where another one is a part of the word (base64).
    value: bool,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            self.rest = self.rest.trim_start();
            let first = self.rest.chars().next()?;
            let after = self.rest.get(first.len_utf8()..)?;
            let value = std::mem::take(&mut self.value);
            match first {
                '(' => {
                    self.rest = after_comment(after);
                    self.value = value;
                }
                ';' => {
                    self.rest = after;
                    return Some(Token::Semicolon);
                }
                '=' if !value => {
                    (self.rest, self.value) = (after, true);
                    return Some(Token::Equals);
                }
                '"' => {
                    let (word, rest) = quoted(after);
                    self.rest = rest;
                    return Some(Token::Word(word));
                }
                _ => {
                    let ends =
                        |c: char| c.is_whitespace() || matches!(c, ';' | '(' | '"') || c == '=' && !value;
                    let end = after.find(ends).map_or(self.rest.len(), |at| at + first.len_utf8());
                    let (word, rest) = self.rest.split_at_checked(end)?;
                    self.rest = rest;
                    return Some(Token::Word(word.to_owned()));
                }
            }
        }
    }
}

/// What follows a comment, whose opening parenthesis is read. Comments nest; one that never ends takes everything.
fn after_comment(text: &str) -> &str {
    let (mut depth, mut escaped) = (1_usize, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' if depth == 1 => return text.get(at + 1..).unwrap_or_default(),
            ')' => depth -= 1,
            _ => {}
        }
    }
    ""
}

fn quoted(text: &str) -> (String, &str) {
    let (mut word, mut escaped) = (String::new(), false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => {
                escaped = false;
                word.push(c);
            }
            '\\' => escaped = true,
            '"' => return (word, text.get(at + 1..).unwrap_or_default()),
            _ => word.push(c),
        }
    }
    (word, "")
}

/// The text of a field without its comments, in one line.
pub(crate) fn without_comments(text: &str) -> String {
    let (mut plain, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once('(') {
        plain.push_str(before);
        plain.push(' ');
        rest = after_comment(after);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use model::origin::{Checks, Verdict};

    use super::read;

    fn believed(header: &str) -> Option<Checks> {
        read(header.as_bytes(), &["mx.example.org".to_owned()])
    }

    #[test]
    fn what_a_believed_server_stated_is_read() {
        let checks = believed(
            "Authentication-Results: MX.example.org 1;\r\n\tspf=pass (sender is (really) fine; spf=fail)\r\n smtp.mailfrom=bounce@mail.shop.test;\r\n\
             \tdkim = pass reason=\"good; dmarc=fail\" header.d=shop.test header.b=abc/+=;\r\n dkim/1=fail header.i=@other.test;\r\n\
             \tDMARC=Pass (p=REJECT) header.from=shop.test\r\n\r\n",
        )
        .unwrap();
        assert_eq!(checks.host, "MX.example.org");
        let spf = checks.spf.unwrap();
        assert_eq!((spf.verdict, spf.domain.as_deref()), (Verdict::Pass, Some("mail.shop.test")));
        let dkim: Vec<_> =
            checks.dkim.iter().map(|check| (check.verdict, check.domain.as_deref().unwrap())).collect();
        assert_eq!(dkim, [(Verdict::Pass, "shop.test"), (Verdict::Fail, "other.test")]);
        assert_eq!(checks.dmarc.unwrap().verdict, Verdict::Pass);
    }

    #[test]
    fn strangers_are_not_believed_whatever_they_call_themselves() {
        for field in [
            "Authentication-Results: evil.test; dmarc=pass",
            "Authentication-Results: (mx.example.org) evil.test; dmarc=pass",
            "Authentication-Results: mx.example.org.evil.test; dmarc=pass",
            "Authentication-Results: dmarc=pass mx.example.org; spf=pass",
            "Authentication-Results: spf=pass; mx.example.org; dmarc=pass",
            "Authentication-Results:; mx.example.org; dmarc=pass",
            "ARC-Authentication-Results: i=1; mx.example.org; dmarc=pass",
            "X-Authentication-Results: mx.example.org; dmarc=pass",
            "Received-SPF: pass (mx.example.org: domain is fine)",
        ] {
            assert_eq!(believed(&format!("{field}\r\n\r\n")), None, "{field}");
        }
        assert_eq!(read(b"Authentication-Results: mx.example.org; spf=pass\r\n\r\n", &[]), None);
        assert!(believed("Authentication-Results: \"mx.example.org\"; none\r\n\r\n").is_some());
    }

    #[test]
    fn of_several_fields_the_one_on_top_counts_for_each_method() {
        let checks = believed(
            "Authentication-Results: mx.example.org; dmarc=fail header.from=bank.test\r\n\
             Authentication-Results: mx.example.org; spf=softfail smtp.mailfrom=a@bank.test\r\n\
             Authentication-Results: mx.example.org; dmarc=pass; spf=pass; dkim=temperror\r\n\r\n",
        )
        .unwrap();
        assert_eq!(checks.dmarc.unwrap().verdict, Verdict::Fail);
        assert_eq!(checks.spf.unwrap().verdict, Verdict::SoftFail);
        assert_eq!(checks.dkim[0].verdict, Verdict::Error);
    }

    #[test]
    fn what_is_hostile_costs_little_and_says_nothing() {
        let many = "dkim=pass header.d=x.test; ".repeat(50_000);
        let checks = believed(&format!("Authentication-Results: mx.example.org; {many}\r\n\r\n")).unwrap();
        assert_eq!(checks.dkim.len(), 10);
        for value in ["(".repeat(60_000), "=".repeat(60_000), ";".repeat(60_000), "\"\\".repeat(30_000)] {
            assert_eq!(believed(&format!("Authentication-Results: {value}\r\n\r\n")), None);
            let checks =
                believed(&format!("Authentication-Results: mx.example.org; {value}\r\n\r\n")).unwrap();
            assert!(checks.spf.is_none() && checks.dkim.is_empty() && checks.dmarc.is_none());
        }
    }
}
