//! A real server on this machine, which tests may reach, and everything that it must not lead to.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::resolver::{Resolve, Resolving};
use super::{BYTES, Outside, Reach, Refused};

/// A server that answers by the path, and notes what it was asked.
struct Stranger {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Stranger {
    async fn listening() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, noted.clone()));
            }
        });
        Self { address, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Somebody who may reach this server, and no other on this machine.
    fn visited(&self, resolver: impl Resolve + 'static) -> Outside {
        Outside::reaching(None, Box::new(resolver), Reach::for_tests(vec![self.address]))
    }
}

async fn answer(mut stream: TcpStream, noted: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    noted.lock().unwrap().push(head);
    let to = |place: &str| format!("HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n");
    let text = match path.as_str() {
        "/cookie" => "HTTP/1.1 302 Found\r\nSet-Cookie: who=ada\r\nLocation: /a.gif\r\n\r\n".to_owned(),
        "/a.gif" => "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 6\r\n\r\nGIF89a".to_owned(),
        "/large" => format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", BYTES + 1),
        "/heads" => format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(1_000)),
        "/no" => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
        "/nothing" => "SSH-2.0-OpenSSH\r\n".to_owned(),
        "/endless" | "/drip" => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(),
        path => match path.strip_prefix("/steps/").map(|left| left.parse::<u32>().unwrap()) {
            Some(0) => to("/a.gif"),
            Some(left) => to(&format!("/steps/{}", left - 1)),
            None => to(path.strip_prefix("/to/").unwrap()),
        },
    };
    let _ = stream.write_all(text.as_bytes()).await;
    match path.as_str() {
        "/endless" => {
            let chunk = [b"10000\r\n".as_slice(), &[b'x'; 0x1_0000], b"\r\n"].concat();
            while stream.write_all(&chunk).await.is_ok() {}
        }
        "/drip" => {
            while stream.write_all(b"1\r\nx\r\n").await.is_ok() {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        _ => {}
    }
}

/// Answers of a name, one after the other; the last one again and again.
#[derive(Clone)]
struct Says {
    answers: Vec<Vec<IpAddr>>,
    asked: Arc<AtomicUsize>,
}

impl Says {
    fn these(answers: &[&[&str]]) -> Self {
        let parsed = |answer: &&[&str]| answer.iter().map(|address| address.parse().unwrap()).collect();
        Self { answers: answers.iter().map(parsed).collect(), asked: Arc::default() }
    }

    fn nothing() -> Self {
        Self::these(&[&[]])
    }
}

impl Resolve for Says {
    fn resolve<'a>(&'a self, _: &'a str) -> Resolving<'a> {
        let time = self.asked.fetch_add(1, Ordering::SeqCst).min(self.answers.len() - 1);
        let answer = self.answers[time].clone();
        Box::pin(
            async move { if answer.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(answer) } },
        )
    }
}

#[tokio::test]
async fn a_picture_is_asked_for_in_words_that_are_the_same_for_everybody() {
    let stranger = Stranger::listening().await;
    let outside = stranger.visited(Says::nothing());
    let picture = outside.picture(&stranger.url("/cookie")).await.unwrap();
    assert_eq!(picture.as_ref(), b"GIF89a");
    let asked = stranger.asked();
    assert_eq!(asked.len(), 2);
    for question in asked {
        let mut fields: Vec<_> = question
            .lines()
            .skip(1)
            .filter_map(|line| Some(line.split_once(':')?.0.to_lowercase()))
            .collect();
        fields.sort();
        assert_eq!(fields, ["accept", "connection", "host", "user-agent"], "{question}");
    }
}

