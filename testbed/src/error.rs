//! What can go wrong in the testbed.

use std::path::{Path, PathBuf};

/// Why the testbed, or something done with it, failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program is not installed.
    #[error("`{binary}` is missing; install the Debian package {package}")]
    Missing {
        /// The program looked for.
        binary: String,
        /// The Debian package that has it.
        package: String,
    },
    /// Postfix can only be run by root.
    #[error(
        "Postfix needs root; start the testbed as root, or without submission (Options::without_postfix)"
    )]
    NeedsRoot,
    /// Another process runs a testbed in the same directory.
    #[error("{} is in use by another testbed", .0.display())]
    InUse(PathBuf),
    /// The file system or the network said no.
    #[error("{what}: {source}")]
    Io {
        /// What was attempted.
        what: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A program that should have ended well did not.
    #[error("`{command}` failed: {output}")]
    Command {
        /// The program and what it was for.
        command: String,
        /// What it printed.
        output: String,
    },
    /// A server ended, or did not answer in time.
    #[error("{server} did not come up. The end of its log:\n{log}")]
    NotReady {
        /// `dovecot` or `postfix`.
        server: &'static str,
        /// The last lines it logged.
        log: String,
    },
    /// The description of a running testbed cannot be read or written.
    #[error("the description of the testbed: {0}")]
    Description(#[from] serde_json::Error),
    /// This testbed is run by another process, so this one cannot stop or restart its servers.
    #[error("this testbed belongs to another process")]
    NotOurs,
    /// TLS could not be set up, or was refused.
    #[error("TLS: {0}")]
    Tls(String),
    /// The IMAP server answered NO or BAD, or not in IMAP.
    #[error("IMAP: {0}")]
    Imap(String),
    /// What was waited for did not happen.
    #[error("waited in vain for {0}")]
    Waited(String),
}

/// The result of a step.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// For `map_err`: what was attempted, where.
    pub(crate) fn io(what: &str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let what = format!("{what} {}", path.display());
        move |source| Self::Io { what, source }
    }

    /// For `map_err`: what was attempted.
    pub(crate) fn doing(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}
