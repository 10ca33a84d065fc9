//! What only Pennypost remembers: all SQL and all sealing.
//!
//! Mail stays on the mail server; here is the little that no mail server keeps, in one SQLite file. The SQL is
//! plain enough for PostgreSQL. Time is always a parameter, in seconds since 1970-01-01 00:00 UTC.
//!
//! What must stay secret is sealed before it reaches SQL ([`seal`]), with keys that are not in the database: who
//! holds the file, even together with the server's key file, still opens no session ([`session`]). What second factors are
//! checked with ([`factor`], [`recovery`]) the server must open by itself: there the key file is what keeps it.

pub mod attempt;
pub mod device;
mod error;
pub mod event;
pub mod factor;
mod files;
pub mod link;
pub mod local;
mod migrations;
pub mod person;
pub mod picture_sender;
pub mod recovery;
pub mod seal;
pub mod session;

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

pub use attempt::{AttemptName, Attempts, Count};
pub use device::{Device, Devices};
pub use error::{Cause, Error, Result};
pub use event::{Events, Written};
pub use factor::{Factor, FactorId, FactorKind, Factors};
pub use link::Links;
pub use local::LocalKey;
pub use person::PersonId;
pub use picture_sender::PictureSenders;
pub use recovery::RecoveryCodes;
pub use seal::ServerKey;
pub use session::{Ended, Handle, Introduction, Listed, Sessions, TOKEN_BYTES, Token};

/// Connections that only read. Reading is short; more would only wait for the same disk.
const READERS: u32 = 4;

/// Longest wait for another process that holds the file, such as a backup.
const BUSY: Duration = Duration::from_secs(5);

/// Longest wait for a connection before a question fails.
const WAIT: Duration = Duration::from_secs(10);

/// The open database: one connection that writes, and a few that read beside it.
///
/// Cloning is cheap and gives another handle of the same database.
#[derive(Clone, Debug)]
pub struct Database {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Database {
    /// Opens the file, or makes it for its owner alone (0600, a missing folder 0700), and brings its tables up to
    /// date.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Open`], or [`Error::Migrate`] when a newer version of Pennypost wrote the file.
    pub async fn open(path: &Path) -> Result<Self> {
        files::make_parent(path)?;
        // SQLite gives the files that it keeps beside this one the same mode.
        files::make_private(path)?;
        let failed = |error: sqlx::Error| Error::Open { path: path.to_owned(), source: Box::new(error) };
        let options = options()
            .filename(path)
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            // A session that was ended stays ended, even when the power goes in the next moment.
            .synchronous(SqliteSynchronous::Full);
        let writer = lasting(1).connect_with(options.clone()).await.map_err(failed)?;
        migrations::run(&writer).await?;
        let readers = lasting(READERS).connect_with(options.read_only(true)).await.map_err(failed)?;
        Ok(Self { writer, readers })
    }

    /// A database that is gone when the last handle is, for tests.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub async fn in_memory() -> Result<Self> {
        // Every connection to memory would see a database of its own: one connection reads and writes.
        let failed = |error: sqlx::Error| Error::Open { path: ":memory:".into(), source: Box::new(error) };
        let writer = lasting(1).connect_with(options().in_memory(true)).await.map_err(failed)?;
        migrations::run(&writer).await?;
        Ok(Self { readers: writer.clone(), writer })
    }

    /// Waits for what is under way, folds the write-ahead log into the file, and closes.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// What every connection is told.
fn options() -> SqliteConnectOptions {
    SqliteConnectOptions::new().foreign_keys(true).busy_timeout(BUSY)
}

/// A pool whose connections stay open, so that no request pays for opening one and memory is not forgotten.
fn lasting(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(WAIT)
}
