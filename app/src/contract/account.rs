//! What a person may ask about how they sign in: factors, sessions, devices, and what happened at the door.

use serde::{Deserialize, Serialize};

use super::Answer;
use super::arrival::{FactorKinds, Proof};

/// The account of one person, as far as signing in goes. What changes it asks for a fresh proof first
/// ([`crate::failure::Failure::ProofNeeded`]).
pub trait Account: Send + Sync {
    /// Everything that the page about it shows.
    fn security(&self) -> Answer<'_, Security>;

    /// A fresh proof: for the next five minutes the account may be changed.
    fn prove(&self, proof: Proof) -> Answer<'_, ()>;

    /// What a passkey is asked to sign for that.
    fn passkey_question(&self) -> Answer<'_, String>;

    /// A secret for an app that shows codes; it counts once a code was shown.
    fn new_totp(&self) -> Answer<'_, NewTotp>;

    /// Keeps it, under this name. The first factor of a person comes with recovery codes.
    fn keep_totp(&self, name: String, code: String) -> Answer<'_, Option<RecoveryCodes>>;

    /// What the browser needs to make a passkey, as the JSON of `PublicKeyCredentialCreationOptions`.
    fn new_passkey(&self) -> Answer<'_, String>;

    /// Keeps it, under this name; `credential` is the JSON of what the browser made.
    fn keep_passkey(&self, name: String, credential: String) -> Answer<'_, Option<RecoveryCodes>>;

    /// Calls a factor by another name.
    fn rename_factor(&self, factor: Handle, name: String) -> Answer<'_, ()>;

    /// Removes a factor. With the last one the recovery codes go.
    fn remove_factor(&self, factor: Handle) -> Answer<'_, ()>;

    /// Ten new recovery codes; the old ones are worth nothing any more.
    fn new_recovery_codes(&self) -> Answer<'_, RecoveryCodes>;

    /// Ends a session, wherever it is.
    fn end_session(&self, session: Handle) -> Answer<'_, ()>;

    /// Ends all sessions but this one.
    fn end_other_sessions(&self) -> Answer<'_, ()>;

    /// Trusts a browser no longer.
    fn distrust(&self, device: Handle) -> Answer<'_, ()>;
}

/// Names a factor, session or device to its person, and opens nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Handle(pub String);

/// Everything about how somebody signs in. Times are seconds since 1970-01-01 00:00 UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Security {
    /// The address.
    pub login: String,
    /// Whether second factors may, or must, be used.
    pub policy: Policy,
    /// The second factors.
    pub factors: Vec<Factor>,
    /// Recovery codes that were not used yet.
    pub recovery_codes: u32,
    /// Until when the account may be changed without another proof.
    pub proven_until: Option<i64>,
    /// With which of these a fresh proof can be given; with none, by the password.
    pub proofs: FactorKinds,
    /// Where somebody is signed in; this session first.
    pub sessions: Vec<Session>,
    /// Browsers that are spared the second factor.
    pub devices: Vec<Device>,
    /// What happened at the door, newest first.
    pub events: Vec<Event>,
    /// Whether the mail server takes the bare password from every mail program.
    pub side_door: bool,
}

/// What the operator decided about second factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Policy {
    /// There are none.
    Off,
    /// Who wants one has one.
    Optional,
    /// Everybody has one.
    Required {
        /// Until when one may still sign in without.
        from: i64,
    },
}

/// A second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    /// Its handle.
    pub handle: Handle,
    /// What its person calls it.
    pub name: String,
    /// Whether it is a passkey; else an app that shows codes.
    pub passkey: bool,
    /// When it was set up.
    pub created_at: i64,
    /// When it was last used.
    pub used_at: Option<i64>,
}

/// Where somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its handle.
    pub handle: Handle,
    /// Whether it is the one that asks.
    pub this: bool,
    /// From where and with what.
    pub origin: Origin,
    /// When it began.
    pub created_at: i64,
    /// When somebody was last seen in it, to the minute.
    pub seen_at: i64,
}

/// A browser that is spared the second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Its handle.
    pub handle: Handle,
    /// Whether it is the one that asks.
    pub this: bool,
    /// From where and with what it was trusted.
    pub origin: Origin,
    /// When it was trusted.
    pub created_at: i64,
    /// Until when.
    pub until: i64,
}

/// From where and with what a request came. Strangers' words: text, never more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The address, as far as it can be known.
    pub address: String,
    /// The country as two letters (ISO 3166-1), where the operator gave a file that knows.
    pub country: Option<String>,
    /// The browser and the system, in a few words, as the browser says.
    pub browser: String,
}

/// Something that happened at the door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: i64,
    /// What.
    pub kind: EventKind,
    /// From where.
    pub origin: Origin,
}

/// What happens at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventKind {
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed in with a browser or from a country that was not seen before, or from too far away.
    SignedInUnusually,
    /// The mail server refused the password.
    WrongPassword,
    /// A second factor was refused.
    WrongFactor,
    /// Too many attempts: nobody was asked.
    TooManyAttempts,
    /// Somebody signed out.
    SignedOut,
    /// A session was ended from elsewhere.
    SessionEnded,
    /// The password holds no more.
    PasswordChanged,
    /// A second factor was set up.
    FactorAdded,
    /// A second factor was renamed.
    FactorRenamed,
    /// A second factor was removed.
    FactorRemoved,
    /// Recovery codes were made.
    RecoveryCodesMade,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// A browser was trusted.
    DeviceTrusted,
    /// A browser is trusted no longer.
    DeviceDistrusted,
    /// The operator removed all second factors.
    FactorsReset,
}

/// What an app that shows codes needs to know.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTotp {
    /// The secret, in base32, for those who type.
    pub secret: String,
    /// The same as an `otpauth:` address.
    pub address: String,
    /// The same as a picture to point a camera at: for each row from the top, which modules are dark.
    pub code: Vec<Vec<bool>>,
}

/// Shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCodes(pub Vec<String>);

impl std::fmt::Debug for NewTotp {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("NewTotp(secret)")
    }
}

impl std::fmt::Debug for RecoveryCodes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("RecoveryCodes(secret)")
    }
}

impl Security {
    /// Whether the account may be changed at this time without another proof.
    pub fn is_proven(&self, now: i64) -> bool {
        self.proven_until.is_some_and(|until| now < until)
    }
}
