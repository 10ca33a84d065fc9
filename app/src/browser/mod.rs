//! Everything that needs a browser. Compiled only for it.

pub mod caret;
pub mod clock;
pub mod event_stream;
pub mod handout;
pub mod language;
pub mod passkey;
pub mod presence;
pub mod safe;
