//! Keeping what is being written.

use leptos::prelude::*;
use model::draft::Draft;
use model::uid::MessageKey;
use server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::with_status;
#[cfg(feature = "ssr")]
use crate::contract::SignedIn;
use crate::contract::mail::{LocalKey, Saved};
use crate::failure::Failure;

/// Keeps a draft in the Drafts mailbox of whoever wrote it.
///
/// # Errors
/// [`Failure::SignedOut`] when nobody is signed in, or by now somebody else is in the same browser: nobody's words come
/// into another's mailbox. Otherwise as [`crate::contract::mail::Mail::save_draft`].
#[server(endpoint = "draft/save", prefix = "/api", input = Json)]
pub async fn save_draft(login: String, draft: Draft, replaces: Option<MessageKey>) -> Result<Saved, Failure> {
    let signed_in = with_status(SignedIn::of_request())?;
    if signed_in.login != login {
        return with_status(Err(Failure::SignedOut));
    }
    with_status(signed_in.mail.save_draft(draft, replaces).await)
}

/// The key of what this browser keeps of unsaved words.
///
/// # Errors
/// As [`save_draft`].
#[server(endpoint = "account/local-key", prefix = "/api", input = Json)]
pub async fn ask_local_key(login: String) -> Result<LocalKey, Failure> {
    let signed_in = with_status(SignedIn::of_request())?;
    if signed_in.login != login {
        return with_status(Err(Failure::SignedOut));
    }
    with_status(signed_in.mail.local_key().await)
}
