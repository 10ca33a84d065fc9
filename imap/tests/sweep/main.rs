//! A real Dovecot behind a proxy that cuts, ends, stalls and delays in every turn of a session: what was asked ends in the
//! right answer or in a clear error, in time, and what changes mail happens once or not at all.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]
#![allow(clippy::print_stdout, reason = "a sweep says how much it has swept")]

#[path = "../neighbour/mod.rs"]
mod neighbour;

mod changing;
mod faults;
mod reading;
mod steps;
mod watching;

use std::collections::BTreeSet;
use std::sync::Arc;

use testbed::fault_proxy::Turn;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Sessions side by side. Most of the time they wait.
const SESSIONS: usize = 24;

/// Runs cases side by side; gives how many there were.
async fn all<C: Future<Output = ()> + Send + 'static>(cases: impl IntoIterator<Item = C>) -> usize {
    let places = Arc::new(Semaphore::new(SESSIONS));
    let mut running = JoinSet::new();
    let mut count = 0;
    for case in cases {
        let place = places.clone().acquire_owned().await.unwrap();
        count += 1;
        running.spawn(async move {
            case.await;
            drop(place);
        });
        while let Some(done) = running.try_join_next() {
            done.unwrap();
        }
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
    count
}

/// The names of the commands in these turns.
fn commands(turns: &[Turn]) -> BTreeSet<String> {
    let lines = turns.iter().flat_map(|turn| turn.words.lines());
    lines
        .filter_map(|line| {
            let (tag, rest) = line.split_once(' ')?;
            let is_ours = tag.strip_prefix('p').is_some_and(|number| number.parse::<u32>().is_ok());
            let mut words = rest.split(' ').filter(|_| is_ours);
            let first = words.next()?;
            Some(if first == "UID" { format!("UID {}", words.next()?) } else { first.to_owned() })
        })
        .collect()
}
