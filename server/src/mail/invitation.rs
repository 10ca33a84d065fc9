//! The event that an opened message invites to.

use message::transfer::unpack;
use message::{charset, invitation};
use model::invitation::Invitation;
use model::structure::Part;
use model::uid::MessageKey;

use super::Person;
use super::message::range;

/// Reads the calendar of a message, if it has one that is small enough. A message is shown without a card that can't be
/// had: the calendar is among its attachments all the same.
pub(super) async fn read(person: &Person, key: &MessageKey, root: Option<&Part>) -> Option<Invitation> {
    let part = invitation::part(root?)?;
    let packed = range(person, key, Some(&part.number), 0, part.size?).await.ok()?;
    let (text, _) = charset::decode(&unpack(&packed, part.encoding), part.parameter("charset"));
    // A quarter of a megabyte of calendar costs more than a worker that serves others should spend at a time.
    tokio::task::spawn_blocking(move || invitation::read(&text)).await.ok()?
}
