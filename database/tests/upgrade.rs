//! Opening a database of any earlier version keeps what it remembered.
//!
//! For every migration `samples/<number>.sql` has rows as they were then. They were sealed with the key and tokens
//! below and are never edited.
#![cfg(test)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use database::{
    Attempts, Database, Devices, Error, Events, FactorKind, Factors, PersonId, PictureSenders, RecoveryCodes,
    ServerKey, Sessions,
};
use secrecy::ExposeSecret;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{AssertSqlSafe, SqlSafeStr};
use tempfile::TempDir;

const NOW: i64 = 1_800_000_000;
const ALIVE: [u8; 16] = [1; 16];
const ENDED: [u8; 16] = [2; 16];

/// The key that sealed every sample row.
fn sample_key(folder: &Path) -> ServerKey {
    let path = folder.join("sample.key");
    fs::write(&path, [7; 32]).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    ServerKey::load_or_create(&path).unwrap()
}

/// Number, name and SQL of every migration.
fn migrations() -> Vec<(i64, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let (number, name) = stem.split_once('_').unwrap();
            (number.parse().unwrap(), name.to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect();
    found.sort();
    found
}

/// Makes a database as the version with these migrations left it.
async fn older(migrations: &[(i64, String, String)], samples: &[i64]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pennypost.db");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    let migrations = migrations.iter().map(|(number, name, sql)| {
        let sql = AssertSqlSafe(sql.clone()).into_sql_str();
        Migration::new(*number, name.clone().into(), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(migrations.collect()).run(&pool).await.unwrap();
    for number in samples {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/samples/{number:04}.sql"));
        sqlx::raw_sql(AssertSqlSafe(fs::read_to_string(samples).unwrap())).execute(&pool).await.unwrap();
    }
    pool.close().await;
    (folder, path)
}

#[tokio::test]
async fn every_earlier_version_is_brought_up_to_date_and_keeps_its_sessions() {
    let migrations = migrations();
    assert!(!migrations.is_empty());
    let numbers: Vec<i64> = migrations.iter().map(|(number, ..)| *number).collect();
    for (index, number) in numbers.iter().enumerate() {
        let (folder, path) = older(&migrations[..=index], &numbers[..=index]).await;
        let database = Database::open(&path).await.unwrap();
        let sessions = Sessions::new(&database, sample_key(folder.path()).into(), 1_800);
        let alive = sessions.load(&ALIVE, NOW).await.unwrap().unwrap();
        assert_eq!(alive.expose_secret(), b"sample record, alive", "samples of {number}");
        assert!(sessions.load(&ENDED, NOW).await.unwrap().is_none(), "samples of {number}");
        assert_eq!(sessions.delete_expired(NOW).await.unwrap(), 1, "samples of {number}");
    }
}

#[tokio::test]
async fn second_factors_are_kept_since_there_are_any() {
    let migrations = migrations();
    let numbers: Vec<i64> = migrations.iter().map(|(number, ..)| *number).collect();
    for (index, number) in numbers.iter().enumerate().skip(1) {
        let (folder, path) = older(&migrations[..=index], &numbers[..=index]).await;
        let database = Database::open(&path).await.unwrap();
        let key = sample_key(folder.path());
        let ada = PersonId::of("ada@example.org", &key).unwrap();
        let factors = Factors::new(&database, key.into());
        let kept = factors.list(&ada).await.unwrap();
        let named: Vec<_> = kept.iter().map(|factor| (factor.kind, factor.name.as_str())).collect();
        let expected = [(FactorKind::Totp, "sample app"), (FactorKind::Passkey, "sample key")];
        assert_eq!(named, expected, "samples of {number}");
        assert_eq!(kept[0].credential.expose_secret(), b"12345678901234567890");
        assert!(!factors.use_step(&ada, &kept[0].id, 60_000_000, NOW).await.unwrap());
        let codes = RecoveryCodes::new(&database);
        assert_eq!(codes.salt(&ada).await.unwrap(), Some(vec![5; 16]));
        assert!(codes.use_code(&ada, &[6; 32]).await.unwrap());
        assert_eq!(factors.first_seen(&ada, NOW).await.unwrap(), 1_799_000_000);
    }
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_and_left_alone() {
    let mut migrations = migrations();
    migrations.push((9_999, "later".to_owned(), "CREATE TABLE later (id BIGINT NOT NULL)".to_owned()));
    let (_folder, path) = older(&migrations, &[]).await;
    assert!(matches!(Database::open(&path).await, Err(Error::Migrate(_))));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pennypost.db");
    let text = "a letter, not a database\n".repeat(100);
    fs::write(&path, &text).unwrap();
    assert!(Database::open(&path).await.is_err());
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_missing_folder_is_made_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/data/pennypost.db");
    Database::open(&path).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(mode(&path), 0o600);
}

#[tokio::test]
async fn what_the_door_and_browsers_were_known_by_is_kept() {
    let migrations = migrations();
    let numbers: Vec<i64> = migrations.iter().map(|(number, ..)| *number).collect();
    for index in 2..numbers.len() {
        let (folder, path) = older(&migrations[..=index], &numbers[..=index]).await;
        let database = Database::open(&path).await.unwrap();
        let key = Arc::new(sample_key(folder.path()));
        let ada = PersonId::of("ada@example.org", &key).unwrap();
        let events = Events::new(&database, key.clone()).of_person(&ada, 10).await.unwrap();
        assert_eq!(events.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), ["signed-in"]);
        assert_eq!(Attempts::new(&database).forget(1_800_000_901).await.unwrap(), 1);
        let trusted = Devices::new(&database, key).trusted(ada, NOW).await.unwrap();
        assert_eq!(trusted.len(), usize::from(index >= 3), "samples of {}", numbers[index]);
    }
}

#[tokio::test]
async fn whose_pictures_somebody_wishes_to_see_is_kept() {
    let migrations = migrations();
    let numbers: Vec<i64> = migrations.iter().map(|(number, ..)| *number).collect();
    for index in 4..numbers.len() {
        let (folder, path) = older(&migrations[..=index], &numbers[..=index]).await;
        let database = Database::open(&path).await.unwrap();
        let key = Arc::new(sample_key(folder.path()));
        let ada = PersonId::of("ada@example.org", &key).unwrap();
        let senders = PictureSenders::new(&database, key);
        assert!(senders.is_wished(ada, "news@shop.example").await.unwrap(), "samples of {}", numbers[index]);
        assert_eq!(senders.count(ada).await.unwrap(), 1);
    }
}
