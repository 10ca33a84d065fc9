//! What pages need from the server, as traits that the server fulfils.
//!
//! Pages cannot reach mail except through what a request holds: only the session layer makes a [`SignedIn`], so
//! a server function that forgets to check simply has nothing to ask. See docs/decisions/0001.

pub mod mail;

use std::pin::Pin;
use std::sync::Arc;

use crate::failure::Failure;
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
        leptos::prelude::use_context::<http::request::Parts>()
            .and_then(|parts| parts.extensions.get::<Self>().cloned())
            .ok_or(Failure::SignedOut)
    }
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
