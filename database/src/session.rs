//! Browser sessions: found by a hash of the browser's token, opened by the token itself.
//!
//! A session ends at the earliest of three: somebody deletes it, nobody is seen for its idle time, or its absolute
//! end comes. The last two are stored with it, so that no later save can move them. A deleted or ended session is
//! never revived by a save that was under way.

mod owner;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use secrecy::SecretBox;
use sha2::{Digest, Sha256};
use sqlx::Row;
use tokio::sync::broadcast;

pub use self::owner::{Ended, Handle, Introduction, Listed};

use crate::Database;
use crate::error::Result;
use crate::seal::{Purpose, Sealed, ServerKey};

/// Bytes of a session's token: 128 bits of chance, which the browser keeps in its cookie.
pub const TOKEN_BYTES: usize = 16;

/// Keeps the hash of a token apart from every other hash of the same bytes.
const HASH_LABEL: &[u8] = b"pennypost session row v1\0";

/// "Last seen" is not written more often than this, nor than a tenth of the idle time. An idle session ends that
/// much early at most.
const SEEN_STEP: i64 = 60;

/// Sessions of which the last noted use is remembered before those are forgotten that are due anyway.
const NOTED: usize = 4_096;

/// Endings that a listener may be behind before it has to look for itself.
const ENDINGS: usize = 256;

/// Sessions that are remembered opened at most.
const REMEMBERED: usize = 4_096;

/// How long a session that was read is believed without asking again, so that a page and all that it asks for cost one
/// question. Whatever ends a session in this process is known at once.
const BELIEVED: Duration = Duration::from_secs(1);

/// A session as it was read, opened.
struct Remembered {
    record: Arc<SecretBox<Vec<u8>>>,
    read: Instant,
    /// Nobody was alive in it from then on, by what was read.
    ends_at: i64,
}

/// The token of a session, as its cookie says it. Never stored, never printed.
pub type Token = [u8; TOKEN_BYTES];

/// The key of the row of a token.
fn row_of(token: &Token) -> Vec<u8> {
    Sha256::new().chain_update(HASH_LABEL).chain_update(token).finalize().to_vec()
}

/// All browser sessions. Cloning is cheap.
#[derive(Clone)]
pub struct Sessions {
    database: Database,
    key: Arc<ServerKey>,
    idle_seconds: i64,
    /// When sessions were last seen, as it is stored, so that most requests need not ask.
    noted: Arc<Mutex<HashMap<Vec<u8>, i64>>>,
    remembered: Arc<Mutex<HashMap<Vec<u8>, Remembered>>>,
    /// How often a session ended or was saved here.
    changes: Arc<AtomicU64>,
    /// How many endings this process knows of, its own and those of others.
    endings_seen: Arc<AtomicI64>,
    /// Tells of each that was ended before its time.
    ended: broadcast::Sender<Ended>,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sessions").field("idle_seconds", &self.idle_seconds).finish_non_exhaustive()
    }
}

impl Sessions {
    /// Sessions of this database, sealed with this key. New ones end when nobody is seen for `idle_seconds`.
    pub fn new(database: &Database, key: Arc<ServerKey>, idle_seconds: i64) -> Self {
        Self {
            database: database.clone(),
            key,
            idle_seconds,
            noted: Arc::default(),
            remembered: Arc::default(),
            changes: Arc::default(),
            endings_seen: Arc::default(),
            ended: broadcast::Sender::new(ENDINGS),
        }
    }

