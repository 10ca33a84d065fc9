//! Bytes of a message by section and range (RFC 9051 §6.4.5.1): parts, their MIME headers, the source. Large ones are
//! asked for in ranges, so that neither side holds more than one range at a time.
//!
//! Not BINARY (RFC 3516), by which a server unpacks what it sends: we unpack ourselves whatever a server can, ranges of what
//! is unpacked cost it the whole part each time, and a part that it can't unpack is refused (`UNKNOWN-CTE`). It would save a
//! quarter of the bytes of attachments on the short way between two servers.

use model::structure::PartNumber;
use model::uid::Uid;

use super::fetch::Items;
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::wire::command::Command;
use crate::wire::limits::Limits;

/// A good size for one range of something large.
pub const RANGE: u64 = 256 * 1024;

/// A section of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Section {
    /// The message as it was sent: `BODY[]`.
    Source,
    /// The bytes of a part, packed as they travelled: `BODY[1.2]`.
    Part(PartNumber),
    /// The MIME header of a part: `BODY[1.2.MIME]`.
    Mime(PartNumber),
    /// The header of an attached message: `BODY[1.2.HEADER]`.
    Header(PartNumber),
}

/// So many bytes of a section, from an offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Which section.
    pub section: Section,
    /// The first byte.
    pub offset: u64,
    /// How many.
    pub length: u64,
}

impl Connection {
    /// Ranges of sections of a message of the open mailbox, in one command and in the same order. One that is not there
    /// is `None`; one beyond the end is empty.
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn sections(&mut self, uid: Uid, wanted: &[Wanted]) -> Result<Vec<Option<Vec<u8>>>> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let names = wanted.iter().map(|wanted| name(&wanted.section)).collect::<Result<Vec<_>>>()?;
        let items: Vec<String> = wanted
            .iter()
            .zip(&names)
            .map(|(Wanted { offset, length, .. }, name)| format!("BODY.PEEK[{name}]<{offset}.{length}>"))
            .collect();
        let largest = wanted.iter().map(|wanted| wanted.length).max().unwrap_or_default();
        let total = wanted.iter().fold(0_u64, |sum, wanted| sum.saturating_add(wanted.length));
        let command = Command::new("UID FETCH").value(uid)?.items(&items)?;
        let range = |items: &Items<'_>, Wanted { offset, length, .. }: &Wanted, name: &str| {
            let (stated, bytes) = items.body(name)?;
            if stated.is_some_and(|stated| stated != *offset) {
                return None;
            }
            // A server that sends more than it was asked for must not shift what comes next.
            let length = usize::try_from(*length).unwrap_or(usize::MAX).min(bytes.len());
            bytes.get(..length).map(<[u8]>::to_vec)
        };
        let read = self.about(uid, &command, Limits::bodies(largest, total), |items, _| {
            wanted.iter().zip(&names).map(|(wanted, name)| range(items, wanted, name)).collect()
        });
        Ok(read.await?.unwrap_or_else(|| vec![None; wanted.len()]))
    }

    /// A range of a part, packed as it travelled; `None` when there is no such message or part.
    ///
    /// # Errors
    /// As [`Connection::sections`].
    pub async fn part(
        &mut self,
        uid: Uid,
        part: &PartNumber,
        offset: u64,
        length: u64,
    ) -> Result<Option<Vec<u8>>> {
        self.section(uid, Section::Part(part.clone()), offset, length).await
    }

    /// The beginnings of several parts, each of at most so many bytes, in one command.
    ///
    /// # Errors
    /// As [`Connection::sections`].
    pub async fn parts(&mut self, uid: Uid, parts: &[(PartNumber, u64)]) -> Result<Vec<Option<Vec<u8>>>> {
        let wanted: Vec<Wanted> = parts
            .iter()
            .map(|(part, length)| Wanted { section: Section::Part(part.clone()), offset: 0, length: *length })
            .collect();
        self.sections(uid, &wanted).await
    }

    /// A range of the message as it was sent; `None` when there is no such message.
    ///
    /// # Errors
    /// As [`Connection::sections`].
    pub async fn source(&mut self, uid: Uid, offset: u64, length: u64) -> Result<Option<Vec<u8>>> {
        self.section(uid, Section::Source, offset, length).await
    }

    /// The header of an attached message, up to `length` bytes; `None` when there is no such message or part.
    ///
    /// # Errors
    /// As [`Connection::sections`].
    pub async fn header_of_part(
        &mut self,
        uid: Uid,
        part: &PartNumber,
        length: u64,
    ) -> Result<Option<Vec<u8>>> {
        self.section(uid, Section::Header(part.clone()), 0, length).await
    }

    async fn section(
        &mut self,
        uid: Uid,
        section: Section,
        offset: u64,
        length: u64,
    ) -> Result<Option<Vec<u8>>> {
        let found = self.sections(uid, &[Wanted { section, offset, length }]).await?;
        Ok(found.into_iter().next().flatten())
    }
}

