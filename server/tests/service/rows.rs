//! Rows of lists that are remembered: what they cost, and that they are never wrong.

use axum::http::StatusCode;
use testbed::client::Client;
use testbed::people::Person;
use testbed::{Description, Shared};

use crate::browser::{Browser, Served, links, serve};

const LIST: &str = "/mail/me/Work";

async fn append(other: &mut Client, subjects: impl IntoIterator<Item = u32>) {
    for subject in subjects {
        let message = format!("From: b@x.test\r\nSubject: number {subject:02}\r\n\r\nx\r\n");
        other.append("Work", None, None, message.as_bytes()).await.unwrap();
    }
}

/// A person with these messages in a mailbox.
async fn person(testbed: &Description, messages: u32) -> (Person, Client) {
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed, &person).await.unwrap();
    other.ensure("Work").await.unwrap();
    append(&mut other, 1..=messages).await;
    (person, other)
}

async fn sample(served: &Served, name: &str) -> f64 {
    let text = served.metrics().await.text();
    // The name of a command has a space in it.
    let mut samples = text.lines().filter_map(|line| line.rsplit_once(' '));
    samples.find(|(known, _)| *known == name).and_then(|(_, value)| value.parse().ok()).unwrap_or_default()
}

/// FETCH and UID FETCH so far.
async fn fetches(served: &Served) -> (f64, f64) {
    let name = |command| format!("pennypost_imap_commands_total{{command=\"{command}\",outcome=\"ok\"}}");
    (sample(served, &name("FETCH")).await, sample(served, &name("UID FETCH")).await)
}

async fn known(served: &Served) -> f64 {
    sample(served, "pennypost_cache_hits_total").await
}

/// The subjects on a page, in order.
async fn subjects(browser: &mut Browser, path: &str) -> Vec<u32> {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}");
    // The program's copy of the answers says them once more.
    page.text().split("<bdi>number ").skip(1).filter_map(|rest| rest.get(..2)?.parse().ok()).collect()
}

async fn unread(browser: &mut Browser) -> usize {
    browser.get(LIST).await.text().matches("\"row row-unread").count()
}

#[tokio::test]
async fn a_list_asked_for_again_costs_flags_and_new_mail_one_fetch_more() {
    let testbed = Shared::find().unwrap();
    let (person, mut other) = person(testbed.description(), 5).await;
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.signed_in(&person).await;
    assert_eq!(subjects(&mut browser, LIST).await, [5, 4, 3, 2, 1]);
    let (first, received) =
        (fetches(&served).await, sample(&served, "pennypost_imap_received_bytes_total").await);
    assert_eq!((first, known(&served).await), ((1.0, 0.0), 0.0));

    assert_eq!(subjects(&mut browser, LIST).await, [5, 4, 3, 2, 1]);
    assert_eq!((fetches(&served).await, known(&served).await), ((2.0, 0.0), 5.0));
    let again = sample(&served, "pennypost_imap_received_bytes_total").await - received;
    assert!(again < received / 2.0, "{again} of {received}");

    append(&mut other, [6]).await;
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(subjects(&mut browser, LIST).await, [6, 5, 4, 3, 2, 1]);
    let (whole, by_uid) = fetches(&served).await;
    // News make the window be counted anew.
    assert!(whole <= 4.0 && by_uid == 1.0, "{whole} {by_uid}");
    assert_eq!(known(&served).await, 10.0);
}

#[tokio::test]
async fn what_others_do_meanwhile_shows_at_once() {
    let testbed = Shared::find().unwrap();
    let (person, mut other) = person(testbed.description(), 5).await;
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.signed_in(&person).await;
    assert_eq!(subjects(&mut browser, LIST).await, [5, 4, 3, 2, 1]);
    assert_eq!(unread(&mut browser).await, 5);
    other.select("Work").await.unwrap();
    other.command("STORE 1:* +FLAGS.SILENT (\\Seen)").await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(unread(&mut browser).await, 0);

    // One goes from the middle and another comes, so that there are as many as before.
    other.command("UID MOVE 3 Trash").await.unwrap();
    append(&mut other, [6]).await;
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(subjects(&mut browser, LIST).await, [6, 5, 4, 2, 1]);
}

#[tokio::test]
async fn a_mailbox_that_was_made_anew_shows_none_of_its_old_rows() {
    let testbed = Shared::find().unwrap();
    let (person, mut other) = person(testbed.description(), 3).await;
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.signed_in(&person).await;
    assert_eq!(subjects(&mut browser, LIST).await, [3, 2, 1]);
    other.command("DELETE Work").await.unwrap();
    // An epoch is a second on most servers.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    other.ensure("Work").await.unwrap();
    append(&mut other, [11, 12, 13]).await;
    let mut again = served.signed_in(&person).await;
    assert_eq!(subjects(&mut again, LIST).await, [13, 12, 11]);
    assert_eq!(known(&served).await, 0.0);
}

#[tokio::test]
async fn with_next_to_no_memory_rows_are_right_all_the_same() {
    let testbed = Shared::find().unwrap();
    let (person, _) = person(testbed.description(), 53).await;
    for memory in ["0", "24KiB"] {
        let served = serve(testbed.description(), &[("PENNYPOST_CACHE_MEMORY", memory)]).await;
        let mut browser = served.signed_in(&person).await;
        for _ in 0..2 {
            assert_eq!(subjects(&mut browser, LIST).await, (4..=53).rev().collect::<Vec<_>>());
            let older = format!("{LIST}?offset=50");
            assert_eq!(subjects(&mut browser, &older).await, [3, 2, 1]);
        }
        let kept = sample(&served, "pennypost_cache_memory_bytes").await;
        assert!(kept <= 3.0 * 1024.0, "{kept}");
    }
}

#[tokio::test]
async fn two_people_share_nothing_and_signing_out_leaves_nothing() {
    let testbed = Shared::find().unwrap();
    let (one, _) = person(testbed.description(), 3).await;
    let (two, mut other) = person(testbed.description(), 0).await;
    append(&mut other, 21..=23).await;
    let served = serve(testbed.description(), &[]).await;
    let (mut first, mut second) = (served.signed_in(&one).await, served.signed_in(&two).await);
    for _ in 0..2 {
        assert_eq!(subjects(&mut first, LIST).await, [3, 2, 1]);
        assert_eq!(subjects(&mut second, LIST).await, [23, 22, 21]);
    }
    assert_eq!(known(&served).await, 6.0);
    let both = sample(&served, "pennypost_cache_memory_bytes").await;
    first.post("/sign-out", &[]).await;
    let one_left = sample(&served, "pennypost_cache_memory_bytes").await;
    assert!(one_left > 0.0 && one_left < both, "{one_left} of {both}");
    second.post("/sign-out", &[]).await;
    assert_eq!(sample(&served, "pennypost_cache_memory_bytes").await, 0.0);
    assert!(links(&second.get(LIST).await.text(), "/mail/me/Work/").is_empty());
}
