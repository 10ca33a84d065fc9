//! Encoded words (RFC 2047), in the forms that mail really has: characters split between two words, spaces inside of
//! one, words glued to others or standing in quotation marks, padding forgotten.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use model::structure::Encoding;

use crate::charset;
use crate::transfer::unpack;

/// Bytes of a word. The standard allows 75; a whole subject in one word is common.
const LONGEST: usize = 4 * 1024;

/// A stretch of a value.
enum Stretch<'a> {
    Plain(&'a str),
    /// Neighbouring words that belong together, decoded.
    Decoded(String),
}

/// Decodes all words of a text without structure.
pub(crate) fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    for stretch in stretches(text) {
        match stretch {
            Stretch::Plain(plain) => decoded.push_str(plain),
            Stretch::Decoded(words) => decoded.push_str(&words),
        }
    }
    decoded
}

/// Writes all words of a structured value anew, in the one form that every parser reads: what is a word stays a
/// word, so that nothing in it can be taken for structure.
pub(crate) fn rewrite(text: &str) -> String {
    let mut rewritten = String::with_capacity(text.len());
    for stretch in stretches(text) {
        match stretch {
            Stretch::Plain(plain) => rewritten.push_str(plain),
            Stretch::Decoded(words) => {
                rewritten.push_str(&format!("=?utf-8?B?{}?=", BASE64_STANDARD.encode(words)));
            }
        }
    }
    rewritten
}

struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    /// Bytes that it takes in the source.
    length: usize,
}

fn stretches(text: &str) -> Vec<Stretch<'_>> {
    let mut stretches = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(at) = rest.get(from..).and_then(|rest| rest.find("=?")).map(|at| at + from) {
        let Some(first) = rest.get(at..).and_then(word) else {
            from = at + 2;
            continue;
        };
        let (plain, after) = rest.split_at(at);
        if !plain.is_empty() {
            stretches.push(Stretch::Plain(plain));
        }
        rest = after.get(first.length..).unwrap_or_default();
        from = 0;
        // White space between two words is only there to separate them, and a character may have been cut.
        let Word { mut charset, mut bytes, .. } = first;
        let mut decoded = String::new();
        while let Some(next) = word(rest.trim_start()) {
            if !next.charset.eq_ignore_ascii_case(charset) {
                decoded.push_str(&charset::decode(&bytes, Some(charset)).0);
                (charset, bytes) = (next.charset, Vec::new());
            }
            bytes.extend(next.bytes);
            rest = rest.trim_start().get(next.length..).unwrap_or_default();
        }
        decoded.push_str(&charset::decode(&bytes, Some(charset)).0);
        stretches.push(Stretch::Decoded(decoded));
    }
    if !rest.is_empty() {
        stretches.push(Stretch::Plain(rest));
    }
    stretches
}

/// The word with which a text begins.
fn word(text: &str) -> Option<Word<'_>> {
    let after = text.strip_prefix("=?")?;
    let (stated, rest) = after.get(..after.floor_char_boundary(80))?.split_once('?')?;
    // A language may follow (RFC 2231 §5).
    let charset = stated.split('*').next().filter(|charset| !charset.is_empty())?;
    if charset.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let quoted = match rest.as_bytes() {
        [b'q' | b'Q', b'?', ..] => true,
        [b'b' | b'B', b'?', ..] => false,
        _ => return None,
    };
    let begin = "=?".len() + stated.len() + "?q?".len();
    let window = text.get(begin..text.floor_char_boundary(begin + LONGEST))?;
    let end = window.find("?=")?;
    let packed = window.get(..end)?;
    // One that never ended would swallow the next.
    if packed.contains("=?") {
        return None;
    }
    let bytes = if quoted {
        let spaced: Vec<u8> = packed.bytes().map(|byte| if byte == b'_' { b' ' } else { byte }).collect();
        unpack(&spaced, Encoding::QuotedPrintable)
    } else {
        unpack(packed.as_bytes(), Encoding::Base64)
    };
    Some(Word { charset, bytes, length: begin + end + "?=".len() })
}

#[cfg(test)]
mod tests {
    use super::{decode, rewrite};

    #[test]
    fn every_form_that_mail_has_is_read() {
        for (written, read) in [
            ("=?utf-8?q?Gr=C3=BC=C3=9Fe?= aus", "Grüße aus"),
            ("a =?UTF-8?B?w7w=?= b", "a ü b"),
            ("=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü"),
            ("=?utf-8?B?4oKs?=\r\n\t=?utf-8?B?4oKs?=", "€€"),
            ("=?utf-8?B?4oI=?= =?UTF-8?Q?=AC?=", "€"),
            ("=?iso-8859-1?q?f=FCr?= =?utf-8?q?_=E2=82=AC?=", "für €"),
            ("=?utf-8?q?with spaces in it?=", "with spaces in it"),
            ("=?utf-8*en?q?language?=", "language"),
            ("[list]=?utf-8?q?_glued?=!", "[list] glued!"),
            ("\"=?utf-8?q?quoted?=\"", "\"quoted\""),
            ("=?utf-8?B?w7w?=", "ü"),
            ("=?utf-8?q??=x", "x"),
            ("=?utf-8?q?what=3F?=", "what?"),
            ("=?x-unknown?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
            ("=?utf-7?q?+ADw-script+AD4-?=", "+ADw-script+AD4-"),
        ] {
            assert_eq!(decode(written), read, "{written}");
        }
    }

    #[test]
    fn what_is_no_word_stays_as_it_is() {
        for plain in [
            "=?",
            "=??",
            "=?utf-8?",
            "=?utf-8?q?never ends",
            "=?utf-8?x?y?=",
            "=?ut f?q?y?=",
            "1=?2",
            "=?utf-8?q?ü",
        ] {
            assert_eq!(decode(plain), plain);
        }
        assert_eq!(decode("=?utf-8?q?never ends =?utf-8?q?ok?="), "=?utf-8?q?never ends ok");
    }

    #[test]
    fn words_of_a_structured_value_stay_words() {
        assert_eq!(rewrite("=?utf-8?q?a=3C=2C?= <x@y>"), "=?utf-8?B?YTws?= <x@y>");
    }
}
