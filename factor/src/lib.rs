//! Authentication factors beside the password: codes of the moment ([`totp`]), passkeys ([`passkey`]), recovery codes
//! ([`recovery`]).
//!
//! Pure logic. Nothing here is kept, sent or looked up: who calls brings what is known of a person and the time, and keeps
//! what comes out. That a code counts once is decided where it is kept, in one step for everybody.

mod error;
pub mod passkey;
pub mod recovery;
pub mod totp;

pub use error::{Error, Result};
