//! The question for a window of a mailbox's messages, and the answer.

use serde::{Deserialize, Serialize};

use crate::envelope::Envelope;
use crate::filter::Filter;
use crate::mailbox::{MailboxName, Selected};
use crate::uid::{MessageKey, UidInEpoch};

/// Rows in one window.
pub const WINDOW: u32 = 50;

/// Which messages: `WINDOW` rows of a mailbox, in an order, of those that a filter lets through.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MessagesQuestion {
    /// Of which mailbox.
    pub mailbox: MailboxName,
    /// How many rows are passed over.
    pub offset: u32,
    /// In which order.
    #[serde(default)]
    pub arrangement: Arrangement,
    /// Which of them.
    #[serde(default)]
    pub filter: Filter,
}

impl MessagesQuestion {
    /// All messages of a mailbox, newest arrival first, without the `offset` newest.
    pub fn newest(mailbox: MailboxName, offset: u32) -> Self {
        Self { mailbox, offset, arrangement: Arrangement::default(), filter: Filter::default() }
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arrangement {
    /// By what messages have, one way or the other.
    By(Key, Direction),
    /// Unread messages before all others, each newest arrival first.
    UnreadFirst,
    /// In conversations, the one with the newest message first.
    Threads,
}

impl Arrangement {
    /// By what messages have, in the direction that people expect of it.
    pub fn by(key: Key) -> Self {
        Self::By(key, key.usual_direction())
    }
}

impl Default for Arrangement {
    /// Newest arrival first: what every server can give at once.
    fn default() -> Self {
        Self::by(Key::Arrival)
    }
}

/// What messages have by which a list may be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Key {
    /// When it came into the mailbox.
    Arrival,
    /// When its writer says it was written.
    Date,
    /// Who wrote it.
    Sender,
    /// Its subject, without `Re:` and the like (RFC 5256 §2.1).
    Subject,
    /// How large it is.
    Size,
}

impl Key {
    /// The direction that people expect: names from A, all else from the newest or largest.
    pub fn usual_direction(self) -> Direction {
        match self {
            Self::Sender | Self::Subject => Direction::Ascending,
            Self::Arrival | Self::Date | Self::Size => Direction::Descending,
        }
    }
}

/// One way or the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Oldest, smallest, A first.
    Ascending,
    /// Newest, largest, Z first.
    Descending,
}

/// Rows of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The mailbox as the server described it when it was opened.
    pub mailbox: Selected,
    /// The order in which the rows are. Not always the one that was asked for: what a server can't order comes by
    /// arrival.
    pub arrangement: Arrangement,
    /// How many rows there are in all windows together, where the server told.
    pub total: Option<u32>,
    /// How many rows stand before the first one.
    pub offset: u32,
    /// The rows.
    pub envelopes: Vec<Envelope>,
}

impl Window {
    /// The offset of the next window, if there is one.
    pub fn older(&self) -> Option<u32> {
        let next = self.offset.saturating_add(WINDOW);
        let full = u32::try_from(self.envelopes.len()).is_ok_and(|rows| rows >= WINDOW);
        self.total.map_or(full, |total| next < total).then_some(next)
    }

    /// The offset of the window before, if there is one.
    pub fn newer(&self) -> Option<u32> {
        (self.offset > 0).then(|| self.offset.saturating_sub(WINDOW))
    }

    /// Where a message is among the rows; `None` when it is in another mailbox, epoch or window.
    pub fn row(&self, key: &MessageKey) -> Option<(usize, &Envelope)> {
        if self.mailbox.name != key.mailbox || self.mailbox.validity != Some(key.at.validity) {
            return None;
        }
        self.envelopes.iter().enumerate().find(|(_, envelope)| envelope.uid == key.at.uid)
    }

    /// The messages below and above one in its list.
    pub fn neighbours(&self, key: &MessageKey) -> Vec<MessageKey> {
        let Some((at, _)) = self.row(key) else { return Vec::new() };
        let beside = [at.checked_add(1), at.checked_sub(1)];
        let beside = beside.into_iter().flatten().filter_map(|at| self.envelopes.get(at));
        beside
            .map(|envelope| MessageKey {
                mailbox: key.mailbox.clone(),
                at: UidInEpoch { uid: envelope.uid, ..key.at },
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Arrangement, Direction, Key, MessagesQuestion, Window};
    use crate::envelope::Envelope;
    use crate::mailbox::{MailboxName, Selected};
    use crate::uid::{MessageKey, Uid, UidInEpoch, UidValidity};

    #[test]
    fn the_message_below_comes_before_the_one_above() {
        let validity = UidValidity::new(1);
        let window = Window {
            mailbox: Selected {
                name: MailboxName::inbox(),
                validity,
                modseq: None,
                id: None,
                messages: 3,
                read_only: false,
                rights: None,
            },
            offset: 0,
            envelopes: [9, 5, 2]
                .map(|uid| Envelope {
                    uid: Uid::new(uid).unwrap(),
                    level: 0,
                    flags: Default::default(),
                    received: None,
                    size: 0,
                    subject: String::new(),
                    from: Vec::new(),
                    to: Vec::new(),
                    has_attachment: false,
                })
                .to_vec(),
            arrangement: Default::default(),
            total: None,
        };
        let key = |validity: u32, uid| MessageKey {
            mailbox: MailboxName::inbox(),
            at: UidInEpoch { validity: UidValidity::new(validity).unwrap(), uid: Uid::new(uid).unwrap() },
        };
        assert_eq!(window.neighbours(&key(1, 5)), [key(1, 2), key(1, 9)]);
        assert_eq!(window.neighbours(&key(1, 9)), [key(1, 5)]);
        assert_eq!(window.neighbours(&key(1, 2)), [key(1, 5)]);
        assert!(window.neighbours(&key(1, 3)).is_empty());
        assert!(window.neighbours(&key(2, 5)).is_empty(), "numbers of another epoch name other messages");
    }

    #[test]
    fn a_question_of_old_asks_for_everything_by_arrival() {
        let question: MessagesQuestion = serde_json::from_str(r#"{"mailbox":"INBOX","offset":50}"#).unwrap();
        assert_eq!(question, MessagesQuestion::newest(MailboxName::inbox(), 50));
        assert_eq!(question.arrangement, Arrangement::By(Key::Arrival, Direction::Descending));
        assert!(question.filter.is_everything());
    }

    #[test]
    fn names_begin_at_a_and_all_else_at_the_newest_or_largest() {
        assert_eq!(Arrangement::by(Key::Sender), Arrangement::By(Key::Sender, Direction::Ascending));
        assert_eq!(Arrangement::by(Key::Size), Arrangement::By(Key::Size, Direction::Descending));
    }
}
