//! Attachments: a name that is safe everywhere, and a download that nothing opens by itself.

use model::message::Attachment;
use model::structure::{Encoding, Part};
use model::time::Timestamp;
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
        // A message that is packed is none (RFC 2046 §5.2.1): nobody can say what is in it.
        content_type: if is_message(part) && !is_openable(part) {
            "application/octet-stream".to_owned()
        } else {
            shown(&part.content_type(), 100)
        },
        // Three bytes travel as four characters, with a line break for every 76.
        size: part.size.map(|size| match part.encoding {
            Encoding::Base64 => size / 78 * 57 + size % 78 * 3 / 4,
            _ => size,
        }),
    }
}

/// A message inside of a message (RFC 2046 §5.2.1, RFC 6532 §3.7).
fn is_message(part: &Part) -> bool {
    part.is("message", "rfc822") || part.is("message", "global")
}

/// Whether a part is an attached message that can be opened as one.
pub fn is_openable(part: &Part) -> bool {
    is_message(part) && part.encoding == Encoding::Identity && !part.parts.is_empty()
}

/// A name under which a message is saved: its day, and its subject as far as a name can hold it.
pub fn letter_name(subject: &str, date: Option<Timestamp>) -> String {
    // What follows a slash would be taken for the name, and a colon stands in most subjects of answers.
    let subject: String = subject
        .chars()
        .filter(|c| *c != ':')
        .map(|c| if matches!(c, '/' | '\\') { '-' } else { c })
        .collect();
    let date = date.map(Timestamp::date).unwrap_or_default();
    let said = format!("{date} {subject}");
    let said = said.trim();
    clean(&format!("{}.eml", if said.is_empty() { "message" } else { said }))
}

/// A name for a part: what the message says, made safe to show and to save under; never empty.
pub fn name(part: &Part) -> String {
    let stated = parameter::value(&part.disposition_parameters, "filename")
        .or_else(|| parameter::value(&part.parameters, "name"))
        .map(|stated| clean(&stated))
        .filter(|name| !name.is_empty());
    stated.unwrap_or_else(|| {
        if is_message(part) {
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

/// A Content-Disposition of what is shown, for a cleaned name under which it may be saved from there.
pub fn shown_disposition(name: &str) -> String {
    content_disposition(name).replacen("attachment", "inline", 1)
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
    known_type(&part.content_type())
}

/// The type under which something is downloaded that states this one.
pub fn known_type(stated: &str) -> &'static str {
    KNOWN.iter().find(|known| **known == stated).copied().unwrap_or("application/octet-stream")
}

#[cfg(test)]
mod tests {
    use model::structure::{Encoding, Part};
    use model::time::Timestamp;

    use super::{clean, content_disposition, describe, download_type, is_openable, letter_name, name};

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
    fn the_end_of_a_name_stays_its_end_however_it_is_hidden() {
        for (stated, cleaned) in [
            ("invoice.pdf.exe", "invoice.pdf.exe"),
            ("invoice.pdf                              .exe", "invoice.pdf.exe"),
            ("invoice.pdf\u{a0}\u{a0}\u{2003}.exe", "invoice.pdf.exe"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("photo\u{2066}gpj\u{2069}.exe", "photogpj.exe"),
            ("re\u{200b}port.pdf\u{feff}.exe", "report.pdf.exe"),
            ("a.exe\0.pdf", "a.exe_.pdf"),
            ("a.exe.", "a.exe"),
            ("a.exe::$DATA", "a.exe__$DATA"),
            ("tab\there.txt", "tab here.txt"),
            ("..\\..\\x.lnk", "x.lnk"),
            ("\u{1b}[31mred.txt", "[31mred.txt"),
        ] {
            assert_eq!(clean(stated), cleaned, "{stated:?}");
        }
        let long = clean(&format!("{}.pdf.exe", "x".repeat(300)));
        assert!(long.ends_with(".exe") && long.chars().count() <= 125, "{long}");
    }

    #[test]
    fn a_name_in_pieces_is_put_together_before_it_is_cleaned() {
        let parameters = |all: &[(&str, &str)]| -> Vec<(String, String)> {
            all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        for (stated, cleaned) in [
            (&[("filename*", "utf-8''..%2F..%2Fgr%C3%BC%C3%9Fe.txt")][..], "grüße.txt"),
            (&[("filename*0*", "utf-8''a%2F"), ("filename*1", "b.txt")], "b.txt"),
            (&[("filename*0", "in"), ("filename*1", "voice.pdf")], "invoice.pdf"),
            (&[("filename*", "utf-8''x%0D%0ASet-Cookie.txt")], "x Set-Cookie.txt"),
            (&[("filename", "=?utf-8?q?=C3=BC.txt?=")], "ü.txt"),
        ] {
            let part = Part { disposition_parameters: parameters(stated), ..Part::default() };
            assert_eq!(name(&part), cleaned, "{stated:?}");
        }
    }

    #[test]
    fn a_saved_message_is_named_by_its_day_and_subject() {
        let date = Some(Timestamp { seconds: 1_795_443_000, offset_minutes: 60 });
        for (subject, date, name) in [
            ("Re: Lunch?", date, "2026-11-23 Re Lunch_.eml"),
            ("a/b\\c", None, "a-b-c.eml"),
            ("../../etc/passwd", None, "-..-etc-passwd.eml"),
            ("", date, "2026-11-23.eml"),
            ("  ", None, "message.eml"),
            ("con", None, "_con.eml"),
            ("x\r\ny\u{202e}", None, "x y.eml"),
        ] {
            assert_eq!(letter_name(subject, date), name, "{subject:?}");
        }
        assert!(letter_name(&"語".repeat(400), None).ends_with("語.eml"));
    }

    #[test]
    fn a_message_that_is_packed_is_a_file_and_no_message() {
        let message = Part {
            media: "message".into(),
            subtype: "rfc822".into(),
            parts: vec![Part::default()],
            ..Part::default()
        };
        assert!(is_openable(&message) && describe(&message).content_type == "message/rfc822");
        let packed = Part { encoding: Encoding::Base64, ..message.clone() };
        let opaque = Part { parts: Vec::new(), ..message };
        for part in [packed, opaque] {
            assert!(!is_openable(&part) && describe(&part).content_type == "application/octet-stream");
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
