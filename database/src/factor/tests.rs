//! What is kept of factors: for their person alone, each code once, and nothing for a thief of the file.

use std::path::Path;

use secrecy::ExposeSecret;
use sqlx::AssertSqlSafe;
use tempfile::TempDir;

use super::{FactorId, FactorKind, Factors, MOST};
use crate::{Database, Error, PersonId, RecoveryCodes, ServerKey};

const NOW: i64 = 1_800_000_000;
const NAME: &str = "Phone in the kitchen";
const SECRET: &[u8] = b"12345678901234567890";

/// Two people and their factors.
struct House {
    folder: TempDir,
    factors: Factors,
    ada: PersonId,
    bob: PersonId,
}

async fn factors(folder: &Path) -> Factors {
    let database = Database::open(&folder.join("pennypost.db")).await.unwrap();
    let key = ServerKey::load_or_create(&folder.join("pennypost.key")).unwrap();
    Factors::new(&database, key.into())
}

async fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let factors = factors(folder.path()).await;
    let of = |login| PersonId::of(login, &factors.key).unwrap();
    let (ada, bob) = (of("ada@example.org"), of("bob@example.org"));
    House { folder, factors, ada, bob }
}

impl House {
    async fn totp(&self) -> FactorId {
        self.factors.add(&self.ada, FactorKind::Totp, NAME, SECRET, 100, NOW).await.unwrap()
    }

    async fn passkey(&self) -> FactorId {
        self.factors.add(&self.ada, FactorKind::Passkey, "Key", b"public half", 0, NOW).await.unwrap()
    }

    async fn sql(&self, sql: &'static str) -> u64 {
        sqlx::query(AssertSqlSafe(sql)).execute(&self.factors.database.writer).await.unwrap().rows_affected()
    }
}

#[tokio::test]
async fn a_factor_is_kept_as_it_was_added_and_is_listed_oldest_first() {
    let house = house().await;
    let later = house.factors.add(&house.ada, FactorKind::Passkey, "Key", b"{}", 0, NOW + 1).await.unwrap();
    let id = house.totp().await;
    let listed = house.factors.list(&house.ada).await.unwrap();
    assert_eq!(listed.iter().map(|factor| factor.id).collect::<Vec<_>>(), [id, later]);
    let first = &listed[0];
    assert_eq!((first.kind, first.name.as_str(), first.created_at), (FactorKind::Totp, NAME, NOW));
    assert_eq!((first.used_at, first.last_step), (None, 100));
    assert_eq!(first.credential.expose_secret(), SECRET);
    assert_eq!(listed[1].kind, FactorKind::Passkey);
    assert!(!format!("{listed:?}").contains("kitchen"));
}

#[tokio::test]
async fn a_factor_outlives_a_restart_and_is_found_with_the_same_key_file_alone() {
    let house = house().await;
    house.totp().await;
    house.factors.database.close().await;
    let after = factors(house.folder.path()).await;
    assert_eq!(after.list(&house.ada).await.unwrap().len(), 1);
    after.database.close().await;
    std::fs::remove_file(house.folder.path().join("pennypost.key")).unwrap();
    let with_another_key = factors(house.folder.path()).await;
    assert!(matches!(with_another_key.list(&house.ada).await, Err(Error::SealBroken)));
    let ada = PersonId::of("ada@example.org", &with_another_key.key).unwrap();
    assert!(with_another_key.list(&ada).await.unwrap().is_empty());
}

#[tokio::test]
async fn nobody_lists_renames_uses_or_removes_the_factor_of_another() {
    let house = house().await;
    let (totp, passkey) = (house.totp().await, house.passkey().await);
    let (factors, bob) = (&house.factors, &house.bob);
    assert!(factors.list(bob).await.unwrap().is_empty());
    for id in [totp, passkey] {
        assert!(!factors.rename(bob, &id, "Bob's").await.unwrap());
        assert!(!factors.use_step(bob, &id, 1_000, NOW).await.unwrap());
        assert!(!factors.replace_credential(bob, &id, b"bob's", 1_000, NOW).await.unwrap());
        assert!(!factors.remove(bob, &id).await.unwrap());
    }
    assert_eq!(factors.remove_all(bob).await.unwrap(), 0);
    let listed = factors.list(&house.ada).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|factor| factor.used_at.is_none() && factor.last_step < 1_000));
}

