//! Passkeys and security keys (WebAuthn Level 3), as a second factor: the authenticator verifies its user each time, and
//! where it comes from is not asked.
//!
//! A ceremony is a question that goes out as JSON and an answer that comes in as JSON, with something kept in between
//! ([`NewQuestion`], [`Question`]). That stays on the server: in the browser it could be sent twice. Take it away from
//! where it is kept when an answer comes, whatever becomes of the answer.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use url::{Host, Url};
use webauthn_rs::prelude::{
    CreationChallengeResponse, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, RequestChallengeResponse, Uuid, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// Bytes of an answer. Real ones have one or two thousand.
pub const ANSWER_BYTES: usize = 16 * 1_024;

/// Seconds that a question may be answered in: as long as a browser waits (WebAuthn Level 3 recommends five minutes).
pub const QUESTION_SECONDS: i64 = 300;

/// Whom passkeys are for: this server under its public address.
#[derive(Clone)]
pub struct RelyingParty(Webauthn);

/// A question for a new passkey, until it is answered. To be kept on the server alone.
#[derive(Serialize, Deserialize)]
pub struct NewQuestion {
    state: PasskeyRegistration,
    until: i64,
}

/// A question for a passkey that is known, until it is answered. To be kept on the server alone.
#[derive(Serialize, Deserialize)]
pub struct Question {
    state: PasskeyAuthentication,
    until: i64,
}

/// A passkey of a person: its public half, and how often it signed.
#[derive(Clone)]
pub struct Passkey(webauthn_rs::prelude::Passkey);

/// A passkey that proved itself.
#[derive(Debug)]
pub struct Proven {
    /// Which one of those that were given.
    pub index: usize,
    /// What is to be kept of it from now on.
    pub passkey: Passkey,
    /// How often it signed, or 0 if it does not count. Here it was compared with what the question remembers. Whoever keeps
    /// the passkey compares once more, in the same breath: it may have been used elsewhere since.
    pub counter: u32,
}

impl RelyingParty {
    /// The server under this address, which people see under this name. Passkeys are bound to the host of the address for
    /// good: under another one they are worth nothing.
    ///
    /// # Errors
    /// [`Error::NoPasskeysHere`] where browsers make none: without HTTPS, but on `localhost` and names below it, and where
    /// the host is a number.
    pub fn new(public_url: &str, name: &str) -> Result<Self> {
        let origin = Url::parse(public_url).map_err(|_| Error::NoPasskeysHere)?;
        let Some(Host::Domain(host)) = origin.host() else { return Err(Error::NoPasskeysHere) };
        let loopback = host == "localhost" || host.ends_with(".localhost");
        if origin.scheme() != "https" && !(origin.scheme() == "http" && loopback) {
            return Err(Error::NoPasskeysHere);
        }
        let built = WebauthnBuilder::new(host, &origin).and_then(|builder| builder.rp_name(name).build());
        built.map(Self).map_err(|_| Error::NoPasskeysHere)
    }

    /// Asks for a new passkey. Gives the JSON that `PublicKeyCredential.parseCreationOptionsFromJSON` takes, and what is to
    /// be kept until the answer.
    ///
    /// `person` tells the authenticator whose it is and stays the same; it is nothing that anybody knows the person by.
    /// Authenticators that hold one of `existing` refuse.
    ///
    /// # Errors
    /// None that is expected.
    pub fn ask_new(
        &self,
        person: [u8; 16],
        login: &str,
        existing: &[Passkey],
        now: i64,
    ) -> Result<(String, NewQuestion)> {
        let excluded = existing.iter().map(|passkey| passkey.0.cred_id().clone()).collect();
        let (CreationChallengeResponse { public_key, .. }, state) = self
            .0
            .start_passkey_registration(Uuid::from_bytes(person), login, login, Some(excluded))
            .map_err(|error| refused(&error))?;
        let question = serde_json::to_string(&public_key).map_err(|_| Error::Broken)?;
        Ok((question, NewQuestion { state, until: now.saturating_add(QUESTION_SECONDS) }))
    }

    /// The passkey that answers, from the JSON of `credential.toJSON()`. `existing` are those that the person has by now.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::Unreadable`], [`Error::TooLate`], [`Error::KeptAlready`], [`Error::Refused`].
    pub fn check_new(
        &self,
        question: NewQuestion,
        answer: &str,
        existing: &[Passkey],
        now: i64,
    ) -> Result<Passkey> {
        let answer: RegisterPublicKeyCredential = read(answer)?;
        in_time(question.until, now)?;
        let new =
            self.0.finish_passkey_registration(&answer, &question.state).map_err(|error| refused(&error))?;
        // That it holds one of them was for the authenticator to say.
        if existing.iter().any(|passkey| passkey.0.cred_id() == new.cred_id()) {
            return Err(Error::KeptAlready);
        }
        Ok(Passkey(new))
    }

    /// Asks for one of the passkeys of a person. Gives the JSON that `PublicKeyCredential.parseRequestOptionsFromJSON`
    /// takes, and what is to be kept until the answer.
    ///
    /// # Errors
    /// [`Error::Refused`] if there is none.
    pub fn ask(&self, known: &[Passkey], now: i64) -> Result<(String, Question)> {
        if known.is_empty() {
            return Err(Error::Refused("there is no passkey"));
        }
        let known: Vec<_> = known.iter().map(|passkey| passkey.0.clone()).collect();
        let (RequestChallengeResponse { public_key, .. }, state) =
            self.0.start_passkey_authentication(&known).map_err(|error| refused(&error))?;
        let question = serde_json::to_string(&public_key).map_err(|_| Error::Broken)?;
        Ok((question, Question { state, until: now.saturating_add(QUESTION_SECONDS) }))
    }

    /// Which passkey of a person answers, from the JSON of `credential.toJSON()`. `known` are those that the person has by
    /// now: one that was removed since the question proves nothing.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::Unreadable`], [`Error::TooLate`], [`Error::Refused`], and
    /// [`Error::CounterWentBack`] when all else is right.
    pub fn check(&self, question: Question, answer: &str, known: &[Passkey], now: i64) -> Result<Proven> {
        let answer: PublicKeyCredential = read(answer)?;
        in_time(question.until, now)?;
        let result = self
            .0
            .finish_passkey_authentication(&answer, &question.state)
            .map_err(|error| refused(&error))?;
        let (index, mut passkey) = known
            .iter()
            .cloned()
            .enumerate()
            .find(|(_, passkey)| passkey.0.cred_id() == result.cred_id())
            .ok_or(Error::Refused("the passkey is not the person's"))?;
        passkey.0.update_credential(&result);
        Ok(Proven { index, passkey, counter: result.counter() })
    }
}

impl Passkey {
    /// A passkey as [`Passkey::stored`] gave it.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub fn restore(stored: &[u8]) -> Result<Self> {
        serde_json::from_slice(stored).map(Self).map_err(|_| Error::Broken)
    }

    /// What is to be kept of it.
    ///
    /// # Errors
    /// None that is expected.
    pub fn stored(&self) -> Result<Zeroizing<Vec<u8>>> {
        serde_json::to_vec(&self.0).map(Zeroizing::new).map_err(|_| Error::Broken)
    }
}

