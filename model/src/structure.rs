//! The tree of parts of a message (RFC 9051 §7.5.2, RFC 2045).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Most levels that a part number may have; deeper messages are opaque below.
pub const DEEPEST: usize = 64;

/// The number of a part as IMAP counts: `1`, `2.1` (RFC 9051 §6.4.5.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartNumber(Vec<u32>);

/// A text that is no part number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a part number is like 2.1, with at most {DEEPEST} levels")]
pub struct NotAPartNumber;

impl PartNumber {
    /// The root of the tree, which has no number of its own on the wire unless it is the only part.
    pub fn root() -> Self {
        Self::default()
    }

    /// The `index`-th child, counted from 1.
    pub fn child(&self, index: u32) -> Self {
        let mut levels = self.0.clone();
        levels.push(index);
        Self(levels)
    }

    /// Whether it is the root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for PartNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, level) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            write!(f, "{level}")?;
        }
        Ok(())
    }
}

impl FromStr for PartNumber {
    type Err = NotAPartNumber;
    fn from_str(text: &str) -> Result<Self, NotAPartNumber> {
        let levels = text
            .split('.')
            .map(|level| {
                if level.starts_with(|c: char| !matches!(c, '1'..='9')) {
                    return Err(NotAPartNumber);
                }
                level.parse().map_err(|_| NotAPartNumber)
            })
            .collect::<Result<Vec<u32>, _>>()?;
        if levels.len() > DEEPEST { Err(NotAPartNumber) } else { Ok(Self(levels)) }
    }
}

impl TryFrom<String> for PartNumber {
    type Error = NotAPartNumber;
    fn try_from(text: String) -> Result<Self, NotAPartNumber> {
        if text.is_empty() { Ok(Self::root()) } else { text.parse() }
    }
}

impl From<PartNumber> for String {
    fn from(number: PartNumber) -> Self {
        number.to_string()
    }
}

/// How the bytes of a part are packed for transport (RFC 2045 §6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// `7bit`, `8bit`, `binary`, or anything unknown: as it is.
    #[default]
    Identity,
    /// `quoted-printable`.
    QuotedPrintable,
    /// `base64`.
    Base64,
}

impl Encoding {
    /// Reads a Content-Transfer-Encoding; unknown ones are taken as they are.
    pub fn from_name(name: &str) -> Self {
        match name.trim().to_ascii_lowercase().as_str() {
            "quoted-printable" => Self::QuotedPrintable,
            "base64" => Self::Base64,
            _ => Self::Identity,
        }
    }
}

/// A node of the tree: a leaf with bytes, or a multipart or attached message with parts below.
///
/// Text values are as the message states them, decoded to Unicode but not cleaned for display.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its number. The only part of a message that is no multipart has number 1.
    pub number: PartNumber,
    /// The media type in lower case, `text`, `multipart` …
    pub media: String,
    /// The subtype in lower case, `plain`, `alternative` …
    pub subtype: String,
    /// Parameters of the type: names in lower case, values as stated (RFC 2231 joined and decoded where the
    /// reader could).
    pub parameters: Vec<(String, String)>,
    /// `Content-ID` without its angle brackets.
    pub content_id: Option<String>,
    /// How its bytes are packed.
    pub encoding: Encoding,
    /// Bytes as packed for transport; `None` when the server did not say.
    pub size: Option<u64>,
    /// `inline`, `attachment` …, in lower case, if stated.
    pub disposition: Option<String>,
    /// Parameters of the disposition.
    pub disposition_parameters: Vec<(String, String)>,
    /// Parts below: of a multipart, or the one tree of a `message/rfc822`.
    pub parts: Vec<Part>,
}

impl Part {
    /// `text/plain`, for comparing.
    pub fn content_type(&self) -> String {
        format!("{}/{}", self.media, self.subtype)
    }

    /// Whether it has this type, both in lower case.
    pub fn is(&self, media: &str, subtype: &str) -> bool {
        self.media == media && self.subtype == subtype
    }

    /// A parameter of its type, by lower-case name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        find(&self.parameters, name)
    }

    /// The file name that the message states, not cleaned: from the disposition, else from the type.
    pub fn stated_name(&self) -> Option<&str> {
        find(&self.disposition_parameters, "filename").or_else(|| find(&self.parameters, "name"))
    }

    /// The part with this number in the tree below this one, or itself.
    pub fn find(&self, number: &PartNumber) -> Option<&Self> {
        if self.number == *number && self.media != "multipart" {
            return Some(self);
        }
        self.parts.iter().find_map(|part| part.find(number))
    }
}

fn find<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::PartNumber;

    #[test]
    fn a_part_number_has_one_spelling() {
        assert_eq!("2.1".parse::<PartNumber>().map(|number| number.to_string()).as_deref(), Ok("2.1"));
        for other in ["", "0", "1.", ".1", "01", "1.0", "1.+2", "1 ", "HEADER", "1.MIME"] {
            assert!(other.parse::<PartNumber>().is_err(), "{other}");
        }
    }

    #[test]
    fn a_part_number_deeper_than_any_honest_message_is_refused() {
        assert!(vec!["1"; 65].join(".").parse::<PartNumber>().is_err());
        assert!(vec!["1"; 64].join(".").parse::<PartNumber>().is_ok());
    }
}
