//! What somebody writes, before it is sent.

use serde::{Deserialize, Serialize};

/// A message that is being written, in plain text. All of it is as it was typed: recipients may still be half a name.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// To whom.
    pub to: String,
    /// To whom besides.
    pub cc: String,
    /// What it is about.
    pub subject: String,
    /// The text, its lines separated by a line feed.
    pub text: String,
}

impl Draft {
    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Never what was written.
impl std::fmt::Debug for Draft {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Draft")
    }
}
