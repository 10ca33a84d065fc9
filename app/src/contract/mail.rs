//! What a signed-in person may ask of their mail.

use model::mailbox::Mailbox;
use model::message::Message;
use model::messages::{MessagesQuestion, Window};
use model::uid::MessageKey;

use super::Answer;

/// The mail of one signed-in person.
pub trait Mail: Send + Sync {
    /// Every mailbox that the person can see, in the order in which people see them, with counts.
    fn mailboxes(&self) -> Answer<'_, Vec<Mailbox>>;

    /// A window of the messages of a mailbox.
    fn messages(&self, question: MessagesQuestion) -> Answer<'_, Window>;

    /// The same for whoever was told of news: nothing is taken from before it.
    fn messages_anew(&self, question: MessagesQuestion) -> Answer<'_, Window>;

    /// A message to read; it counts as read from then on. The flags in the answer are those from before.
    fn open(&self, key: MessageKey) -> Answer<'_, Message>;
}
