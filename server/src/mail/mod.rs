//! Fulfils the contract of the pages: what a signed-in person may ask of their mail.

mod acquaintance;
pub mod attached;
pub mod content;
pub mod document;
mod draft;
mod invitation;
pub mod live;
pub mod memory;
pub mod message;
mod origin;
mod picture;
mod unsubscribe;

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::contract::Answer;
use app::contract::mail::{LocalKey, Mail, Saved};
use app::failure::Failure;
use database::{PersonId, ServerKey};
use imap::authenticate::Credentials;
use imap::commands::envelope::RawAddress;
use imap::commands::rows::Row;
use imap::commands::window::Rows;
use imap::lease::Lease;
use imap::pool::Pool;
use imap::wire::response::Code;
use model::address::Address;
use model::draft::Draft;
use model::envelope::Envelope;
use model::flag::Flags;
use model::mailbox::{Mailbox, MailboxName};
use model::message::{Message, MessageQuestion};
use model::messages::{Arrangement, Key, MessagesQuestion, WINDOW, Window};
use model::origin::Acquaintance;
use model::uid::{MessageKey, Uid, UidValidity};
use model::unsubscribe::Unsubscribed;

use self::memory::Words;
use crate::failure::{of_imap, of_mailbox};
use crate::picture::Pictures;

/// A reading on its way.
pub type Reading<'a, T> = Pin<Box<dyn Future<Output = imap::Result<T>> + Send + 'a>>;

/// A signed-in person and their connections.
pub struct Person {
    pool: Arc<Pool>,
    refused: AtomicBool,
    live: live::Live,
    memory: Arc<memory::Share>,
    drafts: draft::Drafts,
    key: Arc<ServerKey>,
    /// Servers whose statements about senders are believed.
    believed: Arc<[String]>,
    sent: acquaintance::Sent,
    pictures: Arc<Pictures>,
    /// The documents of the messages that were opened last or may be next.
    prepared: Mutex<document::Shelf>,
}

impl Person {
    /// With these connections. Of the server's key the key of their unsaved words is made.
    /// `believed` are servers whose statements about senders count.
    pub fn new(
        pool: Arc<Pool>,
        memory: Arc<memory::Share>,
        key: Arc<ServerKey>,
        pictures: Arc<Pictures>,
        believed: Arc<[String]>,
    ) -> Self {
        Self {
            prepared: Mutex::default(),
            pictures,
            pool,
            refused: AtomicBool::new(false),
            live: live::Live::default(),
            memory,
            drafts: draft::Drafts::default(),
            key,
            believed,
            sent: acquaintance::Sent::default(),
        }
    }

    /// Who they are in our tables.
    ///
    /// # Errors
    /// None that is expected.
    pub fn id(&self) -> Result<PersonId, Failure> {
        PersonId::of(&self.pool.credentials().login, &self.key)
            .map_err(|error| crate::failure::internal(&error))
    }

    /// The pictures of messages, theirs and those from elsewhere.
    pub fn pictures(&self) -> &Arc<Pictures> {
        &self.pictures
    }

    /// The documents that are kept.
    fn prepared(&self) -> MutexGuard<'_, document::Shelf> {
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what is kept of their mail.
    pub fn forget_mail(&self) {
        *self.prepared() = document::Shelf::default();
        self.memory.forget();
    }

    /// Whether these are the name and password that they signed in with.
    pub fn is(&self, credentials: &Credentials) -> bool {
        self.pool.credentials().are(credentials)
    }

    /// Whether the mail server stopped accepting the password since they signed in.
    pub fn is_refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    /// What a person is told of an error. A password that was proven and holds no more ends the session.
    fn told(&self, error: imap::Error, mailbox: Option<&MailboxName>) -> Failure {
        if let imap::Error::AuthenticationFailed { code, text } = &error {
            // Only a clear word ends a session: a server that is busy may refuse without one.
            if matches!(code, Some(Code::AuthenticationFailed | Code::AuthorizationFailed)) {
                self.refused.store(true, Ordering::Relaxed);
                tracing::info!("a password holds no more");
                return Failure::PasswordChanged;
            }
            return Failure::SignInRefused { words: text.clone() };
        }
        match mailbox {
            Some(mailbox) => of_mailbox(error, mailbox),
            None => of_imap(error),
        }
    }

    /// Their connections.
    pub fn pool(&self) -> &Arc<Pool> {
        &self.pool
    }

    /// Reads. What a connection costs that served before and died unnoticed is one more attempt on another.
    async fn read<T>(
        &self,
        mailbox: Option<&MailboxName>,
        validity: Option<UidValidity>,
        action: impl for<'a> Fn(&'a mut Lease) -> Reading<'a, T> + Send + Sync,
    ) -> Result<T, Failure> {
        loop {
            let mut lease = self.pool.lease(mailbox).await.map_err(|error| self.told(error, None))?;
            let opened = match mailbox {
                Some(mailbox) => lease.select(mailbox).await.map(|selected| selected.validity),
                None => Ok(None),
            };
            let outcome = match opened {
                Ok(found) if validity.is_some() && found != validity => return Err(Failure::MailboxReset),
                Ok(_) => action(&mut lease).await,
                Err(error) => Err(error),
            };
            match outcome {
                // Each turn uses up one connection that served before, so this ends.
                Err(error) if error.is_connection_lost() && lease.is_reused() => {
                    self.pool.metrics().reconnects.add(1);
                }
                outcome => return outcome.map_err(|error| self.told(error, mailbox)),
            }
        }
    }

    /// Reads of a message, in the epoch in which it was named.
    ///
    /// # Errors
    /// When there is no connection to be had, no such mailbox, or the reading fails; [`Failure::MailboxReset`] when the
    /// mailbox was made anew.
    pub async fn at_message<T>(
        &self,
        key: &MessageKey,
        action: impl for<'a> Fn(&'a mut Lease) -> Reading<'a, T> + Send + Sync,
    ) -> Result<T, Failure> {
        self.read(Some(&key.mailbox), Some(key.at.validity), action).await
    }
}

