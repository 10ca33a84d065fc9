//! Why a factor was not made or not accepted, for the log: never what was shown.

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a factor was not made or not accepted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Under this public address browsers make no passkeys: they need HTTPS and a name, or `localhost`.
    #[error("browsers make no passkeys under this public address")]
    NoPasskeysHere,
    /// An answer above the limit; nothing of it was read.
    #[error("the answer is too large")]
    TooLarge,
    /// An answer that is not the JSON of a credential.
    #[error("the answer is not the JSON of a credential")]
    Unreadable,
    /// The question is too old.
    #[error("the question is too old")]
    TooLate,
    /// The answer does not prove what was asked for: another origin, another question, another person's passkey, nobody
    /// verified, or a wrong signature.
    #[error("the answer does not prove it: {0}")]
    Refused(&'static str),
    /// The signature holds, but the passkey's counter did not move on: there may be a copy of it (WebAuthn Level 3
    /// §6.1.1). The passkey is not accepted.
    #[error("the passkey's counter did not move on: there may be a copy of it")]
    CounterWentBack,
    /// This passkey is one of the person's already.
    #[error("the passkey is kept already")]
    KeptAlready,
    /// What was kept is not what this crate gave.
    #[error("what was kept of the factor is not what was given")]
    Broken,
    /// The address with the secret is too long for a picture.
    #[error("too long for a picture")]
    TooLong,
    /// The system gave no random bytes, or no memory.
    #[error("the system gave no random bytes or no memory")]
    System,
}
