//! Which messages of a mailbox a list shows (RFC 9051 §6.4.4).

use serde::{Deserialize, Serialize};

/// Conditions on one filter's words that are asked of a server together; more are refused.
pub const CONDITIONS: usize = 8;

/// Longest words of one condition, in bytes.
pub const LONGEST_WORDS: usize = 500;

/// What a message must be to be shown: all of it at once. The default lets every message through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Not read yet.
    pub unread: bool,
    /// With a star (`\Flagged`).
    pub flagged: bool,
    /// With each of these words.
    pub words: Conditions,
}

impl Filter {
    /// Unread messages.
    pub fn unread() -> Self {
        Self { unread: true, ..Self::default() }
    }

    /// Messages with a star.
    pub fn flagged() -> Self {
        Self { flagged: true, ..Self::default() }
    }

    /// Messages with words in one place.
    ///
    /// # Errors
    /// As [`Condition::new`].
    pub fn with_words(place: Place, words: &str) -> Result<Self, NotWords> {
        Ok(Self { words: Conditions(vec![Condition::new(place, words)?]), ..Self::default() })
    }

    /// Whether every message is let through.
    pub fn is_everything(&self) -> bool {
        !self.unread && !self.flagged && self.words.0.is_empty()
    }
}

/// Words and where they must stand, at most [`CONDITIONS`] of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<Condition>")]
pub struct Conditions(Vec<Condition>);

impl Conditions {
    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Condition> {
        self.0.iter()
    }
}

impl TryFrom<Vec<Condition>> for Conditions {
    type Error = NotWords;
    fn try_from(conditions: Vec<Condition>) -> Result<Self, NotWords> {
        (conditions.len() <= CONDITIONS).then_some(Self(conditions)).ok_or(NotWords)
    }
}

/// Words that must stand in a place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Condition {
    place: Place,
    words: String,
}

#[derive(Deserialize)]
struct Unchecked {
    place: Place,
    words: String,
}

/// Words that can't be searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "1 to {LONGEST_WORDS} bytes without control characters can be searched for, in {CONDITIONS} places at once"
)]
pub struct NotWords;

impl Condition {
    /// Takes words without the space around them.
    ///
    /// # Errors
    /// When nothing is left, it is longer than [`LONGEST_WORDS`] or holds a control character.
    pub fn new(place: Place, words: &str) -> Result<Self, NotWords> {
        let words = words.trim();
        if words.is_empty() || words.len() > LONGEST_WORDS || words.chars().any(char::is_control) {
            return Err(NotWords);
        }
        Ok(Self { place, words: words.to_owned() })
    }

    /// Where they must stand.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The words.
    pub fn words(&self) -> &str {
        &self.words
    }
}

impl TryFrom<Unchecked> for Condition {
    type Error = NotWords;
    fn try_from(Unchecked { place, words }: Unchecked) -> Result<Self, NotWords> {
        Self::new(place, &words)
    }
}

/// Where words are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// In the subject.
    Subject,
    /// In the name or address of who wrote it.
    Sender,
    /// In the name or address of anybody it went to.
    Recipient,
    /// In its text.
    Body,
    /// In its text or anywhere in its header.
    Anywhere,
}

#[cfg(test)]
mod tests {
    use super::{CONDITIONS, Condition, Filter, Place};

    #[test]
    fn words_hold_no_line_break_and_are_never_empty_or_endless() {
        for words in ["a\r\nx LOGOUT", "a\0b", "", "  ", &"x".repeat(501)] {
            assert!(Condition::new(Place::Subject, words).is_err(), "{words}");
        }
        assert_eq!(Condition::new(Place::Body, " Grüße ").unwrap().words(), "Grüße");
        let text = r#"{"words":[{"place":"subject","words":"a\r\nb"}]}"#;
        assert!(serde_json::from_str::<Filter>(text).is_err());
    }

    #[test]
    fn a_filter_survives_its_text_and_has_a_limit() {
        let filter = Filter { unread: true, ..Filter::with_words(Place::Sender, "anna").unwrap() };
        let text = serde_json::to_string(&filter).unwrap();
        assert_eq!(serde_json::from_str::<Filter>(&text).unwrap(), filter);
        let condition = Condition::new(Place::Sender, "anna").unwrap();
        let many = serde_json::to_string(&vec![condition; CONDITIONS + 1]).unwrap();
        assert!(serde_json::from_str::<Filter>(&format!("{{\"words\":{many}}}")).is_err());
    }
}