impl Mail for Person {
    fn mailboxes(&self) -> Answer<'_, Vec<Mailbox>> {
        Box::pin(async { self.read(None, None, |lease| Box::pin(lease.mailboxes())).await })
    }

    fn messages(&self, question: MessagesQuestion) -> Answer<'_, Window> {
        Box::pin(self.window(question, false))
    }

    fn messages_anew(&self, question: MessagesQuestion) -> Answer<'_, Window> {
        Box::pin(self.window(question, true))
    }

    fn open(&self, question: MessageQuestion) -> Answer<'_, Message> {
        Box::pin(async move { message::open(self, question).await })
    }

    fn peek(&self, question: MessageQuestion) -> Answer<'_, Message> {
        Box::pin(async move { message::peek(self, question).await })
    }

    fn mark(&self, key: MessageKey, seen: bool) -> Answer<'_, ()> {
        Box::pin(async move { message::mark(self, &key, seen).await })
    }

    fn always_show_pictures(&self, key: MessageKey, always: bool) -> Answer<'_, ()> {
        Box::pin(picture::always_show(self, key, always))
    }

    fn acquaintance(&self, key: MessageKey) -> Answer<'_, Acquaintance> {
        Box::pin(acquaintance::of(self, key))
    }

    fn unsubscribe(&self, key: MessageKey) -> Answer<'_, Unsubscribed> {
        Box::pin(unsubscribe::leave(self, key))
    }

    fn save_draft(&self, draft: Draft, replaces: Option<MessageKey>) -> Answer<'_, Saved> {
        Box::pin(draft::save(self, draft, replaces, crate::clock::now()))
    }

    fn local_key(&self) -> Answer<'_, LocalKey> {
        Box::pin(async {
            let made = database::LocalKey::of(&self.id()?, &self.key)
                .map_err(|error| crate::failure::internal(&error))?;
            Ok(LocalKey(made.expose().to_vec()))
        })
    }
}

impl Person {
    async fn window(&self, question: MessagesQuestion, anew: bool) -> Result<Window, Failure> {
        let MessagesQuestion { mailbox, offset, arrangement, filter } = question;
        let (filter, memory) = (&filter, &self.memory);
        let name = &mailbox;
        let read = self.read(Some(&mailbox), None, move |lease| {
            let (filter, memory, name) = (filter.clone(), memory.clone(), name.clone());
            Box::pin(async move {
                if anew {
                    lease.expect_news();
                }
                let validity = lease.selected().and_then(|selected| selected.validity);
                let recall = memory.recall(name, validity);
                let rows = lease.window_beyond(&recall, arrangement, &filter, offset, WINDOW).await?;
                Ok((recall, rows, lease.selected().cloned()))
            })
        });
        let (recall, Rows { arrangement, total, rows }, selected) = read.await?;
        let rows: Vec<_> = rows.into_iter().map(row).collect();
        let arrivals = match arrangement {
            Arrangement::By(Key::Arrival, direction) if filter.is_everything() => Some((direction, offset)),
            _ => None,
        };
        recall.learn(rows.iter().map(|(uid, _, _, words)| (*uid, words)), arrivals);
        Ok(Window {
            mailbox: selected.ok_or(Failure::ServerConfused)?,
            arrangement,
            total,
            offset,
            envelopes: rows.into_iter().map(envelope).collect(),
        })
    }
}

/// Addresses as they travel, decoded.
fn addresses(raw: &[RawAddress]) -> Vec<Address> {
    raw.iter().map(|raw| ::message::header::address(raw.name.as_deref(), &raw.mailbox, &raw.host)).collect()
}

/// A row that is known, or as it travelled, decoded.
fn row(row: Row<Arc<Words>>) -> (Uid, u8, Flags, Arc<Words>) {
    match row {
        Row::Known { uid, level, flags, kept } => (uid, level, flags, kept),
        Row::Told(row) => {
            let words = Words {
                received: row.received,
                size: row.size,
                subject: ::message::header::decode(&row.subject),
                from: addresses(&row.from),
                to: addresses(&row.to),
                has_attachment: row.structure.as_ref().is_some_and(::message::alternative::has_attachment),
            };
            (row.uid, row.level, row.flags, Arc::new(words))
        }
    }
}

fn envelope((uid, level, flags, words): (Uid, u8, Flags, Arc<Words>)) -> Envelope {
    // What is not kept is taken as it is.
    let Words { received, size, subject, from, to, has_attachment } = Arc::unwrap_or_clone(words);
    Envelope { uid, level, flags, received, size, subject, from, to, has_attachment }
}
