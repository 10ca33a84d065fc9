//! Pictures from elsewhere.

use leptos::prelude::*;
use model::uid::MessageKey;
use server_fn::codec::Json;

use crate::failure::Failure;

/// Always shows the pictures from elsewhere of whoever sent this message, or no longer.
///
/// # Errors
/// As [`crate::contract::mail::Mail::always_show_pictures`], and when nobody is signed in.
#[server(endpoint = "message/pictures", prefix = "/api", input = Json)]
pub async fn always_show_pictures(key: MessageKey, always: bool) -> Result<(), Failure> {
    let signed_in = super::with_status(crate::contract::SignedIn::of_request())?;
    super::with_status(signed_in.mail.always_show_pictures(key, always).await)
}
