//! The question for a window of a mailbox's messages, and the answer.

use serde::{Deserialize, Serialize};

use crate::envelope::Envelope;
use crate::mailbox::{MailboxName, Selected};

/// Rows in one window.
pub const WINDOW: u32 = 50;

/// Which messages: `WINDOW` rows of a mailbox, newest arrival first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MessagesQuestion {
    /// Of which mailbox.
    pub mailbox: MailboxName,
    /// How many of the newest messages are passed over.
    pub offset: u32,
}

/// Rows of a mailbox, newest arrival first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The mailbox as the server described it when it was opened.
    pub mailbox: Selected,
    /// How many newer messages stand before the first row.
    pub offset: u32,
    /// The rows.
    pub envelopes: Vec<Envelope>,
}

impl Window {
    /// The offset of the next older window, if there is one.
    pub fn older(&self) -> Option<u32> {
        let next = self.offset.saturating_add(WINDOW);
        (next < self.mailbox.messages).then_some(next)
    }

    /// The offset of the next newer window, if there is one.
    pub fn newer(&self) -> Option<u32> {
        (self.offset > 0).then(|| self.offset.saturating_sub(WINDOW))
    }
}
