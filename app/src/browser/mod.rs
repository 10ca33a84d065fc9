//! Everything that needs a browser. Compiled only for it.

pub mod clock;
pub mod event_stream;
pub mod language;
