//! Questions about one message.

use leptos::prelude::*;
use model::message::{Message, MessageQuestion};
use model::uid::MessageKey;
use server_fn::codec::Json;

use crate::failure::Failure;

/// A message to read. It counts as read from then on.
///
/// # Errors
/// When nobody is signed in, the message is gone or the mail server fails.
#[server(endpoint = "message/open", prefix = "/api", input = Json)]
pub async fn open_message(question: MessageQuestion) -> Result<Message, Failure> {
    let signed_in = super::with_status(crate::contract::SignedIn::of_request())?;
    super::with_status(signed_in.mail.open(question).await)
}

/// The same message before anybody reads it.
///
/// # Errors
/// When nobody is signed in, the message is gone or the mail server fails.
#[server(endpoint = "message/peek", prefix = "/api", input = Json)]
pub async fn peek_message(question: MessageQuestion) -> Result<Message, Failure> {
    let signed_in = super::with_status(crate::contract::SignedIn::of_request())?;
    super::with_status(signed_in.mail.peek(question).await)
}

/// Marks a message as read, or as unread.
///
/// # Errors
/// When nobody is signed in, one lacks the right, the message is gone or the mail server fails.
#[server(endpoint = "message/mark", prefix = "/api", input = Json)]
pub async fn mark_message(key: MessageKey, seen: bool) -> Result<(), Failure> {
    let signed_in = super::with_status(crate::contract::SignedIn::of_request())?;
    super::with_status(signed_in.mail.mark(key, seen).await)
}
