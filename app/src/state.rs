//! What the page knows beyond what it asked for.

use std::collections::HashMap;

use leptos::prelude::*;
use model::mailbox::MailboxName;
use model::uid::MessageKey;

/// Messages that were opened on this page, so that rows and counts follow without asking again.
#[derive(Clone, Copy)]
pub struct Opened(RwSignal<HashMap<MessageKey, bool>>);

impl Opened {
    /// Makes an empty one for everything below in the tree of components.
    pub fn provide() -> Self {
        let opened = Self(RwSignal::new(HashMap::new()));
        provide_context(opened);
        opened
    }

    /// The one of this page; an empty one where no page provided any.
    pub fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Notes that a message was opened, and whether it was unread until then.
    pub fn note(self, key: MessageKey, was_unread: bool) {
        self.0.update(|opened| {
            opened.entry(key).or_insert(was_unread);
        });
    }

    /// Whether the message was opened.
    pub fn contains(self, key: &MessageKey) -> bool {
        self.0.with(|opened| opened.contains_key(key))
    }

    /// How many messages of a mailbox were unread until they were opened here.
    pub fn newly_in(self, mailbox: &MailboxName) -> u32 {
        let count = self.0.with(|opened| {
            opened.iter().filter(|(key, was_unread)| **was_unread && key.mailbox == *mailbox).count()
        });
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Forgets everything: the mailboxes were asked for anew.
    pub fn clear(self) {
        self.0.update(HashMap::clear);
    }
}
