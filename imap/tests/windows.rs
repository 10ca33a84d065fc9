//! Windows of a mailbox in every order and through filters, on servers that can much and on those that can little.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod neighbour;

use imap::commands::window::Rows;
use imap::connect::Security;
use imap::lease::Lease;
use imap::pool::Pool;
use model::filter::{Condition, Filter, Place};
use model::mailbox::MailboxName;
use model::messages::{Arrangement, Direction, Key};
use neighbour::{backend, credentials, pool};
use testbed::client::Client;
use testbed::people::Person;
use testbed::{Description, Options, Shared, Testbed, scratch};

/// Subject, sender, day of the date, body, flags and what it answers, in the order of arrival.
const LETTERS: [(&str, &str, u8, &str, &str, &str); 6] = [
    ("Beta", "Zoe <z@a.test>", 9, "apples", "(\\Seen)", ""),
    ("alpha", "Amy <y@a.test>", 7, "pears", "()", ""),
    ("Re: Beta", "Bob <x@a.test>", 8, "apples and pears", "(\\Seen \\Flagged)", "<0@a.test>"),
    ("Grüße", "Cyd <w@a.test>", 5, "Äpfel", "()", ""),
    ("Gamma", "Dan <v@a.test>", 6, FILLER_BODY, "(\\Seen)", ""),
    ("Re: Re: Beta", "Zoe <z@a.test>", 10, "plums", "(\\Flagged)", "<2@a.test>"),
];
const FILLER_BODY: &str =
    "a long letter, the longest of them all by far, about nothing in particular, so that it is large";

async fn inbox(testbed: &Description) -> (Person, Lease) {
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed, &person).await.unwrap();
    for (index, (subject, from, day, body, flags, answers)) in LETTERS.into_iter().enumerate() {
        let references =
            if answers.is_empty() { String::new() } else { format!("In-Reply-To: {answers}\r\n") };
        let message = format!(
            "Message-ID: <{index}@a.test>\r\n{references}Subject: {subject}\r\nFrom: {from}\r\nTo: Eve <e@a.test>\r\n\
             Date: Fri, {day} May 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
        );
        other.append("INBOX", Some(flags), None, message.as_bytes()).await.unwrap();
    }
    let mut lease = pool(testbed, &person).lease(None).await.unwrap();
    lease.select(&MailboxName::inbox()).await.unwrap();
    (person, lease)
}

/// The places in which the letters arrived, from 0, and their levels.
fn letters(rows: &Rows) -> Vec<(u32, u8)> {
    rows.rows.iter().map(|row| (row.uid.get() - 1, row.level)).collect()
}

async fn order(lease: &mut Lease, arrangement: Arrangement, filter: &Filter) -> Vec<u32> {
    let rows = lease.window(arrangement, filter, 0, 50).await.unwrap();
    assert_eq!((rows.arrangement, rows.total), (arrangement, u32::try_from(rows.rows.len()).ok()));
    // Windows are cut out of one order, wherever they begin.
    let mut all = Vec::new();
    for offset in (0..8).step_by(2) {
        let two = lease.window(arrangement, filter, offset, 2).await.unwrap();
        assert_eq!(two.total, rows.total);
        all.extend(letters(&two));
    }
    assert_eq!(all, letters(&rows));
    letters(&rows).into_iter().map(|(letter, _)| letter).collect()
}

