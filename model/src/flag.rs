//! Flags and keywords of a message (RFC 9051 §2.3.2).

use serde::{Deserialize, Serialize};

/// A system flag, or a keyword that people or clients gave.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Flag {
    /// `\Seen`: it was read.
    Seen,
    /// `\Answered`.
    Answered,
    /// `\Flagged`: what people see as a star.
    Flagged,
    /// `\Deleted`: will go at the next expunge.
    Deleted,
    /// `\Draft`.
    Draft,
    /// A keyword, without a backslash, as the server spells it.
    Keyword(String),
}

impl Flag {
    /// Reads a flag as a server writes it; `None` for system flags that say nothing to a reader (`\Recent`).
    pub fn from_wire(text: &str) -> Option<Self> {
        let Some(system) = text.strip_prefix('\\') else {
            return (!text.is_empty()).then(|| Self::Keyword(text.to_owned()));
        };
        match system.to_ascii_lowercase().as_str() {
            "seen" => Some(Self::Seen),
            "answered" => Some(Self::Answered),
            "flagged" => Some(Self::Flagged),
            "deleted" => Some(Self::Deleted),
            "draft" => Some(Self::Draft),
            _ => None,
        }
    }

    /// The flag as it is written to a server.
    pub fn as_wire(&self) -> &str {
        match self {
            Self::Seen => "\\Seen",
            Self::Answered => "\\Answered",
            Self::Flagged => "\\Flagged",
            Self::Deleted => "\\Deleted",
            Self::Draft => "\\Draft",
            Self::Keyword(word) => word,
        }
    }
}

/// The flags of one message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flags(pub Vec<Flag>);

impl Flags {
    /// Whether the flag is set.
    pub fn has(&self, flag: &Flag) -> bool {
        self.0.contains(flag)
    }
}
