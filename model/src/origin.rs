//! Who wrote a message, as far as anybody can tell: what the mail server checked (RFC 8601), and what should make one
//! look twice.

use serde::{Deserialize, Serialize};

/// What is known of where a message comes from. Every text in it is a stranger's, decoded and cleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The domain behind the `@` of the only sender; `None` when there is no sender or there are several.
    pub domain: Option<Domain>,
    /// What the mail server stated; `None` when no server that is believed stated anything.
    pub checks: Option<Checks>,
    /// What that means for the sender who is shown.
    pub standing: Standing,
    /// How the last server but one handed the message over.
    pub last_hop: LastHop,
    /// What should make one look twice; what matters most comes first.
    pub warnings: Vec<Warning>,
}

/// A domain as it was written, and as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// As the message has it; `xn--…` stays what it is.
    pub written: String,
    /// With letters of all scripts, where that differs (RFC 5891).
    pub read: Option<String>,
}

/// What a mail server stated in Authentication-Results (RFC 8601). A method that it did not name was not checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checks {
    /// Which server: its authserv-id.
    pub host: String,
    /// Whether the server that sent it may send for the domain of the envelope (RFC 7208).
    pub spf: Option<Check>,
    /// Signatures (RFC 6376), each with the domain that signed.
    pub dkim: Vec<Check>,
    /// Whether any of them stands for the sender who is shown (RFC 7489).
    pub dmarc: Option<Check>,
}

/// The outcome of one method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// How it ended.
    pub verdict: Verdict,
    /// The domain that it is about, if it was named.
    pub domain: Option<String>,
}

/// How a check ended (RFC 8601 §2.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// All is well.
    Pass,
    /// It is not.
    Fail,
    /// It probably is not: the domain says so only weakly.
    SoftFail,
    /// There was nothing to check, or the domain takes no side.
    Nothing,
    /// It could not be checked.
    Error,
}

/// Whether the sender who is shown is who they say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// No server that is believed stated anything.
    #[default]
    NotStated,
    /// Something was stated, but nothing that is about this sender.
    Unconfirmed,
    /// The domain of the sender is confirmed.
    Confirmed,
    /// The domain of the sender is refuted.
    Refuted,
}

impl Standing {
    /// Whether the sender is known to be who they say; `None` when nobody knows.
    pub fn proven(self) -> Option<bool> {
        match self {
            Self::Confirmed => Some(true),
            Self::Refuted => Some(false),
            Self::NotStated | Self::Unconfirmed => None,
        }
    }
}

/// How a message came over its last way, as the top-most Received says (RFC 3848).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LastHop {
    /// Over TLS.
    Encrypted,
    /// In the clear.
    Plain,
    /// Nobody says.
    #[default]
    Unknown,
}

/// Something that should make one look twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Warning {
    /// The mail server refuted the sender.
    Refuted,
    /// The name shows another address than the one it was sent from.
    NameHoldsAddress {
        /// The address in the name.
        shown: String,
        /// The address that it was sent from.
        real: String,
    },
    /// The name is the domain or the address of the reader, and the sender is somebody outside.
    NameIsOurs {
        /// The name.
        shown: String,
        /// The address that it was sent from.
        real: String,
    },
    /// The domain is easily taken for another one.
    LookAlike {
        /// The domain of the sender.
        domain: Domain,
        /// How it deceives.
        how: LookAlike,
    },
    /// Several addresses say they wrote it.
    SeveralSenders(usize),
    /// Answers go to somebody elsewhere.
    ReplyElsewhere {
        /// Where they go.
        to: String,
    },
}

/// How a domain passes for another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LookAlike {
    /// It looks the same as a domain that is known, and is another one (UTS 39).
    Same {
        /// The domain that is known.
        known: String,
    },
    /// It is one letter away from a domain that is known.
    OneLetter {
        /// The domain that is known.
        known: String,
    },
    /// It begins with a domain that is known, and ends elsewhere.
    Inside {
        /// The domain that is known.
        known: String,
    },
    /// It mixes letters of several scripts, or is written in letters that pass for Latin ones.
    Scripts,
}

/// What was found of the same sender besides. `None` where it could not be told in the time that it may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acquaintance {
    /// Whether an earlier message from the same address lies in the same mailbox.
    pub earlier: Option<bool>,
    /// Whether a message that was sent lies in Sent that went to this address.
    pub written_to: Option<bool>,
}
