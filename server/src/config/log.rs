//! `[log]`: what is written to standard error.

use super::keys;
use super::load::Reader;
use super::value::Level;

/// What is written to standard error.
#[derive(Clone, Debug)]
pub struct Log {
    /// The least important line to write.
    pub level: Level,
}

impl Log {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { level: reader.default(&keys::LOG_LEVEL)? })
    }
}
