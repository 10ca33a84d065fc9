//! The way in and out.

use axum::http::{Method, StatusCode};
use testbed::people::{DEMO, ODD, Person};
use testbed::{Certificate, Options, Shared, Testbed, scratch};

use crate::browser::{ORIGIN, serve};

#[tokio::test]
async fn a_person_signs_in_and_out_with_plain_forms() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.browser();
    let home = browser.get("/").await;
    assert_eq!((home.status, home.header("location")), (StatusCode::SEE_OTHER, "/sign-in"));
    assert!(browser.get("/sign-in").await.words().contains("Sign in"));

    let answer = browser.sign_in(&Person::fresh()).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/mail/me/INBOX"));
    let cookies: Vec<&str> =
        answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2, "the session, and that this browser was here");
    let cookie =
        cookies.iter().find(|cookie| cookie.starts_with("__Host-pennypost=")).copied().unwrap_or_default();
    assert!(cookie.starts_with("__Host-pennypost="), "{cookie}");
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain") && cookie.len() < 4096);
    let inbox = browser.get("/mail/me/INBOX").await;
    assert_eq!(inbox.status, StatusCode::OK);
    assert!(inbox.words().contains("Inbox"));

    let kept = browser.cookies.clone();
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, "/sign-in?ended"));
    assert!(out.header("clear-site-data").contains("storage"));
    assert!(
        !browser.cookies.contains_key("__Host-pennypost"),
        "that it was here before is all that it still knows"
    );
    browser.cookies = kept;
    for path in ["/mail/me/INBOX", "/mail/me/INBOX/1.1"] {
        let again = browser.get(path).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{path}");
    }
    for path in ["body", "source", "attachment/1"] {
        let again = browser.get(&format!("/message/me/INBOX/1.1/{path}")).await;
        assert_eq!(again.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn a_password_reaches_the_mail_server_as_it_was_typed() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    served.signed_in(&ODD.person()).await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_read_alike() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let mut pages = Vec::new();
    for address in [DEMO[0].address, "nobody@nowhere.test"] {
        let person = Person { address: address.into(), password: "not the one".into() };
        let answer = served.browser().sign_in(&person).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.words().contains("does not accept this address and password"), "{}", answer.words());
        assert!(answer.text().contains(address) && !answer.text().contains("not the one"));
        assert!(answer.header("set-cookie").is_empty());
        pages.push(answer.words().replace(address, ""));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn a_mail_server_that_is_away_is_no_wrong_password() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[("PENNYPOST_IMAP_PORT", "1")]).await;
    let answer = served.browser().sign_in(&Person::fresh()).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(answer.words().contains("The mail server can't be reached."), "{}", answer.words());
}

#[tokio::test]
async fn a_certificate_that_is_wrong_is_named_and_nothing_is_sent() {
    for (certificate, words) in [
        (Certificate::Expired, "The mail server's certificate has expired"),
        (Certificate::Untrusted, "is signed by nobody who is trusted here"),
        (Certificate::OtherName, "is for another host"),
    ] {
        let options = Options { certificate, without_postfix: true, ..Options::default() };
        let testbed = Testbed::start(&scratch(&format!("served-{certificate:?}")), &options).unwrap();
        let served = serve(testbed.description(), &[("PENNYPOST_SUBMISSION_PORT", "587")]).await;
        let answer = served.browser().sign_in(&Person::fresh()).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
        assert!(answer.words().contains(words), "{}", answer.words());
        assert!(answer.words().contains("nothing was sent to it"));
    }
}

#[tokio::test]
async fn without_starttls_nobody_signs_in() {
    let options = Options { without_starttls: true, without_postfix: true, ..Options::default() };
    let testbed = Testbed::start(&scratch("served-plain"), &options).unwrap();
    let port = testbed.description().imap_starttls.to_string();
    let changes = [
        ("PENNYPOST_IMAP_PORT", port.as_str()),
        ("PENNYPOST_IMAP_SECURITY", "starttls"),
        ("PENNYPOST_SUBMISSION_PORT", "587"),
    ];
    let served = serve(testbed.description(), &changes).await;
    let answer = served.browser().sign_in(&Person::fresh()).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(answer.words().contains("does not offer an encrypted connection"), "{}", answer.words());
}

