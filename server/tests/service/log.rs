//! The log at its most talkative: what it tells of a page, and that it tells nothing of anybody.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::http::{Method, StatusCode};
use server::telemetry;
use testbed::Shared;
use testbed::client::Client;
use testbed::people::Person;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::browser::{ORIGIN, links, serve};

const MESSAGE: &[u8] = b"From: Quentin Quill <quentin@quill.test>\r\nTo: Hidden Heron <heron@quill.test>\r\n\
    Subject: Zebra crossing plans\r\nMessage-ID: <walrus@quill.test>\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n\
    <p>Marmalade at dawn</p>\r\n--b\r\nContent-Type: text/plain; name=\"octopus.txt\"\r\n\
    Content-Disposition: attachment; filename=\"octopus.txt\"\r\n\r\ntentacles galore\r\n--b--\r\n";

/// Lines that were written.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn at_its_most_talkative_the_log_tells_what_pages_are_made_of_and_nothing_of_anybody() {
    let lines = Lines::default();
    // For every thread of the process, since work moves between them; other tests talk of other people.
    let (writer, filter) = (lines.clone(), telemetry::filter("trace"));
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || writer.clone());
    tracing_subscriber::registry().with(filter).with(layer).init();

    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    other.append("INBOX", None, None, MESSAGE).await.unwrap();
    other.ensure("Armadillo").await.unwrap();
    other.append("Armadillo", None, None, MESSAGE).await.unwrap();
    let served = serve(testbed.description(), &[]).await;

    let wrong = Person { password: "gorgonzola".into(), ..person.clone() };
    assert_eq!(served.browser().sign_in(&wrong).await.status, StatusCode::UNAUTHORIZED);
    let mut browser = served.signed_in(&person).await;
    let page = browser.get("/mail/me/INBOX").await;
    assert!(page.words().contains("Zebra crossing plans"));
    let link = links(&page.text(), "/mail/me/INBOX/").pop().unwrap();
    assert!(browser.get(&link).await.text().contains("octopus.txt"));
    let inside = link.replace("/mail/", "/message/");
    for (path, text) in [
        (format!("{inside}/body"), "Marmalade at dawn"),
        (format!("{inside}/attachment/2"), "tentacles galore"),
        (format!("{inside}/source"), "walrus@quill.test"),
        ("/mail/me/Armadillo".to_owned(), "Zebra crossing plans"),
    ] {
        let answer = browser.get(&path).await;
        assert!(answer.status == StatusCode::OK && answer.text().contains(text), "{path}");
    }
    assert_eq!(browser.get("/mail/me/Pangolin").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/mail/me/INBOX?offset=wombat").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/nowhere/platypus").await.status, StatusCode::NOT_FOUND);
    let question =
        [("content-type", "application/json"), ("origin", ORIGIN), ("sec-fetch-site", "same-origin")];
    let body = r#"{"question":{"mailbox":"Capybara","offset":0}}"#.to_owned();
    let answer = browser.ask(Method::POST, "/api/messages/list", &question, body).await;
    assert!(answer.text().contains("Capybara"), "{}", answer.text());
    let cookie = browser.cookies.values().next().unwrap().clone();
    browser.post("/sign-out", &[]).await;

    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    // What a page was made of stands in the span of its request, also what Leptos fetched beside it, and every command
    // names its connection.
    for (route, commands) in [
        ("POST\" route=\"/sign-in", &["AUTHENTICATE"][..]),
        ("GET\" route=\"/mail/me/{mailbox}", &["SELECT", "FETCH", "LIST"]),
        ("GET\" route=\"/mail/me/{mailbox}/{message}", &["UID FETCH", "UID STORE", "LIST"]),
        ("POST\" route=\"/api/messages/list", &["SELECT"]),
    ] {
        let caused: Vec<&str> =
            log.lines().filter(|line| line.contains(&format!("method=\"{route}\""))).collect();
        for command in commands {
            let told = format!("answered command=\"{command}\" micros=");
            let named = |line: &&str| line.contains(":imap{connection=") && line.contains(&told);
            assert!(caused.iter().any(named), "{command} of {route}: {caused:#?}");
        }
        let end = |line: &&str| line.contains(" status=") && line.ends_with("request answered");
        assert!(caused.iter().any(end), "{route}");
    }
    let (local, _) = person.address.split_once('@').unwrap();
    for told in [
        local,
        &person.password,
        &cookie,
        "gorgonzola",
        "Quentin",
        "quentin@",
        "quill.test",
        "Heron",
        "heron@",
        "Zebra",
        "Marmalade",
        "octopus",
        "tentacles",
        "walrus",
        "Armadillo",
        "Pangolin",
        "wombat",
        "platypus",
        "Capybara",
    ] {
        let line = log.lines().find(|line| line.to_lowercase().contains(&told.to_lowercase()));
        assert_eq!(line, None, "the log tells {told:?}");
    }
}
