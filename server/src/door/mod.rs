//! The door: who may try now, what happened, and whether its owner is told.
//!
//! ```text
//! // Who is not of `sign_in.domains` (`config.sign_in.admits`) comes in here too, and then fails without being asked.
//! let pass = door.before(&person, from, known_device, now).await?;   // a refusal, a wait, or leave to try
//! match people.sign_in(credentials).await {
//!     Ok(()) => pass.succeeded(now).await?,
//!     Err(Failure::WrongPassword) => { pass.failed(); at_whole_second(begun).await }
//!     Err(_) => pass.unanswered(now).await?,
//! }
//! ```

pub mod browser;
mod limit;
pub mod notice;
pub mod place;
pub mod record;
pub mod unusual;
mod waiting;

use std::net::IpAddr;
use std::sync::Arc;

use app::contract::account::{Event, EventKind, Origin};
use app::failure::Failure;
use database::{Database, Events, PersonId, ServerKey};

use crate::config::sign_in::SignIn;
use crate::failure::internal;
use limit::Limit;
pub use limit::{FactorPass, Pass, at_whole_second};
use place::{BrokenFile, Places};
use record::Seen;
use unusual::Unusual;

/// Events are kept for so many days.
const KEPT_DAYS: i64 = 180;

/// Earlier events that a new one is compared with.
const LOOKED_THROUGH: u32 = 200;

/// The door of the house. Cloning is cheap.
#[derive(Clone)]
pub struct Door {
    limit: Limit,
    events: Events,
    key: Arc<ServerKey>,
    places: Option<Places>,
}

impl std::fmt::Debug for Door {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Door")
    }
}

/// Where somebody is, as one request shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Whereabouts {
    /// As it is shown to them.
    pub origin: Origin,
    /// Where on earth, if the file of places knows.
    pub coordinates: Option<unusual::Coordinates>,
}

/// What happened since somebody last signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Since {
    /// How often a password or a code was refused.
    pub refused: usize,
    /// Whether the operator removed all second factors.
    pub reset: bool,
}

impl Door {
    /// The door of a configuration.
    ///
    /// # Errors
    /// [`BrokenFile`] if there is a file of places and it is of no use.
    pub fn new(config: &SignIn, database: &Database, key: Arc<ServerKey>) -> Result<Self, BrokenFile> {
        Ok(Self {
            limit: Limit::new(database, key.clone()),
            events: Events::new(database, key.clone()),
            places: config.geoip_file.as_deref().map(Places::read).transpose()?,
            key,
        })
    }

    /// Whom an address names.
    ///
    /// # Errors
    /// None that is expected.
    pub fn person(&self, login: &str) -> Result<PersonId, Failure> {
        PersonId::of(login, &self.key).map_err(|error| internal(&error))
    }

    /// Leave to try a password for this person, from this address. `known_device` is what the cookie of a browser names
    /// that this person trusted or used before; whoever calls has made sure that it is theirs. It may take up to eight
    /// seconds to come.
    ///
    /// # Errors
    /// [`Failure::TooManyAttempts`]: nothing may be tried, and nothing was counted.
    pub async fn before(
        &self,
        person: &PersonId,
        from: Option<IpAddr>,
        known_device: Option<&[u8]>,
        now: i64,
    ) -> Result<Pass, Failure> {
        self.limit.before(person, from, known_device, now).await
    }

    /// Leave to try a code of a second factor, or a recovery code. For passkeys it is not asked for: nobody can guess what
    /// they sign, so whoever has one is never locked out.
    ///
    /// # Errors
    /// [`Failure::TooManyAttempts`] after ten wrong ones within an hour.
    pub async fn factor_before(
        &self,
        person: &PersonId,
        scope: &[u8],
        now: i64,
    ) -> Result<FactorPass, Failure> {
        self.limit.factor_before(person, scope, now).await
    }

    /// Where a request comes from and with what, from its address and its `User-Agent`.
    pub fn whereabouts(&self, from: Option<IpAddr>, user_agent: Option<&str>) -> Whereabouts {
        let place = from.zip(self.places.as_ref()).map(|(from, places)| places.of(from)).unwrap_or_default();
        Whereabouts {
            origin: Origin {
                address: from.map(|from| from.to_canonical().to_string()).unwrap_or_default(),
                country: place.country,
                browser: browser::of_user_agent(user_agent.unwrap_or_default()),
            },
            coordinates: place.coordinates,
        }
    }

    /// Writes down what happened: to the account of this address, from there, in the session of this handle (a hash, never
    /// its token). Of refusals ([`EventKind::TooManyAttempts`]) from one site the first in a minute is written down.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn record(
        &self,
        kind: EventKind,
        login: &str,
        whereabouts: &Whereabouts,
        session: Option<&str>,
        now: i64,
    ) -> Result<(), Failure> {
        let person = self.person(login)?;
        if kind == EventKind::TooManyAttempts {
            let told = self.limit.is_to_be_told(whereabouts.origin.address.parse().ok(), now).await;
            if !told.map_err(|error| internal(&error))? {
                return Ok(());
            }
        }
        let seen = Seen::new(login, whereabouts, session).to_bytes();
        let written = self.events.append(now, Some(&person), record::word(kind), &seen).await;
        written.map_err(|error| internal(&error))
    }

    /// The last events of a person, newest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn events(&self, person: &PersonId, limit: u32) -> Result<Vec<Event>, Failure> {
        let written = self.events.of_person(person, limit).await.map_err(|error| internal(&error))?;
        Ok(written.iter().filter_map(record::event).collect())
    }

    /// Whether a sign-in from there is unlike all earlier ones. To be asked before it is written down.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn unusual(
        &self,
        person: &PersonId,
        whereabouts: &Whereabouts,
        now: i64,
    ) -> Result<Option<Unusual>, Failure> {
        let written = self.events.of_person_and_kinds(person, record::SIGN_INS, LOOKED_THROUGH).await;
        let written = written.map_err(|error| internal(&error))?;
        let earlier: Vec<_> = written.iter().filter_map(record::sign_in).collect();
        let this = unusual::SignIn {
            at: now,
            country: whereabouts.origin.country.clone(),
            coordinates: whereabouts.coordinates,
            browser: whereabouts.origin.browser.clone(),
        };
        Ok(unusual::judge(&this, &earlier))
    }

    /// What happened since somebody last signed in, so that they can be told; of the last two hundred events.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn since_last_sign_in(&self, person: &PersonId) -> Result<Since, Failure> {
        let mut since = Since::default();
        for event in self.events(person, LOOKED_THROUGH).await? {
            match event.kind {
                EventKind::SignedIn | EventKind::SignedInUnusually => break,
                EventKind::WrongPassword | EventKind::WrongFactor => since.refused += 1,
                EventKind::FactorsReset => since.reset = true,
                _ => {}
            }
        }
        Ok(since)
    }

    /// Forgets what is old: events of half a year ago, and counts that count no more.
    pub async fn forget_old(&self, now: i64) {
        let events = self.events.forget(now - KEPT_DAYS * 24 * 60 * 60).await;
        for forgotten in [events, self.limit.forget(now).await] {
            if let Err(error) = forgotten {
                tracing::warn!(cause = &error as &dyn std::error::Error, "what is old can't be forgotten");
            }
        }
    }
}

#[cfg(test)]
mod tests;
