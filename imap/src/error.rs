//! What can go wrong between us and a mail server, by step.
//!
//! The words of an [`Error`] are for logs: they hold no mail, no mailbox, no address, no secret. What the server said
//! is kept beside them, cleaned, for whoever shows it as the server's own words.

use std::path::PathBuf;

use crate::wire::response::{Code, Kind, Status};

/// The result of anything that talks to a mail server.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The name of the host has no address.
    #[error("the mail server's name has no address")]
    Resolve {
        /// The name.
        host: String,
    },
    /// No address of the host took the connection.
    #[error("no connection to the mail server")]
    Connect {
        /// The host's name.
        host: String,
        /// The port.
        port: u16,
        /// What the system said about the last address that was tried.
        source: std::io::Error,
    },
    /// A step took longer than it may.
    #[error("no answer in time while {step}")]
    Timeout {
        /// Which.
        step: Step,
    },
    /// The certificate is not to be trusted; nothing was sent.
    #[error("certificate refused: {0}")]
    Certificate(CertificateProblem),
    /// The other side speaks no TLS, or none that is safe; nothing was sent.
    #[error("TLS failed: {0}")]
    Tls(String),
    /// The file of certificate authorities can't be used.
    #[error("certificate authorities can't be loaded: {problem}")]
    Authorities {
        /// The file, unless it is the system's authorities that are missing.
        path: Option<PathBuf>,
        /// What is wrong.
        problem: String,
    },
    /// The server has no STARTTLS or refused it, or says that somebody is signed in already; nothing was sent.
    #[error("the server would not begin TLS")]
    StartTlsRefused,
    /// The connection ended where it should not.
    #[error("the server hung up while {step}")]
    Closed {
        /// Where.
        step: Step,
    },
    /// The server said goodbye (RFC 9051 §7.1.5).
    #[error("the server said goodbye")]
    Bye {
        /// In its own words.
        text: String,
    },
    /// What the server sent can't be meant.
    #[error("the server's answer makes no sense: {what}")]
    Nonsense {
        /// In which way.
        what: &'static str,
    },
    /// The server sent more than is taken.
    #[error("the server's answer passes a limit: {which}")]
    LimitExceeded {
        /// Of what.
        which: &'static str,
    },
    /// Name and password were not accepted.
    #[error("authentication failed")]
    AuthenticationFailed {
        /// The response code, if there was one.
        code: Option<Code>,
        /// The server's words.
        text: String,
    },
    /// The server lets this person in not now, or not this way, whatever the password.
    #[error("the server refuses sign-in{}", in_brackets(.code.as_ref()))]
    SignInRefused {
        /// The response code, if there was one.
        code: Option<Code>,
        /// The server's words.
        text: String,
    },
    /// The server offers no way of signing in that we know (RFC 9051 §6.2.3).
    #[error("the server offers no known way of signing in")]
    LoginDisabled,
    /// A command was refused; the connection lives on.
    #[error("{command} was refused{}", in_brackets(.code.as_ref()))]
    Refused {
        /// Its name.
        command: &'static str,
        /// In which way.
        status: Refusal,
        /// The response code, if there was one.
        code: Option<Code>,
        /// The server's words.
        text: String,
    },
    /// Something that changes mail was asked for, and the connection was lost before the server told what became of it. It
    /// may have been done, so nothing does it again by itself.
    #[error("whether {command} was done is unknown: {source}")]
    OutcomeUnknown {
        /// The name of the command.
        command: &'static str,
        /// How the connection was lost.
        source: Box<Error>,
    },
    /// All connections that one person may have were in use for too long.
    #[error("all connections are in use")]
    Busy,
    /// The pool was closed, as when the person signed out meanwhile.
    #[error("the connections were closed")]
    PoolClosed,
    /// A value can't be written in a command.
    #[error("a value can't be written in a command")]
    Unwritable,
}

impl Error {
    /// A completion that is no OK.
    pub(crate) fn refused(command: &'static str, status: Status) -> Self {
        let how = if status.kind == Kind::No { Refusal::No } else { Refusal::Bad };
        Self::Refused { command, status: how, code: status.code, text: status.text }
    }

