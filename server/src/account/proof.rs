//! Whether what somebody shows is right. What is right counts once.

use app::contract::account::EventKind;
use app::contract::arrival::{FactorKinds, Proof};
use app::failure::Failure;
use database::{Factor, FactorId, FactorKind, PersonId};
use factor::passkey::{Passkey, Question, RelyingParty};
use factor::recovery;
use factor::totp::{Step, Totp};
use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;

use super::record::{Pending, Record};
use super::visitor::Visitor;
use crate::clock::now;
use crate::door::notice::Notice;
use crate::failure::internal;
use crate::http::session;

impl Visitor {
    /// Which second factors a person has.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) async fn kinds(&self) -> Result<FactorKinds, Failure> {
        self.kinds_of(self.person()?).await
    }

    /// The same of somebody.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) async fn kinds_of(&self, person: PersonId) -> Result<FactorKinds, Failure> {
        let factors = self.accounts.factors.list(&person).await.map_err(|error| internal(&error))?;
        let left = self.accounts.recovery.remaining(&person).await.map_err(|error| internal(&error))?;
        Ok(kinds(&factors, left))
    }

    /// Asks the person's passkeys, and remembers the question.
    ///
    /// # Errors
    /// [`Failure::WrongFactor`] when there is none.
    pub(super) async fn ask_passkeys(&self) -> Result<String, Failure> {
        let (asking, known) = self.asking().await?;
        let (options, question) = asking.ask(&known, now()).map_err(|_| Failure::WrongFactor)?;
        let question = serde_json::to_string(&question).map_err(|error| internal(&error))?;
        let record = Record { pending: Some(Pending::Passkey(question)), ..self.held()?.clone() };
        session::keep(&self.session, &record).await?;
        Ok(options)
    }

    /// Who asks, and which passkeys the person has.
    ///
    /// # Errors
    /// [`Failure::WrongFactor`] where there can be none.
    pub(super) async fn asking(&self) -> Result<(RelyingParty, Vec<Passkey>), Failure> {
        let asking = self.accounts.relying_party.clone().ok_or(Failure::WrongFactor)?;
        Ok((asking, self.passkeys().await?.into_iter().map(|(_, passkey)| passkey).collect()))
    }

    /// The person's passkeys, each with its name in the table.
    pub(super) async fn passkeys(&self) -> Result<Vec<(FactorId, Passkey)>, Failure> {
        let person = self.person()?;
        let factors = self.accounts.factors.list(&person).await.map_err(|error| internal(&error))?;
        let passkeys = factors.into_iter().filter(|factor| factor.kind == FactorKind::Passkey);
        passkeys
            .map(|factor| {
                let passkey = Passkey::restore(factor.credential.expose_secret());
                Ok((factor.id, passkey.map_err(|error| internal(&error))?))
            })
            .collect()
    }

    /// Checks a second factor, and notes what came of it. A wrong one counts against the person within `scope`, so that
    /// those who fail keep out nobody but themselves.
    ///
    /// # Errors
    /// [`Failure::WrongFactor`], or [`Failure::TooManyAttempts`].
    pub(super) async fn check_factor(&self, proof: &Proof, scope: &[u8]) -> Result<(), Failure> {
        let (record, person) = (self.held()?.clone(), self.person()?);
        // What a passkey signs can't be guessed, and whoever has one gets in whatever strangers do.
        let pass = if matches!(proof, Proof::Passkey(_)) {
            None
        } else {
            match self.accounts.door.factor_before(&person, scope, now()).await {
                Ok(pass) => Some(pass),
                Err(refused) => {
                    self.note(&record.login, EventKind::TooManyAttempts).await;
                    return Err(refused);
                }
            }
        };
        let right = match proof {
            Proof::Totp(code) => self.check_totp(code).await?,
            Proof::Recovery(code) => self.check_recovery(code).await?,
            Proof::Passkey(answer) => self.check_passkey(&record, answer).await?,
            Proof::Password(_) => false,
        };
        match (right, pass) {
            (true, pass) => match pass {
                Some(pass) => pass.right().await,
                None => Ok(()),
            },
            (false, pass) => {
                if let Some(pass) = pass {
                    pass.wrong();
                }
                self.note(&record.login, EventKind::WrongFactor).await;
                Err(Failure::WrongFactor)
            }
        }
    }

    async fn check_totp(&self, code: &str) -> Result<bool, Failure> {
        let (person, now) = (self.person()?, now());
        for known in self.accounts.factors.list(&person).await.map_err(|error| internal(&error))? {
            if known.kind != FactorKind::Totp {
                continue;
            }
            let totp = Totp::restore(known.credential.expose_secret()).map_err(|error| internal(&error))?;
            if let Some(step) = totp.check(code, Step(known.last_step), now) {
                let used = self.accounts.factors.use_step(&person, &known.id, step.0, now).await;
                if used.map_err(|error| internal(&error))? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    async fn check_recovery(&self, code: &str) -> Result<bool, Failure> {
        let person = self.person()?;
        let Some(code) = recovery::Code::read(code) else { return Ok(false) };
        let Some(salt) = self.accounts.recovery.salt(&person).await.map_err(|error| internal(&error))? else {
            return Ok(false);
        };
        // Slow on purpose, and so not where others are served, nor many at a time.
        let _turn = self.accounts.hashing.acquire().await.map_err(|error| internal(&error))?;
        let hashed = tokio::task::spawn_blocking(move || code.hash(&salt)).await;
        let hash = hashed.map_err(|error| internal(&error))?.map_err(|error| internal(&error))?;
        let used = self.accounts.recovery.use_code(&person, &hash).await.map_err(|error| internal(&error))?;
        if used {
            self.note(&self.held()?.login, EventKind::RecoveryCodeUsed).await;
            let left = self.accounts.recovery.remaining(&person).await.map_err(|error| internal(&error))?;
            self.tell_owner(Notice::RecoveryCodeUsed { left });
        }
        Ok(used)
    }

    async fn check_passkey(&self, record: &Record, answer: &str) -> Result<bool, Failure> {
        // Nobody was asked, so this is no attempt.
        let Some(Pending::Passkey(question)) = &record.pending else { return Err(Failure::BadQuestion) };
        // A question is answered once, rightly or not.
        let answered = Record { pending: None, ..record.clone() };
        session::keep(&self.session, &answered).await?;
        let question: Question = serde_json::from_str(question).map_err(|error| internal(&error))?;
        let Some(asking) = &self.accounts.relying_party else { return Ok(false) };
        let (names, known): (Vec<_>, Vec<_>) = self.passkeys().await?.into_iter().unzip();
        let proven = match asking.check(question, answer, &known, now()) {
            Ok(proven) => proven,
            Err(refused) => {
                // What was wrong is for the log; a copied passkey should not go unseen.
                tracing::warn!(why = %refused, "a passkey was refused");
                return Ok(false);
            }
        };
        let Some(id) = names.get(proven.index) else { return Ok(false) };
        let stored = proven.passkey.stored().map_err(|error| internal(&error))?;
        let kept = self
            .accounts
            .factors
            .replace_credential(&self.person()?, id, &stored, i64::from(proven.counter), now())
            .await;
        kept.map_err(|error| internal(&error))
    }

    /// Checks the password against the one that the mail server took. For those alone who have no second factor.
    ///
    /// # Errors
    /// [`Failure::WrongPassword`], or [`Failure::TooManyAttempts`].
    pub(super) async fn check_password(&self, password: &str) -> Result<(), Failure> {
        let (record, person) = (self.held()?, self.person()?);
        let scope = record.handle();
        let pass = self.accounts.door.factor_before(&person, &scope.0, now()).await?;
        let known = record.password.expose_secret().as_bytes();
        if bool::from(known.ct_eq(password.as_bytes())) {
            return pass.right().await;
        }
        pass.wrong();
        self.note(&record.login, EventKind::WrongPassword).await;
        Err(Failure::WrongPassword)
    }
}

/// Which second factors these are, with so many recovery codes left.
pub(super) fn kinds(factors: &[Factor], recovery_codes: u32) -> FactorKinds {
    FactorKinds {
        totp: factors.iter().any(|factor| factor.kind == FactorKind::Totp),
        passkey: factors.iter().any(|factor| factor.kind == FactorKind::Passkey),
        recovery: recovery_codes > 0,
    }
}
