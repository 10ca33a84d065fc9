//! STORE (RFC 9051 §6.4.6): sets flags.

use model::uid::Uid;

use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::wire::command::Command;
use crate::wire::limits::Limits;

impl Connection {
    /// Marks a message of the open mailbox as read, and tells whether the server did it: in a mailbox of others one
    /// may lack the right, which is nothing to bother a reader with.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn store_seen(&mut self, uid: Uid) -> Result<bool> {
        let command = Command::new("UID STORE").value(uid)?.word("+FLAGS.SILENT (\\Seen)");
        match self.run(command, Limits::LIST).await {
            Ok(_) => Ok(true),
            Err(Error::Refused { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
