//! Senders whose pictures from elsewhere a person always wishes to see.

use std::fmt;
use std::sync::Arc;

use hkdf::Hkdf;
use sha2::Sha256;

use crate::error::{Error, Result};
use crate::{Database, PersonId, ServerKey};

/// Most senders of one person.
const MOST: i64 = 10_000;

/// The wishes of all people. Cloning is cheap.
#[derive(Clone)]
pub struct PictureSenders {
    database: Database,
    key: Arc<ServerKey>,
}

impl fmt::Debug for PictureSenders {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PictureSenders")
    }
}

impl PictureSenders {
    /// Those of this database.
    pub fn new(database: &Database, key: Arc<ServerKey>) -> Self {
        Self { database: database.clone(), key }
    }

    /// The name of a sender for one person. Domains are the same in letters of either case, and no mailbox is known that
    /// tells them apart.
    fn name(&self, person: PersonId, sender: &str) -> Result<Vec<u8>> {
        let mut name = vec![0; 32];
        let words = [person.as_bytes(), sender.to_lowercase().as_bytes()].concat();
        Hkdf::<Sha256>::new(Some(self.key.bytes()), &words)
            .expand(b"pennypost picture sender v1", &mut name)
            .map_err(|_| Error::SealBroken)?;
        Ok(name)
    }

    /// Whether the pictures of this sender are wished for.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn is_wished(&self, person: PersonId, sender: &str) -> Result<bool> {
        let found = sqlx::query("SELECT 1 FROM picture_senders WHERE person = $1 AND sender = $2")
            .bind(person.as_bytes())
            .bind(self.name(person, sender)?)
            .fetch_optional(&self.database.readers)
            .await?;
        Ok(found.is_some())
    }

    /// Wishes for them from now on.
    ///
    /// # Errors
    /// [`Error::TooMany`]; if the database fails.
    pub async fn wish(&self, person: PersonId, sender: &str, now: i64) -> Result<()> {
        // Counted and added in one statement, so that many at once are not more.
        let added = sqlx::query(
            "INSERT INTO picture_senders (person, sender, created_at) SELECT $1, $2, $3 \
             WHERE (SELECT COUNT(*) FROM picture_senders WHERE person = $4) < $5 \
             ON CONFLICT (person, sender) DO NOTHING",
        )
        .bind(person.as_bytes())
        .bind(self.name(person, sender)?)
        .bind(now)
        .bind(person.as_bytes())
        .bind(MOST)
        .execute(&self.database.writer)
        .await?;
        if added.rows_affected() == 0 && !self.is_wished(person, sender).await? {
            return Err(Error::TooMany);
        }
        Ok(())
    }

    /// Wishes for them no longer.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn forget(&self, person: PersonId, sender: &str) -> Result<()> {
        sqlx::query("DELETE FROM picture_senders WHERE person = $1 AND sender = $2")
            .bind(person.as_bytes())
            .bind(self.name(person, sender)?)
            .execute(&self.database.writer)
            .await?;
        Ok(())
    }

    /// How many senders a person has said this of. Who they are, nothing here can tell.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn count(&self, person: PersonId) -> Result<u64> {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM picture_senders WHERE person = $1")
            .bind(person.as_bytes())
            .fetch_one(&self.database.readers)
            .await?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Forgets all of them; gives their number.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn forget_all(&self, person: PersonId) -> Result<u64> {
        let forgotten = sqlx::query("DELETE FROM picture_senders WHERE person = $1")
            .bind(person.as_bytes())
            .execute(&self.database.writer)
            .await?;
        Ok(forgotten.rows_affected())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use sqlx::Row;

    use super::PictureSenders;
    use crate::{Database, PersonId, ServerKey};

    const NOW: i64 = 1_800_000_000;

    #[tokio::test]
    async fn each_person_wishes_for_themselves_and_may_forget_it() {
        let database = Database::in_memory().await.unwrap();
        let key = Arc::new(ServerKey::generate().unwrap());
        let senders = PictureSenders::new(&database, key.clone());
        let [ada, bob] = ["ada@x.test", "bob@x.test"].map(|login| PersonId::of(login, &key).unwrap());
        senders.wish(ada, "News@Shop.example", NOW).await.unwrap();
        senders.wish(ada, "news@shop.example", NOW).await.unwrap();
        senders.wish(ada, "other@shop.example", NOW).await.unwrap();
        senders.wish(bob, "news@shop.example", NOW).await.unwrap();
        assert!(senders.is_wished(ada, "news@shop.EXAMPLE").await.unwrap());
        assert!(!senders.is_wished(ada, "news@shop.example.evil.test").await.unwrap());
        assert!(!senders.is_wished(bob, "other@shop.example").await.unwrap());
        assert_eq!(senders.count(ada).await.unwrap(), 2);
        senders.forget(ada, "other@shop.example").await.unwrap();
        assert!(!senders.is_wished(ada, "other@shop.example").await.unwrap());
        assert_eq!(senders.forget_all(ada).await.unwrap(), 1);
        assert_eq!((senders.count(ada).await.unwrap(), senders.count(bob).await.unwrap()), (0, 1));
    }

    #[tokio::test]
    async fn the_table_tells_neither_who_reads_nor_whom_nor_that_two_read_the_same() {
        let database = Database::in_memory().await.unwrap();
        let key = Arc::new(ServerKey::generate().unwrap());
        let senders = PictureSenders::new(&database, key.clone());
        for login in ["ada@x.test", "bob@x.test"] {
            senders.wish(PersonId::of(login, &key).unwrap(), "news@shop.example", NOW).await.unwrap();
        }
        let rows =
            sqlx::query("SELECT sender FROM picture_senders").fetch_all(&database.readers).await.unwrap();
        let names: Vec<Vec<u8>> = rows.iter().map(|row| row.get("sender")).collect();
        assert_eq!(names.len(), 2);
        assert_ne!(names[0], names[1]);
        assert!(names.iter().all(|name| !name.windows(4).any(|part| part == b"shop")));
    }
}
