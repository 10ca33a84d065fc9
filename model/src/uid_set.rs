//! Sets of UIDs, as ranges (RFC 9051 §9 `sequence-set`): what a hundred thousand messages in a row weigh is one range.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::uid::Uid;

/// Ranges in one set that are kept; whatever is beyond is refused.
pub const RANGES: usize = 100_000;

/// UIDs, each once, in ascending order. Empty is possible, though no command can be written with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UidSet(Vec<(Uid, Uid)>);

/// A text that is no set of UIDs, or one of more than [`RANGES`] ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a set of UIDs")]
pub struct NotAUidSet;

impl UidSet {
    /// All UIDs from one to the other, both among them, whichever comes first.
    pub fn range(one: Uid, other: Uid) -> Self {
        Self(vec![(one.min(other), one.max(other))])
    }

    /// Reads numbers and ranges in any order and direction, as VANISHED and ESEARCH bring them.
    ///
    /// # Errors
    /// [`NotAUidSet`] for zero, `*`, anything else, or too many ranges.
    pub fn from_wire(text: &str) -> Result<Self, NotAUidSet> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        Ok(Self::joined(ranges(text)?))
    }

    fn joined(mut ranges: Vec<(Uid, Uid)>) -> Self {
        ranges.sort_unstable();
        let mut joined: Vec<(Uid, Uid)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match joined.last_mut() {
                Some((_, end)) if first.get() <= end.get().saturating_add(1) => *end = last.max(*end),
                _ => joined.push((first, last)),
            }
        }
        joined.shrink_to_fit();
        Self(joined)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many UIDs, whether messages have them or not.
    pub fn len(&self) -> u64 {
        self.0.iter().map(|(first, last)| u64::from(last.get() - first.get()) + 1).sum()
    }

    /// Whether the UID is among them.
    pub fn contains(&self, uid: Uid) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= uid);
        after.checked_sub(1).and_then(|index| self.0.get(index)).is_some_and(|(_, last)| uid <= *last)
    }

    /// The lowest.
    pub fn first(&self) -> Option<Uid> {
        self.0.first().map(|(first, _)| *first)
    }

    /// The highest.
    pub fn last(&self) -> Option<Uid> {
        self.0.last().map(|(_, last)| *last)
    }

    /// The ranges, ascending.
    pub fn ranges(&self) -> impl Iterator<Item = (Uid, Uid)> {
        self.0.iter().copied()
    }

    /// Each UID, ascending. A range that a stranger made up may be four thousand million long: take what is needed.
    pub fn iter(&self) -> impl Iterator<Item = Uid> {
        self.0.iter().flat_map(|(first, last)| (first.get()..=last.get()).filter_map(Uid::new))
    }

    /// Those that are left when so many of the lowest are passed over, ascending. Costs no time for each of them.
    pub fn skip(&self, mut count: u64) -> impl Iterator<Item = Uid> {
        let ranges = self.0.iter().filter_map(move |(first, last)| {
            let length = u64::from(last.get() - first.get()) + 1;
            let passed = count.min(length);
            count -= passed;
            let begin = u32::try_from(passed).ok().and_then(|passed| first.get().checked_add(passed))?;
            (passed < length).then_some((begin, last.get()))
        });
        ranges.flat_map(|(first, last)| (first..=last).filter_map(Uid::new))
    }

    /// Those of either.
    pub fn union(&self, other: &Self) -> Self {
        Self::joined(self.0.iter().chain(&other.0).copied().collect())
    }

    /// Cut into sets of so many ranges and so many UIDs at most, so that what a server says of each UID stays bounded too.
    pub fn portions(&self, ranges: usize, uids: u32) -> Vec<Self> {
        let uids = uids.max(1);
        let mut portions: Vec<Self> = Vec::new();
        let mut room = 0;
        for (first, last) in &self.0 {
            let mut begin = Some(*first);
            while let Some(first) = begin {
                if room == 0 || portions.last().is_none_or(|portion| portion.0.len() >= ranges.max(1)) {
                    portions.push(Self::default());
                    room = uids;
                }
                let end = Uid::new(first.get().saturating_add(room - 1)).map_or(*last, |end| end.min(*last));
                room -= end.get() - first.get() + 1;
                if let Some(portion) = portions.last_mut() {
                    portion.0.push((first, end));
                }
                begin = end.get().checked_add(1).and_then(Uid::new).filter(|next| next <= last);
            }
        }
        portions
    }
}

