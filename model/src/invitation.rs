//! An invitation to an event (iTIP, RFC 5546), as a page shows it.

use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::time::Timestamp;

/// An event that a message invites to, changes, answers or calls off. Every text is a stranger's, in one line, cleaned and
/// shortened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// What the message is about.
    pub purpose: Purpose,
    /// What it is called; empty when it has no name.
    pub title: String,
    /// When it begins.
    pub start: Option<When>,
    /// When it ends; for whole days the last one.
    pub end: Option<When>,
    /// Where it is; empty when nobody says.
    pub place: String,
    /// Who invites.
    pub organiser: Option<Address>,
    /// How many are invited.
    pub attendees: u32,
    /// How it repeats, if it does.
    pub repeats: Option<Repeats>,
    /// What it is about; empty when nobody says.
    pub description: String,
    /// How many other events are in the same message.
    pub others: u32,
}

/// What a message does to an event (METHOD, RFC 5546 §1.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// It invites.
    Invites,
    /// It invites anew, since something changed.
    Updates,
    /// It calls off.
    Cancels,
    /// Somebody who was invited answers.
    Answers {
        /// Who.
        who: Option<Address>,
        /// What.
        answer: Answer,
    },
    /// Somebody who was invited wants it otherwise.
    Proposes,
    /// It tells of an event, and nobody is asked.
    Informs,
}

/// What somebody who was invited says (PARTSTAT, RFC 5545 §3.2.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// They come.
    Accepted,
    /// They may come.
    Maybe,
    /// They do not come.
    Declined,
    /// Nothing that is understood.
    Open,
}

/// A time of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// The time; where the zone is not known, as if its clock were that of UTC.
    pub at: Timestamp,
    /// By which clock.
    pub clock: Clock,
}

/// The clock that a time is read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Clock {
    /// That of a known time zone, such as `Europe/Berlin`.
    Zone(String),
    /// The one on the wall, wherever one is; or that of a zone that nobody knows, by its name.
    Wall(Option<String>),
    /// None: it is a whole day.
    Day,
}

/// How an event repeats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeats {
    /// After what.
    pub every: Every,
    /// After how many of them; never 0.
    pub interval: u16,
    /// How many times, if that is limited.
    pub times: Option<u32>,
    /// Up to when, if that is limited.
    pub until: Option<Timestamp>,
}

/// What an event repeats after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Every {
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
    /// Something that takes more words.
    Other,
}
