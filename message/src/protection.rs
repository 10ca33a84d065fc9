//! How a message is protected, told from its form alone: nothing is opened and nothing is verified.

use model::protection::{Protection, Standard};
use model::structure::Part;

/// What the parts of a message say (RFC 1847, RFC 3156, RFC 8551). Encryption counts before a signature around it; an
/// attached message is another message.
pub fn of_parts(root: &Part) -> Option<Protection> {
    let here = of_part(root);
    if matches!(here, Some(Protection::Encrypted(_))) || root.media != "multipart" {
        return here;
    }
    let mut below =
        root.parts.iter().filter(|part| part.media == "multipart" || is_message(part)).map(of_parts);
    let below = below.by_ref().flatten().collect::<Vec<_>>();
    let encrypted = below.iter().find(|found| matches!(found, Protection::Encrypted(_)));
    encrypted.copied().or(here).or(below.first().copied())
}

/// Whether a part of S/MIME is the message, rather than a file that somebody attached.
fn is_message(part: &Part) -> bool {
    part.media == "application" && matches!(part.subtype.as_str(), "pkcs7-mime" | "x-pkcs7-mime")
}

fn of_part(part: &Part) -> Option<Protection> {
    let standard = || {
        let protocol = part.parameter("protocol").unwrap_or_default().to_ascii_lowercase();
        let beside = part.parts.iter().any(|part| part.subtype.starts_with("pgp-"));
        if protocol.contains("pgp") || protocol.is_empty() && beside {
            Standard::OpenPgp
        } else {
            Standard::Smime
        }
    };
    if part.is("multipart", "encrypted") {
        return Some(Protection::Encrypted(standard()));
    }
    if part.is("multipart", "signed") {
        return Some(Protection::Signed(standard()));
    }
    if !is_message(part) {
        return None;
    }
    match part.parameter("smime-type").map(str::to_ascii_lowercase).as_deref() {
        Some("signed-data") => Some(Protection::Enclosed(Standard::Smime)),
        Some("certs-only" | "compressed-data") => None,
        // Old programs do not say; most of what they sent so was encrypted.
        _ => Some(Protection::Encrypted(Standard::Smime)),
    }
}

/// What a plain text says of itself, as before PGP/MIME (RFC 9580 §6.2, §7).
pub fn of_text(text: &str) -> Option<Protection> {
    let mut lines = text.lines().map(str::trim_end);
    lines.find_map(|line| match line {
        "-----BEGIN PGP MESSAGE-----" => Some(Protection::Encrypted(Standard::OpenPgp)),
        "-----BEGIN PGP SIGNED MESSAGE-----" => Some(Protection::Signed(Standard::OpenPgp)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use model::protection::Protection::{self, Enclosed, Encrypted, Signed};
    use model::protection::Standard::{OpenPgp, Smime};

    use super::{of_parts, of_text};
    use crate::mime;

    fn of(header: &str) -> Option<Protection> {
        of_parts(mime::read(format!("{header}\n\n--b\n\nx\n--b--\n").as_bytes()).root())
    }

    #[test]
    fn every_form_of_protection_is_named() {
        for (header, named) in [
            (
                "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b",
                Encrypted(OpenPgp),
            ),
            (
                "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b",
                Signed(OpenPgp),
            ),
            (
                "Content-Type: multipart/signed; protocol=\"application/x-pkcs7-signature\"; boundary=b",
                Signed(Smime),
            ),
            ("Content-Type: application/pkcs7-mime; smime-type=enveloped-data", Encrypted(Smime)),
            ("Content-Type: application/x-pkcs7-mime; name=smime.p7m", Encrypted(Smime)),
            ("Content-Type: application/pkcs7-mime; smime-type=Signed-Data", Enclosed(Smime)),
        ] {
            assert_eq!(of(header), Some(named), "{header}");
        }
        for header in
            ["Content-Type: application/pkcs7-mime; smime-type=certs-only", "Content-Type: text/plain"]
        {
            assert_eq!(of(header), None, "{header}");
        }
    }

    #[test]
    fn what_is_encrypted_below_the_words_of_a_list_is_named_and_an_attached_message_is_not() {
        let list = "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/signed; boundary=s\n\n--s\n\
                    Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n--b\n\nx\n--b--\n--s--\n--a\n\nwords\n--a--";
        assert_eq!(of(list), Some(Encrypted(OpenPgp)));
        let attached = "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: message/rfc822\n\n\
                        Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx\n--a--";
        assert_eq!(of(attached), None);
    }

    #[test]
    fn plain_text_may_be_protected_too() {
        assert_eq!(of_text("a\r\n-----BEGIN PGP MESSAGE-----\r\n"), Some(Encrypted(OpenPgp)));
        assert_eq!(of_text("-----BEGIN PGP SIGNED MESSAGE-----\nHash: x\n"), Some(Signed(OpenPgp)));
        assert_eq!(of_text("> -----BEGIN PGP MESSAGE-----"), None);
    }
}
