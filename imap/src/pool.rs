//! The connections of one person: opened when needed, lent to one request at a time, closed when unused.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use model::mailbox::MailboxName;
use rustls::ClientConfig;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use crate::authenticate::Credentials;
use crate::connect::{Endpoint, Timeouts, connect};
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::lease::Lease;
use crate::metrics::{Metrics, State};

/// How connections are made and how many there may be. One value serves all people.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whom to trust, from [`crate::tls::client_config`].
    pub tls: Arc<ClientConfig>,
    /// How long each step may take.
    pub timeouts: Timeouts,
    /// Connections of one person at the same time.
    pub connections: usize,
    /// For how long a request waits for one of them to come back.
    pub wait: Duration,
    /// After how long an unused connection is closed.
    pub idle_close: Duration,
    /// Where traffic is counted.
    pub metrics: Arc<Metrics>,
}

impl Options {
    /// With the usual limits: three connections, closed after five minutes.
    pub fn new(tls: Arc<ClientConfig>) -> Self {
        Self {
            tls,
            timeouts: Timeouts::default(),
            connections: 3,
            wait: Duration::from_secs(30),
            idle_close: Duration::from_secs(300),
            metrics: Arc::default(),
        }
    }
}

/// The connections of one person.
pub struct Pool {
    endpoint: Endpoint,
    credentials: Credentials,
    options: Options,
    // The one used last is at the end.
    free: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("free", &self.free().len()).finish_non_exhaustive()
    }
}

impl Pool {
    /// For a person who proved their password before, without any connection yet.
    pub fn new(endpoint: Endpoint, credentials: Credentials, options: Options) -> Arc<Self> {
        let permits = Arc::new(Semaphore::new(options.connections.max(1)));
        Arc::new(Self { endpoint, credentials, options, free: Mutex::default(), permits })
    }

    /// Opens a connection and signs in on it, which proves name and password, and keeps it as the first of the pool.
    ///
    /// # Errors
    /// As [`connect`] and [`Connection::authenticate`].
    pub async fn sign_in(
        endpoint: Endpoint,
        credentials: Credentials,
        options: Options,
    ) -> Result<Arc<Self>> {
        let pool = Self::new(endpoint, credentials, options);
        let connection = pool.open().await?;
        pool.give_back(connection);
        Ok(pool)
    }

    /// What its connections sign in with.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Where its traffic is counted.
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.options.metrics
    }

    /// Borrows a connection: a free one that has the mailbox open, else any free one, else a new one; waits when
    /// all are lent. A free one whose end is known is never lent, but one may have died unnoticed: see [`Lease::is_reused`].
    ///
    /// # Errors
    /// [`Error::Busy`] when none came back in time; [`Error::PoolClosed`]; otherwise when none can be opened.
    pub async fn lease(self: &Arc<Self>, mailbox: Option<&MailboxName>) -> Result<Lease> {
        let metrics = &self.options.metrics;
        let begun = Instant::now();
        let permit = timeout(self.options.wait, self.permits.clone().acquire_owned()).await;
        metrics.queue.observe(begun.elapsed());
        let permit = permit.inspect_err(|_| metrics.busy.add(1)).map_err(|_| Error::Busy)?;
        let permit = permit.map_err(|_| Error::PoolClosed)?;
        while let Some(mut connection) = self.take(mailbox) {
            if connection.is_alive() {
                return Ok(Lease::new(connection, true, self.clone(), permit));
            }
        }
        let connection = self.open().await?;
        Ok(Lease::new(connection, false, self.clone(), permit))
    }

    /// Closes connections that nobody used for long. Whoever keeps the pool calls this now and then.
    pub async fn sweep(&self) {
        let limit = self.options.idle_close;
        let unused: Vec<_> = self.free().extract_if(.., |free| free.unused_for() >= limit).collect();
        for connection in unused {
            connection.logout().await;
        }
    }

    /// Closes all connections for good, as when a person signs out: free ones now, lent ones when they come back.
    pub async fn close(&self) {
        self.permits.close();
        let free = std::mem::take(&mut *self.free());
        for connection in free {
            connection.logout().await;
        }
    }

    /// Whether no connection is open or lent.
    pub fn is_quiet(&self) -> bool {
        self.free().is_empty() && self.permits.available_permits() == self.options.connections.max(1)
    }

    async fn open(&self) -> Result<Connection> {
        let Options { tls, timeouts, metrics, .. } = &self.options;
        let mut connection = connect(&self.endpoint, tls.clone(), *timeouts, metrics.clone()).await?;
        connection.authenticate(&self.credentials).await?;
        Ok(connection)
    }

    fn take(&self, mailbox: Option<&MailboxName>) -> Option<Connection> {
        let mut free = self.free();
        let has_it_open = |connection: &Connection| {
            mailbox.is_some() && connection.selected().map(|selected| &selected.name) == mailbox
        };
        // The one used last is the likeliest to be alive.
        let position = free.iter().rposition(has_it_open).or_else(|| free.len().checked_sub(1))?;
        Some(free.remove(position))
    }

    pub(crate) fn give_back(&self, mut connection: Connection) {
        if !connection.is_broken() && !self.permits.is_closed() {
            connection.set_state(State::Free);
            self.free().push(connection);
        }
    }

    fn free(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
