//! Pictures: those that came with the message, as `data:` links; never any that would have to be asked for.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::limits::INLINE_BYTES;

/// A raster picture whose first bytes say what it is.
#[derive(Clone, Debug)]
pub struct Picture {
    content_type: &'static str,
    bytes: Vec<u8>,
}

impl Picture {
    /// Takes PNG, JPEG, GIF and WebP, by their bytes and not by what was stated; `None` for anything else.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        let content_type = match bytes.as_slice() {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
            [0xff, 0xd8, 0xff, ..] => "image/jpeg",
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
            _ => return None,
        };
        Some(Self { content_type, bytes })
    }

    fn link(&self) -> String {
        format!("data:{};base64,{}", self.content_type, BASE64_STANDARD.encode(&self.bytes))
    }
}

/// Pictures by Content-ID, of a limited weight in all.
#[derive(Debug, Default)]
pub struct Pictures {
    links: HashMap<String, String>,
    bytes: usize,
}

impl Pictures {
    /// Adds a picture, unless that would be too much.
    pub fn add(&mut self, content_id: &str, picture: &Picture) {
        if self.bytes.saturating_add(picture.bytes.len()) <= INLINE_BYTES {
            self.bytes += picture.bytes.len();
            self.links.insert(content_id.to_owned(), picture.link());
        }
    }
}

/// What an `img` may show, or `None`. Links of together no more than `left` bytes, since a mail of some kilobytes can
/// name a large picture thousands of times.
pub(super) fn source(value: &str, pictures: &Pictures, left: &AtomicUsize) -> Option<String> {
    let link = find(value, pictures)?;
    left.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(link.len())).ok()?;
    Some(link.into_owned())
}

fn find<'a>(value: &str, pictures: &'a Pictures) -> Option<Cow<'a, str>> {
    let value = value.trim();
    if let Some(id) = strip_scheme(value, "cid:") {
        let decoded = percent_encoding::percent_decode_str(id).decode_utf8().ok()?;
        let link = pictures.links.get(id).or_else(|| pictures.links.get(decoded.as_ref()))?;
        return Some(Cow::Borrowed(link));
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

/// Whether a picture would have been asked for elsewhere.
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
    use std::sync::atomic::AtomicUsize;

    use super::{Picture, Pictures};

    fn source(value: &str, pictures: &Pictures) -> Option<String> {
        super::source(value, pictures, &AtomicUsize::new(1_000))
    }

    #[test]
    fn only_raster_pictures_that_are_what_they_say_are_shown() {
        assert!(Picture::new(b"\x89PNG\r\n\x1a\nrest".to_vec()).is_some());
        for other in [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"<html>", b"", b"%PDF-1.7"] {
            assert!(Picture::new(other.to_vec()).is_none());
        }
        assert_eq!(source("data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=", &Pictures::default()), None);
        assert_eq!(source("data:text/html,<script>", &Pictures::default()), None);
        assert_eq!(source("https://x.test/a.png", &Pictures::default()), None);
    }

    #[test]
    fn a_picture_is_found_by_its_content_id() {
        let mut pictures = Pictures::default();
        pictures.add("a b@x", &Picture::new(b"GIF89a....".to_vec()).unwrap());
        assert!(
            source("cid:a%20b@x", &pictures).is_some_and(|link| link.starts_with("data:image/gif;base64,"))
        );
        assert_eq!(source("cid:other", &pictures), None);
    }

    #[test]
    fn a_picture_that_is_named_again_and_again_is_shown_until_it_is_too_much() {
        let mut pictures = Pictures::default();
        pictures.add("x", &Picture::new(b"GIF89a....".to_vec()).unwrap());
        let left = AtomicUsize::new(100);
        let shown = (0..50).filter(|_| super::source("cid:x", &pictures, &left).is_some()).count();
        assert_eq!(shown, 2);
    }
}
