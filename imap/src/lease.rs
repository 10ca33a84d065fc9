//! A borrowed connection. It goes back when dropped, unless anything went wrong on it.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use crate::connection::Connection;
use crate::metrics::State;
use crate::pool::{Pool, Turn};

/// The right to use one connection of a [`Pool`], until it is dropped.
pub struct Lease {
    connection: Option<Connection>,
    reused: bool,
    pool: Arc<Pool>,
    // Given back after the connection is.
    _turn: Turn,
}

impl Lease {
    pub(crate) fn new(mut connection: Connection, reused: bool, pool: Arc<Pool>, turn: Turn) -> Self {
        connection.set_state(State::Working);
        Self { connection: Some(connection), reused, pool, _turn: turn }
    }

    /// Ends the connection in order instead of giving it back.
    pub async fn close(mut self) {
        if let Some(connection) = self.connection.take() {
            connection.logout().await;
        }
    }

    /// Whether the connection served somebody before, and so may have died since.
    pub fn is_reused(&self) -> bool {
        self.reused
    }
}

impl std::fmt::Debug for Lease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lease").field("reused", &self.reused).finish_non_exhaustive()
    }
}

impl Deref for Lease {
    type Target = Connection;
    #[expect(clippy::expect_used, reason = "only drop takes the connection")]
    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("a lease holds its connection")
    }
}

impl DerefMut for Lease {
    #[expect(clippy::expect_used, reason = "only drop takes the connection")]
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("a lease holds its connection")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.pool.give_back(connection);
        }
    }
}
