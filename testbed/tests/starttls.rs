//! Before TLS: what the server says in plain text.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use testbed::client::Client;
use testbed::people::Person;
use testbed::{Options, Shared, Testbed, scratch, tls};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// Sends a line and returns all lines up to the tagged one.
async fn ask(stream: &mut BufReader<TcpStream>, line: &str) -> String {
    stream.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
    let tag = line.split(' ').next().unwrap();
    let mut all = String::new();
    loop {
        let start = all.len();
        assert!(stream.read_line(&mut all).await.unwrap() > 0, "closed after {all}");
        if all[start..].starts_with(tag) {
            return all;
        }
    }
}

async fn connect(host: &str, port: u16) -> BufReader<TcpStream> {
    let mut stream = BufReader::new(TcpStream::connect((host, port)).await.unwrap());
    let mut greeting = String::new();
    stream.read_line(&mut greeting).await.unwrap();
    assert!(greeting.starts_with("* OK"), "{greeting}");
    stream
}

#[tokio::test]
async fn a_client_from_elsewhere_may_not_sign_in_before_starttls() {
    let testbed = Shared::find().unwrap();
    let found = testbed.description();
    let mut stream = connect("127.0.0.2", found.imap_starttls).await;
    let capabilities = ask(&mut stream, "a CAPABILITY").await;
    assert!(capabilities.contains("STARTTLS") && capabilities.contains("LOGINDISABLED"), "{capabilities}");
    let person = Person::fresh();
    let refused = ask(&mut stream, &format!("b LOGIN {} {}", person.address, person.password)).await;
    assert!(refused.contains("b NO"), "{refused}");
}

#[tokio::test]
async fn starttls_leads_to_the_same_mailboxes() {
    let testbed = Shared::find().unwrap();
    let found = testbed.description();
    let mut stream = connect(&found.host, found.imap_starttls).await;
    ask(&mut stream, "a STARTTLS").await;
    let secure = tls::upgrade(stream.into_inner(), &found.host, &found.ca_file).await.unwrap();
    // The greeting was read before TLS, and is not said again.
    let mut client = Client::sign_in_after_greeting(secure, &Person::fresh()).await.unwrap();
    assert_eq!(client.count("INBOX").await.unwrap(), 0);
}

#[tokio::test]
async fn starttls_can_be_refused() {
    let options = Options { without_starttls: true, without_postfix: true, ..Options::default() };
    let testbed = Testbed::start(&scratch("plain"), &options).unwrap();
    let found = testbed.description();
    let mut stream = connect(&found.host, found.imap_starttls).await;
    assert!(!ask(&mut stream, "a CAPABILITY").await.contains("STARTTLS"));
    assert!(ask(&mut stream, "b STARTTLS").await.contains("b BAD"));
}
