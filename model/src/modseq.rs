//! How far a mailbox has changed (RFC 7162).

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::uid::{NotANumber, UidValidity};

/// A modification sequence: each change of a mailbox has a higher one than all changes before. 63 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ModSeq(NonZeroU64);

impl ModSeq {
    /// From the number on the wire; `None` for zero, which stands for a mailbox that keeps none, and beyond 63 bits.
    pub fn new(number: u64) -> Option<Self> {
        NonZeroU64::new(number).filter(|number| number.get() <= i64::MAX.unsigned_abs()).map(Self)
    }

    /// The number as it travels on the wire.
    pub fn get(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Display for ModSeq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A moment in the history of a mailbox: whoever names it can be told what came after. As text: `1700000000.42`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// The epoch of the mailbox's UIDs.
    pub validity: UidValidity,
    /// The last change in it.
    pub modseq: ModSeq,
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.validity, self.modseq)
    }
}

impl FromStr for Moment {
    type Err = NotANumber;
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let (validity, modseq) = text.split_once('.').ok_or(NotANumber)?;
        if modseq.starts_with(|c: char| !matches!(c, '1'..='9')) {
            return Err(NotANumber);
        }
        let modseq = modseq.parse().ok().and_then(ModSeq::new).ok_or(NotANumber)?;
        Ok(Self { validity: validity.parse()?, modseq })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ModSeq, Moment};
    use crate::uid::UidValidity;

    #[test]
    fn a_moment_survives_its_text_and_has_one_spelling() {
        let moment: Moment = "1700000000.9223372036854775807".parse().unwrap();
        assert_eq!(moment.to_string(), "1700000000.9223372036854775807");
        for text in ["1.0", "0.1", "1", "1.+2", "1.9223372036854775808", "1.2.3", "1.02"] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }

    #[test]
    fn zero_means_that_a_mailbox_keeps_none() {
        assert_eq!(ModSeq::new(0), None);
    }

    proptest! {
        #[test]
        fn every_moment_survives_its_text(validity in 1_u32.., modseq in 1_u64..=i64::MAX as u64) {
            let moment = Moment { validity: UidValidity::new(validity).unwrap(), modseq: ModSeq::new(modseq).unwrap() };
            prop_assert_eq!(moment.to_string().parse(), Ok(moment));
        }

        #[test]
        fn whatever_is_read_as_a_moment_is_how_it_is_written(text in "[0-9+. -]{0,24}") {
            if let Ok(moment) = text.parse::<Moment>() {
                prop_assert_eq!(moment.to_string(), text);
            }
        }
    }
}
