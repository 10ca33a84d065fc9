//! Fulfils the contract of the pages: what a signed-in person may ask of their mail.

pub mod message;

use std::sync::Arc;

use app::contract::Answer;
use app::contract::mail::Mail;
use app::failure::Failure;
use imap::commands::envelope::RawAddress;
use imap::commands::fetch::RawEnvelope;
use imap::lease::Lease;
use imap::pool::Pool;
use model::address::Address;
use model::envelope::Envelope;
use model::mailbox::{Mailbox, MailboxName};
use model::message::Message;
use model::messages::{MessagesQuestion, WINDOW, Window};
use model::uid::MessageKey;

use crate::failure::{of_imap, of_mailbox};

/// A signed-in person and their connections.
pub struct Person {
    pool: Arc<Pool>,
}

impl Person {
    /// With these connections.
    pub fn new(pool: Arc<Pool>) -> Self {
        Self { pool }
    }

    /// Their connections.
    pub fn pool(&self) -> &Arc<Pool> {
        &self.pool
    }

    /// A connection on which the mailbox is open.
    ///
    /// # Errors
    /// When there is none to be had, or no such mailbox.
    pub async fn in_mailbox(&self, mailbox: &MailboxName) -> Result<Lease, Failure> {
        // A connection that died since its last use costs one more attempt.
        for _ in 0..4 {
            let mut lease = self.pool.lease(Some(mailbox)).await.map_err(of_imap)?;
            match lease.select(mailbox).await {
                Ok(_) => return Ok(lease),
                Err(error) if error.is_connection_lost() && lease.is_reused() => {}
                Err(error) => return Err(of_mailbox(error, mailbox)),
            }
        }
        Err(Failure::ServerConfused)
    }

    /// A connection on which the mailbox of a message is open, in the epoch in which it was named.
    ///
    /// # Errors
    /// As [`Person::in_mailbox`]; [`Failure::MailboxReset`] when the mailbox was made anew.
    pub async fn at_message(&self, key: &MessageKey) -> Result<Lease, Failure> {
        let lease = self.in_mailbox(&key.mailbox).await?;
        let validity = lease.selected().and_then(|selected| selected.validity);
        if validity == Some(key.at.validity) { Ok(lease) } else { Err(Failure::MailboxReset) }
    }
}

impl Mail for Person {
    fn mailboxes(&self) -> Answer<'_, Vec<Mailbox>> {
        Box::pin(async {
            for _ in 0..4 {
                let mut lease = self.pool.lease(None).await.map_err(of_imap)?;
                match lease.mailboxes().await {
                    Err(error) if error.is_connection_lost() && lease.is_reused() => {}
                    answered => return answered.map_err(of_imap),
                }
            }
            Err(Failure::ServerConfused)
        })
    }

    fn messages(&self, question: MessagesQuestion) -> Answer<'_, Window> {
        Box::pin(async move {
            let mut lease = self.in_mailbox(&question.mailbox).await?;
            let rows = lease.envelopes(question.offset, WINDOW).await.map_err(of_imap)?;
            let mailbox = lease.selected().cloned().ok_or(Failure::ServerConfused)?;
            Ok(Window {
                mailbox,
                offset: question.offset,
                envelopes: rows.into_iter().map(envelope).collect(),
            })
        })
    }

    fn open(&self, key: MessageKey) -> Answer<'_, Message> {
        Box::pin(async move { message::open(self, key).await })
    }
}

/// Words as they travel, decoded.
fn envelope(row: RawEnvelope) -> Envelope {
    let addresses = |list: Vec<RawAddress>| -> Vec<Address> {
        list.iter()
            .map(|raw| ::message::header::address(raw.name.as_deref(), &raw.mailbox, &raw.host))
            .collect()
    };
    Envelope {
        uid: row.uid,
        flags: row.flags,
        received: row.received,
        size: row.size,
        subject: ::message::header::decode(&row.subject),
        from: addresses(row.from),
        to: addresses(row.to),
        has_attachment: row.structure.as_ref().is_some_and(::message::alternative::has_attachment),
    }
}
