//! How many connections to one mail server a process may have in all.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::{Error, Result};
use crate::pool::{Pool, Purpose};

/// What one mail server grants to this process. All people of that server share it.
#[derive(Debug)]
pub struct Ration {
    connections: usize,
    permits: Arc<Semaphore>,
    pools: Mutex<Vec<Weak<Pool>>>,
}

/// One connection of a [`Ration`], until it is dropped.
#[derive(Debug)]
pub(crate) struct Share(#[expect(dead_code, reason = "it is given back when dropped")] OwnedSemaphorePermit);

/// Of this many connections, one is kept from those that only watch, so that whoever waits for mail finds one.
const KEPT_FROM_WATCHING: usize = 4;

impl Ration {
    /// So many, at least one.
    pub fn new(connections: usize) -> Arc<Self> {
        let connections = connections.max(1);
        let permits = Arc::new(Semaphore::new(connections));
        Arc::new(Self { connections, permits, pools: Mutex::default() })
    }

    /// Notes who may be asked to give up a connection that nobody uses.
    pub(crate) fn note(&self, pool: &Arc<Pool>) {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if pools.len() == pools.capacity() {
            pools.retain(|pool| pool.strong_count() > 0);
        }
        pools.push(Arc::downgrade(pool));
    }

    /// One connection. When all are open, the one that was unused for longest is closed for it, whoever it belongs to.
    ///
    /// # Errors
    /// [`Error::Busy`] when none comes free in time; at once for [`Purpose::Watching`].
    pub(crate) async fn share(&self, purpose: Purpose, wait: Duration) -> Result<Share> {
        if purpose == Purpose::Watching
            && self.permits.available_permits() <= self.connections / KEPT_FROM_WATCHING
        {
            return Err(Error::Busy);
        }
        if let Ok(permit) = self.permits.clone().try_acquire_owned() {
            return Ok(Share(permit));
        }
        self.reclaim();
        match timeout(wait, self.permits.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Share(permit)),
            Ok(Err(_)) => Err(Error::PoolClosed),
            Err(_) => Err(Error::Busy),
        }
    }

    fn reclaim(&self) {
        let pools: Vec<Arc<Pool>> = {
            let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
            pools.retain(|pool| pool.strong_count() > 0);
            pools.iter().filter_map(Weak::upgrade).collect()
        };
        let longest = pools.iter().filter_map(|pool| Some((pool.unused_for()?, pool)));
        if let Some((_, pool)) = longest.max_by_key(|(unused, _)| *unused) {
            pool.give_up_one();
        }
    }
}
