//! What a signed-in person may ask of their mail.

use model::draft::Draft;
use model::mailbox::Mailbox;
use model::message::{Message, MessageQuestion};
use model::messages::{MessagesQuestion, Window};
use model::origin::Acquaintance;
use model::uid::MessageKey;
use model::unsubscribe::Unsubscribed;
use serde::{Deserialize, Serialize};

use super::Answer;

/// The mail of one signed-in person.
pub trait Mail: Send + Sync {
    /// Every mailbox that the person can see, in the order in which people see them, with counts.
    fn mailboxes(&self) -> Answer<'_, Vec<Mailbox>>;

    /// A window of the messages of a mailbox.
    fn messages(&self, question: MessagesQuestion) -> Answer<'_, Window>;

    /// The same for whoever was told of news: nothing is taken from before it.
    fn messages_anew(&self, question: MessagesQuestion) -> Answer<'_, Window>;

    /// A message to read, or one that is attached to it; it counts as read from then on. The flags in the answer are those
    /// from before.
    fn open(&self, question: MessageQuestion) -> Answer<'_, Message>;

    /// The same message before anybody reads it.
    fn peek(&self, question: MessageQuestion) -> Answer<'_, Message>;

    /// Marks a message as read, or as unread.
    fn mark(&self, key: MessageKey, seen: bool) -> Answer<'_, ()>;

    /// Always shows the pictures from elsewhere of whoever sent this message, or no longer. Who that is, the server reads in
    /// the message.
    fn always_show_pictures(&self, key: MessageKey, always: bool) -> Answer<'_, ()>;

    /// What else is known of the sender of a message. It may take a while, and no page waits for it.
    fn acquaintance(&self, key: MessageKey) -> Answer<'_, Acquaintance>;

    /// Leaves the list that a message came from, where it offers that with one click. Whom to ask, the server reads in the
    /// message.
    fn unsubscribe(&self, key: MessageKey) -> Answer<'_, Unsubscribed>;

    /// Keeps a draft in the Drafts mailbox. The older one that it stands for is removed once the newer one is there.
    fn save_draft(&self, draft: Draft, replaces: Option<MessageKey>) -> Answer<'_, Saved>;

    /// The key of what the browsers of this person keep of unsaved words.
    fn local_key(&self) -> Answer<'_, LocalKey>;
}

/// A draft that was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// How it is named, where the mail server tells (UIDPLUS, RFC 4315 §3).
    pub key: Option<MessageKey>,
}

/// 256 bits for AES-GCM. It lives in the memory of a page alone, and goes nowhere else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalKey(pub Vec<u8>);

impl std::fmt::Debug for LocalKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("LocalKey(secret)")
    }
}
