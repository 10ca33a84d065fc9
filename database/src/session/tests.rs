//! What a session promises, and what a thief of the file finds.

use std::path::Path;

use secrecy::ExposeSecret;
use sqlx::AssertSqlSafe;
use tempfile::TempDir;

use super::{Handle, Introduction, Sessions, Token};
use crate::{Database, Error, PersonId, Result, ServerKey};

const TOKEN: Token = *b"0123456789abcdef";
const OTHER: Token = *b"fedcba9876543210";
const RECORD: &[u8] = br#"{"login":"ada@example.org","password":"correct horse battery"}"#;
const NOW: i64 = 1_800_000_000;
const IDLE: i64 = 1_800;
const END: i64 = NOW + 43_200;

async fn sessions() -> (TempDir, Sessions) {
    let folder = tempfile::tempdir().unwrap();
    let sessions = in_folder(folder.path()).await;
    (folder, sessions)
}

async fn in_folder(folder: &Path) -> Sessions {
    let database = Database::open(&folder.join("pennypost.db")).await.unwrap();
    let key = ServerKey::load_or_create(&folder.join("pennypost.key")).unwrap();
    Sessions::new(&database, key.into(), IDLE)
}

/// Whose every session here is.
fn ada(sessions: &Sessions) -> PersonId {
    PersonId::of("ada@example.org", &sessions.key).unwrap()
}

/// A name for the session of a token, which has nothing of the token.
fn handle(token: &Token) -> Handle {
    Handle(token.map(|byte| !byte))
}

async fn begin(sessions: &Sessions, token: &Token, record: &[u8]) -> Result<()> {
    let introduction =
        Introduction { person: ada(sessions), handle: handle(token), inside: true, origin: b"Firefox" };
    sessions.begin(token, record, NOW, END, introduction, None).await
}

async fn end(sessions: &Sessions, token: &Token) {
    sessions.end(ada(sessions), handle(token)).await.unwrap();
}

async fn record(sessions: &Sessions, token: &Token, now: i64) -> Option<Vec<u8>> {
    sessions.load(token, now).await.unwrap().map(|record| record.expose_secret().clone())
}

async fn tamper(sessions: &Sessions, sql: &'static str) -> u64 {
    sqlx::query(AssertSqlSafe(sql)).execute(&sessions.database.writer).await.unwrap().rows_affected()
}

#[tokio::test]
async fn a_record_is_found_again_by_its_token_only() {
    let (_folder, sessions) = sessions().await;
    begin(&sessions, &TOKEN, RECORD).await.unwrap();
    assert_eq!(record(&sessions, &TOKEN, NOW).await.as_deref(), Some(RECORD));
    assert_eq!(record(&sessions, &OTHER, NOW).await, None);
}

#[tokio::test]
async fn a_session_outlives_a_restart_and_needs_the_same_key_file() {
    let (folder, before) = sessions().await;
    begin(&before, &TOKEN, RECORD).await.unwrap();
    before.database.close().await;
    let after = in_folder(folder.path()).await;
    assert_eq!(record(&after, &TOKEN, NOW).await.as_deref(), Some(RECORD));
    after.database.close().await;
    std::fs::remove_file(folder.path().join("pennypost.key")).unwrap();
    let with_another_key = in_folder(folder.path()).await;
    assert!(matches!(with_another_key.load(&TOKEN, NOW).await, Err(Error::SealBroken)));
}

#[tokio::test]
async fn a_taken_token_is_refused_and_its_session_untouched() {
    let (_folder, sessions) = sessions().await;
    begin(&sessions, &TOKEN, RECORD).await.unwrap();
    let again = begin(&sessions, &TOKEN, b"another").await;
    assert!(matches!(again, Err(Error::AlreadyExists)), "{again:?}");
    assert_eq!(record(&sessions, &TOKEN, NOW).await.as_deref(), Some(RECORD));
}

#[tokio::test]
async fn a_session_ends_at_its_absolute_end_under_constant_activity() {
    let (_folder, sessions) = sessions().await;
    begin(&sessions, &TOKEN, RECORD).await.unwrap();
    let mut now = NOW;
    while now < END {
        assert!(record(&sessions, &TOKEN, now).await.is_some(), "ended at {now}");
        assert!(sessions.save(&TOKEN, RECORD, now).await.unwrap());
        sessions.seen(&TOKEN, now).await.unwrap();
        now += 900;
    }
    assert_eq!(record(&sessions, &TOKEN, END).await, None);
    sessions.seen(&TOKEN, END).await.unwrap();
    assert!(!sessions.save(&TOKEN, RECORD, END).await.unwrap());
    assert_eq!(sessions.delete_expired(END).await.unwrap(), 1);
}

#[tokio::test]
async fn an_idle_session_ends_although_it_is_loaded_and_saved() {
    let (_folder, sessions) = sessions().await;
    begin(&sessions, &TOKEN, RECORD).await.unwrap();
    for now in (NOW..NOW + IDLE).step_by(300) {
        assert!(record(&sessions, &TOKEN, now).await.is_some());
        assert!(sessions.save(&TOKEN, RECORD, now).await.unwrap());
    }
    assert_eq!(record(&sessions, &TOKEN, NOW + IDLE).await, None);
    // Being seen too late revives nothing.
    sessions.seen(&TOKEN, NOW + IDLE).await.unwrap();
    assert_eq!(record(&sessions, &TOKEN, NOW + IDLE).await, None);
    assert_eq!(sessions.delete_expired(NOW + IDLE).await.unwrap(), 1);
}

