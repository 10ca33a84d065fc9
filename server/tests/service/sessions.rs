//! Sessions as their person sees them, and as they end: from elsewhere, by the operator, in the middle of a crash.

use std::collections::HashMap;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use app::contract::account::{EventKind, NewTotp, Security};
use app::contract::arrival::Proof;
use app::failure::Failure;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use futures_util::StreamExt as _;
use serde_json::json;
use testbed::Shared;
use testbed::people::Person;

use crate::browser::{Browser, ORIGIN, serve, variables};
use crate::second_factor::{ask, code, enrolled};

/// What a stream says until it ends.
async fn whole(body: Body) -> String {
    let mut said = String::new();
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        said.push_str(&String::from_utf8_lossy(&piece.unwrap()));
    }
    said
}

async fn stream(browser: &mut Browser) -> Body {
    let own = [("sec-fetch-site", "same-origin")];
    let response = browser.begin(Method::GET, "/live/me/INBOX", &own, String::new()).await;
    assert_eq!(response.status(), StatusCode::OK);
    response.into_body()
}

#[tokio::test]
async fn a_session_ended_from_another_browser_takes_its_open_pages_along() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    let (mut first, mut second) = (served.signed_in(&person).await, served.signed_in(&person).await);
    let mut third = served.signed_in(&person).await;
    let (ended, kept) = (stream(&mut first).await, stream(&mut third).await);
    let security: Security = ask(&mut first, "account/security", json!({})).await.unwrap();
    assert_eq!(security.sessions.len(), 3);
    assert!(security.sessions[0].this && !security.sessions[1].this);
    let handle = json!({ "session": security.sessions[0].handle });
    ask::<()>(&mut second, "account/session/end", handle).await.unwrap();
    let said = tokio::time::timeout(Duration::from_secs(10), whole(ended)).await.expect("the stream ends");
    assert!(said.contains("event: ended\ndata: \"SignedOut\""), "{said}");
    assert_eq!(first.get("/mail/me/INBOX").await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        ask::<Security>(&mut first, "account/security", json!({})).await.unwrap_err(),
        Failure::SignedOut
    );
    assert_eq!(third.get("/mail/me/INBOX").await.status, StatusCode::OK);

    ask::<()>(&mut second, "account/session/end-others", json!({})).await.unwrap();
    tokio::time::timeout(Duration::from_secs(10), whole(kept)).await.expect("this one ends too");
    assert_eq!(third.get("/mail/me/INBOX").await.status, StatusCode::SEE_OTHER);
    assert_eq!(second.get("/mail/me/INBOX").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_request_that_began_before_its_session_ended_changes_nothing() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    let (mut owner, mut thief) = (served.signed_in(&person).await, served.signed_in(&person).await);
    let NewTotp { secret, .. } = ask(&mut thief, "account/totp/new", json!({})).await.unwrap();
    let parked = json!({ "name": "mine", "code": code(&secret, 0) }).to_string();
    let (reading, begun) = tokio::sync::oneshot::channel();
    let (go, gone) = tokio::sync::oneshot::channel::<()>();
    // Head first; the body comes when somebody reads it and the owner has acted.
    let body = Body::from_stream(futures_util::stream::once(async move {
        reading.send(()).unwrap();
        gone.await.unwrap();
        Ok::<_, std::convert::Infallible>(parked)
    }));
    let own = [("content-type", "application/json"), ("origin", ORIGIN), ("sec-fetch-site", "same-origin")];
    let mut late = thief.clone();
    let answer = tokio::spawn(async move {
        late.begin(Method::POST, "/api/account/totp/keep", &own, body).await;
        late
    });
    begun.await.unwrap();
    ask::<()>(&mut owner, "account/session/end-others", json!({})).await.unwrap();
    go.send(()).unwrap();
    let mut late = answer.await.unwrap();
    for browser in [&mut thief, &mut late] {
        assert_eq!(browser.get("/mail/me/INBOX").await.status, StatusCode::SEE_OTHER);
    }
    let security: Security = ask(&mut owner, "account/security", json!({})).await.unwrap();
    assert!(security.factors.is_empty() && security.sessions.len() == 1);
}

