//! Rows of the open mailbox, from either end or by UID, of which only the flags are asked for where the rest is known: what a
//! message is, beside its flags, never changes as long as its UID holds (RFC 9051 §2.3.1.1).

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::convert::Infallible;

use model::flag::Flags;
use model::messages::Direction;
use model::uid::Uid;
use model::uid_set::UidSet;

use super::fetch::{Heard, RawEnvelope, heard, row_items};
use super::noop;
use crate::connection::{Completion, Connection};
use crate::error::{Error, Result};
use crate::wire::command::Command;
use crate::wire::limits::Limits;

/// What is asked for of a row that is known.
const FLAGS: &str = "(UID FLAGS)";

/// What whoever asks for rows of a mailbox kept of them. It must be of the epoch in which the mailbox is open.
pub trait Known: Sync {
    /// What is kept of a message.
    type Row: Send;

    /// What is kept of this one.
    fn row(&self, uid: Uid) -> Option<Self::Row>;

    /// Whether most of the rows after the `offset` first ones in the order of arrival are likely to be known. Where this is
    /// wrong it costs a round trip or some bytes, and nothing else.
    fn expects(&self, direction: Direction, offset: u32) -> bool;
}

/// Nothing is known.
impl Known for () {
    type Row = Infallible;

    fn row(&self, _: Uid) -> Option<Infallible> {
        None
    }

    fn expects(&self, _: Direction, _: u32) -> bool {
        false
    }
}

/// A row, or what is kept of one.
#[derive(Clone, Debug)]
pub enum Row<T> {
    /// It was known but for its flags.
    Known {
        /// The message.
        uid: Uid,
        /// As in [`RawEnvelope`].
        level: u8,
        /// Its flags as they are now.
        flags: Flags,
        /// The rest.
        kept: T,
    },
    /// The server told all of it.
    Told(Box<RawEnvelope>),
}

impl Row<Infallible> {
    /// What the server told.
    pub(super) fn into_told(self) -> RawEnvelope {
        match self {
            Self::Told(row) => *row,
            Self::Known { kept, .. } => match kept {},
        }
    }
}

impl Connection {
    /// Rows from either end, newest or oldest arrival first.
    ///
    /// It takes one round trip; a second one where rows were expected to be known and are not. It begins anew when messages
    /// come or go meanwhile.
    pub(super) async fn arrivals<K: Known>(
        &mut self,
        known: &K,
        direction: Direction,
        offset: u32,
        count: u32,
    ) -> Result<Vec<Row<K::Row>>> {
        // What an earlier attempt had to ask for.
        let mut told = BTreeMap::new();
        // A mailbox in which messages come and go all the time is not worth more attempts.
        for attempt in 0..3 {
            let before = self.messages()?;
            let stale = attempt > 0 || self.is_stale();
            let window = window(before, direction, offset, count);
            let expected = known.expects(direction, offset);
            let items = if expected { FLAGS } else { row_items(self.capabilities().await?) };
            let mut commands = Vec::new();
            if stale {
                commands.push(noop::command());
            }
            if let Some((oldest, newest)) = window {
                commands.push(Command::new("FETCH").value(format!("{oldest}:{newest}"))?.word(items));
            }
            let completions = self.run_all(&commands, Limits::ENVELOPES).await?;
            let changed = self.messages()? != before || noop::tells_of_removals(&completions);
            let refused = completions.iter().any(Result::is_err);
            // Sequence numbers hold only as long as nothing was expunged, and a FETCH that meets a message which
            // another connection expunged may be refused (RFC 2180 §4.1).
            if attempt < 2 && (changed || (refused && !stale)) {
                continue;
            }
            let completions = completions.into_iter().collect::<Result<Vec<_>>>()?;
            let heard = window.map(|window| in_window(&completions, window)).unwrap_or_default();
            let mut rows: Vec<(Heard, Option<K::Row>)> = Vec::with_capacity(heard.len());
            let mut missing = Vec::new();
            for heard in heard {
                let kept = match &heard {
                    Heard::Row(_) => None,
                    // Where whole rows were asked for, this is news about flags of a message that has none.
                    Heard::Flags(..) if !expected => continue,
                    Heard::Flags(uid, _) => known.row(*uid),
                };
                if let (Heard::Flags(uid, _), None) = (&heard, &kept)
                    && !told.contains_key(uid)
                {
                    missing.push(*uid);
                }
                rows.push((heard, kept));
            }
            if !missing.is_empty() {
                let items = row_items(self.capabilities().await?);
                let uids: UidSet = missing.into_iter().collect();
                let command = Command::new("UID FETCH").value(&uids)?.word(items);
                let completions = self.run_all(&[command], Limits::ENVELOPES).await?;
                let changed = self.messages()? != before || noop::tells_of_removals(&completions);
                if attempt < 2 && completions.iter().any(Result::is_err) {
                    continue;
                }
                told.extend(by_uid(&completions.into_iter().collect::<Result<Vec<_>>>()?));
                // What was counted before no longer fits what is told of the mailbox after.
                if attempt < 2 && changed {
                    continue;
                }
            }
            let mut rows: Vec<_> = rows
                .into_iter()
                .filter_map(|(heard, kept)| match (heard, kept) {
                    (Heard::Row(row), _) => Some(Row::Told(row)),
                    (Heard::Flags(uid, flags), Some(kept)) => Some(Row::Known { uid, level: 0, flags, kept }),
                    (Heard::Flags(uid, flags), None) => match told.remove(&uid)? {
                        // Told by an earlier attempt, maybe with flags of then.
                        Heard::Row(row) => Some(Row::Told(Box::new(RawEnvelope { flags, ..*row }))),
                        Heard::Flags(..) => None,
                    },
                })
                .collect();
            if direction == Direction::Ascending {
                rows.reverse();
            }
            return Ok(rows);
        }
        Err(Error::Nonsense { what: "number of messages" })
    }

