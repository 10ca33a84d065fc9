//! STORE (RFC 9051 §6.4.6): sets flags; only where nobody else did meanwhile, if asked so (RFC 7162 §3.1.3).

use model::flag::Flag;
use model::modseq::ModSeq;
use model::uid::Uid;
use model::uid_set::UidSet;

use super::change::{Refused, settled};
use crate::capability::Capability;
use crate::connection::Connection;
use crate::error::Result;
use crate::wire::command::Command;
use crate::wire::limits::Limits;
use crate::wire::response::Code;

/// What happens to flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// They are set beside those that are set.
    Add,
    /// They are taken away.
    Remove,
    /// They are set and all others are taken away.
    Replace,
}

/// What became of a change of flags. Messages that are gone are no failure.
#[derive(Debug)]
pub struct Stored {
    /// Those that changed since the moment that was named, and were left alone.
    pub modified: UidSet,
    /// Whether the server looked at that moment; one without CONDSTORE changes flags whatever happened.
    pub guarded: bool,
    /// Those that the server refused after it had taken others.
    pub refused: Option<Refused>,
}

impl Connection {
    /// Changes flags of messages of the open mailbox; with a moment only of those that did not change since.
    ///
    /// # Errors
    /// When the server refuses all of it; [`Error::OutcomeUnknown`] when the connection is lost.
    pub async fn store(
        &mut self,
        uids: &UidSet,
        change: Change,
        flags: &[Flag],
        unchanged_since: Option<ModSeq>,
    ) -> Result<Stored> {
        let condstore = self.capabilities().await?.has(Capability::CondStore);
        let since = unchanged_since.filter(|_| condstore);
        let parts = self.change(uids, |uids| command(uids, change, flags, since)).await?;
        let (done, refused) = settled(parts)?;
        let modified = |text: &[u8]| UidSet::from_wire(std::str::from_utf8(text).ok()?.trim()).ok();
        let modified = done
            .iter()
            .filter(|(_, completion)| completion.code == Some(Code::Modified))
            // Which of them can't be told: then none is said to be changed.
            .map(|(uids, completion)| modified(&completion.arguments).unwrap_or_else(|| uids.clone()))
            .fold(UidSet::default(), |all, some| all.union(&some));
        Ok(Stored { modified, guarded: since.is_some(), refused })
    }

    /// Marks a message of the open mailbox as read, or as unread.
    ///
    /// # Errors
    /// When the server refuses, as it may in a mailbox of others, or the connection is lost.
    pub async fn store_seen(&mut self, uid: Uid, seen: bool) -> Result<()> {
        let change = if seen { "+FLAGS.SILENT" } else { "-FLAGS.SILENT" };
        let command = Command::new("UID STORE").value(uid)?.word(change).word("(\\Seen)");
        self.run(command, Limits::LIST).await.map(drop)
    }
}

pub(super) fn command(
    uids: &UidSet,
    change: Change,
    flags: &[Flag],
    unchanged_since: Option<ModSeq>,
) -> Result<Command> {
    let command = Command::new("UID STORE").value(uids)?;
    let command = match unchanged_since {
        Some(since) => command.items(&["UNCHANGEDSINCE".to_owned(), since.to_string()])?,
        None => command,
    };
    // Silent: who changes flags knows what they are then.
    let name = match change {
        Change::Add => "+FLAGS.SILENT",
        Change::Remove => "-FLAGS.SILENT",
        Change::Replace => "FLAGS.SILENT",
    };
    command.word(name).flags(flags)
}

#[cfg(test)]
mod tests {
    use model::flag::Flag;
    use model::modseq::ModSeq;
    use model::uid::Uid;
    use model::uid_set::UidSet;

    use super::{Change, Stored};
    use crate::error::{Error, Result};
    use crate::scripted::{Script, heard, opened};

    fn set(text: &str) -> UidSet {
        UidSet::from_wire(text).unwrap()
    }

    async fn stored(
        capabilities: &str,
        script: &Script,
        uids: &UidSet,
        since: Option<u64>,
    ) -> (Result<Stored>, String) {
        let (mut connection, server) = opened(9, capabilities, script).await;
        let flags = [Flag::Seen, Flag::Keyword("$Work".to_owned())];
        let stored = connection.store(uids, Change::Remove, &flags, since.and_then(ModSeq::new)).await;
        drop(connection);
        (stored, heard(server).await)
    }