/// What stands between the brackets. The root of a multipart has no bytes of its own that could be asked for.
fn name(section: &Section) -> Result<String> {
    match section {
        Section::Source => Ok(String::new()),
        Section::Part(number) | Section::Mime(number) | Section::Header(number) if number.is_root() => {
            Err(Error::Unwritable)
        }
        Section::Part(number) => Ok(number.to_string()),
        Section::Mime(number) => Ok(format!("{number}.MIME")),
        Section::Header(number) => Ok(format!("{number}.HEADER")),
    }
}

#[cfg(test)]
mod tests {
    use model::structure::PartNumber;
    use model::uid::Uid;

    use super::{Section, Wanted};
    use crate::error::Error;
    use crate::scripted::opened;

    async fn part(answer: &'static str, offset: u64, length: u64) -> Result<Option<Vec<u8>>, Error> {
        let (mut connection, _server) = opened(1, "[CAPABILITY IMAP4rev1]", &[("FETCH", answer)]).await;
        connection.part(Uid::new(7).unwrap(), &"1".parse().unwrap(), offset, length).await
    }

    #[tokio::test]
    async fn bytes_come_back_whole_and_never_more_than_asked_for() {
        let bytes = part("* 1 FETCH (UID 7 BODY[1]<3> {4}\r\n(\0)\") OK)\r\n{tag} OK\r\n", 3, 4).await;
        assert_eq!(bytes.unwrap().as_deref(), Some(&b"(\0)\""[..]));
        let more = part("* 1 FETCH (UID 7 BODY[1]<0> ~{4}\r\nabcd)\r\n{tag} OK\r\n", 0, 2).await;
        assert_eq!(more.unwrap().as_deref(), Some(&b"ab"[..]));
    }

    #[tokio::test]
    async fn what_is_not_there_or_not_what_was_asked_for_is_none() {
        for answer in [
            "{tag} OK\r\n",
            "* 1 FETCH (UID 7 BODY[1]<0> NIL)\r\n{tag} OK\r\n",
            "* 1 FETCH (UID 8 BODY[1]<0> \"other\")\r\n{tag} OK\r\n",
            "* 1 FETCH (UID 7 BODY[2]<0> \"other\")\r\n{tag} OK\r\n",
            "* 1 FETCH (UID 7 BODY[1]<9> \"elsewhere\")\r\n{tag} OK\r\n",
        ] {
            assert_eq!(part(answer, 0, 9).await.unwrap(), None, "{answer}");
        }
    }

    #[tokio::test]
    async fn what_a_server_unpacked_unasked_is_not_taken_for_what_was_asked_for() {
        let answer = "* 1 FETCH (BINARY.SIZE[1] 3 BINARY[1]<0> ~{3}\r\n\0)\r BODY[1]<0> \"QUI=\" UID 7 BINARY[1] NIL)\r\n\
             * 1 FETCH (UID 7 BINARY[1.2] {2}\r\n\r\n)\r\n{tag} OK\r\n";
        assert_eq!(part(answer, 0, 9).await.unwrap().as_deref(), Some(&b"QUI="[..]));
        let refused = part("{tag} NO [UNKNOWN-CTE] can't\r\n", 0, 9).await.unwrap_err();
        assert!(matches!(refused, Error::Refused { .. }));
    }

    #[tokio::test]
    async fn the_header_of_an_attached_message_is_asked_for_by_its_part() {
        let answer = "* 1 FETCH (UID 7 BODY[2.1.HEADER]<0> {14}\r\nSubject: x\r\n\r\n)\r\n{tag} OK\r\n";
        let (mut connection, _server) =
            opened(1, "[CAPABILITY IMAP4rev1]", &[("BODY.PEEK[2.1.HEADER]<0.99>", answer)]).await;
        let header = connection.header_of_part(Uid::new(7).unwrap(), &"2.1".parse().unwrap(), 99).await;
        assert_eq!(header.unwrap().as_deref(), Some(&b"Subject: x\r\n\r\n"[..]));
    }

    #[tokio::test]
    async fn much_more_than_was_asked_for_ends_the_connection() {
        let error = part("* 1 FETCH (UID 7 BODY[1]<0> {400000000}\r\nabc", 0, 100).await.unwrap_err();
        assert!(matches!(error, Error::LimitExceeded { which: "literal" }), "{error:?}");
    }

    #[tokio::test]
    async fn the_root_of_a_multipart_is_not_the_whole_message() {
        let (mut connection, _server) = opened(1, "[CAPABILITY IMAP4rev1]", &[]).await;
        let wanted = Wanted { section: Section::Part(PartNumber::root()), offset: 0, length: 9 };
        let error = connection.sections(Uid::new(7).unwrap(), &[wanted]).await.unwrap_err();
        assert!(matches!(error, Error::Unwritable) && !connection.is_broken());
    }
}
