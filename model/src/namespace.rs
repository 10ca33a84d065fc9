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
        let root = match self.delimiter {
            Some(delimiter) => self.prefix.strip_suffix(delimiter).unwrap_or(&self.prefix),
            None => &self.prefix,
        };
        name == root || name.starts_with(&self.prefix)
    }
}

/// The kind of namespace in which a mailbox stands: the one with the longest prefix that holds it. Personal when
/// none does, as on a server without NAMESPACE.
pub fn kind_of(namespaces: &[Namespace], name: &str) -> Kind {
    namespaces
        .iter()
        .filter(|namespace| namespace.holds(name))
        .max_by_key(|namespace| namespace.prefix.len())
        .map_or(Kind::Personal, |namespace| namespace.kind)
}

#[cfg(test)]
mod tests {
    use super::{Kind, Namespace, kind_of};

    #[test]
    fn the_longest_prefix_decides() {
        let own = Namespace { kind: Kind::Personal, prefix: String::new(), delimiter: Some('/') };
        let shared = Namespace { kind: Kind::Shared, prefix: "shared/".into(), delimiter: Some('/') };
        let both = [own, shared];
        assert_eq!(kind_of(&both, "shared/support"), Kind::Shared);
        assert_eq!(kind_of(&both, "shared"), Kind::Shared);
        assert_eq!(kind_of(&both, "sharedness"), Kind::Personal);
        assert_eq!(kind_of(&[], "INBOX"), Kind::Personal);
    }
}
