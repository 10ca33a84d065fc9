//! Leaving a list with one click (RFC 8058).

use app::failure::Failure;
use message::authentication;
use message::unsubscribe::{ONE_CLICK, one_click};
use model::uid::MessageKey;
use model::unsubscribe::Unsubscribed;

use super::Person;
use super::message::fetched;
use crate::outside::Refused;

/// Tells the sender, at the address that the message names. Whom to ask is read in the message, never taken from a page.
///
/// # Errors
/// When the message is gone or the mail server fails.
pub(super) async fn leave(person: &Person, key: MessageKey) -> Result<Unsubscribed, Failure> {
    let raw = fetched(person, &key, None).await?;
    let checks = authentication::read(&raw.header, &person.believed);
    let Some(url) = one_click(&raw.header, checks.as_ref()) else { return Ok(Unsubscribed::NotOffered) };
    Ok(match person.pictures().outside.post_form(url.as_str(), ONE_CLICK).await {
        Ok(()) => Unsubscribed::Done,
        Err(Refused::Answer) => Unsubscribed::Refused,
        Err(_) => Unsubscribed::Unreachable,
    })
}
