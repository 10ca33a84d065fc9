//! Which mailbox has which role, and in which order people see them.

use std::collections::{BTreeMap, BTreeSet};

use model::account::Account;
use model::mailbox::Mailbox;
use model::namespace::{Kind, Namespace};
use model::special_use::{Role, Source};

/// Every role once in each account. Where the server gave one to several mailboxes, the usual name counts most, then the
/// shorter; where it gave one to none, an exact name does, at the top or right below the INBOX; of several the subscribed
/// one, then the shorter.
pub(super) fn give_roles(mailboxes: &mut [Mailbox], namespaces: &[Namespace]) {
    for (mailbox, role) in roles(mailboxes, namespaces).into_iter().enumerate() {
        if let Some(mailbox) = mailboxes.get_mut(mailbox) {
            mailbox.role = role;
        }
    }
}

fn roles(mailboxes: &[Mailbox], namespaces: &[Namespace]) -> Vec<Option<(Role, Source)>> {
    let mut best: BTreeMap<(&Account, Role), usize> = BTreeMap::new();
    for (index, mailbox) in mailboxes.iter().enumerate() {
        let Some((role, _)) = mailbox.role else { continue };
        let rank = |mailbox: &Mailbox| {
            let usual = Role::from_name(mailbox.name.leaf(mailbox.delimiter)) == Some(role);
            (!mailbox.selectable, !usual, mailbox.name.as_str().len())
        };
        let other = best.get(&(&mailbox.account, role)).and_then(|other| mailboxes.get(*other));
        if other.is_none_or(|other| rank(mailbox) < rank(other)) {
            best.insert((&mailbox.account, role), index);
        }
    }
    let mut roles = vec![None; mailboxes.len()];
    let mut give = |index: usize, role| roles.get_mut(index).map(|place| *place = Some(role));
    for ((_, role), index) in &best {
        give(*index, (*role, Source::Server));
    }
    let given: BTreeSet<usize> = best.values().copied().collect();
    let mut by_name: Vec<(&Account, Role, usize)> = mailboxes
        .iter()
        .enumerate()
        .filter(|(index, mailbox)| mailbox.selectable && !given.contains(index))
        .filter_map(|(index, mailbox)| Some((&mailbox.account, by_name(mailbox, namespaces)?, index)))
        .filter(|(account, role, _)| !best.contains_key(&(*account, *role)))
        .collect();
    // Several programs may each have made one in its own language: the one that people see in all of them counts most,
    // then the shorter name.
    by_name.sort_by_key(|(account, role, index)| {
        let rank = mailboxes.get(*index).map(|mailbox| (!mailbox.subscribed, mailbox.name.as_str().len()));
        (*account, *role, rank)
    });
    by_name.dedup_by_key(|(account, role, _)| (*account, *role));
    for (_, role, index) in by_name {
        give(index, (role, Source::Name));
    }
    roles
}

/// The role that the name of a mailbox suggests. The INBOX of another person is the top of their account, or has its name
/// right below.
fn by_name(mailbox: &Mailbox, namespaces: &[Namespace]) -> Option<Role> {
    let below = below_the_top(mailbox, namespaces);
    let is_inbox = match mailbox.account {
        Account::Own => false,
        Account::Person { .. } => below.is_empty() || below.eq_ignore_ascii_case("INBOX"),
        Account::Shared { .. } => below.eq_ignore_ascii_case("INBOX"),
    };
    if is_inbox { Some(Role::Inbox) } else { Role::from_name(below) }
}

/// The name without what every mailbox of its account begins with.
fn below_the_top<'a>(mailbox: &'a Mailbox, namespaces: &[Namespace]) -> &'a str {
    let name = mailbox.below_the_top();
    let own = namespaces.iter().filter(|namespace| namespace.kind == Kind::Personal);
    let below = own
        .filter(|namespace| mailbox.account.is_own() && !namespace.prefix.is_empty())
        .find_map(|namespace| name.strip_prefix(namespace.prefix.as_str()))
        .unwrap_or(name);
    mailbox
        .delimiter
        .and_then(|delimiter| below.strip_prefix("INBOX")?.strip_prefix(delimiter))
        .unwrap_or(below)
}

/// Own mailboxes first, then account by account those of other people, then the shared ones. In each account first those
/// with a role, in the order of roles and with what stands below, then the others by name, level by level, in any letter case.
pub(super) fn sort(mailboxes: &mut [Mailbox], namespaces: &[Namespace]) {
    let roles: BTreeMap<String, Role> = mailboxes
        .iter()
        // Where everything stands below the INBOX, that says nothing.
        .filter(|mailbox| !mailbox.below_the_top().is_empty())
        .filter_map(|mailbox| Some((mailbox.name.as_str().to_owned(), mailbox.role?.0)))
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
        let of_whom = mailbox.account.name().map(str::to_lowercase);
        let account = (rank(&mailbox.account), of_whom, mailbox.account.clone());
        (account, role.is_none(), role, mailbox.role.is_none(), levels, name.to_owned())
    });
}

