//! Attachments: a name that is safe everywhere, and a download that nothing opens by itself.

use model::message::Attachment;
use model::structure::Part;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::header::shown;
use crate::limits::{NAME_BYTES, NAME_CHARACTERS};
use crate::parameter;

/// What a value of `filename*` may hold as it is (RFC 8187 §3.2.1).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Types that a download may say; everything else is bytes.
const KNOWN: [&str; 14] = [
    "application/pdf",
    "application/zip",
    "application/json",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "text/plain",
    "text/csv",
    "text/calendar",
    "audio/mpeg",
    "video/mp4",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
];

/// Describes a part as an attachment.
pub fn describe(part: &Part) -> Attachment {
    Attachment {
        part: part.number.clone(),
        inside: None,
        name: name(part),
        content_type: shown(&part.content_type(), 100),
        // Three bytes travel as four characters, with a line break for every 76.
        size: part.size.map(|size| match part.encoding {
            model::structure::Encoding::Base64 => size / 78 * 57 + size % 78 * 3 / 4,
            _ => size,
        }),
    }
}

/// A name for a part: what the message says, made safe to show and to save under; never empty.
pub fn name(part: &Part) -> String {
    let stated = parameter::value(&part.disposition_parameters, "filename")
        .or_else(|| parameter::value(&part.parameters, "name"))
        .map(|stated| clean(&stated))
        .filter(|name| !name.is_empty());
    stated.unwrap_or_else(|| {
        if part.is("message", "rfc822") || part.is("message", "global") {
            return "message.eml".to_owned();
        }
        let extension = match (part.media.as_str(), part.subtype.as_str()) {
            ("message", _) => "txt",
            ("text", "plain") => "txt",
            ("text", "html") => "html",
            ("text", "calendar") => "ics",
            ("image", "jpeg") => "jpg",
            ("image", "png" | "gif" | "webp") | ("application", "pdf" | "zip" | "json") => {
                part.subtype.as_str()
            }
            _ => "bin",
        };
        format!("attachment.{extension}")
    })
}

/// Takes from a name what a path, a shell, a file system or a reader could stumble over.
pub fn clean(stated: &str) -> String {
    // Only the last level of a path, in either notation.
    let leaf = stated.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = leaf
        .chars()
        .map(|c| if matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\0') { '_' } else { c })
        .collect();
    let name = shown(&plain, usize::MAX);
    let name = name.trim_matches(['.', ' ']);
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.chars().count() <= 10 && !stem.is_empty() => (stem, extension),
        _ => (name, ""),
    };
    let room = NAME_BYTES - extension.len() - ".".len();
    let short: String = stem.chars().take(NAME_CHARACTERS).collect();
    let short = short.get(..short.floor_char_boundary(room)).unwrap_or_default().trim_end_matches(['.', ' ']);
    let mark = if is_device(short) { "_" } else { "" };
    if extension.is_empty() { format!("{mark}{short}") } else { format!("{mark}{short}.{extension}") }
}

/// Names that Windows takes for devices, whatever their extension.
fn is_device(name: &str) -> bool {
    let device = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let numbered = |prefix: &str| {
        device.strip_prefix(prefix).is_some_and(|rest| {
            matches!(rest, "¹" | "²" | "³") || rest.len() == 1 && rest.parse::<u8>().is_ok()
        })
    };
    matches!(device.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$")
        || numbered("COM")
        || numbered("LPT")
}

/// A Content-Disposition that makes every browser save and none show (RFC 6266, RFC 8187), for a cleaned name.
pub fn content_disposition(name: &str) -> String {
    let ascii: String = name
        .chars()
        .map(
            |c| if c.is_ascii() && !c.is_ascii_control() && !matches!(c, '"' | '\\' | '%') { c } else { '_' },
        )
        .collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(name, PLAIN))
}

/// The type under which a part is downloaded: one that is known, or plain bytes.
pub fn download_type(part: &Part) -> &'static str {
    let stated = part.content_type();
    KNOWN.iter().find(|known| **known == stated).copied().unwrap_or("application/octet-stream")
}

#[cfg(test)]
mod tests {
    use model::structure::Part;

    use super::{clean, content_disposition, download_type, name};

    #[test]
    fn no_name_leaves_its_folder_or_hides_its_end() {
        for (stated, cleaned) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\evil.exe", "evil.exe"),
            ("in\u{202e}fdp.exe", "infdp.exe"),
            ("a\r\nSet-Cookie: x.txt", "a Set-Cookie_ x.txt"),
            ("...hidden", "hidden"),
            ("trailing. . ", "trailing"),
            ("CON.txt", "_CON.txt"),
            ("com1", "_com1"),
            ("LPT².txt", "_LPT².txt"),
            ("nul .txt", "_nul.txt"),
            ("conductor.txt", "conductor.txt"),
            ("a/..", ""),
            (".htaccess", "htaccess"),
            ("x\u{200d}y.txt", "xy.txt"),
            ("con\0cat.txt", "con_cat.txt"),
            ("日本語.pdf", "日本語.pdf"),
            ("/", ""),
        ] {
            assert_eq!(clean(stated), cleaned, "{stated:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let cleaned = clean(&format!("{}.pdf", "x".repeat(5_000)));
        assert!(cleaned.len() < 200 && cleaned.ends_with(".pdf"));
        let wide = clean(&format!("{}.{}", "语".repeat(5_000), "𝔭".repeat(10)));
        assert!(wide.len() <= 200 && wide.ends_with("𝔭"));
    }

    #[test]
    fn a_part_without_a_name_gets_one() {
        let part = Part { media: "message".into(), subtype: "rfc822".into(), ..Part::default() };
        assert_eq!(name(&part), "message.eml");
    }

    #[test]
    fn a_disposition_is_one_header_line() {
        let line = content_disposition("Grüße \"x\".pdf");
        assert_eq!(
            line,
            "attachment; filename=\"Gr__e _x_.pdf\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%22x%22.pdf"
        );
    }

    #[test]
    fn html_and_svg_are_downloaded_as_bytes() {
        for (media, subtype) in [("text", "html"), ("image", "svg+xml"), ("application", "xhtml+xml")] {
            let part = Part { media: media.into(), subtype: subtype.into(), ..Part::default() };
            assert_eq!(download_type(&part), "application/octet-stream");
        }
    }
}
