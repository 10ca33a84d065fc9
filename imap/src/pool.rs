//! The connections of one person: opened when needed, lent to one request at a time, closed when unused.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use model::mailbox::MailboxName;
use rustls::ClientConfig;
use tokio::time::{Instant, timeout};

use crate::authenticate::Credentials;
use crate::connect::{Endpoint, Timeouts, connect};
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::lease::Lease;
use crate::metrics::{Metrics, State};
use crate::ration::Ration;

mod turns;

pub use turns::Purpose;
pub(crate) use turns::Turn;
use turns::Turns;

/// Longest time to wait for a connection to watch on. The pages of somebody who comes back ask for all at once.
const WATCH: Duration = Duration::from_secs(2);

/// How connections are made and how many there may be. One value serves all people.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whom to trust, from [`crate::tls::client_config`].
    pub tls: Arc<ClientConfig>,
    /// How long each step may take.
    pub timeouts: Timeouts,
    /// Connections of one person at the same time, those included that only watch.
    pub connections: usize,
    /// Connections of all people to this mail server together.
    pub ration: Arc<Ration>,
    /// For how long a request waits for one of them to come back.
    pub wait: Duration,
    /// After how long an unused connection is closed.
    pub idle_close: Duration,
    /// Where traffic is counted.
    pub metrics: Arc<Metrics>,
}

impl Options {
    /// With the usual limits: four connections for a person and a thousand in all, closed after five minutes.
    pub fn new(tls: Arc<ClientConfig>) -> Self {
        Self {
            tls,
            timeouts: Timeouts::default(),
            connections: 4,
            ration: Ration::new(1000),
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
    turns: Arc<Turns>,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("free", &self.free().len()).finish_non_exhaustive()
    }
}

impl Pool {
    /// For a person who proved their password before, without any connection yet.
    pub fn new(endpoint: Endpoint, credentials: Credentials, options: Options) -> Arc<Self> {
        let turns = Turns::new(options.connections);
        let ration = options.ration.clone();
        let pool = Arc::new(Self { endpoint, credentials, options, free: Mutex::default(), turns });
        ration.note(&pool);
        pool
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
        let connection = pool.open(Purpose::Waiting).await?;
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

    /// Borrows a connection for a request that somebody waits for: see [`Pool::lease_for`].
    ///
    /// # Errors
    /// As [`Pool::lease_for`].
    pub async fn lease(self: &Arc<Self>, mailbox: Option<&MailboxName>) -> Result<Lease> {
        self.lease_for(Purpose::Waiting, mailbox).await
    }

    /// Borrows a connection: a free one that has the mailbox open, else a new one or any free one; waits when all are
    /// lent. A free one whose end is known is never lent, but one may have died unnoticed: see [`Lease::is_reused`].
    /// Whoever stops waiting leaves the queue.
    ///
    /// # Errors
    /// [`Error::Busy`] when none came back in time; [`Error::PoolClosed`]; otherwise when none can be opened.
    pub async fn lease_for(
        self: &Arc<Self>,
        purpose: Purpose,
        mailbox: Option<&MailboxName>,
    ) -> Result<Lease> {
        let metrics = &self.options.metrics;
        let begun = Instant::now();
        // Without a connection one may still look now and then, so that nobody waits long to watch.
        let patience = if purpose == Purpose::Watching { WATCH } else { self.options.wait };
        let turn = timeout(patience, self.turns.take(purpose)).await;
        metrics.queue.observe(begun.elapsed());
        let turn = turn.unwrap_or(Err(Error::Busy));
        let turn = turn.inspect_err(|_| metrics.busy.add(1))?;
        while let Some(mut connection) = self.choose(purpose, mailbox) {
            if connection.is_alive() {
                return Ok(Lease::new(connection, true, self.clone(), turn));
            }
        }
        let connection = self.open(purpose).await?;
        Ok(Lease::new(connection, false, self.clone(), turn))
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
        self.turns.close();
        let free = std::mem::take(&mut *self.free());
        for connection in free {
            connection.logout().await;
        }
    }

    /// Whether no connection is open or lent.
    pub fn is_quiet(&self) -> bool {
        self.free().is_empty() && self.turns.used() == 0
    }

    /// For how long the free connection that was unused for longest was so.
    pub(crate) fn unused_for(&self) -> Option<Duration> {
        self.free().iter().map(Connection::unused_for).max()
    }

    /// Closes the free connection that was unused for longest, for somebody else.
    pub(crate) fn give_up_one(&self) {
        let mut free = self.free();
        let longest = (0..free.len()).max_by_key(|index| free.get(*index).map(Connection::unused_for));
        let given_up = longest.map(|index| free.remove(index));
        drop(free);
        drop(given_up);
    }

    async fn open(&self, purpose: Purpose) -> Result<Connection> {
        let Options { tls, timeouts, metrics, ration, wait, .. } = &self.options;
        let share = ration.share(purpose, *wait).await.inspect_err(|_| metrics.busy.add(1))?;
        let mut connection = connect(&self.endpoint, tls.clone(), *timeouts, metrics.clone()).await?;
        connection.share = Some(share);
        connection.authenticate(&self.credentials).await?;
        Ok(connection)
    }

    /// A free connection for this mailbox; `None` when a new one is better or there is no other.
    fn choose(&self, purpose: Purpose, mailbox: Option<&MailboxName>) -> Option<Connection> {
        let mut free = self.free();
        // The turn that is taken for this counts as used.
        let may_be_opened = free.len() + self.turns.used() <= self.options.connections;
        // Who watches takes a connection for hours, and nobody waits until it is open: what is open and warm is for whoever
        // asks next.
        if purpose == Purpose::Watching && may_be_opened {
            return None;
        }
        let name = |connection: &Connection| connection.selected().map(|selected| selected.name.clone());
        let Some(mailbox) = mailbox else { return free.pop() };
        // The one used last is the likeliest to be alive.
        if let Some(position) = free.iter().rposition(|free| name(free).as_ref() == Some(mailbox)) {
            return Some(free.remove(position));
        }
        // Opening a large mailbox again costs more than a connection: the Inbox, where people come back to, stays open
        // as long as there may be another.
        let inbox = MailboxName::inbox();
        if let Some(position) = free.iter().rposition(|free| name(free).as_ref() != Some(&inbox)) {
            return Some(free.remove(position));
        }
        if may_be_opened && purpose != Purpose::Ahead { None } else { free.pop() }
    }

    pub(crate) fn give_back(&self, mut connection: Connection) {
        if !connection.is_broken() && !self.turns.is_closed() {
            connection.set_state(State::Free);
            self.free().push(connection);
        }
    }

    fn free(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
