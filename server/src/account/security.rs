//! What a person changes about how they sign in. Each change asks for a fresh proof first.

use app::contract::Answer;
use app::contract::account::{
    Account, Device, EventKind, Factor, Handle, NewTotp, Origin, Policy, RecoveryCodes, Security, Session,
};
use app::contract::arrival::Proof;
use app::failure::Failure;
use database::{FactorId, FactorKind};
use factor::passkey::NewQuestion;
use factor::recovery::Set;
use factor::totp::{Step, Totp, picture};
use secrecy::ExposeSecret;

use super::proof::kinds;
use super::record::{Pending, Record, Stage};
use super::visitor::Visitor;
use super::{FRESH, heard, told};
use crate::clock::now;
use crate::config::sign_in::SecondFactor;
use crate::door::notice::Notice;
use crate::failure::internal;
use crate::http::session;

/// Who codes are for, in the list of an app.
const ISSUER: &str = "Pennypost";

/// Letters of a name that somebody gives a factor.
const NAME: usize = 60;

/// Events that a page shows.
const EVENTS: u32 = 50;

impl Account for Visitor {
    fn security(&self) -> Answer<'_, Security> {
        Box::pin(self.all())
    }

    fn prove(&self, proof: Proof) -> Answer<'_, ()> {
        Box::pin(async move {
            let here = self.now().await?;
            let kinds = here.kinds().await?;
            let proven = match &proof {
                Proof::Password(password) if !kinds.totp && !kinds.passkey => {
                    here.check_password(password).await
                }
                // Counted for this session alone, so that a stolen one keeps its owner out of nothing.
                proof => here.check_factor(proof, &here.held()?.handle().0).await,
            };
            if let Err(Failure::TooManyAttempts { .. }) = proven {
                // Whoever fails that often in a session is not its owner.
                here.end(EventKind::SessionEnded).await;
                return Err(Failure::SignedOut);
            }
            proven?;
            let mut record = here.held()?.clone();
            record.proven_until = now() + FRESH;
            record.pending = None;
            here.renew(&record).await
        })
    }

    fn passkey_question(&self) -> Answer<'_, String> {
        Box::pin(async move { self.now().await?.ask_passkeys().await })
    }

    fn new_totp(&self) -> Answer<'_, NewTotp> {
        Box::pin(async move {
            let here = self.now().await?;
            here.may_change()?;
            here.may_have_factors()?;
            let totp = Totp::generate().map_err(|error| internal(&error))?;
            let address = totp.address(ISSUER, &here.held()?.login).map_err(|error| internal(&error))?;
            let code = picture(&address).map_err(|error| internal(&error))?;
            let secret = totp.base32().map_err(|error| internal(&error))?;
            here.wait_for(Pending::NewTotp(totp.stored().to_vec().into())).await?;
            Ok(NewTotp { secret: secret.to_string(), address: address.to_string(), code })
        })
    }

    fn keep_totp(&self, name: String, code: String) -> Answer<'_, Option<RecoveryCodes>> {
        Box::pin(async move {
            let here = self.now().await?;
            here.may_change()?;
            let Some(Pending::NewTotp(secret)) = &here.held()?.pending else {
                return Err(Failure::BadQuestion);
            };
            let totp = Totp::restore(secret).map_err(|error| internal(&error))?;
            let step = totp.check(&code, Step::NONE, now()).ok_or(Failure::WrongFactor)?;
            here.add(FactorKind::Totp, &name, secret, step.0).await
        })
    }

    fn new_passkey(&self) -> Answer<'_, String> {
        Box::pin(async move {
            let here = self.now().await?;
            here.may_change()?;
            here.may_have_factors()?;
            let (asking, known) = here.asking().await?;
            let user = here.person()?.handle();
            let asked = asking.ask_new(user, &here.held()?.login, &known, now());
            let (options, question) = asked.map_err(|error| internal(&error))?;
            let question = serde_json::to_string(&question).map_err(|error| internal(&error))?;
            here.wait_for(Pending::NewPasskey(question)).await?;
            Ok(options)
        })
    }

    fn keep_passkey(&self, name: String, credential: String) -> Answer<'_, Option<RecoveryCodes>> {
        Box::pin(async move {
            let here = self.now().await?;
            here.may_change()?;
            let Some(Pending::NewPasskey(question)) = &here.held()?.pending else {
                return Err(Failure::BadQuestion);
            };
            let question: NewQuestion = serde_json::from_str(question).map_err(|error| internal(&error))?;
            let (asking, known) = here.asking().await?;
            let passkey = asking.check_new(question, &credential, &known, now()).map_err(|refused| {
                tracing::warn!(why = %refused, "a new passkey was refused");
                Failure::WrongFactor
            })?;
            let stored = passkey.stored().map_err(|error| internal(&error))?;
            here.add(FactorKind::Passkey, &name, &stored, 0).await
        })
    }

    fn rename_factor(&self, factor: Handle, name: String) -> Answer<'_, ()> {
        Box::pin(async move {
            let here = self.now().await?;
            here.may_change()?;
            let id = named_factor(&factor)?;
            let renamed = here.accounts.factors.rename(&here.person()?, &id, &named(&name)).await;
            if !renamed.map_err(|error| internal(&error))? {
                return Err(Failure::BadQuestion);
            }
            here.note(&here.held()?.login, EventKind::FactorRenamed).await;
            Ok(())
        })
    }

    fn remove_factor(&self, factor: Handle) -> Answer<'_, ()> {
        Box::pin(async move {
            let here = self.now().await?;
            here.may_change()?;
            let (person, accounts) = (here.person()?, &here.accounts);
            let id = named_factor(&factor)?;
            let known = accounts.factors.list(&person).await.map_err(|error| internal(&error))?;
            let last = known.len() == 1 && known.iter().all(|known| known.id == id);
            let required = accounts.policy.policy_of(&here.held()?.login) == SecondFactor::Required;
            if last && required {
                return Err(Failure::FactorsFixed);
            }
            let removed = accounts.factors.remove(&person, &id).await.map_err(|error| internal(&error))?;
            if !removed {
                return Err(Failure::BadQuestion);
            }
            if last {
                // Without a second factor there is nothing to spare anybody.
                let distrusted = accounts.devices.distrust(person, None).await;
                distrusted.map_err(|error| internal(&error))?;
            }
            here.note(&here.held()?.login, EventKind::FactorRemoved).await;
            here.tell_owner(Notice::FactorRemoved);
            Ok(())
        })
    }

    fn new_recovery_codes(&self) -> Answer<'_, RecoveryCodes> {
        Box::pin(async move {
            let here = self.now().await?;
            here.may_change()?;
            let kinds = here.kinds().await?;
            if !kinds.totp && !kinds.passkey {
                return Err(Failure::BadQuestion);
            }
            here.tell_owner(Notice::RecoveryCodesMade);
            here.make_recovery_codes().await
        })
    }

    fn end_session(&self, session: Handle) -> Answer<'_, ()> {
        Box::pin(async move {
            let here = self.now().await?;
            here.may_change()?;
            let ended = here.accounts.sessions.end(here.person()?, heard(&session)?).await;
            ended.map_err(|error| internal(&error))?;
            here.note(&here.held()?.login, EventKind::SessionEnded).await;
            Ok(())
        })
    }

    fn end_other_sessions(&self) -> Answer<'_, ()> {
        Box::pin(async move {
            let here = self.now().await?;
            here.may_change()?;
            let ended = here.accounts.sessions.end_but(here.person()?, Some(here.held()?.handle())).await;
            ended.map_err(|error| internal(&error))?;
            here.note(&here.held()?.login, EventKind::SessionEnded).await;
            Ok(())
        })
    }

    fn distrust(&self, device: Handle) -> Answer<'_, ()> {
        Box::pin(async move {
            let here = self.now().await?;
            here.may_change()?;
            let distrusted = here.accounts.devices.distrust(here.person()?, Some(heard(&device)?)).await;
            distrusted.map_err(|error| internal(&error))?;
            here.note(&here.held()?.login, EventKind::DeviceDistrusted).await;
            Ok(())
        })
    }
}

