//! Numbers about the traffic with mail servers, for `doctor`, logs and tests. None of them is about a person.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counters that all connections of a process, or of one test, share.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Connections that were opened.
    pub connections: Counter,
    /// Commands that were sent.
    pub commands: Counter,
    /// Times that an answer had to be waited for; commands that travel together wait once.
    pub round_trips: Counter,
    /// Bytes read, after TLS.
    pub bytes_in: Counter,
    /// Bytes written, before TLS.
    pub bytes_out: Counter,
    /// Lines that could not be understood and were skipped.
    pub skipped: Counter,
}

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Its value.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }
}
