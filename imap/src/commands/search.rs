//! SEARCH (RFC 9051 §6.4.4): which messages match. A window anywhere in the matches is asked for as such where the server
//! can cut it out (PARTIAL, RFC 5267 §4.4 and RFC 9394), else the matches come as ranges (ESEARCH, RFC 4731) or as
//! numbers, and are kept as ranges.

use std::ops::Range;

use model::filter::{Condition, Filter, Place};
use model::messages::Direction;
use model::uid::Uid;
use model::uid_set::UidSet;

use super::noop;
use crate::capability::{Capabilities, Capability};
use crate::connection::{Completion, Connection};
use crate::error::{Error, Result};
use crate::wire::command::Command;
use crate::wire::limits::{FOUND_AT_ONCE, Limits};

mod answer;
mod part;
#[cfg(test)]
mod tests;

pub(super) use answer::{Esearch, in_order, numbers};
pub(super) use part::Part;

/// UIDs in the order asked for, and how many there are in all windows together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Matches {
    pub(super) uids: Vec<Uid>,
    pub(super) total: Option<u32>,
}

/// What is looked for: what a filter lets through, and of it perhaps only what is read or what is not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search<'a> {
    pub(super) filter: &'a Filter,
    pub(super) only: Option<Only>,
}

/// Half of the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Only {
    Unread,
    Read,
}

/// How much of the matches a server can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// A part, counted from either end.
    PartFromEitherEnd,
    /// A part, counted from the oldest.
    PartFromOldest,
    /// All of them, as ranges.
    Ranges,
    /// All of them, as numbers.
    Numbers,
}

impl Way {
    fn of(capabilities: &Capabilities) -> Self {
        if capabilities.has(Capability::Partial) {
            Self::PartFromEitherEnd
        } else if !capabilities.has(Capability::ESearch) {
            Self::Numbers
        } else if capabilities.has(Capability::ContextSearch) {
            Self::PartFromOldest
        } else {
            Self::Ranges
        }
    }
}

