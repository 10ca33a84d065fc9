//! SELECT (RFC 9051 §6.3.2): opens a mailbox. Not EXAMINE, since opening a message marks it as read; bodies are
//! fetched with PEEK, so that nothing else ever does.

use model::mailbox::{MailboxName, Selected};
use model::modseq::ModSeq;
use model::uid::UidValidity;

use super::{acl, object_id};
use crate::capability::Capability;
use crate::connection::{Completion, Connection, Untagged};
use crate::error::{Error, Result};
use crate::wire::command::Command;
use crate::wire::limits::Limits;
use crate::wire::response::{self, Code};

impl Connection {
    /// Opens a mailbox and asks for one's rights in it where the server keeps any. One that is open already stays so,
    /// and what is told of it is as new as the last answer.
    ///
    /// # Errors
    /// [`Error::is_mailbox_gone`] tells whether there is no such mailbox; otherwise when the server refuses or the
    /// connection is lost. Nothing is open then.
    pub async fn select(&mut self, mailbox: &MailboxName) -> Result<Selected> {
        if let Some(selected) = self.selected().filter(|selected| selected.name == *mailbox) {
            return Ok(selected.clone());
        }
        let mut commands = Vec::with_capacity(3);
        // Once for each connection, and before anything is open (RFC 5161 §3.1).
        if let Some(enable) = self.enable().await? {
            commands.push(enable);
        }
        let select = commands.len();
        commands.push(Command::new("SELECT").mailbox(mailbox)?);
        if self.capabilities().await?.has(Capability::Acl) {
            commands.push(acl::command(mailbox)?);
        }
        // Even a SELECT that is refused closes what was open (RFC 9051 §6.3.2).
        self.set_selected(None);
        let mut completions = self.run_all(&commands, Limits::SMALL).await?.into_iter().skip(select);
        let completion = completions.next().ok_or(Error::Nonsense { what: "SELECT" })??;
        let rights = completions.next().and_then(Result::ok).as_ref().and_then(acl::read);
        let selected = Selected { rights, ..read(mailbox, &completion)? };
        self.set_selected(Some(selected.clone()));
        Ok(selected)
    }

    /// The same, and what is told of a mailbox that was open already is as new as if it had just been opened.
    ///
    /// # Errors
    /// As [`Connection::select`].
    pub async fn select_anew(&mut self, mailbox: &MailboxName) -> Result<Selected> {
        if self.selected().is_some_and(|selected| selected.name == *mailbox) {
            self.noop().await?;
        }
        self.select(mailbox).await
    }

    /// Has changes counted and what vanished told by UID, on a server that can (RFC 7162 §3.1.8, §3.2.3); `None` when that
    /// was asked for before.
    async fn enable(&mut self) -> Result<Option<Command>> {
        if self.resyncs.is_some() {
            return Ok(None);
        }
        let capabilities = self.capabilities().await?;
        let can = |capability| capabilities.has(Capability::Enable) && capabilities.has(capability);
        let (qresync, condstore) = (can(Capability::QResync), can(Capability::CondStore));
        self.resyncs = Some(qresync);
        Ok(match (qresync, condstore) {
            (true, _) => Some(Command::new("ENABLE").word("QRESYNC")),
            (false, true) => Some(Command::new("ENABLE").word("CONDSTORE")),
            (false, false) => None,
        })
    }
}

fn read(mailbox: &MailboxName, completion: &Completion) -> Result<Selected> {
    let mut messages = None;
    let mut validity = None;
    let mut modseq = None;
    let mut id = None;
    for untagged in &completion.untagged {
        match untagged {
            // What came before was about the mailbox that was open till now (RFC 7162 §3.2.11).
            Untagged::Status(status) if status.code == Some(Code::Closed) => {
                (messages, validity, modseq, id) = (None, None, None, None);
            }
            Untagged::Status(status) if status.code == Some(Code::HighestModSeq) => {
                modseq = status.number().and_then(ModSeq::new);
            }
            Untagged::Status(status) if status.code == Some(Code::UidValidity) => {
                validity = status.number().and_then(|number| UidValidity::new(u32::try_from(number).ok()?));
            }
            Untagged::Status(status) if status.code == Some(Code::MailboxId) => {
                id = object_id::in_code(&status.arguments);
            }
            Untagged::Status(_) => {}
            Untagged::Data(frame) => match (response::name(frame), messages) {
                (Some((Some(count), name)), _) if name == "EXISTS" => messages = Some(count),
                (Some((Some(_), name)), Some(count)) if name == "EXPUNGE" => {
                    messages = Some(count.saturating_sub(1));
                }
                _ => {}
            },
        }
    }
    Ok(Selected {
        name: mailbox.clone(),
        validity,
        modseq,
        id,
        // Every server must say EXISTS; one that does not has told nothing about the mailbox.
        messages: messages.ok_or(Error::Nonsense { what: "SELECT without EXISTS" })?,
        read_only: completion.code == Some(Code::ReadOnly),
        rights: None,
    })
}

