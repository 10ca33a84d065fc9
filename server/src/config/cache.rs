//! `[cache]`: what is kept in memory of people's mail.

use super::keys;
use super::load::Reader;
use super::value::Bytes;

/// What is kept in memory of people's mail. None of it is ever written to disk.
#[derive(Clone, Debug)]
pub struct Cache {
    /// Most bytes for all people together.
    pub memory: usize,
}

impl Cache {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let Bytes(memory) = reader.default(&keys::CACHE_MEMORY)?;
        Some(Self { memory })
    }
}
