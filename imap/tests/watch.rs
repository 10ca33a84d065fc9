//! Watching: what other clients do is told, once and completely, whatever the server can and whatever happens to the
//! connection.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod neighbour;

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use imap::commands::idle::Patience;
use imap::connect::Security;
use imap::pool::{Pool, Purpose};
use imap::watch::Watch;
use model::changes::{Changes, Difference, News};
use model::flag::Flag;
use model::mailbox::MailboxName;
use model::uid_set::UidSet;
use neighbour::{backend, credentials, pool};
use testbed::client::{Append, Client};
use testbed::fault_proxy::{Fault, FaultProxy};
use testbed::people::Person;
use testbed::{Description, Options, Shared, Testbed, scratch};
use tokio::time::timeout;

/// Long enough for any machine; that it takes less than a second is for the benchmark to say.
const LONG: Duration = Duration::from_secs(20);

const MAIL: &[u8] = b"From: a@demo.test\r\nSubject: x\r\n\r\nx\r\n";

fn patience() -> Patience {
    Patience { poll: Duration::from_millis(300), ..Patience::default() }
}

/// A watch over the Inbox that has begun: another client's first change was seen.
async fn begun(pool: Arc<Pool>, testbed: &Description, person: &Person) -> Watch {
    // One of its own, since it is left in the middle of a command.
    let mut other = Client::sign_in(testbed, person).await.unwrap();
    let mut watch = Watch::new(pool, MailboxName::inbox(), true, None, patience());
    // Until it has begun, what happens is no news.
    let appending = async {
        loop {
            tokio::time::sleep(Duration::from_millis(300)).await;
            other.append("INBOX", Some("(\\Seen)"), None, MAIL).await.unwrap();
        }
    };
    tokio::select! {
        news = timeout(LONG, watch.next(pending())) => { news.unwrap().unwrap(); }
        () = appending => {}
    }
    // What the append did that was cut off, and what it told of other mailboxes at first. A server that tells nothing by
    // itself never settles.
    let _ = timeout(Duration::from_secs(3), settled(&mut watch)).await;
    watch
}

async fn settled(watch: &mut Watch) {
    let quiet = Duration::from_millis(1500);
    while !watch.next(tokio::time::sleep(quiet)).await.unwrap().is_empty() {}
}

async fn next(watch: &mut Watch) -> Vec<News> {
    timeout(LONG, watch.next(pending())).await.unwrap().unwrap()
}

async fn changes(watch: &mut Watch) -> Changes {
    loop {
        for news in next(watch).await {
            if let News::Changes(changes) = news {
                return changes;
            }
        }
    }
}

