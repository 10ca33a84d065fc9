//! What is written down of an event, and how it is read again.

use app::contract::account::{Event, EventKind, Origin};
use database::Written;
use serde::{Deserialize, Serialize};

use super::Whereabouts;
use super::unusual::{Coordinates, SignIn};

/// What was seen. In the database it is sealed.
#[derive(Serialize, Deserialize)]
pub struct Seen {
    /// The address that somebody signed in with, or tried to.
    pub login: String,
    /// Where the request came from.
    pub address: String,
    /// The country, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Where on earth, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    latitude: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    longitude: Option<f64>,
    /// The browser and the system.
    pub browser: String,
    /// The handle of the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
}

/// Most characters of an address that are kept: an address of mail is no longer (RFC 5321 §4.5.3.1.3), a stranger's text
/// may be.
const CHARACTERS: usize = 320;

impl Seen {
    /// Of a request.
    pub(super) fn new(login: &str, whereabouts: &Whereabouts, session: Option<&str>) -> Self {
        let Whereabouts { origin, coordinates } = whereabouts;
        Self {
            login: login.chars().take(CHARACTERS).collect(),
            address: origin.address.clone(),
            country: origin.country.clone(),
            latitude: coordinates.map(|at| at.latitude),
            longitude: coordinates.map(|at| at.longitude),
            browser: origin.browser.clone(),
            session: session.map(str::to_owned),
        }
    }

    /// As it is sealed.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        // Texts and numbers on earth can always be written.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Of a row, if its seal opened.
    pub fn of(written: &Written) -> Option<Self> {
        serde_json::from_slice(written.seen.as_deref()?).ok()
    }
}

/// Every kind and its word, for the database and for whoever reads the exported log. A word is never given another meaning.
const WORDS: &[(EventKind, &str)] = &[
    (EventKind::SignedIn, "signed-in"),
    (EventKind::SignedInUnusually, "signed-in-unusually"),
    (EventKind::WrongPassword, "wrong-password"),
    (EventKind::WrongFactor, "wrong-factor"),
    (EventKind::TooManyAttempts, "too-many-attempts"),
    (EventKind::SignedOut, "signed-out"),
    (EventKind::SessionEnded, "session-ended"),
    (EventKind::PasswordChanged, "password-changed"),
    (EventKind::FactorAdded, "factor-added"),
    (EventKind::FactorRenamed, "factor-renamed"),
    (EventKind::FactorRemoved, "factor-removed"),
    (EventKind::RecoveryCodesMade, "recovery-codes-made"),
    (EventKind::RecoveryCodeUsed, "recovery-code-used"),
    (EventKind::DeviceTrusted, "device-trusted"),
    (EventKind::DeviceDistrusted, "device-distrusted"),
    (EventKind::FactorsReset, "factors-reset"),
];

/// The words for having signed in.
pub(super) const SIGN_INS: [&str; 2] = ["signed-in", "signed-in-unusually"];

/// The word for a kind.
pub fn word(kind: EventKind) -> &'static str {
    WORDS.iter().find(|(known, _)| *known == kind).map_or("unknown", |(_, word)| word)
}

/// A row as its person sees it; none that a later Pennypost wrote in words that this one does not know. Where the seal is
/// broken, what happened is told without from where.
pub fn event(written: &Written) -> Option<Event> {
    let (kind, _) = WORDS.iter().find(|(_, word)| *word == written.kind)?;
    let origin = Seen::of(written).map(|seen| Origin {
        address: seen.address,
        country: seen.country,
        browser: seen.browser,
    });
    Some(Event { at: written.at, kind: *kind, origin: origin.unwrap_or_default() })
}

/// A row as an earlier sign-in, if it is one.
pub(super) fn sign_in(written: &Written) -> Option<SignIn> {
    let is_one =
        [EventKind::SignedIn, EventKind::SignedInUnusually].map(word).contains(&written.kind.as_str());
    let seen = is_one.then(|| Seen::of(written)).flatten()?;
    let coordinates =
        seen.latitude.zip(seen.longitude).map(|(latitude, longitude)| Coordinates { latitude, longitude });
    Some(SignIn { at: written.at, country: seen.country, coordinates, browser: seen.browser })
}

#[cfg(test)]
mod tests {
    use app::contract::account::EventKind;

    use super::{SIGN_INS, WORDS, word};

    #[test]
    fn every_kind_has_a_word_of_its_own() {
        // Whoever adds a kind is told here, by the compiler, to add a word too.
        let known = |kind: EventKind| match kind {
            EventKind::SignedIn
            | EventKind::SignedInUnusually
            | EventKind::WrongPassword
            | EventKind::WrongFactor
            | EventKind::TooManyAttempts
            | EventKind::SignedOut
            | EventKind::SessionEnded
            | EventKind::PasswordChanged
            | EventKind::FactorAdded
            | EventKind::FactorRenamed
            | EventKind::FactorRemoved
            | EventKind::RecoveryCodesMade
            | EventKind::RecoveryCodeUsed
            | EventKind::DeviceTrusted
            | EventKind::DeviceDistrusted
            | EventKind::FactorsReset => word(kind),
        };
        let mut words: Vec<_> = WORDS.iter().map(|(kind, _)| known(*kind)).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), 16);
        assert_eq!([EventKind::SignedIn, EventKind::SignedInUnusually].map(word), SIGN_INS);
    }
}
