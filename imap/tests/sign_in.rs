//! The way in: TLS, certificates, passwords.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod neighbour;

use std::sync::Arc;
use std::time::Duration;

use imap::Error;
use imap::authenticate::Credentials;
use imap::connect::{Security, Timeouts};
use imap::error::{CertificateProblem, Step};
use imap::pool::Pool;
use imap::tls::{Trust, client_config};
use model::mailbox::MailboxName;
use neighbour::{backend, prove};
use testbed::people::Person;
use testbed::{Certificate, Options, Shared, Testbed, scratch, token};

#[tokio::test]
async fn both_ways_to_tls_lead_in() {
    let testbed = Shared::find().unwrap();
    for security in [Security::Implicit, Security::StartTls] {
        let pool = prove(backend(testbed.description(), security), &Person::fresh()).await.unwrap();
        let lease = pool.lease(None).await.unwrap();
        assert_eq!(lease.agreed().version, "TLSv1_3");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_person_are_told_alike() {
    let testbed = Shared::find().unwrap();
    let known = Person { password: "wrong".into(), ..Person::fresh() };
    let unknown = Person { address: "nobody@nowhere.test".into(), password: "wrong".into() };
    for person in [known, unknown] {
        let outcome = prove(backend(testbed.description(), Security::Implicit), &person).await;
        let error = outcome.unwrap_err();
        assert!(matches!(error, Error::AuthenticationFailed { .. }), "{error:?}");
        assert!(!format!("{error}").contains(&person.address));
    }
}

#[tokio::test]
async fn a_token_leads_in_as_long_as_it_holds_and_only_to_its_own_account() {
    for mechanism in ["oauthbearer", "xoauth2"] {
        let testbed = Testbed::start(
            &scratch(mechanism),
            &Options { tokens: Some(mechanism), without_postfix: true, ..Options::default() },
        )
        .unwrap();
        let (person, other) = (Person::fresh(), Person::fresh());
        let (holds, expired) = (token::of(&person).unwrap(), token::expired(&person).unwrap());
        let sign_in = async |login: &str, token: &str| {
            let backend = backend(testbed.description(), Security::Implicit);
            Pool::sign_in(backend.endpoint, Credentials::with_token(login, token.into()), backend.options)
                .await
        };
        let pool = sign_in(&person.address, &holds).await.unwrap();
        assert_eq!(pool.lease(None).await.unwrap().select(&MailboxName::inbox()).await.unwrap().messages, 0);
        for (login, token) in
            [(&person.address, &expired), (&other.address, &holds), (&person.address, &"x.y.z".into())]
        {
            let error = sign_in(login, token).await.unwrap_err();
            assert!(matches!(error, Error::AuthenticationFailed { .. }), "{error:?}");
        }
        // Passwords lead in as before.
        prove(backend(testbed.description(), Security::Implicit), &person).await.unwrap();
    }
}

#[tokio::test]
async fn a_password_with_line_breaks_or_nothing_never_reaches_the_wire() {
    let testbed = Shared::find().unwrap();
    for password in ["a\r\nA2 LOGOUT", "a\0b", ""] {
        let person = Person { password: password.into(), ..Person::fresh() };
        let outcome = prove(backend(testbed.description(), Security::Implicit), &person).await;
        assert!(matches!(outcome, Err(Error::AuthenticationFailed { .. })));
    }
}

#[tokio::test]
async fn nobody_is_there_on_a_wrong_port_or_under_a_wrong_name() {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut nobody = backend(testbed.description(), Security::Implicit);
    nobody.endpoint.port = 1;
    assert!(matches!(prove(nobody, &person).await, Err(Error::Connect { .. })));
    let mut nowhere = backend(testbed.description(), Security::Implicit);
    nowhere.endpoint.host = "no-such-host.invalid".into();
    assert!(matches!(prove(nowhere, &person).await, Err(Error::Resolve { .. })));
}

#[tokio::test]
async fn without_the_authority_the_certificate_is_refused() {
    let testbed = Shared::find().unwrap();
    let mut strict = backend(testbed.description(), Security::Implicit);
    let Ok(config) = client_config(&Trust::default()) else { return };
    strict.options.tls = Arc::new(config);
    let error = prove(strict, &Person::fresh()).await.unwrap_err();
    assert!(matches!(error, Error::Certificate(CertificateProblem::UnknownIssuer)), "{error:?}");
}

#[tokio::test]
async fn expired_and_self_signed_certificates_are_refused_and_named() {
    for (certificate, problem) in [
        (Certificate::Expired, CertificateProblem::Expired),
        (Certificate::Untrusted, CertificateProblem::UnknownIssuer),
    ] {
        let options = Options { certificate, without_postfix: true, ..Options::default() };
        let testbed = Testbed::start(&scratch(&format!("{certificate:?}")), &options).unwrap();
        for security in [Security::Implicit, Security::StartTls] {
            let outcome = prove(backend(testbed.description(), security), &Person::fresh()).await;
            let error = outcome.unwrap_err();
            assert!(matches!(&error, Error::Certificate(found) if *found == problem), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_server_without_starttls_gets_no_password() {
    let options = Options { without_starttls: true, without_postfix: true, ..Options::default() };
    let testbed = Testbed::start(&scratch("plain"), &options).unwrap();
    let outcome = prove(backend(testbed.description(), Security::StartTls), &Person::fresh()).await;
    assert!(matches!(outcome, Err(Error::StartTlsRefused)));
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let silent = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let testbed = Shared::find().unwrap();
    for (security, step) in [(Security::Implicit, Step::Securing), (Security::StartTls, Step::Greeting)] {
        let mut backend = backend(testbed.description(), security);
        backend.endpoint.port = silent.local_addr().unwrap().port();
        let short = Duration::from_millis(300);
        backend.options.timeouts = Timeouts::new(short, short);
        let error = prove(backend, &Person::fresh()).await.unwrap_err();
        assert!(matches!(error, Error::Timeout { step: at } if at == step), "{error:?}");
    }
}
