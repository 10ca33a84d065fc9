//! Where and how sessions are disturbed, and what may come of it.

use std::sync::Arc;
use std::time::Duration;

use imap::connect::{Security, Timeouts};
use imap::pool::{Options, Pool};
use imap::{Error, Result};
use testbed::Description;
use testbed::fault_proxy::{Fault, FaultProxy, Mishap, Spot, Turn};
use testbed::people::Person;

use crate::neighbour::{backend, credentials};

/// What connecting and a command may take. Short, for everything that stalls is waited for; twice as long with every
/// attempt that a busy machine was too slow for.
const STEP: Duration = Duration::from_millis(800);

/// No step of ours is more than a few round trips on one connection: what takes longer than this hangs.
pub(crate) const HANG: Duration = Duration::from_secs(20);

/// Where the proxy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layer {
    /// It sees TLS: a fault is inside a record.
    Tcp,
    /// It sees what is said: a fault is inside a response.
    Words,
}

/// A way to the server on which things happen.
pub(crate) struct Way {
    pub(crate) proxy: FaultProxy,
    pub(crate) pool: Arc<Pool>,
}

pub(crate) async fn way(testbed: &Description, layer: Layer, person: &Person, attempt: u32) -> Way {
    let mut backend = backend(testbed, Security::Implicit);
    let proxy = match layer {
        Layer::Tcp => FaultProxy::before(&testbed.host, testbed.imap, Fault::None).await.unwrap(),
        Layer::Words => FaultProxy::inside(testbed, Fault::None).await.unwrap(),
    };
    backend.endpoint.port = proxy.port();
    let step = STEP * (1 << attempt.min(3));
    let options = Options { timeouts: Timeouts::new(step, step), ..backend.options };
    // For commands that fetch, too.
    let options = Options { timeouts: Timeouts { fetch: step, ..options.timeouts }, ..options };
    Way { proxy, pool: Pool::new(backend.endpoint, credentials(person), options) }
}

/// Every place worth a fault in these turns: before, inside and at the end of what either side says.
pub(crate) fn faults(layer: Layer, turns: &[Turn]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (turn, told) in turns.iter().enumerate() {
        let mut places = vec![0, told.answered / 2, told.answered.saturating_sub(1)];
        places.dedup();
        if told.answered == 0 {
            places.clear();
        }
        let mut answering = places.into_iter().map(|bytes| Spot::Answering { turn, bytes });
        match layer {
            Layer::Words => {
                let late = Spot::Answering { turn, bytes: told.answered / 2 };
                if told.answered > 0 {
                    faults.push(Fault::At(late, Mishap::Late(Duration::from_millis(80))));
                }
                for spot in answering {
                    let mishaps = [Mishap::Cut, Mishap::End, Mishap::Stall];
                    faults.extend(mishaps.map(|mishap| Fault::At(spot, mishap)));
                }
                if told.asked > 0 {
                    let half = Spot::Asking { turn, bytes: told.asked / 2 };
                    faults.extend([Mishap::Cut, Mishap::Stall].map(|mishap| Fault::At(half, mishap)));
                }
            }
            // The end of a record is its seal: without its last byte nothing of it is known.
            Layer::Tcp => {
                if let Some(spot) = answering.next_back() {
                    faults.extend([Mishap::Cut, Mishap::Stall].map(|mishap| Fault::At(spot, mishap)));
                }
            }
        }
    }
    faults
}

/// Only delays, and nothing is lost.
pub(crate) fn is_harmless(fault: Fault) -> bool {
    matches!(fault, Fault::At(_, Mishap::Late(_)))
}

/// Whether the place never came, since Dovecot, which tells how long it took, took less this time.
pub(crate) fn was_shorter(fault: Fault, turns: &[Turn]) -> bool {
    let Fault::At(Spot::Answering { turn, bytes }, _) = fault else { return false };
    turns.len() == turn + 1 && turns.last().is_some_and(|last| (1..=bytes).contains(&last.answered))
}

/// The errors that a lost or silent connection is to be told by.
pub(crate) fn is_clear(error: &Error) -> bool {
    match error {
        Error::Closed { .. } | Error::Timeout { .. } | Error::Bye { .. } | Error::Connect { .. } => true,
        Error::OutcomeUnknown { source, .. } => is_clear(source),
        _ => false,
    }
}

/// What is done on a connection that is in order: on a busy machine it may take several attempts.
pub(crate) async fn in_the_end<T, F: Future<Output = Result<T>>>(mut attempt: impl FnMut() -> F) -> T {
    for _ in 0..20 {
        match attempt().await {
            Ok(done) => return done,
            Err(error) => assert!(is_clear(&error), "{error:?}"),
        }
    }
    panic!("no answer though nothing is wrong any more")
}
