//! Second factors: which ones a person has, and which of their codes were used.
//!
//! What a factor is checked with comes and goes as bytes; whoever checks it knows what they mean. Names and credentials
//! are sealed under the server's key for the row that they stand in, so that a row that is moved to another person does not
//! open. Whether a code was used already is decided by one change of one row, for all processes.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use chacha20poly1305::aead::Generate;
use secrecy::{ExposeSecret, SecretBox};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::Database;
use crate::error::{Error, Result};
use crate::person::PersonId;
use crate::seal::{Purpose, Sealed, ServerKey};

/// Factors that one person may have.
pub const MOST: i64 = 20;

/// Bytes of an identifier, by chance.
const ID_BYTES: usize = 16;

/// What is sealed here, the server must open by itself: no browser holds a token for it.
const NO_TOKEN: &[u8] = b"";

/// The factors of everybody. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Factors {
    database: Database,
    key: Arc<ServerKey>,
}

/// Names a factor to its person, as 32 hexadecimal digits, and opens nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FactorId([u8; ID_BYTES]);

/// What a factor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FactorKind {
    /// An app that shows codes.
    Totp,
    /// A passkey or security key.
    Passkey,
}

/// A second factor of a person.
pub struct Factor {
    /// Its name in requests.
    pub id: FactorId,
    /// What it is.
    pub kind: FactorKind,
    /// What its person calls it.
    pub name: String,
    /// What it is checked with, as it was added.
    pub credential: SecretBox<Vec<u8>>,
    /// When it was set up.
    pub created_at: i64,
    /// When it was last used.
    pub used_at: Option<i64>,
    /// The last step whose code was used, or how often the passkey signed; 0 before the first time.
    pub last_step: i64,
}

impl Factors {
    /// Those of this database, sealed with this key.
    pub fn new(database: &Database, key: Arc<ServerKey>) -> Self {
        Self { database: database.clone(), key }
    }

    /// The factors of a person, oldest first.
    ///
    /// # Errors
    /// [`Error::SealBroken`] if a row was tampered with or moved. Nobody may then be let in without it.
    pub async fn list(&self, person: &PersonId) -> Result<Vec<Factor>> {
        let rows = sqlx::query(
            "SELECT id, kind, created_at, used_at, last_step, name, credential FROM factors \
             WHERE person = $1 ORDER BY created_at, id",
        )
        .bind(person.as_bytes())
        .fetch_all(&self.database.readers)
        .await?;
        rows.iter().map(|row| self.open(person, row)).collect()
    }

    /// Adds a factor to a person. `last_step` is the step of the code that was shown with it, so that it counts as used; for a
    /// passkey 0.
    ///
    /// # Errors
    /// [`Error::TooMany`] above [`MOST`]; then it is not added.
    pub async fn add(
        &self,
        person: &PersonId,
        kind: FactorKind,
        name: &str,
        credential: &[u8],
        last_step: i64,
        now: i64,
    ) -> Result<FactorId> {
        let id = FactorId(<[u8; ID_BYTES]>::try_generate().map_err(|_| Error::Randomness)?);
        let bound = bound(person, &id, kind);
        let seal = |value: &[u8], purpose| Sealed::seal(value, &self.key, NO_TOKEN, purpose, &bound);
        let mut change = self.database.writer.begin().await?;
        sqlx::query(
            "INSERT INTO factors (id, person, kind, created_at, last_step, name, credential) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(id.0.as_slice())
        .bind(person.as_bytes())
        .bind(kind.as_str())
        .bind(now)
        .bind(last_step)
        .bind(seal(name.as_bytes(), Purpose::FACTOR_NAME)?.0)
        .bind(seal(credential, Purpose::FACTOR_CREDENTIAL)?.0)
        .execute(&mut *change)
        .await?;
        let all: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM factors WHERE person = $1")
            .bind(person.as_bytes())
            .fetch_one(&mut *change)
            .await?;
        if all > MOST {
            return Err(Error::TooMany);
        }
        change.commit().await?;
        Ok(id)
    }

    /// Calls a factor by another name; `false` if the person has no such factor.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn rename(&self, person: &PersonId, id: &FactorId, name: &str) -> Result<bool> {
        let Some(kind) = self.kind(person, id).await? else { return Ok(false) };
        let bound = bound(person, id, kind);
        let sealed = Sealed::seal(name.as_bytes(), &self.key, NO_TOKEN, Purpose::FACTOR_NAME, &bound)?;
        let renamed = sqlx::query("UPDATE factors SET name = $1 WHERE id = $2 AND person = $3")
            .bind(sealed.0)
            .bind(id.0.as_slice())
            .bind(person.as_bytes())
            .execute(&self.database.writer)
            .await?;
        Ok(renamed.rows_affected() == 1)
    }

