//! Changes: flags, copies, moves, removals, new messages; on servers that can much and on those that can little.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod neighbour;

use imap::commands::expunge::Removal;
use imap::commands::store::Change;
use imap::lease::Lease;
use imap::wire::response::Code;
use model::filter::Filter;
use model::flag::Flag;
use model::mailbox::MailboxName;
use model::messages::Arrangement;
use model::modseq::ModSeq;
use model::time::Timestamp;
use model::uid::Uid;
use model::uid_set::UidSet;
use neighbour::pool;
use testbed::client::Client;
use testbed::people::Person;
use testbed::{Description, Options, Shared, Testbed, scratch};

/// Somebody with so many messages in the INBOX, that open, and another program of theirs.
async fn inbox(testbed: &Description, messages: u32) -> (Client, Lease) {
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed, &person).await.unwrap();
    for index in 1..=messages {
        let message = format!("Subject: {index}\r\n\r\nx\r\n");
        other.append("INBOX", Some("()"), None, message.as_bytes()).await.unwrap();
    }
    let mut lease = pool(testbed, &person).lease(None).await.unwrap();
    lease.select(&MailboxName::inbox()).await.unwrap();
    (other, lease)
}

fn set(text: &str) -> UidSet {
    UidSet::from_wire(text).unwrap()
}

fn mailbox(name: &str) -> MailboxName {
    MailboxName::new(name).unwrap()
}

#[tokio::test]
async fn flags_and_keywords_are_added_taken_away_and_replaced() {
    let testbed = Shared::find().unwrap();
    let (mut other, mut lease) = inbox(testbed.description(), 3).await;
    let work = Flag::Keyword("$Work".to_owned());
    let all = set("1:3");
    let stored = lease.store(&all, Change::Add, &[Flag::Seen, work.clone()], None).await.unwrap();
    assert!(stored.refused.is_none() && stored.modified.is_empty());
    lease.store(&set("2"), Change::Remove, &[Flag::Seen], None).await.unwrap();
    lease.store(&set("3,99"), Change::Replace, &[Flag::Flagged], None).await.unwrap();
    assert_eq!(other.flags("INBOX").await.unwrap(), [vec!["$Work", "Seen"], vec!["$Work"], vec!["Flagged"]]);
    // All of them changed since the mailbox was made.
    let stored = lease.store(&all, Change::Add, &[Flag::Deleted], ModSeq::new(1)).await.unwrap();
    assert!(stored.guarded);
    assert_eq!(stored.modified, all);
    assert!(!other.flags("INBOX").await.unwrap().concat().contains(&"Deleted".to_owned()));
}

#[tokio::test]
async fn copies_are_told_by_name_and_many_of_them_in_pairs() {
    let testbed = Shared::find().unwrap();
    let (mut other, mut lease) = inbox(testbed.description(), 5).await;
    lease.expunge(&set("2")).await.unwrap();
    let copied = lease.copy(&set("1:9"), &mailbox("Archive")).await.unwrap();
    assert_eq!(copied.pairs.originals().to_string(), "1,3:5");
    let copy = copied.pairs.copy_of(Uid::new(4).unwrap()).unwrap();
    other.select("Archive").await.unwrap();
    let message = other.fetch(copy.get()).await.unwrap();
    assert!(message.starts_with(b"Subject: 4"));
    let error = lease.copy(&set("1"), &mailbox("Nowhere")).await.unwrap_err();
    assert!(error.is_mailbox_gone());
    assert_eq!(other.count("INBOX").await.unwrap(), 4);
}

/// Moves two of four messages, of which another program has marked one that is not moved.
async fn moved(testbed: &Description) -> (Removal, u32, u32) {
    let (mut other, mut lease) = inbox(testbed, 4).await;
    other.ensure("Archive").await.unwrap();
    other.select("INBOX").await.unwrap();
    other.store(4, "+FLAGS", &["\\Deleted"]).await.unwrap();
    let moved = lease.move_to(&set("1:2,99"), &mailbox("Archive")).await.unwrap();
    assert!(moved.copied.refused.is_none() && moved.originals.refused.is_none());
    // A program that has a mailbox open is told what it knows of it.
    other.command("NOOP").await.unwrap();
    let (left, copies) = (other.count("INBOX").await.unwrap(), other.count("Archive").await.unwrap());
    // What is left is marked as far as nobody could remove it.
    let marked = other.flags("INBOX").await.unwrap();
    assert!(marked.last().unwrap().contains(&"Deleted".to_owned()));
    assert_eq!(marked[0].contains(&"Deleted".to_owned()), moved.originals.removal == Removal::Marked);
    let rows = lease.window(Arrangement::default(), &Filter::default(), 0, 50).await.unwrap();
    assert_eq!(rows.total, Some(left));
    (moved.originals.removal, left, copies)
}

