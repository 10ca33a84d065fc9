//! Questions about how one signs in. What changes it asks for a fresh proof.

use leptos::prelude::*;
use server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::with_status;
#[cfg(feature = "ssr")]
use crate::contract::Known;
use crate::contract::account::{Handle, NewTotp, RecoveryCodes, Security};
use crate::contract::arrival::Proof;
use crate::failure::Failure;

/// Everything about how one signs in.
///
/// # Errors
/// As [`crate::contract::account::Account`] says.
#[server(endpoint = "account/security", prefix = "/api", input = Json)]
pub async fn read_security() -> Result<Security, Failure> {
    with_status(with_status(Known::of_request())?.0.security().await)
}

/// A fresh proof, before the account is changed.
///
/// # Errors
/// As [`crate::contract::account::Account`] says.
#[server(endpoint = "account/prove", prefix = "/api", input = Json)]
pub async fn prove(proof: Proof) -> Result<(), Failure> {
    with_status(with_status(Known::of_request())?.0.prove(proof).await)
}

/// What a passkey is asked to sign for that.
///
/// # Errors
/// As [`crate::contract::account::Account`] says.
#[server(endpoint = "account/passkey", prefix = "/api", input = Json)]
pub async fn account_passkey_question() -> Result<String, Failure> {
    with_status(with_status(Known::of_request())?.0.passkey_question().await)
}

/// A secret for an app that shows codes.
///
/// # Errors
/// As [`crate::contract::account::Account`] says.
#[server(endpoint = "account/totp/new", prefix = "/api", input = Json)]
pub async fn make_totp() -> Result<NewTotp, Failure> {
    with_status(with_status(Known::of_request())?.0.new_totp().await)
}

/// Keeps it.
///
/// # Errors
/// As [`crate::contract::account::Account`] says.
#[server(endpoint = "account/totp/keep", prefix = "/api", input = Json)]
pub async fn keep_totp(name: String, code: String) -> Result<Option<RecoveryCodes>, Failure> {
    with_status(with_status(Known::of_request())?.0.keep_totp(name, code).await)
}

/// What the browser needs to make a passkey.
///
/// # Errors
/// As [`crate::contract::account::Account`] says.
#[server(endpoint = "account/passkey/new", prefix = "/api", input = Json)]
pub async fn make_passkey() -> Result<String, Failure> {
    with_status(with_status(Known::of_request())?.0.new_passkey().await)
}

/// Keeps it.
///
/// # Errors
/// As [`crate::contract::account::Account`] says.
#[server(endpoint = "account/passkey/keep", prefix = "/api", input = Json)]
pub async fn keep_passkey(name: String, credential: String) -> Result<Option<RecoveryCodes>, Failure> {
    with_status(with_status(Known::of_request())?.0.keep_passkey(name, credential).await)
}

/// Calls a factor by another name.
///
/// # Errors
/// As [`crate::contract::account::Account`] says.
#[server(endpoint = "account/factor/rename", prefix = "/api", input = Json)]
pub async fn rename_factor(factor: Handle, name: String) -> Result<(), Failure> {
    with_status(with_status(Known::of_request())?.0.rename_factor(factor, name).await)
}

/// Removes a factor.
///
/// # Errors
/// As [`crate::contract::account::Account`] says.
#[server(endpoint = "account/factor/remove", prefix = "/api", input = Json)]
pub async fn remove_factor(factor: Handle) -> Result<(), Failure> {
    with_status(with_status(Known::of_request())?.0.remove_factor(factor).await)
}

/// Ten new recovery codes.
///
/// # Errors
/// As [`crate::contract::account::Account`] says.
#[server(endpoint = "account/recovery/new", prefix = "/api", input = Json)]
pub async fn make_recovery_codes() -> Result<RecoveryCodes, Failure> {
    with_status(with_status(Known::of_request())?.0.new_recovery_codes().await)
}

/// Ends a session.
///
/// # Errors
/// As [`crate::contract::account::Account`] says.
#[server(endpoint = "account/session/end", prefix = "/api", input = Json)]
pub async fn end_session(session: Handle) -> Result<(), Failure> {
    with_status(with_status(Known::of_request())?.0.end_session(session).await)
}

/// Ends all other sessions.
///
/// # Errors
/// As [`crate::contract::account::Account`] says.
#[server(endpoint = "account/session/end-others", prefix = "/api", input = Json)]
pub async fn end_other_sessions() -> Result<(), Failure> {
    with_status(with_status(Known::of_request())?.0.end_other_sessions().await)
}

/// Trusts a browser no longer.
///
/// # Errors
/// As [`crate::contract::account::Account`] says.
#[server(endpoint = "account/device/distrust", prefix = "/api", input = Json)]
pub async fn distrust(device: Handle) -> Result<(), Failure> {
    with_status(with_status(Known::of_request())?.0.distrust(device).await)
}
