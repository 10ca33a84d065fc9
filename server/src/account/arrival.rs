//! Signing in, step by step.

use app::contract::Answer;
use app::contract::account::EventKind;
use app::contract::arrival::{Arrival, Proof, Step};
use app::failure::Failure;
use database::{Handle, PersonId};
use imap::authenticate::Credentials;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use super::record::{Record, Stage};
use super::visitor::Visitor;
use super::{FRESH, HALF, TRUST, handle};
use crate::clock::now;
use crate::config::sign_in::SecondFactor;
use crate::door;
use crate::door::notice::Notice;
use crate::door::unusual::Unusual;
use crate::failure::internal;

/// Bytes of an address, and of a password. Longer ones are nobody's.
const LOGIN: usize = 320;
const PASSWORD: usize = 4_096;

/// After so many refusals somebody is told of them once they are in.
const MANY: usize = 20;

impl Arrival for Visitor {
    fn step(&self) -> Answer<'_, Step> {
        Box::pin(async move {
            let Some(record) = &self.record else { return Ok(Step::Password) };
            let login = record.login.clone();
            Ok(match record.stage {
                Stage::Factor => Step::Factor { login, kinds: self.kinds().await? },
                Stage::Enrol => Step::Enrol { login },
                Stage::Inside => Step::Inside { login },
            })
        })
    }

    fn password(&self, login: String, password: String) -> Answer<'_, Step> {
        Box::pin(async move {
            let begun = Instant::now();
            let outcome = self.arrive(login.trim(), password.into()).await;
            if let Err(failure) = &outcome {
                self.warn(failure);
                // An address that nobody has and a wrong password take the same time.
                door::at_whole_second(begun).await;
            }
            outcome
        })
    }

    fn passkey_question(&self) -> Answer<'_, String> {
        Box::pin(async move {
            if self.held()?.stage != Stage::Factor {
                return Err(Failure::BadQuestion);
            }
            self.ask_passkeys().await
        })
    }

    fn factor(&self, proof: Proof, trust: bool) -> Answer<'_, Step> {
        Box::pin(async move {
            let here = self.now().await?;
            if here.held()?.stage != Stage::Factor {
                return Err(Failure::SignedOut);
            }
            let person = here.person()?;
            let device = here.known_device(person).await?;
            // Whoever was here before is not kept out by what strangers try.
            let scope = device.as_ref().map(|device| device.0.as_slice()).unwrap_or_default();
            if let Err(failure) = here.check_factor(&proof, scope).await {
                here.warn(&failure);
                return Err(failure);
            }
            here.come_in(true, trust).await?;
            Ok(Step::Inside { login: here.held()?.login.clone() })
        })
    }
}

impl Visitor {
    /// For whoever bans addresses that guess: from where, not as whom. docs/deployment.md has the filter for this line.
    fn warn(&self, failure: &Failure) {
        let from = self.address.map(tracing::field::display);
        tracing::warn!(failure = failure.key(), from, "nobody was signed in");
    }

    /// Proves a password, and says what comes next.
    async fn arrive(&self, login: &str, password: SecretString) -> Result<Step, Failure> {
        if login.len() > LOGIN || password.expose_secret().len() > PASSWORD {
            return Err(Failure::WrongPassword);
        }
        let person = self.accounts.door.person(login)?;
        let device = self.known_device(person).await?;
        let device = device.as_ref().map(|device| device.0.as_slice());
        let pass = self.accounts.door.before(&person, self.address, device, now()).await;
        let pass = match pass {
            Ok(pass) => pass,
            Err(refused) => {
                self.note(login, EventKind::TooManyAttempts).await;
                return Err(refused);
            }
        };
        let credentials = Credentials::with_password(login.to_owned(), password.clone());
        let proven = if self.accounts.policy.admits(login) {
            self.people.sign_in(credentials).await
        } else {
            Err(Failure::WrongPassword)
        };
        match proven {
            Ok(()) => pass.succeeded(now()).await?,
            // Whatever words a server refuses with, somebody guessed or could not know.
            Err(failure @ (Failure::WrongPassword | Failure::SignInRefused { .. })) => {
                pass.failed();
                self.note(login, EventKind::WrongPassword).await;
                return Err(failure);
            }
            Err(failure) => {
                // The mail server never looked at it.
                pass.unanswered(now()).await?;
                return Err(failure);
            }
        }
        self.proven(login, password, person).await
    }

    /// The device's name, where this person signed in with this browser before.
    async fn known_device(&self, person: PersonId) -> Result<Option<Handle>, Failure> {
        let Some(token) = self.device(person) else { return Ok(None) };
        let known = self.accounts.devices.find(&token, person).await.map_err(|error| internal(&error))?;
        Ok(known.map(|known| known.handle))
    }