impl fmt::Debug for RelyingParty {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RelyingParty")
    }
}

impl fmt::Debug for NewQuestion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("NewQuestion(secret)")
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Question(secret)")
    }
}

impl fmt::Debug for Passkey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Passkey(secret)")
    }
}

/// An answer, measured before it is read.
fn read<T: DeserializeOwned>(answer: &str) -> Result<T> {
    if answer.len() > ANSWER_BYTES {
        return Err(Error::TooLarge);
    }
    serde_json::from_str(answer).map_err(|_| Error::Unreadable)
}

fn in_time(until: i64, now: i64) -> Result<()> {
    // Before the question was asked is as wrong as long after: the clock was set.
    if (until - QUESTION_SECONDS..until).contains(&now) { Ok(()) } else { Err(Error::TooLate) }
}

/// What went wrong, without what was shown: errors of the ceremony may hold parts of the answer.
fn refused(error: &WebauthnError) -> Error {
    match error {
        WebauthnError::CredentialPossibleCompromise => Error::CounterWentBack,
        WebauthnError::InvalidRPOrigin => Error::Refused("another origin"),
        WebauthnError::InvalidRPIDHash => Error::Refused("another relying party"),
        WebauthnError::MismatchedChallenge => Error::Refused("another question"),
        WebauthnError::CredentialNotFound => Error::Refused("the passkey is not the person's"),
        WebauthnError::UserNotPresent | WebauthnError::UserNotVerified => {
            Error::Refused("nobody was verified")
        }
        WebauthnError::InvalidClientDataType => Error::Refused("another ceremony"),
        WebauthnError::AuthenticationFailure | WebauthnError::SignatureInvalid => {
            Error::Refused("a wrong signature")
        }
        _ => Error::Refused("it is not understood"),
    }
}

#[cfg(test)]
mod tests;
