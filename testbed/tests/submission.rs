//! Mail goes from submission to mailboxes, and nowhere else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use lettre::address::Envelope;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use testbed::client::Client;
use testbed::people::{DEMO, Person};
use testbed::{Description, Shared};

type Error = lettre::transport::smtp::Error;

fn message(to: &str, subject: &str) -> Vec<u8> {
    format!("From: somebody\r\nTo: {to}\r\nSubject: {subject}\r\n\r\nHello\r\n").into_bytes()
}

/// Hands a message over, with TLS from the first byte or with STARTTLS.
async fn submit(
    testbed: &Description,
    from: &Person,
    envelope_from: &str,
    to: &str,
    implicit: bool,
    bytes: &[u8],
) -> Result<(), Error> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let ca = Certificate::from_pem(&std::fs::read(&testbed.ca_file).unwrap()).unwrap();
    let tls = TlsParameters::builder(testbed.host.clone()).add_root_certificate(ca).build_rustls().unwrap();
    let (port, tls) = if implicit {
        (testbed.submission, Tls::Wrapper(tls))
    } else {
        (testbed.submission_starttls, Tls::Required(tls))
    };
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&testbed.host)
        .port(port)
        .tls(tls)
        .credentials(Credentials::new(from.address.clone(), from.password.clone()))
        .build();
    let envelope = Envelope::new(Some(envelope_from.parse().unwrap()), vec![to.parse().unwrap()]).unwrap();
    transport.send_raw(&envelope, bytes).await.map(|_| ())
}

#[tokio::test]
async fn what_is_submitted_arrives() {
    let testbed = Shared::find().unwrap().description();
    let (sender, reader) = (Person::fresh(), Person::fresh());
    for implicit in [true, false] {
        let bytes = message(&reader.address, "Delivered");
        submit(testbed, &sender, &sender.address, &reader.address, implicit, &bytes).await.unwrap();
    }
    let mut client = Client::sign_in(testbed, &reader).await.unwrap();
    client.select("INBOX").await.unwrap();
    client.wait_for("SUBJECT Delivered 2").await.unwrap();
    assert_eq!(client.search("SUBJECT Delivered").await.unwrap().len(), 2);
}

#[tokio::test]
async fn demo_people_write_each_other_and_as_the_team() {
    let testbed = Shared::find().unwrap().description();
    let [anna, ben, chloe, support] = DEMO.map(|person| person.person());
    let subject = Person::fresh().address;
    let bytes = message(&chloe.address, &subject);
    submit(testbed, &anna, &support.address, &chloe.address, true, &bytes).await.unwrap();
    let refused = submit(testbed, &ben, &support.address, &chloe.address, true, &bytes).await.unwrap_err();
    assert!(refused.to_string().contains("5.7.1"), "{refused}");
    let mut client = Client::sign_in(testbed, &chloe).await.unwrap();
    client.select("INBOX").await.unwrap();
    client.wait_for(&format!("SUBJECT {subject}")).await.unwrap();
}

#[tokio::test]
async fn nothing_leaves_and_refusals_are_at_once() {
    let testbed = Shared::find().unwrap().description();
    let sender = Person::fresh();
    for (to, code) in
        [("someone@example.org", "5.7.1"), ("unknown@demo.test", "5.1.1"), ("unknown-x@test.test", "5.1.1")]
    {
        let error =
            submit(testbed, &sender, &sender.address, to, true, &message(to, "Refused")).await.unwrap_err();
        assert!(error.is_permanent() && error.to_string().contains(code), "{to}: {error}");
    }
    let wrong = Person { password: "wrong".into(), ..sender.clone() };
    let error = submit(testbed, &wrong, &sender.address, "anna@demo.test", true, b"\r\n").await.unwrap_err();
    assert!(error.to_string().contains("535"), "{error}");
}

#[tokio::test]
async fn a_bounce_comes_back() {
    let testbed = Shared::find().unwrap().description();
    let sender = Person::fresh();
    let bytes = message("gone@bounce.test", "Bounced");
    submit(testbed, &sender, &sender.address, "gone@bounce.test", true, &bytes).await.unwrap();
    let mut client = Client::sign_in(testbed, &sender).await.unwrap();
    client.select("INBOX").await.unwrap();
    let found = client.wait_for("HEADER From MAILER-DAEMON").await.unwrap();
    let text = String::from_utf8(client.fetch(found[0]).await.unwrap()).unwrap();
    assert!(text.contains("message/delivery-status") && text.contains("Status: 5.1.1"), "{text}");
}

#[tokio::test]
async fn a_server_that_is_away_is_told_as_a_passing_trouble() {
    let testbed = Shared::find().unwrap().description();
    let sender = Person::fresh();
    let to = "anybody@later.test";
    let error = submit(testbed, &sender, &sender.address, to, true, &message(to, "Later")).await.unwrap_err();
    assert!(error.is_transient() && error.to_string().contains("4.4.1"), "{error}");
}

#[tokio::test]
async fn text_may_have_eight_bits() {
    let testbed = Shared::find().unwrap().description();
    let person = Person::fresh();
    let bytes = message(&person.address, "Grüße aus Köln");
    submit(testbed, &person, &person.address, &person.address, true, &bytes).await.unwrap();
    let mut client = Client::sign_in(testbed, &person).await.unwrap();
    client.select("INBOX").await.unwrap();
    let found = client.wait_for("ALL").await.unwrap();
    assert!(String::from_utf8(client.fetch(found[0]).await.unwrap()).unwrap().contains("Grüße aus Köln"));
}

#[tokio::test]
async fn mail_over_quota_comes_back() {
    let testbed = Shared::find().unwrap().description();
    let (sender, full) = (Person::fresh(), Person::fresh_with_little_room());
    let mut bytes = message(&full.address, "Too much");
    for _ in 0..20_000 {
        bytes.extend_from_slice(b"This line is one of very many that fill the mailbox of somebody.\r\n");
    }
    submit(testbed, &sender, &sender.address, &full.address, false, &bytes).await.unwrap();
    let mut client = Client::sign_in(testbed, &sender).await.unwrap();
    client.select("INBOX").await.unwrap();
    client.wait_for("HEADER From MAILER-DAEMON").await.unwrap();
}