#[tokio::test]
async fn being_seen_is_written_once_a_minute_at_most() {
    let (_folder, sessions) = sessions().await;
    begin(&sessions, &TOKEN, RECORD).await.unwrap();
    let last_seen = async || {
        let query = sqlx::query_scalar::<_, i64>("SELECT last_seen_at FROM sessions");
        query.fetch_one(&sessions.database.writer).await.unwrap()
    };
    for (now, written) in [(NOW + 59, NOW), (NOW + 60, NOW + 60), (NOW + 30, NOW + 60), (NOW + 119, NOW + 60)]
    {
        sessions.seen(&TOKEN, now).await.unwrap();
        assert_eq!(last_seen().await, written, "seen at {now}");
    }
}

#[tokio::test]
async fn a_deleted_session_is_not_revived_by_a_late_save() {
    let (_folder, sessions) = sessions().await;
    begin(&sessions, &TOKEN, RECORD).await.unwrap();
    end(&sessions, &TOKEN).await;
    end(&sessions, &TOKEN).await;
    assert!(!sessions.save(&TOKEN, RECORD, NOW).await.unwrap());
    assert_eq!(record(&sessions, &TOKEN, NOW).await, None);
}

#[tokio::test]
async fn a_tampered_record_is_an_error_and_can_still_be_deleted() {
    let (_folder, sessions) = sessions().await;
    begin(&sessions, &TOKEN, RECORD).await.unwrap();
    assert_eq!(tamper(&sessions, "UPDATE sessions SET record = x'00'").await, 1);
    assert!(matches!(sessions.load(&TOKEN, NOW).await, Err(Error::SealBroken)));
    end(&sessions, &TOKEN).await;
    assert_eq!(record(&sessions, &TOKEN, NOW).await, None);
}

#[tokio::test]
async fn a_record_moved_to_another_row_is_refused() {
    let (_folder, sessions) = sessions().await;
    begin(&sessions, &TOKEN, RECORD).await.unwrap();
    let row = super::row_of(&OTHER);
    sqlx::query("UPDATE sessions SET id_hash = $1")
        .bind(row)
        .execute(&sessions.database.writer)
        .await
        .unwrap();
    assert!(matches!(sessions.load(&OTHER, NOW).await, Err(Error::SealBroken)));
    assert_eq!(record(&sessions, &TOKEN, NOW).await, None);
}

#[tokio::test]
async fn a_stolen_database_shows_neither_password_nor_token() {
    let (folder, sessions) = sessions().await;
    begin(&sessions, &TOKEN, RECORD).await.unwrap();
    sessions.save(&TOKEN, RECORD, NOW + 1).await.unwrap();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for secret in [&b"correct horse"[..], b"ada@example.org", &TOKEN] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{}", path.display());
        }
        files.push((path.file_name().unwrap().to_owned(), bytes.len()));
    }
    // The search saw the write-ahead log, where the rows still are.
    assert!(files.iter().any(|(name, size)| name == "pennypost.db-wal" && *size > 0), "{files:?}");
}

#[tokio::test]
async fn the_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, sessions) = sessions().await;
    begin(&sessions, &TOKEN, RECORD).await.unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_saves_at_once_all_succeed_beside_readers() {
    let (_folder, sessions) = sessions().await;
    let token = |n: u8| [n; 16];
    for n in 0..50 {
        begin(&sessions, &token(n), b"before").await.unwrap();
    }
    let tasks: Vec<_> = (0..50)
        .flat_map(|n| {
            let (saving, seeing, loading) = (sessions.clone(), sessions.clone(), sessions.clone());
            [
                tokio::spawn(async move { assert!(saving.save(&token(n), &[n], NOW).await.unwrap()) }),
                tokio::spawn(async move { seeing.seen(&token(n), NOW + 100).await.unwrap() }),
                tokio::spawn(async move { assert!(record(&loading, &token(n), NOW).await.is_some()) }),
            ]
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    for n in 0..50 {
        assert_eq!(record(&sessions, &token(n), NOW + 100).await, Some(vec![n]));
    }
}

#[tokio::test]
async fn a_database_in_memory_remembers_until_it_is_dropped() {
    let database = Database::in_memory().await.unwrap();
    let sessions = Sessions::new(&database, ServerKey::generate().unwrap().into(), IDLE);
    begin(&sessions, &TOKEN, RECORD).await.unwrap();
    assert_eq!(record(&sessions, &TOKEN, NOW).await.as_deref(), Some(RECORD));
}

#[tokio::test]
async fn a_session_that_ended_is_not_remembered_however_lately_it_was_read() {
    let (_folder, sessions) = sessions().await;
    begin(&sessions, &TOKEN, RECORD).await.unwrap();
    assert!(record(&sessions, &TOKEN, NOW).await.is_some());
    assert_eq!(record(&sessions, &TOKEN, NOW + IDLE).await, None, "its time was over");
    sessions.save(&TOKEN, b"changed", NOW).await.unwrap();
    assert_eq!(record(&sessions, &TOKEN, NOW).await.as_deref(), Some(&b"changed"[..]));
    end(&sessions, &TOKEN).await;
    assert_eq!(record(&sessions, &TOKEN, NOW).await, None);
}
