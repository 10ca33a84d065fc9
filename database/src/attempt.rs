//! How often somebody tried in vain: counts that outlive a restart, under names that tell nobody whose they are.
//!
//! What a count means is for the server to say; here it is read and written in one step, so that attempts side by side
//! are all counted.

use hkdf::Hkdf;
use sha2::Sha256;
use sqlx::{Row, Sqlite, Transaction};

use crate::Database;
use crate::error::{Error, Result};
use crate::person::PersonId;
use crate::seal::ServerKey;

/// Bytes of a name.
const BYTES: usize = 32;

/// Names a count. Only the holder of the key file can make it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttemptName([u8; BYTES]);

impl AttemptName {
    /// Of a kind of count, the person that it is about, if it is about one, and a value such as a network address.
    ///
    /// # Errors
    /// None that is expected.
    pub fn of(kind: &str, person: Option<&PersonId>, value: &[u8], key: &ServerKey) -> Result<Self> {
        // Persons are all of one length, so that no value reads as the end of another person.
        let material = [person.map(PersonId::as_bytes).unwrap_or_default(), value].concat();
        let info = format!("pennypost attempts v1\0{kind}\0{}", person.is_some());
        let mut name = [0; BYTES];
        Hkdf::<Sha256>::new(Some(key.bytes()), &material)
            .expand(info.as_bytes(), &mut name)
            .map_err(|_| Error::SealBroken)?;
        Ok(Self(name))
    }
}

impl std::fmt::Debug for AttemptName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("AttemptName")
    }
}

/// What is known under a name. Nothing is known of a name that was never counted: all zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Attempts in vain.
    pub failures: i64,
    /// When the count began, or last changed.
    pub last_at: i64,
    /// Until when nobody is asked.
    pub until_at: i64,
}

/// All counts. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Attempts {
    database: Database,
}

impl Attempts {
    /// Counts of this database.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone() }
    }

    /// Reads these counts and writes what `decide` makes of them, in one step: nobody else changes them meanwhile. What
    /// `decide` leaves as it was is not written; what it sets to nothing is forgotten.
    ///
    /// # Errors
    /// If the database fails; then nothing was changed.
    pub async fn change<const N: usize, T>(
        &self,
        names: [AttemptName; N],
        decide: impl FnOnce(&mut [Count; N]) -> T + Send,
    ) -> Result<T> {
        // There is one connection that writes: whoever holds it is alone.
        let mut transaction = self.database.writer.begin().await?;
        let mut before = [Count::default(); N];
        for (name, count) in names.iter().zip(&mut before) {
            *count = read(&mut transaction, name).await?;
        }
        let mut after = before;
        let decided = decide(&mut after);
        for ((name, before), after) in names.iter().zip(before).zip(after) {
            if before != after {
                write(&mut transaction, name, after).await?;
            }
        }
        transaction.commit().await?;
        Ok(decided)
    }

    /// Forgets counts that did not change since `before` and hold nobody up at that time any more; gives their number.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn forget(&self, before: i64) -> Result<u64> {
        let deleted = sqlx::query("DELETE FROM attempts WHERE last_at < $1 AND until_at < $2")
            .bind(before)
            .bind(before)
            .execute(&self.database.writer)
            .await?;
        Ok(deleted.rows_affected())
    }
}

async fn read(transaction: &mut Transaction<'_, Sqlite>, name: &AttemptName) -> Result<Count> {
    let row = sqlx::query("SELECT failures, last_at, until_at FROM attempts WHERE name = $1")
        .bind(name.0.as_slice())
        .fetch_optional(&mut **transaction)
        .await?;
    let Some(row) = row else { return Ok(Count::default()) };
    Ok(Count { failures: row.try_get(0)?, last_at: row.try_get(1)?, until_at: row.try_get(2)? })
}

async fn write(transaction: &mut Transaction<'_, Sqlite>, name: &AttemptName, count: Count) -> Result<()> {
    if count == Count::default() {
        sqlx::query("DELETE FROM attempts WHERE name = $1")
            .bind(name.0.as_slice())
            .execute(&mut **transaction)
            .await?;
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO attempts (name, failures, last_at, until_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (name) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, \
         until_at = excluded.until_at",
    )
    .bind(name.0.as_slice())
    .bind(count.failures)
    .bind(count.last_at)
    .bind(count.until_at)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{AttemptName, Attempts, Count};
    use crate::{Database, PersonId, ServerKey};

    #[test]
    fn a_name_is_of_one_kind_one_person_one_value_and_one_key() {
        let (key, other) = (ServerKey::generate().unwrap(), ServerKey::generate().unwrap());
        let ada = PersonId::of("ada@example.org", &key).unwrap();
        let name = |kind, person, value: &[u8]| AttemptName::of(kind, person, value, &key).unwrap();
        let one = name("network", Some(&ada), b"value");
        assert_eq!(one, name("network", Some(&ada), b"value"));
        for different in [
            name("device", Some(&ada), b"value"),
            name("network", None, b"value"),
            name("network", None, &[ada.as_bytes(), b"value"].concat()),
            name("network", Some(&ada), b"other"),
            AttemptName::of("network", Some(&ada), b"value", &other).unwrap(),
        ] {
            assert_ne!(one, different);
        }
    }

    #[tokio::test]
    async fn attempts_side_by_side_are_all_counted_and_a_restart_forgets_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pennypost.db");
        let key = ServerKey::generate().unwrap();
        let name = AttemptName::of("account", None, b"x", &key).unwrap();
        let database = Database::open(&path).await.unwrap();
        let attempts = Attempts::new(&database);
        let all: Vec<_> = (0..20)
            .map(|_| {
                let attempts = attempts.clone();
                tokio::spawn(async move {
                    attempts.change([name], |[count]| count.failures += 1).await.unwrap();
                })
            })
            .collect();
        for one in all {
            one.await.unwrap();
        }
        database.close().await;
        let again = Attempts::new(&Database::open(&path).await.unwrap());
        assert_eq!(again.change([name], |[count]| count.failures).await.unwrap(), 20);
    }

    #[tokio::test]
    async fn what_is_old_and_holds_nobody_up_is_forgotten() {
        let attempts = Attempts::new(&Database::in_memory().await.unwrap());
        let key = ServerKey::generate().unwrap();
        let name = |value: &[u8]| AttemptName::of("account", None, value, &key).unwrap();
        let [old, held, fresh] = [name(b"old"), name(b"held"), name(b"fresh")];
        let set = |last_at, until_at| Count { failures: 3, last_at, until_at };
        let wanted = [set(100, 0), set(100, 300), set(200, 0)];
        attempts.change([old, held, fresh], |counts| *counts = wanted).await.unwrap();
        assert_eq!(attempts.forget(200).await.unwrap(), 1);
        let left = attempts.change([old, held, fresh], |counts| *counts).await.unwrap();
        assert_eq!(left, [Count::default(), wanted[1], wanted[2]]);
        attempts.change([held], |[count]| *count = Count::default()).await.unwrap();
        assert_eq!(attempts.forget(1_000).await.unwrap(), 1);
    }
}
