//! What changed in a mailbox since a moment.

use serde::{Deserialize, Serialize};

use crate::flag::Flags;
use crate::mailbox::{MailboxName, PartialStatus};
use crate::messages::Window;
use crate::modseq::Moment;
use crate::uid::{MessageKey, Uid};
use crate::uid_set::UidSet;

/// What an open page is told as it happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum News {
    /// In the mailbox that it shows.
    Changes(Changes),
    /// In another one, as numbers.
    Status {
        /// Which.
        mailbox: MailboxName,
        /// Those that changed.
        status: PartialStatus,
    },
    /// The mailbox that it shows is gone, or no longer for this person.
    Gone(MailboxName),
}

/// Changes of one mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Which.
    pub mailbox: MailboxName,
    /// Up to where everything is known now; `None` on a server that keeps no count of changes.
    pub now: Option<Moment>,
    /// Its content in numbers, after the change, as far as they are known.
    pub status: PartialStatus,
    /// What is different.
    pub difference: Difference,
}

impl Changes {
    /// The window after changes of flags alone; `None` when its rows may be others now, so that it must be asked for anew.
    pub fn applied_to(&self, window: &Window) -> Option<Window> {
        let Difference::Since { changed, vanished, .. } = &self.difference else { return None };
        if !vanished.is_empty() || self.status.messages != Some(window.mailbox.messages) {
            return None;
        }
        let mut newer = window.clone();
        newer.mailbox.modseq = self.now.map(|now| now.modseq);
        for envelope in &mut newer.envelopes {
            let told = changed.binary_search_by_key(&envelope.uid, |changed| changed.uid);
            if let Some(changed) = told.ok().and_then(|index| changed.get(index)) {
                envelope.flags = changed.flags.clone();
            }
        }
        Some(newer)
    }

    /// Whether these changes tell how a message is now.
    pub fn tell_of(&self, key: &MessageKey) -> bool {
        key.mailbox == self.mailbox
            && match &self.difference {
                Difference::Since { changed, .. } => {
                    changed.binary_search_by_key(&key.at.uid, |changed| changed.uid).is_ok()
                }
                Difference::Unknown | Difference::Reset => true,
            }
    }
}

/// How a mailbox differs from what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Difference {
    /// Everything that happened since a moment, each message as it is now.
    Since {
        /// The moment. Who knows less than that must ask for more.
        since: Moment,
        /// Messages that came or whose flags changed, by UID in ascending order.
        changed: Vec<Changed>,
        /// Messages that are gone. There may be some among them that nobody ever saw.
        vanished: UidSet,
    },
    /// Too much, or the server does not tell what: whoever shows messages of this mailbox looks at them again.
    Unknown,
    /// The mailbox was made anew: no UID from before means anything (RFC 9051 §2.3.1.1).
    Reset,
}

/// A message that came or whose flags changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Which.
    pub uid: Uid,
    /// Its flags now.
    pub flags: Flags,
}

/// Messages in one difference that are told one by one.
pub const MOST: usize = 5_000;

#[cfg(test)]
mod tests {
    use super::{Changed, Changes, Difference};
    use crate::envelope::Envelope;
    use crate::flag::{Flag, Flags};
    use crate::mailbox::{MailboxName, PartialStatus, Selected};
    use crate::messages::{Arrangement, Window};
    use crate::uid::{MessageKey, Uid, UidInEpoch};
    use crate::uid_set::UidSet;

    fn uid(number: u32) -> Uid {
        Uid::new(number).unwrap()
    }

    fn window() -> Window {
        let envelope = |number| Envelope {
            uid: uid(number),
            level: 0,
            flags: Flags::default(),
            received: None,
            size: 1,
            subject: String::new(),
            from: Vec::new(),
            to: Vec::new(),
            has_attachment: false,
        };
        let mailbox = Selected {
            name: MailboxName::inbox(),
            validity: "7".parse().ok(),
            modseq: None,
            id: None,
            messages: 2,
            read_only: false,
            rights: None,
        };
        Window {
            mailbox,
            arrangement: Arrangement::default(),
            total: Some(2),
            offset: 0,
            envelopes: vec![envelope(9), envelope(4)],
        }
    }

    fn changes(messages: u32, vanished: &str) -> Changes {
        let changed = vec![
            Changed { uid: uid(2), flags: Flags::default() },
            Changed { uid: uid(9), flags: Flags(vec![Flag::Seen]) },
        ];
        let since = "7.20".parse().unwrap();
        let vanished = UidSet::from_wire(vanished).unwrap();
        Changes {
            mailbox: MailboxName::inbox(),
            now: "7.23".parse().ok(),
            status: PartialStatus { messages: Some(messages), unseen: Some(1) },
            difference: Difference::Since { since, changed, vanished },
        }
    }

    #[test]
    fn flags_change_in_place_and_the_window_knows_up_to_where_it_is_told() {
        let newer = changes(2, "").applied_to(&window()).unwrap();
        assert!(newer.envelopes[0].flags.has(&Flag::Seen) && newer.envelopes[1] == window().envelopes[1]);
        assert_eq!(newer.mailbox.moment(), "7.23".parse().ok());
    }

    #[test]
    fn a_window_that_may_have_other_rows_is_asked_for_anew() {
        assert_eq!(changes(3, "").applied_to(&window()), None);
        assert_eq!(changes(2, "1").applied_to(&window()), None);
        for difference in [Difference::Unknown, Difference::Reset] {
            assert_eq!(Changes { difference, ..changes(2, "") }.applied_to(&window()), None);
        }
    }

    #[test]
    fn changes_tell_of_the_messages_that_they_name() {
        let key = |number| MessageKey {
            mailbox: MailboxName::inbox(),
            at: UidInEpoch { validity: "7".parse().unwrap(), uid: uid(number) },
        };
        assert!(changes(2, "").tell_of(&key(9)) && !changes(2, "").tell_of(&key(4)));
    }
}
