//! Whose sessions are whose: what their person sees of them, and how they are ended from elsewhere.

use std::sync::atomic::Ordering;

use secrecy::ExposeSecret;
use sqlx::Row;
use tokio::sync::broadcast;

use super::{Sessions, Token, row_of};
use crate::error::{Error, Result};
use crate::person::PersonId;
use crate::seal::{Purpose, Sealed};

/// Names a session or device to its person for as long as it lasts. It opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Handle(pub [u8; 16]);

/// What is known of a session beside its record.
#[derive(Clone, Copy, Debug)]
pub struct Introduction<'a> {
    /// Whose it is.
    pub person: PersonId,
    /// Its name for that person, the same under every token.
    pub handle: Handle,
    /// Whether its person is signed in; else a second factor is still asked for.
    pub inside: bool,
    /// From where and with what, in words of the caller; sealed.
    pub origin: &'a [u8],
}

/// A session as its person sees it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name.
    pub handle: Handle,
    /// From where and with what it began, in words of the caller.
    pub origin: Vec<u8>,
    /// When it began.
    pub created_at: i64,
    /// When somebody was last seen in it.
    pub seen_at: i64,
}

/// Sessions that ended before their time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// This one.
    Session(Handle),
    /// Some, by another process: whoever listens looks for itself.
    Some,
}

impl Sessions {
    /// Starts a session of somebody, in the place of another in the same breath: there is no moment in which neither can be
    /// ended. `replaced` is the session that goes on under this token, which must still hold.
    ///
    /// # Errors
    /// [`Error::Gone`] when `replaced` was ended, and then nothing begins; [`Error::AlreadyExists`] if the token is taken.
    pub async fn begin(
        &self,
        token: &Token,
        record: &[u8],
        now: i64,
        expires_at: i64,
        introduction: Introduction<'_>,
        replaced: Option<&Token>,
    ) -> Result<()> {
        let Introduction { person, handle, inside, origin } = introduction;
        let row = row_of(token);
        let sealed = Sealed::seal(record, &self.key, token, Purpose::SESSION_RECORD, &row)?;
        let origin = Sealed::seal(origin, &self.key, &[], Purpose::SESSION_ORIGIN, &handle.0)?;
        let mut transaction = self.database.writer.begin().await?;
        if let Some(replaced) = replaced {
            let ended = sqlx::query(
                "DELETE FROM sessions WHERE id_hash = $1 AND expires_at > $2 AND last_seen_at + idle_seconds > $3",
            )
            .bind(row_of(replaced))
            .bind(now)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
            if ended.rows_affected() == 0 {
                return Err(Error::Gone);
            }
        }
        let inserted = sqlx::query(
            "INSERT INTO sessions (id_hash, created_at, last_seen_at, expires_at, idle_seconds, record, person, \
             handle, inside, origin) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(row)
        .bind(now)
        .bind(now)
        .bind(expires_at)
        .bind(self.idle_seconds)
        .bind(sealed.0)
        .bind(person.as_bytes())
        .bind(handle.0.as_slice())
        .bind(i64::from(inside))
        .bind(origin.0)
        .execute(&mut *transaction)
        .await;
        match inserted {
            Ok(_) => transaction.commit().await?,
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                return Err(Error::AlreadyExists);
            }
            Err(error) => return Err(error.into()),
        }
        if let Some(replaced) = replaced {
            self.forget(&row_of(replaced));
        }
        Ok(())
    }

