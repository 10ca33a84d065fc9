//! NOOP (RFC 9051 §6.1.2), is anybody there, and is there news? And LOGOUT (§6.1.3).

use crate::connection::{Completion, Connection};
use crate::error::Result;
use crate::wire::command::Command;
use crate::wire::limits::Limits;
use crate::wire::response;

impl Connection {
    /// Brings the number of messages in the open mailbox up to date.
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn noop(&mut self) -> Result<()> {
        self.run(command(), Limits::LIST).await.map(drop)
    }

    /// Says goodbye; whatever comes back no longer matters.
    pub async fn logout(mut self) {
        let _ = self.run(Command::new("LOGOUT"), Limits::SMALL).await;
    }
}

/// Whether messages went. Others may have come meanwhile, so that their number tells nothing.
pub(super) fn tells_of_removals(completions: &[Result<Completion>]) -> bool {
    completions
        .iter()
        .flatten()
        .flat_map(Completion::frames)
        .any(|frame| response::name(frame).is_some_and(|(_, name)| name == "EXPUNGE" || name == "VANISHED"))
}

pub(super) fn command() -> Command {
    Command::new("NOOP")
}
