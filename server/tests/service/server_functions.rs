//! Server functions are public addresses: each is asked in every wrong way.

use axum::http::{Method, StatusCode};
use testbed::Shared;
use testbed::people::Person;

use crate::browser::{ORIGIN, serve};

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn no_server_function_answers_another_site_or_a_form_or_a_visitor() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.signed_in(&Person::fresh()).await;
    let mut visitor = served.browser();
    let own = [("origin", ORIGIN), ("sec-fetch-site", "same-origin")];
    let functions: Vec<_> = leptos::server_fn::axum::server_fn_paths().collect();
    assert!(functions.len() >= 3, "{functions:?}");
    for (path, method) in functions {
        assert_eq!(method, Method::POST, "{path}");
        assert!(path.starts_with("/api/"), "{path}");
        let body = "{}".to_owned();
        for (wrong, status) in [
            (&[JSON][..], StatusCode::FORBIDDEN),
            (
                &[JSON, ("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
                StatusCode::FORBIDDEN,
            ),
            (&[JSON, ("origin", ORIGIN), ("sec-fetch-site", "same-site")], StatusCode::FORBIDDEN),
            (
                &[own[0], own[1], ("content-type", "application/x-www-form-urlencoded")],
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ),
            (&[own[0], own[1], ("content-type", "text/plain")], StatusCode::UNSUPPORTED_MEDIA_TYPE),
            (&[own[0], own[1]], StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ] {
            let answer = browser.ask(Method::POST, path, wrong, body.clone()).await;
            assert_eq!(answer.status, status, "{path} {wrong:?}");
        }
        let answer = browser.ask(Method::GET, path, &own, String::new()).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
    }
    let answer = visitor.ask(Method::POST, "/api/mailboxes/list", &[own[0], own[1], JSON], "{}".into()).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_server_function_answers_our_own_program_and_refuses_what_it_does_not_understand() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.signed_in(&Person::fresh()).await;
    let own = [JSON, ("origin", ORIGIN), ("sec-fetch-site", "same-origin")];
    let answer = browser.ask(Method::POST, "/api/mailboxes/list", &own, "{}".into()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text().contains("INBOX"));
    let listed = browser
        .ask(
            Method::POST,
            "/api/messages/list",
            &own,
            r#"{"question":{"mailbox":"INBOX","offset":0}}"#.into(),
        )
        .await;
    assert_eq!(listed.status, StatusCode::OK, "{}", listed.text());
    for nonsense in [
        "",
        "null",
        "[]",
        "{\"question\":{\"mailbox\":\"a\\r\\nb\",\"offset\":0}}",
        "{\"question\":{\"mailbox\":\"INBOX\",\"offset\":-1}}",
        "{\"question\":{}}",
    ] {
        let answer = browser.ask(Method::POST, "/api/messages/list", &own, nonsense.into()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{nonsense}: {}", answer.text());
    }
    let deep = "[".repeat(60_000);
    let answer = browser.ask(Method::POST, "/api/messages/list", &own, deep).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
    let unknown = browser.ask(Method::POST, "/api/nothing/here", &own, "{}".into()).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(!unknown.text().contains("nothing/here"), "{}", unknown.text());
}