#[tokio::test]
async fn a_factor_is_renamed_and_keeps_all_else() {
    let house = house().await;
    let id = house.totp().await;
    assert!(house.factors.rename(&house.ada, &id, "Tablet").await.unwrap());
    let listed = house.factors.list(&house.ada).await.unwrap();
    assert_eq!(
        (listed[0].name.as_str(), listed[0].credential.expose_secret().as_slice()),
        ("Tablet", SECRET)
    );
}

#[tokio::test]
async fn a_row_that_is_moved_to_another_person_or_kind_or_changed_does_not_open() {
    let house = house().await;
    house.totp().await;
    house.factors.add(&house.bob, FactorKind::Totp, "Bob's", SECRET, 0, NOW + 1).await.unwrap();
    // Ada's factor becomes Bob's: Bob would sign in with Ada's secret.
    house
        .sql("UPDATE factors SET person = (SELECT person FROM factors ORDER BY created_at DESC LIMIT 1)")
        .await;
    assert!(matches!(house.factors.list(&house.bob).await, Err(Error::SealBroken)));

    for change in [
        "UPDATE factors SET kind = 'passkey'",
        "UPDATE factors SET kind = 'other'",
        "UPDATE factors SET id = zeroblob(16)",
        "UPDATE factors SET id = x'00'",
        "UPDATE factors SET name = credential",
        "UPDATE factors SET credential = name",
        "UPDATE factors SET credential = x''",
    ] {
        let house = self::house().await;
        house.totp().await;
        assert_eq!(house.sql(change).await, 1);
        assert!(matches!(house.factors.list(&house.ada).await, Err(Error::SealBroken)), "{change}");
    }
}

