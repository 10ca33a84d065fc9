//! Signing in without leaving the page.

use leptos::prelude::*;
use server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::with_status;
use crate::contract::arrival::{Proof, Step};
#[cfg(feature = "ssr")]
use crate::contract::{Arriving, SignedIn};
use crate::failure::Failure;

/// How far this browser is.
///
/// # Errors
/// None that is expected.
#[server(endpoint = "arrival/step", prefix = "/api", input = Json)]
pub async fn arrival_step() -> Result<Step, Failure> {
    let arriving = with_status(Arriving::of_request())?;
    with_status(arriving.0.step().await)
}

/// Proves address and password.
///
/// # Errors
/// When the mail server refuses or fails, or after too many attempts.
#[server(endpoint = "arrival/password", prefix = "/api", input = Json)]
pub async fn prove_password(login: String, password: String) -> Result<Step, Failure> {
    let arriving = with_status(Arriving::of_request())?;
    with_status(arriving.0.password(login, password).await)
}

/// What a passkey is asked to sign.
///
/// # Errors
/// When no password was proven or the person has no passkey.
#[server(endpoint = "arrival/passkey", prefix = "/api", input = Json)]
pub async fn sign_in_passkey_question() -> Result<String, Failure> {
    let arriving = with_status(Arriving::of_request())?;
    with_status(arriving.0.passkey_question().await)
}

/// Proves the second factor.
///
/// # Errors
/// [`Failure::WrongFactor`], or after too many attempts.
#[server(endpoint = "arrival/factor", prefix = "/api", input = Json)]
pub async fn prove_factor(proof: Proof, trust: bool) -> Result<Step, Failure> {
    let arriving = with_status(Arriving::of_request())?;
    with_status(arriving.0.factor(proof, trust).await)
}

/// Somebody is there: they read or write, which asks for nothing else. It puts off the end of their session.
///
/// # Errors
/// [`Failure::SignedOut`] when nobody is signed in.
#[server(endpoint = "arrival/here", prefix = "/api", input = Json)]
pub async fn here() -> Result<(), Failure> {
    with_status(SignedIn::of_request()).map(drop)
}
