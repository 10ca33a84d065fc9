//! STATUS (RFC 9051 §6.3.11): a mailbox in numbers, without opening it.

use model::mailbox::{MailboxName, PartialStatus, Status};

use super::by_name::by_name;
use crate::connection::Connection;
use crate::error::Result;
use crate::wire::command::Command;
use crate::wire::limits::Limits;
use crate::wire::mailbox_name;
use crate::wire::response::Data;
use crate::wire::token::Token;

impl Connection {
    /// Messages and unseen messages of each mailbox, in the same order; `None` for one that does not tell.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn status(&mut self, mailboxes: &[MailboxName]) -> Result<Vec<Option<Status>>> {
        let commands = mailboxes.iter().map(command).collect::<Result<Vec<_>>>()?;
        let completions = self.run_all(&commands, Limits::SMALL).await?;
        let told = by_name(mailboxes, completions, read_partial);
        // News of a mailbox may come between, with fewer numbers.
        let whole = |told: Vec<PartialStatus>| told.into_iter().reduce(|older, newer| newer.over(older));
        Ok(told.into_iter().map(|told| Some(whole(told)?.onto(Status::default()))).collect())
    }
}

pub(super) fn command(mailbox: &MailboxName) -> Result<Command> {
    Ok(Command::new("STATUS").mailbox(mailbox)?.word("(MESSAGES UNSEEN)"))
}

/// Reads `* STATUS name (…)`: the name, decoded, and the numbers. Items that we don't know are skipped.
pub(super) fn read(data: &Data<'_>) -> Option<(String, Status)> {
    read_partial(data).map(|(name, status)| (name, status.onto(Status::default())))
}

/// The same for numbers of which only those are told that changed.
pub(crate) fn read_partial(data: &Data<'_>) -> Option<(String, PartialStatus)> {
    if data.name != "STATUS" {
        return None;
    }
    let name = mailbox_name::decode(data.tokens.first()?.astring()?);
    let mut status = PartialStatus::default();
    for pair in data.tokens.get(1)?.list()?.chunks(2) {
        let (Some(item), Some(number)) =
            (pair.first().and_then(Token::word), pair.get(1).and_then(Token::number))
        else {
            continue;
        };
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        match item.as_str() {
            "MESSAGES" => status.messages = Some(number),
            "UNSEEN" => status.unseen = Some(number),
            _ => {}
        }
    }
    Some((name, status))
}

#[cfg(test)]
mod tests {
    use model::mailbox::{MailboxName, Status};

    use super::read;
    use crate::scripted::greeted;
    use crate::wire::frame::Frame;
    use crate::wire::response::data;

    #[test]
    fn items_of_other_extensions_do_no_harm() {
        let frame = Frame::from(
            b"* STATUS {3}\r\nA b (SIZE 99999999999 DELETED 1 MAILBOXID (F1) MESSAGES 4 APPENDLIMIT NIL HIGHESTMODSEQ 7 UNSEEN 2)".to_vec(),
        );
        let (name, status) = read(&data(&frame).unwrap()).unwrap();
        assert_eq!((name.as_str(), status.messages, status.unseen), ("A b", 4, 2));
    }

    #[tokio::test]
    async fn a_mailbox_that_refuses_costs_the_others_nothing() {
        let script = &[
            ("inbox", "* STATUS INBOX (MESSAGES 3 UNSEEN 1)\r\n{tag} OK\r\n"),
            ("INBOX", "* STATUS inbox (MESSAGES 3 UNSEEN 1)\r\n{tag} OK\r\n"),
            ("Gone", "{tag} NO [NONEXISTENT] gone\r\n"),
        ];
        let (mut connection, _server) = greeted("[CAPABILITY IMAP4rev1]", script).await;
        let names = [MailboxName::new("Gone").unwrap(), MailboxName::inbox()];
        let status = connection.status(&names).await.unwrap();
        assert_eq!(status, [None, Some(Status { messages: 3, unseen: 1 })]);
        assert_eq!(connection.status(&[]).await.unwrap(), []);
    }

    #[tokio::test]
    async fn answers_out_of_order_are_told_apart_by_their_names_and_others_by_their_place() {
        let script = &[
            ("\"Refused\"", "* STATUS inbox (MESSAGES 3 UNSEEN 1)\r\n{tag} NO\r\n"),
            ("\"b\"", "* STATUS c (MESSAGES 2 UNSEEN 0)\r\n{tag} OK\r\n"),
            ("\"c\"", "{tag} OK\r\n"),
            ("\"D\"", "* STATUS d (MESSAGES 4 UNSEEN 4)\r\n* STATUS b (MESSAGES 9 UNSEEN 9)\r\n{tag} OK\r\n"),
        ];
        let (mut connection, _server) = greeted("[CAPABILITY IMAP4rev1]", script).await;
        let names = ["Refused", "b", "c", "INBOX", "D"].map(|name| MailboxName::new(name).unwrap());
        let status = connection.status(&names).await.unwrap();
        let messages: Vec<_> = status.iter().map(|status| status.map(|status| status.messages)).collect();
        assert_eq!(messages, [None, Some(9), Some(2), Some(3), Some(4)]);
    }
}
