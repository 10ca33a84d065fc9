//! A recovery code counts once, for its person alone.

use std::path::Path;

use super::RecoveryCodes;
use crate::{Database, PersonId, ServerKey};

const SALT: [u8; 16] = [9; 16];

async fn codes(folder: &Path) -> RecoveryCodes {
    RecoveryCodes::new(&Database::open(&folder.join("pennypost.db")).await.unwrap())
}

fn two_people() -> (PersonId, PersonId) {
    let key = ServerKey::generate().unwrap();
    (PersonId::of("ada@example.org", &key).unwrap(), PersonId::of("bob@example.org", &key).unwrap())
}

fn hashes(from: u8) -> Vec<[u8; 32]> {
    (from..from + 10).map(|number| [number; 32]).collect()
}

#[tokio::test]
async fn a_code_is_used_once_by_its_person_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (codes, (ada, bob)) = (codes(folder.path()).await, two_people());
    assert_eq!(codes.salt(&ada).await.unwrap(), None);
    codes.replace_all(&ada, &SALT, &hashes(0)).await.unwrap();
    assert_eq!(codes.salt(&ada).await.unwrap().as_deref(), Some(SALT.as_slice()));
    assert_eq!(codes.salt(&bob).await.unwrap(), None);
    assert!(!codes.use_code(&bob, &[3; 32]).await.unwrap());
    assert!(!codes.use_code(&ada, &[77; 32]).await.unwrap());
    assert_eq!(codes.remaining(&ada).await.unwrap(), 10);
    assert!(codes.use_code(&ada, &[3; 32]).await.unwrap());
    assert!(!codes.use_code(&ada, &[3; 32]).await.unwrap());
    assert_eq!((codes.remaining(&ada).await.unwrap(), codes.remaining(&bob).await.unwrap()), (9, 0));
}

#[tokio::test]
async fn new_codes_end_the_old_ones_of_their_person_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (codes, (ada, bob)) = (codes(folder.path()).await, two_people());
    codes.replace_all(&ada, &SALT, &hashes(0)).await.unwrap();
    codes.replace_all(&bob, &SALT, &hashes(0)).await.unwrap();
    codes.replace_all(&ada, &[8; 16], &hashes(100)).await.unwrap();
    assert_eq!(codes.salt(&ada).await.unwrap(), Some(vec![8; 16]));
    assert!(!codes.use_code(&ada, &[0; 32]).await.unwrap());
    assert!(codes.use_code(&ada, &[100; 32]).await.unwrap());
    assert!(codes.use_code(&bob, &[0; 32]).await.unwrap());
}

#[tokio::test]
async fn codes_that_cannot_all_be_kept_leave_the_old_ones() {
    let folder = tempfile::tempdir().unwrap();
    let (codes, (ada, _)) = (codes(folder.path()).await, two_people());
    codes.replace_all(&ada, &SALT, &hashes(0)).await.unwrap();
    assert!(codes.replace_all(&ada, &SALT, &[[50; 32], [50; 32]]).await.is_err());
    assert_eq!(codes.remaining(&ada).await.unwrap(), 10);
    assert!(codes.use_code(&ada, &[0; 32]).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_that_use_a_code_at_once_in_two_processes_one_succeeds() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second, (ada, _)) = (codes(folder.path()).await, codes(folder.path()).await, two_people());
    first.replace_all(&ada, &SALT, &hashes(0)).await.unwrap();
    let tries: Vec<_> = (0..20)
        .map(|number| {
            let codes = if number % 2 == 0 { &first } else { &second }.clone();
            tokio::spawn(async move { codes.use_code(&ada, &[5; 32]).await.unwrap() })
        })
        .collect();
    let mut counted = 0;
    for attempt in tries {
        counted += u32::from(attempt.await.unwrap());
    }
    assert_eq!(counted, 1);
    assert_eq!(first.remaining(&ada).await.unwrap(), 9);
}
