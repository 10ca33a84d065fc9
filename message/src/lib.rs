//! The bytes of one message: read and cleaned.
//!
//! Bytes in, plain data out. Nothing here opens a socket or a file, reads a clock or makes a random number, so the
//! same message always gives the same page, and whoever reviews what is done with strangers' bytes reviews this
//! small crate.
//!
//! The order of steps: transfer encoding ([`transfer`]) → character set ([`charset`]) → for HTML, limits
//! ([`html::TooMuch`]) → one parse, one cleaning, one document ([`html::clean`]). Nothing edits what the cleaning gave.

pub mod alternative;
pub mod archive;
pub mod attachment;
pub mod authentication;
pub mod body;
pub mod charset;
mod encoded_word;
mod enriched;
pub mod header;
pub mod html;
pub mod inside;
pub mod invitation;
pub mod limits;
pub mod look_alike;
pub mod mime;
pub mod origin;
pub mod parameter;
pub mod plain_text;
pub mod preview;
pub mod protection;
pub mod raster;
pub mod received;
pub mod reference;
pub mod report;
pub mod table;
pub mod tnef;
pub mod transfer;
pub mod unsubscribe;
mod uuencode;
