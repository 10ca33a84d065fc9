//! Mailboxes: names, roles, counts, rights, and servers that can little.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod neighbour;

use imap::Error;
use imap::commands::metadata::{Entry, ServerEntry};
use model::account::Account;
use model::mailbox::{Mailbox, MailboxName};
use model::rights::{Right, Rights};
use model::special_use::{Role, Source};
use neighbour::pool;
use testbed::client::Client;
use testbed::people::{DEMO, Person};
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
    let ours = listed.iter().find(|mailbox| mailbox.account.name() == Some(owner.address.as_str())).unwrap();
    // Another person's INBOX is theirs, no mailbox among one's own roles.
    assert_eq!(ours.role, Some((Role::Inbox, Source::Name)));
    assert_eq!(ours.rights, Some(Rights::from_letters("lrs")));
    let pool = pool(testbed.description(), &guest);
    let mut lease = pool.lease(None).await.unwrap();
    let rights = lease.my_rights(&ours.name).await.unwrap().unwrap();
    assert!(rights.allow(Right::Read) && !rights.allow(Right::Expunge));
    lease.select(&ours.name).await.unwrap();
}

#[tokio::test]
async fn a_sibling_has_its_own_roles_and_rights_and_no_level_above_it_is_listed() {
    let testbed = Shared::find().unwrap();
    let (owner, guest) = (Person::fresh(), Person::fresh());
    let mut other = Client::sign_in(testbed.description(), &owner).await.unwrap();
    other.create("Plans").await.unwrap();
    for (mailbox, rights) in [("INBOX", "lrs"), ("Sent", "lrswi"), ("Trash", "lr"), ("Plans", "lrswipkxte")] {
        other.share(mailbox, &guest, rights).await.unwrap();
    }
    let listed = mailboxes(testbed.description(), &guest).await;
    let account = Account::Person { prefix: "shared/".into(), name: owner.address.clone() };
    let theirs: Vec<_> = listed
        .iter()
        .filter(|mailbox| mailbox.account == account)
        .map(|mailbox| (mailbox.below_the_top(), mailbox.role.map(|(role, _)| role), mailbox.rights.unwrap()))
        .collect();
    let rights = Rights::from_letters;
    assert_eq!(
        theirs,
        [
            ("", Some(Role::Inbox), rights("lrs")),
            ("Sent", Some(Role::Sent), rights("lrswi")),
            ("Trash", Some(Role::Trash), rights("lr")),
            ("Plans", None, rights("lrswipkxte")),
        ]
    );
    assert!(listed.iter().all(|mailbox| mailbox.selectable));
    let own: Vec<_> = listed.iter().take_while(|mailbox| mailbox.account.is_own()).collect();
    assert_eq!(own.iter().filter_map(|mailbox| Some(mailbox.role?.0)).collect::<Vec<_>>(), Role::ALL);
    assert!(own.iter().all(|mailbox| mailbox.rights.is_none()));
}

#[tokio::test]
async fn supports_account_is_annas_to_work_in_bens_to_read_and_chloe_sees_the_public_one_alone() {
    let testbed = Shared::find().unwrap();
    let [anna, ben, chloe, support] = DEMO.map(|person| person.person());
    let public = Account::Shared { name: "Public".into() };
    for (person, letters) in [(anna, Some("lrwstipekxa")), (ben, Some("lrs")), (chloe, None)] {
        let listed = mailboxes(testbed.description(), &person).await;
        let inbox = listed.iter().find(|mailbox| mailbox.account.name() == Some(support.address.as_str()));
        assert_eq!(
            inbox.and_then(|inbox| inbox.rights),
            letters.map(Rights::from_letters),
            "{}",
            person.address
        );
        assert!(inbox.is_none_or(|inbox| inbox.role == Some((Role::Inbox, Source::Name))));
        let news = listed.iter().find(|mailbox| mailbox.account == public).unwrap();
        let told = (news.name.as_str(), news.role, news.rights);
        assert_eq!(told, ("Public/Announcements", None, Some(Rights::from_letters("lrs"))));
    }
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