#[tokio::test]
async fn a_stolen_session_that_guesses_ends_and_keeps_its_owner_out_of_nothing() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    let (mut stolen, secret, _) = enrolled(&served, &person).await;
    let wrong = json!({ "proof": Proof::Totp("000000".into()) });
    let mut last = Failure::WrongFactor;
    for _ in 0..11 {
        last = ask::<()>(&mut stolen, "account/prove", &wrong).await.unwrap_err();
    }
    assert_eq!(last, Failure::SignedOut);
    assert_eq!(stolen.get("/mail/me/INBOX").await.status, StatusCode::SEE_OTHER);
    let mut owner = served.browser();
    owner.sign_in(&person).await;
    let answer = owner.post("/sign-in/factor", &[("code", &code(&secret, 0))]).await;
    assert_eq!(answer.header("location"), "/mail/me/INBOX");
}

#[tokio::test]
async fn a_first_second_factor_ends_sessions_that_began_without_one() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    let mut thief = served.signed_in(&person).await;
    let (mut owner, ..) = enrolled(&served, &person).await;
    assert_eq!(thief.get("/mail/me/INBOX").await.status, StatusCode::SEE_OTHER);
    assert_eq!(owner.get("/mail/me/INBOX").await.status, StatusCode::OK);
}

#[tokio::test]
async fn other_ways_to_write_an_address_are_no_way_around_a_second_factor() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    enrolled(&served, &person).await;
    for address in [person.address.to_uppercase(), format!(" {} ", person.address)] {
        let answer = served.browser().sign_in(&Person { address, password: person.password.clone() }).await;
        assert_ne!(answer.header("location"), "/mail/me/INBOX");
    }
}

/// The product itself, as an operator runs it.
struct Process {
    child: Child,
    origin: String,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Commands of the product with this folder.
fn command(folder: &std::path::Path, port: u16, testbed: &testbed::Description) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pennypost"));
    command.envs(variables(testbed));
    command.env("PENNYPOST_HTTP_LISTEN", format!("127.0.0.1:{port}"));
    command.env("PENNYPOST_STORAGE_DIRECTORY", folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

async fn started(folder: &std::path::Path, port: u16, testbed: &testbed::Description) -> Process {
    let child = command(folder, port, testbed).arg("serve").spawn().unwrap();
    let process = Process { child, origin: format!("http://127.0.0.1:{port}") };
    while asked(port, "GET", "/healthz", "", "").await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    process
}

/// One request on a connection of its own: the status, and the cookies that were set.
async fn asked(
    port: u16,
    method: &str,
    path: &str,
    cookie: &str,
    form: &str,
) -> std::io::Result<(u16, HashMap<String, String>)> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n\
         Sec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    let text = String::from_utf8_lossy(&bytes);
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| std::io::Error::other("no answer"))?;
    let cookies = text
        .lines()
        .filter_map(|line| line.strip_prefix("set-cookie: ")?.split_once('='))
        .map(|(name, rest)| (name.to_owned(), rest.split(';').next().unwrap_or_default().to_owned()));
    Ok((status, cookies.collect()))
}