impl Connection {
    /// A window of the messages of the open mailbox that match, in the order of their arrival; with several searches,
    /// which must exclude each other, first all that match the first, then all that match the next.
    ///
    /// It takes one round trip where the server counts from either end or has no more than [`FOUND_AT_ONCE`] matches, and
    /// else two: the newest matches can't be asked for before it is known how many there are.
    pub(super) async fn matches(
        &mut self,
        searches: &[Search<'_>],
        direction: Direction,
        offset: u32,
        count: u32,
    ) -> Result<Matches> {
        let way = Way::of(self.capabilities().await?);
        let wanted = offset..offset.saturating_add(count);
        let mut questions = Vec::with_capacity(searches.len());
        for (index, search) in searches.iter().enumerate() {
            // Of all but the first search, which rows are wanted depends on how many match those before: the beginning
            // is the best guess.
            let guess = if index == 0 { wanted.clone() } else { 0..count };
            questions.push((*search, way.first_part(direction, guess)));
        }
        let mut found = self.find(&questions).await?;
        let places = places(found.iter().map(Found::total), direction, &wanted);
        let missing: Vec<usize> = (0..found.len())
            .filter(|index| match (found.get(*index), places.get(*index)) {
                (Some(found), Some(place)) => !found.holds(place),
                _ => false,
            })
            .collect();
        let questions: Vec<_> = missing
            .iter()
            .filter_map(|index| Some((*searches.get(*index)?, Some(Part::at(places.get(*index)?)))))
            .collect();
        if !questions.is_empty() {
            for (index, better) in missing.iter().zip(self.find(&questions).await?) {
                if let Some(found) = found.get_mut(*index) {
                    *found = better;
                }
            }
        }
        let mut uids = Vec::new();
        for (found, place) in found.iter().zip(&places) {
            let mut some = found.at(place);
            if direction == Direction::Descending {
                some.reverse();
            }
            uids.extend(some);
        }
        let total = found.iter().fold(0_u32, |total, found| total.saturating_add(found.total()));
        Ok(Matches { uids, total: Some(total) })
    }

    async fn find(&mut self, questions: &[(Search<'_>, Option<Part>)]) -> Result<Vec<Found>> {
        let way = Way::of(self.capabilities().await?);
        if let (Way::Numbers, [_, _, ..]) = (way, questions) {
            // Servers may run searches side by side, and numbers don't say which of them they answer.
            let mut found = Vec::with_capacity(questions.len());
            for question in questions {
                found.extend(Box::pin(self.find(std::slice::from_ref(question))).await?);
            }
            return Ok(found);
        }
        // A search finds nothing that the server has not told of yet (RFC 9051 §7.4.1).
        let stale = self.is_stale();
        let mut commands: Vec<_> = stale.then(noop::command).into_iter().collect();
        for (search, part) in questions {
            let command = match (part, way) {
                (Some(part), _) => part.write(Command::new("UID SEARCH"))?,
                (None, Way::Numbers) => Command::new("UID SEARCH"),
                (None, _) => Command::new("UID SEARCH").word("RETURN (COUNT ALL)"),
            };
            commands.push(search.write(command)?);
        }
        let completions = self.run_with_news(&commands, stale).await?;
        let answers = completions.iter().skip(usize::from(stale));
        let alone = questions.len() == 1;
        let found = |(answer, (_, part)): (&Completion, &(_, Option<Part>))| {
            // Dovecot does a NOOP last, and so numbers may come before it is done.
            let told = if alone { completions.as_slice() } else { std::slice::from_ref(answer) };
            Found::read(answer, &completions, told, *part)
        };
        answers.zip(questions).map(found).collect()
    }
}

impl Connection {
    /// Runs searches, behind a NOOP where `stale`. Dovecot looks for the news only when it has searched, so if there are
    /// any, it must search again.
    pub(super) async fn run_with_news(
        &mut self,
        commands: &[Command],
        stale: bool,
    ) -> Result<Vec<Completion>> {
        let before = self.messages()?;
        let mut completions = self.run_all(commands, Limits::SEARCH).await?;
        let news = self.messages()? != before || noop::tells_of_removals(&completions);
        if stale && news {
            completions = self.run_all(commands, Limits::SEARCH).await?;
        }
        completions.into_iter().collect()
    }
}

impl Way {
    /// What to ask for of a window, counted in its direction, before it is known how many match.
    fn first_part(self, direction: Direction, window: Range<u32>) -> Option<Part> {
        match (self, direction) {
            (Self::Ranges | Self::Numbers, _) => None,
            (_, Direction::Ascending) => Some(Part::at(&window)),
            (Self::PartFromEitherEnd, Direction::Descending) => Some(Part::from_newest(&window)),
            (Self::PartFromOldest, Direction::Descending) => Some(Part::at(&(0..FOUND_AT_ONCE))),
        }
    }
}

impl Search<'_> {
    fn write(&self, command: Command) -> Result<Command> {
        let command = if is_ascii(self.filter) { command } else { command.word("CHARSET UTF-8") };
        let command = match self.only {
            Some(Only::Unread) => command.word("UNSEEN"),
            Some(Only::Read) => command.word("SEEN"),
            None => command,
        };
        criteria(command, self.filter)
    }
}

/// Writes what a filter asks for. Words are strings, which [`Command`] alone writes.
pub(super) fn criteria(command: Command, filter: &Filter) -> Result<Command> {
    if filter.is_everything() {
        return Ok(command.word("ALL"));
    }
    let command = if filter.unread { command.word("UNSEEN") } else { command };
    let command = if filter.flagged { command.word("FLAGGED") } else { command };
    filter.words.iter().try_fold(command, condition)
}

fn condition(command: Command, condition: &Condition) -> Result<Command> {
    let words = condition.words();
    match condition.place() {
        Place::Subject => command.word("SUBJECT").string(words),
        Place::Sender => command.word("FROM").string(words),
        Place::Recipient => {
            command.word("OR TO").string(words)?.word("OR CC").string(words)?.word("BCC").string(words)
        }
        Place::Body => command.word("BODY").string(words),
        Place::Anywhere => command.word("TEXT").string(words),
    }
}

fn is_ascii(filter: &Filter) -> bool {
    filter.words.iter().all(|condition| condition.words().is_ascii())
}

/// Where the wanted rows stand among the matches of each search, counted from the oldest.
fn places(totals: impl Iterator<Item = u32>, direction: Direction, wanted: &Range<u32>) -> Vec<Range<u32>> {
    let mut passed = 0_u32;
    totals
        .map(|total| {
            let begin = wanted.start.saturating_sub(passed).min(total);
            let end = wanted.end.saturating_sub(passed).min(total);
            passed = passed.saturating_add(total);
            match direction {
                Direction::Ascending => begin..end,
                Direction::Descending => total - end..total - begin,
            }
        })
        .collect()
}

/// Matches of one search, ascending: all of them, or those from a place on.
#[derive(Debug)]
struct Found {
    total: u32,
    first: u32,
    uids: UidSet,
}

impl Found {
    /// What one search found; numbers, which don't say what they answer, are among what was `told` of it.
    fn read(
        completion: &Completion,
        all: &[Completion],
        told: &[Completion],
        part: Option<Part>,
    ) -> Result<Self> {
        let Some(esearch) = Esearch::of(&completion.tag, all)? else {
            // A server that knows no result options answers as of old, and what it lacks must not look like nothing.
            let frames = told.iter().flat_map(Completion::frames);
            let uids: UidSet = frames.flat_map(|frame| numbers(frame, "SEARCH")).collect();
            return Ok(Self { total: u32::try_from(uids.len()).unwrap_or(u32::MAX), first: 0, uids });
        };
        let total = esearch.count.ok_or(Error::Nonsense { what: "ESEARCH without COUNT" })?;
        let (first, ranges) = match part {
            Some(part) => (part.first(total), esearch.partial),
            None => (0, esearch.all),
        };
        Ok(Self { total, first, uids: ranges.into_iter().collect() })
    }

    fn total(&self) -> u32 {
        self.total
    }

    fn holds(&self, place: &Range<u32>) -> bool {
        let end = u64::from(self.first).saturating_add(self.uids.len());
        place.is_empty() || (self.first <= place.start && u64::from(place.end) <= end)
    }

    fn at(&self, place: &Range<u32>) -> Vec<Uid> {
        let begin = place.start.max(self.first);
        let length = usize::try_from(place.end.saturating_sub(begin)).unwrap_or(usize::MAX);
        self.uids.skip(u64::from(begin - self.first)).take(length).collect()
    }
}
