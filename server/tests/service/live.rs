//! Open pages hear what other clients do, exactly, and nobody else hears it.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Method, StatusCode};
use futures_util::StreamExt;
use model::changes::{Changes, Difference, News};
use model::flag::Flag;
use model::modseq::Moment;
use testbed::client::Client;
use testbed::people::Person;
use testbed::{Options, Shared, Testbed, scratch};
use tokio::time::timeout;

use crate::browser::{Browser, Served, serve};

const LONG: Duration = Duration::from_secs(20);
const MAIL: &[u8] = b"From: a@demo.test\r\nSubject: x\r\n\r\nx\r\n";

/// An event: the moment that it leads to, and the news.
type Event = (Option<Moment>, News);

struct Stream {
    body: BodyDataStream,
    rest: String,
}

impl Stream {
    async fn open(browser: &mut Browser, path: &str, headers: &[(&str, &str)]) -> Self {
        let response = browser.begin(Method::GET, path, headers, String::new()).await;
        assert_eq!(response.status(), StatusCode::OK);
        let header = |name| response.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/event-stream");
        assert_eq!(header("cache-control"), "no-store");
        let body: Body = response.into_body();
        Self { body: body.into_data_stream(), rest: String::new() }
    }

    async fn next(&mut self) -> Event {
        timeout(LONG, async {
            loop {
                while let Some((event, rest)) = self.rest.split_once("\n\n") {
                    let (event, rest) = (event.to_owned(), rest.to_owned());
                    self.rest = rest;
                    let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
                    if let Some(data) = field("data: ") {
                        let moment = field("id: ").map(|id| id.parse().unwrap());
                        return (moment, serde_json::from_str(data).unwrap());
                    }
                }
                let piece = self.body.next().await.expect("the stream ended").unwrap();
                self.rest.push_str(std::str::from_utf8(&piece).unwrap());
            }
        })
        .await
        .expect("nothing was told")
    }

    async fn changes(&mut self) -> (Option<Moment>, Changes) {
        loop {
            if let (moment, News::Changes(changes)) = self.next().await {
                return (moment, changes);
            }
        }
    }

    async fn ends(&mut self) -> bool {
        let read = async { while self.body.next().await.is_some() {} };
        timeout(Duration::from_secs(40), read).await.is_ok()
    }
}

fn uids(changes: &Changes) -> (Vec<u32>, String) {
    match &changes.difference {
        Difference::Since { changed, vanished, .. } => {
            (changed.iter().map(|changed| changed.uid.get()).collect(), vanished.to_string())
        }
        other => panic!("{other:?}"),
    }
}

/// The moment that the list in a page stands for.
async fn moment_of(browser: &mut Browser, mailbox: &str) -> String {
    let question = format!("{{\"question\":{{\"mailbox\":\"{mailbox}\",\"offset\":0}}}}");
    let headers = [
        ("content-type", "application/json"),
        ("origin", crate::browser::ORIGIN),
        ("sec-fetch-site", "same-origin"),
    ];
    let answer = browser.ask(Method::POST, "/api/messages/again", &headers, question).await;
    let window: model::messages::Window = serde_json::from_slice(&answer.body).unwrap();
    window.mailbox.moment().unwrap().to_string()
}

async fn signed_in() -> (Served, Browser, Client, Person) {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let served = serve(testbed.description(), &[]).await;
    let browser = served.signed_in(&person).await;
    let client = Client::sign_in(testbed.description(), &person).await.unwrap();
    (served, browser, client, person)
}

#[tokio::test]
async fn every_page_of_a_person_is_told_from_where_it_is_and_goes_on_after_a_gap() {
    let (_served, mut browser, mut other, _) = signed_in().await;
    let since = moment_of(&mut browser, "INBOX").await;
    // It comes between the page and its stream.
    let first = other.append("INBOX", Some("()"), None, MAIL).await.unwrap();
    let path = format!("/live/me/INBOX?since={since}");
    let mut one = Stream::open(&mut browser, &path, &[]).await;
    let (_, told) = one.changes().await;
    assert_eq!(uids(&told), (vec![first], String::new()));
    // A page that knows less than the watch is told all the same.
    let mut two = Stream::open(&mut browser, &path, &[]).await;
    let (at, told) = two.changes().await;
    assert_eq!(uids(&told).0, [first]);

    let second = other.append("INBOX", Some("()"), None, MAIL).await.unwrap();
    assert_eq!(uids(&one.changes().await.1).0, [second]);
    assert_eq!(uids(&two.changes().await.1).0, [second]);
    drop((one, two));

    other.select("INBOX").await.unwrap();
    other.store(first, "+FLAGS", &["\\Seen"]).await.unwrap();
    other.store(second, "+FLAGS", &["\\Deleted"]).await.unwrap();
    other.expunge(second).await.unwrap();
    let last = at.unwrap().to_string();
    let mut again = Stream::open(&mut browser, &path, &[("last-event-id", &last)]).await;
    let (_, told) = again.changes().await;
    let Difference::Since { since, changed, vanished } = &told.difference else { panic!() };
    assert_eq!((since.to_string(), vanished.to_string()), (last, second.to_string()));
    assert!(changed.iter().any(|changed| changed.uid.get() == first && changed.flags.has(&Flag::Seen)));
}