#[cfg(test)]
mod tests {
    use model::mailbox::{MailboxName, Selected};
    use model::object_id::ObjectId;
    use model::rights::Right;

    use crate::error::{Error, Result};
    use crate::scripted::{greeted, heard, opened};

    async fn selected(answer: &'static str) -> Result<Selected> {
        let (mut connection, _server) = greeted("[CAPABILITY IMAP4rev1]", &[("SELECT", answer)]).await;
        connection.select(&MailboxName::inbox()).await
    }

    #[tokio::test]
    async fn number_epoch_and_access_are_read_among_words_of_extensions() {
        let selected = selected(
            "* FLAGS (\\Seen)\r\n* OK [PERMANENTFLAGS ()] none\r\n* 3 EXISTS\r\n* 0 RECENT\r\n\
             * OK [UIDVALIDITY 7]\u{2013} dash\r\n* OK [HIGHESTMODSEQ 99] x\r\n* OK [MAILBOXID (F1)]\r\n\
             * VANISHED (EARLIER) 1:4\r\n* 2 EXPUNGE\r\n{tag} OK [READ-ONLY] done\r\n",
        )
        .await
        .unwrap();
        assert_eq!((selected.messages, selected.validity.map(|validity| validity.get())), (2, Some(7)));
        assert_eq!(selected.modseq.map(|modseq| modseq.get()), Some(99));
        assert_eq!(selected.id.as_ref().map(ObjectId::as_str), Some("F1"));
        assert!(selected.read_only && selected.rights.is_none());
    }

    #[tokio::test]
    async fn a_select_that_tells_no_number_of_messages_is_no_answer() {
        assert!(matches!(selected("{tag} OK done\r\n").await, Err(Error::Nonsense { .. })));
    }

    #[tokio::test]
    async fn a_mailbox_that_is_gone_and_one_that_is_refused_are_told_apart() {
        let gone = selected("{tag} NO [NONEXISTENT] gone\r\n").await.unwrap_err();
        let refused = selected("{tag} NO [NOPERM] not yours\r\n").await.unwrap_err();
        let uncoded = selected("{tag} NO Mailbox doesn't exist\r\n").await.unwrap_err();
        assert!(gone.is_mailbox_gone() && !gone.is_not_allowed());
        assert!(uncoded.is_mailbox_gone());
        assert!(refused.is_not_allowed() && !refused.is_mailbox_gone());
    }

    #[tokio::test]
    async fn rights_are_asked_for_along_the_way_and_a_refusal_of_them_is_no_failure() {
        let exists = ("SELECT", "* 1 EXISTS\r\n{tag} OK\r\n");
        let rights = ("MYRIGHTS", "* MYRIGHTS INBOX lrs\r\n{tag} OK\r\n");
        let (mut connection, _server) = greeted("[CAPABILITY IMAP4rev1 ACL]", &[exists, rights]).await;
        let selected = connection.select(&MailboxName::inbox()).await.unwrap();
        assert!(
            selected.rights.is_some_and(|rights| rights.allow(Right::Read) && !rights.allow(Right::Expunge))
        );
        let refused = ("MYRIGHTS", "{tag} NO\r\n");
        let (mut connection, _server) = greeted("[CAPABILITY IMAP4rev1 ACL]", &[exists, refused]).await;
        assert!(connection.select(&MailboxName::inbox()).await.unwrap().rights.is_none());
    }

    #[tokio::test]
    async fn a_refused_select_closes_what_was_open() {
        let (mut connection, _server) =
            opened(5, "[CAPABILITY IMAP4rev1]", &[("SELECT", "{tag} NO\r\n")]).await;
        let other = MailboxName::new("Other").unwrap();
        assert!(connection.select(&other).await.is_err());
        assert!(connection.selected().is_none() && !connection.is_broken());
    }

    #[tokio::test]
    async fn what_is_open_already_is_not_opened_again() {
        let (mut connection, server) = opened(5, "[CAPABILITY IMAP4rev1]", &[]).await;
        assert_eq!(connection.select(&MailboxName::inbox()).await.unwrap().messages, 5);
        drop(connection);
        assert_eq!(heard(server).await, "");
    }
}
