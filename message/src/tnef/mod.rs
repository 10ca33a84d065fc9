//! TNEF, the envelope in which Outlook sends what MIME has other words for (MS-OXTNEF): its files and its text.
//!
//! A stream of attributes, each with a declared length. No length is believed beyond the bytes that are there, every step
//! goes forward by at least its own header, and checksums are not asked: damage costs what is damaged.

mod properties;
mod rtf;

use properties::{Properties, Value};

use crate::charset;
use crate::inside::File;
use crate::limits::{FILES_INSIDE, TNEF_ATTRIBUTES};

const SIGNATURE: [u8; 4] = 0x223e_9f78_u32.to_le_bytes();

/// Attributes (MS-OXTNEF §2.1.3.3).
const OEM_CODEPAGE: u32 = 0x0006_9007;
const BODY: u32 = 0x0002_800c;
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
const ATTACHMENT_BEGINS: u32 = 0x0006_9002;
const ATTACHMENT_TITLE: u32 = 0x0001_8010;
const ATTACHMENT_DATA: u32 = 0x0006_800f;
const ATTACHMENT_PROPERTIES: u32 = 0x0006_9005;

/// MAPI properties (MS-OXPROPS).
const ATTACH_LONG_FILENAME: u16 = 0x3707;
const ATTACH_FILENAME: u16 = 0x3704;
const ATTACH_MIME_TAG: u16 = 0x370e;
const ATTACH_DATA: u16 = 0x3701;
const HTML: u16 = 0x1013;
const INTERNET_CODEPAGE: u16 = 0x3fde;
const BODY_WORDS: u16 = 0x1000;
const RTF_COMPRESSED: u16 = 0x1009;

/// What is inside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tnef {
    /// Files, in order.
    pub files: Vec<File>,
    /// The text, if there is one.
    pub text: Option<Text>,
}

/// The text of a message in TNEF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// Plain text, also where it was RTF.
    Plain(String),
    /// HTML; a stranger's.
    Html(String),
}

/// A file that is being read.
#[derive(Default)]
struct Open {
    title: Option<String>,
    long_name: Option<String>,
    content_type: Option<String>,
    bytes: Option<Vec<u8>>,
}

/// Reads TNEF; `None` when it is none.
pub fn read(bytes: &[u8]) -> Option<Tnef> {
    // A key of two bytes follows the signature.
    let mut rest = bytes.strip_prefix(&SIGNATURE)?.get(2..)?;
    let mut tnef = Tnef::default();
    let mut codepage = 1252;
    let mut plain = None;
    let mut message = None;
    let mut open: Option<Open> = None;
    for _ in 0..TNEF_ATTRIBUTES {
        let Some((attribute, after)) = attribute(rest) else { break };
        rest = after;
        let data = attribute.data;
        match attribute.id {
            OEM_CODEPAGE => codepage = number(data).unwrap_or(codepage),
            BODY => plain = Some(decoded(data, codepage)),
            MESSAGE_PROPERTIES => message = Some(Properties::read(data)),
            ATTACHMENT_BEGINS => {
                close(open.replace(Open::default()), &mut tnef.files);
            }
            ATTACHMENT_TITLE => open.get_or_insert_default().title = Some(decoded(data, codepage)),
            ATTACHMENT_DATA => open.get_or_insert_default().bytes = Some(data.to_vec()),
            ATTACHMENT_PROPERTIES => {
                let properties = Properties::read(data);
                let file = open.get_or_insert_default();
                let text = |id| properties.find(id).and_then(|value| words(value, codepage));
                file.long_name =
                    text(ATTACH_LONG_FILENAME).or_else(|| text(ATTACH_FILENAME)).or(file.long_name.take());
                file.content_type = text(ATTACH_MIME_TAG).or(file.content_type.take());
                if let (None, Some(value)) = (&file.bytes, properties.find(ATTACH_DATA)) {
                    file.bytes = Some(value.bytes().to_vec());
                }
            }
            _ => {}
        }
    }
    close(open, &mut tnef.files);
    tnef.text = text(message.as_ref(), plain, codepage);
    Some(tnef)
}

struct Attribute<'a> {
    id: u32,
    data: &'a [u8],
}

/// The next attribute: a level, an id, a length, as many bytes, and a checksum.
fn attribute(bytes: &[u8]) -> Option<(Attribute<'_>, &[u8])> {
    let (_level, rest) = bytes.split_first()?;
    let (id, rest) = rest.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let (data, rest) = rest.split_at_checked(length).unwrap_or((rest, &[]));
    Some((Attribute { id: u32::from_le_bytes(*id), data }, rest.get(2..).unwrap_or_default()))
}

fn close(open: Option<Open>, files: &mut Vec<File>) {
    let Some(open) = open else { return };
    if let Some(bytes) = open.bytes
        && files.len() < FILES_INSIDE
    {
        let name = open.long_name.or(open.title).unwrap_or_default();
        files.push(File::new(&name, open.content_type.as_deref(), bytes, true));
    }
}

/// The best text that there is: HTML, plain text, or the words of RTF.
fn text(message: Option<&Properties<'_>>, plain: Option<String>, codepage: u32) -> Option<Text> {
    let find = |id| message.and_then(|properties| properties.find(id));
    let html = find(HTML).map(|value| match value {
        Value::Unicode(bytes) => decoded(bytes, 1200),
        Value::Bytes(bytes) => {
            let stated = find(INTERNET_CODEPAGE).and_then(|value| number(value.bytes()));
            decoded(bytes, stated.unwrap_or(codepage))
        }
    });
    if let Some(html) = html.filter(|html| !html.trim().is_empty()) {
        return Some(Text::Html(html));
    }
    let words = find(BODY_WORDS).and_then(|value| words(value, codepage)).or(plain);
    let words = words.filter(|words| !words.trim().is_empty());
    let words =
        words.or_else(|| find(RTF_COMPRESSED).and_then(|value| rtf::words(&rtf::unpack(value.bytes())?)));
    words.filter(|words| !words.trim().is_empty()).map(Text::Plain)
}

fn words(value: Value<'_>, codepage: u32) -> Option<String> {
    let words = match value {
        Value::Unicode(bytes) => decoded(bytes, 1200),
        Value::Bytes(bytes) => decoded(bytes, codepage),
    };
    (!words.is_empty()).then_some(words)
}

fn number(data: &[u8]) -> Option<u32> {
    data.first_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes))
}

/// Text in a code page of Windows, without the NUL that ends it.
fn decoded(bytes: &[u8], codepage: u32) -> String {
    let label = match codepage {
        65001 => "utf-8".to_owned(),
        1200 => "utf-16le".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        20866 => "koi8-r".to_owned(),
        28591..=28606 => format!("iso-8859-{}", codepage - 28590),
        other => format!("windows-{other}"),
    };
    charset::decode(bytes, Some(&label)).0
}

#[cfg(test)]
mod tests;
