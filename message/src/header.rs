//! Header fields: decoded (RFC 2047 in the forms that mail really has), unfolded and made fit to be shown.

use std::borrow::Cow;

use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, Address as Parsed, HeaderValue};
use model::address::Address;
use model::message::HeaderField;
use model::time::Timestamp;

use crate::charset::guess;
use crate::encoded_word;
use crate::limits::{
    ADDRESS_CHARACTERS, ADDRESSES, FIELD_BYTES, FIELD_CHARACTERS, FIELDS, HEADER_BYTES, NAME_OF_FIELD,
    NAME_OF_PERSON,
};

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
    /// Its Message-ID without the angle brackets (RFC 5322 §3.6.4).
    pub message_id: Option<String>,
    /// All fields, in order.
    pub fields: Vec<HeaderField>,
}

/// Reads the header of a message, up to its first empty line. Whatever is missing or malformed comes out empty.
///
/// Of a field that may stand only once the first counts, except for addresses: a second `From` is shown too, since
/// other software may believe that one.
pub fn read(bytes: &[u8]) -> Header {
    let mut header = Header::default();
    for (name, raw) in split(bytes).take(FIELDS) {
        let name = shown(&in_utf8(name), NAME_OF_FIELD);
        let text = in_utf8(raw);
        match name.to_ascii_lowercase().as_str() {
            "subject" if header.subject.is_empty() => header.subject = decoded(&text),
            "from" => addresses(&text, &mut header.from),
            "to" => addresses(&text, &mut header.to),
            "cc" => addresses(&text, &mut header.cc),
            "reply-to" => addresses(&text, &mut header.reply_to),
            "date" => header.date = header.date.or_else(|| date(&text)),
            "message-id" => header.message_id = header.message_id.take().or_else(|| id(&text)),
            _ => {}
        }
        header.fields.push(HeaderField { name, value: decoded(&text) });
    }
    header
}

/// Decodes one value with encoded words, such as the subject of an ENVELOPE.
pub fn decode(raw: &[u8]) -> String {
    decoded(&in_utf8(raw.get(..FIELD_BYTES).unwrap_or(raw)))
}

/// An address from the parts that an ENVELOPE has.
pub fn address(name: Option<&[u8]>, mailbox: &[u8], host: &[u8]) -> Address {
    let name = name.map(decode).filter(|name| !name.is_empty());
    let name = name.map(|name| if name.len() > NAME_OF_PERSON { shown(&name, NAME_OF_PERSON) } else { name });
    let part = |bytes: &[u8]| shown(&in_utf8(bytes.get(..FIELD_BYTES).unwrap_or(bytes)), ADDRESS_CHARACTERS);
    let (mailbox, host) = (part(mailbox), part(host));
    let address = if host.is_empty() { mailbox } else { format!("{mailbox}@{host}") };
    Address { name, address }
}

/// Makes a stranger's words fit to be shown: white space in one line, no control characters, none that turn the
/// direction of text around or that nobody sees, and not too many.
pub fn shown(text: &str, most: usize) -> String {
    if is_plain(text) && text.len() <= most {
        return text.to_owned();
    }
    let mut cleaned = String::with_capacity(text.len().min(most.saturating_mul(4)));
    let mut count = 0;
    let (mut space, mut joiner) = (false, None);
    for c in text.chars() {
        if c.is_whitespace() {
            space = !cleaned.is_empty();
        } else if is_joiner(c) {
            joiner = Some(c);
        } else if !is_hidden(c) {
            if count >= most {
                cleaned.push('…');
                break;
            }
            if space {
                cleaned.push(' ');
                count += 1;
            }
            // Scripts and emoji need joiners; between other characters they only make two words look like one.
            else if let Some(joiner) = joiner
                && !c.is_ascii()
                && cleaned.ends_with(|before: char| !before.is_ascii())
            {
                cleaned.push(joiner);
                count += 1;
            }
            (space, joiner) = (false, None);
            cleaned.push(c);
            count += 1;
        }
    }
    cleaned
}

/// Whether there is nothing to clean: the usual case, at a fraction of the cost of looking at every character.
fn is_plain(text: &str) -> bool {
    let mut before = b' ';
    let words = text.bytes().all(|byte| {
        let fits = byte.is_ascii_graphic() || (byte == b' ' && before != b' ');
        before = byte;
        fits
    });
    words && (before != b' ' || text.is_empty())
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Characters that are not there to be read: controls, direction marks, invisible formatting, letters without a
/// shape. Joiners are another matter.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
                | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Eight-bit bytes in a header are against the rules, and common.
pub(crate) fn in_utf8(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => text.into(),
        Ok(text) => text.replace('\0', "").into(),
        Err(_) => guess(bytes).into(),
    }
}

