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

    /// Forgets that messages were opened, of which the server told since: it knows better how they are now.
    pub fn forget(self, is_known: impl Fn(&MessageKey) -> bool) {
        self.0.update(|opened| opened.retain(|key, _| !is_known(key)));
    }

    /// Counts no message of a mailbox any more: its numbers were told anew and know of them.
    pub fn counted(self, mailbox: &MailboxName) {
        self.0.update(|opened| {
            for (key, was_unread) in opened {
                if key.mailbox == *mailbox {
                    *was_unread = false;
                }
            }
        });
    }
}

/// How many messages are unread in the mailboxes of which the server told since they were listed.
#[derive(Clone, Copy)]
pub struct Unseen(RwSignal<HashMap<MailboxName, u32>>);

impl Unseen {
    /// Makes an empty one for everything below in the tree of components.
    pub fn provide() -> Self {
        let unseen = Self(RwSignal::new(HashMap::new()));
        provide_context(unseen);
        unseen
    }

    /// The one of this page; an empty one where no page provided any.
    pub fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Notes what was told.
    pub fn note(self, mailbox: MailboxName, unseen: u32) {
        self.0.update(|told| {
            told.insert(mailbox, unseen);
        });
    }

    /// What was told of a mailbox.
    pub fn of(self, mailbox: &MailboxName) -> Option<u32> {
        self.0.with(|told| told.get(mailbox).copied())
    }
}
