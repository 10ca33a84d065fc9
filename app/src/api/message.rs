//! Questions about one message.

use leptos::prelude::*;
use model::message::{Message, MessageQuestion};
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
