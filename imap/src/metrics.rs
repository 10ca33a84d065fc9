//! Numbers about the traffic with mail servers, for whoever watches the process, and for tests. None of them is about a
//! person: the only names in here are those of commands, which are words of the program.
//!
//! Counting costs a few atomic additions for each command and takes no lock.

mod commands;
mod histogram;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) use commands::Underway;
pub use commands::{ByName, Commands, Outcome};
pub use histogram::Histogram;

/// Numbers that all connections of a process, or of one test, share.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Connections that were opened and greeted.
    pub connections: Counter,
    /// Attempts to open one that came to nothing.
    pub failed_connections: Counter,
    /// Connections that are there now, by what they do.
    pub now: Now,
    /// Readings that were begun again, because the connection they were given had died unnoticed.
    pub reconnects: Counter,
    /// How long requests waited for a connection to come back, those included that did not have to.
    pub queue: Histogram,
    /// Requests that waited too long for one.
    pub busy: Counter,
    /// Commands that were sent.
    pub commands: Counter,
    /// How long they took and what became of them.
    pub by_name: Commands,
    /// Times that an answer had to be waited for; commands that travel together wait once.
    pub round_trips: Counter,
    /// Bytes read, after TLS.
    pub bytes_in: Counter,
    /// Bytes written, before TLS.
    pub bytes_out: Counter,
    /// Lines that could not be understood and were skipped.
    pub skipped: Counter,
    /// What was known without asking.
    pub cache: Cache,
    // As many as there ever were; the log calls each connection by its own.
    numbers: AtomicU64,
}

/// What a memory of earlier answers did.
#[derive(Debug, Default)]
pub struct Cache {
    /// Questions that it answered.
    pub hits: Counter,
    /// Questions that had to be asked of the server after all.
    pub misses: Counter,
    /// Bytes that it forgot to make room.
    pub evicted_bytes: Counter,
    /// Bytes that it keeps now.
    pub bytes: Level,
}

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Its value.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Lets it grow.
    pub fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }
}

/// A number that grows and shrinks.
#[derive(Debug, Default)]
pub struct Level(AtomicU64);

impl Level {
    /// Its value.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Sets it.
    pub fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }
}

/// What a connection does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It serves a request, or is being opened for one.
    Working,
    /// It waits to be lent.
    Free,
    /// It is told by the server what changes.
    Watching,
}

impl State {
    /// All of them, each in the place of its number.
    pub const ALL: [Self; 3] = [Self::Working, Self::Free, Self::Watching];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Free => "free",
            Self::Watching => "watching",
        }
    }
}

/// Connections that are there now.
#[derive(Debug, Default)]
pub struct Now([AtomicU64; State::ALL.len()]);

impl Now {
    /// How many do this.
    pub fn get(&self, state: State) -> u64 {
        self.0.get(state as usize).map_or(0, |number| number.load(Ordering::Relaxed))
    }

    fn change(&self, from: Option<State>, to: Option<State>) {
        if let Some(number) = to.and_then(|state| self.0.get(state as usize)) {
            number.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(number) = from.and_then(|state| self.0.get(state as usize)) {
            number.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// One connection in these numbers, for as long as it lives.
#[derive(Debug)]
pub(crate) struct Standing {
    metrics: Arc<Metrics>,
    number: u64,
    state: State,
}

impl Standing {
    /// A connection that works.
    pub(crate) fn new(metrics: Arc<Metrics>) -> Self {
        let number = metrics.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        metrics.now.change(None, Some(State::Working));
        Self { metrics, number, state: State::Working }
    }

    /// What the log calls it.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// From now on it does this.
    pub(crate) fn set(&mut self, state: State) {
        self.metrics.now.change(Some(self.state), Some(state));
        self.state = state;
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        self.metrics.now.change(Some(self.state), None);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Metrics, Standing, State};

    #[test]
    fn a_connection_stands_in_one_place_until_it_is_gone() {
        let metrics = Arc::new(Metrics::default());
        let stand = || State::ALL.map(|state| metrics.now.get(state));
        let (mut one, two) = (Standing::new(metrics.clone()), Standing::new(metrics.clone()));
        assert_eq!((one.number(), two.number(), stand()), (1, 2, [2, 0, 0]));
        one.set(State::Free);
        one.set(State::Free);
        assert_eq!(stand(), [1, 1, 0]);
        drop((one, two));
        assert_eq!(stand(), [0, 0, 0]);
    }
}
