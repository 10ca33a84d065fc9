//! Commands by name: how long they took and what became of them.

use std::array;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::{Counter, Histogram, Metrics};
use crate::error::Error;
use crate::wire::command::Command;

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded.
    Ok,
    /// The server refused it.
    Refused,
    /// The connection ended, or what came on it could not be meant.
    Lost,
    /// There was no answer in time.
    TimedOut,
    /// Whoever asked was gone before the answer came.
    Abandoned,
}

impl Outcome {
    /// All of them, each in the place of its number.
    pub const ALL: [Self; 5] = [Self::Ok, Self::Refused, Self::Lost, Self::TimedOut, Self::Abandoned];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Lost => "lost",
            Self::TimedOut => "timed_out",
            Self::Abandoned => "abandoned",
        }
    }
}

/// The numbers of the commands of one name.
#[derive(Debug)]
pub struct ByName {
    /// The name.
    pub name: &'static str,
    /// How long they took, whatever became of them. Those that travelled together took as long as all of them.
    pub time: Histogram,
    outcomes: [Counter; Outcome::ALL.len()],
}

impl ByName {
    fn new(name: &'static str) -> Self {
        Self { name, time: Histogram::default(), outcomes: Default::default() }
    }

    /// Of how many this became.
    pub fn outcome(&self, outcome: Outcome) -> u64 {
        self.outcomes.get(outcome as usize).map_or(0, Counter::get)
    }
}

/// Names that are told apart. The program has fewer; beyond, all count as one.
const NAMES: usize = 64;

/// The numbers of all commands, by name. Names take their places as they come and keep them.
pub struct Commands {
    places: [OnceLock<ByName>; NAMES],
    others: ByName,
}

impl Default for Commands {
    fn default() -> Self {
        Self { places: array::from_fn(|_| OnceLock::new()), others: ByName::new("other") }
    }
}

impl std::fmt::Debug for Commands {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Commands {
    /// Those that were sent at least once.
    pub fn iter(&self) -> impl Iterator<Item = &ByName> {
        let known = self.places.iter().map_while(OnceLock::get);
        known.chain(Some(&self.others).filter(|others| others.time.count() > 0))
    }

    /// Those of this name, all zero if there was none yet.
    pub fn of(&self, name: &'static str) -> &ByName {
        self.places
            .iter()
            .map(|place| place.get_or_init(|| ByName::new(name)))
            .find(|known| known.name == name)
            .unwrap_or(&self.others)
    }

    /// Counts a command that ended.
    pub fn observe(&self, name: &'static str, outcome: Outcome, time: Duration) {
        let of_name = self.of(name);
        of_name.time.observe(time);
        if let Some(counter) = of_name.outcomes.get(outcome as usize) {
            counter.add(1);
        }
    }
}

/// Commands that are on their way. Unless it is said what became of them, they were abandoned.
pub(crate) struct Underway<'a> {
    metrics: Arc<Metrics>,
    commands: &'a [Command],
    begun: Instant,
}

impl<'a> Underway<'a> {
    pub(crate) fn begin(metrics: &Arc<Metrics>, commands: &'a [Command]) -> Self {
        Self { metrics: metrics.clone(), commands, begun: Instant::now() }
    }

    /// All of them failed like this.
    pub(crate) fn failed(mut self, error: &Error) {
        let outcome = match error {
            Error::Timeout { .. } => Outcome::TimedOut,
            _ => Outcome::Lost,
        };
        self.end(|_| outcome);
    }

    /// All were answered; these were granted, in order.
    pub(crate) fn answered(mut self, granted: impl Fn(usize) -> bool) {
        self.end(|index| if granted(index) { Outcome::Ok } else { Outcome::Refused });
    }

    fn end(&mut self, outcome: impl Fn(usize) -> Outcome) {
        let time = self.begun.elapsed();
        for (index, command) in std::mem::take(&mut self.commands).iter().enumerate() {
            self.metrics.by_name.observe(command.name(), outcome(index), time);
        }
    }
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        self.end(|_| Outcome::Abandoned);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Commands, NAMES, Outcome};
    use crate::metrics::{Metrics, State};
    use crate::scripted::greeted;
    use crate::wire::command::Command;
    use crate::wire::limits::Limits;

    #[test]
    fn names_beyond_those_that_are_told_apart_count_as_one() {
        let commands = Commands::default();
        for number in 0..NAMES + 2 {
            let name = Box::leak(format!("X{number}").into_boxed_str());
            commands.observe(name, Outcome::Ok, Duration::ZERO);
        }
        assert_eq!(commands.iter().count(), NAMES + 1);
        assert_eq!(commands.of("one more").outcome(Outcome::Ok), 2);
    }

    #[tokio::test]
    async fn every_command_counts_once_by_what_became_of_it() {
        let script =
            &[("ONE", "{tag} OK\r\n"), ("TWO", "{tag} NO\r\n"), ("THREE", ""), ("FOUR", "* OK wait\r\n")];
        let outcomes =
            |metrics: &Metrics, name| Outcome::ALL.map(|outcome| metrics.by_name.of(name).outcome(outcome));
        let (mut connection, _server) = greeted("", script).await;
        let metrics = connection.metrics().clone();
        connection.run_all(&[Command::new("ONE"), Command::new("TWO")], Limits::SMALL).await.unwrap();
        assert_eq!(
            (outcomes(&metrics, "ONE"), outcomes(&metrics, "TWO")),
            ([1, 0, 0, 0, 0], [0, 1, 0, 0, 0])
        );
        connection.run(Command::new("THREE"), Limits::SMALL).await.unwrap_err();
        assert_eq!(outcomes(&metrics, "THREE"), [0, 0, 1, 0, 0]);

        let (mut connection, _server) = greeted("", script).await;
        let metrics = connection.metrics().clone();
        let asked = connection.run(Command::new("FOUR"), Limits::SMALL);
        tokio::time::timeout(Duration::from_millis(5), asked).await.unwrap_err();
        assert_eq!(outcomes(&metrics, "FOUR"), [0, 0, 0, 0, 1]);
        assert_eq!(metrics.now.get(State::Working), 1);

        tokio::time::pause();
        let (mut connection, _server) = greeted("", script).await;
        connection.run(Command::new("FOUR"), Limits::SMALL).await.unwrap_err();
        assert_eq!(outcomes(connection.metrics(), "FOUR"), [0, 0, 0, 1, 0]);
    }
}
