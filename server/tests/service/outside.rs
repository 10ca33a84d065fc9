//! A server of the web with TLS, whose certificate an authority of its own vouches for.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use imap::tls::{Trust, client_config};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use server::outside::resolver::{Resolve, Resolving};
use server::outside::{Outside, Reach, Refused};
use testbed::{Description, Shared};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Every name is this machine.
pub(crate) struct ThisMachine;

impl Resolve for ThisMachine {
    fn resolve<'a>(&'a self, _: &'a str) -> Resolving<'a> {
        Box::pin(async { Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]) })
    }
}

/// Answers everything with this, and notes what it was asked.
pub(crate) async fn listening(
    testbed: &Description,
    answer: &'static str,
) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let folder = testbed.ca_file.parent().unwrap();
    let certificate = CertificateDer::from_pem_file(folder.join("trusted.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("trusted.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = asked.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut question = Vec::new();
            // What is asked here fits into one piece, or a form follows in a second one.
            while !String::from_utf8_lossy(&question).contains("\r\n\r\n")
                || (question.starts_with(b"POST") && !question.ends_with(b"One-Click"))
            {
                let mut piece = [0; 4096];
                match stream.read(&mut piece).await {
                    Ok(read) if read > 0 => question.extend_from_slice(&piece[..read]),
                    _ => break,
                }
            }
            noted.lock().unwrap().push(String::from_utf8(question).unwrap());
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (address, asked)
}

#[tokio::test]
async fn one_click_is_posted_once_and_only_to_whom_somebody_vouches_for() {
    let testbed = Shared::find().unwrap().description();
    let (address, asked) = listening(testbed, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").await;
    let reach = || Reach::for_tests(vec![address]);
    let trusting = client_config(&Trust { ca_file: Some(testbed.ca_file.clone()) }).unwrap();
    let url = |host: &str| format!("https://{host}:{}/out?who=1", address.port());
    let outside = Outside::reaching(Some(trusting), Box::new(ThisMachine), reach());
    outside.post_form(&url(&testbed.host), "List-Unsubscribe=One-Click").await.unwrap();
    let question = asked.lock().unwrap().pop().unwrap();
    assert!(question.starts_with("POST /out?who=1 HTTP/1.1\r\n"), "{question}");
    assert!(question.ends_with("\r\n\r\nList-Unsubscribe=One-Click"), "{question}");
    let lower = question.to_lowercase();
    assert!(lower.contains("\r\ncontent-type: application/x-www-form-urlencoded\r\n"), "{question}");
    assert!(
        !lower.contains("cookie") && !lower.contains("referer") && !lower.contains("pennypost"),
        "{question}"
    );
    // Another name, and nobody who vouches.
    let refused = outside.post_form(&url("other.test"), "List-Unsubscribe=One-Click").await;
    assert_eq!(refused, Err(Refused::Tls));
    let doubting = Outside::reaching(client_config(&Trust::default()).ok(), Box::new(ThisMachine), reach());
    let refused = doubting.post_form(&url(&testbed.host), "List-Unsubscribe=One-Click").await;
    assert_eq!(refused, Err(Refused::Tls));
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_form_that_is_led_elsewhere_is_not_posted_there() {
    let testbed = Shared::find().unwrap().description();
    let answer = "HTTP/1.1 307 Temporary Redirect\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n";
    let (address, asked) = listening(testbed, answer).await;
    let trusting = client_config(&Trust { ca_file: Some(testbed.ca_file.clone()) }).unwrap();
    let outside = Outside::reaching(Some(trusting), Box::new(ThisMachine), Reach::for_tests(vec![address]));
    let url = format!("https://{}:{}/out", testbed.host, address.port());
    assert_eq!(outside.post_form(&url, "List-Unsubscribe=One-Click").await, Err(Refused::Answer));
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_picture_comes_over_tls_from_whom_somebody_vouches_for() {
    let testbed = Shared::find().unwrap().description();
    let (address, _) = listening(testbed, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nGIF89a").await;
    let trusting = client_config(&Trust { ca_file: Some(testbed.ca_file.clone()) }).unwrap();
    let outside = Outside::reaching(Some(trusting), Box::new(ThisMachine), Reach::for_tests(vec![address]));
    let url = |host: &str| format!("https://{host}:{}/a.gif", address.port());
    assert_eq!(outside.picture(&url(&testbed.host)).await.unwrap().as_ref(), b"GIF89a");
    assert_eq!(outside.picture(&url("other.test")).await, Err(Refused::Tls));
}
