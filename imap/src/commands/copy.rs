//! COPY (RFC 9051 §6.4.7), and what servers tell of the copies (UIDPLUS, RFC 4315 §3).

use model::mailbox::MailboxName;
use model::uid::UidValidity;
use model::uid_pairs::UidPairs;
use model::uid_set::UidSet;

use super::change::{Refused, settled};
use crate::connection::{Completion, Connection, Untagged};
use crate::error::Result;
use crate::wire::command::Command;
use crate::wire::response::{Code, Status};

/// What became of messages that were copied or moved. Messages that are gone are no failure.
#[derive(Debug, Default)]
pub struct Copied {
    /// The epoch of the copies' UIDs; `None` where the server does not tell.
    pub validity: Option<UidValidity>,
    /// Messages and their copies, as far as the server told.
    pub pairs: UidPairs,
    /// Those that the server refused after it had taken others.
    pub refused: Option<Refused>,
}

impl Connection {
    /// Copies messages of the open mailbox into another.
    ///
    /// # Errors
    /// When the server refuses all of it: [`is_mailbox_gone`](crate::Error::is_mailbox_gone) and
    /// [`is_over_quota`](crate::Error::is_over_quota) tell why. [`OutcomeUnknown`](crate::Error::OutcomeUnknown) when the
    /// connection is lost.
    pub async fn copy(&mut self, uids: &UidSet, to: &MailboxName) -> Result<Copied> {
        self.copy_by("UID COPY", uids, to).await.map(|(_, copied)| copied)
    }

    /// The same by either command, with the messages to which it was not refused.
    pub(super) async fn copy_by(
        &mut self,
        name: &'static str,
        uids: &UidSet,
        to: &MailboxName,
    ) -> Result<(UidSet, Copied)> {
        let parts = self.change(uids, |uids| Command::new(name).value(uids)?.mailbox(to)).await?;
        let (done, refused) = settled(parts)?;
        let mut copied = Copied { refused, ..Copied::default() };
        let mut taken = UidSet::default();
        for (uids, completion) in done {
            taken = taken.union(&uids);
            for (validity, pairs) in told(&completion) {
                // Copies in two epochs: the mailbox was made anew in between, and the older ones mean nothing.
                if copied.validity != Some(validity) {
                    copied.pairs = UidPairs::default();
                }
                copied.validity = Some(validity);
                copied.pairs.extend(pairs);
            }
        }
        Ok((taken, copied))
    }
}

/// Reads `[COPYUID 38505 304,319:320 3956:3958]`, which COPY has in its completion and MOVE before (RFC 6851 §4.3). What
/// can't be understood tells nothing.
fn told(completion: &Completion) -> impl Iterator<Item = (UidValidity, UidPairs)> {
    let before = completion.untagged.iter().filter_map(|untagged| match untagged {
        Untagged::Status(Status { code: Some(code), arguments, .. }) => Some((code, arguments)),
        _ => None,
    });
    let last = completion.code.as_ref().map(|code| (code, &completion.arguments));
    before.chain(last).filter(|(code, _)| **code == Code::CopyUid).filter_map(|(_, arguments)| {
        let mut words = std::str::from_utf8(arguments).ok()?.split_ascii_whitespace();
        let validity = words.next()?.parse().ok()?;
        Some((validity, UidPairs::from_wire(words.next()?, words.next()?).ok()?))
    })
}

#[cfg(test)]
mod tests {
    use model::mailbox::MailboxName;
    use model::uid::Uid;
    use model::uid_set::UidSet;

    use super::Copied;
    use crate::error::{Error, Result};
    use crate::scripted::{Script, heard, opened};

    async fn copied(script: &Script) -> (Result<Copied>, String) {
        let (mut connection, server) = opened(9, "[CAPABILITY IMAP4rev1 UIDPLUS]", script).await;
        let uids = UidSet::from_wire("3:5").unwrap();
        let copied = connection.copy(&uids, &MailboxName::new("Büro \"x\"").unwrap()).await;
        drop(connection);
        (copied, heard(server).await)
    }

    #[tokio::test]
    async fn copies_are_told_in_pairs() {
        let (copied, heard) = copied(&[("COPY", "{tag} OK [COPYUID 38505 3,5 70:71] done\r\n")]).await;
        let Copied { validity, pairs, refused } = copied.unwrap();
        assert_eq!(validity.map(|validity| validity.get()), Some(38_505));
        assert_eq!(Uid::new(5).and_then(|uid| pairs.copy_of(uid)), Uid::new(71));
        assert!(refused.is_none());
        assert_eq!(heard, "p1 NOOP\r\np2 UID COPY 3:5 \"B&APw-ro \\\"x\\\"\"\r\n");
    }

    #[tokio::test]
    async fn a_server_that_tells_nothing_or_nonsense_of_the_copies_has_made_them_all_the_same() {
        for answer in ["{tag} OK\r\n", "{tag} OK [COPYUID 1 3:5 1] x\r\n", "{tag} OK [COPYUID] x\r\n"] {
            let copied = copied(&[("COPY", answer)]).await.0.unwrap();
            assert!(copied.pairs.is_empty() && copied.refused.is_none(), "{answer}");
        }
    }

    #[tokio::test]
    async fn why_a_copy_was_refused_is_told() {
        let (gone, _) = copied(&[("COPY", "{tag} NO [TRYCREATE] no such\r\n")]).await;
        assert!(gone.unwrap_err().is_mailbox_gone());
        let (full, _) = copied(&[("COPY", "{tag} NO [OVERQUOTA] full\r\n")]).await;
        assert!(full.unwrap_err().is_over_quota());
    }

    #[tokio::test]
    async fn a_connection_lost_during_a_copy_leaves_the_outcome_open() {
        let (lost, heard) = copied(&[("COPY", "")]).await;
        assert!(matches!(lost, Err(Error::OutcomeUnknown { command: "UID COPY", .. })));
        assert_eq!(heard, "p1 NOOP\r\np2 UID COPY 3:5 \"B&APw-ro \\\"x\\\"\"\r\n");
    }
}
