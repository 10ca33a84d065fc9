//! A proxy that misbehaves. It forwards bytes and knows nothing of them, so TLS stays end to end; or it ends TLS itself, so
//! that faults can be anywhere in what is said.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::{Description, Error, Result, tls};

mod passing;
mod talk;

use passing::{Rules, serve};
use talk::Talk;
pub use talk::{Spot, Turn};

/// What the proxy does to connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: all bytes pass.
    #[default]
    None,
    /// Closes the connection after so many bytes from the server, counted for each connection.
    CutAfter(u64),
    /// Passes so many bytes from the server, then none, and keeps the connection open.
    StallAfter(u64),
    /// Holds each piece from the server back for this long.
    Delay(Duration),
    /// Closes new connections at once, and open ones too.
    Refuse,
    /// A mishap in one place of the conversation, to the first connection that comes there and to no other.
    At(Spot, Mishap),
}

/// What happens once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// The connection is closed at once, without a goodbye of TLS.
    Cut,
    /// The side that speaks ends in order, as if it had said everything, and goes on listening.
    End,
    /// Nothing more passes in this direction, until there is another fault.
    Stall,
    /// What comes next comes so much later.
    Late(Duration),
}

/// A port that leads to another one, well or badly.
#[derive(Debug)]
pub struct FaultProxy {
    port: u16,
    fault: watch::Sender<Fault>,
    happened: Arc<AtomicBool>,
    talks: Talks,
    listener: JoinHandle<()>,
}

type Talks = Arc<Mutex<Vec<Arc<Talk>>>>;

/// What the proxy does about TLS.
#[derive(Clone)]
enum Layer {
    /// Nothing: it is among the bytes.
    Below,
    /// It speaks TLS to both sides, to the client with the testbed's certificate.
    Inside(TlsAcceptor, Arc<Description>),
}

impl FaultProxy {
    /// Opens a port in front of a server. Lives in the async runtime of its caller.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn before(host: &str, port: u16, fault: Fault) -> Result<Self> {
        Self::open((host.to_owned(), port), Layer::Below, fault).await
    }

    /// Opens a port in front of the testbed's IMAP server that has its certificate: bytes are those inside TLS.
    ///
    /// # Errors
    /// When no port is free or the certificate can't be read.
    pub async fn inside(testbed: &Description, fault: Fault) -> Result<Self> {
        let target = (testbed.host.clone(), testbed.imap);
        let acceptor = TlsAcceptor::from(tls::server_config(&testbed.folder)?);
        Self::open(target, Layer::Inside(acceptor, Arc::new(testbed.clone())), fault).await
    }

    async fn open(target: (String, u16), layer: Layer, fault: Fault) -> Result<Self> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(Error::doing("find a free port"))?;
        let own = listener.local_addr().map_err(Error::doing("find a free port"))?;
        let (sender, fault) = watch::channel(fault);
        let happened = Arc::new(AtomicBool::new(false));
        let talks = Talks::default();
        let (known, happens) = (talks.clone(), happened.clone());
        let listener = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let talk = Arc::new(Talk::default());
                known.lock().unwrap_or_else(PoisonError::into_inner).push(talk.clone());
                let rules = Rules { talk, fault: fault.clone(), happened: happens.clone() };
                tokio::spawn(lead(client, target.clone(), layer.clone(), rules));
            }
        });
        Ok(Self { port: own.port(), fault: sender, happened, talks, listener })
    }

    /// The port to connect to, on `localhost` and `127.0.0.1`.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The same, as an address.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Changes the fault, also for connections that are open. Bytes are counted from a connection's beginning.
    pub fn set(&self, fault: Fault) {
        self.happened.store(false, Ordering::SeqCst);
        self.fault.send_replace(fault);
    }

    /// Whether the mishap of [`Fault::At`] has happened.
    pub fn happened(&self) -> bool {
        self.happened.load(Ordering::SeqCst)
    }

    /// How many connections there have been.
    pub fn connections(&self) -> usize {
        self.talks.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// What passed on a connection, the first being 0: turns in the order in which they were taken. The first one is empty
    /// where the client speaks first.
    pub fn turns(&self, connection: usize) -> Vec<Turn> {
        let talks = self.talks.lock().unwrap_or_else(PoisonError::into_inner);
        talks.get(connection).map(|talk| talk.turns()).unwrap_or_default()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        // Open connections see the sender go and close as well.
        self.listener.abort();
    }
}

/// Leads one client to the server.
async fn lead(client: TcpStream, target: (String, u16), layer: Layer, rules: Rules) {
    if *rules.fault.borrow() == Fault::Refuse {
        return;
    }
    // Small pieces must not wait for each other: here time is told.
    let _ = client.set_nodelay(true);
    match layer {
        Layer::Below => {
            let Ok(server) = TcpStream::connect((target.0.as_str(), target.1)).await else { return };
            let _ = server.set_nodelay(true);
            serve(client, server, rules).await;
        }
        Layer::Inside(acceptor, testbed) => {
            let Ok(client) = acceptor.accept(client).await else { return };
            let server = tls::connect(&testbed.host, testbed.imap, &testbed.ca_file).await;
            let Ok(server) = server else { return };
            serve(client, server, rules).await;
        }
    }
}

/// Either side of a connection.
trait Side: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Side for T {}