/// A number or two with a colon between, as they are written.
///
/// # Errors
/// [`NotAUidSet`] for zero, `*` and anything else.
pub fn range(text: &str) -> Result<(Uid, Uid), NotAUidSet> {
    let (one, other) = text.split_once(':').unwrap_or((text, text));
    let uid = |text: &str| text.parse().map_err(|_| NotAUidSet);
    Ok((uid(one)?, uid(other)?))
}

/// Ranges in the order in which they are written; one that is written backwards means the same (RFC 9051 §9).
pub(crate) fn ranges(text: &str) -> Result<Vec<(Uid, Uid)>, NotAUidSet> {
    let mut ranges = Vec::new();
    for text in text.split(',') {
        if ranges.len() >= RANGES {
            return Err(NotAUidSet);
        }
        let (one, other) = range(text)?;
        ranges.push((one.min(other), one.max(other)));
    }
    Ok(ranges)
}

impl FromIterator<Uid> for UidSet {
    fn from_iter<I: IntoIterator<Item = Uid>>(uids: I) -> Self {
        Self::joined(uids.into_iter().map(|uid| (uid, uid)).collect())
    }
}

/// Ranges in any order and direction.
impl FromIterator<(Uid, Uid)> for UidSet {
    fn from_iter<I: IntoIterator<Item = (Uid, Uid)>>(ranges: I) -> Self {
        Self::joined(ranges.into_iter().map(|(one, other)| (one.min(other), one.max(other))).collect())
    }
}