    /// Replaces the record of a session that is alive; `false` if it is not. Neither end of the session moves.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn save(&self, token: &Token, record: &[u8], now: i64) -> Result<bool> {
        let row = row_of(token);
        let sealed = Sealed::seal(record, &self.key, token, Purpose::SESSION_RECORD, &row)?;
        let saved = sqlx::query(
            "UPDATE sessions SET record = $1 \
             WHERE id_hash = $2 AND expires_at > $3 AND last_seen_at + idle_seconds > $4",
        )
        .bind(sealed.0)
        .bind(row.as_slice())
        .bind(now)
        .bind(now)
        .execute(&self.database.writer)
        .await?;
        self.forget(&row);
        Ok(saved.rows_affected() > 0)
    }

    /// The record of a session that is alive. Asking is not being seen: see [`Sessions::seen`].
    ///
    /// # Errors
    /// [`crate::Error::SealBroken`] if the row was tampered with or sealed with another server key. Nobody is signed in
    /// by such a session, and it is safe to delete it.
    pub async fn load(&self, token: &Token, now: i64) -> Result<Option<Arc<SecretBox<Vec<u8>>>>> {
        let row = row_of(token);
        if let Some(known) = self.remembered().get(&row)
            && known.read.elapsed() < BELIEVED
            && now < known.ends_at
        {
            return Ok(Some(known.record.clone()));
        }
        self.load_anew(token, now).await
    }

    /// The same as the database has it now, whatever was read before: for whoever is about to change something.
    ///
    /// # Errors
    /// As [`Sessions::load`].
    pub async fn load_anew(&self, token: &Token, now: i64) -> Result<Option<Arc<SecretBox<Vec<u8>>>>> {
        let row = row_of(token);
        let (read, changes) = (Instant::now(), self.changes.load(Ordering::SeqCst));
        let found = sqlx::query(
            "SELECT record, expires_at, last_seen_at + idle_seconds AS idle_end FROM sessions \
             WHERE id_hash = $1 AND expires_at > $2 AND last_seen_at + idle_seconds > $3",
        )
        .bind(row.as_slice())
        .bind(now)
        .bind(now)
        .fetch_optional(&self.database.readers)
        .await?;
        let Some(found) = found else { return Ok(None) };
        let sealed = Sealed(found.try_get("record")?);
        let record = Arc::new(sealed.open(&self.key, token, Purpose::SESSION_RECORD, &row)?);
        let ends_at = found.try_get::<i64, _>("expires_at")?.min(found.try_get("idle_end")?);
        let mut remembered = self.remembered();
        if remembered.len() >= REMEMBERED {
            remembered.retain(|_, known| known.read.elapsed() < BELIEVED);
        }
        // One that ended while it was read must not come back.
        if self.changes.load(Ordering::SeqCst) == changes && remembered.len() < REMEMBERED {
            remembered.insert(row, Remembered { record: record.clone(), read, ends_at });
        }
        Ok(Some(record))
    }

    /// Notes that a person was seen, which puts off the idle end. Cheap to call for every request that a person
    /// caused: most calls only look into memory. Not for requests that a page makes on its own.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn seen(&self, token: &Token, now: i64) -> Result<()> {
        let row = row_of(token);
        let step = SEEN_STEP.min(self.idle_seconds / 10);
        if self.noted().get(&row).is_some_and(|noted| (0..step).contains(&now.saturating_sub(*noted))) {
            return Ok(());
        }
        let last: Option<i64> = sqlx::query_scalar("SELECT last_seen_at FROM sessions WHERE id_hash = $1")
            .bind(row.as_slice())
            .fetch_optional(&self.database.readers)
            .await?;
        let Some(mut last) = last else { return Ok(()) };
        if last <= now.saturating_sub(step) {
            sqlx::query(
                "UPDATE sessions SET last_seen_at = $1 WHERE id_hash = $2 AND last_seen_at < $3 \
                 AND expires_at > $4 AND last_seen_at + idle_seconds > $5",
            )
            .bind(now)
            .bind(row.as_slice())
            .bind(now)
            .bind(now)
            .bind(now)
            .execute(&self.database.writer)
            .await?;
            last = now;
        }
        let mut noted = self.noted();
        if noted.len() >= NOTED {
            noted.retain(|_, noted| now.saturating_sub(*noted) < step);
        }
        noted.insert(row, last);
        Ok(())
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, HashMap<Vec<u8>, Remembered>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// After a row changed: what was read of it before is believed no longer.
    fn forget(&self, row: &[u8]) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.remembered().remove(row);
    }

    fn noted(&self) -> std::sync::MutexGuard<'_, HashMap<Vec<u8>, i64>> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes the rows of all sessions that ended; gives their number.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn delete_expired(&self, now: i64) -> Result<u64> {
        let deleted =
            sqlx::query("DELETE FROM sessions WHERE expires_at <= $1 OR last_seen_at + idle_seconds <= $2")
                .bind(now)
                .bind(now)
                .execute(&self.database.writer)
                .await?;
        Ok(deleted.rows_affected())
    }
}

#[cfg(test)]
mod tests;