async fn every_server_can_this(lease: &mut Lease) {
    let everything = Filter::default();
    let arrival = |direction| Arrangement::By(Key::Arrival, direction);
    assert_eq!(order(lease, arrival(Direction::Descending), &everything).await, [5, 4, 3, 2, 1, 0]);
    assert_eq!(order(lease, arrival(Direction::Ascending), &everything).await, [0, 1, 2, 3, 4, 5]);
    assert_eq!(order(lease, Arrangement::UnreadFirst, &everything).await, [5, 3, 1, 4, 2, 0]);
    assert_eq!(order(lease, Arrangement::UnreadFirst, &Filter::unread()).await, [5, 3, 1]);
    assert_eq!(order(lease, Arrangement::UnreadFirst, &Filter::flagged()).await, [5, 2]);
    assert_eq!(order(lease, Arrangement::default(), &Filter::flagged()).await, [5, 2]);
    assert_eq!(order(lease, arrival(Direction::Ascending), &Filter::unread()).await, [1, 3, 5]);
    for (place, words, found) in [
        (Place::Subject, "beta", vec![5, 2, 0]),
        (Place::Subject, "Grüße", vec![3]),
        (Place::Subject, "no\" such \\ subject", vec![]),
        (Place::Sender, "zoe", vec![5, 0]),
        (Place::Recipient, "e@a.test", vec![5, 4, 3, 2, 1, 0]),
        (Place::Body, "pears", vec![2, 1]),
        (Place::Anywhere, "Äpfel", vec![3]),
    ] {
        let filter = Filter::with_words(place, words).unwrap();
        assert_eq!(order(lease, Arrangement::default(), &filter).await, found, "{words}");
    }
    let words =
        vec![Condition::new(Place::Sender, "Zoe").unwrap(), Condition::new(Place::Subject, "Re").unwrap()];
    let filter = Filter { unread: true, flagged: true, words: words.try_into().unwrap() };
    assert_eq!(order(lease, Arrangement::default(), &filter).await, [5]);
}

async fn a_server_that_sorts_can_this(lease: &mut Lease) {
    let everything = Filter::default();
    for (arrangement, expected) in [
        (Arrangement::by(Key::Date), [5, 0, 2, 1, 4, 3]),
        (Arrangement::By(Key::Date, Direction::Ascending), [3, 4, 1, 2, 0, 5]),
        (Arrangement::by(Key::Sender), [1, 2, 3, 4, 0, 5]),
        (Arrangement::By(Key::Sender, Direction::Descending), [0, 5, 4, 3, 2, 1]),
        (Arrangement::by(Key::Subject), [1, 0, 2, 5, 4, 3]),
    ] {
        assert_eq!(order(lease, arrangement, &everything).await, expected, "{arrangement:?}");
    }
    assert_eq!(order(lease, Arrangement::by(Key::Size), &everything).await[0], 4);
    let grusse = Filter::with_words(Place::Anywhere, "Äpfel").unwrap();
    assert_eq!(order(lease, Arrangement::by(Key::Subject), &grusse).await, [3]);
    assert_eq!(order(lease, Arrangement::by(Key::Date), &Filter::unread()).await, [5, 1, 3]);
}

#[tokio::test]
async fn a_server_that_can_everything_gives_every_order() {
    let testbed = Shared::find().unwrap();
    let (_, mut lease) = inbox(testbed.description()).await;
    every_server_can_this(&mut lease).await;
    a_server_that_sorts_can_this(&mut lease).await;
    order(&mut lease, Arrangement::Threads, &Filter::default()).await;
    let rows = lease.window(Arrangement::Threads, &Filter::default(), 0, 50).await.unwrap();
    assert_eq!(letters(&rows), [(0, 0), (2, 1), (5, 2), (4, 0), (3, 0), (1, 0)]);
    assert_eq!(order(&mut lease, Arrangement::Threads, &Filter::unread()).await, [5, 3, 1]);
}

#[tokio::test]
async fn a_server_without_parts_sorts_whole_and_searches_in_ranges() {
    let options = Options {
        capabilities: Some("IMAP4rev1 SASL-IR UIDPLUS ESEARCH SORT SORT=DISPLAY THREAD=ORDEREDSUBJECT"),
        without_postfix: true,
        ..Options::default()
    };
    let testbed = Testbed::start(&scratch("ranges"), &options).unwrap();
    let (_, mut lease) = inbox(testbed.description()).await;
    every_server_can_this(&mut lease).await;
    a_server_that_sorts_can_this(&mut lease).await;
    let rows = lease.window(Arrangement::Threads, &Filter::default(), 0, 50).await.unwrap();
    assert_eq!(rows.arrangement, Arrangement::Threads);
    assert_eq!(letters(&rows)[3..], [(4, 0), (3, 0), (1, 0)]);
}