#[tokio::test]
async fn a_page_of_another_mailbox_hears_the_numbers_of_the_inbox_and_of_those_not_open() {
    let (_served, mut browser, mut other, _) = signed_in().await;
    let since = moment_of(&mut browser, "Archive").await;
    let mut stream = Stream::open(&mut browser, &format!("/live/me/Archive?since={since}"), &[]).await;
    let one = other.append("Archive", Some("()"), None, MAIL).await.unwrap();
    assert_eq!(uids(&stream.changes().await.1).0, [one]);
    for mailbox in ["INBOX", "Sent"] {
        // What happens before its watch has begun is on the page already.
        let told = async {
            loop {
                if let News::Status { mailbox: told, status } = stream.next().await.1
                    && told.as_str() == mailbox
                    && status.unseen > Some(0)
                {
                    break;
                }
            }
        };
        let appending = async {
            loop {
                other.append(mailbox, Some("()"), None, MAIL).await.unwrap();
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        };
        tokio::select! { () = told => {}, () = appending => {} }
    }
}

#[tokio::test]
async fn nobody_else_is_told_and_who_signs_out_is_told_nothing_more() {
    let (served, mut browser, mut other, _) = signed_in().await;
    let answer = served.browser().get("/live/me/INBOX").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let mut stranger = served.signed_in(&Person::fresh()).await;
    let foreign = moment_of(&mut stranger, "INBOX").await;
    let mut strangers = Stream::open(&mut stranger, &format!("/live/me/INBOX?since={foreign}"), &[]).await;
    let since = moment_of(&mut browser, "INBOX").await;
    let mut own = Stream::open(&mut browser, &format!("/live/me/INBOX?since={since}"), &[]).await;
    other.append("INBOX", Some("()"), None, MAIL).await.unwrap();
    own.changes().await;
    let told = timeout(Duration::from_millis(500), strangers.next()).await;
    assert!(told.is_err(), "{told:?}");
    browser.clone().post("/sign-out", &[]).await;
    assert!(own.ends().await);
}

#[tokio::test]
async fn a_stream_puts_off_no_sessions_end() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[("PENNYPOST_SESSION_IDLE", "2s")]).await;
    let mut browser = served.signed_in(&Person::fresh()).await;
    let since = moment_of(&mut browser, "INBOX").await;
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let response =
            browser.begin(Method::GET, &format!("/live/me/INBOX?since={since}"), &[], String::new()).await;
        drop(response);
    }
    assert_eq!(browser.get("/live/me/INBOX").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_mail_server_that_restarts_costs_a_page_nothing_but_time() {
    let testbed = Testbed::start(&scratch("live"), &Options::default()).unwrap();
    let person = Person::fresh();
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.signed_in(&person).await;
    let since = moment_of(&mut browser, "INBOX").await;
    let mut stream = Stream::open(&mut browser, &format!("/live/me/INBOX?since={since}"), &[]).await;
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    other.append("INBOX", Some("()"), None, MAIL).await.unwrap();
    stream.changes().await;
    testbed.stop_dovecot();
    testbed.start_dovecot().unwrap();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    let uid = other.append("INBOX", Some("()"), None, MAIL).await.unwrap();
    assert_eq!(uids(&stream.changes().await.1).0, [uid]);
}

#[tokio::test]
async fn a_mailbox_that_goes_away_is_told_and_a_malformed_one_is_refused() {
    let (_served, mut browser, mut other, _) = signed_in().await;
    other.create("Work").await.unwrap();
    let since = moment_of(&mut browser, "Work").await;
    assert_eq!(browser.get("/live/me/a~zz").await.status, StatusCode::NOT_FOUND);
    other.delete("Work").await.unwrap();
    let mut stream = Stream::open(&mut browser, &format!("/live/me/Work?since={since}"), &[]).await;
    loop {
        if let News::Gone(mailbox) = stream.next().await.1 {
            assert_eq!(mailbox.as_str(), "Work");
            break;
        }
    }
}

#[tokio::test]
async fn who_was_told_of_news_and_asks_again_is_answered_with_it() {
    let (_served, mut browser, mut other, _) = signed_in().await;
    for _ in 0..3 {
        other.append("INBOX", Some("()"), None, MAIL).await.unwrap();
    }
    // What was heard a moment ago is not good enough any more.
    let before: Moment = moment_of(&mut browser, "INBOX").await.parse().unwrap();
    other.select("INBOX").await.unwrap();
    other.move_to(2, "Archive").await.unwrap();
    let after: Moment = moment_of(&mut browser, "INBOX").await.parse().unwrap();
    assert!(after.modseq > before.modseq);
}
