//! `[session]`: how long people stay signed in.

use std::time::Duration;

use super::keys;
use super::load::Reader;

/// How long people stay signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who does nothing for this long is signed out.
    pub idle: Duration,
    /// After this long everybody signs in again.
    pub absolute: Duration,
}

impl Session {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let idle = reader.default::<Duration>(&keys::SESSION_IDLE);
        let absolute = reader.default::<Duration>(&keys::SESSION_ABSOLUTE);
        let (idle, absolute) = (idle?, absolute?);
        if idle > absolute {
            // The complaint belongs to what somebody wrote.
            let key = if reader.is_set(&keys::SESSION_IDLE) {
                &keys::SESSION_IDLE
            } else {
                &keys::SESSION_ABSOLUTE
            };
            reader.refuse(
                key,
                "must leave session.idle no longer than session.absolute, for example 30m and 12h",
            );
        }
        Some(Self { idle, absolute })
    }
}
