//! Storage used and allowed (RFC 9208).

use serde::{Deserialize, Serialize};

/// The STORAGE resource of one quota root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// The quota root's name; may be empty.
    pub root: String,
    /// Bytes used.
    pub used: u64,
    /// Bytes allowed.
    pub limit: u64,
}
