//! Parameters of types and dispositions (RFC 2231), joined and decoded. Servers pass them on as they stand.

use percent_encoding::percent_decode_str;

use crate::charset;
use crate::header;

/// The value of a parameter by lower-case name, whether plain, encoded (`name*`), in pieces (`name*0`, `name*1*`),
/// or, against the rules and often, with encoded words.
pub fn value(parameters: &[(String, String)], name: &str) -> Option<String> {
    let find =
        |wanted: &str| parameters.iter().find(|(known, _)| known == wanted).map(|(_, value)| value.as_str());
    if let Some(encoded) = find(&format!("{name}*")) {
        return Some(extended(encoded));
    }
    let mut joined = String::new();
    let mut is_extended = false;
    for index in 0..100 {
        if let Some(piece) = find(&format!("{name}*{index}*")) {
            is_extended = true;
            joined.push_str(piece);
        } else if let Some(piece) = find(&format!("{name}*{index}")) {
            joined.push_str(piece);
        } else {
            break;
        }
    }
    if !joined.is_empty() {
        return Some(if is_extended { extended(&joined) } else { joined });
    }
    find(name).map(|plain| header::decode(plain.as_bytes()))
}

/// `charset'language'percent-encoded`.
fn extended(encoded: &str) -> String {
    let mut pieces = encoded.splitn(3, '\'');
    let (label, text) = match (pieces.next(), pieces.next(), pieces.next()) {
        (Some(label), Some(_), Some(text)) => (Some(label), text),
        _ => (None, encoded),
    };
    let bytes: Vec<u8> = percent_decode_str(text).collect();
    charset::decode(&bytes, label).0
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
        assert_eq!(name(&[]), None);
    }
}
