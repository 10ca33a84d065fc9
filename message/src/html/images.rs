//! Pictures: those that came with the message, and those from elsewhere under an address of ours, if a person wishes to
//! see them. No address of a stranger is ever in the document.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use model::message::Misleading;

use crate::limits::{INLINE_BYTES, LINK_BYTES};
use crate::raster::content_type;

/// A raster picture whose first bytes say what it is.
#[derive(Clone, Debug)]
pub struct Picture {
    content_type: &'static str,
    bytes: Vec<u8>,
}

impl Picture {
    /// Takes PNG, JPEG, GIF and WebP, by their bytes and not by what was stated; `None` for anything else.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        Some(Self { content_type: content_type(&bytes)?, bytes })
    }

    fn link(&self) -> String {
        format!("data:{};base64,{}", self.content_type, BASE64_STANDARD.encode(&self.bytes))
    }
}

/// Gives the address under which a picture from elsewhere may be shown, if it may.
pub type Remote = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Gives the address of the page that warns of a link: of the link, and of what is wrong with it.
pub type Leaving = Arc<dyn Fn(&str, &Misleading) -> String + Send + Sync>;

/// Under which addresses a document names what is not in it. With nothing set it shows no pictures but those written
/// into it, and its links lead where they lead.
#[derive(Clone, Default)]
pub struct References {
    parts: HashMap<String, String>,
    bytes: usize,
    /// For pictures from elsewhere.
    pub remote: Option<Remote>,
    /// For links that deserve a warning.
    pub leaving: Option<Leaving>,
    /// Domains that the reader knows, which others may be made to look like.
    pub known: Vec<String>,
}

impl References {
    /// Shows a picture of the message within the document itself, unless that would be too much.
    pub fn add(&mut self, content_id: &str, picture: &Picture) {
        if self.bytes.saturating_add(picture.bytes.len()) <= INLINE_BYTES {
            self.bytes += picture.bytes.len();
            self.parts.insert(content_id.to_owned(), picture.link());
        }
    }

    /// Shows a picture of the message under an address.
    pub fn add_link(&mut self, content_id: &str, address: String) {
        self.parts.insert(content_id.to_owned(), address);
    }
}

/// What became of the pictures of a document.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) withheld: AtomicU32,
    pub(super) shown: AtomicU32,
    pub(super) trackers: AtomicU32,
}

/// Finds the addresses of pictures.
pub(super) struct Gallery {
    pub(super) references: References,
    /// Addresses of pictures that are there to be asked for, not to be seen.
    pub(super) trackers: HashSet<String>,
    pub(super) tally: Tally,
    /// Bytes of links that hold their picture which may still be written: a mail of some kilobytes can name a large
    /// picture thousands of times.
    pub(super) left: AtomicUsize,
}

impl Gallery {
    /// The address under which a picture may be shown, or `None`.
    pub(super) fn address(&self, stated: &str) -> Option<String> {
        if is_remote(stated) {
            return self.remote(stated);
        }
        let address = self.own(stated)?;
        self.left
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(address.len()))
            .ok()?;
        Some(address.into_owned())
    }

    fn remote(&self, stated: &str) -> Option<String> {
        let address = stated.trim();
        if self.trackers.contains(stated) {
            self.tally.trackers.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        let absolute =
            if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
        let shown = self.references.remote.as_ref().filter(|_| absolute.len() <= LINK_BYTES);
        let shown = shown.and_then(|remote| remote(&absolute));
        let count = if shown.is_some() { &self.tally.shown } else { &self.tally.withheld };
        count.fetch_add(1, Ordering::Relaxed);
        shown
    }

    fn own(&self, stated: &str) -> Option<Cow<'_, str>> {
        let value = stated.trim();
        if let Some(id) = strip_scheme(value, "cid:") {
            let parts = &self.references.parts;
            let decoded = percent_encoding::percent_decode_str(id).decode_utf8().ok()?;
            return parts
                .get(id)
                .or_else(|| parts.get(decoded.as_ref()))
                .map(|link| Cow::Borrowed(link.as_str()));
        }
        // Decoded and written anew: what was read is what will be shown.
        let data = strip_scheme(value, "data:")?;
        let (about, encoded) = data.split_once(',')?;
        if !about.to_ascii_lowercase().ends_with(";base64") || encoded.len() > INLINE_BYTES {
            return None;
        }
        let compact: String = encoded.chars().filter(|c| !c.is_whitespace()).collect();
        Some(Cow::Owned(Picture::new(BASE64_STANDARD.decode(compact).ok()?)?.link()))
    }
}

/// Whether a picture would be asked for elsewhere.
pub(super) fn is_remote(value: &str) -> bool {
    let value = value.trim();
    strip_scheme(value, "http:").is_some()
        || strip_scheme(value, "https:").is_some()
        || value.starts_with("//")
}

fn strip_scheme<'a>(value: &'a str, scheme: &str) -> Option<&'a str> {
    let (begin, rest) = value.split_at_checked(scheme.len())?;
    begin.eq_ignore_ascii_case(scheme).then_some(rest)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{Gallery, Picture, References, Tally};

    fn gallery(references: References) -> Gallery {
        let trackers = HashSet::from(["https://x.test/pixel".to_owned()]);
        Gallery { references, trackers, tally: Tally::default(), left: AtomicUsize::new(100) }
    }

    #[test]
    fn only_raster_pictures_that_are_what_they_say_are_shown() {
        assert!(Picture::new(b"\x89PNG\r\n\x1a\nrest".to_vec()).is_some());
        for other in [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"<html>", b"", b"%PDF-1.7"] {
            assert!(Picture::new(other.to_vec()).is_none());
        }
        let gallery = gallery(References::default());
        for other in [
            "data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=",
            "data:text/html,<script>",
            "https://x.test/a.png",
            "a.png",
        ] {
            assert_eq!(gallery.address(other), None, "{other}");
        }
    }

    #[test]
    fn a_picture_is_found_by_its_content_id() {
        let mut references = References::default();
        references.add("a b@x", &Picture::new(b"GIF89a....".to_vec()).unwrap());
        references.add_link("c", "/picture/c".to_owned());
        let gallery = gallery(references);
        let shown = gallery.address("cid:a%20b@x");
        assert!(shown.is_some_and(|link| link.starts_with("data:image/gif;base64,")));
        assert_eq!(gallery.address("CID:c").as_deref(), Some("/picture/c"));
        assert_eq!(gallery.address("cid:other"), None);
    }

    #[test]
    fn a_picture_that_is_named_again_and_again_is_shown_until_it_is_too_much() {
        let mut references = References::default();
        references.add("x", &Picture::new(b"GIF89a....".to_vec()).unwrap());
        let gallery = gallery(references);
        let shown = (0..50).filter(|_| gallery.address("cid:x").is_some()).count();
        assert_eq!(shown, 2);
    }

    #[test]
    fn pictures_from_elsewhere_are_shown_only_where_they_may_be_and_trackers_never() {
        let remote: super::Remote = Arc::new(|url: &str| Some(format!("/picture/{}", url.len())));
        for (remote, shown, withheld) in [(None, 0, 2), (Some(remote), 2, 0)] {
            let gallery = gallery(References { remote, ..References::default() });
            let found: Vec<_> = ["https://x.test/a", "//x.test/b", "https://x.test/pixel"]
                .iter()
                .filter_map(|stated| gallery.address(stated))
                .collect();
            assert_eq!(found.len(), shown);
            assert_eq!(gallery.tally.withheld.load(Ordering::Relaxed), withheld);
            assert_eq!(gallery.tally.trackers.load(Ordering::Relaxed), 1);
        }
    }
}
