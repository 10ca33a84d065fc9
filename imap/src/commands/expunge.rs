//! EXPUNGE by UID (UIDPLUS, RFC 4315 §2.1). Never EXPUNGE alone (RFC 9051 §6.4.3): that would remove whatever other
//! programs of the same person have marked, too.

use model::flag::Flag;
use model::uid_set::UidSet;

use super::change::{Refused, settled};
use super::store::{self, Change};
use crate::capability::Capability;
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::wire::command::Command;
use crate::wire::limits;

/// What became of messages that were to be removed.
#[derive(Debug)]
pub struct Expunged {
    /// How far it went.
    pub removal: Removal,
    /// Those that the server refused to remove, or to mark.
    pub refused: Option<Refused>,
}

/// How far messages can be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// They are gone for good.
    Removed,
    /// They are marked (`\Deleted`), and go when some program expunges the mailbox: the server has no way of removing
    /// these and no others.
    Marked,
}

impl Connection {
    /// Removes messages of the open mailbox for good, or as far as the server lets these be removed and no others.
    ///
    /// # Errors
    /// When the server refuses all of it; [`Error::OutcomeUnknown`] when the connection is lost.
    pub async fn expunge(&mut self, uids: &UidSet) -> Result<Expunged> {
        let mark = |uids: &UidSet| store::command(uids, Change::Add, &[Flag::Deleted], None);
        if !self.capabilities().await?.has(Capability::UidPlus) {
            let (_, refused) = settled(self.change(uids, mark).await?)?;
            return Ok(Expunged { removal: Removal::Marked, refused });
        }
        let portions = uids.portions(limits::RANGES, limits::most_changed(uids.len()));
        let mut commands = Vec::with_capacity(portions.len() * 2);
        for uids in &portions {
            // What could not be marked is not removed, so the second need not wait for the first.
            commands.push(mark(uids)?);
            commands.push(Command::new("UID EXPUNGE").value(uids)?);
        }
        if commands.is_empty() {
            return Ok(Expunged { removal: Removal::Removed, refused: None });
        }
        let mut completions = self.run_changes(&commands, "UID EXPUNGE").await?.into_iter();
        let mut parts = Vec::with_capacity(portions.len());
        for uids in portions {
            let (Some(marked), Some(removed)) = (completions.next(), completions.next()) else {
                return Err(Error::Nonsense { what: "completion" }.of_change("UID EXPUNGE"));
            };
            parts.push((uids, marked.and(removed)));
        }
        let (_, refused) = settled(parts)?;
        Ok(Expunged { removal: Removal::Removed, refused })
    }
}

#[cfg(test)]
mod tests {
    use model::uid_set::UidSet;

    use super::{Expunged, Removal};
    use crate::error::{Error, Result};
    use crate::scripted::{Script, heard, opened};

    async fn expunged(capabilities: &str, script: &Script) -> (Result<Expunged>, String) {
        let (mut connection, server) = opened(9, capabilities, script).await;
        let expunged = connection.expunge(&UidSet::from_wire("3:5").unwrap()).await;
        drop(connection);
        (expunged, heard(server).await)
    }

    const UIDPLUS: &str = "[CAPABILITY IMAP4rev1 UIDPLUS]";

    #[tokio::test]
    async fn these_messages_are_removed_and_no_others() {
        let (expunged, heard) = expunged(UIDPLUS, &[("EXPUNGE", "* 3 EXPUNGE\r\n{tag} OK\r\n")]).await;
        assert_eq!(expunged.unwrap().removal, Removal::Removed);
        assert_eq!(heard, "p1 NOOP\r\np2 UID STORE 3:5 +FLAGS.SILENT (\\Deleted)\r\np3 UID EXPUNGE 3:5\r\n");
    }

    #[tokio::test]
    async fn where_others_would_be_removed_too_these_are_only_marked() {
        let (expunged, heard) = expunged("[CAPABILITY IMAP4rev1]", &[]).await;
        assert_eq!(expunged.unwrap().removal, Removal::Marked);
        assert_eq!(heard, "p1 NOOP\r\np2 UID STORE 3:5 +FLAGS.SILENT (\\Deleted)\r\n");
    }

    #[tokio::test]
    async fn an_expunge_answered_with_no_is_an_error() {
        for command in ["STORE", "EXPUNGE"] {
            let (refused, _) = expunged(UIDPLUS, &[(command, "{tag} NO [NOPERM] no\r\n")]).await;
            assert!(refused.unwrap_err().is_not_allowed(), "{command}");
        }
        let (lost, _) = expunged(UIDPLUS, &[("EXPUNGE", "")]).await;
        assert!(matches!(lost, Err(Error::OutcomeUnknown { .. })));
    }
}