async fn signed_in(port: u16, person: &Person) -> std::io::Result<String> {
    let fields = [("login", person.address.as_str()), ("password", person.password.as_str())];
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let (status, cookies) = asked(port, "POST", "/sign-in", "", &form).await?;
    let session = cookies.get("pennypost").filter(|_| status == 303);
    session
        .map(|session| format!("pennypost={session}"))
        .ok_or_else(|| std::io::Error::other(format!("status {status}")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_the_server_knows_every_session_that_held_and_none_that_was_ended() {
    let testbed = Shared::find().unwrap();
    let testbed = testbed.description();
    let (folder, port, person) = (tempfile::tempdir().unwrap(), port(), Person::fresh());
    let (mut held, mut ended) = (Vec::<String>::new(), Vec::<String>::new());
    for round in 0..6_u64 {
        let mut process = started(folder.path(), port, testbed).await;
        assert!(process.origin.ends_with(&port.to_string()));
        for cookie in &held {
            assert_eq!(
                asked(port, "GET", "/mail/me/INBOX", cookie, "").await.unwrap().0,
                200,
                "round {round}"
            );
        }
        for cookie in &ended {
            assert_eq!(
                asked(port, "GET", "/mail/me/INBOX", cookie, "").await.unwrap().0,
                303,
                "round {round}"
            );
        }
        // Signs in and out until the process is gone; what was not answered is nobody's promise.
        let busy = |out: Vec<String>| {
            let person = person.clone();
            tokio::spawn(async move {
                let (mut held, mut ended) = (Vec::new(), Vec::new());
                for cookie in out {
                    match asked(port, "POST", "/sign-out", &cookie, "").await {
                        Ok((303, _)) => ended.push(cookie),
                        _ => break,
                    }
                    match signed_in(port, &person).await {
                        Ok(cookie) => held.push(cookie),
                        Err(_) => break,
                    }
                }
                while let Ok(cookie) = signed_in(port, &person).await {
                    held.push(cookie);
                }
                (held, ended)
            })
        };
        // Those that are being ended while it happens may be in either state.
        let out = held.split_off(held.len() / 2);
        let work = [busy(out), busy(Vec::new())];
        tokio::time::sleep(Duration::from_millis(250 + 170 * round)).await;
        process.child.kill().unwrap();
        process.child.wait().unwrap();
        for work in work {
            let (new, gone) = work.await.unwrap();
            held.extend(new);
            ended.extend(gone);
        }
        held.truncate(12);
    }
    assert!(!ended.is_empty() && !held.is_empty(), "{} {}", held.len(), ended.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_resets_second_factors_while_the_server_runs_and_sessions_end_at_once() {
    let testbed = Shared::find().unwrap();
    let testbed = testbed.description();
    let (folder, port, person) = (tempfile::tempdir().unwrap(), port(), Person::fresh());
    let process = started(folder.path(), port, testbed).await;
    let cookie = signed_in(port, &person).await.unwrap();
    assert_eq!(asked(port, "GET", "/mail/me/INBOX", &cookie, "").await.unwrap().0, 200);
    let reset =
        command(folder.path(), port, testbed).args(["mfa", "reset", &person.address]).status().unwrap();
    assert!(reset.success());
    // Another process hears of it within a second, and until then believes what it read.
    let gone = async {
        while asked(port, "GET", "/mail/me/INBOX", &cookie, "").await.unwrap().0 != 303 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.expect("the session ends");
    drop(process);
    let log = command(folder.path(), port, testbed).arg("sign-ins").stdout(Stdio::piped()).output().unwrap();
    let log = String::from_utf8(log.stdout).unwrap();
    assert!(log.contains(&person.address) && log.to_lowercase().contains("reset"), "{log}");
}

#[tokio::test]
async fn a_command_in_the_wrong_folder_says_so_and_makes_nothing_there() {
    let testbed = Shared::find().unwrap();
    let (folder, port) = (tempfile::tempdir().unwrap(), port());
    for arguments in [&["mfa", "reset", "ada@example.org"][..], &["sign-ins"]] {
        let mut command = command(folder.path(), port, testbed.description());
        let output = command.args(arguments).stderr(Stdio::piped()).output().unwrap();
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && words.contains("storage.directory"), "{words}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{arguments:?}");
    }
}

#[tokio::test]
async fn a_copy_of_the_database_tells_no_password_token_secret_or_code() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[]).await;
    let person = Person::fresh();
    let (mut browser, secret, recovery) = enrolled(&served, &person).await;
    browser.get("/mail/me/INBOX").await;
    let mut other = served.browser();
    other.sign_in(&person).await;
    let now = code(&secret, 0);
    other.post("/sign-in/factor", &[("code", &now), ("trust", "on")]).await;
    let security: Security = ask(&mut other, "account/security", json!({})).await.unwrap();
    assert!(security.events.iter().any(|event| event.kind == EventKind::DeviceTrusted));

    let words = "what nobody but its writer knows";
    let draft = json!({ "to": "", "cc": "", "subject": words, "text": words });
    let save = json!({ "login": person.address, "draft": draft, "replaces": null });
    ask::<serde_json::Value>(&mut other, "draft/save", save).await.unwrap();

    use base64::Engine as _;
    let decoded = |text: &str| base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(text).unwrap();
    let mut known: Vec<Vec<u8>> = vec![
        person.address.clone().into(),
        person.password.clone().into(),
        secret.clone().into(),
        totp_rs::Secret::try_from_base32(&secret).unwrap().as_ref().to_vec(),
        now.into(),
        words.into(),
    ];
    for code in &recovery {
        known.push(code.clone().into());
        known.push(code.replace('-', "").into());
    }
    for cookie in browser.cookies.values().chain(other.cookies.values()) {
        known.push(cookie.clone().into());
        known.push(decoded(cookie));
    }
    let mut files = 0;
    for file in std::fs::read_dir(served.folder.path().join("data")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "key") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        files += 1;
        for secret in &known {
            assert!(
                !bytes.windows(secret.len()).any(|window| window == secret),
                "{} in {}",
                String::from_utf8_lossy(secret),
                path.display()
            );
        }
    }
    assert!(files > 0);
}
