//! GETMETADATA (RFC 5464 §4.2): what people or administrators wrote about a mailbox, or about the server.

use model::mailbox::MailboxName;

use crate::capability::Capability;
use crate::connection::{Completion, Connection};
use crate::error::Result;
use crate::wire::command::Command;
use crate::wire::limits::Limits;
use crate::wire::token::Token;

/// Most characters that are taken of one entry.
const LONGEST: usize = 4096;

/// An entry about a mailbox (RFC 5464 §6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// One's own words about it: `/private/comment`.
    PrivateComment,
    /// Words about it for everybody who sees it: `/shared/comment`.
    SharedComment,
}

/// An entry about the server (RFC 5464 §6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerEntry {
    /// Words about it: `/shared/comment`.
    Comment,
    /// How to reach its administrator, as an address of some scheme: `/shared/admin`.
    Admin,
}

impl Entry {
    fn name(self) -> &'static str {
        match self {
            Self::PrivateComment => "/private/comment",
            Self::SharedComment => "/shared/comment",
        }
    }
}

impl ServerEntry {
    fn name(self) -> &'static str {
        match self {
            Self::Comment => "/shared/comment",
            Self::Admin => "/shared/admin",
        }
    }
}

impl Connection {
    /// What an entry about a mailbox holds; `None` when nothing was written, and on a server without METADATA.
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn metadata(&mut self, mailbox: &MailboxName, entry: Entry) -> Result<Option<String>> {
        if !self.capabilities().await?.has(Capability::Metadata) {
            return Ok(None);
        }
        let command = Command::new("GETMETADATA").mailbox(mailbox)?.word(entry.name());
        Ok(read(&self.run(command, Limits::SMALL).await?, entry.name()))
    }

    /// What an entry about the server holds, as [`Connection::metadata`]; METADATA-SERVER is enough for it.
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn server_metadata(&mut self, entry: ServerEntry) -> Result<Option<String>> {
        let capabilities = self.capabilities().await?;
        if !capabilities.has(Capability::Metadata) && !capabilities.has(Capability::MetadataServer) {
            return Ok(None);
        }
        let command = Command::new("GETMETADATA").word("\"\"").word(entry.name());
        Ok(read(&self.run(command, Limits::SMALL).await?, entry.name()))
    }
}

/// Reads `* METADATA name (entry value …)`. One command asks for one entry of one mailbox, so that the name, which
/// servers spell as they like, need not be looked at. News of changes have no values and are skipped (§4.4.2).
fn read(completion: &Completion, entry: &str) -> Option<String> {
    completion.data().filter(|data| data.name == "METADATA").find_map(|data| {
        let pairs = data.tokens.get(1)?.list()?;
        let found = pairs.chunks(2).find(|pair| {
            pair.first()
                .and_then(Token::bytes)
                .is_some_and(|name| name.eq_ignore_ascii_case(entry.as_bytes()))
        })?;
        let text = found.get(1)?.text()?;
        Some(text.chars().filter(|c| !c.is_control() || *c == '\n').take(LONGEST).collect())
    })
}

#[cfg(test)]
mod tests {
    use model::mailbox::MailboxName;

    use super::{Entry, ServerEntry};
    use crate::error::Error;
    use crate::scripted::{Script, greeted, heard};

    async fn comment(stated: &str, script: &Script) -> (Result<Option<String>, Error>, String) {
        let (mut connection, server) = greeted(&format!("[CAPABILITY IMAP4rev1 {stated}]"), script).await;
        let told = connection.metadata(&MailboxName::inbox(), Entry::PrivateComment).await;
        drop(connection);
        (told, heard(server).await)
    }

    #[tokio::test]
    async fn an_entry_is_found_among_news_and_other_entries() {
        let answer = "* METADATA \"INBOX\" /private/comment\r\n* METADATA inbox /shared/x /private/comment\r\n\
             * METADATA \"inbox\" (/shared/comment \"theirs\" /Private/Comment {11}\r\n(my\u{1}\r\n own))\r\n{tag} OK\r\n";
        let (told, heard) = comment("METADATA", &[("GETMETADATA", answer)]).await;
        assert_eq!(told.unwrap().as_deref(), Some("(my\n own)"));
        assert_eq!(heard, "p1 GETMETADATA \"INBOX\" /private/comment\r\n");
    }

    #[tokio::test]
    async fn an_entry_that_nobody_wrote_is_none_and_a_refusal_is_an_error() {
        for answer in ["{tag} OK\r\n", "* METADATA INBOX (/private/comment NIL)\r\n{tag} OK\r\n"] {
            assert_eq!(comment("METADATA", &[("GETMETADATA", answer)]).await.0.unwrap(), None);
        }
        let (told, _) = comment("METADATA", &[("GETMETADATA", "{tag} NO [NOPERM] not yours\r\n")]).await;
        assert!(told.unwrap_err().is_not_allowed());
        let (told, heard) = comment("METADATA-SERVER", &[]).await;
        assert!(told.unwrap().is_none() && heard.is_empty());
    }

    #[tokio::test]
    async fn a_server_tells_about_itself_where_it_can() {
        let script =
            &[("/shared/admin", "* METADATA \"\" (/shared/admin \"mailto:x@y.test\")\r\n{tag} OK\r\n")];
        let (mut connection, server) = greeted("[CAPABILITY IMAP4rev1 METADATA-SERVER]", script).await;
        let admin = connection.server_metadata(ServerEntry::Admin).await.unwrap();
        assert_eq!(admin.as_deref(), Some("mailto:x@y.test"));
        assert_eq!(connection.server_metadata(ServerEntry::Comment).await.unwrap(), None);
        drop(connection);
        assert!(heard(server).await.starts_with("p1 GETMETADATA \"\" /shared/admin\r\n"));
    }
}
