//! MYRIGHTS (RFC 4314 §3.5): what one may do in a mailbox.

use model::mailbox::MailboxName;
use model::rights::Rights;

use super::by_name::by_name;
use crate::capability::Capability;
use crate::connection::{Completion, Connection};
use crate::error::Result;
use crate::wire::command::Command;
use crate::wire::limits::{Limits, SINGLE_RIGHTS};
use crate::wire::mailbox_name;
use crate::wire::response::Data;
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

    /// One's rights in each mailbox, in the same order; `None` for one that does not tell, and for all on a server without
    /// ACL. All travel together.
    ///
    /// # Errors
    /// When the connection is lost.
    pub(super) async fn rights(&mut self, mailboxes: &[MailboxName]) -> Result<Vec<Option<Rights>>> {
        if !self.capabilities().await?.has(Capability::Acl) {
            return Ok(vec![None; mailboxes.len()]);
        }
        let commands = mailboxes.iter().map(command).collect::<Result<Vec<_>>>()?;
        let completions = self.run_by(SINGLE_RIGHTS, &commands, Limits::SMALL).await?;
        let told = by_name(mailboxes, completions, in_data);
        Ok(told.into_iter().map(|told| told.into_iter().next()).collect())
    }
}

pub(super) fn command(mailbox: &MailboxName) -> Result<Command> {
    Command::new("MYRIGHTS").mailbox(mailbox)
}

/// Reads the only answer, whatever the spelling of the name in it.
pub(super) fn read(completion: &Completion) -> Option<Rights> {
    completion.data().find_map(|data| in_data(&data)).map(|(_, rights)| rights)
}

/// Reads `* MYRIGHTS name letters` (RFC 4314 §3.8), which also comes along with LIST (RFC 8440 §3).
pub(super) fn in_data(data: &Data<'_>) -> Option<(String, Rights)> {
    if data.name != "MYRIGHTS" {
        return None;
    }
    let name = mailbox_name::decode(data.tokens.first()?.astring()?);
    let letters = data.tokens.get(1).and_then(Token::text)?;
    Some((name, Rights::from_letters(&letters)))
}
