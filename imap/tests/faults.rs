//! Servers that drop, stall, lie or flood. A scripted server, because no real one does these things when asked to:
//! it speaks over TLS with the testbed's certificate, like any other.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod neighbour;

use std::sync::Arc;
use std::time::Duration;

use imap::connect::{Security, Timeouts};
use imap::pool::Pool;
use imap::wire::response::Code;
use imap::{Error, Result};
use model::mailbox::{MailboxName, Selected};
use neighbour::{backend, credentials};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use testbed::Shared;
use testbed::people::Person;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// What the server answers to a command that holds this word; `{tag}` is filled in. An empty answer hangs up.
type Script = &'static [(&'static str, &'static str)];

const GREETING: &str = "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n";
const SIGNED_IN: (&str, &str) = ("AUTHENTICATE", "{tag} OK [CAPABILITY IMAP4rev1] in\r\n");

async fn server(script: Script) -> (Arc<Pool>, Shared) {
    let testbed = Shared::find().unwrap();
    let folder = &testbed.description().folder;
    let certificate = CertificateDer::from_pem_file(folder.join("trusted.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("trusted.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let mut backend = backend(testbed.description(), Security::Implicit);
    backend.endpoint.port = listener.local_addr().unwrap().port();
    backend.options.timeouts = Timeouts::new(Duration::from_secs(5), Duration::from_millis(500));
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = BufReader::new(acceptor.accept(tcp).await.ok()?);
                stream.write_all(GREETING.as_bytes()).await.ok()?;
                let mut line = String::new();
                while stream.read_line(&mut line).await.ok()? > 0 {
                    let tag = line.split(' ').next().unwrap_or_default().to_owned();
                    let answer = script
                        .iter()
                        .find(|(word, _)| line.contains(word))
                        .map_or("{tag} OK\r\n", |(_, a)| a);
                    if answer.is_empty() {
                        return None;
                    }
                    stream.write_all(answer.replace("{tag}", &tag).as_bytes()).await.ok()?;
                    stream.flush().await.ok()?;
                    line.clear();
                }
                Some(())
            });
        }
    });
    (Pool::new(backend.endpoint, credentials(&Person::fresh()), backend.options), testbed)
}

async fn select(script: Script) -> Result<Selected> {
    let (pool, _testbed) = server(script).await;
    pool.lease(None).await?.select(&MailboxName::inbox()).await
}

#[tokio::test]
async fn a_refused_command_is_an_error_and_not_an_empty_answer() {
    let (pool, _testbed) =
        server(&[SIGNED_IN, ("LIST", "{tag} NO [SERVERBUG] not today\r\n"), ("NOOP", "{tag} BAD what\r\n")])
            .await;
    let mut lease = pool.lease(None).await.unwrap();
    let Err(Error::Refused { command, code, text, .. }) = lease.mailboxes().await else { panic!() };
    assert_eq!((command, text.as_str()), ("LIST", "not today"));
    assert!(matches!(code, Some(Code::ServerBug)), "{code:?}");
    assert!(matches!(lease.noop().await, Err(Error::Refused { .. })));
    assert!(!lease.is_broken());
}

#[tokio::test]
async fn a_connection_that_closes_during_a_command_is_an_error() {
    for script in [
        &[SIGNED_IN, ("SELECT", "")] as Script,
        &[SIGNED_IN, ("SELECT", "* BYE going down\r\n")],
        &[SIGNED_IN, ("SELECT", "* 3 EXISTS\r\n* OK [UIDVALIDITY 1]\r\n* BYE\r\n")],
    ] {
        let error = select(script).await.unwrap_err();
        assert!(error.is_connection_lost(), "{error:?}");
    }
}

#[tokio::test]
async fn a_server_that_stalls_costs_no_more_than_its_deadline() {
    for answer in ["* 3 EXISTS\r\n", "* 1 FETCH (BODY[] {10}\r\nabc", "* 3 EXI"] {
        let script: Script = Box::leak(Box::new([SIGNED_IN, ("SELECT", answer)]));
        assert!(matches!(select(script).await, Err(Error::Timeout { .. })));
    }
}

#[tokio::test]
async fn a_literal_of_four_hundred_megabytes_is_refused_when_it_is_announced() {
    let error = select(&[SIGNED_IN, ("SELECT", "* 1 FETCH (BODY[] {400000000}\r\n")]).await.unwrap_err();
    assert!(matches!(error, Error::LimitExceeded { .. }), "{error:?}");
}

#[tokio::test]
async fn nonsense_ends_the_connection() {
    for answer in ["nonsense\r\n", "other OK done\r\n", "+ go on\r\n"] {
        let script: Script = Box::leak(Box::new([SIGNED_IN, ("SELECT", answer)]));
        let error = select(script).await.unwrap_err();
        assert!(matches!(error, Error::Nonsense { .. }), "{answer}: {error:?}");
    }
}

#[tokio::test]
async fn a_select_that_tells_no_number_of_messages_is_no_answer() {
    assert!(matches!(
        select(&[SIGNED_IN, ("SELECT", "{tag} OK done\r\n")]).await,
        Err(Error::Nonsense { .. })
    ));
}

#[tokio::test]
async fn words_of_extensions_that_nobody_asked_for_do_no_harm() {
    let selected = select(&[
        SIGNED_IN,
        (
            "SELECT",
            "* JMAPACCESS \"https://x\"\r\n* ESEARCH (TAG \"x\") UID\r\n* OK [UIDVALIDITY 7]– dash\r\n* 2 EXISTS\r\n\
             * LIST () \"/\" x (CHILDINFO (\"SUBSCRIBED\"))\r\n* 9 UIDFETCH (FLAGS ())\r\n* VANISHED (EARLIER) 1:4\r\n\
             {tag} OK [READ-WRITE] done\r\n",
        ),
    ])
    .await
    .unwrap();
    assert_eq!((selected.messages, selected.validity.map(|validity| validity.get())), (2, Some(7)));
}

#[tokio::test]
async fn a_broken_connection_is_never_lent_again() {
    let (pool, _testbed) = server(&[SIGNED_IN, ("NOOP", "nonsense\r\n")]).await;
    let mut lease = pool.lease(None).await.unwrap();
    assert!(lease.noop().await.is_err());
    assert!(lease.is_broken());
    drop(lease);
    let lease = pool.lease(None).await.unwrap();
    assert!(!lease.is_broken());
}

#[tokio::test]
async fn a_request_that_is_dropped_half_way_takes_its_connection_along() {
    let (pool, _testbed) = server(&[SIGNED_IN, ("SELECT", "* 3 EXISTS\r\n")]).await;
    let mut lease = pool.lease(None).await.unwrap();
    let inbox = MailboxName::inbox();
    let dropped = tokio::time::timeout(Duration::from_millis(50), lease.select(&inbox)).await;
    assert!(dropped.is_err() && lease.is_broken());
    assert!(lease.noop().await.is_err());
}

#[tokio::test]
async fn a_refusal_with_a_reason_of_the_servers_own_is_no_wrong_password() {
    let (pool, _testbed) = server(&[("AUTHENTICATE", "{tag} NO [UNAVAILABLE] backend down\r\n")]).await;
    let Err(Error::SignInRefused { text, .. }) = pool.lease(None).await.map(drop) else { panic!() };
    assert_eq!(text, "backend down");
    let (pool, _testbed) = server(&[("AUTHENTICATE", "{tag} NO\r\n")]).await;
    assert!(matches!(pool.lease(None).await, Err(Error::AuthenticationFailed { .. })));
}