    /// Uses the code of a step; `false` if that or a later one was used, or the person has no such factor. Of any number that
    /// try at the same time, in any number of processes, one is told `true`.
    ///
    /// # Errors
    /// If the database fails; nobody may then be let in.
    #[must_use = "only `true` lets somebody in"]
    pub async fn use_step(&self, person: &PersonId, id: &FactorId, step: i64, now: i64) -> Result<bool> {
        let used = sqlx::query(
            "UPDATE factors SET last_step = $1, used_at = $2 WHERE id = $3 AND person = $4 AND last_step < $5",
        )
        .bind(step)
        .bind(now)
        .bind(id.0.as_slice())
        .bind(person.as_bytes())
        .bind(step)
        .execute(&self.database.writer)
        .await?;
        Ok(used.rows_affected() == 1)
    }

    /// Keeps a passkey as it is after it signed, `counter` times by what it says; `false` if it had signed as often before,
    /// which says that there may be a copy of it, or if the person has no such factor. A passkey that does not count says 0.
    ///
    /// # Errors
    /// If the database fails; nobody may then be let in.
    #[must_use = "only `true` lets somebody in"]
    pub async fn replace_credential(
        &self,
        person: &PersonId,
        id: &FactorId,
        credential: &[u8],
        counter: i64,
        now: i64,
    ) -> Result<bool> {
        let Some(kind) = self.kind(person, id).await? else { return Ok(false) };
        let bound = bound(person, id, kind);
        let sealed = Sealed::seal(credential, &self.key, NO_TOKEN, Purpose::FACTOR_CREDENTIAL, &bound)?;
        let replaced = sqlx::query(
            "UPDATE factors SET credential = $1, last_step = $2, used_at = $3 WHERE id = $4 AND person = $5 \
             AND (last_step < $6 OR (last_step = 0 AND last_step = $7))",
        )
        .bind(sealed.0)
        .bind(counter)
        .bind(now)
        .bind(id.0.as_slice())
        .bind(person.as_bytes())
        .bind(counter)
        .bind(counter)
        .execute(&self.database.writer)
        .await?;
        Ok(replaced.rows_affected() == 1)
    }

    /// Removes a factor; `false` if the person has no such factor. With the last one the recovery codes go.
    ///
    /// # Errors
    /// If the database fails; then all is as it was.
    pub async fn remove(&self, person: &PersonId, id: &FactorId) -> Result<bool> {
        let mut change = self.database.writer.begin().await?;
        let removed = sqlx::query("DELETE FROM factors WHERE id = $1 AND person = $2")
            .bind(id.0.as_slice())
            .bind(person.as_bytes())
            .execute(&mut *change)
            .await?;
        sqlx::query(
            "DELETE FROM recovery_codes WHERE person = $1 \
             AND NOT EXISTS (SELECT 1 FROM factors WHERE person = $2)",
        )
        .bind(person.as_bytes())
        .bind(person.as_bytes())
        .execute(&mut *change)
        .await?;
        change.commit().await?;
        Ok(removed.rows_affected() == 1)
    }