#[tokio::test]
async fn a_redirect_leads_to_no_host_that_is_not_of_the_world() {
    let stranger = Stranger::listening().await;
    let own = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = own.local_addr().unwrap().port();
    let outside = stranger.visited(Says::these(&[&["127.0.0.1"]]));
    for place in [
        format!("http://127.0.0.1:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://[::ffff:169.254.169.254]/".to_owned(),
        "http://localhost/".to_owned(),
        "//127.0.0.1/x".to_owned(),
        format!("http://{}/a.gif", stranger.address).replace("127.0.0.1", "127.0.0.2"),
    ] {
        let refused = outside.picture(&stranger.url(&format!("/to/{place}"))).await;
        assert_eq!(refused, Err(Refused::Address), "{place}");
    }
    for place in
        ["ftp://x.test/", "file:///etc/passwd", "data:image/gif;base64,R0lGODlh", "http://a:b@x.test/"]
    {
        let refused = outside.picture(&stranger.url(&format!("/to/{place}"))).await;
        assert_eq!(refused, Err(Refused::Url), "{place}");
    }
    let nobody_came = tokio::time::timeout(Duration::from_millis(50), own.accept()).await;
    assert!(nobody_came.is_err());
}

#[tokio::test]
async fn three_steps_are_followed_and_no_more() {
    let stranger = Stranger::listening().await;
    let outside = stranger.visited(Says::nothing());
    assert!(outside.picture(&stranger.url("/steps/2")).await.is_ok());
    assert_eq!(outside.picture(&stranger.url("/steps/3")).await, Err(Refused::Redirects));
}

#[tokio::test]
async fn what_never_ends_is_too_large_or_too_slow_or_too_much() {
    let stranger = Stranger::listening().await;
    let outside = stranger.visited(Says::nothing());
    assert_eq!(outside.picture(&stranger.url("/large")).await, Err(Refused::TooLarge));
    assert_eq!(outside.picture(&stranger.url("/endless")).await, Err(Refused::TooLarge));
    for wrong in ["/heads", "/no", "/nothing"] {
        assert_eq!(outside.picture(&stranger.url(wrong)).await, Err(Refused::Answer), "{wrong}");
    }
    assert_eq!(outside.picture(&stranger.url("/drip")).await, Err(Refused::TooSlow));
}

#[tokio::test]
async fn a_name_is_asked_once_and_what_it_means_a_moment_later_is_not_believed() {
    let stranger = Stranger::listening().await;
    let says = Says::these(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let outside = stranger.visited(says.clone());
    let url = format!("http://rebinding.test:{}/a.gif", stranger.address.port());
    assert!(outside.picture(&url).await.is_ok());
    assert_eq!(says.asked.load(Ordering::SeqCst), 1);
    assert_eq!(outside.picture(&url).await, Err(Refused::Address));
    assert_eq!(stranger.asked().len(), 1);
}

#[tokio::test]
async fn a_name_with_one_address_that_is_not_of_the_world_is_none() {
    let stranger = Stranger::listening().await;
    let outside = stranger.visited(Says::these(&[&["127.0.0.1", "10.0.0.1"]]));
    let url = format!("http://both.test:{}/a.gif", stranger.address.port());
    assert_eq!(outside.picture(&url).await, Err(Refused::Address));
    assert!(stranger.asked().is_empty());
}

#[tokio::test]
async fn only_the_ports_of_the_web_are_asked() {
    let outside = Outside::reaching(None, Box::new(Says::nothing()), Reach::default());
    for port in [22, 25, 81, 143, 993, 6379, 8080, 11211] {
        assert_eq!(
            outside.picture(&format!("http://1.1.1.1:{port}/")).await,
            Err(Refused::Address),
            "{port}"
        );
    }
}

#[tokio::test]
async fn a_form_is_posted_over_tls_alone() {
    let stranger = Stranger::listening().await;
    let outside = stranger.visited(Says::nothing());
    let refused = outside.post_form(&stranger.url("/a.gif"), "List-Unsubscribe=One-Click").await;
    assert_eq!(refused, Err(Refused::Url));
    assert!(stranger.asked().is_empty());
}

/// Spellings of an address that some reader of addresses takes for it.
fn spellings(address: Ipv4Addr) -> Vec<String> {
    let [a, b, c, d] = address.octets();
    let whole = address.to_bits();
    let wide: String = address
        .to_string()
        .chars()
        .map(|digit| match digit.to_digit(10) {
            Some(digit) => char::from_u32('０' as u32 + digit).unwrap(),
            None => '。',
        })
        .collect();
    vec![
        address.to_string(),
        format!("{address}."),
        whole.to_string(),
        format!("{whole:#x}"),
        format!("0{whole:o}"),
        format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("{a}.{}", whole & 0x00ff_ffff),
        format!("{a}.{b}.{}", whole & 0xffff),
        address.to_string().replace('.', "%2e"),
        wide,
        format!("[::ffff:{address}]"),
        format!("[::{address}]"),
        format!("[64:ff9b::{address}]"),
        format!("[2002:{a:02x}{b:02x}:{c:02x}{d:02x}::1]"),
        format!("x:y@{address}"),
        format!("1.1.1.1@{address}"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_spelling_of_a_private_address_is_asked(
        network in prop::sample::select(vec![
            ("0.0.0.0", 8), ("10.0.0.0", 8), ("100.64.0.0", 10), ("127.0.0.0", 8), ("169.254.0.0", 16),
            ("172.16.0.0", 12), ("192.168.0.0", 16), ("224.0.0.0", 3),
        ]),
        host: u32,
    ) {
        let (first, bits): (&str, u32) = network;
        let address = Ipv4Addr::from_bits(first.parse::<Ipv4Addr>().unwrap().to_bits() | host >> bits);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let outside = Outside::reaching(None, Box::new(Says::nothing()), Reach::default());
        for spelling in spellings(address) {
            let refused = runtime.block_on(outside.picture(&format!("http://{spelling}/")));
            let right = matches!(refused, Err(Refused::Address | Refused::Url));
            prop_assert!(right, "{spelling}: {refused:?}");
        }
    }
}
