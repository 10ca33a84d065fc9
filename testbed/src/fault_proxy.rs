//! A TCP proxy that misbehaves. It forwards bytes and knows nothing of them, so TLS stays end to end.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::{Error, Result};

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
}

/// A port that leads to another one, well or badly.
#[derive(Debug)]
pub struct FaultProxy {
    port: u16,
    fault: watch::Sender<Fault>,
    connections: Arc<AtomicUsize>,
    listener: JoinHandle<()>,
}

impl FaultProxy {
    /// Opens a port in front of a server. Lives in the async runtime of its caller.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn before(host: &str, port: u16, fault: Fault) -> Result<Self> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(Error::doing("find a free port"))?;
        let own = listener.local_addr().map_err(Error::doing("find a free port"))?;
        let (sender, receiver) = watch::channel(fault);
        let connections = Arc::new(AtomicUsize::new(0));
        let target = (host.to_owned(), port);
        let count = Arc::clone(&connections);
        let listener = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(serve(client, target.clone(), receiver.clone()));
            }
        });
        Ok(Self { port: own.port(), fault: sender, connections, listener })
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
        self.fault.send_replace(fault);
    }

    /// How many connections there have been.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        // Open connections see the sender go and close as well.
        self.listener.abort();
    }
}

async fn serve(client: TcpStream, target: (String, u16), mut fault: watch::Receiver<Fault>) {
    if *fault.borrow() == Fault::Refuse {
        return;
    }
    let Ok(server) = TcpStream::connect((target.0.as_str(), target.1)).await else { return };
    let (client_reads, client_writes) = client.into_split();
    let (server_reads, server_writes) = server.into_split();
    let until = fault.clone();
    tokio::select! {
        () = forward(client_reads, server_writes) => {}
        () = answer(server_reads, client_writes, until) => {}
        // Also when the proxy itself is gone.
        _ = fault.wait_for(|fault| *fault == Fault::Refuse) => {}
    }
}

async fn forward(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
    let _ = tokio::io::copy(&mut from, &mut to).await;
}

/// From the server to the client: here the faults are.
async fn answer(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut fault: watch::Receiver<Fault>,
) {
    let mut passed: u64 = 0;
    let mut piece = vec![0; 16 * 1024];
    loop {
        let now = *fault.borrow_and_update();
        let room = match now {
            Fault::CutAfter(limit) | Fault::StallAfter(limit) => limit.saturating_sub(passed),
            Fault::None | Fault::Delay(_) => u64::MAX,
            Fault::Refuse => return,
        };
        if room == 0 {
            if matches!(now, Fault::CutAfter(_)) {
                return;
            }
            // Stalled, until told otherwise.
            if fault.changed().await.is_err() {
                return;
            }
            continue;
        }
        let most = usize::try_from(room).unwrap_or(usize::MAX).min(piece.len());
        let count = tokio::select! {
            read = from.read(&mut piece[..most]) => match read {
                Ok(count) if count > 0 => count,
                _ => return,
            },
            changed = fault.changed() => {
                if changed.is_err() {
                    return;
                }
                continue;
            }
        };
        if let Fault::Delay(time) = now {
            tokio::time::sleep(time).await;
        }
        if to.write_all(&piece[..count]).await.is_err() {
            return;
        }
        passed += count as u64;
    }
}