    /// Removes all factors of a person, and the recovery codes; gives the number of factors.
    ///
    /// # Errors
    /// If the database fails; then all is as it was.
    pub async fn remove_all(&self, person: &PersonId) -> Result<u64> {
        let mut change = self.database.writer.begin().await?;
        let removed = sqlx::query("DELETE FROM factors WHERE person = $1")
            .bind(person.as_bytes())
            .execute(&mut *change)
            .await?;
        sqlx::query("DELETE FROM recovery_codes WHERE person = $1")
            .bind(person.as_bytes())
            .execute(&mut *change)
            .await?;
        change.commit().await?;
        Ok(removed.rows_affected())
    }

    /// When a person was first seen: now, unless it was before. For the time in which a second factor must be set up.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn first_seen(&self, person: &PersonId, now: i64) -> Result<i64> {
        const SEEN: &str = "SELECT first_seen_at FROM people WHERE person = $1";
        let known: Option<i64> =
            sqlx::query_scalar(SEEN).bind(person.as_bytes()).fetch_optional(&self.database.readers).await?;
        if let Some(first) = known {
            return Ok(first);
        }
        sqlx::query(
            "INSERT INTO people (person, first_seen_at) VALUES ($1, $2) ON CONFLICT (person) DO NOTHING",
        )
        .bind(person.as_bytes())
        .bind(now)
        .execute(&self.database.writer)
        .await?;
        // Somebody else may have been quicker.
        Ok(sqlx::query_scalar(SEEN).bind(person.as_bytes()).fetch_one(&self.database.writer).await?)
    }

    async fn kind(&self, person: &PersonId, id: &FactorId) -> Result<Option<FactorKind>> {
        let kind: Option<String> =
            sqlx::query_scalar("SELECT kind FROM factors WHERE id = $1 AND person = $2")
                .bind(id.0.as_slice())
                .bind(person.as_bytes())
                .fetch_optional(&self.database.readers)
                .await?;
        kind.map(|kind| FactorKind::read(&kind)).transpose()
    }

    fn open(&self, person: &PersonId, row: &SqliteRow) -> Result<Factor> {
        let id: Vec<u8> = row.try_get("id")?;
        let id = FactorId(id.try_into().map_err(|_| Error::SealBroken)?);
        let kind = FactorKind::read(row.try_get("kind")?)?;
        let bound = bound(person, &id, kind);
        let open = |column: &str, purpose| -> Result<SecretBox<Vec<u8>>> {
            Sealed(row.try_get(column)?).open(&self.key, NO_TOKEN, purpose, &bound)
        };
        let name = open("name", Purpose::FACTOR_NAME)?.expose_secret().clone();
        Ok(Factor {
            id,
            kind,
            name: String::from_utf8(name).map_err(|_| Error::SealBroken)?,
            credential: open("credential", Purpose::FACTOR_CREDENTIAL)?,
            created_at: row.try_get("created_at")?,
            used_at: row.try_get("used_at")?,
            last_step: row.try_get("last_step")?,
        })
    }
}

/// What name and credential are bound to: whose factor, which, and what it is. All but the last are of one length.
fn bound(person: &PersonId, id: &FactorId, kind: FactorKind) -> Vec<u8> {
    [person.as_bytes(), &id.0, kind.as_str().as_bytes()].concat()
}

impl FactorKind {
    /// As it stands in its column.
    fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Passkey => "passkey",
        }
    }

    fn read(column: &str) -> Result<Self> {
        [Self::Totp, Self::Passkey].into_iter().find(|kind| kind.as_str() == column).ok_or(Error::SealBroken)
    }
}

impl fmt::Display for FactorId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for FactorId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "FactorId({self})")
    }
}

/// That is no name of a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no name of a factor")]
pub struct NoFactorId;

impl FromStr for FactorId {
    type Err = NoFactorId;

    fn from_str(text: &str) -> std::result::Result<Self, NoFactorId> {
        let hexadecimal = text.bytes().all(|digit| digit.is_ascii_hexdigit());
        if text.len() != ID_BYTES * 2 || !hexadecimal {
            return Err(NoFactorId);
        }
        u128::from_str_radix(text, 16).map(|id| Self(id.to_be_bytes())).map_err(|_| NoFactorId)
    }
}

impl fmt::Debug for Factor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Factor")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
