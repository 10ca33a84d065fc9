//! The log: what happened, never to whom or about what.
//!
//! Never logged: addresses of mail, passwords, subjects, texts, names of files and mailboxes, queries, cookies. Lines
//! that a request caused begin with its number and route. At the level `debug` there is one for every request and every IMAP
//! command, so that one sees what a slow page was made of.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// What is written at this level.
pub fn filter(level: &str) -> EnvFilter {
    // Libraries speak up only when something is wrong, whatever is asked of us: some of them log what they carry.
    EnvFilter::new(format!(
        "warn,server={level},imap={level},database={level},message={level},sqlx=error,lettre=warn"
    ))
}

/// Starts the log on standard error.
pub fn start(level: &str) {
    // A second start, as in tests, keeps the first.
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        // Colours are for people; in a file they are noise.
        .with_ansi(std::io::stderr().is_terminal());
    let _ = tracing_subscriber::registry().with(filter(level)).with(lines).try_init();
    // The words of a panic may quote what was being worked on, somebody's mail; where it happened is enough.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        // Names of functions alone, and only where RUST_BACKTRACE asks for them.
        let trace = std::backtrace::Backtrace::capture();
        tracing::error!(place, %trace, "panicked: please report this");
    }));
}
