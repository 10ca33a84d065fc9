//! Which mailbox has which role, and in which order people see them.

use std::collections::BTreeMap;

use model::mailbox::Mailbox;
use model::namespace::{Kind, Namespace};
use model::special_use::{Role, Source};

/// Every role once. Where the server gave one to several mailboxes, the usual name counts most, then the shorter; where
/// it gave one to none, an exact name does, at the top or right below the INBOX; of several the subscribed one, then the
/// shorter.
pub(super) fn give_roles(mailboxes: &mut [Mailbox], namespaces: &[Namespace]) {
    let mut best: BTreeMap<Role, usize> = BTreeMap::new();
    for (index, mailbox) in mailboxes.iter().enumerate() {
        let Some((role, _)) = mailbox.role else { continue };
        let rank = |mailbox: &Mailbox| {
            let usual = Role::from_name(mailbox.name.leaf(mailbox.delimiter)) == Some(role);
            (!mailbox.selectable, !usual, mailbox.name.as_str().len())
        };
        let other = best.get(&role).and_then(|other| mailboxes.get(*other));
        if other.is_none_or(|other| rank(mailbox) < rank(other)) {
            best.insert(role, index);
        }
    }
    for (index, mailbox) in mailboxes.iter_mut().enumerate() {
        mailbox.role = mailbox.role.filter(|(role, _)| best.get(role) == Some(&index));
    }
    let mut by_name: Vec<(Role, usize)> = mailboxes
        .iter()
        .enumerate()
        .filter(|(_, mailbox)| mailbox.role.is_none() && mailbox.kind == Kind::Personal && mailbox.selectable)
        .filter_map(|(index, mailbox)| Some((Role::from_name(below_the_top(mailbox, namespaces))?, index)))
        .filter(|(role, _)| !best.contains_key(role))
        .collect();
    // Several programs may each have made one in its own language: the one that people see in all of them counts most,
    // then the shorter name.
    by_name.sort_by_key(|(role, index)| {
        mailboxes.get(*index).map(|mailbox| (*role, !mailbox.subscribed, mailbox.name.as_str().len()))
    });
    by_name.dedup_by_key(|(role, _)| *role);
    for (role, index) in by_name {
        if let Some(mailbox) = mailboxes.get_mut(index) {
            mailbox.role = Some((role, Source::Name));
        }
    }
}

/// The name without what every own mailbox begins with.
fn below_the_top<'a>(mailbox: &'a Mailbox, namespaces: &[Namespace]) -> &'a str {
    let name = mailbox.name.as_str();
    let own = namespaces.iter().filter(|namespace| namespace.kind == Kind::Personal);
    let below = own
        .filter(|namespace| !namespace.prefix.is_empty())
        .find_map(|namespace| name.strip_prefix(namespace.prefix.as_str()))
        .unwrap_or(name);
    mailbox
        .delimiter
        .and_then(|delimiter| below.strip_prefix("INBOX")?.strip_prefix(delimiter))
        .unwrap_or(below)
}

/// Own mailboxes first: each with a role and what stands below it in the order of roles, then the others by name, level by
/// level, in any letter case. Then those of others, then the shared ones.
pub(super) fn sort(mailboxes: &mut [Mailbox], namespaces: &[Namespace]) {
    let roles: BTreeMap<String, Role> = mailboxes
        .iter()
        .filter_map(|mailbox| Some((mailbox.name.as_str().to_owned(), mailbox.role?.0)))
        // Where everything stands below the INBOX, that says nothing.
        .filter(|(name, role)| *role != Role::Inbox || !is_a_prefix(name, namespaces))
        .collect();
    mailboxes.sort_by_cached_key(|mailbox| {
        let name = mailbox.name.as_str();
        let levels: Vec<String> = match mailbox.delimiter {
            Some(delimiter) => name.split(delimiter).map(str::to_lowercase).collect(),
            None => vec![name.to_lowercase()],
        };
        let role = mailbox
            .role
            .map(|(role, _)| role)
            .or_else(|| above(mailbox).find_map(|up| roles.get(up).copied()));
        (mailbox.kind, role.is_none(), role, mailbox.role.is_none(), levels, name.to_owned())
    });
}

fn is_a_prefix(name: &str, namespaces: &[Namespace]) -> bool {
    let mut own = namespaces.iter().filter(|namespace| namespace.kind == Kind::Personal);
    own.any(|namespace| !namespace.prefix.is_empty() && namespace.holds(name))
}