fn decoded(text: &str) -> String {
    if text.contains("=?") {
        shown(&encoded_word::decode(text), FIELD_CHARACTERS)
    } else {
        shown(text, FIELD_CHARACTERS)
    }
}

/// Names and values as they stand, folded (RFC 5322 §2.2). Lines that are no fields are passed over, and the line with
/// which a mailbox file separates messages.
pub(crate) fn split(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes.get(..HEADER_BYTES).unwrap_or(bytes);
    let last = line_end(rest);
    let line = move |bytes: &[u8]| line(bytes, last);
    if is_separator(rest) {
        rest = rest.get(line(rest)..).unwrap_or_default();
    }
    std::iter::from_fn(move || {
        loop {
            let mut end = line(rest);
            if matches!(rest.get(..end)?, b"" | b"\n" | b"\r\n" | b"\r") {
                return None;
            }
            while matches!(rest.get(end), Some(b' ' | b'\t')) {
                end += line(rest.get(end..)?);
            }
            let (field, after) = rest.split_at_checked(end)?;
            rest = after;
            let Some(colon) = field.iter().position(|byte| *byte == b':') else { continue };
            let (name, value) = (field.get(..colon)?.trim_ascii_end(), field.get(colon + 1..)?);
            if !name.is_empty() && !name.contains(&last) {
                return Some((name, value.get(..FIELD_BYTES).unwrap_or(value)));
            }
        }
    })
}

/// Bytes of the first line, with its end.
fn line(bytes: &[u8], last: u8) -> usize {
    bytes.iter().position(|byte| *byte == last).map_or(bytes.len(), |at| at + 1)
}

/// What ends a line: a line feed, or a carriage return in a message that has no line feed at all.
pub(crate) fn line_end(bytes: &[u8]) -> u8 {
    if bytes.contains(&b'\n') { b'\n' } else { b'\r' }
}

/// Whether this begins with the line that separates messages in a mailbox file (RFC 4155), and not with the field.
pub(crate) fn is_separator(bytes: &[u8]) -> bool {
    let rest = bytes.strip_prefix(b"From ").or_else(|| bytes.strip_prefix(b">From "));
    rest.is_some_and(|rest| !rest.trim_ascii_start().starts_with(b":"))
}

/// The parser reads up to a line break that is not followed by white space.
pub(crate) fn ended(text: &str) -> String {
    // Of a folded line, the white space stays that it goes on with (RFC 5322 §2.2.3).
    let unfolded = text.trim_end().replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", "\t");
    let mut line = unfolded.replace(['\r', '\n'], " ");
    line.push('\n');
    line
}

fn addresses(text: &str, found: &mut Vec<Address>) {
    let line = ended(&encoded_word::rewrite(text));
    let HeaderValue::Address(parsed) = MessageStream::new(line.as_bytes()).parse_address() else { return };
    let left = ADDRESSES.saturating_sub(found.len());
    match parsed {
        Parsed::List(list) => found.extend(list.iter().take(left).map(one)),
        Parsed::Group(groups) => {
            found.extend(groups.iter().flat_map(|group| &group.addresses).take(left).map(one));
        }
    }
}

fn one(addr: &Addr<'_>) -> Address {
    let name = addr.name.as_deref().map(decoded).map(|name| shown(&name, NAME_OF_PERSON));
    Address {
        name: name.filter(|name| !name.is_empty()),
        address: addr.address.as_deref().map(|text| shown(text, ADDRESS_CHARACTERS)).unwrap_or_default(),
    }
}

fn date(text: &str) -> Option<Timestamp> {
    let HeaderValue::DateTime(date) = MessageStream::new(ended(text).as_bytes()).parse_date() else {
        return None;
    };
    let minutes = i16::from(date.tz_hour) * 60 + i16::from(date.tz_minute);
    let offset_minutes = if date.tz_before_gmt { -minutes } else { minutes };
    date.is_valid().then(|| Timestamp { seconds: date.to_timestamp(), offset_minutes })
}

