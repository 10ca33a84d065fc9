//! The door to the mail server.
//!
//! How a command travels: [`wire::command::Command`] writes it, and is the only thing that can;
//! [`connection::Connection`] sends it and reads frames ([`wire::frame`]) until the completion with its own tag; the
//! file of the command ([`commands`]) reads the data out of the frames through the token tree ([`wire::token`]).
//! A [`pool::Pool`] lends connections to one person's requests.
//!
//! Invariants:
//! - Every connection is TLS before anything about a person is sent (RFC 8314); there is no other way in.
//! - A refusal is an error, a lost connection is an error, and neither looks like an empty answer.
//! - Whatever a server sends is bounded before it is kept: lines, literals, answers, nesting.
//! - What changes mail is sent once: when nobody knows what became of it, the error says that.
//! - A connection on which anything went wrong, or whose request was dropped half way, is never used again.
//! - No error and no log line carries mail, names of mailboxes, addresses or secrets.

pub mod authenticate;
pub mod capability;
pub mod commands;
pub mod connect;
pub mod connection;
pub mod error;
pub mod lease;
#[doc(hidden)]
pub mod memory;
pub mod metrics;
pub mod pool;
pub mod ration;
pub mod tls;
pub mod watch;
pub mod wire;

#[cfg(test)]
mod promises;
#[cfg(test)]
mod scripted;

pub use error::{Error, Result};
