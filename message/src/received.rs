//! How a message came over its last way: Received (RFC 5321 §4.4, RFC 3848).

use model::origin::LastHop;

use crate::authentication::without_comments;
use crate::header::{in_utf8, split};
use crate::limits::FIELDS;

/// Hand-overs inside of the own house that are passed over.
const INSIDE: usize = 5;

/// Whether the server that took the message in got it over TLS. Its own deliveries (LMTP) say nothing about that and are
/// passed over; whatever stands below the first other hand-over is a stranger's word.
pub fn last_hop(header: &[u8]) -> LastHop {
    split(header)
        .take(FIELDS)
        .filter(|(name, _)| name.eq_ignore_ascii_case(b"Received"))
        .take(INSIDE)
        .find_map(|(_, raw)| of_field(&in_utf8(raw)))
        .unwrap_or_default()
}

fn of_field(text: &str) -> Option<LastHop> {
    // What stands in comments may be what the other side said of itself.
    let plain = without_comments(text);
    let clause = plain.rsplit_once(';').map_or(plain.as_str(), |(clause, _)| clause);
    let mut words = clause.split_whitespace().rev();
    let protocol = loop {
        let mut before = words.clone();
        before.next();
        let (word, before) = (words.next(), before.next());
        match (word, before) {
            (Some(protocol), Some(with)) if with.eq_ignore_ascii_case("with") => {
                break protocol.to_ascii_uppercase();
            }
            (Some(_), _) => {}
            (None, _) => return Some(LastHop::Unknown),
        }
    };
    // The ends of the registered names: S for TLS, A for a password (RFC 3848, RFC 6531 §3.7.3).
    let name = protocol.strip_suffix('A').unwrap_or(&protocol);
    match name {
        "LMTP" | "UTF8LMTP" | "LOCAL" | "LMTPS" | "UTF8LMTPS" => None,
        "ESMTPS" | "UTF8SMTPS" | "SMTPS" | "HTTPS" => Some(LastHop::Encrypted),
        "SMTP" | "ESMTP" | "UTF8SMTP" if !names_tls(text) => Some(LastHop::Plain),
        // Exchange writes "with Microsoft SMTP Server (version=TLS1_3, …)", Postfix "(using TLSv1.3 with cipher …)".
        _ if names_tls(text) => Some(LastHop::Encrypted),
        _ => Some(LastHop::Unknown),
    }
}

/// Whether the server itself says in a comment that there was TLS. What the other side calls itself stands before and in
/// the first comment, so these words count only as a comment of their own, or behind `by`.
fn names_tls(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let behind = text.rfind(" by ").and_then(|at| text.get(at..)).unwrap_or_default();
    text.contains("(using tlsv1") || behind.contains("version=tls1") || behind.contains("(tls1")
}

#[cfg(test)]
mod tests {
    use model::origin::LastHop;

    use super::last_hop;

    #[test]
    fn every_usual_server_tells_how_it_got_a_message() {
        for (received, expected) in [
            (
                "from a.test (a.test [192.0.2.1])\r\n (using TLSv1.3 with cipher TLS_AES_256 (256/256 bits))\r\n by mx.test (Postfix) with ESMTPS id 1F\r\n for <x@mx.test>; Mon, 1 Jan 2026",
                LastHop::Encrypted,
            ),
            ("from a.test by mx.test with ESMTP id 1F; Mon", LastHop::Plain),
            (
                "from a.test by mx.test with esmtpsa (TLS1.3) tls TLS_AES (Exim 4.97) id 1; Mon",
                LastHop::Encrypted,
            ),
            ("from a.test ([192.0.2.1]) by mx.test with smtp (Exim 4.97) id 1; Mon", LastHop::Plain),
            (
                "from a.test (192.0.2.1) by mx.test with Microsoft SMTP Server (version=TLS1_3, cipher=X) id 15; Mon",
                LastHop::Encrypted,
            ),
            ("from a.test by mx.test with mapi id 15; Mon", LastHop::Unknown),
            ("by mx.test; Mon", LastHop::Unknown),
            ("", LastHop::Unknown),
            ("from with by mx.test with SMTP id 3", LastHop::Plain),
            ("from (with ESMTPS) (tls1.3) by mx.test with SMTP id 3", LastHop::Plain),
        ] {
            assert_eq!(last_hop(format!("Received: {received}\r\n\r\n").as_bytes()), expected, "{received}");
        }
        assert_eq!(last_hop(b"Subject: x\r\n\r\n"), LastHop::Unknown);
    }

    #[test]
    fn delivery_inside_of_the_house_is_passed_over() {
        let header = "Received: from mx.test by imap.test with LMTP id 1; Mon\r\n\
                      Received: from a.test by mx.test with ESMTPS id 2; Mon\r\n\
                      Received: from b.test by a.test with SMTP id 3; Mon\r\n\r\n";
        assert_eq!(last_hop(header.as_bytes()), LastHop::Encrypted);
    }
}
