//! Second factors, from the first to the last, and what they are worth to whoever has only some of what it takes.

use app::contract::account::{EventKind, Handle, NewTotp, RecoveryCodes, Security};
use app::contract::arrival::{Proof, Step};
use app::failure::Failure;
use axum::http::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use testbed::Shared;
use testbed::people::Person;

use crate::browser::{Answer, Browser, ORIGIN, Served, serve};

/// Asks as the program in the page does.
pub(crate) async fn ask<T: DeserializeOwned>(
    browser: &mut Browser,
    question: &str,
    arguments: impl Serialize,
) -> Result<T, Failure> {
    let answer = asked(browser, question, arguments).await;
    if answer.status == StatusCode::OK {
        Ok(serde_json::from_slice(&answer.body).unwrap())
    } else {
        Err(serde_json::from_slice(&answer.body).unwrap())
    }
}

async fn asked(browser: &mut Browser, question: &str, arguments: impl Serialize) -> Answer {
    let own = [("content-type", "application/json"), ("origin", ORIGIN), ("sec-fetch-site", "same-origin")];
    let body = serde_json::to_string(&arguments).unwrap();
    browser.ask(Method::POST, &format!("/api/{question}"), &own, body).await
}

/// The code of an app with this secret, so many steps from now.
pub(crate) fn code(secret: &str, later: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let now = i64::try_from(std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
    totp.generate(u64::try_from(now + later * 30).unwrap()).to_string()
}

/// Somebody with an app: their browser, its secret, their recovery codes.
pub(crate) async fn enrolled(served: &Served, person: &Person) -> (Browser, String, Vec<String>) {
    let mut browser = served.signed_in(person).await;
    let NewTotp { secret, address, code: picture } =
        ask(&mut browser, "account/totp/new", json!({})).await.unwrap();
    assert!(address.starts_with("otpauth://totp/Pennypost:") && picture.len() > 20);
    // The step before the one of now, so that the next two are still to be used.
    let keep = json!({ "name": "Phone", "code": code(&secret, -1) });
    let codes: Option<RecoveryCodes> = ask(&mut browser, "account/totp/keep", keep).await.unwrap();
    (browser, secret, codes.unwrap().0)
}

/// Signs in with the password; the second factor is asked for.
async fn half(served: &Served, person: &Person) -> Browser {
    let mut browser = served.browser();
    half_again(&mut browser, person).await;
    browser
}

async fn half_again(browser: &mut Browser, person: &Person) {
    let answer = browser.sign_in(person).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/sign-in/factor"));
}

async fn is_inside(browser: &mut Browser) -> bool {
    browser.get("/mail/me/INBOX").await.status == StatusCode::OK
}

#[tokio::test]
async fn a_code_opens_once_and_a_recovery_code_once() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    let (_, secret, recovery) = enrolled(&served, &person).await;
    assert_eq!(recovery.len(), 10);

    let (mut first, mut second) = (half(&served, &person).await, half(&served, &person).await);
    let now = code(&secret, 0);
    let answer = first.post("/sign-in/factor", &[("code", &now), ("next", "/mail/me/Drafts")]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/mail/me/Drafts"));
    assert!(is_inside(&mut first).await);
    let answer = second.post("/sign-in/factor", &[("code", &now)]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "a second use of the same code");
    assert!(!is_inside(&mut second).await);

    let answer = second.post("/sign-in/factor", &[("recovery", &recovery[3].to_lowercase())]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.words());
    assert!(is_inside(&mut second).await);
    let mut third = half(&served, &person).await;
    let answer = third.post("/sign-in/factor", &[("recovery", &recovery[3])]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "a second use of the same recovery code");
    let security: Security = ask(&mut second, "account/security", json!({})).await.unwrap();
    assert_eq!((security.recovery_codes, security.factors.len()), (9, 1));
    let seen: Vec<EventKind> = security.events.iter().map(|event| event.kind).collect();
    for kind in
        [EventKind::FactorAdded, EventKind::WrongFactor, EventKind::RecoveryCodeUsed, EventKind::SignedIn]
    {
        assert!(seen.contains(&kind), "{kind:?} in {seen:?}");
    }
}

#[tokio::test]
async fn one_code_shown_twenty_times_at_once_opens_one_session() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    let (_, secret, recovery) = enrolled(&served, &person).await;
    for (field, shown) in [("code", code(&secret, 0)), ("recovery", recovery[0].clone())] {
        let mut browsers = Vec::new();
        // Ten wrong codes in an hour are the limit.
        for _ in 0..5 {
            browsers.push(half(&served, &person).await);
        }
        let shown = shown.as_str();
        let answers = browsers.iter_mut().map(|browser| async move {
            let form = [(field, shown)];
            browser.post("/sign-in/factor", &form).await.status
        });
        let answers = futures_util::future::join_all(answers).await;
        let opened = answers.iter().filter(|status| **status == StatusCode::SEE_OTHER).count();
        assert_eq!(opened, 1, "{field}: {answers:?}");
    }
}

