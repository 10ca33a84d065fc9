//! Browsers that people signed in with, known by a token of their own that they keep for long. It is no session: it tells
//! that somebody was here before, and for a time it spares them the second factor, never the password.

use std::fmt;
use std::sync::Arc;

use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use sqlx::Row;

use crate::error::{Error, Result};
use crate::seal::{Purpose, Sealed};
use crate::session::{Handle, Token};
use crate::{Database, PersonId, ServerKey};

/// Keeps the hash apart from every other hash of the same bytes.
const HASH_LABEL: &[u8] = b"pennypost device row v1\0";

/// All known browsers. Cloning is cheap.
#[derive(Clone)]
pub struct Devices {
    database: Database,
    key: Arc<ServerKey>,
}

impl fmt::Debug for Devices {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Devices")
    }
}

/// A browser as it is known.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its name for its person.
    pub handle: Handle,
    /// When it was last trusted; 0 when it never was.
    pub trusted_at: i64,
    /// Until when it spares its person the second factor; 0 when it does not.
    pub trusted_until: i64,
    /// From where and with what it was last seen, in words of the caller.
    pub origin: Vec<u8>,
}

/// The key of the row of one person in one browser.
fn row_of(token: &Token, person: PersonId) -> Vec<u8> {
    Sha256::new()
        .chain_update(HASH_LABEL)
        .chain_update(token)
        .chain_update(person.as_bytes())
        .finalize()
        .to_vec()
}

impl Devices {
    /// Those of this database.
    pub fn new(database: &Database, key: Arc<ServerKey>) -> Self {
        Self { database: database.clone(), key }
    }

