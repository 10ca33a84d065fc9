//! The log of what happened at the door. Events are added, and forgotten when they are old; nothing changes one.
//!
//! What was seen is sealed under the server's key and bound to time, person and kind: an event that was moved to
//! another row does not open.

use std::sync::Arc;

use secrecy::ExposeSecret;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::Database;
use crate::error::Result;
use crate::person::PersonId;
use crate::seal::{Purpose, Sealed, ServerKey};

/// Events that are exported in one step.
const STEP: i64 = 500;

/// An event as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its number. Later events have higher ones.
    pub id: i64,
    /// When it happened.
    pub at: i64,
    /// The word for what happened.
    pub kind: String,
    /// What was seen, as it was handed over; nothing if the seal does not open.
    pub seen: Option<Vec<u8>>,
}

/// The log. Cloning is cheap.
#[derive(Clone)]
pub struct Events {
    database: Database,
    key: Arc<ServerKey>,
}

impl std::fmt::Debug for Events {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Events")
    }
}

impl Events {
    /// The log of this database, sealed with this key.
    pub fn new(database: &Database, key: Arc<ServerKey>) -> Self {
        Self { database: database.clone(), key }
    }

    /// Adds an event: when, to whom, the word for it, and what was seen.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn append(&self, at: i64, person: Option<&PersonId>, kind: &str, seen: &[u8]) -> Result<()> {
        let person = person.map(PersonId::as_bytes);
        let row = bound(at, person, kind);
        let sealed = Sealed::seal(seen, &self.key, person.unwrap_or_default(), Purpose::EVENT, &row)?;
        sqlx::query("INSERT INTO events (at, person, kind, sealed) VALUES ($1, $2, $3, $4)")
            .bind(at)
            .bind(person)
            .bind(kind)
            .bind(sealed.0)
            .execute(&self.database.writer)
            .await?;
        Ok(())
    }

    /// The last events of a person, newest first, at most so many.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn of_person(&self, person: &PersonId, limit: u32) -> Result<Vec<Written>> {
        let rows = sqlx::query(
            "SELECT id, at, person, kind, sealed FROM events WHERE person = $1 ORDER BY id DESC LIMIT $2",
        )
        .bind(person.as_bytes())
        .bind(i64::from(limit))
        .fetch_all(&self.database.readers)
        .await?;
        rows.iter().map(|row| self.open(row)).collect()
    }

    /// The last events of a person that are of one of two kinds, newest first, at most so many: however many others there are,
    /// they hide none.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn of_person_and_kinds(
        &self,
        person: &PersonId,
        kinds: [&str; 2],
        limit: u32,
    ) -> Result<Vec<Written>> {
        let rows = sqlx::query(
            "SELECT id, at, person, kind, sealed FROM events \
             WHERE person = $1 AND (kind = $2 OR kind = $3) ORDER BY id DESC LIMIT $4",
        )
        .bind(person.as_bytes())
        .bind(kinds[0])
        .bind(kinds[1])
        .bind(i64::from(limit))
        .fetch_all(&self.database.readers)
        .await?;
        rows.iter().map(|row| self.open(row)).collect()
    }

    /// A few hundred events since a time, oldest first, of one person or of all, after the one with this number (0 for
    /// the first). Whoever wants all asks again with the last number until none comes.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn since(&self, at: i64, person: Option<&PersonId>, after: i64) -> Result<Vec<Written>> {
        let rows = match person {
            Some(person) => {
                sqlx::query(
                    "SELECT id, at, person, kind, sealed FROM events \
                     WHERE at >= $1 AND id > $2 AND person = $3 ORDER BY id LIMIT $4",
                )
                .bind(at)
                .bind(after)
                .bind(person.as_bytes())
                .bind(STEP)
                .fetch_all(&self.database.readers)
                .await?
            }
            None => {
                sqlx::query(
                    "SELECT id, at, person, kind, sealed FROM events \
                     WHERE at >= $1 AND id > $2 ORDER BY id LIMIT $3",
                )
                .bind(at)
                .bind(after)
                .bind(STEP)
                .fetch_all(&self.database.readers)
                .await?
            }
        };
        rows.iter().map(|row| self.open(row)).collect()
    }

    /// Forgets events that happened before; gives their number.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn forget(&self, before: i64) -> Result<u64> {
        let deleted = sqlx::query("DELETE FROM events WHERE at < $1")
            .bind(before)
            .execute(&self.database.writer)
            .await?;
        Ok(deleted.rows_affected())
    }

    /// A row. One whose seal is broken is listed all the same: that it is there is worth knowing.
    fn open(&self, row: &SqliteRow) -> Result<Written> {
        let (at, kind): (i64, String) = (row.try_get("at")?, row.try_get("kind")?);
        let person: Option<Vec<u8>> = row.try_get("person")?;
        let bound = bound(at, person.as_deref(), &kind);
        let seen = Sealed(row.try_get("sealed")?)
            .open(&self.key, person.as_deref().unwrap_or_default(), Purpose::EVENT, &bound)
            .ok()
            .map(|seen| seen.expose_secret().clone());
        Ok(Written { id: row.try_get("id")?, at, kind, seen })
    }
}

