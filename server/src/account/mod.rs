//! Who may come in, as what, and until when: accounts as far as signing in goes.
//!
//! A request holds one [`visitor::Visitor`], which fulfils both contracts of the pages: [`arrival`] for whoever signs in,
//! [`security`] for whoever changes how. What is common to all of them is [`Accounts`].

pub mod arrival;
pub mod device;
pub mod proof;
pub mod record;
pub mod reset;
pub mod security;
pub mod visitor;

use app::failure::Failure;
use database::{Devices, Factors, Handle, RecoveryCodes, Sessions};
use factor::passkey::RelyingParty;

use tokio::sync::Semaphore;
use url::Url;

use crate::config::sign_in::SignIn;
use crate::door::Door;

/// How long a session lasts that waits for a second factor, in seconds.
const HALF: i64 = 600;

/// How long a proof stays fresh, in seconds (ASVS 7.5.1).
const FRESH: i64 = 300;

/// How long a browser is trusted, in seconds.
const TRUST: i64 = 30 * 86_400;

/// What all requests share.
pub struct Accounts {
    /// Browser sessions.
    pub sessions: Sessions,
    /// Browsers that people signed in with.
    pub devices: Devices,
    /// Second factors.
    pub factors: Factors,
    /// Recovery codes.
    pub recovery: RecoveryCodes,
    /// Limits, and the log of what happened.
    pub door: Door,
    /// Who asks passkeys; nobody, under an address where browsers make none.
    pub relying_party: Option<RelyingParty>,
    /// What the operator decided.
    pub policy: SignIn,
    /// Where people reach this server, for what it writes to them.
    pub public_url: Url,
    /// Turns to hash recovery codes, each of which takes 19 MiB and a core for a while.
    pub hashing: Semaphore,
    /// Longest time of a session, in seconds.
    pub absolute: i64,
}

impl Accounts {
    /// How long somebody may sign in without a second factor who must have one, in seconds.
    fn grace(&self) -> i64 {
        i64::try_from(self.policy.grace.as_secs()).unwrap_or(i64::MAX / 2)
    }
}

/// A name by chance.
///
/// # Errors
/// When the system gives no random bytes.
fn handle() -> Result<Handle, Failure> {
    database::seal::random().map(Handle).map_err(|error| crate::failure::internal(&error))
}

/// As pages say it.
fn told(handle: Handle) -> app::contract::account::Handle {
    app::contract::account::Handle(handle.0.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// As pages said it.
///
/// # Errors
/// [`Failure::BadQuestion`] when it is none.
fn heard(handle: &app::contract::account::Handle) -> Result<Handle, Failure> {
    let text = handle.0.as_str();
    let byte = |at: usize| text.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(byte).collect();
    bytes.and_then(|bytes| bytes.try_into().ok()).map(Handle).ok_or(Failure::BadQuestion)
}
