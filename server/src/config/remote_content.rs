//! `[remote_content]`: what messages would fetch from elsewhere.

use super::keys;
use super::load::Reader;
use super::value::Value;

/// What is done about it.
#[derive(Clone, Debug)]
pub struct RemoteContent {
    /// Whether people may have it shown.
    pub policy: Policy,
}

/// Whether people may have shown what messages would fetch from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// They are asked, for a message or for a sender.
    Ask,
    /// Nobody may.
    Never,
}

impl Value for Policy {
    const WANTED: &'static str = "ask or never";

    fn parse(text: &str) -> Option<Self> {
        match text {
            "ask" => Some(Self::Ask),
            "never" => Some(Self::Never),
            _ => None,
        }
    }
}

impl RemoteContent {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { policy: reader.default(&keys::REMOTE_CONTENT_POLICY)? })
    }
}
