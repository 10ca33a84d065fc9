//! FETCH (RFC 9051 §6.4.5): rows of a list, and what opening a message needs. Nothing here marks a message as read.

use std::collections::BTreeMap;
use std::time::Duration;

use model::flag::Flags;
use model::messages::Direction;
use model::object_id::ObjectId;
use model::structure::Part;
use model::time::Timestamp;
use model::uid::Uid;

use super::envelope::{RawAddress, Words};
use super::rows::Row;
use crate::capability::{Capabilities, Capability};
use crate::connection::{Completion, Connection};
use crate::error::{Error, Result};
use crate::wire::command::Command;
use crate::wire::frame::Frame;
use crate::wire::limits::Limits;
use crate::wire::response;

mod told;

pub(super) use told::{Heard, Items, Told};

/// Most bytes that are taken of the header of a message.
pub const LONGEST_HEADER: u64 = 256 * 1024;

/// For so long after an answer the number of messages counts as known.
const FRESH: Duration = Duration::from_secs(1);

/// A row of a list. Subject and names are bytes as they were sent.
#[derive(Clone, Debug)]
pub struct RawEnvelope {
    /// The message.
    pub uid: Uid,
    /// How many messages it answers stand above it in its conversation; 0 where the list has none.
    pub level: u8,
    /// Its flags.
    pub flags: Flags,
    /// When it arrived (INTERNALDATE).
    pub received: Option<Timestamp>,
    /// Its size in bytes.
    pub size: u64,
    /// The subject.
    pub subject: Vec<u8>,
    /// Who wrote it.
    pub from: Vec<RawAddress>,
    /// To whom.
    pub to: Vec<RawAddress>,
    /// Its parts, unless they could not be read.
    pub structure: Option<Part>,
    /// Its name in every mailbox, where the server has OBJECTID (RFC 8474 §5.1).
    pub email_id: Option<ObjectId>,
    /// The conversation that it belongs to, where the server tells (RFC 8474 §5.2).
    pub thread_id: Option<ObjectId>,
}

/// What opening a message needs before its text.
#[derive(Clone, Debug)]
pub struct RawMessage {
    /// The message.
    pub uid: Uid,
    /// Its flags.
    pub flags: Flags,
    /// When it arrived (INTERNALDATE).
    pub received: Option<Timestamp>,
    /// Its size in bytes.
    pub size: u64,
    /// What the server read out of the header, if it told.
    pub envelope: Option<Words>,
    /// Its header as it was sent, up to [`LONGEST_HEADER`] bytes.
    pub header: Vec<u8>,
    /// Its parts, unless they could not be read.
    pub structure: Option<Part>,
    /// Whether these are all of its parts.
    pub whole: bool,
}

impl Connection {
    /// Rows of the open mailbox, newest arrival first, of which the `offset` newest are passed over. Afterwards
    /// [`Connection::selected`] tells the number of messages by which they were counted.
    ///
    /// When nothing was heard from the server for a while, a NOOP travels ahead of the FETCH in the same packet; only if
    /// it brings news is the FETCH repeated.
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn envelopes(&mut self, offset: u32, count: u32) -> Result<Vec<RawEnvelope>> {
        let rows = self.arrivals(&(), Direction::Descending, offset, count).await?;
        Ok(rows.into_iter().map(Row::into_told).collect())
    }

    /// Whether nothing was heard from the server for so long that there may be news.
    pub(super) fn is_stale(&self) -> bool {
        self.expects_news() || self.unused_for() > FRESH
    }

    pub(super) fn messages(&self) -> Result<u32> {
        Ok(self.opened()?.messages)
    }

    /// Flags, header and structure of a message of the open mailbox; `None` when it is not there. One that arrived since
    /// the server was last heard is found all the same.
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn message(&mut self, uid: Uid) -> Result<Option<RawMessage>> {
        let header = format!("BODY.PEEK[HEADER]<0.{LONGEST_HEADER}>");
        let items = ["UID", "FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODYSTRUCTURE", &header]
            .map(str::to_owned);
        let command = Command::new("UID FETCH").value(uid)?.items(&items)?;
        let limits = Limits::message(LONGEST_HEADER);
        let read =
            self.about(uid, &command, limits, |items, whole| (items.message(uid, whole), items.header()));
        let Some((message, found)) = read.await? else { return Ok(None) };
        if message.whole {
            return Ok(found.map(|header| RawMessage { header, ..message }));
        }
        // It stood behind a structure so long that either may have been cut.
        let command = Command::new("UID FETCH").value(uid)?.items(&[header])?;
        let limits = Limits::bodies(LONGEST_HEADER, LONGEST_HEADER);
        let header = self.about(uid, &command, limits, |items, _| items.header()).await?;
        Ok(Some(RawMessage { header: header.flatten().unwrap_or_default(), ..message }))
    }

