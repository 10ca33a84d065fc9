//! Whose mailboxes: one's own, another person's, or shared ones. Those of others stand beside one's own as accounts of
//! their own, with roles and rights of their own.

use serde::{Deserialize, Serialize};

use crate::namespace::{Kind, Namespace};

/// To whom a mailbox belongs, as the namespaces tell (RFC 2342).
///
/// The order is the one in which people see them: own ones first, then those of other people, then shared ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Account {
    /// One's own.
    #[default]
    Own,
    /// Another person's, as far as they gave rights.
    Person {
        /// The prefix of the namespace, such as `shared/` or `user.`.
        prefix: String,
        /// The level below it, which is the person's user name: `support@demo.test`, `anna` (RFC 2342 §2).
        name: String,
    },
    /// Nobody's in particular: a shared or public namespace, named by its prefix without the delimiter at its end. Empty where
    /// the namespace has no prefix.
    Shared {
        /// Such as `Public` or `#news`.
        name: String,
    },
}

impl Account {
    /// The account of a mailbox: by the namespace with the longest prefix that holds it. One's own when none does, as
    /// on a server without NAMESPACE.
    pub fn of(namespaces: &[Namespace], mailbox: &str) -> Self {
        let holding = namespaces.iter().filter(|namespace| namespace.holds(mailbox));
        let Some(namespace) = holding.max_by_key(|namespace| namespace.prefix.len()) else {
            return Self::Own;
        };
        let shared = || Self::Shared { name: namespace.root().to_owned() };
        match namespace.kind {
            Kind::Personal => Self::Own,
            Kind::Shared => shared(),
            Kind::OtherUsers => {
                let below = mailbox.strip_prefix(namespace.prefix.as_str()).unwrap_or_default();
                let name = match namespace.delimiter {
                    Some(delimiter) => below.split(delimiter).next().unwrap_or_default(),
                    None => below,
                };
                // The level above all those people is none of theirs.
                if name.is_empty() {
                    return shared();
                }
                Self::Person { prefix: namespace.prefix.clone(), name: name.to_owned() }
            }
        }
    }

    /// Whether it is one's own.
    pub fn is_own(&self) -> bool {
        *self == Self::Own
    }

    /// What people read for it; `None` for one's own, and for shared mailboxes without a common name.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Own => None,
            Self::Person { name, .. } | Self::Shared { name } => {
                Some(name.as_str()).filter(|name| !name.is_empty())
            }
        }
    }

    /// The name of a mailbox below the top of its account: empty for the top itself, and for one's own mailboxes, or one of
    /// another account, all of it.
    pub fn below<'a>(&self, mailbox: &'a str, delimiter: Option<char>) -> &'a str {
        let below = match self {
            Self::Own => None,
            Self::Person { prefix, name } => {
                mailbox.strip_prefix(prefix.as_str()).and_then(|below| below.strip_prefix(name.as_str()))
            }
            Self::Shared { name } if name.is_empty() => None,
            Self::Shared { name } => mailbox.strip_prefix(name.as_str()),
        };
        match (below, delimiter) {
            (Some(below), Some(delimiter)) => below.strip_prefix(delimiter).unwrap_or(below),
            (Some(below), None) => below,
            (None, _) => mailbox,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Account;
    use crate::namespace::{Kind, Namespace};

    fn namespace(kind: Kind, prefix: &str, delimiter: char) -> Namespace {
        Namespace { kind, prefix: prefix.into(), delimiter: Some(delimiter) }
    }

    fn person(prefix: &str, name: &str) -> Account {
        Account::Person { prefix: prefix.into(), name: name.into() }
    }

    #[test]
    fn other_people_are_told_apart_by_the_level_below_the_prefix_and_shared_mailboxes_by_the_prefix() {
        let dovecot = [
            namespace(Kind::Personal, "", '/'),
            namespace(Kind::OtherUsers, "shared/", '/'),
            namespace(Kind::Shared, "Public/", '/'),
        ];
        let support = person("shared/", "support@demo.test");
        assert_eq!(Account::of(&dovecot, "shared/support@demo.test"), support);
        assert_eq!(Account::of(&dovecot, "shared/support@demo.test/Plans/2026"), support);
        assert_eq!(support.name(), Some("support@demo.test"));
        let public = Account::of(&dovecot, "Public/Announcements");
        assert_eq!((&public, public.name()), (&Account::Shared { name: "Public".into() }, Some("Public")));
        assert_eq!(Account::of(&dovecot, "sharedness/a"), Account::Own);
    }

    #[test]
    fn a_prefix_may_end_in_a_dot_or_in_no_delimiter_or_be_empty() {
        let cyrus = [
            namespace(Kind::Personal, "INBOX.", '.'),
            namespace(Kind::OtherUsers, "user.", '.'),
            namespace(Kind::Shared, "", '.'),
        ];
        assert_eq!(Account::of(&cyrus, "user.anna.Sent"), person("user.", "anna"));
        assert_eq!(Account::of(&cyrus, "INBOX.Sent"), Account::Own);
        let shared = Account::of(&cyrus, "news.local");
        assert_eq!((shared.name(), shared.is_own()), (None, false));
        let tilde = [namespace(Kind::OtherUsers, "~", '/')];
        assert_eq!(Account::of(&tilde, "~anna/Sent"), person("~", "anna"));
        assert_eq!(Account::of(&[], "INBOX"), Account::Own);
    }

    #[test]
    fn the_level_above_all_people_is_no_persons() {
        let dovecot = [namespace(Kind::OtherUsers, "shared/", '/')];
        for above in ["shared", "shared/"] {
            assert_eq!(Account::of(&dovecot, above), Account::Shared { name: "shared".into() });
        }
    }

    #[test]
    fn names_below_the_top_of_an_account_begin_there() {
        let anna = person("user.", "anna");
        let below = |name| anna.below(name, Some('.'));
        assert_eq!(
            [below("user.anna"), below("user.anna.Sent"), below("user.anna.a.b")],
            ["", "Sent", "a.b"]
        );
        let public = Account::Shared { name: "Public".into() };
        assert_eq!(public.below("Public/News", Some('/')), "News");
        assert_eq!(Account::Shared { name: String::new() }.below("news", Some('/')), "news");
        assert_eq!(Account::Own.below("Sent", Some('/')), "Sent");
    }
}
