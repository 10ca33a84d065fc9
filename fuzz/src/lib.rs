//! What is fed to everything that reads strangers' bytes, and what must hold whatever they are.
//!
//! `cargo xtask fuzz` lets an engine make up the bytes; the tests of this crate feed the corpus, without one. A target
//! is a function that returns, or panics when something does not hold.

mod frames;
mod mail;
mod rows;
mod structure;

pub use frames::{COMMANDS, frames};
pub use mail::mail;
pub use structure::structure;

/// Feeds the files that are named on the command line, one after the other.
///
/// # Errors
/// When one can't be read.
pub fn replay(target: fn(&[u8])) -> std::io::Result<()> {
    std::env::args_os().skip(1).try_for_each(|path| std::fs::read(path).map(|bytes| target(&bytes)))
}