    /// The sessions in which a person is signed in, the last seen first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn of_person(&self, person: PersonId, now: i64) -> Result<Vec<Listed>> {
        let rows = sqlx::query(
            "SELECT handle, origin, created_at, last_seen_at FROM sessions WHERE person = $1 AND inside = 1 \
             AND expires_at > $2 AND last_seen_at + idle_seconds > $3 ORDER BY last_seen_at DESC, created_at DESC",
        )
        .bind(person.as_bytes())
        .bind(now)
        .bind(now)
        .fetch_all(&self.database.readers)
        .await?;
        rows.iter()
            .map(|row| {
                let handle = handle_of(row)?;
                let sealed = Sealed(row.try_get("origin")?);
                let origin = match sealed.open(&self.key, &[], Purpose::SESSION_ORIGIN, &handle.0) {
                    Ok(origin) => origin.expose_secret().clone(),
                    // Of another key file: it is still to be seen, and to be ended.
                    Err(Error::SealBroken) => Vec::new(),
                    Err(error) => return Err(error),
                };
                let (created_at, seen_at) = (row.try_get("created_at")?, row.try_get("last_seen_at")?);
                Ok(Listed { handle, origin, created_at, seen_at })
            })
            .collect()
    }

    /// Whether a person is signed in anywhere.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn is_anybody_inside(&self, person: PersonId, now: i64) -> Result<bool> {
        let found = sqlx::query(
            "SELECT 1 FROM sessions WHERE person = $1 AND inside = 1 AND expires_at > $2 \
             AND last_seen_at + idle_seconds > $3 LIMIT 1",
        )
        .bind(person.as_bytes())
        .bind(now)
        .bind(now)
        .fetch_optional(&self.database.readers)
        .await?;
        Ok(found.is_some())
    }

    /// Whether a session still holds, under whatever token.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn is_alive(&self, handle: Handle, now: i64) -> Result<bool> {
        let found = sqlx::query(
            "SELECT 1 FROM sessions WHERE handle = $1 AND expires_at > $2 AND last_seen_at + idle_seconds > $3",
        )
        .bind(handle.0.as_slice())
        .bind(now)
        .bind(now)
        .fetch_optional(&self.database.readers)
        .await?;
        Ok(found.is_some())
    }

    /// Ends one session of a person; `false` when they have none of this name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn end(&self, person: PersonId, handle: Handle) -> Result<bool> {
        let ended =
            sqlx::query("DELETE FROM sessions WHERE person = $1 AND handle = $2 RETURNING id_hash, handle")
                .bind(person.as_bytes())
                .bind(handle.0.to_vec());
        Ok(self.end_all(ended).await? > 0)
    }

    /// Ends all sessions of a person, those that wait for a second factor too, but for one; gives their number.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn end_but(&self, person: PersonId, kept: Option<Handle>) -> Result<usize> {
        // No handle is empty.
        let kept = kept.map(|kept| kept.0.to_vec()).unwrap_or_default();
        let ended = sqlx::query(
            "DELETE FROM sessions WHERE person = $1 AND (handle IS NULL OR handle <> $2) RETURNING id_hash, handle",
        )
        .bind(person.as_bytes())
        .bind(kept);
        self.end_all(ended).await
    }

    async fn end_all(
        &self,
        deleting: sqlx::query::Query<'_, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>,
    ) -> Result<usize> {
        let mut transaction = self.database.writer.begin().await?;
        let ended = deleting.fetch_all(&mut *transaction).await?;
        let count: i64 =
            sqlx::query_scalar("UPDATE session_endings SET count = count + 1 WHERE one = 1 RETURNING count")
                .fetch_one(&mut *transaction)
                .await?;
        transaction.commit().await?;
        // Where another process was in between, it shows at the next look.
        let _ = self.endings_seen.compare_exchange(count - 1, count, Ordering::SeqCst, Ordering::SeqCst);
        for row in &ended {
            self.forget(&row.try_get::<Vec<u8>, _>("id_hash")?);
            if let Ok(handle) = handle_of(row) {
                // Nobody may be listening.
                let _ = self.ended.send(Ended::Session(handle));
            }
        }
        Ok(ended.len())
    }

    /// Hears of every session that is ended from now on.
    pub fn endings(&self) -> broadcast::Receiver<Ended> {
        self.ended.subscribe()
    }

    /// Looks whether another process ended sessions; to be asked every second.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn look_for_endings(&self) -> Result<()> {
        let count: i64 = sqlx::query_scalar("SELECT count FROM session_endings WHERE one = 1")
            .fetch_one(&self.database.readers)
            .await?;
        if self.endings_seen.fetch_max(count, Ordering::SeqCst) < count {
            self.changes.fetch_add(1, Ordering::SeqCst);
            self.remembered().clear();
            let _ = self.ended.send(Ended::Some);
        }
        Ok(())
    }
}

