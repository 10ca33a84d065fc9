//! What can go wrong here, for the log: which step and which file, never what was being kept.

use std::path::PathBuf;

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not remembered or not found again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or its folder could not be made or read.
    #[error("{} could not be made or read", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The key file is not one that this crate wrote, or others may read it.
    #[error("key file {}: {why}", path.display())]
    KeyFile {
        /// The key file.
        path: PathBuf,
        /// What is wrong with it and what to do.
        why: String,
    },
    /// The database file could not be opened.
    #[error("database {} could not be opened", path.display())]
    Open {
        /// The database file.
        path: PathBuf,
        /// What the database said.
        source: Cause,
    },
    /// The tables could not be brought to the form that this version needs.
    #[error("the database could not be brought up to date")]
    Migrate(#[source] Cause),
    /// A question or change failed.
    #[error("the database did not answer")]
    Query(#[source] Cause),
    /// There is a session with this token already.
    #[error("there is a session with this token already")]
    AlreadyExists,
    /// A person has as many factors as one may have.
    #[error("a person has as many factors as one may have")]
    TooMany,
    /// The session was ended.
    #[error("the session was ended")]
    Gone,
    /// A sealed value does not open: it was changed, moved to another row, or sealed with another server key.
    #[error("a sealed value does not open: it was changed, moved, or sealed with another key file")]
    SealBroken,
    /// The system gave no random bytes.
    #[error("the system gave no random bytes")]
    Randomness,
}

/// The reason as the database gave it; opaque, so that no other crate comes to know which database it is.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Query(Box::new(error))
    }
}
