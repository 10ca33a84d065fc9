//! The configuration: one value, read once, checked whole, then passed on in parts.
//!
//! It comes from defaults, then one TOML file, then environment variables, each overruling what came before. Only
//! the two mail servers have no default. Every key is in [`keys`]; `docs/configuration.md` and
//! `pennypost.example.toml` are made of that page.

pub mod cache;
pub mod http;
pub mod imap;
pub mod keys;
mod load;
pub mod log;
pub mod metrics;
mod nearest;
pub mod problem;
pub mod reference;
pub mod remote_content;
pub mod session;
pub mod sign_in;
pub mod storage;
pub mod submission;
#[cfg(test)]
mod tests;
pub mod trust;
pub mod value;

use std::ffi::OsString;
use std::path::Path;

pub use load::find;
pub use problem::Problem;

/// Everything that an operator decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// How browsers reach this server.
    pub http: http::Http,
    /// The mail server that keeps the mail.
    pub imap: imap::Imap,
    /// What is kept in memory of people's mail.
    pub cache: cache::Cache,
    /// What messages would fetch from elsewhere.
    pub remote_content: remote_content::RemoteContent,
    /// The mail server that takes messages to be sent.
    pub submission: submission::Submission,
    /// Who may sign in, and with what besides the password.
    pub sign_in: sign_in::SignIn,
    /// Whose statements about senders are believed.
    pub trust: trust::Trust,
    /// How long people stay signed in.
    pub session: session::Session,
    /// Where the little that is kept here lies.
    pub storage: storage::Storage,
    /// Numbers for whoever watches over this server.
    pub metrics: metrics::Metrics,
    /// What is written to standard error.
    pub log: log::Log,
}

impl Config {
    /// Reads the file, if there is one, and the environment, as `std::env::vars_os` gives it.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn load<Name, Text>(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (Name, Text)>,
    ) -> Result<Self, Vec<Problem>>
    where
        Name: Into<OsString>,
        Text: Into<OsString>,
    {
        let mut reader = load::Reader::new();
        if let Some(file) = file {
            reader.file(file);
        }
        reader.environment(environment.into_iter().map(|(name, text)| (name.into(), text.into())));
        // Every section is read before any is missed, so that all problems are found.
        let http = http::Http::read(&mut reader);
        let imap = imap::Imap::read(&mut reader);
        let cache = cache::Cache::read(&mut reader);
        let remote_content = remote_content::RemoteContent::read(&mut reader);
        let submission = submission::Submission::read(&mut reader);
        let sign_in = sign_in::SignIn::read(&mut reader);
        let trust = trust::Trust::read(&mut reader);
        let session = session::Session::read(&mut reader);
        let storage = storage::Storage::read(&mut reader);
        let metrics = metrics::Metrics::read(&mut reader, http.as_ref());
        let log = log::Log::read(&mut reader);
        let problems = reader.finish();
        match (http, imap, cache, remote_content, submission, sign_in, session, storage, log) {
            (
                Some(http),
                Some(imap),
                Some(cache),
                Some(remote_content),
                Some(submission),
                Some(sign_in),
                Some(session),
                Some(storage),
                Some(log),
            ) if problems.is_empty() => Ok(Self {
                http,
                imap,
                cache,
                remote_content,
                submission,
                sign_in,
                trust,
                session,
                storage,
                metrics,
                log,
            }),
            _ => Err(problems),
        }
    }
}
