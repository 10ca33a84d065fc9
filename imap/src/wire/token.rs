//! A response as a tree of tokens, read leniently: what a server got wrong costs as little as possible.

use std::borrow::Cow;

use super::limits::{NESTING, TOKENS};

/// A token (RFC 9051 §4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// An atom, number, flag or section, `NIL` included.
    Atom(&'a [u8]),
    /// A quoted string, unescaped, or a literal.
    String(Cow<'a, [u8]>),
    /// A parenthesised list.
    List(Vec<Token<'a>>),
}

impl<'a> Token<'a> {
    /// Its bytes, if it is a string or an atom other than `NIL`.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Atom(atom) if atom.eq_ignore_ascii_case(b"NIL") => None,
            Self::Atom(atom) => Some(atom),
            Self::String(string) => Some(string),
            Self::List(_) => None,
        }
    }

    /// Its bytes, even if it is the atom `NIL`: where a name must stand, that is a name.
    pub fn astring(&self) -> Option<&[u8]> {
        match self {
            Self::Atom(atom) => Some(atom),
            other => other.bytes(),
        }
    }

    /// As [`Token::text`], without a copy where none is needed.
    pub fn characters(&self) -> Option<Cow<'_, str>> {
        self.bytes().map(|bytes| match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
        })
    }

    /// Its bytes as text; what is no UTF-8 is read as Latin-1, which loses nothing.
    pub fn text(&self) -> Option<String> {
        self.characters().map(Cow::into_owned)
    }

    /// Its bytes as a word in upper case.
    pub fn word(&self) -> Option<String> {
        self.characters().map(|text| text.to_ascii_uppercase())
    }

    /// Its value, if it is a number from 0 to 2⁶⁴−1.
    pub fn number(&self) -> Option<u64> {
        std::str::from_utf8(self.bytes()?).ok()?.parse().ok()
    }

    /// What is in it, if it is a list.
    pub fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(tokens) => Some(tokens),
            _ => None,
        }
    }

    /// Whether it is `NIL`.
    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Atom(atom) if atom.eq_ignore_ascii_case(b"NIL"))
    }
}

/// Reads a response. Unbalanced parentheses are closed or skipped; lists below [`NESTING`] levels come out empty;
/// reading stops after [`TOKENS`] tokens.
pub fn read(bytes: &[u8]) -> Vec<Token<'_>> {
    let mut levels: Vec<Vec<Token<'_>>> = vec![Vec::new()];
    // Depth of lists that are too deep to keep.
    let mut skipped = 0_usize;
    let mut count = 0_usize;
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        count += 1;
        if count > TOKENS {
            break;
        }
        let token = match first {
            b' ' | b'\r' | b'\n' | b'\t' => {
                rest = after;
                continue;
            }
            b'(' => {
                rest = after;
                if levels.len() > NESTING {
                    skipped += 1;
                } else {
                    levels.push(Vec::new());
                }
                continue;
            }
            b')' => {
                rest = after;
                if skipped > 0 {
                    skipped -= 1;
                    continue;
                }
                if levels.len() == 1 {
                    continue;
                }
                Token::List(levels.pop().unwrap_or_default())
            }
            b'"' => {
                let (string, after) = quoted(after);
                rest = after;
                Token::String(string)
            }
            b'{' | b'~' => match literal(rest) {
                Some((string, after)) => {
                    rest = after;
                    Token::String(Cow::Borrowed(string))
                }
                None => {
                    let (atom, after) = atom(rest);
                    rest = after;
                    Token::Atom(atom)
                }
            },
            _ => {
                let (atom, after) = atom(rest);
                rest = after;
                Token::Atom(atom)
            }
        };
        if skipped == 0
            && let Some(level) = levels.last_mut()
        {
            level.push(token);
        }
    }
    while levels.len() > 1 {
        let inner = levels.pop().unwrap_or_default();
        if let Some(level) = levels.last_mut() {
            level.push(Token::List(inner));
        }
    }
    levels.pop().unwrap_or_default()
}

/// An atom, up to a space or parenthesis. Those in a section belong to it: `BODY[HEADER.FIELDS (TO)]<0>` is one
/// atom. In other atoms a bracket is a letter like any other, as in keywords that people made up.
fn atom(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut section = false;
    let end = bytes.iter().enumerate().position(|(index, byte)| match byte {
        b'[' => {
            section |= bytes.get(..index).is_some_and(has_section);
            false
        }
        b']' => {
            section = false;
            false
        }
        b' ' | b'(' | b')' => !section,
        b'\r' | b'\n' => true,
        _ => false,
    });
    // At least one byte, so that reading always goes on.
    bytes.split_at(end.unwrap_or(bytes.len()).max(1).min(bytes.len()))
}

fn has_section(item: &[u8]) -> bool {
    [&b"BODY"[..], b"BODY.PEEK", b"BINARY", b"BINARY.PEEK", b"BINARY.SIZE"]
        .iter()
        .any(|known| item.eq_ignore_ascii_case(known))
}

