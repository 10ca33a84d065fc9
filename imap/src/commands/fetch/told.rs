//! What FETCH responses tell (RFC 9051 §7.5.2), by message and item.

use std::collections::BTreeMap;

use model::flag::{Flag, Flags};
use model::structure::Part;
use model::time::Timestamp;
use model::uid::Uid;

use super::{RawEnvelope, RawMessage};
use crate::commands::envelope::{self, Words};
use crate::commands::{body_structure, object_id};
use crate::wire::frame::Frame;
use crate::wire::limits::{FLAGS, PREVIEW};
use crate::wire::response;
use crate::wire::token::Token;

/// What was told about each message, by sequence number. A server may tell about one in several responses, and tells
/// news of flags without being asked.
pub(in crate::commands) struct Told<'a>(BTreeMap<u32, Items<'a>>);

impl<'a> Told<'a> {
    /// What was told about the message with this sequence number.
    pub(super) fn at(&self, number: u32) -> Option<&Items<'a>> {
        self.0.get(&number)
    }

    /// What was told about one message.
    pub(super) fn of(&self, uid: Uid) -> Option<&Items<'a>> {
        self.0.values().find(|items| items.is(uid))
    }

    /// What was told about each message.
    pub(in crate::commands) fn all(&self) -> impl Iterator<Item = &Items<'a>> {
        self.0.values()
    }

    pub(in crate::commands) fn read(frames: impl IntoIterator<Item = &'a Frame>) -> Self {
        let mut told: BTreeMap<u32, Items<'a>> = BTreeMap::new();
        for data in frames.into_iter().filter_map(response::data).filter(|data| data.name == "FETCH") {
            let (Some(number), Some(Token::List(list))) = (data.number, data.tokens.into_iter().next())
            else {
                continue;
            };
            let items = told.entry(number).or_default();
            let mut list = list.into_iter();
            while let (Some(name), Some(value)) = (list.next(), list.next()) {
                items.0.extend(name.word().map(|name| (name, value)));
            }
        }
        Self(told)
    }
}

/// The items of one message, by name. The last of a name is the newest.
#[derive(Default)]
pub(in crate::commands) struct Items<'a>(Vec<(String, Token<'a>)>);

/// What a list can make of what was told about one message.
pub(in crate::commands) enum Heard {
    /// Its flags alone, which make no row unless the rest is known.
    Flags(Uid, Flags),
    /// All that a row needs.
    Row(Box<RawEnvelope>),
}

impl Heard {
    /// Which message it is about.
    pub(in crate::commands) fn uid(&self) -> Uid {
        match self {
            Self::Flags(uid, _) => *uid,
            Self::Row(row) => row.uid,
        }
    }
}

impl Items<'_> {
    fn find(&self, name: &str) -> Option<&Token<'_>> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    pub(in crate::commands) fn uid(&self) -> Option<Uid> {
        Uid::new(u32::try_from(self.find("UID")?.number()?).ok()?)
    }

    fn is(&self, uid: Uid) -> bool {
        self.uid() == Some(uid)
    }

    /// The bytes of a section and the offset that the server states for them.
    pub(in crate::commands) fn body(&self, section: &str) -> Option<(Option<u64>, &[u8])> {
        self.0.iter().rev().find_map(|(name, value)| {
            let rest = name.strip_prefix("BODY[")?.strip_prefix(section)?.strip_prefix(']')?;
            let offset = match rest {
                "" => None,
                offset => Some(offset.strip_prefix('<')?.strip_suffix('>')?.parse().ok()?),
            };
            value.bytes().map(|bytes| (offset, bytes))
        })
    }

    pub(super) fn header(&self) -> Option<Vec<u8>> {
        self.body("HEADER").map(|(_, header)| header.to_vec())
    }

    /// Everything but the header.
    pub(super) fn message(&self, uid: Uid, whole: bool) -> RawMessage {
        RawMessage {
            uid,
            flags: self.flags(),
            received: self.received(),
            size: self.size(),
            envelope: self.find("ENVELOPE").map(envelope::read),
            header: Vec::new(),
            structure: self.structure(),
            whole,
        }
    }

    /// What a list can make of it; `None` where it tells nothing about a message that has a name.
    pub(super) fn heard(&self) -> Option<Heard> {
        let uid = self.uid()?;
        let size = self.find("RFC822.SIZE").and_then(Token::number);
        let envelope = self.find("ENVELOPE");
        if size.is_none() && envelope.is_none() {
            self.find("FLAGS")?;
            return Some(Heard::Flags(uid, self.flags()));
        }
        let Words { subject, from, to, .. } = envelope.map(envelope::read).unwrap_or_default();
        Some(Heard::Row(Box::new(RawEnvelope {
            uid,
            level: 0,
            flags: self.flags(),
            received: self.received(),
            size: size.unwrap_or_default(),
            subject,
            from,
            to,
            structure: self.structure(),
            email_id: self.find("EMAILID").and_then(object_id::read),
            thread_id: self.find("THREADID").and_then(object_id::read),
        })))
    }

    pub(in crate::commands) fn flags(&self) -> Flags {
        let list = self.find("FLAGS").and_then(Token::list).unwrap_or_default();
        Flags(list.iter().take(FLAGS).filter_map(|flag| Flag::from_wire(&flag.text()?)).collect())
    }

    fn received(&self) -> Option<Timestamp> {
        self.find("INTERNALDATE").and_then(Token::text).and_then(|text| internal_date(&text))
    }

    fn size(&self) -> u64 {
        self.find("RFC822.SIZE").and_then(Token::number).unwrap_or_default()
    }

    /// `PREVIEW "words"`, or as it was before the standard, `PREVIEW (FUZZY "words")`.
    pub(in crate::commands) fn preview(&self) -> Option<String> {
        let token = self.find("PREVIEW")?;
        let token = token.list().and_then(|list| list.get(1)).unwrap_or(token);
        Some(token.text()?.chars().filter(|c| !c.is_control()).take(PREVIEW).collect())
    }

    fn structure(&self) -> Option<Part> {
        self.find("BODYSTRUCTURE").and_then(body_structure::read)
    }
}

/// `17-Jul-1996 02:44:25 -0700`, with a space for the first digit of the day where there is none.
fn internal_date(text: &str) -> Option<Timestamp> {
    let format = time::macros::format_description!(
        "[day padding:none]-[month repr:short case_sensitive:false]-[year] [hour]:[minute]:[second] \
         [offset_hour sign:mandatory][offset_minute]"
    );
    let moment = time::OffsetDateTime::parse(text.trim_start(), &format).ok()?;
    Some(Timestamp { seconds: moment.unix_timestamp(), offset_minutes: moment.offset().whole_minutes() })
}

#[cfg(test)]
mod tests {
    use super::internal_date;

    #[test]
    fn internal_dates_are_read_and_nonsense_is_none() {
        let date = internal_date("17-Jul-1996 02:44:25 -0700").unwrap();
        assert_eq!((date.seconds, date.offset_minutes), (837_596_665, -420));
        assert!(internal_date(" 7-jul-2026 02:44:25 +0000").is_some());
        for nonsense in ["", "NIL", "32-Jul-1996 02:44:25 -0700", "17-Jul-1996", "17-Jul-1996 02:44:25 –0700"]
        {
            assert_eq!(internal_date(nonsense), None, "{nonsense}");
        }
    }
}
