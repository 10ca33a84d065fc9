//! Hostile messages are what they say, and a real server takes them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use testbed::client::Client;
use testbed::people::Person;
use testbed::{Shared, hostile};

#[tokio::test]
async fn every_hostile_message_can_be_in_a_mailbox() {
    let testbed = Shared::find().unwrap().description();
    let mut client = Client::sign_in(testbed, &Person::fresh()).await.unwrap();
    client.select("INBOX").await.unwrap();
    for (name, message) in hostile::all("http://127.0.0.1:9") {
        client.append("INBOX", None, None, &message).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert_eq!(client.search("ALL").await.unwrap().len(), hostile::all("").len());
}

#[test]
fn the_fetching_message_asks_in_more_than_forty_ways() {
    let text = String::from_utf8(hostile::fetching("http://stranger.test")).unwrap();
    for way in 1..=44 {
        assert!(text.contains(&format!("http://stranger.test/{way}")), "{way}");
    }
    assert!(text.contains("@import 'http://stranger.test/") && text.contains("@font-face{"), "{text}");
    assert!(!text.contains('\0') && !text.contains('\u{1}'));
}