/// The rest of a quoted string after its opening quote. A backslash makes the next character plain, whatever it is.
fn quoted(bytes: &[u8]) -> (Cow<'_, [u8]>, &[u8]) {
    let mut unescaped: Option<Vec<u8>> = None;
    let mut position = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(bytes.len());
    while let Some(byte) = bytes.get(position) {
        match byte {
            b'"' => {
                let inner = bytes.get(..position).unwrap_or_default();
                let string = unescaped.map_or(Cow::Borrowed(inner), Cow::Owned);
                return (string, bytes.get(position + 1..).unwrap_or_default());
            }
            b'\\' if position + 1 < bytes.len() => {
                let string =
                    unescaped.get_or_insert_with(|| bytes.get(..position).unwrap_or_default().to_vec());
                string.extend(bytes.get(position + 1));
                position += 2;
            }
            _ => {
                if let Some(string) = &mut unescaped {
                    string.push(*byte);
                }
                position += 1;
            }
        }
    }
    (unescaped.map_or(Cow::Borrowed(bytes), Cow::Owned), &[])
}

/// A literal at the beginning: `{3}\r\nabc`, `~{3}…`.
fn literal(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let bytes = bytes.strip_prefix(b"~").unwrap_or(bytes).strip_prefix(b"{")?;
    let close = bytes.iter().take(24).position(|byte| *byte == b'}')?;
    let digits = bytes.get(..close)?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    let size: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let content = bytes.get(close + 1..)?.strip_prefix(b"\r\n")?;
    Some(content.split_at(size.min(content.len())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Token, read};

    #[test]
    fn sections_strings_and_lists_are_told_apart() {
        let tokens = read(b"BODY[HEADER.FIELDS (TO)]<0> {3}\r\na)b (\"q\\\"\\\\\" NIL ()) \\Seen ~{1}\r\nx");
        assert_eq!(tokens[0], Token::Atom(b"BODY[HEADER.FIELDS (TO)]<0>"));
        assert_eq!(tokens[1].bytes(), Some(&b"a)b"[..]));
        let list = tokens[2].list().unwrap();
        assert_eq!(list[0].bytes(), Some(&b"q\"\\"[..]));
        assert!(list[1].is_nil() && list[1].bytes().is_none());
        assert_eq!(list[2].list(), Some(&[][..]));
        assert_eq!(tokens[3], Token::Atom(b"\\Seen"));
        assert_eq!(tokens[4].bytes(), Some(&b"x"[..]));
    }

    #[test]
    fn a_bracket_in_a_keyword_swallows_nothing() {
        let tokens = read(b"FLAGS (\\Seen [odd) UID 3");
        assert_eq!(tokens[1].list().unwrap()[1], Token::Atom(b"[odd"));
        assert_eq!(tokens[3].number(), Some(3));
    }

    #[test]
    fn numbers_have_64_bits_and_anything_else_is_none() {
        let tokens = read(b"18446744073709551615 18446744073709551616 -1 NIL \"7\" 0x1");
        let numbers: Vec<_> = tokens.iter().map(Token::number).collect();
        assert_eq!(numbers, [Some(u64::MAX), None, None, None, Some(7), None]);
    }

    #[test]
    fn unbalanced_lists_and_open_strings_end_where_the_response_ends() {
        assert_eq!(read(b"(A (B").len(), 1);
        assert_eq!(read(b"A)) B").len(), 2);
        assert_eq!(read(b"\"open \\")[0].bytes(), Some(&b"open \\"[..]));
        assert_eq!(read(b"{9}\r\nabc")[0].bytes(), Some(&b"abc"[..]));
    }

    #[test]
    fn a_quoted_nil_is_a_string() {
        assert_eq!(read(b"\"NIL\"")[0].bytes(), Some(&b"NIL"[..]));
    }

    #[test]
    fn a_thousand_levels_cost_no_stack() {
        let deep = [vec![b'('; 100_000], b"x".to_vec(), vec![b')'; 100_000], b" after".to_vec()].concat();
        let tokens = read(&deep);
        assert_eq!(tokens.last(), Some(&Token::Atom(b"after")));
    }

    #[test]
    fn eight_bit_text_loses_nothing() {
        assert_eq!(read("\"Grüße\"".as_bytes())[0].text().as_deref(), Some("Grüße"));
        assert_eq!(read(b"\"Gr\xfc\xdfe\"")[0].text().as_deref(), Some("Grüße"));
    }

    #[test]
    fn bare_line_ends_and_escapes_of_anything_stay_inside_their_quotes() {
        let tokens = read(b"\"a\rb\" \"c\\d\\\r\" \"\xff\0\" NIL");
        assert_eq!(tokens.len(), 4);
        assert_eq!((tokens[0].bytes(), tokens[1].bytes()), (Some(&b"a\rb"[..]), Some(&b"cd\r"[..])));
        assert_eq!(tokens[2].bytes(), Some(&b"\xff\0"[..]));
    }

    proptest! {
        #[test]
        fn nothing_that_a_server_sends_makes_the_reader_fail(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&bytes);
        }

        #[test]
        fn nothing_that_looks_like_imap_makes_the_reader_fail(text in "[(){}\"\\\\ ~\\[\\]<>0-9a-cNIL\r\n]{0,200}") {
            let _ = read(text.as_bytes());
        }
    }
}