#[tokio::test]
async fn half_a_session_opens_nothing_but_the_second_step() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    enrolled(&served, &person).await;
    let mut browser = half(&served, &person).await;
    for path in ["/mail/me/INBOX", "/settings/security", "/write", "/mail/me/INBOX/1.1"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").starts_with("/sign-in"), "{path}");
    }
    for path in ["/live/me/INBOX", "/message/me/INBOX/1.1/source", "/message/me/INBOX/1.1/body"] {
        assert_eq!(browser.get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        if path.starts_with("/api/arrival/") {
            continue;
        }
        let answer = asked(&mut browser, path.trim_start_matches("/api/"), json!({})).await;
        assert!(
            matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST),
            "{path}: {}",
            answer.status
        );
    }
    let security: Result<Security, _> = ask(&mut browser, "account/security", json!({})).await;
    assert_eq!(security.unwrap_err(), Failure::SignedOut);
}

#[tokio::test]
async fn every_step_up_comes_with_a_new_cookie_and_the_old_one_is_worth_nothing() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    let (_, secret, _) = enrolled(&served, &person).await;
    let mut browser = half(&served, &person).await;
    let mut before = browser.clone();
    browser.post("/sign-in/factor", &[("code", &code(&secret, 0))]).await;
    assert_ne!(before.cookies["__Host-pennypost"], browser.cookies["__Host-pennypost"]);
    assert!(is_inside(&mut browser).await && !is_inside(&mut before).await);
    let answer = before.post("/sign-in/factor", &[("code", &code(&secret, 1))]).await;
    assert_eq!(answer.header("location"), "/sign-in");

    let mut before = browser.clone();
    let proof = json!({ "proof": Proof::Totp(code(&secret, 1)) });
    ask::<()>(&mut browser, "account/prove", proof).await.unwrap();
    assert_ne!(before.cookies["__Host-pennypost"], browser.cookies["__Host-pennypost"]);
    assert!(is_inside(&mut browser).await && !is_inside(&mut before).await);
}

#[tokio::test]
async fn a_trusted_browser_is_spared_the_second_factor_until_it_is_trusted_no_longer_and_never_the_password()
{
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    let (mut owner, secret, _) = enrolled(&served, &person).await;
    let mut browser = half(&served, &person).await;
    browser.post("/sign-in/factor", &[("code", &code(&secret, 0)), ("trust", "on")]).await;
    assert!(is_inside(&mut browser).await);
    browser.post("/sign-out", &[]).await;
    assert!(!is_inside(&mut browser).await, "trust is no session");
    let answer = browser.sign_in(&person).await;
    assert_eq!(answer.header("location"), "/mail/me/INBOX");
    // Another person in the same browser is asked.
    let other = Person::fresh();
    enrolled(&served, &other).await;
    half_again(&mut browser.clone(), &other).await;

    let security: Security = ask(&mut owner, "account/security", json!({})).await.unwrap();
    let [device] = security.devices.as_slice() else { panic!("{:?}", security.devices) };
    ask::<()>(&mut owner, "account/device/distrust", json!({ "device": device.handle })).await.unwrap();
    browser.post("/sign-out", &[]).await;
    half_again(&mut browser, &person).await;
}

#[tokio::test]
async fn whoever_must_have_a_second_factor_sets_one_up_before_anything_else() {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let changes = [("PENNYPOST_SIGN_IN_SECOND_FACTOR", "required"), ("PENNYPOST_SIGN_IN_GRACE", "1s")];
    let served = serve(testbed.description(), &changes).await;
    // The days of grace begin with the first sign-in.
    assert!(is_inside(&mut served.signed_in(&person).await).await);
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let mut browser = half(&served, &person).await;
    assert!(!is_inside(&mut browser).await);
    let step: Step = ask(&mut browser, "arrival/step", json!({})).await.unwrap();
    assert_eq!(step, Step::Enrol { login: person.address.clone() });
    let NewTotp { secret, .. } = ask(&mut browser, "account/totp/new", json!({})).await.unwrap();
    let wrong: Result<Option<RecoveryCodes>, _> =
        ask(&mut browser, "account/totp/keep", json!({ "name": "Phone", "code": "000000" })).await;
    assert_eq!(wrong.unwrap_err(), Failure::WrongFactor);
    assert!(!is_inside(&mut browser).await);
    let keep = json!({ "name": "Phone", "code": code(&secret, 0) });
    let codes: Option<RecoveryCodes> = ask(&mut browser, "account/totp/keep", keep).await.unwrap();
    assert_eq!(codes.unwrap().0.len(), 10);
    assert!(is_inside(&mut browser).await);
    let security: Security = ask(&mut browser, "account/security", json!({})).await.unwrap();
    let last = json!({ "factor": security.factors[0].handle });
    assert_eq!(ask::<()>(&mut browser, "account/factor/remove", last).await, Err(Failure::FactorsFixed));
}