fn handle_of(row: &sqlx::sqlite::SqliteRow) -> Result<Handle> {
    let bytes: Vec<u8> = row.try_get("handle")?;
    bytes.try_into().map(Handle).map_err(|_| Error::SealBroken)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tempfile::TempDir;

    use super::{Ended, Handle, Introduction};
    use crate::{Database, PersonId, ServerKey, Sessions, Token};

    const NOW: i64 = 1_800_000_000;
    const END: i64 = NOW + 43_200;

    async fn opened(folder: &TempDir) -> (Sessions, PersonId, PersonId) {
        let database = Database::open(&folder.path().join("pennypost.db")).await.unwrap();
        let key = Arc::new(ServerKey::load_or_create(&folder.path().join("pennypost.key")).unwrap());
        let person = |login| PersonId::of(login, &key).unwrap();
        let (ada, ben) = (person("ada@example.org"), person("ben@example.org"));
        (Sessions::new(&database, key, 1_800), ada, ben)
    }

    async fn begin(sessions: &Sessions, number: u8, person: PersonId, inside: bool) -> (Token, Handle) {
        let (token, handle) = ([number; 16], Handle([number; 16]));
        let introduction = Introduction { person, handle, inside, origin: b"Firefox in Prague" };
        sessions.begin(&token, b"record", NOW, END, introduction, None).await.unwrap();
        (token, handle)
    }

    #[tokio::test]
    async fn people_see_and_end_their_own_sessions_and_nobody_elses() {
        let folder = tempfile::tempdir().unwrap();
        let (sessions, ada, ben) = opened(&folder).await;
        let (token, first) = begin(&sessions, 1, ada, true).await;
        begin(&sessions, 2, ben, true).await;
        begin(&sessions, 3, ada, false).await;
        let listed = sessions.of_person(ada, NOW).await.unwrap();
        assert_eq!(
            listed.iter().map(|listed| listed.handle).collect::<Vec<_>>(),
            [first],
            "half of one is none"
        );
        assert_eq!(listed[0].origin, b"Firefox in Prague");
        let mut endings = sessions.endings();
        assert!(!sessions.end(ben, first).await.unwrap());
        assert!(sessions.load(&token, NOW).await.unwrap().is_some());
        assert!(sessions.end(ada, first).await.unwrap());
        assert!(sessions.load(&token, NOW).await.unwrap().is_none());
        assert_eq!(endings.try_recv().unwrap(), Ended::Session(first));
        assert!(endings.try_recv().is_err());
    }

    #[tokio::test]
    async fn a_session_that_was_ended_does_not_go_on_under_another_token() {
        let folder = tempfile::tempdir().unwrap();
        let (sessions, ada, _) = opened(&folder).await;
        let (old, handle) = begin(&sessions, 1, ada, true).await;
        let introduction = Introduction { person: ada, handle, inside: true, origin: b"Firefox" };
        sessions.begin(&[2; 16], b"record", NOW, END, introduction, Some(&old)).await.unwrap();
        assert!(
            sessions.load(&old, NOW).await.unwrap().is_none()
                && sessions.is_alive(handle, NOW).await.unwrap()
        );
        for replaced in [old, [2; 16]] {
            sessions.end_but(ada, None).await.unwrap();
            let revived = sessions.begin(&[3; 16], b"record", NOW, END, introduction, Some(&replaced)).await;
            assert!(matches!(revived, Err(crate::Error::Gone)), "{revived:?}");
        }
        assert!(sessions.load(&[3; 16], NOW).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn all_sessions_but_one_end_those_that_wait_for_a_factor_too() {
        let folder = tempfile::tempdir().unwrap();
        let (sessions, ada, ben) = opened(&folder).await;
        let (_, kept) = begin(&sessions, 1, ada, true).await;
        let (_, other) = begin(&sessions, 2, ada, true).await;
        let (half, _) = begin(&sessions, 3, ada, false).await;
        let (_, bens) = begin(&sessions, 4, ben, true).await;
        assert_eq!(sessions.end_but(ada, Some(kept)).await.unwrap(), 2);
        assert!(sessions.is_alive(kept, NOW).await.unwrap());
        assert!(!sessions.is_alive(other, NOW).await.unwrap());
        assert!(sessions.load(&half, NOW).await.unwrap().is_none());
        assert!(sessions.is_alive(bens, NOW).await.unwrap());
        assert_eq!(sessions.end_but(ada, None).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn what_another_process_ends_is_noticed_and_believed_no_longer() {
        let folder = tempfile::tempdir().unwrap();
        let (here, ada, _) = opened(&folder).await;
        let (there, ..) = opened(&folder).await;
        here.look_for_endings().await.unwrap();
        let (token, handle) = begin(&here, 1, ada, true).await;
        assert!(here.load(&token, NOW).await.unwrap().is_some());
        let mut endings = here.endings();
        here.look_for_endings().await.unwrap();
        assert!(endings.try_recv().is_err(), "nothing ended");
        there.end(ada, handle).await.unwrap();
        here.look_for_endings().await.unwrap();
        assert_eq!(endings.try_recv().unwrap(), Ended::Some);
        assert!(here.load(&token, NOW).await.unwrap().is_none());
        let (_, own) = begin(&here, 2, ada, true).await;
        here.end(ada, own).await.unwrap();
        assert_eq!(endings.try_recv().unwrap(), Ended::Session(own));
        here.look_for_endings().await.unwrap();
        assert!(endings.try_recv().is_err(), "what ended here is no news");
    }

    #[tokio::test]
    async fn the_database_alone_tells_neither_whose_a_session_is_nor_from_where() {
        let folder = tempfile::tempdir().unwrap();
        let (sessions, ada, _) = opened(&folder).await;
        begin(&sessions, 1, ada, true).await;
        sessions.database.close().await;
        let bytes = std::fs::read(folder.path().join("pennypost.db")).unwrap();
        for word in [&b"ada@"[..], b"Firefox"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word));
        }
    }
}
