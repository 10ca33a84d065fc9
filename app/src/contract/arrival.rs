//! Signing in, step by step: what a request may ask of whom nobody knows yet, or only half.

use serde::{Deserialize, Serialize};

use super::Answer;
use crate::failure::Failure;

/// Signing in. Every request holds it, whoever it is from.
pub trait Arrival: Send + Sync {
    /// How far this browser is.
    fn step(&self) -> Answer<'_, Step>;

    /// Proves address and password to the mail server, and says what comes next.
    fn password(&self, login: String, password: String) -> Answer<'_, Step>;

    /// What a passkey is asked to sign, as the JSON of `PublicKeyCredentialRequestOptions` (WebAuthn Level 3 §5.1).
    fn passkey_question(&self) -> Answer<'_, String>;

    /// Proves the second factor, and whether this browser shall be spared it for the next thirty days.
    fn factor(&self, proof: Proof, trust: bool) -> Answer<'_, Step>;
}

/// How far somebody is who signs in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Nobody, so far.
    #[default]
    Password,
    /// The password is proven; a second factor is asked for.
    Factor {
        /// The address.
        login: String,
        /// Which of them this person has.
        kinds: FactorKinds,
    },
    /// The password is proven; a second factor must be set up before anything else.
    Enrol {
        /// The address.
        login: String,
    },
    /// Signed in.
    Inside {
        /// The address.
        login: String,
    },
}

/// How far somebody is after the password, and what happened the last time, so that the form can be shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorAttempt {
    /// How far they are.
    pub step: Step,
    /// Where the person wanted to go, as it was posted. What was shown never comes back.
    pub next: String,
    /// What happened.
    pub failure: Option<Failure>,
}

/// Which second factors there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorKinds {
    /// An app that shows codes.
    pub totp: bool,
    /// A passkey or security key.
    pub passkey: bool,
    /// Recovery codes that were not used yet.
    pub recovery: bool,
}

/// What somebody shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proof {
    /// The six digits of the moment (RFC 6238).
    Totp(String),
    /// One of the recovery codes.
    Recovery(String),
    /// What a passkey signed, as the JSON of `PublicKeyCredential`.
    Passkey(String),
    /// The password of the mail account, where there is no second factor.
    Password(String),
}

/// Never what was shown.
impl std::fmt::Debug for Proof {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Totp(_) => "Totp",
            Self::Recovery(_) => "Recovery",
            Self::Passkey(_) => "Passkey",
            Self::Password(_) => "Password",
        })
    }
}
