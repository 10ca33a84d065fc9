//! Mailboxes: names, roles, counts, rights, and servers that can little.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod neighbour;

use imap::Error;
use imap::commands::metadata::{Entry, ServerEntry};
use model::mailbox::{Mailbox, MailboxName};
use model::namespace::Kind;
use model::rights::Right;
use model::special_use::{Role, Source};
use neighbour::pool;
use testbed::client::Client;
use testbed::people::Person;
use testbed::{Description, Options, Shared, Testbed, scratch};

async fn mailboxes(testbed: &Description, person: &Person) -> Vec<Mailbox> {
    let pool = pool(testbed, person);
    let mut lease = pool.lease(None).await.unwrap();
    lease.mailboxes().await.unwrap()
}

fn role(mailboxes: &[Mailbox], name: &str) -> Option<(Role, Source)> {
    mailboxes.iter().find(|mailbox| mailbox.name.as_str() == name).unwrap().role
}

#[tokio::test]
async fn every_name_that_people_give_can_be_listed_and_opened() {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    for raw in [
        "Projects/2026",
        "Reisen &- B&APw-ro",
        "&ZeVnLIqe-",
        "Quotes \\\"and\\\" back\\\\slash",
        "a%b*c",
        "&2D3eAA-",
    ] {
        other.command(&format!("CREATE \"{raw}\"")).await.unwrap();
    }
    let listed = mailboxes(testbed.description(), &person).await;
    let pool = pool(testbed.description(), &person);
    for name in ["Projects/2026", "Reisen & Büro", "日本語", "Quotes \"and\" back\\slash", "a%b*c", "😀"]
    {
        let mailbox =
            listed.iter().find(|mailbox| mailbox.name.as_str() == name).unwrap_or_else(|| panic!("{name}"));
        assert!(mailbox.selectable && mailbox.status.is_some());
        let mut lease = pool.lease(None).await.unwrap();
        assert_eq!(lease.select(&mailbox.name).await.unwrap().messages, 0, "{name}");
    }
}

#[tokio::test]
async fn roles_come_from_the_server_in_the_order_of_people() {
    let testbed = Shared::find().unwrap();
    let listed = mailboxes(testbed.description(), &Person::fresh()).await;
    let roles: Vec<_> = listed.iter().filter_map(|mailbox| mailbox.role).collect();
    assert_eq!(roles, Role::ALL.map(|role| (role, Source::Server)));
    assert!(listed.iter().all(|mailbox| mailbox.subscribed || mailbox.name == MailboxName::inbox()));
}

#[tokio::test]
async fn counts_tell_messages_and_unseen_ones() {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    other.append("INBOX", Some("(\\Seen)"), None, b"Subject: a\r\n\r\na\r\n").await.unwrap();
    other.append("INBOX", Some("()"), None, b"Subject: b\r\n\r\nb\r\n").await.unwrap();
    let listed = mailboxes(testbed.description(), &person).await;
    let status = listed[0].status.unwrap();
    assert_eq!((status.messages, status.unseen), (2, 1));
}

#[tokio::test]
async fn a_server_that_can_little_is_enough() {
    let options = Options {
        capabilities: Some("IMAP4rev1 SASL-IR ID UIDPLUS"),
        without_postfix: true,
        ..Options::default()
    };
    let testbed = Testbed::start(&scratch("little"), &options).unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    other.command("CREATE \"Gesendete Objekte\"").await.unwrap();
    other.command("CREATE \"Sent invoices 2019\"").await.unwrap();
    other.append("INBOX", Some("()"), None, b"Subject: b\r\n\r\nb\r\n").await.unwrap();
    let listed = mailboxes(testbed.description(), &person).await;
    // Of two names for one role, one is taken.
    assert_eq!(role(&listed, "Sent"), Some((Role::Sent, Source::Name)));
    assert_eq!(role(&listed, "Gesendete Objekte"), None);
    assert_eq!(role(&listed, "Sent invoices 2019"), None);
    assert_eq!(listed[0].status.map(|status| status.unseen), Some(1));
    let pool = pool(testbed.description(), &person);
    let mut lease = pool.lease(None).await.unwrap();
    assert_eq!(lease.my_rights(&MailboxName::inbox()).await.unwrap(), None);
    assert!(lease.quotas(&MailboxName::inbox()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_shared_mailbox_stands_apart_with_its_own_rights() {
    let testbed = Shared::find().unwrap();
    let (owner, guest) = (Person::fresh(), Person::fresh());
    let mut other = Client::sign_in(testbed.description(), &owner).await.unwrap();
    other.command(&format!("SETACL INBOX {} lrs", guest.address)).await.unwrap();
    let listed = mailboxes(testbed.description(), &guest).await;
    let shared: Vec<_> =
        listed.iter().filter(|mailbox| mailbox.kind != Kind::Personal && mailbox.selectable).collect();
    let ours = shared.iter().find(|mailbox| mailbox.name.as_str().contains(&owner.address)).unwrap();
    assert_eq!(ours.role, None);
    let pool = pool(testbed.description(), &guest);
    let mut lease = pool.lease(None).await.unwrap();
    let rights = lease.my_rights(&ours.name).await.unwrap().unwrap();
    assert!(rights.allow(Right::Read) && !rights.allow(Right::Expunge));
    lease.select(&ours.name).await.unwrap();
}

#[tokio::test]
async fn a_mailbox_that_is_not_there_is_said_to_be_gone_and_the_connection_lives() {
    let testbed = Shared::find().unwrap();
    let pool = pool(testbed.description(), &Person::fresh());
    let mut lease = pool.lease(None).await.unwrap();
    let error = lease.select(&MailboxName::new("Nowhere").unwrap()).await.unwrap_err();
    assert!(error.is_mailbox_gone(), "{error:?}");
    assert!(lease.selected().is_none());
    lease.select(&MailboxName::inbox()).await.unwrap();
}

#[tokio::test]
async fn words_about_a_mailbox_are_told_to_whom_they_are_meant_for() {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    other.command("SETMETADATA Sent (/private/comment \"B\u{fc}ro (\\\"a\\\")\")").await.unwrap();
    let pool = pool(testbed.description(), &person);
    let mut lease = pool.lease(None).await.unwrap();
    let sent = MailboxName::new("Sent").unwrap();
    let told = lease.metadata(&sent, Entry::PrivateComment).await.unwrap();
    assert_eq!(told.as_deref(), Some("B\u{fc}ro (\"a\")"));
    assert_eq!(lease.metadata(&sent, Entry::SharedComment).await.unwrap(), None);
    assert_eq!(lease.metadata(&MailboxName::inbox(), Entry::PrivateComment).await.unwrap(), None);
    assert_eq!(lease.server_metadata(ServerEntry::Admin).await.unwrap(), None);
    let gone = lease.metadata(&MailboxName::new("Nowhere").unwrap(), Entry::PrivateComment).await;
    assert!(matches!(gone, Err(Error::Refused { .. })), "{gone:?}");
}

#[tokio::test]
async fn quota_is_told_in_bytes() {
    let testbed = Shared::find().unwrap();
    let pool = pool(testbed.description(), &Person::fresh());
    let quotas = pool.lease(None).await.unwrap().quotas(&MailboxName::inbox()).await.unwrap();
    assert_eq!(quotas[0].limit, 1024 * 1024 * 1024);
}
