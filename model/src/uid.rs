//! What names a message for good: UID, UIDVALIDITY and the mailbox (RFC 9051 §2.3.1).

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::mailbox::MailboxName;

/// A unique identifier of a message within one mailbox and one [`UidValidity`]. Never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Uid(NonZeroU32);

/// The epoch of a mailbox's UIDs: when it changes, every UID known before means nothing. Never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UidValidity(NonZeroU32);

macro_rules! number {
    ($name:ident) => {
        impl $name {
            /// From the number on the wire; `None` for zero, which no server may send.
            pub fn new(number: u32) -> Option<Self> {
                NonZeroU32::new(number).map(Self)
            }

            /// The number as it travels on the wire.
            pub fn get(self) -> u32 {
                self.0.get()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotANumber;
            fn from_str(text: &str) -> Result<Self, NotANumber> {
                // NonZeroU32 would accept a leading plus sign, and one address must have one spelling.
                if text.starts_with(|c: char| !matches!(c, '1'..='9')) {
                    return Err(NotANumber);
                }
                text.parse().map(Self).map_err(|_| NotANumber)
            }
        }
    };
}
number!(Uid);
number!(UidValidity);

/// A text that is no decimal number from 1 to 4,294,967,295.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a number from 1 to 4294967295")]
pub struct NotANumber;

/// UIDVALIDITY and UID together, as they stand in an address: `1700000000.42`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UidInEpoch {
    /// The epoch in which the UID holds.
    pub validity: UidValidity,
    /// The message.
    pub uid: Uid,
}

impl fmt::Display for UidInEpoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.validity, self.uid)
    }
}

impl FromStr for UidInEpoch {
    type Err = NotANumber;
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let (validity, uid) = text.split_once('.').ok_or(NotANumber)?;
        Ok(Self { validity: validity.parse()?, uid: uid.parse()? })
    }
}

/// The full name of a message on one account: it never comes to mean another message.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MessageKey {
    /// The mailbox that holds it.
    pub mailbox: MailboxName,
    /// UIDVALIDITY and UID.
    pub at: UidInEpoch,
}

#[cfg(test)]
mod tests {
    use super::{Uid, UidInEpoch};

    #[test]
    fn a_uid_is_never_zero() {
        assert!(Uid::new(0).is_none());
        assert!("0".parse::<Uid>().is_err());
    }

    #[test]
    fn one_message_has_one_spelling() {
        assert_eq!("17.4".parse::<UidInEpoch>().map(|at| at.to_string()).as_deref(), Ok("17.4"));
        for other in ["017.4", "17.+4", "17.04", " 17.4", "17", "17.", ".4", "17.4.1", "4294967296.1"] {
            assert!(other.parse::<UidInEpoch>().is_err(), "{other}");
        }
    }
}