fn exact(changes: &Changes) -> (Vec<u32>, String) {
    match &changes.difference {
        Difference::Since { changed, vanished, .. } => {
            (changed.iter().map(|changed| changed.uid.get()).collect(), vanished.to_string())
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn new_mail_flags_expunges_and_moves_by_other_clients_are_told_exactly() {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    let mut watch = begun(pool(testbed.description(), &person), testbed.description(), &person).await;

    let uid = other.append("INBOX", Some("()"), None, MAIL).await.unwrap();
    let told = changes(&mut watch).await;
    assert_eq!(exact(&told), (vec![uid], String::new()));
    assert_eq!(told.status.unseen, Some(1));
    let moment = told.now.unwrap();

    other.select("INBOX").await.unwrap();
    other.store(uid, "+FLAGS", &["\\Seen", "$Label1"]).await.unwrap();
    let told = changes(&mut watch).await;
    let Difference::Since { since, changed, .. } = &told.difference else { panic!() };
    assert_eq!((*since, changed.len()), (moment, 1));
    assert!(changed[0].flags.has(&Flag::Seen) && changed[0].flags.has(&Flag::Keyword("$Label1".into())));
    assert_eq!(told.status.unseen, Some(0));

    let messages = told.status.messages.unwrap();
    other.move_to(uid, "Archive").await.unwrap();
    let mut told = next(&mut watch).await;
    while told.len() < 2 {
        told.extend(next(&mut watch).await);
    }
    let told_changes = told.iter().find_map(|news| match news {
        News::Changes(changes) => Some(changes),
        _ => None,
    });
    assert_eq!(exact(told_changes.unwrap()), (vec![], uid.to_string()));
    assert_eq!(told_changes.unwrap().status.messages, Some(messages - 1));
    let archive = MailboxName::new("Archive").unwrap();
    assert!(told.iter().any(|news| matches!(news, News::Status { mailbox, status }
        if *mailbox == archive && status.messages == Some(1))));
}

#[tokio::test]
async fn two_thousand_changes_at_once_arrive_as_one_update() {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    let one = Append { mailbox: "INBOX", flags: Some("()"), date: None, message: MAIL };
    other.append_all(&vec![one; 2000]).await.unwrap();
    let mut watch = begun(pool(testbed.description(), &person), testbed.description(), &person).await;
    other.select("INBOX").await.unwrap();
    other.command("UID STORE 1:2000 +FLAGS.SILENT (\\Flagged)").await.unwrap();
    let told = changes(&mut watch).await;
    let (changed, vanished) = exact(&told);
    assert_eq!((changed.len(), vanished.as_str()), (2000, ""));
    settled(&mut watch).await;
}

#[tokio::test]
async fn what_happens_while_the_connection_is_lost_is_told_afterwards_and_nothing_else() {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    let mut behind = backend(testbed.description(), Security::Implicit);
    let proxy = FaultProxy::before(&behind.endpoint.host, behind.endpoint.port, Fault::None).await.unwrap();
    behind.endpoint.port = proxy.port();
    let pool = Pool::new(behind.endpoint, credentials(&person), behind.options);
    let keep = other.append("INBOX", Some("()"), None, MAIL).await.unwrap();
    let gone = other.append("INBOX", Some("()"), None, MAIL).await.unwrap();
    let mut watch = begun(pool, testbed.description(), &person).await;

    proxy.set(Fault::Refuse);
    other.ensure("Archive").await.unwrap();
    other.append("Archive", Some("()"), None, MAIL).await.unwrap();
    other.select("INBOX").await.unwrap();
    other.store(keep, "+FLAGS", &["\\Flagged"]).await.unwrap();
    other.store(gone, "+FLAGS", &["\\Deleted"]).await.unwrap();
    other.expunge(gone).await.unwrap();
    let came = other.append("INBOX", Some("()"), None, MAIL).await.unwrap();
    // Nothing can be told while there is no way to the server.
    let none = watch.next(tokio::time::sleep(Duration::from_secs(1))).await.unwrap();
    assert_eq!(none, []);
    proxy.set(Fault::None);
    let told = changes(&mut watch).await;
    assert_eq!(exact(&told), (vec![keep, came], gone.to_string()));
    // Of other mailboxes there are only numbers.
    let archive = MailboxName::new("Archive").unwrap();
    assert!(next(&mut watch).await.iter().any(|news| matches!(news, News::Status { mailbox: name, status }
        if *name == archive && status.messages == Some(1))));
}

#[tokio::test]
async fn a_server_that_restarts_costs_a_watch_nothing() {
    let options = Options { without_postfix: true, ..Options::default() };
    let testbed = Testbed::start(&scratch("watch-restart"), &options).unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    other.ensure("Archive").await.unwrap();
    let gone = other.append("INBOX", Some("()"), None, MAIL).await.unwrap();
    let mut watch = begun(pool(testbed.description(), &person), testbed.description(), &person).await;
    testbed.stop_dovecot();
    // It looks for the server meanwhile, and finds none.
    assert_eq!(watch.next(tokio::time::sleep(Duration::from_secs(1))).await.unwrap(), []);
    testbed.start_dovecot().unwrap();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    other.select("INBOX").await.unwrap();
    other.store(gone, "+FLAGS", &["\\Deleted"]).await.unwrap();
    other.expunge(gone).await.unwrap();
    let came = other.append("INBOX", Some("()"), None, MAIL).await.unwrap();
    other.append("Archive", Some("()"), None, MAIL).await.unwrap();
    let (mut vanished, mut changed, mut archived) = (UidSet::default(), Vec::new(), None);
    while !(changed.contains(&came) && archived == Some(1)) {
        for news in next(&mut watch).await {
            match news {
                News::Changes(changes) => {
                    let Difference::Since { changed: these, vanished: those, .. } = changes.difference else {
                        panic!()
                    };
                    changed.extend(these.iter().map(|changed| changed.uid.get()));
                    vanished = vanished.union(&those);
                }
                News::Status { mailbox, status } if mailbox.as_str() == "Archive" => {
                    archived = status.messages
                }
                News::Status { .. } => {}
                News::Gone(mailbox) => panic!("{mailbox} is there"),
            }
        }
    }
    assert_eq!((changed, vanished.to_string()), (vec![came], gone.to_string()));
}

#[tokio::test]
async fn a_mailbox_that_is_made_anew_is_told_as_such() {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    other.create("Work").await.unwrap();
    other.append("Work", Some("()"), None, MAIL).await.unwrap();
    let pool = pool(testbed.description(), &person);
    let name = MailboxName::new("Work").unwrap();
    let mut lease = pool.lease(Some(&name)).await.unwrap();
    let before = lease.select(&name).await.unwrap().moment().unwrap();
    lease.close().await;
    other.delete("Work").await.unwrap();
    // UIDVALIDITY is the time of creation, in seconds.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    other.create("Work").await.unwrap();
    let mut lease = pool.lease(Some(&name)).await.unwrap();
    lease.select(&name).await.unwrap();
    let told = lease.changes(Some(before)).await.unwrap();
    assert_eq!(told.difference, Difference::Reset);
    assert_ne!(told.now.unwrap().validity, before.validity);
}

/// News of an append and of a flag on a server that states only these capabilities.
async fn told_with(capabilities: &'static str, name: &str) -> (Changes, Changes) {
    let options = Options { capabilities: Some(capabilities), without_postfix: true, ..Options::default() };
    let testbed = Testbed::start(&scratch(name), &options).unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    let mut watch = begun(pool(testbed.description(), &person), testbed.description(), &person).await;
    let uid = other.append("INBOX", Some("()"), None, MAIL).await.unwrap();
    let first = loop {
        let told = changes(&mut watch).await;
        if told.status.unseen == Some(1) {
            break told;
        }
    };
    other.select("INBOX").await.unwrap();
    other.store(uid, "+FLAGS", &["\\Seen"]).await.unwrap();
    let second = loop {
        let told = changes(&mut watch).await;
        if told.status.unseen == Some(0) {
            break told;
        }
    };
    (first, second)
}

#[tokio::test]
async fn without_notify_the_open_mailbox_is_watched_all_the_same() {
    let (first, second) =
        told_with("IMAP4rev1 SASL-IR ENABLE IDLE CONDSTORE QRESYNC ESEARCH", "watch-idle").await;
    assert_eq!((exact(&first).0.len(), exact(&second).0.len()), (1, 1));
}

#[tokio::test]
async fn without_idle_the_server_is_asked_and_the_difference_is_exact() {
    let (first, second) = told_with("IMAP4rev1 SASL-IR ENABLE CONDSTORE QRESYNC", "watch-poll").await;
    assert_eq!((exact(&first).0.len(), exact(&second).0.len()), (1, 1));
}

#[tokio::test]
async fn without_counted_changes_it_is_told_that_something_changed() {
    let (first, second) = told_with("IMAP4rev1 SASL-IR IDLE", "watch-uncounted").await;
    assert_eq!((first.difference, second.difference), (Difference::Unknown, Difference::Unknown));
}

#[tokio::test]
async fn a_server_that_can_nothing_is_asked_and_tells_that_something_may_have_changed() {
    let (first, second) = told_with("IMAP4rev1 SASL-IR", "watch-little").await;
    assert_eq!((first.difference, second.difference), (Difference::Unknown, Difference::Unknown));
}

#[tokio::test]
async fn a_watch_leaves_the_connection_that_is_warm_to_whoever_asks_next() {
    let testbed = Shared::find().unwrap();
    let pool = pool(testbed.description(), &Person::fresh());
    let inbox = MailboxName::inbox();
    let mut lease = pool.lease(Some(&inbox)).await.unwrap();
    lease.select(&inbox).await.unwrap();
    drop(lease);
    let watch = pool.lease_for(Purpose::Watching, Some(&inbox)).await.unwrap();
    assert!(!watch.is_reused());
    let next = pool.lease(Some(&inbox)).await.unwrap();
    assert!(next.is_reused() && next.selected().is_some());
}
