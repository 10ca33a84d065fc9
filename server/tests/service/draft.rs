//! What is written is kept in the Drafts mailbox, once, and in nobody else's.

use axum::http::{Method, StatusCode};
use testbed::Shared;
use testbed::client::Client;
use testbed::people::Person;

use crate::browser::{Answer, Browser, ORIGIN, serve};

async fn ask(browser: &mut Browser, path: &str, question: serde_json::Value) -> Answer {
    let own = [("content-type", "application/json"), ("origin", ORIGIN), ("sec-fetch-site", "same-origin")];
    browser.ask(Method::POST, path, &own, question.to_string()).await
}

async fn save(browser: &mut Browser, login: &str, text: &str, replaces: serde_json::Value) -> Answer {
    let draft = serde_json::json!({ "to": "bob@example.org, ann", "cc": "", "subject": "Hello\r\nBcc: x@y.z", "text": text });
    ask(
        browser,
        "/api/draft/save",
        serde_json::json!({ "login": login, "draft": draft, "replaces": replaces }),
    )
    .await
}

/// All that is in Drafts, as another mail program reads it.
async fn drafts(person: &Person) -> Vec<String> {
    let testbed = Shared::find().unwrap();
    let mut other = Client::sign_in(testbed.description(), person).await.unwrap();
    other.command("SELECT Drafts").await.unwrap();
    let mut found = Vec::new();
    other.run("UID FETCH 1:* (FLAGS BODY.PEEK[])", |answer| found.push(format!("{answer:?}"))).await.unwrap();
    found.retain(|answer| answer.starts_with("Fetch"));
    found
}

#[tokio::test]
async fn a_draft_is_kept_once_however_often_it_is_saved() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    let mut browser = served.signed_in(&person).await;
    let first = save(&mut browser, &person.address, "First words", serde_json::Value::Null).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let saved: serde_json::Value = serde_json::from_str(&first.text()).unwrap();
    assert_eq!(saved["key"]["mailbox"], "Drafts", "{saved}");
    let second = save(&mut browser, &person.address, "First words, and more\0", saved["key"].clone()).await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.text());
    let drafts = drafts(&person).await;
    assert_eq!(drafts.len(), 1, "{drafts:?}");
    for expected in ["\\\\Draft", "\\\\Seen"] {
        assert!(drafts[0].contains(expected), "{expected}: {}", drafts[0]);
    }
}

#[tokio::test]
async fn a_page_that_names_a_message_elsewhere_removes_nothing() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    let mut browser = served.signed_in(&person).await;
    let first = save(&mut browser, &person.address, "Words", serde_json::Value::Null).await;
    let mut key: serde_json::Value =
        serde_json::from_str::<serde_json::Value>(&first.text()).unwrap()["key"].clone();
    key["at"]["validity"] = 1.into();
    assert_eq!(save(&mut browser, &person.address, "Words", key.clone()).await.status, StatusCode::OK);
    key["mailbox"] = "INBOX".into();
    assert_eq!(save(&mut browser, &person.address, "Words", key).await.status, StatusCode::OK);
    assert_eq!(drafts(&person).await.len(), 3);
}

#[tokio::test]
async fn words_come_into_no_other_persons_mailbox_and_each_has_a_key_of_their_own() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let (ada, bob) = (Person::fresh(), Person::fresh());
    let mut browser = served.signed_in(&bob).await;
    // The page is Ada's still, the session in this browser Bob's by now.
    let refused = save(&mut browser, &ada.address, "For Bob not to read", serde_json::Value::Null).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text());
    assert!(drafts(&bob).await.is_empty());
    let question = |person: &Person| serde_json::json!({ "login": person.address });
    let refused = ask(&mut browser, "/api/account/local-key", question(&ada)).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let key = ask(&mut browser, "/api/account/local-key", question(&bob)).await;
    assert_eq!(serde_json::from_str::<Vec<u8>>(&key.text()).unwrap().len(), 32);
    let mut elsewhere = served.signed_in(&bob).await;
    assert_eq!(ask(&mut elsewhere, "/api/account/local-key", question(&bob)).await.body, key.body);
    let mut hers = served.signed_in(&ada).await;
    assert_ne!(ask(&mut hers, "/api/account/local-key", question(&ada)).await.body, key.body);
}
