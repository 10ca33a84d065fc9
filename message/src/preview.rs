//! What a file is shown as, by its own first bytes. What a message states of it only tells a text from a table.

use model::file::Kind;

use crate::raster;

/// How a file is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preview {
    /// By the browser, as this picture.
    Picture(&'static str),
    /// By the browser's own viewer.
    Pdf,
    /// By the browser's own player, as this type.
    Player(&'static str),
    /// As text, whatever markup is in it.
    Text,
    /// As a table.
    Table,
}

/// What a file that seems to be of this kind is shown as, by its first bytes; `None` when it is not shown. Markup and
/// office files never are, whatever they are called: none of them begins like anything here.
pub fn of(kind: Kind, first: &[u8]) -> Option<Preview> {
    if !kind.is_previewed() && !matches!(kind, Kind::Other) {
        return None;
    }
    if let Some(found) = sniffed(first, kind) {
        return Some(found);
    }
    match kind {
        Kind::Text if is_text(first) => Some(Preview::Text),
        Kind::Table if is_text(first) => Some(Preview::Table),
        _ => None,
    }
}

/// Signatures of what browsers can show without running anything (MIME Sniffing §6).
fn sniffed(first: &[u8], kind: Kind) -> Option<Preview> {
    if let Some(picture) = raster::content_type(first) {
        return Some(Preview::Picture(picture));
    }
    Some(match first {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Preview::Player("audio/wav"),
        [b'%', b'P', b'D', b'F', b'-', ..] => Preview::Pdf,
        [b'f', b'L', b'a', b'C', ..] => Preview::Player("audio/flac"),
        [b'O', b'g', b'g', b'S', 0, ..] if kind == Kind::Film => Preview::Player("video/ogg"),
        [b'O', b'g', b'g', b'S', 0, ..] => Preview::Player("audio/ogg"),
        [0x1a, 0x45, 0xdf, 0xa3, ..] if kind == Kind::Sound => Preview::Player("audio/webm"),
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Preview::Player("video/webm"),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.get(..4)? {
            b"avif" | b"avis" => Preview::Picture("image/avif"),
            // Pictures of telephones, which most browsers can't show.
            b"heic" | b"heix" | b"heif" | b"mif1" | b"msf1" => return None,
            b"M4A " | b"M4B " => Preview::Player("audio/mp4"),
            _ => Preview::Player("video/mp4"),
        },
        [b'I', b'D', b'3', version, ..] if *version < 0x10 => Preview::Player("audio/mpeg"),
        // A frame of MPEG audio layer III.
        [0xff, 0xe2 | 0xe3 | 0xf2 | 0xf3 | 0xfa | 0xfb, ..] => Preview::Player("audio/mpeg"),
        _ => return None,
    })
}

/// Whether bytes can be text: some in UTF-16 says so at its beginning, and all other has no NUL.
fn is_text(first: &[u8]) -> bool {
    matches!(first, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) || !first.contains(&0)
}

#[cfg(test)]
mod tests {
    use model::file::Kind;

    use super::{Preview, of};

    #[test]
    fn bytes_say_what_a_picture_is_and_no_name_does() {
        assert_eq!(of(Kind::Other, b"\x89PNG\r\n\x1a\nrest"), Some(Preview::Picture("image/png")));
        assert_eq!(of(Kind::Text, b"GIF89a..."), Some(Preview::Picture("image/gif")));
        assert_eq!(of(Kind::Picture, b"\0\0\0\x1cftypavif"), Some(Preview::Picture("image/avif")));
        for other in [
            &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..],
            b"<html>",
            b"",
            b"BM6",
            b"GIF",
            b"\0\0\0\x1cftypheic",
        ] {
            assert_eq!(of(Kind::Picture, other), None, "{other:?}");
        }
    }

    #[test]
    fn markup_and_office_files_and_archives_are_not_shown() {
        for first in [
            &b"<!DOCTYPE html><script>"[..],
            b"<?xml version='1.0'?>",
            b"PK\x03\x04",
            b"\xd0\xcf\x11\xe0",
            b"MZ",
            b"{\\rtf1",
            b"\x1f\x8b",
        ] {
            assert_eq!(of(Kind::Other, first), None, "{first:?}");
        }
        assert_eq!(of(Kind::Message, b"%PDF-1.7"), None);
    }

    #[test]
    fn sounds_and_films_are_told_apart_by_bytes_where_these_tell() {
        for (kind, first, content_type) in [
            (Kind::Film, &b"ID3\x04\0"[..], "audio/mpeg"),
            (Kind::Sound, b"\xff\xfb\x90", "audio/mpeg"),
            (Kind::Film, b"OggS\0", "video/ogg"),
            (Kind::Sound, b"OggS\0", "audio/ogg"),
            (Kind::Other, b"\0\0\0\x18ftypmp42", "video/mp4"),
            (Kind::Film, b"\0\0\0\x18ftypM4A ", "audio/mp4"),
            (Kind::Other, b"RIFF....WAVEfmt ", "audio/wav"),
        ] {
            assert_eq!(of(kind, first), Some(Preview::Player(content_type)), "{first:?}");
        }
    }

    #[test]
    fn text_is_what_has_no_nul() {
        assert_eq!(of(Kind::Text, b"<script>alert(1)</script>"), Some(Preview::Text));
        assert_eq!(of(Kind::Table, b"a;b\n"), Some(Preview::Table));
        assert_eq!(of(Kind::Text, b"\xff\xfeh\0i\0"), Some(Preview::Text));
        assert_eq!(of(Kind::Text, b"ELF\0\0"), None);
        assert_eq!(of(Kind::Text, b""), Some(Preview::Text));
    }
}
