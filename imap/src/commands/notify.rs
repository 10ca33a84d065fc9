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

/// What is told of mailboxes that are not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// What changes from now on.
    Changes,
    /// How they are now, and what changes: for whoever may have missed something.
    NowAndChanges,
}

impl Connection {
    /// Asks for news of every mailbox of these namespaces besides that of the open one; tells whether the server will
    /// tell them.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn notify(&mut self, namespaces: &[Namespace], telling: Telling) -> Result<bool> {
        if !self.capabilities().await?.has(Capability::Notify) {
            return Ok(false);
        }
        // How they are now is told before the command is done.
        self.others.get_or_insert_default();
        match self.run(command(namespaces, telling)?, Limits::LIST).await {
            Ok(_) => Ok(true),
            Err(Error::Refused { .. }) => {
                self.others = None;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}

fn command(namespaces: &[Namespace], telling: Telling) -> Result<Command> {
    let mut command = Command::new("NOTIFY").word("SET");
    if telling == Telling::NowAndChanges {
        command = command.word("STATUS");
    }
    let mut command = command.word(
        "(selected (MessageNew MessageExpunge FlagChange)) (personal (MessageNew MessageExpunge FlagChange))",
    );
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
    use model::mailbox::MailboxName;
    use model::namespace::{Kind, Namespace};

    use super::Telling;
    use crate::scripted::{Script, heard, opened};

    fn namespaces() -> [Namespace; 2] {
        let namespace = |kind, prefix: &str| Namespace { kind, prefix: prefix.into(), delimiter: Some('/') };
        [namespace(Kind::Personal, ""), namespace(Kind::Shared, "Bü\"ro/")]
    }

    #[tokio::test]
    async fn every_namespace_is_asked_for_by_its_level() {
        let (mut connection, server) = opened(1, "[CAPABILITY IMAP4rev1 NOTIFY]", &[]).await;
        assert!(connection.notify(&namespaces(), Telling::Changes).await.unwrap());
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
        assert!(!connection.notify(&namespaces(), Telling::Changes).await.unwrap());
        let script: &Script = &[("NOTIFY", "{tag} NO [BADEVENT (MessageNew)] no\r\n")];
        let (mut connection, _server) = opened(1, "[CAPABILITY IMAP4rev1 NOTIFY]", script).await;
        assert!(!connection.notify(&namespaces(), Telling::Changes).await.unwrap());
        assert!(!connection.is_broken());
    }

    #[tokio::test]
    async fn whoever_may_have_missed_something_is_told_how_all_mailboxes_are() {
        let script: &Script =
            &[("NOTIFY SET STATUS (", "* STATUS Work (MESSAGES 3 UNSEEN 1)\r\n{tag} OK\r\n")];
        let (mut connection, _server) = opened(1, "[CAPABILITY IMAP4rev1 NOTIFY]", script).await;
        assert!(connection.notify(&namespaces(), Telling::NowAndChanges).await.unwrap());
        let told = connection.wait_for_news(Default::default(), std::future::pending()).await.unwrap();
        assert_eq!(
            (&told.others[0].0, told.others[0].1.messages),
            (&MailboxName::new("Work").unwrap(), Some(3))
        );
    }
}
