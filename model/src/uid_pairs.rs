//! Messages and their copies (RFC 4315 §3 `COPYUID`), as runs: what a hundred thousand copies in a row weigh is one run.

use serde::{Deserialize, Serialize};

use crate::uid::Uid;
use crate::uid_set::{NotAUidSet, RANGES, UidSet};

/// UIDs in pairs: that of a message in its mailbox, and that of its copy in the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UidPairs(Vec<Run>);

/// So many messages in a row whose copies are in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Run {
    original: Uid,
    copy: Uid,
    /// How many there are besides the first.
    more: u32,
}

impl UidPairs {
    /// Reads the two sets of a COPYUID code, in which the first belongs to the first and so on.
    ///
    /// # Errors
    /// [`NotAUidSet`] for what is no set, two of different length, or too many ranges.
    pub fn from_wire(originals: &str, copies: &str) -> Result<Self, NotAUidSet> {
        let (originals, copies) = (ranges(originals)?, ranges(copies)?);
        let (mut originals, mut copies) = (originals.into_iter(), copies.into_iter());
        let mut runs = Vec::new();
        let (mut one, mut other) = (originals.next(), copies.next());
        while let (Some((original, last)), Some((copy, last_copy))) = (one, other) {
            let more = (last.get() - original.get()).min(last_copy.get() - copy.get());
            runs.push(Run { original, copy, more });
            one = after(original, more, last).or_else(|| originals.next());
            other = after(copy, more, last_copy).or_else(|| copies.next());
        }
        if one.is_some() || other.is_some() {
            return Err(NotAUidSet);
        }
        runs.sort_unstable();
        Ok(Self(runs))
    }

    /// Adds those of another part of the same messages.
    pub fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
        self.0.sort_unstable();
    }

    /// Whether nothing is known of any copy.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The copy of a message.
    pub fn copy_of(&self, original: Uid) -> Option<Uid> {
        let after = self.0.partition_point(|run| run.original <= original);
        let run = after.checked_sub(1).and_then(|index| self.0.get(index))?;
        let step = original.get() - run.original.get();
        (step <= run.more).then(|| run.copy.get().checked_add(step).and_then(Uid::new)).flatten()
    }

    /// The messages.
    pub fn originals(&self) -> UidSet {
        self.0.iter().map(|run| (run.original, last(run.original, run.more))).collect()
    }

    /// Their copies.
    pub fn copies(&self) -> UidSet {
        self.0.iter().map(|run| (run.copy, last(run.copy, run.more))).collect()
    }
}

fn last(first: Uid, more: u32) -> Uid {
    Uid::new(first.get().saturating_add(more)).unwrap_or(first)
}

/// What is left of a range when its first and so many more are taken.
fn after(first: Uid, more: u32, last: Uid) -> Option<(Uid, Uid)> {
    let next = first.get().checked_add(more)?.checked_add(1).and_then(Uid::new)?;
    (next <= last).then_some((next, last))
}

/// Ranges in the order in which they are written; one that is written backwards means the same (RFC 4315 §4).
fn ranges(text: &str) -> Result<Vec<(Uid, Uid)>, NotAUidSet> {
    let mut ranges = Vec::new();
    for range in text.split(',') {
        if ranges.len() >= RANGES {
            return Err(NotAUidSet);
        }
        let (one, other) = range.split_once(':').unwrap_or((range, range));
        let one: Uid = one.parse().map_err(|_| NotAUidSet)?;
        let other: Uid = other.parse().map_err(|_| NotAUidSet)?;
        ranges.push((one.min(other), one.max(other)));
    }
    Ok(ranges)
}

#[cfg(test)]
mod tests {
    use super::UidPairs;
    use crate::uid::Uid;

    fn copy(pairs: &UidPairs, original: u32) -> Option<u32> {
        pairs.copy_of(Uid::new(original).unwrap()).map(Uid::get)
    }

    #[test]
    fn pairs_are_told_by_the_order_of_both_sets() {
        let pairs = UidPairs::from_wire("304,319:320,7", "3956:3958,10").unwrap();
        assert_eq!(
            (copy(&pairs, 304), copy(&pairs, 320), copy(&pairs, 7)),
            (Some(3956), Some(3958), Some(10))
        );
        assert_eq!((copy(&pairs, 305), copy(&pairs, 6), copy(&pairs, 321)), (None, None, None));
        assert_eq!(pairs.copies().to_string(), "10,3956:3958");
        assert_eq!(pairs.originals().to_string(), "7,304,319:320");
    }

    #[test]
    fn sets_of_different_length_say_nothing() {
        for (one, other) in [("1:3", "1:2"), ("1", "1,2"), ("", "1"), ("1:*", "1"), ("0", "1"), ("x", "y")] {
            assert!(UidPairs::from_wire(one, other).is_err(), "{one} {other}");
        }
    }

    #[test]
    fn everything_weighs_nothing() {
        let pairs = UidPairs::from_wire("1:4294967295", "1,2:4294967295").unwrap();
        assert_eq!(copy(&pairs, u32::MAX), Some(u32::MAX));
    }
}
