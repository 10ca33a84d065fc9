//! What went wrong, for people.
//!
//! A failure is a closed set of cases without any text of its own: the words stand in the translation files
//! under `failure-<name>`, as a sentence that says what happened and an `advice` that says what to do.

use model::mailbox::MailboxName;
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

/// What went wrong. The shape in which every failure reaches a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// Nobody is signed in, or no longer.
    SignedOut,
    /// The mail server refused this address and password.
    WrongPassword,
    /// The password holds no more: it was changed on the mail server.
    PasswordChanged,
    /// The code, or what the passkey signed, is not right, or was used already.
    WrongFactor,
    /// Too many attempts: nobody was asked.
    TooManyAttempts {
        /// After so many seconds one may try again.
        seconds: u32,
    },
    /// What was asked changes the account: a fresh proof is needed first.
    ProofNeeded,
    /// The operator allows no second factors here, or this is the last one where one is required.
    FactorsFixed,
    /// The mail server refused to let anyone in for a reason of its own.
    SignInRefused {
        /// What the mail server says, cleaned.
        words: String,
    },
    /// The mail server could not be found or reached.
    ServerUnreachable,
    /// The mail server did not answer in time.
    TimedOut,
    /// The mail server's certificate is not to be trusted, so nothing was sent.
    CertificateRefused {
        /// In which way.
        problem: CertificateProblem,
    },
    /// The mail server would not speak TLS, so nothing was sent.
    TlsRefused,
    /// The mail server refused what was asked.
    ServerRefused {
        /// What the mail server says, cleaned.
        words: String,
    },
    /// The mail server answered in a way that makes no sense, or hung up.
    ServerConfused,
    /// All connections that one person may have are busy.
    Busy,
    /// There is no such mailbox, or no longer.
    MailboxGone {
        /// Which.
        mailbox: MailboxName,
    },
    /// No mailbox is for drafts.
    NoDrafts,
    /// There is no such message, or no longer.
    MessageGone,
    /// The mailbox was made anew on the server, so the address of the message means nothing any more.
    MailboxReset,
    /// One's rights on a shared mailbox do not allow it.
    NotAllowed,
    /// The operator shows no pictures from elsewhere, or nobody can say whose they would be.
    NoPictures,
    /// There is no page at this address.
    NoSuchPage,
    /// The question itself was malformed, as from an old page.
    BadQuestion,
    /// The HTML of a message is more than can be cleaned safely.
    TooMuchHtml,
    /// A file of this kind is not shown before it is saved.
    NoPreview,
    /// The request was made under another address than the configured one.
    WrongAddress,
    /// The request was caused by another site.
    ForeignSite,
    /// The browser could not reach Pennypost.
    Offline,
    /// A fault of Pennypost; the log has the cause under this reference.
    Internal {
        /// Eight letters to look for in the log.
        reference: String,
    },
}

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CertificateProblem {
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYetValid,
    /// Nobody who is trusted signed it.
    UnknownIssuer,
    /// It is for another host.
    WrongName,
    /// Something else.
    Other,
}

impl Failure {
    /// The status of an HTTP answer that is this failure.
    pub fn status(&self) -> u16 {
        match self {
            Self::SignedOut | Self::WrongPassword | Self::PasswordChanged | Self::WrongFactor => 401,
            Self::TooManyAttempts { .. } => 429,
            Self::SignInRefused { .. }
            | Self::NotAllowed
            | Self::NoPictures
            | Self::ForeignSite
            | Self::ProofNeeded
            | Self::FactorsFixed => 403,
            Self::MailboxGone { .. } | Self::NoDrafts | Self::MessageGone | Self::NoSuchPage => 404,
            Self::MailboxReset => 409,
            Self::BadQuestion => 400,
            Self::WrongAddress => 421,
            Self::TooMuchHtml => 422,
            Self::NoPreview => 415,
            Self::Internal { .. } => 500,
            Self::CertificateRefused { .. }
            | Self::TlsRefused
            | Self::ServerRefused { .. }
            | Self::ServerConfused
            | Self::ServerUnreachable => 502,
            Self::Busy | Self::Offline => 503,
            Self::TimedOut => 504,
        }
    }

