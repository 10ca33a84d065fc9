//! The demo's mail.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use testbed::client::Client;
use testbed::people::DEMO;
use testbed::{Options, Testbed, demo, scratch};
use time::OffsetDateTime;

#[tokio::test]
async fn the_demo_is_filled_once_and_its_newest_messages_are_known() {
    let options = Options { without_postfix: true, ..Options::default() };
    let testbed = Testbed::start(&scratch("demo"), &options).unwrap();
    let now = OffsetDateTime::now_utc();
    demo::seed(testbed.description(), now).await.unwrap();
    let mut client = Client::sign_in(testbed.description(), &DEMO[0].person()).await.unwrap();
    let counts = client.counts("INBOX").await.unwrap();
    assert!(counts.0 >= 250 && counts.1 >= 10, "{counts:?}");
    client.select("INBOX").await.unwrap();
    let all = client.search("ALL").await.unwrap();
    for (back, subject) in
        ["Lunch on Thursday?", "The November roast list", "Invoice 2026-118 with attachment"]
            .iter()
            .enumerate()
    {
        let found = client.search(&format!("UNSEEN SUBJECT \"{subject}\"")).await.unwrap();
        assert!(found.contains(&all[all.len() - 1 - back]), "{subject}");
    }
    demo::seed(testbed.description(), now).await.unwrap();
    assert_eq!(client.counts("INBOX").await.unwrap(), counts);
    for name in
        ["Sent", "Drafts", "Archive", "Junk", "Trash", "Projects/2026", "Gallery", "Reisen & Büro", "日本語"]
    {
        assert!(client.count(name).await.unwrap() > 0, "{name}");
    }
    assert!(
        client.list().await.unwrap().iter().any(|listed| listed.name == "shared/support@demo.test/INBOX"
            || listed.name == "shared/support@demo.test")
    );
}
