//! The way into the world: for pictures that a person wishes to see, and to unsubscribe.
//!
//! Where to go is a stranger's word. So each step resolves a name once, looks at **every** address that came, and connects
//! to one of exactly those: however an address is spelled, and whatever a name means a moment later, only hosts of the
//! world are reached, and only by `http` and `https` at their own ports. What is said tells of nobody: no cookies, no
//! referrer, no language, the same words for everybody. There is a limit for everything that comes back.
//!
//! hyper's connection is all that is needed of a client. Larger ones resolve, keep and share connections, follow and
//! remember by themselves, which is what must not happen here.

mod address;
mod exchange;
pub mod resolver;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Method, StatusCode, header};
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use self::address::is_of_the_world;
use self::exchange::{Answer, Request, exchange};
use self::resolver::{ADDRESSES, Resolve, System};

/// Longest time from the first name to the last byte.
const LIMIT: Duration = Duration::from_secs(5);

/// Longest time for one address, where a name has others.
const CONNECT: Duration = Duration::from_secs(2);

/// Most bytes of an answer.
pub const BYTES: usize = 5 * 1024 * 1024;

/// Most steps to somewhere else.
const REDIRECTS: usize = 3;

/// Bytes of a URL that is followed.
const URL_BYTES: usize = 8 * 1024;

/// Answers that are under way at a time, for all people together: some 500 MiB if all are as large as they may be.
const UNDERWAY: usize = 64;

/// Why nothing came back. It names no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no address of the web that may be asked.
    #[error("it is no address that may be asked")]
    Url,
    /// It leads to a host that is not of the world.
    #[error("it leads into a network that is somebody's own")]
    Address,
    /// The name has no address, or nobody answers there.
    #[error("nobody is there")]
    Unreachable,
    /// The host can't prove who it is.
    #[error("the host can't prove who it is")]
    Tls,
    /// The answer is none.
    #[error("the answer is not understood, or says no")]
    Answer,
    /// The answer is too large.
    #[error("the answer is too large")]
    TooLarge,
    /// It leads on and on.
    #[error("it leads on too often")]
    Redirects,
    /// It took too long.
    #[error("it took too long")]
    TooSlow,
}

/// Where one may go.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    besides: Vec<SocketAddr>,
}

impl Reach {
    /// The world, and these besides: servers of tests. Nothing else names it, and no configuration does.
    pub fn for_tests(besides: Vec<SocketAddr>) -> Self {
        Self { besides }
    }

    fn allows(&self, to: SocketAddr) -> bool {
        self.besides.contains(&to) || (matches!(to.port(), 80 | 443) && is_of_the_world(to.ip()))
    }
}

/// Goes into the world for people.
pub struct Outside {
    resolver: Box<dyn Resolve>,
    reach: Reach,
    /// None where the system trusts nobody.
    tls: Option<TlsConnector>,
    turns: Semaphore,
}

impl Outside {
    /// To the world alone. Without `tls`, to the part of it that is not encrypted.
    pub fn new(tls: Option<ClientConfig>) -> Self {
        Self::reaching(tls, Box::new(System::default()), Reach::default())
    }

    /// With another resolver, and to other places besides.
    pub fn reaching(tls: Option<ClientConfig>, resolver: Box<dyn Resolve>, reach: Reach) -> Self {
        let tls = tls.map(|mut config| {
            config.alpn_protocols = vec![b"http/1.1".to_vec()];
            TlsConnector::from(Arc::new(config))
        });
        Self { resolver, reach, tls, turns: Semaphore::new(UNDERWAY) }
    }

    /// What is there, when it is there and no larger than [`BYTES`]. Redirects are followed, each as carefully.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn picture(&self, url: &str) -> Result<Bytes, Refused> {
        let _turn = self.turns.acquire().await.map_err(|_| Refused::Unreachable)?;
        timeout(LIMIT, self.follow(parsed(url)?)).await.map_err(|_| Refused::TooSlow)?
    }

    /// Posts a form, as to unsubscribe with one click (RFC 8058 §3.1): over `https`, and nowhere else than here.
    ///
    /// # Errors
    /// See [`Refused`]; [`Refused::Answer`] when the answer is not a success.
    pub async fn post_form(&self, url: &str, body: &'static str) -> Result<(), Refused> {
        let url = parsed(url)?;
        if url.scheme() != "https" {
            return Err(Refused::Url);
        }
        let _turn = self.turns.acquire().await.map_err(|_| Refused::Unreachable)?;
        let posting = self.ask(&url, Request { method: Method::POST, form: Some(body) });
        let answer = timeout(LIMIT, posting).await.map_err(|_| Refused::TooSlow)??;
        if answer.status().is_success() { Ok(()) } else { Err(Refused::Answer) }
    }

    async fn follow(&self, mut url: Url) -> Result<Bytes, Refused> {
        for _ in 0..=REDIRECTS {
            let answer = self.ask(&url, Request { method: Method::GET, form: None }).await?;
            match answer.status() {
                StatusCode::OK => return answer.bytes(BYTES).await,
                StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT => {
                    let next = answer.header(&header::LOCATION).ok_or(Refused::Answer)?;
                    url = checked(url.join(next).map_err(|_| Refused::Url)?)?;
                }
                _ => return Err(Refused::Answer),
            }
        }
        Err(Refused::Redirects)
    }

    /// One question to one host.
    async fn ask(&self, url: &Url, request: Request) -> Result<Answer, Refused> {
        let tls = match url.scheme() {
            "https" => Some(self.tls.as_ref().ok_or(Refused::Tls)?),
            _ => None,
        };
        let stream = self.connect(url).await?;
        exchange(stream, tls, url, request).await
    }

    /// A connection to an address that was looked at.
    async fn connect(&self, url: &Url) -> Result<TcpStream, Refused> {
        let port = url.port_or_known_default().ok_or(Refused::Url)?;
        let found: Vec<IpAddr> = match url.host().ok_or(Refused::Url)? {
            Host::Ipv4(address) => vec![address.into()],
            Host::Ipv6(address) => vec![address.into()],
            Host::Domain(name) => self.resolver.resolve(name).await.map_err(|_| Refused::Unreachable)?,
        };
        let addresses: Vec<SocketAddr> =
            found.into_iter().take(ADDRESSES).map(|address| SocketAddr::new(address, port)).collect();
        // One that is not of the world says enough about a name.
        if !addresses.iter().all(|address| self.reach.allows(*address)) {
            return Err(Refused::Address);
        }
        for address in addresses {
            if let Ok(Ok(stream)) = timeout(CONNECT, TcpStream::connect(address)).await {
                return Ok(stream);
            }
        }
        Err(Refused::Unreachable)
    }
}

impl std::fmt::Debug for Outside {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Outside")
    }
}

fn parsed(url: &str) -> Result<Url, Refused> {
    if url.len() > URL_BYTES {
        return Err(Refused::Url);
    }
    checked(Url::parse(url).map_err(|_| Refused::Url)?)
}

/// Only what the web is, and without a name and password in it.
fn checked(url: Url) -> Result<Url, Refused> {
    let right = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.as_str().len() <= URL_BYTES;
    if right { Ok(url) } else { Err(Refused::Url) }
}
