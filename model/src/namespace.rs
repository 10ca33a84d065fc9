//! Where mailboxes stand: one's own, other people's, shared (RFC 2342).

use serde::{Deserialize, Serialize};

/// Whose mailboxes a namespace holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// One's own.
    Personal,
    /// Other people's, as far as they gave rights.
    OtherUsers,
    /// Shared or public.
    Shared,
}

/// One namespace of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespace {
    /// Whose mailboxes it holds.
    pub kind: Kind,
    /// What every name in it begins with, decoded; often empty for the personal one.
    pub prefix: String,
    /// What separates levels, or `None` in a flat namespace.
    pub delimiter: Option<char>,
}

impl Namespace {
    /// Whether a mailbox of this name stands in this namespace: below its prefix, or exactly it.
    pub fn holds(&self, name: &str) -> bool {
        name == self.root() || name.starts_with(&self.prefix)
    }

    /// The level above everything in it: its prefix without the delimiter at its end.
    pub fn root(&self) -> &str {
        let without = self.delimiter.and_then(|delimiter| self.prefix.strip_suffix(delimiter));
        without.unwrap_or(&self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Namespace};

    #[test]
    fn a_namespace_holds_its_root_and_what_is_below_and_no_longer_word() {
        let shared = Namespace { kind: Kind::Shared, prefix: "shared/".into(), delimiter: Some('/') };
        assert!(shared.holds("shared/support") && shared.holds("shared"));
        assert!(!shared.holds("sharedness"));
    }
}
