//! HTML mail: cleaned once, into a document of its own.
//!
//! Limits first (`caps`), then one parse and one cleaning by ammonia under the list in `policy`, which rewrites
//! links (`links`), pictures (`images`) and style attributes (`style`) while it serialises; then the frame of
//! the document is put around it (`document`) and nothing is edited any more. This is the second wall: the first
//! is the response policy of the document, under which nothing in it could run or fetch anyway.

mod caps;
mod count;
mod document;
mod images;
mod links;
mod policy;
mod style;

pub use caps::TooMuch;
pub use document::{CONTENT_SECURITY_POLICY, SafeDocument};
pub use images::{Picture, Pictures};

/// A cleaned message.
#[derive(Debug)]
pub struct Cleaned {
    /// The whole document.
    pub document: SafeDocument,
    /// Pictures that were left out because they would have been asked for elsewhere.
    pub withheld: u32,
}

/// Cleans HTML, showing `pictures` where it refers to them.
///
/// # Errors
/// [`TooMuch`] when cleaning would cost too much; then the message is to be shown another way.
pub fn clean(html: &str, pictures: Pictures) -> Result<Cleaned, TooMuch> {
    let body = caps::check(html)?;
    let looks = policy::looks(&body);
    let (cleaned, withheld) = policy::clean(html, pictures);
    Ok(Cleaned { document: SafeDocument::around(&cleaned, looks.as_deref()), withheld })
}