/// The names of the levels above a mailbox, nearest first.
fn above(mailbox: &Mailbox) -> impl Iterator<Item = &str> {
    let name = mailbox.name.as_str();
    let delimiter = mailbox.delimiter;
    std::iter::successors(Some(name), move |name| name.rsplit_once(delimiter?).map(|(up, _)| up)).skip(1)
}

#[cfg(test)]
mod tests {
    use model::mailbox::{Mailbox, MailboxName};
    use model::namespace::{Kind, Namespace};
    use model::special_use::{Role, Source};

    use super::{give_roles, sort};

    fn mailbox(name: &str, role: Option<Role>) -> Mailbox {
        Mailbox {
            name: MailboxName::new(name).unwrap(),
            delimiter: Some('/'),
            kind: Kind::Personal,
            role: role.map(|role| (role, Source::Server)),
            selectable: true,
            subscribed: false,
            status: None,
        }
    }

    fn prefixed(prefix: &str) -> Vec<Namespace> {
        vec![Namespace { kind: Kind::Personal, prefix: prefix.into(), delimiter: Some('/') }]
    }

    fn sorted(mut mailboxes: Vec<Mailbox>, prefix: &str) -> Vec<String> {
        sort(&mut mailboxes, &prefixed(prefix));
        mailboxes.into_iter().map(|mailbox| mailbox.name.into()).collect()
    }

    #[test]
    fn roles_by_name_are_given_once_and_never_to_a_part_of_a_name() {
        let names = ["INBOX", "Sent", "Sent Items", "INBOX/Trash", "Old/Drafts", "Sent invoices 2019"];
        let mut all: Vec<_> = names.map(|name| mailbox(name, None)).into();
        give_roles(&mut all, &prefixed(""));
        let roles: Vec<_> = all.iter().map(|mailbox| mailbox.role).collect();
        let (sent, trash) = (Some((Role::Sent, Source::Name)), Some((Role::Trash, Source::Name)));
        assert_eq!(roles, [None, sent, None, trash, None, None]);
    }

    #[test]
    fn a_role_that_the_server_gave_is_not_given_again_and_one_that_it_gave_twice_counts_once() {
        let mut all = vec![
            mailbox("Sent", None),
            mailbox("Sent Messages", Some(Role::Sent)),
            mailbox("Outgoing", Some(Role::Sent)),
        ];
        give_roles(&mut all, &prefixed(""));
        let roles: Vec<_> = all.iter().map(|mailbox| mailbox.role.is_some()).collect();
        assert_eq!(roles, [false, true, false]);
    }

    #[test]
    fn names_count_below_the_prefix_of_ones_own_mailboxes_and_never_among_those_of_others() {
        let mut all = vec![mailbox("mail/Trash", None), mailbox("Drafts", None)];
        all[1].kind = Kind::Shared;
        give_roles(&mut all, &prefixed("mail/"));
        assert_eq!((all[0].role, all[1].role), (Some((Role::Trash, Source::Name)), None));
    }

    #[test]
    fn roles_come_first_with_what_is_below_them_and_levels_stay_together() {
        let mut shared = mailbox("0shared", None);
        shared.kind = Kind::Shared;
        let all = vec![
            shared,
            mailbox("a b", None),
            mailbox("Trash", Some(Role::Trash)),
            mailbox("A/x", None),
            mailbox("Archive/2024/May", None),
            mailbox("A", None),
            mailbox("Archive/2024", None),
            mailbox("INBOX/later", None),
            mailbox("Archive", Some(Role::Archive)),
            mailbox("inbox", Some(Role::Inbox)),
        ];
        assert_eq!(
            sorted(all, ""),
            [
                "INBOX",
                "INBOX/later",
                "Archive",
                "Archive/2024",
                "Archive/2024/May",
                "Trash",
                "A",
                "A/x",
                "a b",
                "0shared"
            ]
        );
    }

    #[test]
    fn where_everything_is_below_the_inbox_roles_still_come_first() {
        let all = vec![
            mailbox("INBOX/Archive", Some(Role::Archive)),
            mailbox("INBOX/a", None),
            mailbox("INBOX", Some(Role::Inbox)),
        ];
        assert_eq!(sorted(all, "INBOX/"), ["INBOX", "INBOX/Archive", "INBOX/a"]);
    }
}
