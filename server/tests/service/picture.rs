//! Pictures of messages by their links, and the wish to see those from elsewhere.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use database::{PersonId, ServerKey};
use model::structure::Encoding;
use model::uid::MessageKey;
use server::clock::now;
use server::http::listen;
use server::outside::{Outside, Reach};
use server::picture::PictureTarget;
use testbed::Shared;
use testbed::client::Client;
use testbed::letters::{Part, file, html, multipart, png, whole};
use testbed::people::Person;
use tokio::net::TcpListener;

use crate::browser::{Answer, Browser, Served, links, serve, serve_with};
use crate::outside::ThisMachine;

const HALF_A_DAY: i64 = 43_200;

/// A letter with a picture, its text, and the sender `news@shop.example`.
fn letter() -> Vec<u8> {
    let Part { mut header, body } = multipart(
        "related",
        &[html("<img src=cid:a>"), file("image/png", "inline; filename=a.png", &png(360))],
    );
    header.insert(0, "From: News <news@shop.example>".into());
    whole(&Part { header, body })
}

/// Somebody signed in with one message in the Inbox.
async fn signed_in(served: &Served) -> (Person, Browser, MessageKey) {
    let person = Person::fresh();
    let mut other = Client::sign_in(Shared::find().unwrap().description(), &person).await.unwrap();
    other.append("INBOX", None, None, &letter()).await.unwrap();
    let mut browser = served.signed_in(&person).await;
    let list = browser.get("/mail/me/INBOX").await.text();
    let link = links(&list, "/mail/me/INBOX/").pop().unwrap();
    let key = app::place::key_of_segments("INBOX", link.rsplit('/').next().unwrap()).unwrap();
    (person, browser, key)
}

fn id(served: &Served, login: &str) -> PersonId {
    let key = ServerKey::load_or_create(&served.folder.path().join("data/pennypost.key")).unwrap();
    PersonId::of(login, &key).unwrap()
}

fn part(key: &MessageKey, number: &str) -> PictureTarget {
    let encoding = if number == "2" { Encoding::Base64 } else { Encoding::Identity };
    PictureTarget::Part { key: key.clone(), part: number.parse().unwrap(), encoding }
}

fn link(served: &Served, login: &str, target: &PictureTarget, now: i64) -> String {
    served.service.people.pictures().links.link(id(served, login), target, now)
}

/// As a frame without an origin asks: from another site, without a cookie.
async fn shown(served: &Served, link: &str) -> Answer {
    let frame = [("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "image")];
    served.browser().ask(Method::GET, link, &frame, String::new()).await
}

/// There is no picture, and that is all that is said.
async fn none(served: &Served, link: &str) {
    let answer = shown(served, link).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::NOT_FOUND, 0));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_picture_of_a_message_is_shown_by_its_link_and_by_no_other() {
    let served = serve(Shared::find().unwrap().description(), &[]).await;
    let (person, mut browser, key) = signed_in(&served).await;
    let (other, _, _) = signed_in(&served).await;
    let own = link(&served, &person.address, &part(&key, "2"), now());
    let answer = shown(&served, &own).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, png(360));
    assert_eq!(answer.header("content-type"), "image/png");
    assert!(answer.header("content-security-policy").starts_with("sandbox; default-src 'none'"));
    assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("cache-control").starts_with("private, max-age="));
    // Every character counts.
    let sealed = own.strip_prefix("/picture/").unwrap();
    for at in 0..sealed.len() {
        let mut changed = sealed.as_bytes().to_vec();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        none(&served, &format!("/picture/{}", String::from_utf8(changed).unwrap())).await;
    }
    for wrong in ["/picture/x", "/picture/AAAA", &own[..own.len() - 4]] {
        none(&served, wrong).await;
    }
    // A link that is over, one of somebody who is not here, and a message that is another's.
    none(&served, &link(&served, &person.address, &part(&key, "2"), now() - HALF_A_DAY - 3_600)).await;
    none(&served, &link(&served, &Person::fresh().address, &part(&key, "2"), now())).await;
    let mut elsewhere = key.clone();
    elsewhere.at.uid = model::uid::Uid::new(4_711).unwrap();
    none(&served, &link(&served, &other.address, &part(&elsewhere, "2"), now())).await;
    // What is no picture is not shown, whatever the message says of it.
    none(&served, &link(&served, &person.address, &part(&key, "1"), now())).await;
    none(&served, &link(&served, &person.address, &part(&key, "9"), now())).await;
    // Whoever signed out shows nothing any more.
    assert_eq!(browser.post("/sign-out", &[]).await.status, StatusCode::SEE_OTHER);
    none(&served, &own).await;
}

