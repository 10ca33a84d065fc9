//! Names that servers give to things for good (RFC 8474).

use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a mailbox, message or conversation that survives renaming, copying and new epochs: 1 to 255 letters,
/// digits, hyphens and underscores (RFC 8474 §4).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectId(String);

impl ObjectId {
    /// From the text on the wire; `None` when it breaks the rule.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        ((1..=255).contains(&text.len()) && text.bytes().all(plain)).then_some(Self(text))
    }

    /// The text as it travels on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ObjectId {
    type Error = NotAnObjectId;

    fn try_from(text: String) -> Result<Self, NotAnObjectId> {
        Self::new(text).ok_or(NotAnObjectId)
    }
}

impl From<ObjectId> for String {
    fn from(id: ObjectId) -> Self {
        id.0
    }
}

/// A text that is no [`ObjectId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnObjectId;

impl fmt::Display for NotAnObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an object identifier")
    }
}

impl std::error::Error for NotAnObjectId {}

#[cfg(test)]
mod tests {
    use super::ObjectId;

    #[test]
    fn an_object_id_has_plain_letters_and_ends_somewhere() {
        let longest = "x".repeat(255);
        for good in ["F2212ea87-6097-4256-9d51-71338625", "M_1", &longest] {
            assert_eq!(ObjectId::new(good).unwrap().as_str(), good);
        }
        let too_long = "x".repeat(256);
        for bad in ["", "a b", "a)", "ä", "a.b", &too_long] {
            assert_eq!(ObjectId::new(bad), None, "{bad}");
        }
    }
}
