use std::sync::Arc;

use app::contract::account::EventKind;
use database::{Database, ServerKey};

use super::unusual::Unusual;
use super::{Door, Since, Whereabouts};
use crate::config::Config;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn door() -> Door {
    let hosts = [("PENNYPOST_IMAP_HOST", "a.example"), ("PENNYPOST_SUBMISSION_HOST", "a.example")];
    let config = Config::load(None, hosts).unwrap().sign_in;
    let key = Arc::new(ServerKey::generate().unwrap());
    Door::new(&config, &Database::in_memory().await.unwrap(), key).unwrap()
}

fn here(door: &Door) -> Whereabouts {
    door.whereabouts("192.0.2.7".parse().ok(), Some(FIREFOX))
}

#[tokio::test]
async fn what_happened_is_told_to_its_person_alone_newest_first() {
    let door = door().await;
    let here = here(&door);
    door.record(EventKind::WrongPassword, "ada@example.org", &here, None, 10).await.unwrap();
    door.record(EventKind::SignedIn, "Ada@Example.org", &here, Some("handle"), 20).await.unwrap();
    door.record(EventKind::SignedIn, "ben@example.org", &here, None, 30).await.unwrap();
    let told = door.events(&door.person("ADA@example.org").unwrap(), 10).await.unwrap();
    let kinds: Vec<_> = told.iter().map(|event| (event.at, event.kind)).collect();
    assert_eq!(kinds, [(20, EventKind::SignedIn), (10, EventKind::WrongPassword)]);
    assert_eq!(told[0].origin, here.origin);
    assert_eq!(
        (here.origin.address.as_str(), here.origin.browser.as_str()),
        ("192.0.2.7", "Firefox (Linux)")
    );
}

#[tokio::test]
async fn a_new_browser_is_unusual_until_it_has_signed_in_and_failures_make_none_known() {
    let door = door().await;
    let ada = door.person("ada@example.org").unwrap();
    let curl = door.whereabouts("192.0.2.7".parse().ok(), Some("curl/8.14.1"));
    assert_eq!(door.unusual(&ada, &curl, 5).await.unwrap(), None);
    door.record(EventKind::SignedIn, "ada@example.org", &here(&door), None, 10).await.unwrap();
    door.record(EventKind::WrongPassword, "ada@example.org", &curl, None, 20).await.unwrap();
    assert_eq!(door.unusual(&ada, &curl, 30).await.unwrap(), Some(Unusual::NewBrowser));
    door.record(EventKind::SignedInUnusually, "ada@example.org", &curl, None, 30).await.unwrap();
    assert_eq!(door.unusual(&ada, &curl, 40).await.unwrap(), None);
}

#[tokio::test]
async fn whoever_fails_often_hides_no_earlier_sign_in() {
    let door = door().await;
    let (ada, here) = (door.person("ada@example.org").unwrap(), here(&door));
    door.record(EventKind::SignedIn, "ada@example.org", &here, None, 0).await.unwrap();
    for at in 1..300 {
        door.record(EventKind::WrongPassword, "ada@example.org", &here, None, at).await.unwrap();
    }
    let curl = door.whereabouts("192.0.2.7".parse().ok(), Some("curl/8.14.1"));
    assert_eq!(door.unusual(&ada, &curl, 300).await.unwrap(), Some(Unusual::NewBrowser));
}

#[tokio::test]
async fn what_was_refused_since_the_last_sign_in_is_counted() {
    let door = door().await;
    let (ada, here) = (door.person("ada@example.org").unwrap(), here(&door));
    for (at, kind) in
        [EventKind::WrongPassword, EventKind::SignedIn, EventKind::WrongPassword, EventKind::WrongFactor]
            .into_iter()
            .enumerate()
    {
        let at = i64::try_from(at).unwrap();
        door.record(kind, "ada@example.org", &here, None, at).await.unwrap();
    }
    assert_eq!(door.since_last_sign_in(&ada).await.unwrap(), Since { refused: 2, reset: false });
    door.record(EventKind::FactorsReset, "ada@example.org", &here, None, 4).await.unwrap();
    assert!(door.since_last_sign_in(&ada).await.unwrap().reset);
}

#[tokio::test]
async fn what_is_half_a_year_old_is_forgotten() {
    let door = door().await;
    let (ada, here) = (door.person("ada@example.org").unwrap(), here(&door));
    door.record(EventKind::SignedIn, "ada@example.org", &here, None, 0).await.unwrap();
    door.forget_old(180 * 24 * 60 * 60).await;
    assert_eq!(door.events(&ada, 10).await.unwrap().len(), 1);
    door.forget_old(180 * 24 * 60 * 60 + 1).await;
    assert!(door.events(&ada, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn whoever_is_refused_over_and_over_fills_no_disk() {
    let door = door().await;
    for number in 0..50 {
        let from = format!("2001:db8:1:{number}::1");
        let there = door.whereabouts(from.parse().ok(), None);
        let login = format!("{number}@example.org");
        door.record(EventKind::TooManyAttempts, &login, &there, None, 10).await.unwrap();
    }
    assert_eq!(door.events.since(0, None, 0).await.unwrap().len(), 1);
    door.record(EventKind::TooManyAttempts, "ada@example.org", &here(&door), None, 10).await.unwrap();
    let there = door.whereabouts("2001:db8:1:7::1".parse().ok(), None);
    door.record(EventKind::TooManyAttempts, "ada@example.org", &there, None, 70).await.unwrap();
    assert_eq!(door.events.since(0, None, 0).await.unwrap().len(), 3);
}
