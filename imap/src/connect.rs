//! From a host's name to a greeted connection, each step with a deadline (RFC 9051 §2.1, RFC 8314).

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::connection::{Connection, broken, greeting};
use crate::error::{Error, Result, Step};
use crate::metrics::Metrics;
use crate::tls::{self, Certificate, Trust};
use crate::wire::frame::{Frames, Stream};
use crate::wire::limits::Limits;
use crate::wire::response::{Kind, Response, classify};

/// After so much silence the other side is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(60);
/// After so long it is asked again.
const PROBE: Duration = Duration::from_secs(10);

/// How a connection becomes TLS. There is no third way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314 §3).
    Implicit,
    /// TLS by STARTTLS, before anything else is said (RFC 9051 §6.2.1).
    StartTls,
}

/// Where a mail server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its name or address, which its certificate must be for.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection becomes TLS.
    pub security: Security,
}

/// How long each step may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Asking for the addresses of the host.
    pub resolve: Duration,
    /// Opening the TCP connection, over all addresses together.
    pub connect: Duration,
    /// Agreeing on TLS.
    pub tls: Duration,
    /// Waiting for the greeting, and for the consent to STARTTLS.
    pub greeting: Duration,
    /// A command and its whole answer.
    pub command: Duration,
    /// The same for FETCH, whose answers are larger.
    pub fetch: Duration,
}

impl Timeouts {
    /// From the two times that an operator sets: for each step of connecting, and for a command.
    pub fn new(connect: Duration, command: Duration) -> Self {
        Self {
            resolve: connect.min(Duration::from_secs(5)),
            connect,
            tls: connect,
            greeting: connect,
            command,
            fetch: command.saturating_mul(2),
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self::new(Duration::from_secs(10), Duration::from_secs(30))
    }
}

/// What was agreed on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreed {
    /// The version of TLS, such as `TLSv1_3`.
    pub version: String,
    /// The cipher suite.
    pub cipher: String,
}

/// What a server presents when one connects, trusted or not.
#[derive(Debug)]
pub struct Inspection {
    /// Its certificates, its own first; none when it did not come so far.
    pub certificates: Vec<Certificate>,
    /// The connection, on which nobody has signed in, or why there is none.
    pub outcome: Result<Connection>,
}

/// Connects, secures and waits for the greeting.
///
/// # Errors
/// By step; nothing but STARTTLS is ever sent before the certificate was verified.
pub async fn connect(
    endpoint: &Endpoint,
    config: Arc<ClientConfig>,
    timeouts: Timeouts,
    metrics: Arc<Metrics>,
) -> Result<Connection> {
    let connected = greeted(endpoint, config, timeouts, metrics.clone()).await;
    let counter = if connected.is_ok() { &metrics.connections } else { &metrics.failed_connections };
    counter.add(1);
    connected
}

async fn greeted(
    endpoint: &Endpoint,
    config: Arc<ClientConfig>,
    timeouts: Timeouts,
    metrics: Arc<Metrics>,
) -> Result<Connection> {
    let tcp = open(endpoint, timeouts).await?;
    let (tcp, greeted) = match endpoint.security {
        Security::Implicit => (tcp, false),
        Security::StartTls => {
            let agreed = timeout(timeouts.greeting, start_tls(tcp)).await;
            (agreed.map_err(|_| Error::Timeout { step: Step::Greeting })??, true)
        }
    };
    let stream = secure(endpoint, tcp, config, timeouts).await?;
    let agreed = agreed(&stream);
    let mut connection = Connection::new(Box::new(stream), timeouts, agreed, metrics);
    // After STARTTLS the server does not greet again (RFC 9051 §6.2.1).
    if !greeted {
        connection.greeting().await?;
    }
    Ok(connection)
}

/// Connects as [`connect`] does and keeps the certificates that were presented, so that they can be explained when
/// they are refused.
///
/// # Errors
/// [`Error::Authorities`] when it can't be known whom to trust; everything else is in the inspection.
pub async fn inspect(endpoint: &Endpoint, trust: &Trust, timeouts: Timeouts) -> Result<Inspection> {
    let (config, presented) = tls::recording_config(trust)?;
    let outcome = connect(endpoint, Arc::new(config), timeouts, Arc::default()).await;
    Ok(Inspection { certificates: presented.certificates(), outcome })
}

