//! Header fields: decoded (RFC 2047 in the forms that mail really has), unfolded and made fit to be shown.

use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, Address as Parsed, HeaderValue, MessageParser};
use model::address::Address;
use model::message::HeaderField;
use model::time::Timestamp;

use crate::charset::guess;
use crate::limits::{ADDRESSES, FIELD_CHARACTERS, FIELDS};

/// What a page shows of a header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The subject; empty when there is none.
    pub subject: String,
    /// Who wrote it.
    pub from: Vec<Address>,
    /// To whom.
    pub to: Vec<Address>,
    /// Who else.
    pub cc: Vec<Address>,
    /// Where answers should go.
    pub reply_to: Vec<Address>,
    /// When its writer says it was written.
    pub date: Option<Timestamp>,
    /// All fields, in order.
    pub fields: Vec<HeaderField>,
}

/// Reads the header of a message. Whatever is missing or malformed comes out empty.
pub fn read(bytes: &[u8]) -> Header {
    let utf8 = in_utf8(bytes);
    let Some(message) = MessageParser::default().parse_headers(utf8.as_bytes()) else {
        return Header::default();
    };
    Header {
        subject: message.subject().map(|subject| shown(subject, FIELD_CHARACTERS)).unwrap_or_default(),
        from: addresses(message.from()),
        to: addresses(message.to()),
        cc: addresses(message.cc()),
        reply_to: addresses(message.reply_to()),
        date: message.date().filter(|date| date.is_valid()).map(|date| {
            let minutes = i16::from(date.tz_hour) * 60 + i16::from(date.tz_minute);
            let offset_minutes = if date.tz_before_gmt { -minutes } else { minutes };
            Timestamp { seconds: date.to_timestamp(), offset_minutes }
        }),
        fields: message
            .headers_raw()
            .take(FIELDS)
            .map(|(name, value)| HeaderField { name: shown(name, 100), value: decode(value.as_bytes()) })
            .collect(),
    }
}

/// Decodes one value with encoded words, such as the subject of an ENVELOPE.
pub fn decode(raw: &[u8]) -> String {
    let mut line = in_utf8(raw);
    // The parser reads up to a line break that is not followed by white space.
    line.truncate(line.trim_end().len());
    line.push('\n');
    let value = MessageStream::new(line.as_bytes()).parse_unstructured();
    match value {
        HeaderValue::Text(text) => shown(&text, FIELD_CHARACTERS),
        _ => String::new(),
    }
}

/// An address from the parts that an ENVELOPE has.
pub fn address(name: Option<&[u8]>, mailbox: &[u8], host: &[u8]) -> Address {
    let name = name.map(decode).filter(|name| !name.is_empty());
    let (mailbox, host) = (shown(&in_utf8(mailbox), 320), shown(&in_utf8(host), 320));
    let address = if host.is_empty() { mailbox } else { format!("{mailbox}@{host}") };
    Address { name, address }
}

/// Makes a stranger's words fit to be shown: white space in one line, no control characters, none that turn the
/// direction of text around or that nobody sees, and not too many.
pub fn shown(text: &str, most: usize) -> String {
    let mut cleaned = String::with_capacity(text.len().min(most));
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = !cleaned.is_empty();
        } else if !is_hidden(c) {
            if space {
                cleaned.push(' ');
                space = false;
            }
            cleaned.push(c);
        }
        if cleaned.len() >= most * 4 {
            break;
        }
    }
    if cleaned.chars().count() > most {
        cleaned = cleaned.chars().take(most).chain(['…']).collect();
    }
    cleaned
}

/// Characters that are not there to be read: controls, direction marks, invisible formatting. Joiners stay, since
/// scripts and emoji need them.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Eight-bit bytes in a header are against the rules, and common.
fn in_utf8(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.replace('\0', ""),
        Err(_) => guess(bytes),
    }
}

fn addresses(parsed: Option<&Parsed<'_>>) -> Vec<Address> {
    let one = |addr: &Addr<'_>| Address {
        name: addr.name.as_deref().map(|name| shown(name, 200)).filter(|name| !name.is_empty()),
        address: addr.address.as_deref().map(|address| shown(address, 320)).unwrap_or_default(),
    };
    match parsed {
        None => Vec::new(),
        Some(Parsed::List(list)) => list.iter().take(ADDRESSES).map(one).collect(),
        Some(Parsed::Group(groups)) => {
            groups.iter().flat_map(|group| &group.addresses).take(ADDRESSES).map(one).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{address, decode, read};

    #[test]
    fn encoded_words_are_decoded_also_where_they_are_broken() {
        assert_eq!(
            decode("=?utf-8?q?Gr=C3=BC=C3=9Fe?= =?utf-8?B?IGF1cw==?= Bonn".as_bytes()),
            "Grüße aus Bonn"
        );
        assert_eq!(decode(b"=?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?="), "こんにちは");
        assert_eq!(decode(b"=?utf-8?q?broken"), "=?utf-8?q?broken");
        assert_eq!(decode(b"Gr\xfc\xdfe aus K\xf6ln"), "Grüße aus Köln");
        assert_eq!(decode("😀 plain".as_bytes()), "😀 plain");
        assert_eq!(decode(b""), "");
    }

    #[test]
    fn what_would_turn_words_around_is_left_out() {
        assert_eq!(decode("in\u{202e}voice\u{200b}\u{0} x\r\n\ty".as_bytes()), "invoice x y");
    }

    #[test]
    fn a_header_is_read_and_an_absent_one_is_empty() {
        let header = read(
            b"From: =?utf-8?q?Anna_B=C3=A9rger?= <anna@demo.test>\r\nTo: Team: a@x.test, \"B, C\" <b@x.test>;\r\n\
              Date: Mon, 23 Nov 2026 15:10:00 +0100\r\nSubject: folded\r\n line </title><script>\r\nX-Y: =?utf-8?q?z=C3=A4?=\r\n\r\n",
        );
        assert_eq!(header.from[0].name.as_deref(), Some("Anna Bérger"));
        assert_eq!(header.to.len(), 2);
        assert_eq!(header.to[1].name.as_deref(), Some("B, C"));
        assert_eq!(header.subject, "folded line </title><script>");
        assert_eq!(header.date.map(|date| (date.seconds, date.offset_minutes)), Some((1_795_443_000, 60)));
        assert_eq!(header.fields.last().map(|field| field.value.as_str()), Some("zä"));
        assert!(read(b"").from.is_empty() && read(b"\r\n").subject.is_empty());
        assert!(read(b"no header at all, only text\r\n").from.is_empty());
    }

    #[test]
    fn a_huge_header_is_cut() {
        let header =
            read(format!("Subject: {}\r\n{}\r\n", "x".repeat(100_000), "A: b\r\n".repeat(5_000)).as_bytes());
        assert!(header.subject.chars().count() <= 4_001 && header.fields.len() <= 500);
    }

    #[test]
    fn the_parts_of_an_envelope_make_an_address() {
        let made = address(Some(b"=?utf-8?q?B=C3=BCro?="), b"buero", b"demo.test");
        assert_eq!((made.name.as_deref(), made.address.as_str()), (Some("Büro"), "buero@demo.test"));
    }
}