    /// Reads what a UID FETCH tells about this message, and whether all of it came; `None` when it tells nothing. Then the
    /// server is asked for news before and once more: what arrived since it last told any is not found by its UID
    /// (RFC 9051 §7.4.1).
    pub(super) async fn about<T>(
        &mut self,
        uid: Uid,
        command: &Command,
        limits: Limits,
        read: impl Fn(&Items<'_>, bool) -> T,
    ) -> Result<Option<T>> {
        for attempt in 0..2 {
            if attempt > 0 {
                self.noop().await?;
            }
            let mut completions = self.run_all(std::slice::from_ref(command), limits).await?;
            let completion = completions.pop().ok_or(Error::Nonsense { what: "completion" })??;
            let whole = !completion.frames().any(Frame::is_cut);
            if let Some(items) = Told::read(completion.frames()).of(uid) {
                return Ok(Some(read(items, whole)));
            }
        }
        Ok(None)
    }
}

/// What is asked for of each row.
pub(super) fn row_items(capabilities: &Capabilities) -> &'static str {
    match capabilities.has(Capability::ObjectId) {
        false => "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)",
        true => "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE EMAILID THREADID)",
    }
}

/// What was told of messages, with the sequence number of each. Numbers hold until a message is expunged, which may happen
/// between the responses to a UID FETCH (RFC 9051 §7.5.1).
pub(super) fn heard(completions: &[Completion]) -> impl Iterator<Item = (u32, Heard)> {
    // Only the frames of one message are tokens at a time, which weigh many times what they were read from.
    let mut of_message: BTreeMap<(u32, u32), Vec<&Frame>> = BTreeMap::new();
    let mut expunged = 0_u32;
    for frame in completions.iter().flat_map(Completion::frames) {
        match response::name(frame) {
            Some((Some(number), name)) if name == "FETCH" => {
                of_message.entry((expunged, number)).or_default().push(frame);
            }
            Some((_, name)) if name == "EXPUNGE" || name == "VANISHED" => expunged += 1,
            _ => {}
        }
    }
    of_message
        .into_iter()
        .filter_map(|((_, number), frames)| Some((number, Told::read(frames).at(number)?.heard()?)))
}

#[cfg(test)]
mod tests {
    use model::uid::Uid;

    use super::RawEnvelope;
    use crate::error::{Error, Result};
    use crate::scripted::{Script, heard, opened};

    async fn envelopes(messages: u32, script: &Script) -> Result<Vec<RawEnvelope>> {
        opened(messages, "[CAPABILITY IMAP4rev1]", script).await.0.envelopes(0, 50).await
    }

    fn uids(rows: &[RawEnvelope]) -> Vec<u32> {
        rows.iter().map(|row| row.uid.get()).collect()
    }

    #[tokio::test]
    async fn rows_come_in_order_and_news_about_flags_make_none() {
        let answer = "* 1 FETCH (UID 5 RFC822.SIZE 9 ENVELOPE (NIL \"a\" NIL NIL NIL NIL NIL NIL NIL NIL) FLAGS ())\r\n\
             * 9 FETCH (FLAGS (\\Seen))\r\n* 3 FETCH (FLAGS (\\Seen) UID 8)\r\n\
             * 2 FETCH (INTERNALDATE NIL UID 7 RFC822.SIZE 9999999999 BODYSTRUCTURE (broken)\r\n\
             * 2 FETCH (FLAGS (\\Flagged odd[x) ENVELOPE NIL)\r\n{tag} OK\r\n";
        let rows = envelopes(3, &[("FETCH", answer)]).await.unwrap();
        assert_eq!(uids(&rows), [7, 5]);
        assert_eq!((rows[0].size, rows[0].received, rows[0].flags.0.len()), (9_999_999_999, None, 2));
        assert!(rows[0].structure.is_none());
        assert_eq!(rows[1].subject, b"a");
    }

