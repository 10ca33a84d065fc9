//! Messages and their copies (RFC 4315 §3 `COPYUID`), as runs: what a hundred thousand copies in a row weigh is one run.

use serde::{Deserialize, Serialize};

use crate::uid::Uid;
use crate::uid_set::{NotAUidSet, UidSet, ranges};

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
    /// [`NotAUidSet`] for what is no set, two of different length, one that names a message twice, or too many ranges.
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
        let twice =
            |pair: &[Run]| matches!(pair, [one, next] if next.original <= last(one.original, one.more));
        if runs.windows(2).any(twice) { Err(NotAUidSet) } else { Ok(Self(runs)) }
    }

    /// Adds those of another part of the same messages. Of a message that is in both, one copy is known.
    pub fn extend(&mut self, more: Self) {
        let mut runs = std::mem::take(&mut self.0);
        runs.extend(more.0);
        runs.sort_unstable();
        for run in runs {
            let known = self.0.last().map(|before| last(before.original, before.more));
            self.0.extend(run.beyond(known));
        }
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

impl Run {
    /// What is left of it beyond a message.
    fn beyond(self, known: Option<Uid>) -> Option<Self> {
        let passed = match known {
            Some(known) => known.get().checked_add(1)?.saturating_sub(self.original.get()),
            None => 0,
        };
        let more = self.more.checked_sub(passed)?;
        let forward = |uid: Uid| uid.get().checked_add(passed).and_then(Uid::new);
        Some(Self { original: forward(self.original)?, copy: forward(self.copy)?, more })
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

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
    fn a_message_has_one_copy() {
        assert!(UidPairs::from_wire("1:9,4", "1:9,20").is_err());
        let mut pairs = UidPairs::from_wire("1:4294967295", "1:4294967295").unwrap();
        pairs.extend(UidPairs::from_wire("7:9,3", "1:3,9").unwrap());
        assert_eq!((copy(&pairs, 8), copy(&pairs, u32::MAX)), (Some(8), Some(u32::MAX)));
        let mut pairs = UidPairs::from_wire("3:6", "13:16").unwrap();
        pairs.extend(UidPairs::from_wire("5:9", "25:29").unwrap());
        assert_eq!((copy(&pairs, 6), copy(&pairs, 7), copy(&pairs, 9)), (Some(16), Some(27), Some(29)));
    }

    #[test]
    fn everything_weighs_nothing() {
        let pairs = UidPairs::from_wire("1:4294967295", "1,2:4294967295").unwrap();
        assert_eq!(copy(&pairs, u32::MAX), Some(u32::MAX));
    }

    /// UIDs, each once, in an order, written with ranges wherever one follows another.
    fn written(uids: &[u32]) -> String {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for uid in uids {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == *uid => *last = *uid,
                _ => ranges.push((*uid, *uid)),
            }
        }
        let texts: Vec<_> = ranges.iter().map(|(first, last)| format!("{first}:{last}")).collect();
        texts.join(",")
    }

    proptest! {
        #[test]
        fn each_message_has_the_copy_that_stands_in_its_place(
            originals in Just((1_u32..40).collect::<Vec<_>>()).prop_shuffle(),
            copies in Just((70_u32..110).collect::<Vec<_>>()).prop_shuffle(),
            (count, whole) in (1_usize..30, any::<bool>()),
        ) {
            let (mut originals, mut copies) = (originals, copies);
            originals.truncate(count);
            copies.truncate(count);
            if whole {
                originals.sort_unstable();
                copies.sort_unstable();
            }
            let pairs = UidPairs::from_wire(&written(&originals), &written(&copies)).unwrap();
            let known: BTreeMap<u32, u32> = originals.iter().copied().zip(copies.iter().copied()).collect();
            prop_assert!((1..45).all(|original| copy(&pairs, original) == known.get(&original).copied()));
            prop_assert_eq!(pairs.originals().len(), count as u64);
            prop_assert_eq!(pairs.copies().iter().map(Uid::get).max(), copies.iter().copied().max());
            copies.pop();
            prop_assert!(UidPairs::from_wire(&written(&originals), &written(&copies)).is_err());
        }

        #[test]
        fn whatever_is_added_each_message_has_one_copy(parts in prop::collection::vec((1_u32..30, 1_u32..90, 0_u32..9), 1..6)) {
            let mut pairs = UidPairs::default();
            for (original, copy, more) in parts {
                let range = |first: u32| format!("{first}:{}", first + more);
                pairs.extend(UidPairs::from_wire(&range(original), &range(copy)).unwrap());
                prop_assert!((original..=original + more).all(|original| super::tests::copy(&pairs, original).is_some()));
            }
            let copies = pairs.copies();
            prop_assert!(pairs.originals().iter().all(|original| pairs.copy_of(original).is_some_and(|copy| copies.contains(copy))));
        }

        #[test]
        fn nothing_that_looks_like_pairs_makes_the_reader_fail(one in "[0-9:,*]{0,30}", other in "[0-9:,*]{0,30}") {
            if let Ok(pairs) = UidPairs::from_wire(&one, &other) {
                let copies = pairs.copies();
                for original in pairs.originals().iter().take(100) {
                    prop_assert!(pairs.copy_of(original).is_some_and(|copy| copies.contains(copy)));
                }
            }
        }
    }
}
