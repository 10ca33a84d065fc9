//! What every kind of answer says about itself.

use axum::http::{Method, StatusCode};
use testbed::Shared;
use testbed::client::Client;
use testbed::people::Person;

use crate::browser::{Answer, links, serve};

fn checked(path: &str, answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-dns-prefetch-control", "off"),
    ] {
        assert_eq!(answer.header(name), value, "{path}: {name}");
    }
    assert!(answer.header("strict-transport-security").starts_with("max-age=63072000"), "{path}");
    assert!(matches!(answer.header("referrer-policy"), "same-origin" | "no-referrer"), "{path}");
    assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
    assert!(answer.header("server").is_empty() && answer.header("access-control-allow-origin").is_empty());
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
    assert!(!policy.contains("unsafe-eval'") || policy.contains("wasm-unsafe-eval"), "{path}: {policy}");
}

#[tokio::test]
async fn every_answer_carries_its_policy() {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    let message = b"From: a@x.test\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n<p>x\r\n";
    other.append("INBOX", None, None, message).await.unwrap();
    let served = serve(testbed.description(), &[]).await;

    let mut visitor = served.browser();
    let mut browser = served.signed_in(&person).await;
    let list = browser.get("/mail/me/INBOX").await;
    let page = links(&list.text(), "/mail/me/INBOX/").pop().unwrap();
    let inside = page.replace("/mail/", "/message/");

    for path in ["/sign-in", "/nowhere"] {
        let answer = visitor.get(path).await;
        checked(path, &answer);
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    for path in ["/mail/me/INBOX", page.as_str(), "/mail/me/Nothing", "/mail/me/INBOX/1.1", "/nowhere"] {
        let answer = browser.get(path).await;
        checked(path, &answer);
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("script-src 'nonce-") && policy.contains("style-src 'self'"), "{policy}");
        for part in ["form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        // Every script of the page bears the nonce of this very answer.
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
        for script in answer.text().split("<script").skip(1) {
            assert!(script.split('>').next().unwrap().contains(nonce), "{path}: {script}");
        }
        assert!(!answer.text().contains(" style=\"") && !answer.text().contains(" onclick="), "{path}");
    }
    let body = browser.get(&format!("{inside}/body")).await;
    checked("body", &body);
    assert_eq!(body.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(body.header("referrer-policy"), "no-referrer");
    let policy = body.header("content-security-policy");
    assert!(policy.starts_with("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'"));
    assert!(!policy.contains("script-src") && !policy.contains("allow-same-origin"));
    // Pictures come from one path of ours, and from nowhere else.
    let pictures = policy.split("; ").find(|part| part.starts_with("img-src")).unwrap();
    assert_eq!(policy.matches("http").count(), 1, "{policy}");
    assert!(pictures.contains("/picture/ data:"), "{pictures}");
    for path in
        [format!("{inside}/source"), format!("{inside}/attachment/1"), format!("{inside}/attachment/9")]
    {
        let answer = browser.get(&path).await;
        checked(&path, &answer);
        assert!(answer.header("content-security-policy").starts_with("sandbox;"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        if answer.status == StatusCode::OK {
            assert!(answer.header("content-disposition").starts_with("attachment"), "{path}");
        }
    }
    for (path, answer) in [
        ("/", visitor.get("/").await),
        ("/mail/me/INBOX signed out", visitor.get("/mail/me/INBOX").await),
        ("/favicon.svg", visitor.get("/favicon.svg").await),
        ("post to a page", visitor.post("/mail/me/INBOX", &[]).await),
        ("a foreign post", visitor.ask(Method::POST, "/sign-in", &[], String::new()).await),
        (
            "another host",
            visitor.ask(Method::GET, "/sign-in", &[("host", "evil.example")], String::new()).await,
        ),
        ("/healthz", visitor.get("/healthz").await),
    ] {
        checked(path, &answer);
    }
}

#[tokio::test]
async fn a_nonce_is_used_once() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.browser();
    let one = browser.get("/sign-in").await.header("content-security-policy").to_owned();
    let two = browser.get("/sign-in").await.header("content-security-policy").to_owned();
    assert_ne!(one, two);
}

#[tokio::test]
async fn under_another_name_there_is_nothing_here() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.browser();
    for host in ["evil.example", "mail.example.org:8080", "mail.example.org.evil.example"] {
        let answer = browser.ask(Method::GET, "/sign-in", &[("host", host)], String::new()).await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
        assert!(answer.text().contains("not meant to be reached at this address"));
        assert!(!answer.text().contains(host));
    }
}

#[tokio::test]
async fn the_inside_of_a_message_is_not_for_other_sites() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.signed_in(&Person::fresh()).await;
    for path in ["body", "source", "attachment/1"] {
        let foreign = [("sec-fetch-site", "cross-site")];
        let path = format!("/message/me/INBOX/1.1/{path}");
        let answer = browser.ask(Method::GET, &path, &foreign, String::new()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}