    #[tokio::test]
    async fn names_for_good_come_along_where_the_server_has_them() {
        let answer = "* 3 FETCH (UID 3 RFC822.SIZE 9 EMAILID (M3) THREADID (T1))\r\n\
             * 2 FETCH (UID 2 RFC822.SIZE 9 EMAILID (M2) THREADID NIL)\r\n\
             * 1 FETCH (UID 1 RFC822.SIZE 9 EMAILID (a b) THREADID M)\r\n{tag} OK\r\n";
        let greeting = "[CAPABILITY IMAP4rev1 OBJECTID]";
        let (mut connection, server) = opened(3, greeting, &[("FETCH", answer)]).await;
        let rows = connection.envelopes(0, 50).await.unwrap();
        let ids: Vec<_> = rows.iter().map(|row| row.email_id.as_ref().map(|id| id.as_str())).collect();
        assert_eq!(ids, [Some("M3"), Some("M2"), Some("a")]);
        let threads: Vec<_> = rows.iter().map(|row| row.thread_id.is_some()).collect();
        assert_eq!(threads, [true, false, false]);
        drop(connection);
        assert!(heard(server).await.ends_with("BODYSTRUCTURE EMAILID THREADID)\r\n"));
    }

    #[tokio::test]
    async fn a_refused_fetch_is_an_error_and_not_an_empty_list() {
        for answer in ["{tag} NO\r\n", "{tag} BAD\r\n"] {
            assert!(matches!(envelopes(3, &[("FETCH", answer)]).await, Err(Error::Refused { .. })));
        }
        assert!(matches!(envelopes(3, &[("FETCH", "")]).await, Err(Error::Closed { .. })));
    }

    #[tokio::test]
    async fn news_that_move_the_window_make_the_fetch_be_repeated() {
        let script = &[
            ("FETCH 1:3", "* 4 EXISTS\r\n{tag} NO [EXPUNGEISSUED] some are gone\r\n"),
            ("FETCH 1:4", "* 4 FETCH (UID 9 RFC822.SIZE 1)\r\n{tag} OK\r\n"),
        ];
        let (mut connection, server) = opened(3, "[CAPABILITY IMAP4rev1]", script).await;
        assert_eq!(uids(&connection.envelopes(0, 50).await.unwrap()), [9]);
        assert_eq!(connection.selected().map(|selected| selected.messages), Some(4));
        drop(connection);
        assert_eq!(heard(server).await.lines().filter(|line| line.contains("FETCH")).count(), 2);
    }

    #[tokio::test]
    async fn one_that_goes_while_another_comes_makes_the_fetch_be_repeated() {
        let news = "* 3 FETCH (UID 7 RFC822.SIZE 1)\r\n* 1 EXPUNGE\r\n* 3 EXISTS\r\n{tag} OK\r\n";
        let script = &[("p1 FETCH", news), ("p3 FETCH", "* 3 FETCH (UID 9 RFC822.SIZE 1)\r\n{tag} OK\r\n")];
        let (mut connection, _server) = opened(3, "[CAPABILITY IMAP4rev1]", script).await;
        assert_eq!(uids(&connection.envelopes(0, 50).await.unwrap()), [9]);
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_while_news_are_asked_for_in_the_same_packet() {
        let script = &[
            ("NOOP", "* 4 EXISTS\r\n{tag} OK\r\n"),
            ("FETCH 1:4", "* 4 FETCH (UID 9 RFC822.SIZE 1)\r\n{tag} OK\r\n"),
        ];
        let (mut connection, server) = opened(3, "[CAPABILITY IMAP4rev1]", script).await;
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        assert_eq!(uids(&connection.envelopes(0, 50).await.unwrap()), [9]);
        drop(connection);
        let heard = heard(server).await;
        let names: Vec<_> = heard.lines().filter_map(|line| line.split(' ').nth(1)).collect();
        assert_eq!(names, ["NOOP", "FETCH", "NOOP", "FETCH"]);
    }

    #[tokio::test]
    async fn a_message_is_found_by_its_uid_among_news_and_else_is_none() {
        let answer = "* 4 FETCH (FLAGS ())\r\n* 3 FETCH (UID 6 BODY[HEADER]<0> \"x\")\r\n\
             * 2 FETCH (UID 7 FLAGS (\\Seen) RFC822.SIZE 12 BODY[HEADER]<0> {9}\r\nA: (b)\r\n\r BODYSTRUCTURE NIL)\r\n\
             {tag} OK\r\n";
        let (mut connection, _server) = opened(9, "[CAPABILITY IMAP4rev1]", &[("UID FETCH", answer)]).await;
        let message = connection.message(Uid::new(7).unwrap()).await.unwrap().unwrap();
        assert_eq!((message.header.as_slice(), message.size), (&b"A: (b)\r\n\r"[..], 12));
        assert!(message.structure.is_none());
        assert!(connection.message(Uid::new(99).unwrap()).await.unwrap().is_none());
    }
}
