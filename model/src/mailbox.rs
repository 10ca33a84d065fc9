//! A mailbox: what people call a folder (RFC 9051 §5.1).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::modseq::{ModSeq, Moment};
use crate::object_id::ObjectId;
use crate::rights::Rights;
use crate::special_use::{Role, Source};
use crate::uid::UidValidity;

/// The full name of a mailbox in Unicode, as far as it could be decoded; the wire layer encodes it again.
///
/// `INBOX` has one spelling here, whatever the letter case a server used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MailboxName(String);

/// Longest mailbox name in bytes that is taken from anyone.
pub const LONGEST_NAME: usize = 1000;

/// A text that cannot be the name of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a mailbox name has 1 to {LONGEST_NAME} bytes and no control characters")]
pub struct NotAMailboxName;

impl MailboxName {
    /// Checks and takes a name.
    ///
    /// # Errors
    /// When it is empty, longer than [`LONGEST_NAME`] bytes or holds a control character.
    pub fn new(name: impl Into<String>) -> Result<Self, NotAMailboxName> {
        let name = name.into();
        if name.is_empty() || name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(NotAMailboxName);
        }
        if name.eq_ignore_ascii_case("INBOX") {
            return Ok(Self::inbox());
        }
        Ok(Self(name))
    }

    /// The INBOX, which every account has.
    pub fn inbox() -> Self {
        Self("INBOX".to_owned())
    }

    /// The full name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last level of the name, which is what a list shows.
    pub fn leaf(&self, delimiter: Option<char>) -> &str {
        match delimiter {
            Some(delimiter) => self.0.rsplit(delimiter).find(|level| !level.is_empty()).unwrap_or(&self.0),
            None => &self.0,
        }
    }
}

impl TryFrom<String> for MailboxName {
    type Error = NotAMailboxName;
    fn try_from(name: String) -> Result<Self, NotAMailboxName> {
        Self::new(name)
    }
}

impl From<MailboxName> for String {
    fn from(name: MailboxName) -> Self {
        name.0
    }
}

impl fmt::Display for MailboxName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A mailbox as a list of mailboxes shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Its full name.
    pub name: MailboxName,
    /// What separates levels in its name.
    pub delimiter: Option<char>,
    /// Whose it is.
    pub account: Account,
    /// What it is for and who said so, if it is for anything special.
    pub role: Option<(Role, Source)>,
    /// Whether it can be opened; a mere level of the hierarchy can't (`\Noselect`, `\NonExistent`).
    pub selectable: bool,
    /// Whether the person subscribed to it.
    pub subscribed: bool,
    /// What the server said of its content; `None` when it was not asked or can't be opened.
    pub status: Option<Status>,
    /// What one may do in a mailbox of somebody else, where the server tells (RFC 4314). `None` for one's own, where all is
    /// allowed unless opening it says otherwise ([`Selected::rights`]).
    pub rights: Option<Rights>,
}

impl Mailbox {
    /// Its name below the top of its account; empty for the top itself.
    pub fn below_the_top(&self) -> &str {
        self.account.below(self.name.as_str(), self.delimiter)
    }

    /// How many levels of its account stand above it, for indentation.
    pub fn depth(&self) -> usize {
        self.delimiter.map_or(0, |delimiter| self.below_the_top().matches(delimiter).count())
    }
}

/// The content of a mailbox in numbers (RFC 9051 §6.3.11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Messages in it.
    pub messages: u32,
    /// Messages without `\Seen`.
    pub unseen: u32,
}

/// Numbers of a mailbox that changed; the others are as they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialStatus {
    /// Messages in it.
    pub messages: Option<u32>,
    /// Messages without `\Seen`.
    pub unseen: Option<u32>,
}

impl PartialStatus {
    /// Both, where this one is the newer.
    pub fn over(self, older: Self) -> Self {
        Self { messages: self.messages.or(older.messages), unseen: self.unseen.or(older.unseen) }
    }

    /// What it makes of the numbers from before.
    pub fn onto(self, before: Status) -> Status {
        Status {
            messages: self.messages.unwrap_or(before.messages),
            unseen: self.unseen.unwrap_or(before.unseen),
        }
    }
}

/// An opened mailbox (RFC 9051 §6.3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selected {
    /// Its name.
    pub name: MailboxName,
    /// The epoch of its UIDs; `None` on a server that keeps none, where messages can't be named for good.
    pub validity: Option<UidValidity>,
    /// The last change in it that is known; `None` where the server keeps no count of changes (RFC 7162).
    #[serde(default)]
    pub modseq: Option<ModSeq>,
    /// Its name for good, which renaming does not change, where the server gives one (RFC 8474).
    pub id: Option<ObjectId>,
    /// Messages in it.
    pub messages: u32,
    /// Whether nothing in it can be changed.
    pub read_only: bool,
    /// What one may do in it, where the server tells.
    pub rights: Option<Rights>,
}

impl Selected {
    /// Up to where in the mailbox's history everything is known; `None` where the server keeps none.
    pub fn moment(&self) -> Option<Moment> {
        Some(Moment { validity: self.validity?, modseq: self.modseq? })
    }
}

#[cfg(test)]
mod tests {
    use super::MailboxName;

    #[test]
    fn inbox_has_one_spelling() {
        assert_eq!(MailboxName::new("inBox"), Ok(MailboxName::inbox()));
    }

    #[test]
    fn a_name_with_a_line_break_is_refused() {
        for name in ["a\r\nb", "a\0b", "", &"x".repeat(1001)] {
            assert!(MailboxName::new(name).is_err());
        }
        assert!(serde_json::from_str::<MailboxName>("\"a\\nb\"").is_err());
    }

    #[test]
    fn the_leaf_of_a_name_is_its_last_level() {
        let name = MailboxName::new("Projects/2026/").unwrap();
        assert_eq!(name.leaf(Some('/')), "2026");
        assert_eq!(name.leaf(None), "Projects/2026/");
    }
}
