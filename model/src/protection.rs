//! How a message is protected by keys of its writer or its readers, as far as its form tells. Nothing here was checked.

use serde::{Deserialize, Serialize};

/// What was done to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Protection {
    /// Only its readers can open it, with their keys (RFC 3156 §4, RFC 8551 §3.3).
    Encrypted(Standard),
    /// A signature stands beside it (RFC 3156 §5, RFC 8551 §3.5.3) or around its words.
    Signed(Standard),
    /// It is inside of its signature (RFC 8551 §3.5.2).
    Enclosed(Standard),
}

/// By which standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standard {
    /// OpenPGP (RFC 9580).
    OpenPgp,
    /// S/MIME (RFC 8551).
    Smime,
}

impl Standard {
    /// Its name, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenPgp => "OpenPGP",
            Self::Smime => "S/MIME",
        }
    }
}
