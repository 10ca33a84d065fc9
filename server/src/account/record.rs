//! What a session remembers. It is sealed under a key that only the cookie holds.

use database::Handle;
use imap::authenticate::Credentials;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use zeroize::Zeroizing;

/// How far somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// The password is proven, and a second factor asked for.
    Factor,
    /// The password is proven, and a second factor must be set up first.
    Enrol,
    /// Signed in.
    Inside,
}

/// Something that was handed out and waits for its answer. None of it is told to anybody but its person.
#[derive(Clone, Serialize, Deserialize)]
pub enum Pending {
    /// What a passkey is asked to sign: a [`factor::passkey::Question`] as JSON.
    Passkey(String),
    /// A passkey that is being made: a [`factor::passkey::NewQuestion`] as JSON.
    NewPasskey(String),
    /// A secret for an app that has shown no code yet.
    NewTotp(Zeroizing<Vec<u8>>),
}

/// What a session remembers. Times are seconds since 1970-01-01 00:00 UTC.
#[derive(Clone, Serialize, Deserialize)]
pub struct Record {
    /// The address.
    pub login: String,
    /// The password of the mail account.
    #[serde(serialize_with = "exposed")]
    pub password: SecretString,
    /// The name of the session for its person.
    pub(super) handle: [u8; 16],
    /// How far somebody is.
    pub stage: Stage,
    /// When the password was proven.
    pub begun_at: i64,
    /// When it ends at the latest, under whatever name.
    pub ends_at: i64,
    /// Until when the account may be changed without another proof.
    pub proven_until: i64,
    /// From where and with what it began, as JSON.
    pub origin: String,
    /// What waits for its answer.
    pub pending: Option<Pending>,
}

/// Only into what is sealed.
fn exposed<S: Serializer>(password: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(password.expose_secret())
}

impl Record {
    /// A session that begins with a proven password.
    pub fn new(
        login: String,
        password: SecretString,
        handle: Handle,
        stage: Stage,
        now: i64,
        ends_at: i64,
    ) -> Self {
        let handle = handle.0;
        Self {
            login,
            password,
            handle,
            stage,
            begun_at: now,
            ends_at,
            proven_until: 0,
            origin: String::new(),
            pending: None,
        }
    }

    /// The name of the session for its person.
    pub fn handle(&self) -> Handle {
        Handle(self.handle)
    }

    /// What the mail server wants to know.
    pub fn credentials(&self) -> Credentials {
        Credentials::with_password(self.login.clone(), self.password.clone())
    }
}
