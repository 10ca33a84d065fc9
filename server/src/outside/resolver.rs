//! Names of hosts become addresses, once for each connection.

use std::io;
use std::net::{IpAddr, ToSocketAddrs};
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::Semaphore;

/// Names that are looked up at a time. Each takes a thread, for as long as the system wants to wait.
const LOOKUPS: usize = 16;

/// Most addresses of one name that count.
pub(super) const ADDRESSES: usize = 16;

/// Addresses, when they come.
pub type Resolving<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Looks names up.
pub trait Resolve: Send + Sync {
    /// All addresses of a host.
    ///
    /// # Errors
    /// When there are none or nobody answers.
    fn resolve<'a>(&'a self, host: &'a str) -> Resolving<'a>;
}

/// As the system does.
pub(super) struct System(Arc<Semaphore>);

impl Default for System {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LOOKUPS)))
    }
}

impl Resolve for System {
    fn resolve<'a>(&'a self, host: &'a str) -> Resolving<'a> {
        Box::pin(async move {
            let turn = self.0.clone().acquire_owned().await.map_err(io::Error::other)?;
            let host = host.to_owned();
            let looking = tokio::task::spawn_blocking(move || {
                // Whoever waits no longer leaves the thread behind, so the turn is the thread's.
                let _turn = turn;
                let found = (host.as_str(), 0).to_socket_addrs()?;
                Ok(found.map(|address| address.ip()).collect())
            });
            looking.await.map_err(io::Error::other)?
        })
    }
}
