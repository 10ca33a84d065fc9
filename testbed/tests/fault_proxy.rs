//! The proxy's faults, seen by the second client.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use std::time::Duration;

use testbed::client::Client;
use testbed::fault_proxy::{Fault, FaultProxy};
use testbed::people::Person;
use testbed::{Error, Result, Shared, tls};
use tokio::net::TcpStream;

async fn sign_in(proxy: &FaultProxy) -> Result<Client> {
    let testbed = Shared::find().unwrap().description();
    let plain = TcpStream::connect(proxy.address()).await.unwrap();
    let secure = tls::upgrade(plain, &testbed.host, &testbed.ca_file).await?;
    Client::sign_in_over(secure, &Person::fresh()).await
}

async fn proxy(fault: Fault) -> FaultProxy {
    let testbed = Shared::find().unwrap().description();
    FaultProxy::before(&testbed.host, testbed.imap, fault).await.unwrap()
}

#[tokio::test]
async fn without_a_fault_all_bytes_pass() {
    let proxy = proxy(Fault::None).await;
    let mut client = sign_in(&proxy).await.unwrap();
    let message = [b"Subject: a\r\n\r\n".as_slice(), &vec![b'x'; 300_000]].concat();
    let uid = client.append("INBOX", None, None, &message).await.unwrap();
    client.select("INBOX").await.unwrap();
    assert_eq!(client.fetch(uid).await.unwrap(), message);
    assert_eq!(proxy.connections(), 1);
}

#[tokio::test]
async fn a_cut_ends_the_connection_where_it_was_told() {
    for bytes in [0, 1, 500] {
        assert!(matches!(sign_in(&proxy(Fault::CutAfter(bytes)).await).await, Err(Error::Tls(_))));
    }
    let proxy = proxy(Fault::None).await;
    let mut client = sign_in(&proxy).await.unwrap();
    proxy.set(Fault::CutAfter(0));
    assert!(client.count("INBOX").await.is_err());
}

#[tokio::test]
async fn a_stall_says_nothing_until_it_is_lifted() {
    let proxy = proxy(Fault::None).await;
    let mut client = sign_in(&proxy).await.unwrap();
    proxy.set(Fault::StallAfter(0));
    let answer = tokio::spawn(async move { client.count("INBOX").await });
    // The proxy has nothing to show for itself while it stalls: a round trip on another connection must do.
    let testbed = Shared::find().unwrap().description();
    Client::sign_in(testbed, &Person::fresh()).await.unwrap();
    assert!(!answer.is_finished());
    proxy.set(Fault::None);
    assert_eq!(answer.await.unwrap().unwrap(), 0);
}

#[tokio::test]
async fn a_delay_only_delays() {
    sign_in(&proxy(Fault::Delay(Duration::from_millis(5))).await).await.unwrap();
}

#[tokio::test]
async fn refusing_ends_open_connections_and_lets_nobody_in() {
    let proxy = proxy(Fault::None).await;
    let mut client = sign_in(&proxy).await.unwrap();
    proxy.set(Fault::Refuse);
    assert!(client.count("INBOX").await.is_err());
    assert!(sign_in(&proxy).await.is_err());
}
