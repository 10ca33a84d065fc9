//! Folders as a person sees them, on servers that can much and little.

use axum::http::StatusCode;
use testbed::client::Client;
use testbed::people::Person;
use testbed::{Options, Shared, Testbed, scratch};

use crate::browser::{links, serve};

const MESSAGE: &[u8] = b"From: Ben <ben@x.test>\r\nSubject: Hello there\r\n\r\nGood morning.\r\n";

#[tokio::test]
async fn folders_of_every_name_are_listed_and_open() {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    let names = [
        "Entwürfe & Reste",
        "Quotes \"and\" back\\slash",
        "日本語",
        "Coffee ☕ 🫘",
        "a~2Fb",
        "100%25",
        "with.dot",
        "with?mark#and;more",
        "<img src=x onerror=alert(1)>",
        "</script><script>alert(1)</script>",
        "Deep/er/and/deeper",
    ];
    for name in names {
        other.ensure(name).await.unwrap();
        other.append(name, None, None, MESSAGE).await.unwrap();
    }
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.signed_in(&person).await;
    let page = browser.get("/mail/me/INBOX").await;
    let words = page.words();
    let found = links(&page.text(), "/mail/me/");
    for name in names {
        let leaf = name.rsplit('/').next().unwrap();
        // Markup in names is shown as what it is; `words` cannot tell it from tags.
        assert!(leaf.contains('<') || words.contains(leaf), "{name} in {words}");
    }
    assert!(!page.text().contains("<img src=x") && !page.text().contains("<script>alert"));
    let mut opened = 0;
    for link in found {
        let folder = browser.get(&link).await;
        assert_eq!(folder.status, StatusCode::OK, "{link}");
        assert!(!folder.text().contains("<img src=x") && !folder.text().contains("<script>alert"), "{link}");
        opened += usize::from(folder.words().contains("Hello there"));
    }
    assert_eq!(opened, names.len());
}

#[tokio::test]
async fn a_server_that_can_little_serves_all_the_same() {
    let options = Options { capabilities: Some("IMAP4rev1"), without_postfix: true, ..Options::default() };
    let testbed = Testbed::start(&scratch("served-bare"), &options).unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    other.append("INBOX", None, None, MESSAGE).await.unwrap();
    let served = serve(testbed.description(), &[("PENNYPOST_SUBMISSION_PORT", "587")]).await;
    let mut browser = served.signed_in(&person).await;
    let page = browser.get("/mail/me/INBOX").await;
    assert_eq!(page.status, StatusCode::OK);
    let words = page.words();
    // Roles by name, and counts by asking for each.
    for word in ["Inbox", "Drafts", "Sent", "Junk", "Trash", "1 unread message", "Hello there"] {
        assert!(words.contains(word), "{word} in {words}");
    }
    let link = links(&page.text(), "/mail/me/INBOX/").pop().unwrap();
    assert!(browser.get(&link).await.words().contains("Good morning."));
}

#[tokio::test]
async fn accounts_of_others_stand_beside_ones_own_under_their_names_and_with_their_own_roles() {
    let testbed = Shared::find().unwrap();
    let (owner, guest) = (Person::fresh(), Person::fresh());
    let mut other = Client::sign_in(testbed.description(), &owner).await.unwrap();
    for mailbox in ["INBOX", "Sent"] {
        other.share(mailbox, &guest, "lrs").await.unwrap();
    }
    let sent = b"From: Olga <olga@x.test>\r\nTo: Customer <customer@x.test>\r\nSubject: Answer\r\n\r\nx\r\n";
    other.append("Sent", None, None, sent).await.unwrap();
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.signed_in(&guest).await;
    let page = browser.get("/mail/me/INBOX").await.text();
    let (own, theirs) = page.split_once(&format!("Shared by {}", owner.address)).unwrap();
    let link = format!("/mail/me/shared~2F{}", owner.address.replace('@', "~40"));
    let found = links(&page, "/mail/me/shared");
    assert!(found.contains(&link) && found.contains(&format!("{link}~2FSent")), "{found:?} {link}");
    // Each has the words of its role, and none stands among one's own.
    for word in [">Inbox<", ">Sent<"] {
        assert!(own.contains(word) && theirs.contains(word), "{word}");
    }
    let list = browser.get(&format!("{link}~2FSent")).await.words();
    assert!(list.contains(&format!("Sent – {}", owner.address)), "{list}");
    // What they sent shows to whom, as one's own does.
    let shown = list.split("__RESOLVED").next().unwrap();
    assert!(shown.contains("Customer") && !shown.contains("Olga"), "{list}");
}

#[tokio::test]
async fn a_folder_that_is_gone_is_said_so() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.signed_in(&Person::fresh()).await;
    let answer = browser.get("/mail/me/Not~20here").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.words().contains("The folder “Not here” does not exist"), "{}", answer.words());
    for nonsense in ["/mail/me/a~2", "/mail/me/a~0D~0A", "/mail/me/INBOX?offset=-1"] {
        let answer = browser.get(nonsense).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{nonsense}");
        assert!(answer.words().contains("nothing at this address"), "{nonsense}: {}", answer.words());
    }
}

#[tokio::test]
async fn messages_come_newest_first_and_by_the_window() {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    for index in 1..=53 {
        let message = format!("From: b@x.test\r\nSubject: number {index:02}\r\n\r\nx\r\n");
        other.append("INBOX", None, None, message.as_bytes()).await.unwrap();
    }
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.signed_in(&person).await;
    let first = browser.get("/mail/me/INBOX").await.words();
    assert!(first.find("number 53") < first.find("number 52") && first.contains("number 04"));
    assert!(!first.contains("number 03") && first.contains("1–50 / 53"), "{first}");
    let last = browser.get("/mail/me/INBOX?offset=50").await.words();
    assert!(last.contains("number 03") && !last.contains("number 04") && last.contains("51–53 / 53"));
    let beyond = browser.get("/mail/me/INBOX?offset=4000000000").await;
    assert_eq!(beyond.status, StatusCode::OK);
    assert!(beyond.words().contains("There are no older messages."));
}