/// The addresses of the host, in the order in which they are tried.
///
/// # Errors
/// [`Error::Resolve`] when there is none, [`Error::Timeout`].
pub async fn resolve(endpoint: &Endpoint, timeouts: Timeouts) -> Result<Vec<SocketAddr>> {
    let Endpoint { host, port, .. } = endpoint;
    let no_address = || Error::Resolve { host: host.clone() };
    let found = timeout(timeouts.resolve, tokio::net::lookup_host((host.as_str(), *port)))
        .await
        .map_err(|_| Error::Timeout { step: Step::Resolving })?
        .map_err(|_| no_address())?;
    let addresses: Vec<_> = found.collect();
    if addresses.is_empty() { Err(no_address()) } else { Ok(addresses) }
}

/// Opens the TCP connection to the first address of the host that takes it. Nothing is said on it.
///
/// # Errors
/// As [`resolve`]; otherwise what became of the last address.
pub async fn open(endpoint: &Endpoint, timeouts: Timeouts) -> Result<TcpStream> {
    let Endpoint { host, port, .. } = endpoint;
    let addresses = resolve(endpoint, timeouts).await?;
    let end = Instant::now() + timeouts.connect;
    let mut last = Error::Resolve { host: host.clone() };
    for (tried, address) in addresses.iter().enumerate() {
        // One address that swallows packets must not take the time of the others.
        let left = u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
        let share = end.saturating_duration_since(Instant::now()) / left;
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => {
                // Commands are small and answered: waiting to fill a packet only costs time.
                let _ = tcp.set_nodelay(true);
                mind_silence(&tcp);
                return Ok(tcp);
            }
            Ok(Err(source)) => last = Error::Connect { host: host.clone(), port: *port, source },
            Err(_) => last = Error::Timeout { step: Step::Connecting },
        }
    }
    Err(last)
}

/// Has the system find out when the other side is gone without a word, as after a router forgot the connection: a watch
/// would miss news until it is renewed, and whoever gets a free connection would wait for an answer in vain. A connection
/// that is silent but there costs a small packet a minute. Where the system can't, time-outs do it, only later.
fn mind_silence(tcp: &TcpStream) {
    let probes = TcpKeepalive::new().with_time(SILENCE).with_interval(PROBE);
    let socket = SockRef::from(tcp);
    let _ = socket.set_tcp_keepalive(&probes);
    // Linux gives up after this time instead of after a number of probes, and also when it is what we say that stays
    // without an echo. Not before the third probe: one that gets lost on the way means nothing.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = socket.set_tcp_user_timeout(Some(SILENCE + PROBE * 3));
}

/// Greeting and STARTTLS in the clear. Whatever the server says here besides its consent is forgotten, since
/// anybody on the way could have said it.
async fn start_tls<S: Stream>(stream: S) -> Result<S> {
    let step = Step::Command("STARTTLS");
    let mut frames = Frames::new(stream);
    let frame = frames.next(Limits::SMALL).await.map_err(|end| broken(end, Step::Greeting))?;
    // Signed in before TLS: somebody on the way wants us to talk in the clear (RFC 9051 §7.1.4).
    if greeting(&frame)?.kind == Kind::Preauth {
        return Err(Error::StartTlsRefused);
    }
    frames.stream().write_all(b"p0 STARTTLS\r\n").await.map_err(|_| Error::Closed { step })?;
    frames.stream().flush().await.map_err(|_| Error::Closed { step })?;
    for _ in 0..20 {
        let frame = frames.next(Limits::SMALL).await.map_err(|end| broken(end, step))?;
        match classify(&frame) {
            Response::Tagged(tag, status) if tag == "p0" => {
                if status.kind != Kind::Ok {
                    return Err(Error::StartTlsRefused);
                }
                // Bytes that are already here would be read as if they had come over TLS.
                return frames.into_stream().ok_or(Error::Nonsense { what: "plain text after STARTTLS" });
            }
            Response::Status(_) | Response::Data => {}
            _ => return Err(Error::Nonsense { what: "answer to STARTTLS" }),
        }
    }
    Err(Error::LimitExceeded { which: "answer to STARTTLS" })
}

