//! NOTIFY (RFC 5465): news of mailboxes that are not open.
//!
//! Dovecot 2.3 tells of new messages in the open mailbox only while IDLE runs, so NOTIFY is asked for first and IDLE does
//! the waiting.

use model::namespace::{Kind, Namespace};

use crate::capability::Capability;
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::wire::command::Command;
use crate::wire::limits::Limits;

impl Connection {
    /// Asks for news of every mailbox of these namespaces besides that of the open one; tells whether the server will
    /// tell them.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn notify(&mut self, namespaces: &[Namespace]) -> Result<bool> {
        if !self.capabilities().await?.has(Capability::Notify) {
            return Ok(false);
        }
        match self.run(command(namespaces)?, Limits::LIST).await {
            Ok(_) => {
                self.others.get_or_insert_default();
                Ok(true)
            }
            Err(Error::Refused { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn command(namespaces: &[Namespace]) -> Result<Command> {
    let mut command = Command::new("NOTIFY")
        .word("SET (selected (MessageNew MessageExpunge FlagChange)) (personal (MessageNew MessageExpunge FlagChange))");
    for namespace in namespaces.iter().filter(|namespace| namespace.kind != Kind::Personal) {
        // The level itself; its delimiter at the end would name another mailbox.
        let level = namespace.root();
        if !level.is_empty() {
            command = command.subtree(level)?;
        }
    }
    Ok(command)
}

#[cfg(test)]
mod tests {
    use model::namespace::{Kind, Namespace};

    use crate::scripted::{Script, heard, opened};

    fn namespaces() -> [Namespace; 2] {
        let namespace = |kind, prefix: &str| Namespace { kind, prefix: prefix.into(), delimiter: Some('/') };
        [namespace(Kind::Personal, ""), namespace(Kind::Shared, "Bü\"ro/")]
    }

    #[tokio::test]
    async fn every_namespace_is_asked_for_by_its_level() {
        let (mut connection, server) = opened(1, "[CAPABILITY IMAP4rev1 NOTIFY]", &[]).await;
        assert!(connection.notify(&namespaces()).await.unwrap());
        drop(connection);
        assert_eq!(
            heard(server).await,
            "p1 NOTIFY SET (selected (MessageNew MessageExpunge FlagChange)) \
             (personal (MessageNew MessageExpunge FlagChange)) \
             (subtree \"B&APw-\\\"ro\" (MessageNew MessageExpunge FlagChange))\r\n"
        );
    }

    #[tokio::test]
    async fn a_server_that_can_not_or_will_not_leaves_us_to_ask() {
        let (mut connection, _server) = opened(1, "[CAPABILITY IMAP4rev1]", &[]).await;
        assert!(!connection.notify(&namespaces()).await.unwrap());
        let script: &Script = &[("NOTIFY", "{tag} NO [BADEVENT (MessageNew)] no\r\n")];
        let (mut connection, _server) = opened(1, "[CAPABILITY IMAP4rev1 NOTIFY]", script).await;
        assert!(!connection.notify(&namespaces()).await.unwrap());
        assert!(!connection.is_broken());
    }
}