    #[tokio::test]
    async fn flags_and_keywords_are_changed_in_silence() {
        let (stored, heard) = stored("[CAPABILITY IMAP4rev1]", &[], &set("1:3,7"), None).await;
        let Stored { modified, guarded, refused } = stored.unwrap();
        assert!(modified.is_empty() && !guarded && refused.is_none());
        assert_eq!(heard, "p1 NOOP\r\np2 UID STORE 1:3,7 -FLAGS.SILENT (\\Seen $Work)\r\n");
    }

    #[tokio::test]
    async fn what_changed_meanwhile_is_left_alone_and_named() {
        let script = &[("UNCHANGEDSINCE 12", "* 5 FETCH (MODSEQ (13))\r\n{tag} OK [MODIFIED 3,7] some\r\n")];
        let (outcome, heard) =
            stored("[CAPABILITY IMAP4rev1 CONDSTORE]", script, &set("1:9"), Some(12)).await;
        let Stored { modified, guarded, .. } = outcome.unwrap();
        assert_eq!((modified.to_string().as_str(), guarded), ("3,7", true));
        assert!(heard.contains("p2 UID STORE 1:9 (UNCHANGEDSINCE 12) -FLAGS.SILENT"));
        let script = &[("STORE", "{tag} OK [MODIFIED ?] some\r\n")];
        let (outcome, _) = stored("[CAPABILITY IMAP4rev1 CONDSTORE]", script, &set("1:9"), Some(12)).await;
        assert_eq!(outcome.unwrap().modified, set("1:9"));
    }

    #[tokio::test]
    async fn a_server_that_keeps_no_moments_is_not_asked_to_look_at_one() {
        let (stored, heard) = stored("[CAPABILITY IMAP4rev1]", &[], &set("1"), Some(12)).await;
        assert!(!stored.unwrap().guarded && !heard.contains("UNCHANGEDSINCE"));
    }

    #[tokio::test]
    async fn a_store_answered_with_no_is_an_error_and_a_lost_connection_leaves_the_outcome_open() {
        let (refused, _) =
            stored("[CAPABILITY IMAP4rev1]", &[("STORE", "{tag} NO\r\n")], &set("1"), None).await;
        assert!(matches!(refused, Err(Error::Refused { .. })));
        let (lost, heard) = stored("[CAPABILITY IMAP4rev1]", &[("NOOP", "")], &set("1"), None).await;
        assert!(lost.unwrap_err().is_connection_lost() && !heard.contains("STORE"));
        for answer in ["", "* BYE\r\n", "* 1 EXISTS\r\nnonsense\r\n"] {
            let (lost, heard) = stored("[CAPABILITY IMAP4rev1]", &[("STORE", answer)], &set("1"), None).await;
            let error = lost.unwrap_err();
            assert!(matches!(error, Error::OutcomeUnknown { .. }) && !error.is_connection_lost(), "{error}");
            assert_eq!(heard.lines().filter(|line| line.contains("STORE")).count(), 1);
        }
    }

    #[tokio::test]
    async fn on_a_connection_that_is_lost_already_nothing_is_done_and_that_is_clear() {
        let (mut connection, _server) = opened(9, "[CAPABILITY IMAP4rev1]", &[("NOOP", "")]).await;
        connection.noop().await.unwrap_err();
        let lost = connection.store(&set("1"), Change::Add, &[Flag::Seen], None).await.unwrap_err();
        assert!(lost.is_connection_lost());
    }

    #[tokio::test]
    async fn many_gaps_become_short_lines_that_travel_together_and_may_be_refused_one_by_one() {
        let uids: UidSet = (1..=500).step_by(2).filter_map(Uid::new).collect();
        let script = &[("STORE 201,", "{tag} NO [NOPERM] not these\r\n")];
        let (outcome, heard) = stored("[CAPABILITY IMAP4rev1]", script, &uids, None).await;
        let refused = outcome.unwrap().refused.unwrap();
        assert_eq!((refused.uids.first(), refused.uids.len()), (Uid::new(201), 100));
        assert!(refused.why.is_not_allowed());
        assert_eq!(heard.lines().count(), 1 + 3);
        assert!(heard.lines().all(|line| line.len() < 1_000));
    }

    #[tokio::test]
    async fn a_set_of_everything_is_a_thousand_commands_and_no_set_is_none() {
        let (mut connection, server) = opened(9, "[CAPABILITY IMAP4rev1]", &[]).await;
        connection.store(&set("1:4294967295"), Change::Add, &[Flag::Seen], None).await.unwrap();
        connection.store(&UidSet::default(), Change::Add, &[Flag::Seen], None).await.unwrap();
        drop(connection);
        assert_eq!(heard(server).await.lines().count(), 2 + 1_000);
    }
}
