//! Who said how much, turn by turn.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A place in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// In what the client says in this turn: so many bytes of it reach the server.
    Asking {
        /// Which turn, from 0.
        turn: usize,
        /// After so many of its bytes.
        bytes: u64,
    },
    /// In what the server says in this turn: so many bytes of it reach the client, and there is more.
    Answering {
        /// Which turn, from 0.
        turn: usize,
        /// After so many of its bytes.
        bytes: u64,
    },
}

impl Spot {
    /// The turn in which it is.
    pub fn turn(self) -> usize {
        match self {
            Self::Asking { turn, .. } | Self::Answering { turn, .. } => turn,
        }
    }
}

/// What the client said until the server answered, and what the server said until the client spoke again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// The beginning of what the client said.
    pub words: String,
    /// Bytes of the client.
    pub asked: u64,
    /// Bytes of the server.
    pub answered: u64,
}

/// As much as it takes to know a command.
const WORDS: usize = 400;

/// The turns of one connection.
#[derive(Debug)]
pub(super) struct Talk(Mutex<Vec<Turn>>);

impl Default for Talk {
    fn default() -> Self {
        Self(Mutex::new(vec![Turn::default()]))
    }
}

impl Talk {
    pub(super) fn turns(&self) -> Vec<Turn> {
        self.all().clone()
    }

    /// The client says this. Gives how much of it comes before the spot, when the rest comes after.
    pub(super) fn ask(&self, piece: &[u8], spot: Option<Spot>) -> Option<usize> {
        let mut turns = self.all();
        if turns.last().is_some_and(|turn| turn.answered > 0) {
            turns.push(Turn::default());
        }
        let index = turns.len().saturating_sub(1);
        let turn = turns.last_mut()?;
        let room = WORDS.saturating_sub(turn.words.len()).min(piece.len());
        turn.words.push_str(&String::from_utf8_lossy(&piece[..room]));
        let before = match spot {
            Some(Spot::Asking { turn: at, bytes }) => before(index, turn.asked, piece, (at, bytes)),
            _ => None,
        };
        turn.asked += piece.len() as u64;
        before
    }

    /// The server says this. The same.
    pub(super) fn answer(&self, piece: &[u8], spot: Option<Spot>) -> Option<usize> {
        let mut turns = self.all();
        let index = turns.len().saturating_sub(1);
        let turn = turns.last_mut()?;
        let before = match spot {
            Some(Spot::Answering { turn: at, bytes }) => before(index, turn.answered, piece, (at, bytes)),
            _ => None,
        };
        turn.answered += piece.len() as u64;
        before
    }

    fn all(&self) -> MutexGuard<'_, Vec<Turn>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How much of a piece in this turn, of which so much was said before, is before the spot.
fn before(turn: usize, said: u64, piece: &[u8], (at, bytes): (usize, u64)) -> Option<usize> {
    let left = match turn.cmp(&at) {
        std::cmp::Ordering::Less => return None,
        std::cmp::Ordering::Equal => bytes.saturating_sub(said),
        // That turn was shorter than it was thought to be.
        std::cmp::Ordering::Greater => 0,
    };
    usize::try_from(left).ok().filter(|left| *left < piece.len())
}