    /// What is left to say when a command that changes mail failed: a refusal is clear, all else leaves the outcome open.
    pub(crate) fn of_change(self, command: &'static str) -> Self {
        match self {
            refused @ (Self::Refused { .. } | Self::Unwritable | Self::OutcomeUnknown { .. }) => refused,
            lost => Self::OutcomeUnknown { command, source: Box::new(lost) },
        }
    }

    /// The response code that came with a refusal.
    pub fn code(&self) -> Option<&Code> {
        match self {
            Self::AuthenticationFailed { code, .. }
            | Self::SignInRefused { code, .. }
            | Self::Refused { code, .. } => code.as_ref(),
            _ => None,
        }
    }

    /// The server's own words: cleaned of control characters, at most 300 characters, a stranger's all the same.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::AuthenticationFailed { text, .. }
            | Self::SignInRefused { text, .. }
            | Self::Refused { text, .. }
            | Self::Bye { text } => Some(text).filter(|text| !text.is_empty()).map(String::as_str),
            _ => None,
        }
    }

    /// Whether a command was refused because there is no such mailbox (RFC 5530 §3, RFC 9051 §6.3.2). Servers that give
    /// no code, as Dovecot 2.3 does not, refuse a SELECT for no other reason that a person could mend.
    pub fn is_mailbox_gone(&self) -> bool {
        match self {
            Self::Refused { code: Some(Code::NonExistent | Code::TryCreate), .. } => true,
            Self::Refused { command, status: Refusal::No, code: None, .. } => *command == "SELECT",
            _ => false,
        }
    }

    /// Whether a command was refused for want of rights (RFC 5530 §3).
    pub fn is_not_allowed(&self) -> bool {
        matches!(self, Self::Refused { code: Some(Code::NoPerm), .. })
    }

    /// Whether a command was refused because the storage is full (RFC 5530 §3).
    pub fn is_over_quota(&self) -> bool {
        matches!(self, Self::Refused { code: Some(Code::OverQuota), .. })
    }

    /// Whether the connection was found dead, so that a fresh one may do better.
    pub fn is_connection_lost(&self) -> bool {
        matches!(self, Self::Closed { .. } | Self::Bye { .. })
    }
}

fn in_brackets(code: Option<&Code>) -> String {
    // Codes of the server's own making could hold anything, so the log names only those of the standards.
    match code {
        Some(Code::Other(_)) => " [a code of its own]".to_owned(),
        Some(code) => format!(" [{code}]"),
        None => String::new(),
    }
}

/// How a command was refused (RFC 9051 §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `NO`: it could not be done.
    No,
    /// `BAD`: it was not understood.
    Bad,
}

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Asking for the addresses of the host.
    Resolving,
    /// Opening the TCP connection.
    Connecting,
    /// Agreeing on TLS.
    Securing,
    /// Waiting for the greeting.
    Greeting,
    /// A command, by name.
    Command(&'static str),
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Resolving => f.write_str("resolving the host"),
            Self::Connecting => f.write_str("connecting"),
            Self::Securing => f.write_str("agreeing on TLS"),
            Self::Greeting => f.write_str("waiting for the greeting"),
            Self::Command(name) => write!(f, "waiting for {name}"),
        }
    }
}

/// What is wrong with a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateProblem {
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYetValid,
    /// Nobody who is trusted signed it.
    UnknownIssuer,
    /// It is for another host.
    WrongName,
    /// Something else, in the words of the TLS library.
    Other(String),
}

impl std::fmt::Display for CertificateProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Expired => "it has expired",
            Self::NotYetValid => "it is not valid yet",
            Self::UnknownIssuer => "nobody who is trusted signed it",
            Self::WrongName => "it is for another host",
            Self::Other(words) => words,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Refusal};
    use crate::wire::response::Code;

    #[test]
    fn the_words_of_an_error_hold_nothing_that_the_server_made_up() {
        let error = Error::Refused {
            command: "SELECT",
            status: Refusal::No,
            code: Some(Code::Other("SECRET".into())),
            text: "no mailbox Divorce".into(),
        };
        assert_eq!(error.to_string(), "SELECT was refused [a code of its own]");
        assert_eq!(error.text(), Some("no mailbox Divorce"));
        assert!(!error.is_mailbox_gone());
    }
}
