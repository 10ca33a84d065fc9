//! Questions about mailboxes.

use leptos::prelude::*;
use model::mailbox::Mailbox;
use server_fn::codec::Json;

use crate::failure::Failure;

/// Every mailbox that the person can see, in the order in which people see them.
///
/// # Errors
/// When nobody is signed in or the mail server fails.
#[server(endpoint = "mailboxes/list", prefix = "/api", input = Json)]
pub async fn list_mailboxes() -> Result<Vec<Mailbox>, Failure> {
    let signed_in = super::with_status(crate::contract::SignedIn::of_request())?;
    super::with_status(signed_in.mail.mailboxes().await)
}
