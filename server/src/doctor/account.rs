//! What somebody who has signed in finds: what the server can, mailboxes and their roles, storage, rights.

use imap::connection::Connection;
use imap::{Error, Result};
use model::mailbox::{Mailbox, MailboxName};
use model::namespace::Kind;
use model::rights::Right;
use model::special_use::{Role, Source};

use super::finding::Report;

/// How full a mailbox may be before it is worth a word, in percent.
const ALMOST_FULL: u128 = 90;

/// Mailboxes that are listed by name; the others are counted.
const LISTED: usize = 40;

/// Extensions that make webmail better, and what is missed without each.
const WANTED: &[(&str, &str)] = &[
    ("NAMESPACE", "mailboxes of colleagues can't be told from one's own"),
    ("SPECIAL-USE", "Sent, Drafts, Junk and Trash are found by their names alone"),
    ("LIST-STATUS", "unread counts cost one command for each folder"),
    ("UIDPLUS", "messages that were moved are found again more slowly"),
    ("MOVE", "moving is copying and then deleting"),
    ("IDLE", "new mail shows only when it is asked for"),
    ("CONDSTORE", "changes made elsewhere cost more to find"),
    ("SORT", "messages can be ordered by arrival alone"),
    ("QUOTA", "nobody is warned before their storage is full"),
    ("ACL", "it can't be known what one may do in a shared mailbox"),
];

/// Checks one after another.
///
/// # Errors
/// When the server refuses what reading mail takes, or the connection is lost.
pub(super) async fn check(connection: &mut Connection, report: &mut Report) -> Result<()> {
    let capabilities = connection.capabilities().await?;
    let stated: Vec<String> = capabilities.iter().map(str::to_owned).collect();
    report.fact(&format!("capabilities after signing in: {}", stated.join(" ")));
    for (name, missed) in WANTED {
        if !stated.iter().any(|known| known == name) {
            report.note(&format!("Without {name}, {missed}."), "Enable it on the mail server if it can.");
        }
    }

    // Whoever reads its log sees who was there.
    match connection.id(&["name", "Pennypost", "version", env!("CARGO_PKG_VERSION")]).await {
        Err(Error::Refused { .. }) => {}
        told => {
            let told = told?;
            let value =
                |field: &str| told.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str());
            let words: Vec<_> = ["name", "version"].into_iter().filter_map(value).collect();
            if !words.is_empty() {
                report.fact(&format!("the server calls itself {}", words.join(" ")));
            }
        }
    }

    for namespace in connection.namespaces().await? {
        let whose = match namespace.kind {
            Kind::Personal => "one's own mailboxes",
            Kind::OtherUsers => "other people's mailboxes",
            Kind::Shared => "shared mailboxes",
        };
        let place = match namespace.prefix.as_str() {
            "" => "at the top".to_owned(),
            prefix => format!("below “{prefix}”"),
        };
        report.fact(&format!("namespace: {whose} {place}"));
    }

    let mailboxes = connection.mailboxes().await?;
    list(&mailboxes, report);

    let inbox = MailboxName::inbox();
    let selected = connection.select(&inbox).await?;
    let rows = connection.envelopes(0, 1).await?;
    let read = match rows.len() {
        0 => "it is empty",
        _ => "its newest message can be read",
    };
    report.good(&format!("the Inbox opens: {} messages, {read}", selected.messages));
    if selected.validity.is_none() {
        report.fault(
            "The server gives the Inbox no UIDVALIDITY, so no message can be named for good.",
            "Use a mail store with persistent UIDs.",
        );
    }

    // Nothing that reading mail would need: a refusal is only worth a word.
    let quotas = match connection.quotas(&inbox).await {
        Err(Error::Refused { .. }) => {
            report.note("The server does not tell how much storage is used.", "Check its quota settings.");
            Vec::new()
        }
        answered => answered?,
    };
    if quotas.is_empty() {
        report.fact("storage: no limit is stated");
    }
    for quota in quotas {
        report.fact(&format!("storage: {} of {} bytes used", quota.used, quota.limit));
        if quota.limit > 0 && u128::from(quota.used) * 100 >= u128::from(quota.limit) * ALMOST_FULL {
            report.note("The storage of this account is almost full.", "Raise its quota or delete mail.");
        }
    }

    match connection.my_rights(&inbox).await? {
        Some(rights) => {
            report.fact(&format!("rights in the Inbox: {rights}"));
            for (right, cannot) in [
                (Right::KeepSeen, "messages can't be marked as read"),
                (Right::Insert, "nothing can be moved there"),
                (Right::DeleteMessages, "nothing can be deleted"),
            ] {
                if !rights.allow(right) {
                    report.note(&format!("In one's own Inbox {cannot}."), "Check the rights on the server.");
                }
            }
        }
        None => report.fact("rights in the Inbox: the server does not tell"),
    }
    Ok(())
}

fn list(mailboxes: &[Mailbox], report: &mut Report) {
    let subscribed = mailboxes.iter().filter(|mailbox| mailbox.subscribed).count();
    report.good(&format!("{} mailboxes, {subscribed} of them subscribed", mailboxes.len()));
    for mailbox in mailboxes.iter().take(LISTED) {
        let subscribed = if mailbox.subscribed { ", subscribed" } else { "" };
        let counts = mailbox.status.map_or(String::new(), |status| {
            format!(", {} messages, {} unread", status.messages, status.unseen)
        });
        report.fact(&format!("mailbox “{}”{subscribed}{counts}", mailbox.name));
    }
    if mailboxes.len() > LISTED {
        report.fact(&format!("and {} more", mailboxes.len() - LISTED));
    }
    for role in Role::ALL {
        let word = word(role);
        let found = mailboxes.iter().find_map(|mailbox| {
            let (known, source) = mailbox.role?;
            (known == role && mailbox.account.is_own()).then_some((&mailbox.name, source))
        });
        match found {
            Some((name, Source::Server)) => report.good(&format!("{word} is “{name}”, by the server's word")),
            Some((name, Source::Name)) => report.note(
                &format!("{word} is “{name}”, by its name alone."),
                "Mark it with SPECIAL-USE on the server, so that every program agrees.",
            ),
            None => report.note(
                &format!("There is no mailbox for {word}."),
                "Create one, and mark it with SPECIAL-USE on the server.",
            ),
        }
    }
}

fn word(role: Role) -> &'static str {
    match role {
        Role::Inbox => "Inbox",
        Role::Drafts => "Drafts",
        Role::Sent => "Sent",
        Role::Archive => "Archive",
        Role::Junk => "Junk",
        Role::Trash => "Trash",
    }
}
