//! How much of the world one person may ask for, so that a message with thousands of pictures, or a reader who has them
//! shown again and again, takes nothing from others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use database::PersonId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Pictures of one person in one minute. A long newsletter has a hundred.
const A_MINUTE: u32 = 600;

/// Pictures of one person at a time.
const AT_A_TIME: usize = 12;

/// People that are remembered before those of earlier minutes are forgotten.
const REMEMBERED: usize = 1_024;

/// Whose turn it is.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<PersonId, Share>>);

#[derive(Debug)]
struct Share {
    minute: i64,
    asked: u32,
    together: Arc<Semaphore>,
}

impl Turns {
    /// A turn, as long as it is held; `None` when a person had all that one may have in this minute.
    pub(super) async fn take(&self, person: PersonId, now: i64) -> Option<OwnedSemaphorePermit> {
        let together = {
            let mut shares = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let minute = now.div_euclid(60);
            if shares.len() >= REMEMBERED {
                shares.retain(|_, share| {
                    share.minute == minute || share.together.available_permits() < AT_A_TIME
                });
            }
            let share = shares.entry(person).or_insert_with(|| Share {
                minute,
                asked: 0,
                together: Arc::new(Semaphore::new(AT_A_TIME)),
            });
            if share.minute != minute {
                (share.minute, share.asked) = (minute, 0);
            }
            share.asked = Some(share.asked + 1).filter(|asked| *asked <= A_MINUTE)?;
            share.together.clone()
        };
        together.acquire_owned().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use database::{PersonId, ServerKey};

    use super::{A_MINUTE, Turns};

    #[tokio::test]
    async fn one_person_has_so_many_in_a_minute_and_another_as_many() {
        let key = ServerKey::generate().unwrap();
        let [ada, bob] = ["ada@x.test", "bob@x.test"].map(|login| PersonId::of(login, &key).unwrap());
        let turns = Turns::default();
        for _ in 0..A_MINUTE {
            assert!(turns.take(ada, 60).await.is_some());
        }
        assert!(turns.take(ada, 119).await.is_none());
        assert!(turns.take(bob, 119).await.is_some());
        assert!(turns.take(ada, 120).await.is_some());
    }
}
