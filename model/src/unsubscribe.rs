//! How to leave a list that a message came from (RFC 2369, RFC 8058).

use serde::{Deserialize, Serialize};

use crate::message::Why;

/// The ways that a message offers; at least one is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsubscribe {
    /// Whether one click is enough: the server sends it to this host, and to no other (RFC 8058).
    pub one_click: Option<String>,
    /// A page of the sender where one can leave: an `https:` or `http:` link.
    pub page: Option<String>,
    /// Why that page deserves a warning, if it does.
    pub misleads: Option<Why>,
    /// A `mailto:` link; a message to it leaves.
    pub mail: Option<String>,
}

/// What became of a request to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unsubscribed {
    /// The sender's server took it.
    Done,
    /// The sender's server refused it.
    Refused,
    /// The sender's server could not be reached, or must not be.
    Unreachable,
    /// The message offers no such way.
    NotOffered,
}

impl Unsubscribed {
    const ALL: [Self; 4] = [Self::Done, Self::Refused, Self::Unreachable, Self::NotOffered];

    /// The word that stands for it in the address of a page.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::NotOffered => "not-offered",
        }
    }

    /// What a word stands for.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}
