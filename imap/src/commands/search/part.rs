//! A part of a result, by its place (RFC 5267 §4.4, RFC 9394 §3.1).

use std::ops::Range;

use crate::error::Result;
use crate::wire::command::Command;

/// Places of a result, both among it, the first being 1; or, from the last, −1 being that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) struct Part(i64, i64);

impl Part {
    /// From places that begin at 0 and of which the last is not among it.
    pub(in crate::commands) fn at(places: &Range<u32>) -> Self {
        let begin = i64::from(places.start) + 1;
        Self(begin, i64::from(places.end).max(begin))
    }

    /// The same, counted from the end of the result.
    pub(in crate::commands) fn from_newest(places: &Range<u32>) -> Self {
        let Self(begin, end) = Self::at(places);
        Self(-begin, -end)
    }

    /// The place where it begins among so many, counted from 0.
    pub(in crate::commands) fn first(self, total: u32) -> u32 {
        let first = if self.0 < 0 { (i64::from(total) + self.1).max(0) } else { self.0 - 1 };
        u32::try_from(first).unwrap_or(u32::MAX)
    }

    pub(in crate::commands) fn write(self, command: Command) -> Result<Command> {
        let range = format!("{}:{}", self.0, self.1);
        command.word("RETURN").items(&["COUNT".to_owned(), "PARTIAL".to_owned(), range])
    }
}

#[cfg(test)]
mod tests {
    use super::Part;

    #[test]
    fn places_are_counted_from_one_and_from_minus_one() {
        assert_eq!(Part::at(&(0..50)), Part(1, 50));
        assert_eq!(Part::from_newest(&(0..50)), Part(-1, -50));
        assert_eq!(
            (Part(51, 100).first(60), Part(-51, -100).first(60), Part(-1, -50).first(60)),
            (50, 0, 10)
        );
    }
}
