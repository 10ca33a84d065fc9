//! MOVE (RFC 6851), and what stands in for it: COPY, and the originals removed by their UIDs.

use model::mailbox::MailboxName;
use model::uid_set::UidSet;

use super::change::Refused;
use super::copy::Copied;
use super::expunge::{Expunged, Removal};
use super::search::numbers;
use crate::capability::Capability;
use crate::connection::{Completion, Connection};
use crate::error::{Error, Result};
use crate::wire::command::Command;
use crate::wire::limits::{self, Limits};

/// What became of messages that were moved.
#[derive(Debug)]
pub struct Moved {
    /// Their copies in the other mailbox.
    pub copied: Copied,
    /// The originals of those that were copied. On servers with MOVE they are gone.
    pub originals: Expunged,
}

impl Connection {
    /// Moves messages of the open mailbox into another.
    ///
    /// Without MOVE they are copied first, and only what was copied is removed after that; without UIDPLUS, too, the
    /// originals stay, marked, since they could not be removed without others ([`Removal::Marked`]).
    ///
    /// # Errors
    /// As [`Connection::copy`]. Nothing was copied when it was refused; when the outcome is unknown, some messages may be
    /// in both mailboxes, and none is in neither.
    pub async fn move_to(&mut self, uids: &UidSet, to: &MailboxName) -> Result<Moved> {
        if self.capabilities().await?.has(Capability::Move) {
            let (_, copied) = self.copy_by("UID MOVE", uids, to).await?;
            return Ok(Moved { copied, originals: Expunged { removal: Removal::Removed, refused: None } });
        }
        // A message that arrives between COPY and EXPUNGE may have a UID of the set and no copy.
        let there = self.among(uids).await?;
        let (taken, copied) = self.copy_by("UID COPY", &there, to).await?;
        let originals = match self.expunge(&taken).await {
            Err(why @ Error::Refused { .. }) => {
                Expunged { removal: Removal::Marked, refused: Some(Refused { uids: taken, why }) }
            }
            Err(error) => return Err(error.of_change("UID EXPUNGE")),
            Ok(originals) => originals,
        };
        Ok(Moved { copied, originals })
    }

    /// Those UIDs that messages of the open mailbox have.
    async fn among(&mut self, uids: &UidSet) -> Result<UidSet> {
        let portions = uids.portions(limits::RANGES, u32::MAX);
        self.noop().await?;
        let mut commands = Vec::with_capacity(portions.len());
        for uids in &portions {
            commands.push(Command::new("UID SEARCH").word("UID").value(uids)?);
        }
        let completions =
            self.run_all(&commands, Limits::SEARCH).await?.into_iter().collect::<Result<Vec<_>>>()?;
        // Which search an answer belongs to does not matter: what is wanted is all of them together.
        let frames = completions.iter().flat_map(Completion::frames);
        Ok(frames.flat_map(|frame| numbers(frame, "SEARCH")).filter(|uid| uids.contains(*uid)).collect())
    }
}

#[cfg(test)]
mod tests {
    use model::mailbox::MailboxName;
    use model::uid_set::UidSet;

    use super::{Moved, Removal};
    use crate::error::{Error, Result};
    use crate::scripted::{Script, heard, opened};

    async fn moved(capabilities: &str, script: &Script) -> (Result<Moved>, Vec<String>) {
        let (mut connection, server) = opened(9, capabilities, script).await;
        let to = MailboxName::new("Trash").unwrap();
        let moved = connection.move_to(&UidSet::from_wire("3:5").unwrap(), &to).await;
        drop(connection);
        let heard = heard(server).await;
        let commands = heard.lines().filter_map(|line| line.split_once(' ')).map(|(_, command)| command);
        (moved, commands.filter(|command| *command != "NOOP").map(str::to_owned).collect())
    }

    #[tokio::test]
    async fn the_copies_are_told_before_the_originals_go() {
        let answer =
            "* OK [COPYUID 8 3:5 10:12] moved\r\n* 3 EXPUNGE\r\n* 3 EXPUNGE\r\n* 3 EXPUNGE\r\n{tag} OK\r\n";
        let (moved, heard) = moved("[CAPABILITY IMAP4rev1 MOVE]", &[("UID MOVE", answer)]).await;
        let Moved { copied, originals } = moved.unwrap();
        assert_eq!(
            (copied.pairs.copies().to_string().as_str(), originals.removal),
            ("10:12", Removal::Removed)
        );
        assert_eq!(heard, ["UID MOVE 3:5 \"Trash\""]);
    }

    const SEARCH: (&str, &str) = ("UID SEARCH", "* SEARCH 3 5\r\n{tag} OK\r\n");

    #[tokio::test]
    async fn without_move_what_is_there_is_copied_and_then_removed() {
        let script = &[SEARCH, ("COPY", "{tag} OK [COPYUID 8 3,5 10:11] x\r\n")];
        let (moved, heard) = moved("[CAPABILITY IMAP4rev1 UIDPLUS]", script).await;
        let Moved { copied, originals } = moved.unwrap();
        assert_eq!((copied.pairs.originals().len(), originals.removal), (2, Removal::Removed));
        assert_eq!(
            heard,
            [
                "UID SEARCH UID 3:5",
                "UID COPY 3,5 \"Trash\"",
                "UID STORE 3,5 +FLAGS.SILENT (\\Deleted)",
                "UID EXPUNGE 3,5"
            ]
        );
    }

    #[tokio::test]
    async fn without_uidplus_the_originals_stay_and_are_marked() {
        let (moved, heard) = moved("[CAPABILITY IMAP4rev1]", &[SEARCH]).await;
        let Moved { originals, .. } = moved.unwrap();
        assert_eq!((originals.removal, heard.len()), (Removal::Marked, 3));
        assert!(!heard.iter().any(|line| line.contains("EXPUNGE")));
    }

    #[tokio::test]
    async fn what_was_not_copied_is_not_removed() {
        let script = &[SEARCH, ("COPY", "{tag} NO [OVERQUOTA] full\r\n")];
        let (refused, heard) = moved("[CAPABILITY IMAP4rev1 UIDPLUS]", script).await;
        assert!(refused.unwrap_err().is_over_quota());
        assert_eq!(heard.len(), 2);
        let (lost, heard) = moved("[CAPABILITY IMAP4rev1 UIDPLUS]", &[SEARCH, ("COPY", "")]).await;
        assert!(matches!(lost, Err(Error::OutcomeUnknown { .. })));
        assert_eq!(heard.len(), 2);
    }

    #[tokio::test]
    async fn originals_that_may_not_be_removed_are_said_to_be_there_still() {
        let script = &[SEARCH, ("STORE", "{tag} NO [NOPERM] no\r\n")];
        let (moved, _) = moved("[CAPABILITY IMAP4rev1 UIDPLUS]", script).await;
        let refused = moved.unwrap().originals.refused.unwrap();
        assert!(refused.uids.to_string() == "3,5" && refused.why.is_not_allowed());
    }

    #[tokio::test]
    async fn nothing_that_is_there_is_nothing_to_move() {
        let (moved, heard) = moved("[CAPABILITY IMAP4rev1]", &[("SEARCH", "* SEARCH\r\n{tag} OK\r\n")]).await;
        assert!(moved.unwrap().copied.pairs.is_empty());
        assert_eq!(heard.len(), 1);
    }
}