#[tokio::test]
async fn nothing_is_changed_without_a_fresh_proof_and_never_by_the_password_where_there_is_a_factor() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    let (mut owner, secret, _) = enrolled(&served, &person).await;
    let mut browser = half(&served, &person).await;
    browser.post("/sign-in/factor", &[("code", &code(&secret, 0)), ("trust", "on")]).await;
    browser.post("/sign-out", &[]).await;
    // By a trusted browser: the second factor was not shown.
    browser.sign_in(&person).await;
    let security: Security = ask(&mut browser, "account/security", json!({})).await.unwrap();
    assert_eq!(security.proven_until, None);
    let factor = security.factors[0].handle.clone();
    let (session, device) = (security.sessions[1].handle.clone(), security.devices[0].handle.clone());
    let changes = [
        ("account/totp/new", json!({})),
        ("account/totp/keep", json!({ "name": "x", "code": "123456" })),
        ("account/passkey/new", json!({})),
        ("account/passkey/keep", json!({ "name": "x", "credential": "{}" })),
        ("account/factor/rename", json!({ "factor": factor, "name": "x" })),
        ("account/factor/remove", json!({ "factor": factor })),
        ("account/recovery/new", json!({})),
        ("account/session/end", json!({ "session": session })),
        ("account/session/end-others", json!({})),
        ("account/device/distrust", json!({ "device": device })),
    ];
    for (question, arguments) in &changes {
        let refused = ask::<serde_json::Value>(&mut browser, question, arguments).await;
        assert_eq!(refused.unwrap_err(), Failure::ProofNeeded, "{question}");
    }
    let password = json!({ "proof": Proof::Password(person.password.clone()) });
    assert_eq!(ask::<()>(&mut browser, "account/prove", password).await, Err(Failure::WrongFactor));
    let right = json!({ "proof": Proof::Totp(code(&secret, 1)) });
    ask::<()>(&mut browser, "account/prove", right).await.unwrap();
    ask::<()>(&mut browser, "account/factor/rename", json!({ "factor": factor, "name": "Old phone" }))
        .await
        .unwrap();
    ask::<()>(&mut browser, "account/factor/remove", json!({ "factor": factor })).await.unwrap();
    let security: Security = ask(&mut owner, "account/security", json!({})).await.unwrap();
    assert!(security.factors.is_empty() && security.devices.is_empty());
    assert_eq!(security.recovery_codes, 0, "they go with the last factor");
    assert_eq!(served.browser().sign_in(&person).await.header("location"), "/mail/me/INBOX");
}

#[tokio::test]
async fn nobody_touches_what_is_another_persons() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let (mut ada, ..) = enrolled(&served, &Person::fresh()).await;
    let (mut ben, ..) = enrolled(&served, &Person::fresh()).await;
    let theirs: Security = ask(&mut ada, "account/security", json!({})).await.unwrap();
    let (factor, session) = (&theirs.factors[0].handle, &theirs.sessions[0].handle);
    for (question, arguments) in [
        ("account/factor/rename", json!({ "factor": factor, "name": "mine" })),
        ("account/factor/remove", json!({ "factor": factor })),
        ("account/factor/remove", json!({ "factor": Handle("zz".into()) })),
        ("account/session/end", json!({ "session": session })),
    ] {
        let _: Result<(), Failure> = ask(&mut ben, question, arguments).await;
    }
    let after: Security = ask(&mut ada, "account/security", json!({})).await.unwrap();
    assert_eq!((&after.factors, after.sessions.len()), (&theirs.factors, 1));
}

#[tokio::test]
async fn guessing_codes_ends_after_ten_and_another_password_sign_in_does_not_begin_anew() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    let (_, secret, _) = enrolled(&served, &person).await;
    for _ in 0..2 {
        let mut browser = half(&served, &person).await;
        for _ in 0..5 {
            let answer = browser.post("/sign-in/factor", &[("code", "000000")]).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        }
    }
    let mut browser = half(&served, &person).await;
    let answer = browser.post("/sign-in/factor", &[("code", &code(&secret, 0))]).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
    assert!(!is_inside(&mut browser).await);
}
