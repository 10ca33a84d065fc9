//! What one may do in a mailbox (RFC 4314).

use std::fmt;

use serde::{Deserialize, Serialize};

/// One right, named as the standard's letter (RFC 4314 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Right {
    /// `l`: it is listed.
    Lookup,
    /// `r`: read its messages.
    Read,
    /// `s`: keep the read state.
    KeepSeen,
    /// `w`: change other flags and keywords.
    Write,
    /// `i`: put messages in.
    Insert,
    /// `p`: send to it.
    Post,
    /// `k`: make mailboxes below it.
    CreateMailbox,
    /// `x`: delete or rename it.
    DeleteMailbox,
    /// `t`: mark messages deleted.
    DeleteMessages,
    /// `e`: expunge.
    Expunge,
    /// `a`: give rights.
    Administer,
}

/// A set of rights, as MYRIGHTS answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights(u16);

const LETTERS: [(char, Right); 11] = [
    ('l', Right::Lookup),
    ('r', Right::Read),
    ('s', Right::KeepSeen),
    ('w', Right::Write),
    ('i', Right::Insert),
    ('p', Right::Post),
    ('k', Right::CreateMailbox),
    ('x', Right::DeleteMailbox),
    ('t', Right::DeleteMessages),
    ('e', Right::Expunge),
    ('a', Right::Administer),
];

impl Rights {
    /// Reads the letters of MYRIGHTS. The obsolete `c` and `d` count as what they stood for (RFC 4314 §2.1.1);
    /// unknown letters are skipped.
    pub fn from_letters(letters: &str) -> Self {
        letters.chars().fold(Self::default(), |rights, letter| match letter {
            'c' => rights.with(Right::CreateMailbox).with(Right::DeleteMailbox),
            'd' => rights.with(Right::DeleteMessages).with(Right::Expunge),
            _ => LETTERS
                .iter()
                .find(|(known, _)| *known == letter)
                .map_or(rights, |(_, right)| rights.with(*right)),
        })
    }

    /// Every right: what the owner of a mailbox has.
    pub fn all() -> Self {
        LETTERS.iter().fold(Self::default(), |rights, (_, right)| rights.with(*right))
    }

    /// Whether the right is among them.
    pub fn allow(self, right: Right) -> bool {
        self.0 & bit(right) != 0
    }

    fn with(self, right: Right) -> Self {
        Self(self.0 | bit(right))
    }
}

fn bit(right: Right) -> u16 {
    1 << LETTERS.iter().position(|(_, known)| *known == right).unwrap_or_default()
}

impl fmt::Display for Rights {
    /// The letters, in the order of the standard.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        LETTERS
            .iter()
            .filter(|(_, right)| self.allow(*right))
            .try_for_each(|(letter, _)| write!(f, "{letter}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Right, Rights};

    #[test]
    fn letters_are_read_and_written_and_unknown_ones_skipped() {
        let rights = Rights::from_letters("lrZ9s");
        assert!(rights.allow(Right::Read) && !rights.allow(Right::Write));
        assert_eq!(rights.to_string(), "lrs");
    }

    #[test]
    fn obsolete_letters_count_as_what_they_stood_for() {
        assert!(Rights::from_letters("d").allow(Right::Expunge));
        assert!(Rights::from_letters("c").allow(Right::DeleteMailbox));
    }

    #[test]
    fn the_owner_may_do_everything() {
        assert_eq!(Rights::all().to_string(), "lrswipkxtea");
    }
}