    /// After how many seconds one may try again, if that is known.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooManyAttempts { seconds } => Some(*seconds),
            _ => None,
        }
    }

    /// The name of its sentences in the translation files.
    pub fn key(&self) -> &'static str {
        match self {
            Self::SignedOut => "failure-signed-out",
            Self::WrongPassword => "failure-wrong-password",
            Self::PasswordChanged => "failure-password-changed",
            Self::WrongFactor => "failure-wrong-factor",
            Self::TooManyAttempts { .. } => "failure-too-many-attempts",
            Self::ProofNeeded => "failure-proof-needed",
            Self::FactorsFixed => "failure-factors-fixed",
            Self::SignInRefused { .. } => "failure-sign-in-refused",
            Self::ServerUnreachable => "failure-server-unreachable",
            Self::TimedOut => "failure-timed-out",
            Self::CertificateRefused { problem } => match problem {
                CertificateProblem::Expired => "failure-certificate-expired",
                CertificateProblem::NotYetValid => "failure-certificate-not-yet-valid",
                CertificateProblem::UnknownIssuer => "failure-certificate-unknown-issuer",
                CertificateProblem::WrongName => "failure-certificate-wrong-name",
                CertificateProblem::Other => "failure-certificate-other",
            },
            Self::TlsRefused => "failure-tls-refused",
            Self::ServerRefused { .. } => "failure-server-refused",
            Self::ServerConfused => "failure-server-confused",
            Self::Busy => "failure-busy",
            Self::MailboxGone { .. } => "failure-mailbox-gone",
            Self::NoDrafts => "failure-no-drafts",
            Self::MessageGone => "failure-message-gone",
            Self::MailboxReset => "failure-mailbox-reset",
            Self::NotAllowed => "failure-not-allowed",
            Self::NoPictures => "failure-no-pictures",
            Self::NoSuchPage => "failure-no-such-page",
            Self::BadQuestion => "failure-bad-question",
            Self::TooMuchHtml => "failure-too-much-html",
            Self::NoPreview => "failure-no-preview",
            Self::WrongAddress => "failure-wrong-address",
            Self::ForeignSite => "failure-foreign-site",
            Self::Offline => "failure-offline",
            Self::Internal { .. } => "failure-internal",
        }
    }

    /// Whether the mail server itself is in trouble, so that asking for more would only take as long again.
    pub fn is_of_server(&self) -> bool {
        matches!(
            self,
            Self::ServerUnreachable
                | Self::TimedOut
                | Self::TlsRefused
                | Self::Busy
                | Self::CertificateRefused { .. }
        )
    }

    /// What its sentence is about, for the variable `$subject`: a mailbox, a reference, or nothing.
    pub fn subject(&self) -> &str {
        match self {
            Self::MailboxGone { mailbox } => mailbox.as_str(),
            Self::Internal { reference } => reference,
            _ => "",
        }
    }

    /// The mail server's own words, to be shown as a quotation.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::SignInRefused { words } | Self::ServerRefused { words } => {
                Some(words.as_str()).filter(|words| !words.is_empty())
            }
            _ => None,
        }
    }

    /// One of each, for tests that walk all of them.
    pub fn examples() -> Vec<Self> {
        use CertificateProblem::{Expired, NotYetValid, Other, UnknownIssuer, WrongName};
        let mut all: Vec<Self> = [Expired, NotYetValid, UnknownIssuer, WrongName, Other]
            .into_iter()
            .map(|problem| Self::CertificateRefused { problem })
            .collect();
        all.extend([
            Self::SignedOut,
            Self::WrongPassword,
            Self::PasswordChanged,
            Self::WrongFactor,
            Self::TooManyAttempts { seconds: 60 },
            Self::ProofNeeded,
            Self::FactorsFixed,
            Self::SignInRefused { words: "Come back on Monday".to_owned() },
            Self::ServerUnreachable,
            Self::TimedOut,
            Self::TlsRefused,
            Self::ServerRefused { words: "Not today".to_owned() },
            Self::ServerConfused,
            Self::Busy,
            Self::MailboxGone { mailbox: MailboxName::inbox() },
            Self::NoDrafts,
            Self::MessageGone,
            Self::MailboxReset,
            Self::NotAllowed,
            Self::NoSuchPage,
            Self::BadQuestion,
            Self::TooMuchHtml,
            Self::NoPreview,
            Self::WrongAddress,
            Self::ForeignSite,
            Self::Offline,
            Self::Internal { reference: "k3v9x2mp".to_owned() },
        ]);
        all
    }
}

impl FromServerFnError for Failure {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        // The framework's own words are for developers and may repeat input: none of them reaches a page.
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Offline,
            _ => Self::BadQuestion,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use crate::text::Language;

    #[test]
    fn every_failure_says_what_happened_and_what_to_do_in_every_language() {
        for language in Language::ALL {
            for failure in Failure::examples() {
                let what = language.failure(&failure);
                let advice = language.advice(&failure);
                assert!(
                    what.contains(' ') && advice.contains(' '),
                    "{language:?} {failure:?}: {what} {advice}"
                );
                assert!(what.contains(failure.subject()), "{what}");
            }
        }
    }
}
