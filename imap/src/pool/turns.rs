//! Whose turn it is when a person's connections are all in use.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::error::{Error, Result};

/// What a connection is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A person waits for the answer.
    Waiting,
    /// Nobody waits yet: what may be asked for next, and counts.
    Ahead,
    /// To be told what changes. It may take hours.
    Watching,
}

/// At most so many of a person's connections watch.
const WATCHING: usize = 2;

/// The turns of one person. Never more are given out than there are connections. The last one is kept for what a person
/// waits for, and those who wait come before everybody else.
#[derive(Debug)]
pub(super) struct Turns(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    connections: usize,
    used: usize,
    watching: usize,
    closed: bool,
    waiting: VecDeque<oneshot::Sender<Turn>>,
    ahead: VecDeque<oneshot::Sender<Turn>>,
    to_watch: VecDeque<oneshot::Sender<Turn>>,
}

/// A turn, until it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    turns: Arc<Turns>,
    purpose: Purpose,
}

impl Turns {
    pub(super) fn new(connections: usize) -> Arc<Self> {
        Arc::new(Self(Mutex::new(State { connections: connections.max(1), ..State::default() })))
    }

    /// Waits for a turn. Whoever stops waiting leaves the queue.
    ///
    /// # Errors
    /// [`Error::PoolClosed`]; [`Error::Busy`] at once for one who only watches, where others watch enough or there are too few
    /// connections for it at all.
    pub(super) async fn take(self: &Arc<Self>, purpose: Purpose) -> Result<Turn> {
        let coming = {
            let mut state = self.state();
            if state.closed {
                return Err(Error::PoolClosed);
            }
            let queued = match purpose {
                Purpose::Waiting => !state.waiting.is_empty(),
                Purpose::Ahead => !state.waiting.is_empty() || !state.ahead.is_empty(),
                Purpose::Watching => false,
            };
            if !queued && state.has_room(purpose) {
                state.occupy(purpose);
                return Ok(Turn { turns: self.clone(), purpose });
            }
            let (give, coming) = oneshot::channel();
            match purpose {
                Purpose::Waiting => state.waiting.push_back(give),
                Purpose::Ahead => state.ahead.push_back(give),
                Purpose::Watching if state.may_watch() => state.to_watch.push_back(give),
                Purpose::Watching => return Err(Error::Busy),
            }
            coming
        };
        coming.await.map_err(|_| Error::PoolClosed)
    }

    /// Ends all waiting, for ever.
    pub(super) fn close(&self) {
        let queues = {
            let mut state = self.state();
            state.closed = true;
            let State { waiting, ahead, to_watch, .. } = &mut *state;
            [waiting, ahead, to_watch].map(std::mem::take)
        };
        drop(queues);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.state().closed
    }

    /// How many are given out.
    pub(super) fn used(&self) -> usize {
        self.state().used
    }

    fn give_on(self: &Arc<Self>) {
        loop {
            let (give, purpose) = {
                let mut state = self.state();
                let next = if state.has_room(Purpose::Waiting)
                    && let Some(next) = state.waiting.pop_front()
                {
                    (next, Purpose::Waiting)
                } else if state.has_room(Purpose::Ahead)
                    && let Some(next) = state.ahead.pop_front()
                {
                    (next, Purpose::Ahead)
                } else if state.has_room(Purpose::Watching)
                    && let Some(next) = state.to_watch.pop_front()
                {
                    (next, Purpose::Watching)
                } else {
                    return;
                };
                state.occupy(next.1);
                next
            };
            // Nobody may be there any more; then the turn comes back, and goes on.
            let _ = give.send(Turn { turns: self.clone(), purpose });
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn has_room(&self, purpose: Purpose) -> bool {
        // Of a single connection nothing can be kept back but watching.
        let kept = self.connections.saturating_sub(1).max(1);
        match purpose {
            Purpose::Waiting => self.used < self.connections,
            Purpose::Ahead => self.used < kept,
            Purpose::Watching => self.used + 1 < self.connections && self.watching < WATCHING,
        }
    }

    /// Whether there would be room to watch if nobody else asked for anything.
    fn may_watch(&self) -> bool {
        self.connections > 1 && self.watching < WATCHING
    }

    fn occupy(&mut self, purpose: Purpose) {
        self.used += 1;
        self.watching += usize::from(purpose == Purpose::Watching);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        {
            let mut state = self.turns.state();
            state.used -= 1;
            state.watching -= usize::from(self.purpose == Purpose::Watching);
        }
        self.turns.give_on();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::{Purpose, Turns};
    use crate::error::Error;

    #[tokio::test]
    async fn whoever_waits_comes_before_what_nobody_waits_for() {
        let turns = Turns::new(1);
        let held = turns.take(Purpose::Waiting).await.unwrap();
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for purpose in [Purpose::Ahead, Purpose::Waiting, Purpose::Ahead, Purpose::Waiting] {
            let (turns, order) = (turns.clone(), order.clone());
            tasks.push(tokio::spawn(async move {
                let _turn = turns.take(purpose).await.unwrap();
                order.lock().unwrap().push(purpose);
            }));
            tokio::task::yield_now().await;
        }
        drop(held);
        for task in tasks {
            task.await.unwrap();
        }
        let order = order.lock().unwrap().clone();
        assert_eq!(order, [Purpose::Waiting, Purpose::Waiting, Purpose::Ahead, Purpose::Ahead]);
    }

    #[tokio::test]
    async fn the_last_turn_is_kept_for_whoever_waits() {
        let turns = Turns::new(3);
        let _watch = turns.take(Purpose::Watching).await.unwrap();
        let _other = turns.take(Purpose::Watching).await.unwrap();
        assert!(matches!(turns.take(Purpose::Watching).await, Err(Error::Busy)));
        let ahead = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take(Purpose::Ahead).await.map(drop) }
        });
        tokio::task::yield_now().await;
        let waiting = turns.take(Purpose::Waiting).await.unwrap();
        assert!(!ahead.is_finished());
        drop((waiting, _watch));
        ahead.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn who_watches_waits_until_a_page_has_what_it_asked_for_and_not_for_another_watch() {
        let turns = Turns::new(4);
        let mut page = Vec::new();
        for _ in 0..3 {
            page.push(turns.take(Purpose::Waiting).await.unwrap());
        }
        let watch = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take(Purpose::Watching).await }
        });
        tokio::task::yield_now().await;
        assert!(!watch.is_finished());
        page.pop();
        let watch = watch.await.unwrap().unwrap();
        drop(page);
        let _other = turns.take(Purpose::Watching).await.unwrap();
        assert!(matches!(turns.take(Purpose::Watching).await, Err(Error::Busy)));
        drop(watch);
    }

    #[tokio::test]
    async fn a_turn_for_somebody_who_left_goes_to_the_next() {
        let turns = Turns::new(1);
        let held = turns.take(Purpose::Waiting).await.unwrap();
        let leaver = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take(Purpose::Waiting).await.map(drop) }
        });
        tokio::task::yield_now().await;
        leaver.abort();
        let _ = leaver.await;
        drop(held);
        drop(turns.take(Purpose::Waiting).await.unwrap());
        assert_eq!(turns.used(), 0);
    }

    #[tokio::test]
    async fn closing_sends_everybody_away() {
        let turns = Turns::new(1);
        let _held = turns.take(Purpose::Waiting).await.unwrap();
        let waiting = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take(Purpose::Waiting).await.map(drop) }
        });
        tokio::task::yield_now().await;
        turns.close();
        assert!(matches!(waiting.await.unwrap(), Err(Error::PoolClosed)));
    }
}