#[tokio::test]
async fn a_server_of_old_searches_in_numbers_and_what_it_can_not_order_comes_by_arrival() {
    let options = Options {
        capabilities: Some("IMAP4rev1 SASL-IR UIDPLUS"),
        without_postfix: true,
        ..Options::default()
    };
    let testbed = Testbed::start(&scratch("numbers"), &options).unwrap();
    let (_, mut lease) = inbox(testbed.description()).await;
    every_server_can_this(&mut lease).await;
    for asked in [Arrangement::by(Key::Sender), Arrangement::Threads] {
        let rows = lease.window(asked, &Filter::unread(), 0, 50).await.unwrap();
        assert_eq!((rows.arrangement, rows.total), (Arrangement::default(), Some(3)));
        assert_eq!(letters(&rows), [(5, 0), (3, 0), (1, 0)]);
    }
}

#[tokio::test]
async fn mail_that_comes_and_goes_is_found_and_missed() {
    let testbed = Shared::find().unwrap();
    let (person, mut lease) = inbox(testbed.description()).await;
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    other.select("INBOX").await.unwrap();
    other.expunge(6).await.unwrap();
    other.append("INBOX", Some("()"), None, b"Subject: Omega\r\n\r\nx\r\n").await.unwrap();
    // What arrived is found once the connection has been silent for a moment, as it is between two clicks.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    assert_eq!(order(&mut lease, Arrangement::default(), &Filter::unread()).await, [6, 3, 1]);
    assert_eq!(order(&mut lease, Arrangement::UnreadFirst, &Filter::default()).await, [6, 3, 1, 4, 2, 0]);
}

/// More than are asked for at once.
const MANY: u32 = 33 * 64;

#[tokio::test]
async fn a_window_anywhere_among_many_costs_a_constant_number_of_round_trips() {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    for _ in 0..33 {
        other.append("INBOX", Some("()"), None, b"Subject: a\r\n\r\nx\r\n").await.unwrap();
    }
    other.select("INBOX").await.unwrap();
    for _ in 0..7 {
        other.command("UID COPY 1:* INBOX").await.unwrap();
    }
    other.command(&format!("UID STORE 1:{MANY} +FLAGS.SILENT (\\Seen)")).await.unwrap();
    let backend = backend(testbed.description(), Security::Implicit);
    let metrics = backend.options.metrics.clone();
    let pool = Pool::new(backend.endpoint, credentials(&person), backend.options);
    let mut lease = pool.lease(None).await.unwrap();
    lease.select(&MailboxName::inbox()).await.unwrap();
    for (arrangement, filter, offset, newest, most) in [
        (Arrangement::default(), Filter::default(), 4_000, 2 * MANY - 4_000, 1),
        (Arrangement::by(Key::Date), Filter::default(), 4_000, 0, 2),
        (Arrangement::Threads, Filter::default(), 0, 0, 2),
        (Arrangement::default(), Filter::unread(), 10, 2 * MANY - 10, 3),
        (Arrangement::By(Key::Arrival, Direction::Ascending), Filter::unread(), 10, MANY + 11, 2),
        (Arrangement::UnreadFirst, Filter::default(), 0, 2 * MANY, 3),
        (Arrangement::UnreadFirst, Filter::default(), 4_000, 2 * MANY - 4_000, 3),
    ] {
        let before = metrics.round_trips.get();
        let rows = lease.window(arrangement, &filter, offset, 50).await.unwrap();
        let after = metrics.round_trips.get();
        assert!(after - before <= most, "{arrangement:?} took {}", after - before);
        let first = rows.rows.first().unwrap().uid.get();
        assert!(newest == 0 || first == newest, "{arrangement:?} begins at {first}");
        let all = if filter.is_everything() { 2 * MANY } else { MANY };
        assert_eq!((rows.total, rows.arrangement), (Some(all), arrangement));
    }
    // The edge between unread and read.
    let rows = lease.window(Arrangement::UnreadFirst, &Filter::default(), MANY - 1, 2).await.unwrap();
    let uids: Vec<_> = rows.rows.iter().map(|row| row.uid.get()).collect();
    assert_eq!(uids, [MANY + 1, MANY]);
}
