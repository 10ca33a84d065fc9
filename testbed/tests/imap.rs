//! The IMAP server and the second client, with each other.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use testbed::client::{Append, Client};
use testbed::people::{DEMO, ODD, Person};
use testbed::{CAPABILITIES, Certificate, Error, Options, Shared, Testbed, scratch, tls};

const HELLO: &[u8] = b"Subject: Hello\r\nFrom: a@x.test\r\n\r\nHello\r\n";

#[tokio::test]
async fn every_person_signs_in_over_tls() {
    let testbed = Shared::find().unwrap();
    let mut people: Vec<_> = DEMO.iter().chain([&ODD]).map(|person| person.person()).collect();
    people.extend([Person::fresh(), Person::fresh_with_little_room()]);
    for person in people {
        Client::sign_in(testbed.description(), &person).await.unwrap().sign_out().await.unwrap();
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused() {
    let testbed = Shared::find().unwrap();
    let person = Person { password: "wrong".into(), ..Person::fresh() };
    assert!(matches!(Client::sign_in(testbed.description(), &person).await, Err(Error::Imap(_))));
    let nobody = Person { address: "nobody@demo.test".into(), ..person };
    assert!(matches!(Client::sign_in(testbed.description(), &nobody).await, Err(Error::Imap(_))));
}

#[tokio::test]
async fn a_fresh_person_has_the_usual_mailboxes_and_no_others() {
    let testbed = Shared::find().unwrap();
    let mut client = Client::sign_in(testbed.description(), &Person::fresh()).await.unwrap();
    let mut names: Vec<_> = client.list().await.unwrap().into_iter().map(|listed| listed.name).collect();
    names.sort();
    assert_eq!(names, ["Archive", "Drafts", "INBOX", "Junk", "Sent", "Trash"]);
}

#[tokio::test]
async fn messages_are_put_found_marked_moved_and_removed() {
    let testbed = Shared::find().unwrap();
    let mut client = Client::sign_in(testbed.description(), &Person::fresh()).await.unwrap();
    let date = "\"17-Nov-2025 08:15:00 +0100\"";
    let uid = client.append("INBOX", Some("(\\Seen $Work)"), Some(date), HELLO).await.unwrap();
    let other = client.append("INBOX", None, None, b"Subject: Other\r\n\r\nx\r\n").await.unwrap();
    assert_eq!(client.counts("INBOX").await.unwrap(), (2, 1));
    assert_eq!(client.flags("INBOX").await.unwrap(), [vec!["$Work", "Seen"], vec![]]);
    assert_eq!(client.search("SUBJECT Hello ON 17-Nov-2025").await.unwrap(), [uid]);
    assert_eq!(client.fetch(uid).await.unwrap(), HELLO);
    client.store(other, "+FLAGS", &["\\Flagged"]).await.unwrap();
    assert_eq!(client.search("FLAGGED").await.unwrap(), [other]);
    client.move_to(other, "Trash").await.unwrap();
    client.expunge(uid).await.unwrap();
    assert_eq!((client.count("INBOX").await.unwrap(), client.count("Trash").await.unwrap()), (0, 1));
    assert!(client.append("Nowhere", None, None, HELLO).await.is_err());
    assert_eq!(client.count("INBOX").await.unwrap(), 0, "the connection is usable after a refusal");
}

#[tokio::test]
async fn many_messages_go_at_once() {
    let testbed = Shared::find().unwrap();
    let mut client = Client::sign_in(testbed.description(), &Person::fresh()).await.unwrap();
    let message = Append { mailbox: "INBOX", flags: None, date: None, message: HELLO };
    assert_eq!(client.append_all(&vec![message; 120]).await.unwrap().len(), 120);
    assert_eq!(client.count("INBOX").await.unwrap(), 120);
}

#[tokio::test]
async fn mailboxes_have_names_in_every_script() {
    let testbed = Shared::find().unwrap();
    let mut client = Client::sign_in(testbed.description(), &Person::fresh()).await.unwrap();
    for name in ["Projects/2026", "Reisen & Büro", "Quotes \"and\" back\\slash", "日本語", "a%b*c", "😀"]
    {
        client.create(name).await.unwrap();
        client.append(name, None, None, HELLO).await.unwrap();
        assert_eq!(client.count(name).await.unwrap(), 1, "{name}");
        assert!(client.list().await.unwrap().iter().any(|listed| listed.name == name), "{name}");
    }
    client.rename("日本語", "日本").await.unwrap();
    client.delete("日本").await.unwrap();
}

#[tokio::test]
async fn support_is_shared_with_anna_and_to_be_read_by_ben_but_not_seen_by_chloe() {
    let testbed = Shared::find().unwrap();
    let [anna, ben, chloe, _] = DEMO.map(|person| person.person());
    for (person, may) in [(anna, [true, true]), (ben, [true, false]), (chloe, [false, false])] {
        let mut client = Client::sign_in(testbed.description(), &person).await.unwrap();
        let seen = client.list().await.unwrap();
        let shared = seen.iter().find(|listed| listed.name.starts_with("shared/support@demo.test"));
        assert_eq!(shared.is_some(), may[0], "{} {seen:?}", person.address);
        if let Some(shared) = shared {
            client.select(&shared.name).await.unwrap();
            assert_eq!(client.append(&shared.name, None, None, HELLO).await.is_ok(), may[1]);
        }
        assert!(seen.iter().any(|listed| listed.name == "Public/Announcements"), "{seen:?}");
    }
}

#[tokio::test]
async fn two_people_share_a_mailbox() {
    let testbed = Shared::find().unwrap();
    let (owner, guest) = (Person::fresh(), Person::fresh());
    let mut client = Client::sign_in(testbed.description(), &owner).await.unwrap();
    client.create("Plans").await.unwrap();
    client.share("Plans", &guest, "lrs").await.unwrap();
    let mut other = Client::sign_in(testbed.description(), &guest).await.unwrap();
    let name = format!("shared/{}/Plans", owner.address);
    assert!(other.list().await.unwrap().iter().any(|listed| listed.name == name));
    other.select(&name).await.unwrap();
}

#[tokio::test]
async fn little_room_is_full_soon() {
    let testbed = Shared::find().unwrap();
    let mut client = Client::sign_in(testbed.description(), &Person::fresh_with_little_room()).await.unwrap();
    let message = [HELLO, &vec![b'x'; 700_000]].concat();
    client.append("INBOX", None, None, &message).await.unwrap();
    assert!(matches!(client.append("INBOX", None, None, &message).await, Err(Error::Imap(_))));
}

#[tokio::test]
async fn certificates_that_are_wrong_are_refused() {
    for certificate in [Certificate::Expired, Certificate::Untrusted, Certificate::OtherName] {
        let options = Options { certificate, without_postfix: true, ..Options::default() };
        let testbed = Testbed::start(&scratch(&format!("{certificate:?}")), &options).unwrap();
        let found = testbed.description();
        let refused = tls::connect(&found.host, found.imap, &found.ca_file).await;
        let words = match certificate {
            Certificate::Expired => "Expired",
            Certificate::Untrusted => "UnknownIssuer",
            _ => "not valid for name",
        };
        let error = refused.unwrap_err().to_string();
        assert!(error.contains(words) || error.contains(&words.to_lowercase()), "{certificate:?}: {error}");
    }
}

#[tokio::test]
async fn capabilities_are_what_we_say_and_can_be_off() {
    let testbed = Shared::find().unwrap();
    let mut client = Client::sign_in(testbed.description(), &Person::fresh()).await.unwrap();
    let mut all = client.capabilities().await.unwrap();
    let mut known: Vec<_> = CAPABILITIES.split_whitespace().map(str::to_owned).collect();
    all.sort();
    known.sort();
    assert_eq!(all, known);
    let options =
        Options { capabilities: Some("IMAP4rev1 ID LITERAL+"), without_postfix: true, ..Options::default() };
    let little = Testbed::start(&scratch("little"), &options).unwrap();
    let mut client = Client::sign_in(little.description(), &Person::fresh()).await.unwrap();
    let mut left = client.capabilities().await.unwrap();
    left.sort();
    assert_eq!(left, ["ID", "IMAP4rev1", "LITERAL+"]);
}

#[tokio::test]
async fn a_testbed_keeps_mail_and_ports_across_starts_and_ends_connections_between() {
    let options = Options { without_postfix: true, ..Options::default() };
    let folder = scratch("again");
    let person = Person::fresh();
    let first = Testbed::start(&folder, &options).unwrap();
    let before = first.description().clone();
    let mut client = Client::sign_in(&before, &person).await.unwrap();
    client.append("INBOX", None, None, HELLO).await.unwrap();
    assert!(matches!(Testbed::start(&folder, &options), Err(Error::InUse(_))));
    first.stop_dovecot();
    assert!(client.count("INBOX").await.is_err());
    first.start_dovecot().unwrap();
    Client::sign_in(&before, &person).await.unwrap();
    first.stop();
    let second = Testbed::start(&folder, &options).unwrap();
    assert_eq!(second.description().imap, before.imap);
    let mut client = Client::sign_in(second.description(), &person).await.unwrap();
    assert_eq!(client.count("INBOX").await.unwrap(), 1);
}