/// A name as it is kept.
fn named(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(NAME).collect::<String>().trim().to_owned()
}

/// A factor as a page says it.
fn named_factor(handle: &Handle) -> Result<FactorId, Failure> {
    handle.0.parse().map_err(|_| Failure::BadQuestion)
}

/// An origin as it was sealed.
fn origin(bytes: &[u8]) -> Origin {
    serde_json::from_slice(bytes).unwrap_or_default()
}

impl Visitor {
    /// Whether the account may be changed now: after a fresh proof, or on the way in.
    fn may_change(&self) -> Result<(), Failure> {
        let record = self.held()?;
        if record.stage == Stage::Enrol || now() < record.proven_until {
            return Ok(());
        }
        Err(Failure::ProofNeeded)
    }

    fn may_have_factors(&self) -> Result<(), Failure> {
        match self.accounts.policy.policy_of(&self.held()?.login) {
            SecondFactor::Off => Err(Failure::FactorsFixed),
            _ => Ok(()),
        }
    }

    async fn wait_for(&self, pending: Pending) -> Result<(), Failure> {
        let record = Record { pending: Some(pending), ..self.held()?.clone() };
        session::keep(&self.session, &record).await
    }

    /// Keeps a factor; with the first one come recovery codes. Whoever had to set one up is in.
    async fn add(
        &self,
        kind: FactorKind,
        name: &str,
        secret: &[u8],
        last_step: i64,
    ) -> Result<Option<RecoveryCodes>, Failure> {
        self.may_have_factors()?;
        let (person, accounts) = (self.person()?, &self.accounts);
        let known = accounts.factors.list(&person).await.map_err(|error| internal(&error))?;
        let first = known.is_empty();
        // On the way in it was true that there was none. And twice the same would count twice.
        let same = known.iter().any(|known| known.credential.expose_secret() == secret);
        if same || (!first && self.held()?.stage == Stage::Enrol) {
            return Err(Failure::SignedOut);
        }
        let added = accounts.factors.add(&person, kind, &named(name), secret, last_step, now()).await;
        added.map_err(|error| internal(&error))?;
        if first {
            // Sessions that began without it end: whoever else is in there shows it the next time.
            let ended = accounts.sessions.end_but(person, Some(self.held()?.handle())).await;
            ended.map_err(|error| internal(&error))?;
        }
        self.note(&self.held()?.login, EventKind::FactorAdded).await;
        self.tell_owner(Notice::FactorAdded);
        let codes = if first { Some(self.make_recovery_codes().await?) } else { None };
        if self.held()?.stage == Stage::Enrol {
            self.come_in(true, false).await?;
        } else {
            let mut record = self.held()?.clone();
            record.pending = None;
            self.renew(&record).await?;
        }
        Ok(codes)
    }

