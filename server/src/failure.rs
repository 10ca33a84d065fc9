//! Errors of the rooms below, turned into failures for people in one place and logged there once.

use app::failure::{CertificateProblem, Failure};
use imap::error::CertificateProblem as Wrong;
use model::mailbox::MailboxName;

/// What a person is told of an error on the way to their mail.
pub fn of_imap(error: imap::Error) -> Failure {
    use imap::Error;
    let words = error.text().unwrap_or_default().to_owned();
    // To people it is the same: the screen says what went wrong, and the list what is there.
    if let Error::OutcomeUnknown { source, .. } = error {
        return of_imap(*source);
    }
    let failure = match &error {
        Error::AuthenticationFailed { .. } => Failure::WrongPassword,
        Error::SignInRefused { .. } | Error::LoginDisabled => Failure::SignInRefused { words },
        Error::Resolve { .. } | Error::Connect { .. } => Failure::ServerUnreachable,
        Error::Timeout { .. } => Failure::TimedOut,
        Error::Certificate(wrong) => Failure::CertificateRefused {
            problem: match wrong {
                Wrong::Expired => CertificateProblem::Expired,
                Wrong::NotYetValid => CertificateProblem::NotYetValid,
                Wrong::UnknownIssuer => CertificateProblem::UnknownIssuer,
                Wrong::WrongName => CertificateProblem::WrongName,
                _ => CertificateProblem::Other,
            },
        },
        Error::Tls(_) | Error::StartTlsRefused => Failure::TlsRefused,
        Error::Busy | Error::PoolClosed => Failure::Busy,
        _ if error.is_not_allowed() => Failure::NotAllowed,
        Error::Refused { .. } => Failure::ServerRefused { words },
        Error::Authorities { .. } | Error::Unwritable => return internal(&error),
        _ => Failure::ServerConfused,
    };
    // A wrong password is no failure of the server, and whoever asked it says what became of that.
    if failure != Failure::WrongPassword {
        tracing::info!(failure = failure.key(), cause = %error, "the mail server failed");
    }
    failure
}

/// The same, for a mailbox that may be gone.
pub fn of_mailbox(error: imap::Error, mailbox: &MailboxName) -> Failure {
    if error.is_mailbox_gone() {
        return Failure::MailboxGone { mailbox: mailbox.clone() };
    }
    of_imap(error)
}

/// A fault of our own: the cause in the log, the reference on the page.
pub fn internal(error: &(dyn std::error::Error + 'static)) -> Failure {
    let reference = reference();
    tracing::error!(reference, cause = error, "internal failure");
    Failure::Internal { reference }
}

/// Eight letters; enough to find a line in a log, and nothing secret.
pub fn reference() -> String {
    use std::hash::{BuildHasher, RandomState};
    let mut number = RandomState::new().hash_one(crate::clock::now());
    (0..8)
        .map(|_| {
            let letter = u8::try_from(number % 26).unwrap_or_default();
            number /= 26;
            char::from(b'a' + letter)
        })
        .collect()
}
