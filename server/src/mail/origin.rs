//! Who wrote an opened message, and how to leave its list.

use message::origin::{Letter, origin, standing};
use message::{authentication, unsubscribe};
use model::address::Address;
use model::origin::{Origin, Standing};
use model::unsubscribe::Unsubscribe;

use super::Person;

/// Reads both in the header; nothing is asked for. What stands in an attached message its bearer may have written: there
/// nobody is believed, and no list is left.
pub(super) fn read(
    person: &Person,
    header: &[u8],
    attached: bool,
    from: &[Address],
    reply_to: &[Address],
    to: [&[Address]; 2],
) -> (Origin, Option<Unsubscribe>) {
    let reader = &person.pool.credentials().login;
    let believed = if attached { &[] } else { &*person.believed };
    let origin = origin(&Letter { header, from, reply_to, to: &to.concat(), reader, believed });
    let known: Vec<&str> = reader.rsplit_once('@').map(|(_, domain)| domain).into_iter().collect();
    let unsubscribe =
        (!attached).then(|| unsubscribe::read(header, origin.checks.as_ref(), &known)).flatten();
    (origin, unsubscribe)
}

/// What is known of the sender of a message, by its header alone.
pub(super) fn of_sender(person: &Person, header: &[u8], from: &[Address]) -> Standing {
    standing(authentication::read(header, &person.believed).as_ref(), from)
}