    async fn make_recovery_codes(&self) -> Result<RecoveryCodes, Failure> {
        // Ten slow hashes, and so not where others are served, nor many at a time.
        let _turn = self.accounts.hashing.acquire().await.map_err(|error| internal(&error))?;
        let made = tokio::task::spawn_blocking(Set::generate).await;
        let set = made.map_err(|error| internal(&error))?.map_err(|error| internal(&error))?;
        let kept = self.accounts.recovery.replace_all(&self.person()?, &set.salt, &set.hashes).await;
        kept.map_err(|error| internal(&error))?;
        self.note(&self.held()?.login, EventKind::RecoveryCodesMade).await;
        Ok(RecoveryCodes(set.codes.iter().map(|code| code.to_string()).collect()))
    }

    async fn all(&self) -> Result<Security, Failure> {
        let (record, person, accounts, now) = (self.held()?, self.person()?, &self.accounts, now());
        let policy = match accounts.policy.policy_of(&record.login) {
            SecondFactor::Off => Policy::Off,
            SecondFactor::Optional => Policy::Optional,
            SecondFactor::Required => {
                let first =
                    accounts.factors.first_seen(&person, now).await.map_err(|error| internal(&error))?;
                Policy::Required { from: first + accounts.grace() }
            }
        };
        let factors = accounts.factors.list(&person).await.map_err(|error| internal(&error))?;
        let recovery_codes = accounts.recovery.remaining(&person).await.map_err(|error| internal(&error))?;
        let sessions = accounts.sessions.of_person(person, now).await.map_err(|error| internal(&error))?;
        let mut sessions: Vec<Session> = sessions
            .into_iter()
            .map(|session| Session {
                this: session.handle == record.handle(),
                handle: told(session.handle),
                origin: origin(&session.origin),
                created_at: session.created_at,
                seen_at: session.seen_at,
            })
            .collect();
        sessions.sort_by_key(|session| !session.this);
        let here = match self.device(person) {
            Some(token) => accounts.devices.find(&token, person).await.map_err(|error| internal(&error))?,
            None => None,
        };
        let devices = accounts.devices.trusted(person, now).await.map_err(|error| internal(&error))?;
        Ok(Security {
            login: record.login.clone(),
            policy,
            recovery_codes,
            proven_until: Some(record.proven_until).filter(|until| now < *until),
            proofs: kinds(&factors, recovery_codes),
            factors: factors
                .into_iter()
                .map(|factor| Factor {
                    handle: Handle(factor.id.to_string()),
                    name: factor.name,
                    passkey: factor.kind == FactorKind::Passkey,
                    created_at: factor.created_at,
                    used_at: factor.used_at,
                })
                .collect(),
            sessions,
            devices: devices
                .into_iter()
                .map(|device| Device {
                    this: here.as_ref().is_some_and(|here| here.handle == device.handle),
                    handle: told(device.handle),
                    origin: origin(&device.origin),
                    created_at: device.trusted_at,
                    until: device.trusted_until,
                })
                .collect(),
            events: accounts.door.events(&person, EVENTS).await?,
            // Whoever is here proved it: the password alone opened the mailbox.
            side_door: true,
        })
    }
}
