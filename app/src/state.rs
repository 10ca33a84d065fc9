//! What the page knows beyond what it asked for.

use std::collections::{HashMap, HashSet};

use leptos::prelude::*;
use model::mailbox::MailboxName;
use model::uid::MessageKey;

/// Messages that were opened on this page, so that rows and counts follow without asking again.
#[derive(Clone, Copy)]
pub struct Opened {
    /// Whether each was unread until then, and the counts do not know of it yet.
    all: RwSignal<HashMap<MessageKey, bool>>,
    /// Those that were asked for, and of whose mailbox no counts were told since. The server may tell that a message is
    /// read before the answer with the message is here.
    asked: StoredValue<HashSet<MessageKey>>,
}

impl Opened {
    /// Makes an empty one for everything below in the tree of components.
    pub fn provide() -> Self {
        let opened = Self { all: RwSignal::new(HashMap::new()), asked: StoredValue::new(HashSet::new()) };
        provide_context(opened);
        opened
    }

    /// The one of this page; an empty one where no page provided any.
    pub fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Notes that a message is asked for.
    pub fn ask(self, key: MessageKey) {
        self.asked.update_value(|asked| {
            asked.insert(key);
        });
    }

    /// Notes that a message was opened, and whether it was unread until then. What came without having been asked for, and
    /// what counts were told of meanwhile, is in the counts already.
    pub fn note(self, key: MessageKey, was_unread: bool) {
        let uncounted = self.asked.try_update_value(|asked| asked.remove(&key)).unwrap_or_default();
        self.all.update(|opened| {
            opened.entry(key).or_insert(was_unread && uncounted);
        });
    }

    /// Whether the message was opened.
    pub fn contains(self, key: &MessageKey) -> bool {
        self.all.with(|opened| opened.contains_key(key))
    }

    /// How many messages of a mailbox were unread until they were opened here.
    pub fn newly_in(self, mailbox: &MailboxName) -> u32 {
        let count = self.all.with(|opened| {
            opened.iter().filter(|(key, was_unread)| **was_unread && key.mailbox == *mailbox).count()
        });
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Forgets that messages were opened, of which the server told since: it knows better how they are now.
    pub fn forget(self, is_known: impl Fn(&MessageKey) -> bool) {
        self.all.update(|opened| opened.retain(|key, _| !is_known(key)));
    }

    /// Counts no message of a mailbox any more: its numbers were told anew and know of them.
    pub fn counted(self, mailbox: &MailboxName) {
        self.asked.update_value(|asked| asked.retain(|key| key.mailbox != *mailbox));
        self.all.update(|opened| {
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

#[cfg(test)]
mod tests {
    use leptos::prelude::Owner;
    use model::mailbox::MailboxName;
    use model::uid::{MessageKey, Uid, UidInEpoch, UidValidity};

    use super::Opened;

    fn key(uid: u32) -> MessageKey {
        let at = UidInEpoch { validity: UidValidity::new(1).unwrap(), uid: Uid::new(uid).unwrap() };
        MessageKey { mailbox: MailboxName::inbox(), at }
    }

    #[test]
    fn an_unread_message_is_counted_once_whichever_comes_first_the_message_or_the_counts() {
        let owner = Owner::new();
        owner.with(|| {
            let (opened, inbox) = (Opened::provide(), MailboxName::inbox());
            opened.ask(key(1));
            opened.note(key(1), true);
            assert_eq!(opened.newly_in(&inbox), 1);
            opened.counted(&inbox);
            assert_eq!(opened.newly_in(&inbox), 0);
            opened.ask(key(2));
            opened.counted(&inbox);
            opened.note(key(2), true);
            assert_eq!(opened.newly_in(&inbox), 0);
            assert!(opened.contains(&key(2)));
        });
    }
}
