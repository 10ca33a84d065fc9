//! Whether somebody wishes to see the pictures from elsewhere: for one message, always of a sender, or not at all.

use app::failure::Failure;
use database::{PersonId, PictureSenders};
use model::address::Address;

use crate::config::remote_content::Policy;
use crate::failure::internal;

/// The wishes of all people, and what the operator says to them.
#[derive(Debug)]
pub struct Consent {
    policy: Policy,
    senders: PictureSenders,
}

impl Consent {
    /// Under this policy.
    pub fn new(policy: Policy, senders: PictureSenders) -> Self {
        Self { policy, senders }
    }

    /// Whether the operator leaves it to people.
    pub fn is_allowed(&self) -> bool {
        self.policy == Policy::Ask
    }

    /// Whether the pictures of a message with this From are always wished for. `proven` says whether the message is known
    /// to come from there, or known not to; a message that only says so counts as long as nobody knows better.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn pictures_wanted(
        &self,
        person: PersonId,
        from: &[Address],
        proven: Option<bool>,
    ) -> Result<bool, Failure> {
        if !self.is_allowed() || proven == Some(false) {
            return Ok(false);
        }
        let Some(sender) = sender(from) else { return Ok(false) };
        self.senders.is_wished(person, sender).await.map_err(|error| internal(&error))
    }

    /// Always shows the pictures of this sender from now on, or no longer.
    ///
    /// # Errors
    /// [`Failure::NoPictures`] when the operator forbids it, the message has not exactly one sender or is known not to come
    /// from there, or a person has said it of very many; if the database fails.
    pub async fn always(
        &self,
        person: PersonId,
        from: &[Address],
        proven: Option<bool>,
        always: bool,
        now: i64,
    ) -> Result<(), Failure> {
        let sender = sender(from).ok_or(Failure::NoPictures)?;
        let kept = if !always {
            self.senders.forget(person, sender).await
        } else if self.is_allowed() && proven != Some(false) {
            self.senders.wish(person, sender, now).await
        } else {
            return Err(Failure::NoPictures);
        };
        kept.map_err(|error| match error {
            database::Error::TooMany => Failure::NoPictures,
            error => internal(&error),
        })
    }

    /// How many senders a person has said it of.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn count(&self, person: PersonId) -> Result<u64, Failure> {
        self.senders.count(person).await.map_err(|error| internal(&error))
    }

    /// Forgets all of them; gives their number.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn forget_all(&self, person: PersonId) -> Result<u64, Failure> {
        self.senders.forget_all(person).await.map_err(|error| internal(&error))
    }
}

/// Longest address that is one (RFC 5321 §4.5.3.1). A longer one may have been cut, and be another.
const ADDRESS: usize = 254;

/// The one whole address of a message's From. Where there are several, or none, nobody can be named.
fn sender(from: &[Address]) -> Option<&str> {
    let [Address { address, .. }] = from else { return None };
    let (local, domain) = address.rsplit_once('@')?;
    let whole = !local.is_empty() && !domain.is_empty() && address.len() <= ADDRESS;
    whole.then_some(address)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use app::failure::Failure;
    use database::{Database, PersonId, PictureSenders, ServerKey};
    use model::address::Address;

    use super::Consent;
    use crate::config::remote_content::Policy;

    fn from(addresses: &[&str]) -> Vec<Address> {
        addresses.iter().map(|address| Address { name: None, address: (*address).to_owned() }).collect()
    }

    #[tokio::test]
    async fn always_is_said_of_one_address_that_nobody_knows_better_of() {
        let database = Database::in_memory().await.unwrap();
        let key = Arc::new(ServerKey::generate().unwrap());
        let ada = PersonId::of("ada@example.org", &key).unwrap();
        let senders = PictureSenders::new(&database, key);
        let consent = Consent::new(Policy::Ask, senders.clone());
        let news = from(&["news@shop.example"]);
        consent.always(ada, &news, None, true, 0).await.unwrap();
        for (from, proven, wanted) in [
            (&news, None, true),
            (&news, Some(true), true),
            (&news, Some(false), false),
            (&from(&["other@shop.example"]), None, false),
            (&from(&["news@shop.example", "news@shop.example"]), None, false),
            (&from(&[]), None, false),
        ] {
            let found = consent.pictures_wanted(ada, from, proven).await.unwrap();
            assert_eq!(found, wanted, "{from:?} {proven:?}");
        }
        for (from, proven) in [
            (from(&["a@x.test", "b@x.test"]), None),
            (from(&[]), None),
            (from(&["undisclosed"]), None),
            (from(&["@x.test"]), None),
            (from(&["forged@x.test"]), Some(false)),
        ] {
            assert_eq!(
                consent.always(ada, &from, proven, true, 0).await,
                Err(Failure::NoPictures),
                "{from:?}"
            );
        }
        assert_eq!(consent.count(ada).await.unwrap(), 1);
        // Whoever may show nothing has nothing shown that was wished for before.
        let never = Consent::new(Policy::Never, senders);
        assert!(!never.pictures_wanted(ada, &news, None).await.unwrap());
        assert_eq!(never.always(ada, &news, None, true, 0).await, Err(Failure::NoPictures));
        never.always(ada, &news, None, false, 0).await.unwrap();
        assert_eq!(consent.count(ada).await.unwrap(), 0);
    }
}