#[tokio::test]
async fn another_site_can_sign_nobody_in_or_out() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    let mut browser = served.signed_in(&person).await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    for foreign in [
        &[form, ("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")][..],
        &[form, ("origin", "null"), ("sec-fetch-site", "same-origin")],
        &[form, ("origin", ORIGIN), ("sec-fetch-site", "same-site")],
        &[form],
    ] {
        let body = format!("login={}&password={}", person.address, person.password);
        for path in ["/sign-in", "/sign-out"] {
            let answer = browser.ask(Method::POST, path, foreign, body.clone()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {foreign:?}");
            assert!(answer.header("set-cookie").is_empty());
        }
    }
    assert_eq!(browser.get("/mail/me/INBOX").await.status, StatusCode::OK);
}

#[tokio::test]
async fn after_signing_in_one_comes_only_to_pages_of_our_own() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    for (next, place) in [
        ("/mail/me/Sent?offset=50", "/mail/me/Sent?offset=50"),
        ("//evil.example", "/mail/me/INBOX"),
        ("/\\evil.example", "/mail/me/INBOX"),
        ("https://evil.example/mail/me/INBOX", "/mail/me/INBOX"),
        ("javascript:alert(1)", "/mail/me/INBOX"),
        ("/mail/me/INBOX\r\nSet-Cookie: a=b", "/mail/me/INBOX"),
    ] {
        let form =
            [("login", person.address.as_str()), ("password", person.password.as_str()), ("next", next)];
        let answer = served.browser().post("/sign-in", &form).await;
        assert_eq!(answer.header("location"), place, "{next}");
    }
}

#[tokio::test]
async fn a_session_begins_under_a_new_name_and_the_old_one_is_worth_nothing() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let (one, two) = (Person::fresh(), Person::fresh());
    let mut browser = served.signed_in(&one).await;
    let before = browser.cookies.clone();
    assert_eq!(browser.sign_in(&two).await.status, StatusCode::SEE_OTHER);
    assert_ne!(browser.cookies, before);
    browser.cookies = before;
    assert_eq!(browser.get("/mail/me/INBOX").await.status, StatusCode::SEE_OTHER);
    // A name that the browser chose itself is never taken.
    let mut planted = served.browser();
    let chosen = "AAAAAAAAAAAAAAAAAAAAAA".to_owned();
    planted.cookies.insert("__Host-pennypost".into(), chosen.clone());
    assert_eq!(planted.sign_in(&one).await.status, StatusCode::SEE_OTHER);
    assert_ne!(planted.cookies["__Host-pennypost"], chosen);
}

#[tokio::test]
async fn what_is_stored_tells_neither_password_nor_address_nor_cookie() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person { ..ODD.person() };
    let browser = served.signed_in(&person).await;
    let cookie = browser.cookies["__Host-pennypost"].clone();
    let mut read = 0;
    let mode = |path: &std::path::Path| {
        std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions()) & 0o077
    };
    let data = served.folder.path().join("data");
    assert_eq!(mode(&data), 0);
    for entry in std::fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0, "{}", path.display());
        let bytes = std::fs::read(&path).unwrap();
        read += bytes.len();
        for secret in [person.password.as_bytes(), person.address.as_bytes(), cookie.as_bytes()] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{}", path.display());
        }
    }
    assert!(read > 0);
}

#[tokio::test]
async fn visitors_leave_nothing_behind() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    for path in ["/", "/sign-in", "/mail/me/INBOX", "/nowhere"] {
        assert!(served.browser().get(path).await.header("set-cookie").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a_form_that_is_none_or_too_large_is_said_so() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let mut browser = served.browser();
    let answer = browser.post("/sign-in", &[("address", "x")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.words().contains("older than the server"), "{}", answer.words());
    let large = "x".repeat(100_000);
    let answer = browser.post("/sign-in", &[("login", &large), ("password", "x")]).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
}

#[tokio::test]
async fn the_form_speaks_the_browsers_language() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let answer = served
        .browser()
        .ask(Method::GET, "/sign-in", &[("accept-language", "de-AT,de;q=0.9")], String::new())
        .await;
    assert!(
        answer.words().contains("Anmelden") && answer.text().contains("<html lang=\"de\""),
        "{}",
        answer.words()
    );
}
