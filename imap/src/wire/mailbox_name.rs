//! Mailbox names in modified UTF-7 (RFC 3501 §5.1.3), both ways and without loss.
//!
//! Servers hold names that nobody could have encoded: raw 8-bit bytes, a lone ampersand, broken or needless base64. A
//! mailbox must open under exactly the bytes that LIST showed. So whatever would not encode to the same bytes again is
//! kept byte by byte in 256 characters for private use, [`ESCAPES`]: `A&B` becomes `A`, U+F726, `B`. All the rest of such
//! a name, its delimiters above all, stays readable.

use base64::Engine;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// The characters that stand for single bytes which could not be decoded: byte 0 is the first of them.
pub const ESCAPES: std::ops::RangeInclusive<char> = '\u{F700}'..='\u{F7FF}';

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &IMAP_MUTF7,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Decodes a name as a server wrote it, such that [`encode`] gives back the same bytes.
pub fn decode(raw: &[u8]) -> String {
    let mut name = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'&' => match shifted(rest) {
                Some((text, after)) => {
                    name.push_str(&text);
                    rest = after;
                }
                None => name.push(escape(b'&')),
            },
            b' '..=b'~' => name.push(char::from(*first)),
            other => name.push(escape(*other)),
        }
    }
    // Two shifts in a row, or a letter where none was needed, are legal for a reader and not what a writer writes.
    if encode(&name) == raw {
        return name;
    }
    raw.iter().map(|byte| if plain(*byte) { char::from(*byte) } else { escape(*byte) }).collect()
}

/// Encodes a name as the server wants it.
pub fn encode(name: &str) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(name.len());
    let mut shifted: Vec<u8> = Vec::new();
    for c in name.chars() {
        if !(matches!(c, ' '..='~') || ESCAPES.contains(&c)) {
            let mut units = [0; 2];
            shifted.extend(c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
            continue;
        }
        flush(&mut shifted, &mut encoded);
        match u8::try_from(u32::from(c) & 0xFF).unwrap_or_default() {
            byte if !c.is_ascii() => encoded.push(byte),
            b'&' => encoded.extend_from_slice(b"&-"),
            byte => encoded.push(byte),
        }
    }
    flush(&mut shifted, &mut encoded);
    encoded
}

fn plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'&'
}

fn escape(byte: u8) -> char {
    char::from_u32(u32::from(*ESCAPES.start()) + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn flush(shifted: &mut Vec<u8>, encoded: &mut Vec<u8>) {
    if !shifted.is_empty() {
        encoded.push(b'&');
        encoded.extend_from_slice(BASE64.encode(&*shifted).as_bytes());
        encoded.push(b'-');
        shifted.clear();
    }
}

/// What follows an ampersand up to the hyphen, decoded, and what follows that.
fn shifted(raw: &[u8]) -> Option<(String, &[u8])> {
    let end = raw.iter().position(|byte| *byte == b'-')?;
    let (inside, after) = (raw.get(..end)?, raw.get(end + 1..)?);
    if inside.is_empty() {
        return Some(("&".to_owned(), after));
    }
    let bytes = BASE64.decode(inside).ok()?;
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    let units = pairs.iter().map(|pair| u16::from_be_bytes(*pair));
    let text = char::decode_utf16(units).collect::<Result<String, _>>().ok()?;
    // Control characters and what would not be shifted again can't be kept as they are.
    let strange = |c: char| c.is_control() || matches!(c, ' '..='~') || ESCAPES.contains(&c);
    (!text.is_empty() && !text.chars().any(strange)).then_some((text, after))
}

#[cfg(test)]
mod tests {
    use model::mailbox::MailboxName;
    use proptest::prelude::*;

    use super::{ESCAPES, decode, encode};

    #[test]
    fn names_of_the_standard_and_of_life_are_read() {
        for (raw, name) in [
            ("~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"),
            ("Reisen &- B&APw-ro", "Reisen & Büro"),
            ("&2D3eAA-", "😀"),
            ("Quotes \"and\" back\\slash", "Quotes \"and\" back\\slash"),
        ] {
            assert_eq!(decode(raw.as_bytes()), name);
            assert_eq!(encode(name), raw.as_bytes());
        }
    }

    #[test]
    fn a_name_that_is_not_well_formed_can_still_be_opened() {
        for raw in [
            &b"A&B"[..],
            b"&APw",
            b"&A-",
            b"&!!!-",
            b"&AGE-",
            b"&2D0-",
            b"B\xfcro",
            "Büro".as_bytes(),
            b"&",
            b"&APw-&APw-",
            b"a\r\nb\0",
            b"&AAo-",
            b"&9yY-",
        ] {
            let name = decode(raw);
            assert_eq!(encode(&name), raw, "{name}");
            assert!(MailboxName::new(name).is_ok());
        }
        assert_eq!(decode(b"shared/A&B/x"), "shared/A\u{f726}B/x");
    }

    proptest! {
        #[test]
        fn every_name_that_people_give_survives_the_wire(name in "\\PC{1,40}") {
            prop_assume!(!name.chars().any(|c| ESCAPES.contains(&c)));
            prop_assert_eq!(decode(&encode(&name)), name);
        }

        #[test]
        fn every_raw_name_comes_back_as_it_was(raw in prop::collection::vec(any::<u8>(), 1..60)) {
            prop_assert_eq!(encode(&decode(&raw)), raw);
        }

        #[test]
        fn every_raw_name_that_looks_encoded_comes_back_as_it_was(raw in "[&A-Da-c,+/0-9\\-]{1,40}") {
            prop_assert_eq!(encode(&decode(raw.as_bytes())), raw.as_bytes());
        }
    }
}
