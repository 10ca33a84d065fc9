//! What the second client does with messages of the opened mailbox.

use std::time::{Duration, Instant};

use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response};

use crate::{Error, Result, client::Client, mailbox_name};

impl Client {
    /// Opens a mailbox for the commands below.
    pub async fn select(&mut self, mailbox: &str) -> Result<()> {
        self.command(&format!("SELECT {}", mailbox_name::quoted(mailbox))).await
    }

    /// UIDs in the opened mailbox, ascending. `ALL`, `UNSEEN`, `SUBJECT "word"` …
    pub async fn search(&mut self, query: &str) -> Result<Vec<u32>> {
        let mut uids = Vec::new();
        self.run(&format!("UID SEARCH {query}"), |answer| {
            if let Response::MailboxData(MailboxDatum::Search(found)) = answer {
                uids.extend_from_slice(found);
            }
        })
        .await?;
        uids.sort_unstable();
        Ok(uids)
    }

    /// The flags of every message of a mailbox, in the order of the mailbox: `Seen`, `$Work` and so on,
    /// sorted, without `Recent`. Opens the mailbox.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn flags(&mut self, mailbox: &str) -> Result<Vec<Vec<String>>> {
        self.select(mailbox).await?;
        let mut all = Vec::new();
        if self.search("ALL").await?.is_empty() {
            return Ok(all);
        }
        self.run("FETCH 1:* (UID FLAGS)", |answer| {
            if let Response::Fetch(_, attributes) = answer {
                for attribute in attributes {
                    if let AttributeValue::Flags(flags) = attribute {
                        let name = |flag: &str| flag.trim_start_matches('\\').to_owned();
                        let mut names: Vec<_> = flags.iter().map(|flag| name(flag)).collect();
                        names.retain(|name| name != "Recent");
                        names.sort();
                        all.push(names);
                    }
                }
            }
        })
        .await?;
        Ok(all)
    }

    /// All bytes of a message in the opened mailbox. It stays unread.
    pub async fn fetch(&mut self, uid: u32) -> Result<Vec<u8>> {
        let mut bytes = None;
        self.run(&format!("UID FETCH {uid} (BODY.PEEK[])"), |answer| {
            if let Response::Fetch(_, attributes) = answer {
                for attribute in attributes {
                    if let AttributeValue::BodySection { data: Some(data), .. } = attribute {
                        bytes = Some(data.to_vec());
                    }
                }
            }
        })
        .await?;
        bytes.ok_or_else(|| Error::Imap(format!("no message {uid}")))
    }

    /// Changes flags in the opened mailbox: `store(7, "+FLAGS", &["\\Seen"])`.
    pub async fn store(&mut self, uid: u32, change: &str, flags: &[&str]) -> Result<()> {
        self.command(&format!("UID STORE {uid} {change} ({})", flags.join(" "))).await
    }

    /// Moves a message of the opened mailbox.
    pub async fn move_to(&mut self, uid: u32, mailbox: &str) -> Result<()> {
        self.command(&format!("UID MOVE {uid} {}", mailbox_name::quoted(mailbox))).await
    }

    /// Removes a message of the opened mailbox at once.
    pub async fn expunge(&mut self, uid: u32) -> Result<()> {
        self.store(uid, "+FLAGS", &["\\Deleted"]).await?;
        self.command(&format!("UID EXPUNGE {uid}")).await
    }

    /// Waits until the search finds something in the opened mailbox, for mail that is on its way.
    pub async fn wait_for(&mut self, query: &str) -> Result<Vec<u32>> {
        let patience = Instant::now() + Duration::from_secs(30);
        while Instant::now() < patience {
            self.command("NOOP").await?;
            let found = self.search(query).await?;
            if !found.is_empty() {
                return Ok(found);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(Error::Waited(format!("a message with {query}")))
    }
}
