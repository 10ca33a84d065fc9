//! Messages: rows of a list, opening one, parts of it, also of damaged ones.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod neighbour;

use imap::commands::fetch::RawEnvelope;
use imap::lease::Lease;
use model::flag::Flag;
use model::mailbox::MailboxName;
use model::uid::Uid;
use neighbour::pool;
use testbed::client::Client;
use testbed::people::Person;
use testbed::{Shared, hostile};

async fn inbox_of(messages: &[Vec<u8>]) -> (Shared, Person, Lease) {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    for message in messages {
        other.append("INBOX", Some("()"), None, message).await.unwrap();
    }
    let mut lease = pool(testbed.description(), &person).lease(None).await.unwrap();
    lease.select(&MailboxName::inbox()).await.unwrap();
    (testbed, person, lease)
}

async fn rows_of(messages: &[Vec<u8>]) -> (Vec<RawEnvelope>, Lease, Shared) {
    let (testbed, _, mut lease) = inbox_of(messages).await;
    (lease.envelopes(0, 50).await.unwrap(), lease, testbed)
}

#[tokio::test]
async fn a_window_has_the_newest_first_and_ends_where_the_mailbox_ends() {
    let messages: Vec<_> =
        (1..=7).map(|index| format!("Subject: {index}\r\n\r\nx\r\n").into_bytes()).collect();
    let (_testbed, _, mut lease) = inbox_of(&messages).await;
    let subjects = |rows: Vec<RawEnvelope>| -> Vec<String> {
        rows.into_iter().map(|row| String::from_utf8(row.subject).unwrap()).collect()
    };
    assert_eq!(subjects(lease.envelopes(0, 3).await.unwrap()), ["7", "6", "5"]);
    assert_eq!(subjects(lease.envelopes(5, 3).await.unwrap()), ["2", "1"]);
    assert!(lease.envelopes(7, 3).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_fetched_stays_unread_and_what_is_marked_is_read_for_others_too() {
    let (testbed, person, mut lease) = inbox_of(&[b"Subject: a\r\n\r\nwords\r\n".to_vec()]).await;
    let row = lease.envelopes(0, 1).await.unwrap().remove(0);
    let opened = lease.message(row.uid).await.unwrap().unwrap();
    assert!(opened.header.starts_with(b"Subject: a"));
    let part = opened.structure.unwrap().number;
    let words = lease.part(row.uid, &part, 0, 100).await.unwrap().unwrap();
    assert_eq!(words, b"words\r\n");
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    assert!(!other.flags("INBOX").await.unwrap()[0].contains(&"Seen".to_owned()));
    lease.store_seen(row.uid, true).await.unwrap();
    assert!(other.flags("INBOX").await.unwrap()[0].contains(&"Seen".to_owned()));
    assert!(lease.message(row.uid).await.unwrap().unwrap().flags.has(&Flag::Seen));
}

#[tokio::test]
async fn first_words_can_be_asked_for() {
    let message =
        "Content-Type: text/plain; charset=utf-8\r\n\r\nGr\u{fc}\u{df}e \"an\" (alle\r\nvon uns\r\n";
    let (rows, mut lease, _testbed) =
        rows_of(&[message.as_bytes().to_vec(), b"Subject: empty\r\n\r\n".to_vec()]).await;
    let words = lease.previews(&rows.iter().map(|row| row.uid).collect()).await.unwrap();
    assert_eq!(words[&rows[1].uid], "Gr\u{fc}\u{df}e \"an\" (alle von uns");
    assert_eq!(words[&rows[0].uid], "");
}

#[tokio::test]
async fn damaged_messages_have_rows_and_can_be_opened() {
    let messages = [
        hostile::without_header(),
        hostile::unknown_charset(),
        hostile::nested(60),
        hostile::many_parts(),
        hostile::deep_html(),
        hostile::marked("</title><script>"),
    ];
    let (rows, mut lease, _testbed) = rows_of(&messages).await;
    assert_eq!(rows.len(), messages.len());
    for row in rows {
        assert!(lease.message(row.uid).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn two_thousand_parts_are_two_thousand_parts() {
    let (rows, ..) = rows_of(&[hostile::many_parts()]).await;
    assert_eq!(rows[0].structure.as_ref().unwrap().parts.len(), 2_000);
}

#[tokio::test]
async fn a_section_is_fetched_in_ranges() {
    let (_testbed, _, mut lease) = inbox_of(&[b"Subject: a\r\n\r\n0123456789".to_vec()]).await;
    let uid = lease.envelopes(0, 1).await.unwrap()[0].uid;
    let part = "1".parse().unwrap();
    assert_eq!(lease.part(uid, &part, 3, 4).await.unwrap().unwrap(), b"3456");
    assert_eq!(lease.part(uid, &part, 8, 100).await.unwrap().unwrap(), b"89");
    assert_eq!(lease.part(uid, &part, 100, 4).await.unwrap().unwrap_or_default(), b"");
    assert_eq!(lease.source(uid, 0, 9).await.unwrap().unwrap(), b"Subject: ");
}

#[tokio::test]
async fn a_message_that_is_not_there_is_none() {
    let (_testbed, _, mut lease) = inbox_of(&[]).await;
    assert!(lease.message(Uid::new(99).unwrap()).await.unwrap().is_none());
    assert_eq!(lease.source(Uid::new(99).unwrap(), 0, 9).await.unwrap(), None);
}

#[tokio::test]
async fn mail_that_arrives_is_seen_by_the_next_request() {
    let (testbed, person, lease) = inbox_of(&[b"Subject: a\r\n\r\nx\r\n".to_vec()]).await;
    drop(lease);
    let pool = pool(testbed.description(), &person);
    let inbox = MailboxName::inbox();
    let mut lease = pool.lease(Some(&inbox)).await.unwrap();
    lease.select(&inbox).await.unwrap();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    other.append("INBOX", Some("()"), None, b"Subject: b\r\n\r\nx\r\n").await.unwrap();
    lease.noop().await.unwrap();
    assert_eq!(lease.envelopes(0, 50).await.unwrap().len(), 2);
}