fn rank(account: &Account) -> u8 {
    match account {
        Account::Own => 0,
        Account::Person { .. } => 1,
        Account::Shared { .. } => 2,
    }
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
    use model::account::Account;
    use model::mailbox::{Mailbox, MailboxName};
    use model::namespace::{Kind, Namespace};
    use model::special_use::{Role, Source};

    use super::{give_roles, sort};

    fn mailbox(name: &str, role: Option<Role>) -> Mailbox {
        Mailbox {
            name: MailboxName::new(name).unwrap(),
            delimiter: Some('/'),
            account: Account::Own,
            role: role.map(|role| (role, Source::Server)),
            selectable: true,
            subscribed: false,
            status: None,
            rights: None,
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

    fn of(namespaces: &[Namespace], name: &str, role: Option<Role>) -> Mailbox {
        Mailbox { account: Account::of(namespaces, name), ..mailbox(name, role) }
    }

    fn siblings() -> Vec<Namespace> {
        let namespace = |kind, prefix: &str| Namespace { kind, prefix: prefix.into(), delimiter: Some('/') };
        let own = namespace(Kind::Personal, "");
        vec![own, namespace(Kind::OtherUsers, "shared/"), namespace(Kind::Shared, "Public/")]
    }

    #[test]
    fn names_count_below_the_prefix_of_ones_own_mailboxes() {
        let mut all = vec![mailbox("mail/Trash", None), mailbox("x/Drafts", None)];
        give_roles(&mut all, &prefixed("mail/"));
        assert_eq!((all[0].role, all[1].role), (Some((Role::Trash, Source::Name)), None));
    }

    #[test]
    fn every_account_has_each_role_once_by_the_servers_word_or_right_below_its_top() {
        let namespaces = siblings();
        let mut all: Vec<_> = [
            ("INBOX", Some(Role::Inbox)),
            ("Sent", Some(Role::Sent)),
            ("shared/a@x.test", None),
            ("shared/a@x.test/Sent", None),
            ("shared/a@x.test/Gesendet", Some(Role::Sent)),
            ("shared/a@x.test/Old/Drafts", None),
            ("shared/b@x.test/inbox", None),
            ("shared/b@x.test/INBOX/Trash", None),
            ("shared/b@x.test/Sent invoices", None),
            ("Public", None),
            ("Public/Archive", None),
        ]
        .map(|(name, role)| of(&namespaces, name, role))
        .into();
        give_roles(&mut all, &namespaces);
        let roles: Vec<_> = all.iter().map(|mailbox| mailbox.role).collect();
        let (server, name) = (|role| Some((role, Source::Server)), |role| Some((role, Source::Name)));
        let own = [server(Role::Inbox), server(Role::Sent)];
        let a = [name(Role::Inbox), None, server(Role::Sent), None];
        let b = [name(Role::Inbox), name(Role::Trash), None];
        assert_eq!(roles, [&own[..], &a, &b, &[None, name(Role::Archive)]].concat());
    }

    #[test]
    fn each_account_stands_together_in_its_own_order_of_roles() {
        let namespaces = siblings();
        let names = [
            "Public/Archive",
            "shared/b@x.test/Trash",
            "shared/B@x.test/a",
            "shared/a@x.test/0",
            "shared/a@x.test",
            "shared/a@x.test/Trash/x",
            "shared/a@x.test/Trash",
            "zebra",
            "INBOX",
        ];
        let mut all: Vec<_> = names.map(|name| of(&namespaces, name, None)).into();
        give_roles(&mut all, &namespaces);
        sort(&mut all, &namespaces);
        let names: Vec<_> = all.iter().map(|mailbox| mailbox.name.as_str()).collect();
        let own = ["INBOX", "zebra"];
        let a = ["shared/a@x.test", "shared/a@x.test/Trash", "shared/a@x.test/Trash/x", "shared/a@x.test/0"];
        let others = ["shared/B@x.test/a", "shared/b@x.test/Trash", "Public/Archive"];
        assert_eq!(names, [&own[..], &a, &others].concat());
    }

    #[test]
    fn roles_come_first_with_what_is_below_them_and_levels_stay_together() {
        let mut shared = mailbox("0shared", None);
        shared.account = Account::Shared { name: String::new() };
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
