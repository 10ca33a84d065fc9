//! Reads ENVELOPE (RFC 9051 §7.5.2). Texts stay the bytes that were sent: decoding belongs to who knows messages.

use std::fmt;

use crate::wire::limits::ADDRESSES;
use crate::wire::token::Token;

/// The fields of an envelope that are shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// The subject.
    pub subject: Vec<u8>,
    /// Who wrote it.
    pub from: Vec<RawAddress>,
    /// Where answers go; the same as `from` where the message names nobody (RFC 9051 §7.5.2).
    pub reply_to: Vec<RawAddress>,
    /// To whom.
    pub to: Vec<RawAddress>,
}

/// An address (RFC 5322 §3.4): its parts as bytes.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawAddress {
    /// The display name.
    pub name: Option<Vec<u8>>,
    /// What stands before the at sign.
    pub mailbox: Vec<u8>,
    /// What stands after it.
    pub host: Vec<u8>,
}

impl fmt::Debug for Words {
    /// These are a person's: only their sizes are printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({} bytes, {} and {} addresses)", self.subject.len(), self.from.len(), self.to.len())
    }
}

impl fmt::Debug for RawAddress {
    /// As for [`Words`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawAddress({} bytes)", self.mailbox.len() + self.host.len())
    }
}

/// Reads an envelope; what is missing or malformed comes out empty.
pub fn read(token: &Token<'_>) -> Words {
    let fields = token.list().unwrap_or_default();
    let bytes = |index: usize| fields.get(index).and_then(Token::bytes).unwrap_or_default().to_vec();
    let addresses = |index: usize| fields.get(index).map(addresses).unwrap_or_default();
    Words { subject: bytes(1), from: addresses(2), reply_to: addresses(4), to: addresses(5) }
}

fn addresses(token: &Token<'_>) -> Vec<RawAddress> {
    token
        .list()
        .unwrap_or_default()
        .iter()
        .filter_map(|entry| {
            let entry = entry.list()?;
            let host = entry.get(3).and_then(Token::bytes)?;
            // Without a host it opens or closes a group (RFC 9051 §7.5.2).
            Some(RawAddress {
                name: entry.first().and_then(Token::bytes).map(<[u8]>::to_vec),
                mailbox: entry.get(2).and_then(Token::bytes).unwrap_or_default().to_vec(),
                host: host.to_vec(),
            })
        })
        .take(ADDRESSES)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::wire::token;

    #[test]
    fn groups_empty_lists_and_nil_are_read() {
        let tokens = token::read(
            b"(NIL \"S \\\"q\\\"\" ((\"A\" NIL \"a\" \"x.test\")(NIL NIL \"group\" NIL)) NIL NIL () NIL NIL NIL NIL)",
        );
        let envelope = read(&tokens[0]);
        assert_eq!(envelope.subject, b"S \"q\"");
        assert_eq!(envelope.from.len(), 1);
        assert_eq!(envelope.from[0].name.as_deref(), Some(&b"A"[..]));
        assert!(envelope.to.is_empty());
    }

    #[test]
    fn a_damaged_envelope_is_an_empty_one() {
        for damaged in ["NIL", "()", "(((", "x", "(NIL (A) B)"] {
            let tokens = token::read(damaged.as_bytes());
            assert!(read(&tokens[0]).from.is_empty(), "{damaged}");
        }
    }
}