    /// Rows of these messages with these levels, in this order. Messages that are gone have none. It takes one round trip.
    pub(super) async fn rows_in_order<K: Known>(
        &mut self,
        known: &K,
        found: &[(Uid, u8)],
    ) -> Result<Vec<Row<K::Row>>> {
        let mut kept: BTreeMap<Uid, K::Row> =
            found.iter().filter_map(|(uid, _)| Some((*uid, known.row(*uid)?))).collect();
        let (with, without): (Vec<Uid>, Vec<Uid>) =
            found.iter().map(|(uid, _)| *uid).partition(|uid| kept.contains_key(uid));
        let mut commands = Vec::new();
        for (uids, items) in [(with, FLAGS), (without, row_items(self.capabilities().await?))] {
            if !uids.is_empty() {
                let uids: UidSet = uids.into_iter().collect();
                commands.push(Command::new("UID FETCH").value(&uids)?.word(items));
            }
        }
        let completions = self.run_all(&commands, Limits::ENVELOPES).await?;
        let mut heard = by_uid(&completions.into_iter().collect::<Result<Vec<_>>>()?);
        let row = |(uid, level): &(Uid, u8)| match (heard.remove(uid)?, kept.remove(uid)) {
            (Heard::Row(row), _) => Some(Row::Told(Box::new(RawEnvelope { level: *level, ..*row }))),
            (Heard::Flags(uid, flags), Some(kept)) => Some(Row::Known { uid, level: *level, flags, kept }),
            // News about a message that went before it was told.
            (Heard::Flags(..), None) => None,
        };
        Ok(found.iter().filter_map(row).collect())
    }
}

/// The sequence numbers of a window, oldest and newest.
fn window(messages: u32, direction: Direction, offset: u32, count: u32) -> Option<(u32, u32)> {
    let left = messages.saturating_sub(offset);
    (left > 0 && count > 0).then(|| match direction {
        Direction::Descending => (left.saturating_sub(count - 1).max(1), left),
        Direction::Ascending => (offset + 1, offset.saturating_add(count).min(messages)),
    })
}

/// What was told of the messages with these sequence numbers, newest first.
fn in_window(completions: &[Completion], (oldest, newest): (u32, u32)) -> Vec<Heard> {
    let mut of_number: Vec<_> =
        heard(completions).filter(|(number, _)| (oldest..=newest).contains(number)).collect();
    of_number.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    let mut seen = BTreeSet::new();
    of_number.into_iter().map(|(_, heard)| heard).filter(|heard| seen.insert(heard.uid())).collect()
}

/// What was told of each message. Numbers may have changed on the way, so that one message is told of under two.
fn by_uid(completions: &[Completion]) -> BTreeMap<Uid, Heard> {
    let mut all: BTreeMap<Uid, Heard> = BTreeMap::new();
    for (_, heard) in heard(completions) {
        match all.entry(heard.uid()) {
            Entry::Vacant(entry) => {
                entry.insert(heard);
            }
            Entry::Occupied(mut entry) => match (entry.get_mut(), heard) {
                (Heard::Row(row), Heard::Flags(_, flags)) => row.flags = flags,
                (earlier, heard) => *earlier = heard,
            },
        }
    }
    all
}

#[cfg(test)]
mod tests;
