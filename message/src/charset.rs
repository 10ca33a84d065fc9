//! Bytes to text. The stated character set is believed when it is known, safe and fits; else it is guessed.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};
use model::message::Notice;

use crate::header::shown;

/// Decodes text; says so when the stated character set could not be used.
///
/// UTF-7 and the others that can hide markup from a filter are not known to `encoding_rs`, or known as dangerous.
pub fn decode(bytes: &[u8], stated: Option<&str>) -> (String, Option<Notice>) {
    let label =
        stated.map(|stated| stated.trim().trim_matches(['"', '\'']).trim()).filter(|label| !label.is_empty());
    let Some(label) = label else { return (guess(bytes), None) };
    let encoding = known(label).filter(|encoding| *encoding != REPLACEMENT);
    let Some(encoding) = encoding else {
        return (guess(bytes), Some(Notice::Charset(shown(label, 40))));
    };
    // ASCII is stated by everyone who did not think about it; the label also means windows-1252 on the web.
    let careless = label.eq_ignore_ascii_case("us-ascii") || label.eq_ignore_ascii_case("ascii");
    if careless {
        return (guess(bytes), None);
    }
    let (text, wrong) = encoding.decode_without_bom_handling(bytes);
    if !wrong {
        return (without_nul(&text), None);
    }
    // Wrong UTF-8 is most often another character set under its name; the rest is damage.
    if encoding == UTF_8 { (guess(bytes), None) } else { (without_nul(&text), None) }
}

/// The character set of a label: those of the web, and what only mail calls them.
fn known(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.as_bytes()).or_else(|| {
        let other = match label.to_ascii_lowercase().as_str() {
            "latin-1" | "latin1-utf8" | "cp819" | "iso-8859-1-windows-3.1-latin-1" | "windows1252" => {
                "iso-8859-1"
            }
            "latin-9" | "latin9" | "iso-8859-15-1" => "iso-8859-15",
            "utf_8" | "utf-8-sig" | "utf8mb4" => "utf-8",
            "cp932" | "windows-932" => "shift_jis",
            "cp50220" | "cp50221" | "iso-2022-jp-1" | "iso-2022-jp-2" | "iso-2022-jp-3"
            | "iso-2022-jp-ms" => "iso-2022-jp",
            "cp936" | "windows-936" => "gbk",
            "cp949" | "cp51949" => "euc-kr",
            "cp950" | "windows-950" => "big5",
            "cp1250" | "win-1250" | "windows1250" => "windows-1250",
            "win-1251" | "windows1251" => "windows-1251",
            "win-1252" => "windows-1252",
            "koi8u" => "koi8-u",
            _ => return None,
        };
        Encoding::for_label(other.as_bytes())
    })
}

/// Text in an unknown character set.
pub(crate) fn guess(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return without_nul(text.strip_prefix('\u{feff}').unwrap_or(text));
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes)
        && (encoding == UTF_16LE || encoding == UTF_16BE)
    {
        return without_nul(&encoding.decode(bytes).0);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    // What decides stands in the beginning; a long text costs no more than a short one.
    detector.feed(bytes.get(..64 * 1024).unwrap_or(bytes), true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    without_nul(&encoding.decode_without_bom_handling(bytes).0)
}

fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}

#[cfg(test)]
mod tests {
    use model::message::Notice;

    use super::decode;

    #[test]
    fn stated_character_sets_are_believed() {
        assert_eq!(decode(b"Gr\xfc\xdfe", Some("ISO-8859-1")).0, "Grüße");
        assert_eq!(decode(b"\x1b$B$3$s$K$A$O\x1b(B", Some("iso-2022-jp")).0, "こんにちは");
        assert_eq!(decode("Grüße".as_bytes(), Some("\"utf-8\"")).0, "Grüße");
        assert_eq!(decode(b"\x82\xb1", Some("CP932")), ("こ".to_owned(), None));
    }

    #[test]
    fn an_unknown_or_dangerous_character_set_is_guessed_and_said_so() {
        for stated in ["x-unknown", "utf-7", "UNICODE-1-1-UTF-7", "hz-gb-2312", "iso-2022-kr"] {
            let (text, notice) = decode(b"+ADw-script+AD4-alert(1)", Some(stated));
            assert_eq!(text, "+ADw-script+AD4-alert(1)", "{stated}");
            assert_eq!(notice, Some(Notice::Charset(stated.to_owned())), "{stated}");
        }
    }

    #[test]
    fn a_missing_or_wrong_character_set_is_guessed() {
        assert_eq!(decode("Grüße".as_bytes(), None).0, "Grüße");
        assert_eq!(decode(b"Mit freundlichen Gr\xfc\xdfen", Some("utf-8")).0, "Mit freundlichen Grüßen");
        assert_eq!(decode("Grüße".as_bytes(), Some("us-ascii")).0, "Grüße");
    }

    #[test]
    fn a_nul_is_left_out() {
        assert_eq!(decode(b"a\0b", Some("utf-8")).0, "ab");
    }
}
