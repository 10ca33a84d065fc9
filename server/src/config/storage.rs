//! `[storage]`: where the little that is kept here lies.

use std::path::PathBuf;

use super::keys;
use super::load::Reader;

/// Where the little that is kept here lies.
#[derive(Clone, Debug)]
pub struct Storage {
    /// The folder; made if it is missing.
    pub directory: PathBuf,
}

impl Storage {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { directory: reader.default(&keys::STORAGE_DIRECTORY)? })
    }

    /// The database.
    pub fn database_file(&self) -> PathBuf {
        self.directory.join("pennypost.db")
    }

    /// The server's key, which seals what the database keeps.
    pub fn key_file(&self) -> PathBuf {
        self.directory.join("pennypost.key")
    }
}