/// What the seal of an event is bound to.
fn bound(at: i64, person: Option<&[u8]>, kind: &str) -> Vec<u8> {
    // A person is of one length, or there is none.
    let person = person.unwrap_or_default();
    let length = u8::try_from(person.len()).unwrap_or(u8::MAX);
    [&at.to_be_bytes(), [length].as_slice(), person, kind.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Events;
    use crate::{Database, PersonId, ServerKey};

    async fn log() -> (Database, Events, PersonId, PersonId) {
        let key = Arc::new(ServerKey::generate().unwrap());
        let database = Database::in_memory().await.unwrap();
        let person = |login| PersonId::of(login, &key).unwrap();
        let (ada, ben) = (person("ada@example.org"), person("ben@example.org"));
        (database.clone(), Events::new(&database, key), ada, ben)
    }

    #[tokio::test]
    async fn a_person_sees_their_own_newest_first_and_the_operator_all_in_order() {
        let (_, events, ada, ben) = log().await;
        for (at, person, kind, seen) in [
            (10, Some(&ada), "signed-in", "a"),
            (20, Some(&ben), "signed-in", "b"),
            (20, None, "wrong-password", "c"),
            (30, Some(&ada), "signed-out", "d"),
        ] {
            events.append(at, person, kind, seen.as_bytes()).await.unwrap();
        }
        let told = |written: Vec<super::Written>| -> String {
            written.into_iter().map(|event| String::from_utf8(event.seen.unwrap()).unwrap()).collect()
        };
        assert_eq!(told(events.of_person(&ada, 10).await.unwrap()), "da");
        assert_eq!(told(events.of_person(&ada, 1).await.unwrap()), "d");
        let of_kinds = events.of_person_and_kinds(&ada, ["signed-in", "signed-in-unusually"], 10);
        assert_eq!(told(of_kinds.await.unwrap()), "a");
        assert_eq!(told(events.since(0, None, 0).await.unwrap()), "abcd");
        assert_eq!(told(events.since(20, None, 0).await.unwrap()), "bcd");
        assert_eq!(told(events.since(0, Some(&ada), 0).await.unwrap()), "ad");
        let first = events.since(0, None, 0).await.unwrap()[0].id;
        assert_eq!(told(events.since(0, None, first).await.unwrap()), "bcd");
        assert_eq!(events.forget(20).await.unwrap(), 1);
        assert_eq!(told(events.since(0, None, 0).await.unwrap()), "bcd");
    }

    #[tokio::test]
    async fn the_table_tells_nothing_of_what_was_seen_and_what_was_changed_does_not_open() {
        let (database, events, ada, ben) = log().await;
        events.append(10, Some(&ada), "signed-in", b"ada@example.org from 192.0.2.7").await.unwrap();
        let sealed: Vec<u8> =
            sqlx::query_scalar("SELECT sealed FROM events").fetch_one(&database.writer).await.unwrap();
        assert!(!sealed.windows(7).any(|bytes| bytes == b"example"));
        for change in [
            "UPDATE events SET at = 11",
            "UPDATE events SET at = 10, kind = 'signed-out'",
            "UPDATE events SET kind = 'signed-in', person = NULL",
        ] {
            sqlx::query(change).execute(&database.writer).await.unwrap();
            let [event] = &events.since(0, None, 0).await.unwrap()[..] else { panic!() };
            assert_eq!(event.seen, None, "{change}");
        }
        sqlx::query("UPDATE events SET person = $1")
            .bind(ben.as_bytes())
            .execute(&database.writer)
            .await
            .unwrap();
        assert_eq!(events.of_person(&ben, 1).await.unwrap()[0].seen, None);
    }
}
