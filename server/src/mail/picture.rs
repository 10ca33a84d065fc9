//! The sender of a message, asked of the mail server, for what a person wishes about their pictures.

use app::failure::Failure;
use model::address::Address;
use model::uid::MessageKey;

use super::{Person, addresses, message, origin};

/// Always shows the pictures from elsewhere of whoever sent this message, or no longer.
///
/// # Errors
/// As [`crate::picture::consent::Consent::always`], and when the message is gone or the mail server fails.
pub(super) async fn always_show(person: &Person, key: MessageKey, always: bool) -> Result<(), Failure> {
    let raw = message::fetched(person, &key, None).await?;
    // The same reader as when the message is shown.
    let from: Vec<Address> = match &raw.envelope {
        Some(envelope) => addresses(&envelope.from),
        None => ::message::header::read(&raw.header).from,
    };
    let proven = origin::of_sender(person, &raw.header, &from).proven();
    let consent = &person.pictures().consent;
    consent.always(person.id()?, &from, proven, always, crate::clock::now()).await
}
