//! Questions about who sent a message, asked when its page is there.

use leptos::prelude::*;
use model::origin::Acquaintance;
use model::uid::MessageKey;
use model::unsubscribe::Unsubscribed;
use server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::with_status;
#[cfg(feature = "ssr")]
use crate::contract::SignedIn;
use crate::failure::Failure;

/// What else is known of the sender of a message.
///
/// # Errors
/// When nobody is signed in, the message is gone or the mail server fails.
#[server(endpoint = "message/acquaintance", prefix = "/api", input = Json)]
pub async fn ask_acquaintance(key: MessageKey) -> Result<Acquaintance, Failure> {
    with_status(with_status(SignedIn::of_request())?.mail.acquaintance(key).await)
}

/// Leaves the list that a message came from.
///
/// # Errors
/// When nobody is signed in, the message is gone or the mail server fails.
#[server(endpoint = "message/unsubscribe", prefix = "/api", input = Json)]
pub async fn leave_list(key: MessageKey) -> Result<Unsubscribed, Failure> {
    with_status(with_status(SignedIn::of_request())?.mail.unsubscribe(key).await)
}
