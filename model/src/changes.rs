//! What changed in a mailbox since a moment.

use serde::{Deserialize, Serialize};

use crate::flag::Flags;
use crate::mailbox::{MailboxName, PartialStatus, Status};
use crate::modseq::Moment;
use crate::uid::Uid;
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
    /// Its content in numbers, after the change.
    pub status: Status,
    /// What is different.
    pub difference: Difference,
}

/// How a mailbox differs from what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Difference {
    /// Everything that happened since a moment, each message as it is now.
    Since {
        /// The moment. Who knows less than that must ask for more.
        since: Moment,
        /// Messages that came or whose flags changed.
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
