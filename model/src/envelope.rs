//! A row of the list of messages: the envelope (RFC 9051 §7.5.2) with what stands beside it.

use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::flag::Flags;
use crate::time::Timestamp;
use crate::uid::Uid;

/// What a list shows of one message. Every text is decoded, and a stranger's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The message, within the mailbox and its UIDVALIDITY.
    pub uid: Uid,
    /// How many messages it answers stand above it in its conversation; 0 outside of conversations, and for whatever
    /// begins one.
    #[serde(default)]
    pub level: u8,
    /// Its flags and keywords.
    pub flags: Flags,
    /// When it arrived in the mailbox (INTERNALDATE); `None` when the server did not say.
    pub received: Option<Timestamp>,
    /// Its size in bytes.
    pub size: u64,
    /// The subject; empty when there is none.
    pub subject: String,
    /// Who wrote it.
    pub from: Vec<Address>,
    /// To whom.
    pub to: Vec<Address>,
    /// Whether it has parts that people would call attachments.
    pub has_attachment: bool,
}
