//! Pictures that browsers show everywhere, told by their own bytes: what was stated of them counts for nothing.

use imagesize::blob_size;

use crate::limits::PICTURE_PIXELS;

/// What a picture is, as its first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raster {
    /// The type that it is to be served as.
    pub content_type: &'static str,
    /// How many pixels it is wide.
    pub width: usize,
    /// How many pixels it is high.
    pub height: usize,
}

impl Raster {
    /// Reads the header of a PNG, JPEG, GIF or WebP; `None` for anything else, and for a picture of more than
    /// [`PICTURE_PIXELS`]. The first bytes are enough, as long as the size stands in them.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let content_type = content_type(bytes)?;
        let size = blob_size(bytes).ok()?;
        let pixels = size.width.checked_mul(size.height)?;
        let shown = pixels <= PICTURE_PIXELS;
        shown.then_some(Self { content_type, width: size.width, height: size.height })
    }
}

/// The type of a PNG, JPEG, GIF or WebP by its signature (MIME Sniffing §6.1); `None` for anything else.
pub fn content_type(bytes: &[u8]) -> Option<&'static str> {
    Some(match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Raster;

    /// The header of a PNG of this size (PNG §5.2, §11.2.1).
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 6, 0, 0, 0]);
        bytes
    }

    #[test]
    fn a_picture_is_what_its_bytes_say() {
        let gif = b"GIF89a\x02\x00\x03\x00\x80\0\0";
        let jpeg =
            b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08\0\x05\0\x04\x03";
        let webp = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\x01\x40\0\0\0\0\0\0\0\0";
        for (bytes, content_type, size) in [
            (png(7, 9).as_slice(), "image/png", (7, 9)),
            (gif, "image/gif", (2, 3)),
            (jpeg, "image/jpeg", (4, 5)),
            (webp, "image/webp", (2, 2)),
        ] {
            let read = Raster::of(bytes).unwrap();
            assert_eq!((read.content_type, (read.width, read.height)), (content_type, size));
        }
    }

    #[test]
    fn everything_else_is_none() {
        for other in [
            &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..],
            b"<?xml version='1.0'?><svg/>",
            b"<html>",
            b"",
            b"%PDF-1.7",
            b"BM\0\0\0\0\0\0\0\0",
            b"\0\0\x01\0\x01\0\x10\x10",
            b"II*\0\x08\0\0\0",
            b"GIF89a",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff",
            b"RIFF\0\0\0\0WEBP",
            b"RIFF\0\0\0\0AVI LIST",
        ] {
            assert_eq!(Raster::of(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_few_bytes_that_become_a_wall_of_pixels_are_none() {
        assert!(Raster::of(&png(8_000, 5_000)).is_some());
        assert_eq!(Raster::of(&png(8_000, 5_001)), None);
        assert_eq!(Raster::of(&png(u32::MAX, u32::MAX)), None);
    }

    proptest! {
        #[test]
        fn whatever_follows_the_first_bytes_is_read_or_refused(
            start in prop::sample::select(vec![
                &b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xff", b"GIF89a", b"GIF87a",
                b"RIFF....WEBPVP8 ", b"RIFF....WEBPVP8L", b"RIFF....WEBPVP8X", b"",
            ]),
            rest in prop::collection::vec(any::<u8>(), 0..2_000),
        ) {
            let _ = Raster::of(&[start, &rest].concat());
        }
    }
}