#[tokio::test]
async fn a_step_counts_once_and_none_before_it_does() {
    let house = house().await;
    let id = house.totp().await;
    for (step, counts) in [(100, false), (101, true), (101, false), (100, false), (103, true), (102, false)] {
        assert_eq!(
            house.factors.use_step(&house.ada, &id, step, NOW + step).await.unwrap(),
            counts,
            "{step}"
        );
    }
    let listed = house.factors.list(&house.ada).await.unwrap();
    assert_eq!((listed[0].last_step, listed[0].used_at), (103, Some(NOW + 103)));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_that_use_a_step_at_once_in_two_processes_one_succeeds() {
    let house = house().await;
    let id = house.totp().await;
    let second = factors(house.folder.path()).await;
    let tries: Vec<_> = (0..20)
        .map(|number| {
            let factors = if number % 2 == 0 { &house.factors } else { &second }.clone();
            let ada = house.ada;
            tokio::spawn(async move { factors.use_step(&ada, &id, 101, NOW).await.unwrap() })
        })
        .collect();
    let mut counted = 0;
    for attempt in tries {
        counted += u32::from(attempt.await.unwrap());
    }
    assert_eq!(counted, 1);
}

#[tokio::test]
async fn a_passkey_is_kept_as_it_is_after_it_signed_and_its_counter_never_stands_still() {
    let house = house().await;
    let id = house.passkey().await;
    for (counter, counts) in [(0, true), (0, true), (1, true), (1, false), (0, false), (7, true), (6, false)]
    {
        let credential = format!("after {counter}");
        let kept =
            house.factors.replace_credential(&house.ada, &id, credential.as_bytes(), counter, NOW).await;
        assert_eq!(kept.unwrap(), counts, "{counter}");
    }
    let listed = house.factors.list(&house.ada).await.unwrap();
    assert_eq!(listed[0].credential.expose_secret(), b"after 7");
    assert_eq!(listed[0].used_at, Some(NOW));
    assert_eq!(listed[0].name, "Key");
}

#[tokio::test]
async fn with_the_last_factor_the_recovery_codes_go_and_not_before() {
    let house = house().await;
    let codes = RecoveryCodes::new(&house.factors.database);
    let (totp, passkey) = (house.totp().await, house.passkey().await);
    for person in [&house.ada, &house.bob] {
        codes.replace_all(person, &[1; 16], &[[1; 32], [2; 32]]).await.unwrap();
    }
    assert!(house.factors.remove(&house.ada, &totp).await.unwrap());
    assert!(!house.factors.remove(&house.ada, &totp).await.unwrap());
    assert_eq!(codes.remaining(&house.ada).await.unwrap(), 2);
    assert!(house.factors.remove(&house.ada, &passkey).await.unwrap());
    assert_eq!(codes.remaining(&house.ada).await.unwrap(), 0);
    assert_eq!(codes.remaining(&house.bob).await.unwrap(), 2);
}

#[tokio::test]
async fn all_factors_of_one_person_go_with_the_recovery_codes() {
    let house = house().await;
    let codes = RecoveryCodes::new(&house.factors.database);
    house.totp().await;
    house.passkey().await;
    house.factors.add(&house.bob, FactorKind::Totp, "Bob's", SECRET, 0, NOW).await.unwrap();
    codes.replace_all(&house.ada, &[1; 16], &[[1; 32]]).await.unwrap();
    assert_eq!(house.factors.remove_all(&house.ada).await.unwrap(), 2);
    assert!(house.factors.list(&house.ada).await.unwrap().is_empty());
    assert_eq!(codes.remaining(&house.ada).await.unwrap(), 0);
    assert_eq!(house.factors.list(&house.bob).await.unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_has_more_factors_than_one_may() {
    let house = house().await;
    for _ in 0..MOST {
        house.totp().await;
    }
    let one_more = house.factors.add(&house.ada, FactorKind::Totp, NAME, SECRET, 0, NOW).await;
    assert!(matches!(one_more, Err(Error::TooMany)));
    assert_eq!(house.factors.list(&house.ada).await.unwrap().len(), usize::try_from(MOST).unwrap());
    house.factors.add(&house.bob, FactorKind::Totp, NAME, SECRET, 0, NOW).await.unwrap();
}

#[tokio::test]
async fn a_person_is_first_seen_once() {
    let house = house().await;
    for (person, now, first) in [
        (&house.ada, NOW, NOW),
        (&house.ada, NOW + 9, NOW),
        (&house.ada, NOW - 9, NOW),
        (&house.bob, NOW + 9, NOW + 9),
    ] {
        assert_eq!(house.factors.first_seen(person, now).await.unwrap(), first);
    }
}

#[tokio::test]
async fn a_thief_of_the_database_finds_no_secret_name_address_or_key() {
    let house = house().await;
    let id = house.totp().await;
    house.passkey().await;
    house.factors.rename(&house.ada, &id, "Telephone in the hall").await.unwrap();
    assert!(house.factors.replace_credential(&house.ada, &id, b"another secret", 200, NOW).await.unwrap());
    house.factors.first_seen(&house.ada, NOW).await.unwrap();
    house.factors.database.close().await;
    let mut looked_at = 0;
    for entry in std::fs::read_dir(house.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "key") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        looked_at += bytes.len();
        let found = |word: &[u8]| bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word));
        for word in
            [&b"kitchen"[..], b"hall", b"ada@", b"example.org", SECRET, b"public half", b"another secret"]
        {
            assert!(!found(word), "{}: {}", path.display(), String::from_utf8_lossy(word));
        }
        assert!(!found(&house.ada.handle()));
    }
    assert!(looked_at > 4_096);
}

#[test]
fn a_name_of_a_factor_is_read_as_it_is_written_and_nothing_else_is() {
    let id = FactorId([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255]);
    assert_eq!(id.to_string(), "000102030405060708090a0b0c0d0eff");
    assert_eq!(id.to_string().parse(), Ok(id));
    for wrong in ["", "00", "+00102030405060708090a0b0c0d0eff", "000102030405060708090a0b0c0d0eff0", "zz"] {
        assert!(wrong.parse::<FactorId>().is_err(), "{wrong}");
    }
}
