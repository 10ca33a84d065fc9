//! Parameters of types and dispositions (RFC 2231), joined and decoded. Servers pass them on as they stand.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use crate::charset;
use crate::header;

/// Pieces that a value may come in.
const PIECES: usize = 100;

/// The value of a parameter by lower-case name, whether plain, encoded (`name*`), in pieces (`name*0`, `name*1*`),
/// or, against the rules and often, with encoded words.
pub fn value(parameters: &[(String, String)], name: &str) -> Option<String> {
    let mut by_name = HashMap::new();
    for (known, value) in parameters {
        // The first of a name counts.
        by_name.entry(known.as_str()).or_insert(value.as_str());
    }
    let find = |wanted: &str| by_name.get(wanted).copied();
    if let Some(encoded) = find(&format!("{name}*")) {
        let (label, text) = label(encoded);
        let bytes: Vec<u8> = percent_decode_str(text).collect();
        return Some(charset::decode(&bytes, label).0);
    }
    let mut bytes: Vec<u8> = Vec::new();
    let mut stated = None;
    for index in 0..PIECES {
        // Only a piece with a star of its own is encoded; the first says in which character set.
        if let Some(piece) = find(&format!("{name}*{index}*")) {
            let text = if index == 0 {
                let (label, text) = label(piece);
                stated = Some(label);
                text
            } else {
                piece
            };
            bytes.extend(percent_decode_str(text));
        } else if let Some(piece) = find(&format!("{name}*{index}")) {
            bytes.extend_from_slice(piece.as_bytes());
        } else {
            break;
        }
    }
    if !bytes.is_empty() {
        let text = charset::decode(&bytes, stated.flatten()).0;
        return Some(if stated.is_some() { text } else { header::decode(text.as_bytes()) });
    }
    find(name).map(|plain| header::decode(plain.as_bytes()))
}

/// `charset'language'text`; without that, all is text.
fn label(encoded: &str) -> (Option<&str>, &str) {
    let mut pieces = encoded.splitn(3, '\'');
    match (pieces.next(), pieces.next(), pieces.next()) {
        (Some(label), Some(_), Some(text)) => (Some(label), text),
        _ => (None, encoded),
    }
}

#[cfg(test)]
mod tests {
    use super::value;

    fn name(parameters: &[(&str, &str)]) -> Option<String> {
        let parameters: Vec<_> = parameters.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        value(&parameters, "filename")
    }

    #[test]
    fn every_way_to_write_a_name_is_read() {
        assert_eq!(name(&[("filename", "a b.txt")]).as_deref(), Some("a b.txt"));
        assert_eq!(name(&[("filename*", "utf-8''%e2%82%ac%20rates.txt")]).as_deref(), Some("€ rates.txt"));
        assert_eq!(
            name(&[("filename*0", "long-"), ("filename*1", "name.txt")]).as_deref(),
            Some("long-name.txt")
        );
        assert_eq!(
            name(&[("filename*1*", "%FCr.txt"), ("filename*0*", "iso-8859-1'de'f")]).as_deref(),
            Some("für.txt")
        );
        assert_eq!(name(&[("filename", "=?utf-8?q?Gr=C3=BC=C3=9Fe.pdf?=")]).as_deref(), Some("Grüße.pdf"));
        assert_eq!(
            name(&[("filename*0", "=?utf-8?q?Gr=C3=BC=C3="), ("filename*1", "9Fe.pdf?=")]).as_deref(),
            Some("Grüße.pdf")
        );
        assert_eq!(
            name(&[("filename*0*", "utf-8''100%25%20"), ("filename*1", "100%25.txt")]).as_deref(),
            Some("100% 100%25.txt")
        );
        assert_eq!(
            name(&[("filename*", "no%20label.txt"), ("filename", "x")]).as_deref(),
            Some("no label.txt")
        );
        assert_eq!(name(&[]), None);
    }
}
