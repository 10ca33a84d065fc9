//! Recovery codes that were not used yet. Only their hashes are here, made by whoever makes the codes; a hash is found by
//! being equal, and gone when it was used.

use crate::Database;
use crate::error::Result;
use crate::person::PersonId;

/// The recovery codes of everybody. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct RecoveryCodes {
    database: Database,
}

impl RecoveryCodes {
    /// Those of this database.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone() }
    }

    /// Keeps these hashes, made under this salt, and forgets the person's earlier ones.
    ///
    /// # Errors
    /// If the database fails; then the earlier ones hold.
    pub async fn replace_all<H: AsRef<[u8]>>(
        &self,
        person: &PersonId,
        salt: &[u8],
        hashes: &[H],
    ) -> Result<()> {
        let mut change = self.database.writer.begin().await?;
        sqlx::query("DELETE FROM recovery_codes WHERE person = $1")
            .bind(person.as_bytes())
            .execute(&mut *change)
            .await?;
        for hash in hashes {
            sqlx::query("INSERT INTO recovery_codes (person, salt, hash) VALUES ($1, $2, $3)")
                .bind(person.as_bytes())
                .bind(salt)
                .bind(hash.as_ref())
                .execute(&mut *change)
                .await?;
        }
        Ok(change.commit().await?)
    }

    /// The salt under which the person's codes were hashed; `None` when none is left.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn salt(&self, person: &PersonId) -> Result<Option<Vec<u8>>> {
        let salt = sqlx::query_scalar("SELECT salt FROM recovery_codes WHERE person = $1 LIMIT 1")
            .bind(person.as_bytes())
            .fetch_optional(&self.database.readers)
            .await?;
        Ok(salt)
    }

    /// Uses up the code with this hash; `false` if the person has none such. Of any number that try at the same time, in any
    /// number of processes, one is told `true`.
    ///
    /// # Errors
    /// If the database fails; nobody may then be let in.
    #[must_use = "only `true` lets somebody in"]
    pub async fn use_code(&self, person: &PersonId, hash: &[u8]) -> Result<bool> {
        let used = sqlx::query("DELETE FROM recovery_codes WHERE person = $1 AND hash = $2")
            .bind(person.as_bytes())
            .bind(hash)
            .execute(&self.database.writer)
            .await?;
        Ok(used.rows_affected() == 1)
    }

    /// How many codes the person has left.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn remaining(&self, person: &PersonId) -> Result<u32> {
        let remaining: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM recovery_codes WHERE person = $1")
            .bind(person.as_bytes())
            .fetch_one(&self.database.readers)
            .await?;
        Ok(u32::try_from(remaining).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests;
