//! NOOP (RFC 9051 §6.1.2), is anybody there, and is there news? And LOGOUT (§6.1.3).

use crate::connection::Connection;
use crate::error::Result;
use crate::wire::command::Command;
use crate::wire::limits::Limits;

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

pub(super) fn command() -> Command {
    Command::new("NOOP")
}
