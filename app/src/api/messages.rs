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

/// Where a page asks again by itself, since it was told that something changed: nobody may be there to see it.
pub const AGAIN: &str = "/api/messages/again";

/// The same for a page that asks by itself. It puts off no session's end.
///
/// # Errors
/// As [`list_messages`].
#[server(endpoint = "messages/again", prefix = "/api", input = Json)]
pub async fn list_messages_again(question: MessagesQuestion) -> Result<Window, Failure> {
    let signed_in = super::with_status(crate::contract::SignedIn::of_request())?;
    super::with_status(signed_in.mail.messages_anew(question).await)
}