#[tokio::test]
async fn moved_messages_are_in_the_other_mailbox_and_no_others_are_gone() {
    let testbed = Shared::find().unwrap();
    assert_eq!(moved(testbed.description()).await, (Removal::Removed, 2, 2));
    for (name, capabilities, removal, left) in [
        ("no-move", "IMAP4rev1 SASL-IR UIDPLUS", Removal::Removed, 2),
        ("no-uidplus", "IMAP4rev1 SASL-IR", Removal::Marked, 4),
    ] {
        let options =
            Options { capabilities: Some(capabilities), without_postfix: true, ..Options::default() };
        let testbed = Testbed::start(&scratch(name), &options).unwrap();
        assert_eq!(moved(testbed.description()).await, (removal, left, 2), "{name}");
    }
}

#[tokio::test]
async fn only_what_is_named_is_removed() {
    let testbed = Shared::find().unwrap();
    let (mut other, mut lease) = inbox(testbed.description(), 3).await;
    other.select("INBOX").await.unwrap();
    other.store(1, "+FLAGS", &["\\Deleted"]).await.unwrap();
    let expunged = lease.expunge(&set("2:3")).await.unwrap();
    assert_eq!(expunged.removal, Removal::Removed);
    other.command("NOOP").await.unwrap();
    assert_eq!(other.count("INBOX").await.unwrap(), 1);
    assert_eq!(lease.selected().unwrap().messages, 1);
}

#[tokio::test]
async fn thousands_are_moved_at_once_though_the_connection_was_not_told_of_them_before() {
    let testbed = Shared::find().unwrap();
    let (mut other, mut lease) = inbox(testbed.description(), 20).await;
    other.select("INBOX").await.unwrap();
    for _ in 0..7 {
        other.command("UID COPY 1:* INBOX").await.unwrap();
    }
    // Every other one: as many ranges as messages.
    let uids: UidSet = (1..=2_560).step_by(2).filter_map(Uid::new).collect();
    let moved = lease.move_to(&uids, &mailbox("Archive")).await.unwrap();
    assert_eq!(moved.copied.pairs.copies().len(), 1_280);
    other.command("NOOP").await.unwrap();
    assert_eq!((other.count("INBOX").await.unwrap(), other.count("Archive").await.unwrap()), (1_280, 1_280));
    assert_eq!(lease.selected().unwrap().messages, 1_280);
}

/// Puts a message into a mailbox and reads it back.
async fn appended(testbed: &Description) {
    let (mut other, mut lease) = inbox(testbed, 1).await;
    let message = format!("Subject: a\r\n\r\n{}\r\n", "ü".repeat(5_000)).into_bytes();
    let moment = Timestamp { seconds: 837_596_665, offset_minutes: -420 };
    let flags = [Flag::Seen, Flag::Keyword("$Work".to_owned())];
    let named = lease.append(&MailboxName::inbox(), &flags, Some(moment), message.clone()).await.unwrap();
    assert_eq!(lease.selected().unwrap().messages, 2);
    other.select("INBOX").await.unwrap();
    assert_eq!(other.fetch(2).await.unwrap(), message);
    assert_eq!(other.flags("INBOX").await.unwrap()[1], ["$Work", "Seen"]);
    let rows = lease.window(Arrangement::default(), &Filter::default(), 0, 1).await.unwrap().rows;
    assert_eq!(rows[0].received.unwrap().seconds, moment.seconds);
    assert_eq!(named.unwrap().uid, rows[0].uid);
    let gone = lease.append(&mailbox("Nowhere"), &[], None, message).await.unwrap_err();
    assert_eq!(gone.code(), Some(&Code::TryCreate));
    assert!(gone.is_mailbox_gone() && !lease.is_broken());
}

#[tokio::test]
async fn a_message_is_appended_whether_the_server_must_be_asked_first_or_not() {
    let testbed = Shared::find().unwrap();
    appended(testbed.description()).await;
    let options = Options {
        capabilities: Some("IMAP4rev1 SASL-IR UIDPLUS"),
        without_postfix: true,
        ..Options::default()
    };
    let testbed = Testbed::start(&scratch("literal"), &options).unwrap();
    appended(testbed.description()).await;
}

#[tokio::test]
async fn a_message_for_which_there_is_no_room_is_refused_and_the_connection_lives_on() {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh_with_little_room();
    let mut lease = pool(testbed.description(), &person).lease(None).await.unwrap();
    let message = [b"Subject: a\r\n\r\n".to_vec(), vec![b'x'; 2 * 1024 * 1024]].concat();
    let full = lease.append(&MailboxName::inbox(), &[], None, message).await.unwrap_err();
    assert!(full.is_over_quota(), "{full:?}");
    lease.noop().await.unwrap();
}
