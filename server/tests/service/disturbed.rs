//! Pages while the way to the mail server is disturbed, in every turn of what they are made of.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use testbed::client::Client;
use testbed::fault_proxy::{Fault, FaultProxy, Mishap, Spot, Turn};
use testbed::people::Person;
use testbed::{Description, Shared};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::browser::{Browser, Served, links, serve};

/// A page is a few requests, each of which may wait for two connections in vain.
const HANG: Duration = Duration::from_secs(20);

const MESSAGE: &[u8] = b"From: a@x.test\r\nSubject: still here\r\n\r\nand its own words\r\n";

/// A page, and words that are on it when it is right.
#[derive(Clone)]
struct Page {
    address: String,
    words: &'static str,
}

/// Somebody with a message, and the pages that show it.
async fn reader(testbed: &Description) -> (Person, [Page; 2]) {
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed, &person).await.unwrap();
    other.append("INBOX", Some("(\\Seen)"), None, MESSAGE).await.unwrap();
    let mut browser = serve(testbed, &[]).await.signed_in(&person).await;
    let list = "/mail/me/INBOX".to_owned();
    let message = links(&browser.get(&list).await.text(), "/mail/me/INBOX/")[0].clone();
    let list = Page { address: list, words: "still here" };
    (person, [list, Page { address: message, words: "and its own words" }])
}

/// A service behind a proxy, and somebody who has just signed in, on the proxy's first connection.
async fn behind(testbed: &Description, person: &Person) -> (FaultProxy, Served, Browser) {
    let proxy = FaultProxy::inside(testbed, Fault::None).await.unwrap();
    let port = proxy.port().to_string();
    let changes = [
        ("PENNYPOST_IMAP_PORT", port.as_str()),
        ("PENNYPOST_IMAP_CONNECT_TIMEOUT", "2s"),
        ("PENNYPOST_IMAP_COMMAND_TIMEOUT", "1s"),
    ];
    let served = serve(testbed, &changes).await;
    let browser = served.signed_in(person).await;
    (proxy, served, browser)
}

/// Places in the turns of all connections of a page.
fn faults(connections: &[Vec<Turn>]) -> Vec<Fault> {
    let longest = connections.iter().map(Vec::len).max().unwrap_or_default();
    let mut faults = Vec::new();
    for turn in 0..longest {
        let answered = connections.iter().filter_map(|turns| turns.get(turn)).map(|turn| turn.answered);
        for bytes in [0, answered.max().unwrap_or_default() / 2] {
            let spot = Spot::Answering { turn, bytes };
            let mishaps = [Mishap::Cut, Mishap::End, Mishap::Stall, Mishap::Late(Duration::from_millis(50))];
            faults.extend(mishaps.map(|mishap| Fault::At(spot, mishap)));
        }
    }
    faults
}

async fn case(testbed: &Description, person: &Person, page: &Page, fault: Fault) {
    let (proxy, _served, mut browser) = behind(testbed, person).await;
    proxy.set(fault);
    let what = format!("{} {fault:?}", page.address);
    let told = timeout(HANG, browser.get(&page.address)).await;
    let told = told.unwrap_or_else(|_| panic!("{what} hangs"));
    let words = told.words();
    match told.status {
        StatusCode::OK => assert!(words.contains(page.words), "{what}: {words}"),
        StatusCode::BAD_GATEWAY => assert!(
            words.contains("The connection to the mail server broke off.")
                || words.contains("The mail server can't be reached."),
            "{what}: {words}"
        ),
        StatusCode::GATEWAY_TIMEOUT => {
            assert!(words.contains("The mail server did not answer in time."), "{what}: {words}");
        }
        other => panic!("{what}: {other} {words}"),
    }
    assert!(proxy.happened() || told.status == StatusCode::OK, "{what}: {words}");
    proxy.set(Fault::None);
    let again = browser.get(&page.address).await;
    assert_eq!(again.status, StatusCode::OK, "{what}: {}", again.words());
    assert!(again.words().contains(page.words), "{what}: {}", again.words());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_right_or_say_what_is_wrong_wherever_they_are_disturbed() {
    let testbed = Shared::find().unwrap().description();
    let (person, pages) = reader(testbed).await;
    let places = Arc::new(Semaphore::new(8));
    let mut cases = JoinSet::new();
    for page in pages {
        let (proxy, _served, mut browser) = behind(testbed, &person).await;
        assert!(browser.get(&page.address).await.words().contains(page.words));
        let connections: Vec<_> = (0..proxy.connections()).map(|index| proxy.turns(index)).collect();
        for fault in faults(&connections) {
            let (page, person, places) = (page.clone(), person.clone(), places.clone());
            cases.spawn(async move {
                let _place = places.acquire().await.unwrap();
                case(testbed, &person, &page, fault).await;
            });
        }
    }
    let count = cases.len();
    while let Some(done) = cases.join_next().await {
        done.unwrap();
    }
    println!("{count} cases of pages");
}

#[tokio::test]
async fn a_connection_that_dies_with_the_question_on_it_costs_another_try_and_no_page() {
    let testbed = Shared::find().unwrap().description();
    let (person, pages) = reader(testbed).await;
    for page in pages {
        for (bytes, mishap) in [(0, Mishap::Cut), (40, Mishap::Cut), (40, Mishap::End)] {
            let (proxy, _served, mut browser) = behind(testbed, &person).await;
            // The first thing that is asked after signing in, of the connection that did.
            let turn = proxy.turns(0).len();
            proxy.set(Fault::At(Spot::Answering { turn, bytes }, mishap));
            let told = browser.get(&page.address).await;
            assert!(proxy.happened());
            assert_eq!(told.status, StatusCode::OK, "{mishap:?}: {}", told.words());
            assert!(told.words().contains(page.words));
        }
    }
}
