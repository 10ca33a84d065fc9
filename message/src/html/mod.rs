//! HTML mail: cleaned once, into a document of its own.
//!
//! Limits first (`caps`, which also notes what the document says of itself, `survey`), then one parse and one cleaning by
//! ammonia under the list in `policy`, which rewrites links (`links`), pictures (`images`) and style attributes (`style`)
//! while it serialises; style sheets are read and written anew (`sheet`); then the frame of the document is put around all
//! (`document`) and nothing is edited any more. This is the second wall: the first is the response policy of the document,
//! under which nothing in it could run or fetch anyway.

mod caps;
mod colour;
mod count;
mod document;
mod images;
mod links;
mod policy;
mod property;
mod sheet;
mod style;
mod survey;
mod written;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use model::message::Misleading;

pub use caps::TooMuch;
pub(crate) use document::escaped;
pub use document::{Dress, PICTURES, SafeDocument, Section, content_security_policy};
pub use images::{Leaving, Picture, References, Remote};

use crate::limits::INLINE_LINKS;
use images::{Gallery, Tally};
pub(crate) use links::misleads;
use style::Painter;

/// A cleaned text.
#[derive(Clone, Debug)]
pub struct Cleaned {
    section: Section,
    /// Pictures from elsewhere that are not shown.
    pub withheld: u32,
    /// Pictures from elsewhere that are shown.
    pub shown: u32,
    /// Pictures of which nothing is to be seen; they are never shown.
    pub trackers: u32,
    /// Links that deserve a warning, the first few.
    pub misleading: Vec<Misleading>,
}

impl Cleaned {
    /// The whole document, for any surroundings.
    pub fn document(self) -> SafeDocument {
        SafeDocument::of(&[self.section], Dress::Adapted)
    }
}

/// Cleans HTML; `references` names what is not in it.
///
/// # Errors
/// [`TooMuch`] when cleaning would cost too much; then the message is to be shown another way.
pub fn clean(html: &str, references: References) -> Result<Cleaned, TooMuch> {
    let mut survey = caps::check(html)?;
    let gallery = Arc::new(Gallery {
        references,
        trackers: std::mem::take(&mut survey.trackers),
        tally: Tally::default(),
        left: AtomicUsize::new(INLINE_LINKS),
    });
    // Whoever says how it looks in the dark is shown that way.
    let adapts = !survey.minds_the_dark;
    let painter = Painter { adapts, picture: &|stated| gallery.address(stated) };
    let mut sheets = if adapts { policy::palette(&survey) } else { String::new() };
    sheets.push_str(&sheet::clean(&survey.sheets, &painter));
    let looks = policy::looks(&survey.body, &painter);
    let (body, misleading) = policy::clean(html, &survey, &gallery, adapts);
    let count = |counter: &std::sync::atomic::AtomicU32| counter.load(Ordering::Relaxed);
    let Tally { withheld, shown, trackers } = &gallery.tally;
    Ok(Cleaned {
        section: Section::new(body, looks, sheets),
        withheld: count(withheld),
        shown: count(shown),
        trackers: count(trackers),
        misleading,
    })
}