fn id(text: &str) -> Option<String> {
    let id = match MessageStream::new(ended(text).as_bytes()).parse_id() {
        HeaderValue::Text(id) => shown(&id, FIELD_CHARACTERS),
        HeaderValue::TextList(ids) => shown(ids.first()?, FIELD_CHARACTERS),
        _ => return None,
    };
    (!id.is_empty()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::{address, decode, read, shown};

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
        assert_eq!(decode(b"=?utf-8?q?in=E2=80=AEvoice=0D=0ABcc:_x=00?="), "invoice Bcc: x");
    }

    #[test]
    fn joiners_stay_where_a_script_or_an_emoji_needs_them() {
        for text in ["👩\u{200d}💻", "می\u{200c}خواهم", "क\u{94d}\u{200d}ष"] {
            assert_eq!(shown(text, 100), text);
        }
        assert_eq!(shown("pay\u{200d}pal \u{200c}x\u{200d}", 100), "paypal x");
    }

    #[test]
    fn a_header_is_read_and_an_absent_one_is_empty() {
        let header = read(
            b"From: =?utf-8?q?Anna_B=C3=A9rger?= <anna@demo.test>\r\nTo: Team: a@x.test, \"B, C\" <b@x.test>;\r\n\
              Date: Mon, 23 Nov 2026 15:10:00 +0100\r\nSubject: folded\r\n line </title><script>\r\nX-Y: =?utf-8?q?z=C3=A4?=\r\n\r\nSubject: body",
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
    fn names_are_read_as_people_really_write_them() {
        for (written, name) in [
            ("=?utf-8?q?=C3?= =?utf-8?q?=BC?= <a@x.test>", "ü"),
            ("\"=?utf-8?q?B=C3=BCro?=\" <a@x.test>", "Büro"),
            ("=?utf-8?q?a=40b.test=3E=2C?= <a@x.test>", "a@b.test>,"),
            ("=?utf-8?b?PGJAeS50ZXN0Pg==?= <a@x.test>", "<b@y.test>"),
            ("\"Quote \\\"d\\\"\" <a@x.test>", "Quote \"d\""),
        ] {
            let header = read(format!("From: {written}\r\n\r\n").as_bytes());
            assert_eq!(header.from.len(), 1, "{written}");
            assert_eq!(header.from[0].name.as_deref(), Some(name), "{written}");
            assert_eq!(header.from[0].address, "a@x.test", "{written}");
        }
    }

    #[test]
    fn each_field_may_be_in_another_character_set() {
        let header = read(b"Subject: Gr\xc3\xbc\xc3\x9fe\nFrom: J\xfcrgen M\xfcller <j@x.test>\n\n");
        assert_eq!(header.subject, "Grüße");
        assert_eq!(header.from[0].name.as_deref(), Some("Jürgen Müller"));
    }

    #[test]
    fn lines_may_end_as_they_like_and_the_line_of_a_mailbox_file_is_no_field() {
        let header = read(
            b"From anna@demo.test Mon Nov 23 15:10:00 2026\rFrom: a@x.test\rSubject: one\r two\r\rbody: x",
        );
        assert_eq!((header.subject.as_str(), header.from.len(), header.fields.len()), ("one two", 1, 2));
        assert_eq!(read(b">From x\nSubject: y\n\n").fields.len(), 1);
        assert_eq!(read(b"From : a@x.test\n\n").from.len(), 1);
    }

    #[test]
    fn a_second_sender_is_not_hidden() {
        let header =
            read(b"From: a@x.test\nFrom : b@x.test\nSubject: one\nSubject: two\nMessage-ID: <m@x>\n\n");
        assert_eq!(header.from.len(), 2);
        assert_eq!((header.subject.as_str(), header.message_id.as_deref()), ("one", Some("m@x")));
    }

    #[test]
    fn a_huge_header_is_cut() {
        let header =
            read(format!("Subject: {}\r\n{}\r\n", "x".repeat(100_000), "A: b\r\n".repeat(5_000)).as_bytes());
        assert!(header.subject.chars().count() <= 4_001 && header.fields.len() <= 500);
        let header = read(format!("To: {}\r\n", "a@x.test, ".repeat(100_000)).as_bytes());
        assert_eq!(header.to.len(), 500);
        for hostile in ["=?utf-8?q?", "=?utf-8?q?x?= ", "(", "<", "\"", ":;", ",", "\\", "a:", "=?"] {
            read(format!("From: {}\r\n", hostile.repeat(100_000)).as_bytes());
        }
    }

    #[test]
    fn the_parts_of_an_envelope_make_an_address() {
        let made = address(Some(b"=?utf-8?q?B=C3=BCro?="), b"buero", b"demo.test");
        assert_eq!((made.name.as_deref(), made.address.as_str()), (Some("Büro"), "buero@demo.test"));
    }
}