    /// What comes after a proven password.
    async fn proven(&self, login: &str, password: SecretString, person: PersonId) -> Result<Step, Failure> {
        let (accounts, now) = (&self.accounts, now());
        let mut record = Record::new(login.to_owned(), password, handle()?, Stage::Factor, now, now + HALF);
        let inside = Step::Inside { login: login.to_owned() };
        let policy = accounts.policy.policy_of(login);
        if policy == SecondFactor::Off {
            self.begin(record).await?.come_in(false, false).await?;
            return Ok(inside);
        }
        let kinds = self.kinds_of(person).await?;
        if kinds.totp || kinds.passkey {
            let device = match self.device(person) {
                Some(token) => {
                    accounts.devices.find(&token, person).await.map_err(|error| internal(&error))?
                }
                None => None,
            };
            let trusted = device.is_some_and(|device| device.trusted_until > now);
            // Whoever comes from where nobody was before shows the second factor, trusted or not.
            let unusual = accounts.door.unusual(&person, &self.whereabouts(), now).await?;
            let half = self.begin(record).await?;
            if trusted && !matches!(unusual, Some(Unusual::TooFar | Unusual::NewCountry)) {
                half.come_in(false, false).await?;
                return Ok(inside);
            }
            return Ok(Step::Factor { login: login.to_owned(), kinds });
        }
        let first_seen = accounts.factors.first_seen(&person, now).await.map_err(|error| internal(&error))?;
        let must = policy == SecondFactor::Required && now >= first_seen + accounts.grace();
        if must {
            record.stage = Stage::Enrol;
        }
        let half = self.begin(record).await?;
        // One that was set up meanwhile ended all sessions that there were; this one may have come too late for that.
        let kinds = self.kinds_of(person).await?;
        if kinds.totp || kinds.passkey {
            half.end(EventKind::SessionEnded).await;
            return Err(Failure::SignedOut);
        }
        if must {
            return Ok(Step::Enrol { login: login.to_owned() });
        }
        half.come_in(true, false).await?;
        Ok(inside)
    }

    /// Lets somebody in: a session under a new name, a browser that is known from now on, a line in the log, and a mail
    /// to its owner where it is unusual. `fresh` when all that the person has was just shown; `trust` when this browser
    /// shall be spared the second factor.
    pub(super) async fn come_in(&self, fresh: bool, trust: bool) -> Result<(), Failure> {
        let (accounts, person, now) = (&self.accounts, self.person()?, now());
        let mut record = self.held()?.clone();
        record.stage = Stage::Inside;
        record.pending = None;
        record.ends_at = now + accounts.absolute;
        record.proven_until = if fresh { now + FRESH } else { 0 };
        self.renew(&record).await?;
        let known = self.known_device(person).await?.is_some();
        let unusual = accounts.door.unusual(&person, &self.whereabouts(), now).await?;
        // A known browser that was brought up to date is no new one.
        let unusual = unusual.filter(|unusual| !known || *unusual != Unusual::NewBrowser);
        let since = accounts.door.since_last_sign_in(&person).await?;
        self.know_device(person, known, trust).await?;
        let kind = if unusual.is_some() { EventKind::SignedInUnusually } else { EventKind::SignedIn };
        self.note(&record.login, kind).await;
        if let Some(unusual) = unusual {
            self.tell_owner(Notice::UnusualSignIn(unusual));
        }
        if since.refused >= MANY {
            self.tell_owner(Notice::Refused { times: since.refused });
        }
        if since.reset {
            self.tell_owner(Notice::FactorsReset);
        }
        Ok(())
    }

    /// Knows this browser from now on. A token that somebody else may have put there, or read before, is never what is
    /// known or trusted.
    async fn know_device(&self, person: PersonId, known: bool, trust: bool) -> Result<(), Failure> {
        let (accounts, now) = (&self.accounts, now());
        let token = match self.device(person) {
            Some(token) if known && !trust => token,
            _ => database::seal::random().map_err(|error| internal(&error))?,
        };
        let noted = accounts.devices.note(&token, person, handle()?, &self.origin_bytes(), now).await;
        noted.map_err(|error| internal(&error))?;
        if trust {
            let trusted = accounts.devices.trust(&token, person, now, now + TRUST).await;
            trusted.map_err(|error| internal(&error))?;
            self.note(&self.held()?.login, EventKind::DeviceTrusted).await;
        }
        self.keep_device(person, &token);
        Ok(())
    }
}
