//! The mail server goes away and comes back.

use axum::http::StatusCode;
use testbed::client::Client;
use testbed::fault_proxy::{Fault, FaultProxy};
use testbed::people::{DEMO, Person};
use testbed::{Options, Shared, Testbed, scratch};

use crate::browser::{Browser, Served, serve};

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

#[tokio::test]
async fn a_password_that_was_changed_ends_the_sessions_that_hold_the_old_one_and_no_other() {
    let options = Options { without_postfix: true, ..Options::default() };
    let testbed = Testbed::start(&scratch("served-password"), &options).unwrap();
    let old = DEMO[2].person();
    let new = Person { password: format!("{} and more", old.password), ..old.clone() };
    let served = serve(testbed.description(), &[("PENNYPOST_SUBMISSION_PORT", "587")]).await;
    let mut thief = served.signed_in(&old).await;
    assert_eq!(thief.get("/mail/me/INBOX").await.status, StatusCode::OK);

    let passwords = testbed.description().folder.join("people.passwd");
    let changed = std::fs::read_to_string(&passwords).unwrap().replace(&old.password, &new.password);
    std::fs::write(&passwords, changed).unwrap();
    // Dovecot looks at the file once a second, and at its start.
    testbed.stop_dovecot();
    testbed.start_dovecot().unwrap();
    let mut owner = served.signed_in(&new).await;
    let told = thief.get("/mail/me/INBOX").await;
    assert_eq!(told.status, StatusCode::UNAUTHORIZED);
    assert!(told.words().contains("The password was changed on the mail server"), "{}", told.words());
    let away = thief.get("/mail/me/INBOX").await;
    assert_eq!(away.status, StatusCode::SEE_OTHER);
    let reason = thief.get(away.header("location")).await;
    assert!(reason.words().contains("The password was changed on the mail server"), "{}", reason.words());
    // Browsers obey the removal of such a cookie only when it is Secure.
    assert!(away.header("set-cookie").contains("Secure"), "{}", away.header("set-cookie"));
    assert!(!thief.cookies.contains_key("__Host-pennypost"));
    assert_eq!(owner.get("/mail/me/INBOX").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_that_load_side_by_side_are_all_whole_and_everyones_own() {
    let testbed = Shared::find().unwrap().description();
    let served = serve(testbed, &[]).await;
    let mut people: Vec<(Browser, String)> = Vec::new();
    for index in 0..4 {
        let person = Person::fresh();
        let mut other = Client::sign_in(testbed, &person).await.unwrap();
        let subject = format!("only for {index}");
        let message = format!("From: a@x.test\r\nSubject: {subject}\r\n\r\nx\r\n");
        other.append("INBOX", None, None, message.as_bytes()).await.unwrap();
        people.push((served.signed_in(&person).await, subject));
    }
    let mut loading = tokio::task::JoinSet::new();
    for _ in 0..4 {
        for (browser, subject) in &people {
            let (mut browser, subject) = (browser.clone(), subject.clone());
            loading.spawn(async move {
                for _ in 0..40 {
                    let page = browser.get("/mail/me/INBOX").await;
                    assert_eq!(page.status, StatusCode::OK, "{}", page.words());
                    let words = page.words();
                    assert_eq!(words.matches("only for").count(), words.matches(subject.as_str()).count());
                    assert!(words.contains(&subject));
                }
            });
        }
    }
    while let Some(loaded) = loading.join_next().await {
        loaded.unwrap();
    }
}

/// A service behind a proxy that misbehaves, and somebody with a message.
async fn behind(fault: Fault) -> (FaultProxy, Served, Person) {
    let testbed = Shared::find().unwrap().description();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed, &person).await.unwrap();
    other.append("INBOX", None, None, b"From: a@x.test\r\nSubject: still here\r\n\r\nx\r\n").await.unwrap();
    let proxy = FaultProxy::before(&testbed.host, testbed.imap, fault).await.unwrap();
    let port = proxy.port().to_string();
    let changes = [
        ("PENNYPOST_IMAP_PORT", port.as_str()),
        ("PENNYPOST_IMAP_CONNECT_TIMEOUT", "1s"),
        ("PENNYPOST_IMAP_COMMAND_TIMEOUT", "1s"),
    ];
    let served = serve(testbed, &changes).await;
    (proxy, served, person)
}

#[tokio::test]
async fn a_connection_that_breaks_off_anywhere_costs_a_sentence_and_the_next_try_works() {
    for bytes in [0, 700, 2_500, 3_500, 4_000, 4_500, 5_500] {
        let (proxy, served, person) = behind(Fault::None).await;
        let mut browser = served.signed_in(&person).await;
        // The one that signed in is open still: it breaks off at once, or a fresh one after so many bytes.
        proxy.set(Fault::CutAfter(bytes));
        let page = browser.get("/mail/me/INBOX").await;
        let words = page.words();
        match page.status {
            StatusCode::OK => assert!(words.contains("still here"), "{bytes}: {words}"),
            StatusCode::BAD_GATEWAY => assert!(
                words.contains("The connection to the mail server broke off.")
                    || words.contains("The mail server can't be reached."),
                "{bytes}: {words}"
            ),
            other => panic!("{bytes}: {other} {words}"),
        }
        proxy.set(Fault::None);
        let again = browser.get("/mail/me/INBOX").await;
        assert_eq!(again.status, StatusCode::OK, "{bytes}: {}", again.words());
        assert!(again.words().contains("still here"));
    }
}

#[tokio::test]
async fn a_mail_server_that_stalls_anywhere_is_given_up_with_a_sentence() {
    for bytes in [0, 2_500, 2_900] {
        let (proxy, served, person) = behind(Fault::None).await;
        let mut browser = served.signed_in(&person).await;
        proxy.set(Fault::StallAfter(bytes));
        let page = browser.get("/mail/me/INBOX").await;
        assert_eq!(page.status, StatusCode::GATEWAY_TIMEOUT, "{bytes}: {}", page.words());
        assert!(page.words().contains("The mail server did not answer in time."), "{}", page.words());
        proxy.set(Fault::None);
        assert_eq!(browser.get("/mail/me/INBOX").await.status, StatusCode::OK, "{bytes}");
    }
}