    /// The browser with this token, if this person signed in with it before.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn find(&self, token: &Token, person: PersonId) -> Result<Option<Device>> {
        let found =
            sqlx::query("SELECT handle, trusted_at, trusted_until, origin FROM devices WHERE id_hash = $1")
                .bind(row_of(token, person))
                .fetch_optional(&self.database.readers)
                .await?;
        found.map(|row| self.device(&row)).transpose()
    }

    /// Notes that this person signed in with it. What it is trusted with stays as it is.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn note(
        &self,
        token: &Token,
        person: PersonId,
        handle: Handle,
        origin: &[u8],
        now: i64,
    ) -> Result<()> {
        let known = self.find(token, person).await?;
        let handle = known.map_or(handle, |known| known.handle);
        let sealed = Sealed::seal(origin, &self.key, &[], Purpose::DEVICE_ORIGIN, &handle.0)?;
        sqlx::query(
            "INSERT INTO devices (id_hash, handle, person, created_at, seen_at, trusted_at, trusted_until, origin) \
             VALUES ($1, $2, $3, $4, $5, 0, 0, $6) \
             ON CONFLICT (id_hash) DO UPDATE SET seen_at = excluded.seen_at, origin = excluded.origin",
        )
        .bind(row_of(token, person))
        .bind(handle.0.as_slice())
        .bind(person.as_bytes())
        .bind(now)
        .bind(now)
        .bind(sealed.0)
        .execute(&self.database.writer)
        .await?;
        Ok(())
    }

    /// Trusts a noted browser until then.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn trust(&self, token: &Token, person: PersonId, now: i64, until: i64) -> Result<()> {
        sqlx::query("UPDATE devices SET trusted_at = $1, trusted_until = $2 WHERE id_hash = $3")
            .bind(now)
            .bind(until)
            .bind(row_of(token, person))
            .execute(&self.database.writer)
            .await?;
        Ok(())
    }

    /// The browsers that a person trusts now, the last trusted first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn trusted(&self, person: PersonId, now: i64) -> Result<Vec<Device>> {
        let rows = sqlx::query(
            "SELECT handle, trusted_at, trusted_until, origin FROM devices \
             WHERE person = $1 AND trusted_until > $2 ORDER BY trusted_at DESC",
        )
        .bind(person.as_bytes())
        .bind(now)
        .fetch_all(&self.database.readers)
        .await?;
        rows.iter().map(|row| self.device(row)).collect()
    }

    /// Trusts one browser of a person no longer, or all of them; gives their number.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn distrust(&self, person: PersonId, handle: Option<Handle>) -> Result<u64> {
        let handle = handle.map(|handle| handle.0.to_vec());
        let distrusted = sqlx::query(
            "UPDATE devices SET trusted_until = 0 \
             WHERE person = $1 AND trusted_until > 0 AND ($2 IS NULL OR handle = $2)",
        )
        .bind(person.as_bytes())
        .bind(handle)
        .execute(&self.database.writer)
        .await?;
        Ok(distrusted.rows_affected())
    }

    /// Forgets browsers that were not seen since then.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn forget_unseen(&self, since: i64) -> Result<u64> {
        let forgotten = sqlx::query("DELETE FROM devices WHERE seen_at < $1")
            .bind(since)
            .execute(&self.database.writer)
            .await?;
        Ok(forgotten.rows_affected())
    }

    fn device(&self, row: &sqlx::sqlite::SqliteRow) -> Result<Device> {
        let bytes: Vec<u8> = row.try_get("handle")?;
        let handle = Handle(bytes.try_into().map_err(|_| Error::SealBroken)?);
        let sealed = Sealed(row.try_get("origin")?);
        let origin = match sealed.open(&self.key, &[], Purpose::DEVICE_ORIGIN, &handle.0) {
            Ok(origin) => origin.expose_secret().clone(),
            Err(Error::SealBroken) => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok(Device {
            handle,
            trusted_at: row.try_get("trusted_at")?,
            trusted_until: row.try_get("trusted_until")?,
            origin,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Devices;
    use crate::{Database, Handle, PersonId, ServerKey};

    const NOW: i64 = 1_800_000_000;

    #[tokio::test]
    async fn a_browser_is_trusted_by_one_person_until_its_time_is_over_or_they_say_so() {
        let database = Database::in_memory().await.unwrap();
        let key = Arc::new(ServerKey::generate().unwrap());
        let devices = Devices::new(&database, key.clone());
        let [ada, ben] =
            ["ada@example.org", "ben@example.org"].map(|login| PersonId::of(login, &key).unwrap());
        let token = [1; 16];
        assert!(devices.find(&token, ada).await.unwrap().is_none());
        devices.note(&token, ada, Handle([1; 16]), b"Firefox", NOW).await.unwrap();
        devices.note(&token, ben, Handle([2; 16]), b"Firefox", NOW).await.unwrap();
        devices.trust(&token, ada, NOW, NOW + 100).await.unwrap();
        devices.note(&token, ada, Handle([3; 16]), b"Firefox, later", NOW + 50).await.unwrap();
        let trusted = devices.trusted(ada, NOW + 99).await.unwrap();
        assert_eq!(trusted.len(), 1);
        assert_eq!(
            (trusted[0].handle, trusted[0].origin.as_slice()),
            (Handle([1; 16]), &b"Firefox, later"[..])
        );
        assert!(devices.trusted(ada, NOW + 100).await.unwrap().is_empty());
        assert!(devices.trusted(ben, NOW).await.unwrap().is_empty());
        assert_eq!(devices.distrust(ben, Some(Handle([1; 16]))).await.unwrap(), 0, "it is another's");
        assert_eq!(devices.distrust(ada, Some(Handle([1; 16]))).await.unwrap(), 1);
        assert_eq!(devices.find(&token, ada).await.unwrap().unwrap().trusted_until, 0);
        devices.trust(&token, ada, NOW, NOW + 100).await.unwrap();
        assert_eq!(devices.distrust(ada, None).await.unwrap(), 1);
        assert_eq!(devices.forget_unseen(NOW + 1).await.unwrap(), 1, "ben was not seen since");
    }
}
