//! What the second client does with whole mailboxes.

use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response, StatusAttribute};

use crate::people::Person;
use crate::{Result, client::Client, mailbox_name};

/// A mailbox in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Unicode.
    pub name: String,
    /// As Dovecot writes them, such as `\HasChildren`.
    pub attributes: Vec<String>,
}

impl Client {
    /// All mailboxes this person sees, shared ones included.
    pub async fn list(&mut self) -> Result<Vec<Listed>> {
        let mut found = Vec::new();
        self.run("LIST \"\" \"*\"", |answer| {
            if let Response::MailboxData(MailboxDatum::List(data)) = answer {
                found.push(Listed {
                    name: mailbox_name::decode(&unescaped(&data.name)),
                    attributes: data.name_attributes.iter().map(attribute).collect(),
                });
            }
        })
        .await?;
        Ok(found)
    }

    /// Makes a mailbox and subscribes to it.
    pub async fn create(&mut self, mailbox: &str) -> Result<()> {
        let name = mailbox_name::quoted(mailbox);
        self.command(&format!("CREATE {name}")).await?;
        self.command(&format!("SUBSCRIBE {name}")).await
    }

    /// Makes a mailbox unless it is there.
    pub async fn ensure(&mut self, mailbox: &str) -> Result<()> {
        let mut there = false;
        self.run(&format!("LIST \"\" {}", mailbox_name::quoted(mailbox)), |answer| {
            there |= matches!(answer, Response::MailboxData(MailboxDatum::List(_)));
        })
        .await?;
        if there { Ok(()) } else { self.create(mailbox).await }
    }

    /// Removes a mailbox with everything in it.
    pub async fn delete(&mut self, mailbox: &str) -> Result<()> {
        self.command(&format!("DELETE {}", mailbox_name::quoted(mailbox))).await
    }

    /// Gives a mailbox another name.
    pub async fn rename(&mut self, mailbox: &str, name: &str) -> Result<()> {
        self.command(&format!("RENAME {} {}", mailbox_name::quoted(mailbox), mailbox_name::quoted(name)))
            .await
    }

    /// Allows somebody to use a mailbox: letters of RFC 4314, such as `lrs`.
    pub async fn share(&mut self, mailbox: &str, with: &Person, rights: &str) -> Result<()> {
        self.command(&format!("SETACL {} \"{}\" {rights}", mailbox_name::quoted(mailbox), with.address)).await
    }

    /// How many messages a mailbox has.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn count(&mut self, mailbox: &str) -> Result<u32> {
        Ok(self.counts(mailbox).await?.0)
    }

    /// How many messages a mailbox has, and how many of them are unseen.
    pub async fn counts(&mut self, mailbox: &str) -> Result<(u32, u32)> {
        let mut counts = (0, 0);
        self.run(&format!("STATUS {} (MESSAGES UNSEEN)", mailbox_name::quoted(mailbox)), |answer| {
            if let Response::MailboxData(MailboxDatum::Status { status, .. }) = answer {
                for item in status {
                    match item {
                        StatusAttribute::Messages(count) => counts.0 = *count,
                        StatusAttribute::Unseen(count) => counts.1 = *count,
                        _ => {}
                    }
                }
            }
        })
        .await?;
        Ok(counts)
    }
}

/// async-imap takes the quotes off a name but leaves the backslashes before what was quoted.
fn unescaped(name: &str) -> String {
    name.replace("\\\"", "\"").replace("\\\\", "\\")
}

fn attribute(attribute: &NameAttribute<'_>) -> String {
    match attribute {
        NameAttribute::Extension(name) => name.to_string(),
        NameAttribute::NoInferiors => "\\Noinferiors".into(),
        NameAttribute::NoSelect => "\\Noselect".into(),
        // The others are called here as on the wire.
        other => format!("\\{other:?}"),
    }
}
