//! MYRIGHTS (RFC 4314 §3.5): what one may do in a mailbox.

use model::mailbox::MailboxName;
use model::rights::Rights;

use crate::capability::Capability;
use crate::connection::{Completion, Connection};
use crate::error::Result;
use crate::wire::command::Command;
use crate::wire::limits::Limits;
use crate::wire::token::Token;

impl Connection {
    /// One's rights in a mailbox; `None` on a server without ACL, which keeps no rights.
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn my_rights(&mut self, mailbox: &MailboxName) -> Result<Option<Rights>> {
        if !self.capabilities().await?.has(Capability::Acl) {
            return Ok(None);
        }
        Ok(read(&self.run(command(mailbox)?, Limits::SMALL).await?))
    }
}

pub(super) fn command(mailbox: &MailboxName) -> Result<Command> {
    Command::new("MYRIGHTS").mailbox(mailbox)
}

/// Reads `* MYRIGHTS name letters`.
pub(super) fn read(completion: &Completion) -> Option<Rights> {
    let data = completion.data().find(|data| data.name == "MYRIGHTS")?;
    data.tokens.get(1).and_then(Token::text).map(|letters| Rights::from_letters(&letters))
}