/// Agrees on TLS with the host of the endpoint and verifies its certificate.
///
/// # Errors
/// [`Error::Certificate`], [`Error::Tls`], [`Error::Timeout`], [`Error::Closed`].
pub async fn secure(
    endpoint: &Endpoint,
    tcp: TcpStream,
    config: Arc<ClientConfig>,
    timeouts: Timeouts,
) -> Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from(endpoint.host.clone()).map_err(
        |_: rustls::pki_types::InvalidDnsNameError| Error::Resolve { host: endpoint.host.clone() },
    )?;
    timeout(timeouts.tls, TlsConnector::from(config).connect(name, tcp))
        .await
        .map_err(|_| Error::Timeout { step: Step::Securing })?
        .map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => {
                Error::Closed { step: Step::Securing }
            }
            _ => tls::explain(&error),
        })
}

/// What was agreed on for this stream.
pub fn agreed(stream: &TlsStream<TcpStream>) -> Agreed {
    let (_, session) = stream.get_ref();
    let version = session.protocol_version().and_then(|version| version.as_str());
    let cipher = session.negotiated_cipher_suite().and_then(|suite| suite.suite().as_str());
    Agreed { version: version.unwrap_or_default().to_owned(), cipher: cipher.unwrap_or_default().to_owned() }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use socket2::SockRef;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream};
    use tokio::net::TcpListener;

    use super::{Endpoint, Security, Timeouts, open, start_tls};
    use crate::error::{Error, Result};

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_server_that_vanished_without_a_word_is_found_out_within_two_minutes() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let endpoint = Endpoint { host: "127.0.0.1".into(), port, security: Security::Implicit };
        let tcp = open(&endpoint, Timeouts::default()).await.unwrap();
        let socket = SockRef::from(&tcp);
        assert!(socket.keepalive().unwrap() && tcp.nodelay().unwrap());
        let asked = socket.tcp_keepalive_time().unwrap();
        let given_up = socket.tcp_user_timeout().unwrap().unwrap();
        assert!(asked + socket.tcp_keepalive_interval().unwrap() < given_up, "one probe may get lost");
        assert!(given_up < Duration::from_secs(120));
    }

    /// What becomes of STARTTLS when the server greets and answers so.
    async fn tried(greeting: &'static str, answer: &'static str) -> Result<DuplexStream> {
        let (server, client) = tokio::io::duplex(4096);
        let serving = async move {
            let mut server = BufReader::new(server);
            server.write_all(greeting.as_bytes()).await.ok();
            let mut line = String::new();
            server.read_line(&mut line).await.ok();
            if !line.is_empty() {
                assert_eq!(line, "p0 STARTTLS\r\n");
                server.write_all(answer.as_bytes()).await.ok();
            }
        };
        tokio::join!(start_tls(client), serving).0
    }

    #[tokio::test]
    async fn consent_is_awaited_and_chatter_before_it_is_forgotten() {
        let stream = tried("* OK hello\r\n", "* CAPABILITY IMAP4rev1\r\n* OK wait\r\np0 OK begin\r\n").await;
        assert!(stream.is_ok());
    }

    #[tokio::test]
    async fn a_session_that_is_signed_in_before_tls_is_refused() {
        let error = tried("* PREAUTH welcome\r\n", "").await.unwrap_err();
        assert!(matches!(error, Error::StartTlsRefused));
    }

    #[tokio::test]
    async fn a_refusal_or_silence_never_leads_on_in_the_clear() {
        for answer in ["p0 NO not today\r\n", "p0 BAD what\r\n"] {
            assert!(matches!(tried("* OK\r\n", answer).await, Err(Error::StartTlsRefused)));
        }
        assert!(matches!(tried("* OK\r\n", "").await, Err(Error::Closed { .. })));
        assert!(matches!(tried("* BYE full\r\n", "").await, Err(Error::Bye { .. })));
        assert!(matches!(tried("220 smtp\r\n", "").await, Err(Error::Nonsense { .. })));
    }

    #[tokio::test]
    async fn plain_text_sent_along_with_the_consent_is_an_attack() {
        let answer = "p0 OK begin\r\n* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] injected\r\n";
        assert!(matches!(tried("* OK\r\n", answer).await, Err(Error::Nonsense { .. })));
    }
}
