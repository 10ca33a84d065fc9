//! Questions about the messages of a mailbox.

use leptos::prelude::*;
use model::messages::{MessagesQuestion, Window};
use server_fn::codec::Json;

use crate::failure::Failure;

/// A window of the messages of a mailbox.
///
/// # Errors
/// When nobody is signed in, the mailbox is gone or the mail server fails.
#[server(endpoint = "messages/list", prefix = "/api", input = Json)]
pub async fn list_messages(question: MessagesQuestion) -> Result<Window, Failure> {
    let signed_in = super::with_status(crate::contract::SignedIn::of_request())?;
    super::with_status(signed_in.mail.messages(question).await)
}
