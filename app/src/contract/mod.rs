//! What pages need from the server, as traits that the server fulfils.
//!
//! Pages cannot reach mail except through what a request holds: only the session layer makes a [`SignedIn`], so
//! a server function that forgets to check simply has nothing to ask. See docs/decisions/0001.

pub mod account;
pub mod arrival;
pub mod mail;

use std::pin::Pin;
use std::sync::Arc;

use crate::failure::Failure;
use account::Account;
use arrival::Arrival;
use mail::Mail;

/// The answer to a question, when it comes.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// What the request of a signed-in person may use.
#[derive(Clone)]
pub struct SignedIn {
    /// The address that the person signed in with.
    pub login: String,
    /// Their mail.
    pub mail: Arc<dyn Mail>,
}

impl SignedIn {
    /// What this request holds.
    ///
    /// # Errors
    /// [`Failure::SignedOut`] when nobody is signed in.
    #[cfg(feature = "ssr")]
    pub fn of_request() -> Result<Self, Failure> {
        held().ok_or(Failure::SignedOut)
    }
}

/// How a request signs in.
#[derive(Clone)]
pub struct Arriving(pub Arc<dyn Arrival>);

/// The account of whoever proved a password, even if a second factor is still to be set up.
#[derive(Clone)]
pub struct Known(pub Arc<dyn Account>);

#[cfg(feature = "ssr")]
impl Arriving {
    /// What this request holds.
    ///
    /// # Errors
    /// [`Failure::SignedOut`] outside of a request.
    pub fn of_request() -> Result<Self, Failure> {
        held().ok_or(Failure::SignedOut)
    }
}

#[cfg(feature = "ssr")]
impl Known {
    /// What this request holds.
    ///
    /// # Errors
    /// [`Failure::SignedOut`] when nobody proved a password.
    pub fn of_request() -> Result<Self, Failure> {
        held().ok_or(Failure::SignedOut)
    }
}

/// Something that the session layer put into the request.
#[cfg(feature = "ssr")]
fn held<T: Clone + Send + Sync + 'static>() -> Option<T> {
    leptos::prelude::use_context::<http::request::Parts>()
        .and_then(|parts| parts.extensions.get::<T>().cloned())
}

/// A sign-in that failed, so that the form can be shown again with what happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SignInAttempt {
    /// The address that was typed. The password never comes back.
    pub login: String,
    /// Where the person wanted to go, as it was posted.
    pub next: String,
    /// What happened.
    pub failure: Option<Failure>,
}
