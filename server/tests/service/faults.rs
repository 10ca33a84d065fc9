//! The mail server goes away and comes back.

use axum::http::StatusCode;
use testbed::client::Client;
use testbed::people::Person;
use testbed::{Options, Testbed, scratch};

use crate::browser::serve;

#[tokio::test]
async fn a_mail_server_that_restarts_costs_nobody_their_session() {
    let options = Options { without_postfix: true, ..Options::default() };
    let testbed = Testbed::start(&scratch("served-restart"), &options).unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    other.append("INBOX", None, None, b"From: a@x.test\r\nSubject: still here\r\n\r\nx\r\n").await.unwrap();
    let served = serve(testbed.description(), &[("PENNYPOST_SUBMISSION_PORT", "587")]).await;
    let mut browser = served.signed_in(&person).await;
    assert!(browser.get("/mail/me/INBOX").await.words().contains("still here"));

    testbed.stop_dovecot();
    let away = browser.get("/mail/me/INBOX").await;
    assert_eq!(away.status, StatusCode::BAD_GATEWAY);
    assert!(away.words().contains("The mail server can't be reached."), "{}", away.words());

    testbed.start_dovecot().unwrap();
    let back = browser.get("/mail/me/INBOX").await;
    assert_eq!(back.status, StatusCode::OK);
    assert!(back.words().contains("still here"));

    // Connections that died unnoticed are found out and replaced.
    testbed.stop_dovecot();
    testbed.start_dovecot().unwrap();
    assert!(browser.get("/mail/me/INBOX").await.words().contains("still here"));
}
