//! Reads names that servers give to things for good (RFC 8474): MAILBOXID of SELECT and STATUS, EMAILID and THREADID of
//! FETCH. Each stands in a list of its own.

use model::mailbox::MailboxName;
use model::object_id::ObjectId;

use super::by_name::by_name;
use crate::capability::Capability;
use crate::connection::Connection;
use crate::error::Result;
use crate::wire::command::Command;
use crate::wire::limits::Limits;
use crate::wire::mailbox_name;
use crate::wire::response::Data;
use crate::wire::token::{self, Token};

impl Connection {
    /// The id of each mailbox, in the same order; `None` for one that does not tell, and for all on a server without
    /// OBJECTID. A mailbox that was renamed keeps its id.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn mailbox_ids(&mut self, mailboxes: &[MailboxName]) -> Result<Vec<Option<ObjectId>>> {
        if !self.capabilities().await?.has(Capability::ObjectId) {
            return Ok(vec![None; mailboxes.len()]);
        }
        let ask = |mailbox| Ok(Command::new("STATUS").mailbox(mailbox)?.word("(MAILBOXID)"));
        let commands = mailboxes.iter().map(ask).collect::<Result<Vec<_>>>()?;
        let completions = self.run_all(&commands, Limits::SMALL).await?;
        let told = by_name(mailboxes, completions, in_status);
        Ok(told.into_iter().map(|told| told.into_iter().next()).collect())
    }
}

fn in_status(data: &Data<'_>) -> Option<(String, ObjectId)> {
    if data.name != "STATUS" {
        return None;
    }
    let name = mailbox_name::decode(data.tokens.first()?.astring()?);
    let items = data.tokens.get(1)?.list()?;
    let pair = items
        .chunks(2)
        .find(|pair| pair.first().and_then(Token::word).is_some_and(|name| name == "MAILBOXID"))?;
    Some((name, read(pair.get(1)?)?))
}

/// The arguments of the response code `[MAILBOXID (F1)]` of SELECT.
pub(super) fn in_code(arguments: &[u8]) -> Option<ObjectId> {
    token::read(arguments).first().and_then(read)
}

/// `(M1)`; a THREADID may be `NIL`.
pub(super) fn read(token: &Token<'_>) -> Option<ObjectId> {
    ObjectId::new(token.list()?.first()?.text()?)
}

#[cfg(test)]
mod tests {
    use model::mailbox::MailboxName;
    use model::object_id::ObjectId;

    use super::in_code;
    use crate::scripted::{greeted, heard};

    #[test]
    fn an_id_stands_in_its_list() {
        assert_eq!(in_code(b"(F2212ea87-6097_x)"), ObjectId::new("F2212ea87-6097_x"));
        for bad in ["", "NIL", "()", "(NIL)", "F1", "(\"a b\")", "((F1))"] {
            assert_eq!(in_code(bad.as_bytes()), None, "{bad}");
        }
    }

    #[tokio::test]
    async fn mailboxes_tell_their_ids_each_for_itself() {
        let script = &[
            ("INBOX", "* STATUS inbox (MESSAGES 4 MAILBOXID (F1))\r\n{tag} OK\r\n"),
            ("Gone", "{tag} NO [NONEXISTENT]\r\n"),
            ("Odd", "* STATUS Odd (MAILBOXID NIL)\r\n{tag} OK\r\n"),
        ];
        let names = ["Gone", "INBOX", "Odd"].map(|name| MailboxName::new(name).unwrap());
        let (mut connection, _server) = greeted("[CAPABILITY IMAP4rev1 OBJECTID]", script).await;
        assert_eq!(connection.mailbox_ids(&names).await.unwrap(), [None, ObjectId::new("F1"), None]);
        let (mut connection, server) = greeted("[CAPABILITY IMAP4rev1]", script).await;
        assert_eq!(connection.mailbox_ids(&names).await.unwrap(), [None, None, None]);
        drop(connection);
        assert_eq!(heard(server).await, "");
    }
}