impl fmt::Display for UidSet {
    /// As it is written in a command.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (first, last)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            match first == last {
                true => write!(f, "{comma}{first}")?,
                false => write!(f, "{comma}{first}:{last}")?,
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for UidSet {
    type Error = NotAUidSet;
    fn try_from(text: String) -> Result<Self, NotAUidSet> {
        Self::from_wire(&text)
    }
}

impl From<UidSet> for String {
    fn from(set: UidSet) -> Self {
        set.to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{NotAUidSet, UidSet};
    use crate::uid::Uid;

    fn uid(number: u32) -> Uid {
        Uid::new(number).unwrap()
    }

    #[test]
    fn ranges_in_any_order_and_direction_become_one_ascending_set() {
        let set = UidSet::from_wire("9:7,1,3:4,2,4294967295").unwrap();
        assert_eq!(set.to_string(), "1:4,7:9,4294967295");
        assert_eq!((set.len(), set.first(), set.last()), (8, Some(uid(1)), Some(uid(u32::MAX))));
        assert!(set.contains(uid(8)) && set.contains(uid(1)) && !set.contains(uid(5)));
        assert_eq!(set.iter().take(3).map(Uid::get).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn a_range_of_everything_weighs_nothing() {
        let set = UidSet::from_wire("1:4294967295").unwrap();
        assert_eq!(set.len(), 4_294_967_295);
        assert_eq!(set.union(&UidSet::range(uid(3), uid(2))), set);
    }

    #[test]
    fn what_is_no_set_is_refused() {
        for text in ["0", "1:*", "1,,2", "a", "1:2:3", "-1", "1 2", "+1"] {
            assert_eq!(UidSet::from_wire(text), Err(NotAUidSet), "{text}");
        }
        assert!(UidSet::from_wire("").unwrap().is_empty());
    }

    #[test]
    fn passing_over_the_lowest_goes_by_ranges() {
        let set = UidSet::from_wire("1:3,5,4294967290:4294967295").unwrap();
        let left = |count| set.skip(count).map(Uid::get).take(3).collect::<Vec<_>>();
        assert_eq!(left(0), [1, 2, 3]);
        assert_eq!(left(2), [3, 5, 4_294_967_290]);
        assert_eq!(left(9), [4_294_967_295]);
        assert_eq!(left(10), [0_u32; 0]);
    }

    #[test]
    fn portions_have_few_ranges_and_few_uids_and_lose_none() {
        let set = UidSet::from_wire("1:7,9,11,4294967295").unwrap();
        let portions = |ranges, uids| -> Vec<String> {
            set.portions(ranges, uids).iter().map(ToString::to_string).collect()
        };
        assert_eq!(portions(2, 3), ["1:3", "4:6", "7,9", "11,4294967295"]);
        assert_eq!(portions(100, 100), [set.to_string()]);
        assert!(UidSet::default().portions(9, 9).is_empty());
    }

    #[test]
    fn single_uids_that_touch_join_and_portions_stay_short() {
        let set: UidSet = [5, 1, 2, 9, 3].into_iter().map(uid).collect();
        assert_eq!(set.to_string(), "1:3,5,9");
        assert_eq!(
            set.portions(2, u32::MAX).iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["1:3,5", "9"]
        );
    }

    /// Ranges as a server may write them, and what is in them.
    fn written() -> impl Strategy<Value = (String, BTreeSet<u32>)> {
        let range = (1_u32..60, 0_u32..9, any::<bool>()).prop_map(|(first, more, backwards)| {
            let (one, other) = if backwards { (first + more, first) } else { (first, first + more) };
            let text = if more == 0 { first.to_string() } else { format!("{one}:{other}") };
            (text, first..=first + more)
        });
        prop::collection::vec(range, 0..12).prop_map(|ranges| {
            let texts: Vec<_> = ranges.iter().map(|(text, _)| text.as_str()).collect();
            (texts.join(","), ranges.iter().flat_map(|(_, range)| range.clone()).collect())
        })
    }

    fn numbers(set: &UidSet) -> BTreeSet<u32> {
        set.iter().map(Uid::get).collect()
    }

    proptest! {
        #[test]
        fn a_set_holds_what_was_written_and_survives_its_text((text, held) in written()) {
            let set = UidSet::from_wire(&text).unwrap();
            prop_assert_eq!(numbers(&set), held.clone());
            prop_assert_eq!(set.len(), held.len() as u64);
            prop_assert_eq!((set.first().map(Uid::get), set.last().map(Uid::get)), (held.first().copied(), held.last().copied()));
            prop_assert!((1..80).all(|number| set.contains(uid(number)) == held.contains(&number)));
            prop_assert_eq!(UidSet::from_wire(&set.to_string()), Ok(set.clone()));
            prop_assert_eq!(held.into_iter().map(uid).collect::<UidSet>(), set);
        }

        #[test]
        fn a_union_holds_what_either_holds(((one, some), (other, more)) in (written(), written())) {
            let union = UidSet::from_wire(&one).unwrap().union(&UidSet::from_wire(&other).unwrap());
            prop_assert_eq!(numbers(&union), some.union(&more).copied().collect::<BTreeSet<_>>());
        }

        #[test]
        fn pieces_portions_and_what_is_passed_over_lose_none((text, held) in written(), ranges in 0_usize..5, uids in 0_u32..9, passed in 0_usize..90) {
            let set = UidSet::from_wire(&text).unwrap();
            let together = |sets: Vec<UidSet>| sets.iter().flat_map(numbers).collect::<Vec<_>>();
            prop_assert!(set.portions(ranges, uids).iter().all(|portion| portion.len() <= u64::from(uids.max(1))));
            prop_assert!(set.portions(ranges, uids).iter().all(|portion| portion.ranges().count() <= ranges.max(1)));
            prop_assert_eq!(together(set.portions(ranges, uids)), held.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(together(set.portions(ranges, u32::MAX)), held.iter().copied().collect::<Vec<_>>());
            let left: Vec<_> = set.skip(passed as u64).map(Uid::get).collect();
            prop_assert_eq!(left, held.into_iter().skip(passed).collect::<Vec<_>>());
        }

        #[test]
        fn nothing_that_looks_like_a_set_makes_the_reader_fail(text in "[0-9:,* +-]{0,60}") {
            if let Ok(set) = UidSet::from_wire(&text) {
                prop_assert_eq!(UidSet::from_wire(&set.to_string()), Ok(set));
            }
        }
    }
}