/// A server of pictures on this machine, and how often it was asked.
async fn stranger() -> (SocketAddr, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let noted = asked.clone();
    let picture = move || {
        noted.fetch_add(1, Ordering::SeqCst);
        async { png(4) }
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/a.png", get(picture)).route("/x.svg", get(|| async { "<svg/>" }));
    tokio::spawn(listen::serve(listener, router, std::future::pending()));
    (address, asked)
}

#[tokio::test]
async fn a_picture_from_elsewhere_comes_through_this_server_once_for_everybody() {
    let (address, asked) = stranger().await;
    let outside = Outside::reaching(None, Box::new(ThisMachine), Reach::for_tests(vec![address]));
    let served = serve_with(Shared::find().unwrap().description(), &[], outside).await;
    let (ada, _, _) = signed_in(&served).await;
    let (bob, _, _) = signed_in(&served).await;
    let remote = |path: &str| PictureTarget::Remote { url: format!("http://{address}{path}") };
    for person in [&ada, &bob, &ada] {
        let own = link(&served, &person.address, &remote("/a.png"), now());
        assert!(!own.contains("127.0.0.1"));
        let answer = shown(&served, &own).await;
        assert_eq!((answer.status, answer.body), (StatusCode::OK, png(4)));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    none(&served, &link(&served, &ada.address, &remote("/x.svg"), now())).await;
    none(&served, &link(&served, &ada.address, &remote("/missing"), now())).await;
    for url in ["http://127.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]:443/", "ftp://x.test/"] {
        none(&served, &link(&served, &ada.address, &PictureTarget::Remote { url: url.into() }, now())).await;
    }
}

#[tokio::test]
async fn where_the_operator_says_never_nothing_is_asked_for_and_no_wish_is_kept() {
    let (address, asked) = stranger().await;
    let never = [("PENNYPOST_REMOTE_CONTENT_POLICY", "never")];
    let outside = Outside::reaching(None, Box::new(ThisMachine), Reach::for_tests(vec![address]));
    let served = serve_with(Shared::find().unwrap().description(), &never, outside).await;
    let (person, mut browser, key) = signed_in(&served).await;
    let target = PictureTarget::Remote { url: format!("http://{address}/a.png") };
    none(&served, &link(&served, &person.address, &target, now())).await;
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    let form = format!("/message/me/INBOX/{}/pictures", key.at);
    assert_eq!(browser.post(&form, &[("always", "yes")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_sender_is_remembered_by_a_plain_form_of_our_own_and_as_the_message_says() {
    let served = serve(Shared::find().unwrap().description(), &[]).await;
    let (person, mut browser, key) = signed_in(&served).await;
    let consent = &served.service.people.pictures().consent;
    let id = id(&served, &person.address);
    let news = vec![model::address::Address { name: None, address: "news@shop.example".into() }];
    let form = format!("/message/me/INBOX/{}/pictures", key.at);
    assert_eq!(served.browser().post(&form, &[("always", "yes")]).await.status, StatusCode::UNAUTHORIZED);
    let foreign = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    let answer = browser.ask(Method::POST, &form, &foreign, "always=yes".into()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!consent.pictures_wanted(id, &news, None).await.unwrap());
    let answer = browser.post(&form, &[("always", "yes")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), format!("/mail/me/INBOX/{}", key.at));
    assert!(consent.pictures_wanted(id, &news, None).await.unwrap());
    browser.post(&form, &[("always", "no")]).await;
    assert!(!consent.pictures_wanted(id, &news, None).await.unwrap());
    // The program asks the same.
    let question = format!("{{\"key\":{},\"always\":true}}", serde_json::to_string(&key).unwrap());
    let own = [
        ("content-type", "application/json"),
        ("origin", crate::browser::ORIGIN),
        ("sec-fetch-site", "same-origin"),
    ];
    let answer = browser.ask(Method::POST, "/api/message/pictures", &own, question).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(consent.count(id).await.unwrap(), 1);
}

#[tokio::test]
async fn a_message_asks_for_its_pictures_through_us_once_a_person_wishes_so() {
    let html = "From: shop@x.test\r\nSubject: sale\r\nContent-Type: text/html\r\n\r\n<img src='https://stranger.test/a.png'>\
                <img src='https://stranger.test/t.gif' width=1 height=1><table background=https://stranger.test/b.png><td>x</table>\r\n";
    let (_served, mut browser, links, _) = crate::message::inbox(&[html.as_bytes()]).await;
    let page = browser.get(&links[0]).await.text();
    assert!(page.contains("2 pictures") && page.contains("One tracker"), "{page}");
    let inside = links[0].replace("/mail/", "/message/");
    let body = browser.get(&format!("{inside}/body")).await.text();
    assert!(!body.contains("/picture/") && !body.contains("stranger"), "{body}");
    let page = browser.get(&format!("{}?pictures=show", links[0])).await.text();
    assert!(page.contains("/body?pictures=show"), "{page}");
    let body = browser.get(&format!("{inside}/body?pictures=show")).await.text();
    assert_eq!(body.matches("\"/picture/").count(), 2, "{body}");
    assert!(!body.contains("stranger"), "{body}");
    // A link on another site opens the message, but not its pictures.
    let foreign = [("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "document")];
    let shown = format!("{}?pictures=show", links[0]);
    let answer = browser.ask(Method::GET, &shown, &foreign, String::new()).await;
    assert_eq!(answer.header("location"), links[0]);
}
