//! Mailbox names on the wire: modified UTF-7 (RFC 3501, 5.1.3).

/// The name in quotes, ready for a command.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", encode(name).replace('\\', "\\\\").replace('"', "\\\""))
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/// From Unicode.
pub(crate) fn encode(name: &str) -> String {
    let mut out = String::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        if first == '&' {
            out.push_str("&-");
            rest = &rest[1..];
        } else if (' '..='~').contains(&first) {
            out.push(first);
            rest = &rest[1..];
        } else {
            let end = rest.find(|c| (' '..='~').contains(&c)).unwrap_or(rest.len());
            let (special, after) = rest.split_at(end);
            let bits: Vec<u8> = special.encode_utf16().flat_map(u16::to_be_bytes).collect();
            out.push('&');
            for group in bits.chunks(3) {
                let whole = group.iter().fold(0u32, |all, byte| all << 8 | u32::from(*byte))
                    << (8 * (3 - group.len()));
                for place in 0..=group.len() {
                    out.push(char::from(DIGITS[(whole >> (18 - 6 * place) & 63) as usize]));
                }
            }
            out.push('-');
            rest = after;
        }
    }
    out
}

/// To Unicode. What is not modified UTF-7 stays as it is.
pub(crate) fn decode(name: &str) -> String {
    let mut out = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let Some((special, following)) = after.split_once('-') else {
            out.push('&');
            rest = after;
            continue;
        };
        match units(special) {
            _ if special.is_empty() => out.push('&'),
            Some(text) => out.push_str(&text),
            None => out.push_str(&format!("&{special}-")),
        }
        rest = following;
    }
    out + rest
}

fn units(digits: &str) -> Option<String> {
    let (mut bits, mut count, mut units) = (0u32, 0, Vec::new());
    for digit in digits.bytes() {
        let value = DIGITS.iter().position(|known| *known == digit)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        count += 6;
        if count >= 16 {
            count -= 16;
            units.push(u16::try_from(bits >> count & 0xffff).ok()?);
        }
    }
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_the_way_to_the_server_and_back() {
        for (name, wire) in [
            ("INBOX", "INBOX"),
            ("Reisen & Büro", "Reisen &- B&APw-ro"),
            ("日本語", "&ZeVnLIqe-"),
            ("☕ 😀", "&JhU- &2D3eAA-"),
        ] {
            assert_eq!(encode(name), wire);
            assert_eq!(decode(wire), name);
        }
    }
}
