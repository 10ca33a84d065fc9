//! The only way to write a command (RFC 9051 §2.2.1). Whatever is put in stays what it is: no value can end a string, a
//! line or a command.

use std::fmt;
use std::fmt::Display;

use model::flag::Flag;
use model::mailbox::MailboxName;
use zeroize::Zeroizing;

use super::mailbox_name;
use crate::error::{Error, Result};

/// A command without its tag.
#[derive(Debug)]
pub struct Command {
    name: &'static str,
    pieces: Vec<Piece>,
}

/// What is sent at once, or after the server is ready for it.
pub(crate) enum Piece {
    /// Bytes of the line.
    Line(Zeroizing<Vec<u8>>),
    /// A literal.
    Literal(Zeroizing<Vec<u8>>),
}

impl fmt::Debug for Piece {
    /// What is written may be a password: only its size is printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(bytes) => write!(f, "Line({} bytes)", bytes.len()),
            Self::Literal(bytes) => write!(f, "Literal({} bytes)", bytes.len()),
        }
    }
}

/// Longest string that is written between quotes; lines stay short for servers with small buffers.
const QUOTED: usize = 1000;

impl Command {
    /// A command of this name, which may be two words, such as `UID FETCH`.
    pub fn new(name: &'static str) -> Self {
        Self { name, pieces: vec![Piece::Line(Zeroizing::new(name.as_bytes().to_vec()))] }
    }

    /// Its name, for errors and logs.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Words of the protocol, known when this program was written.
    pub fn word(mut self, words: &'static str) -> Self {
        self.line(b" ");
        self.line(words.as_bytes());
        self
    }

    /// A word of the protocol with a list of others, such as the options of LIST (RFC 5258 §3); as [`Command::word`].
    pub fn options(mut self, word: &'static str, options: &[&'static str]) -> Self {
        self = self.word(word);
        self.line(b" (");
        self.line(options.join(" ").as_bytes());
        self.line(b")");
        self
    }

    /// A number, set of numbers or section that our own types wrote.
    ///
    /// # Errors
    /// [`Error::Unwritable`] when it holds anything but letters, digits and `.:,*<>[]`.
    pub fn value(mut self, value: impl Display) -> Result<Self> {
        let value = value.to_string();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".:,*<>[]".contains(&byte);
        if value.is_empty() || !value.bytes().all(plain) {
            return Err(Error::Unwritable);
        }
        self.line(b" ");
        self.line(value.as_bytes());
        Ok(self)
    }

    /// A list of words and numbers, as of FETCH items, each known when this program was written or made of plain letters.
    ///
    /// # Errors
    /// [`Error::Unwritable`] as `value`.
    pub fn items(mut self, items: &[String]) -> Result<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".:-<>[]".contains(&byte);
        if items.is_empty() || !items.iter().all(|item| !item.is_empty() && item.bytes().all(plain)) {
            return Err(Error::Unwritable);
        }
        self.line(b" (");
        self.line(items.join(" ").as_bytes());
        self.line(b")");
        Ok(self)
    }

    /// A modifier in parentheses, known when this program was written but for its numbers (RFC 4466 §2.4).
    ///
    /// # Errors
    /// [`Error::Unwritable`] when it holds anything but letters, digits and spaces between one pair of parentheses.
    pub fn modifier(mut self, modifier: &str) -> Result<Self> {
        let inside = modifier.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b' ';
        if !inside.is_some_and(|inside| inside.bytes().all(plain)) {
            return Err(Error::Unwritable);
        }
        self.line(b" ");
        self.line(modifier.as_bytes());
        Ok(self)
    }

    /// A subtree of mailboxes of which NOTIFY shall tell (RFC 5465 §6.5).
    ///
    /// # Errors
    /// [`Error::Unwritable`] when it holds a NUL.
    pub fn subtree(mut self, level: &str) -> Result<Self> {
        self.line(b" (subtree ");
        self.put_string(&mailbox_name::encode(level))?;
        self.line(b" (MessageNew MessageExpunge FlagChange))");
        Ok(self)
    }

    /// A list of flags (RFC 9051 §9 `flag-list`). Keywords are a stranger's: what is no atom would end the list.
    ///
    /// # Errors
    /// [`Error::Unwritable`] when a keyword is not made of the letters of an atom.
    pub fn flags(mut self, flags: &[Flag]) -> Result<Self> {
        let plain = |byte: u8| byte.is_ascii_graphic() && !b"(){%*\"\\]".contains(&byte);
        let writable = |flag: &Flag| match flag {
            Flag::Keyword(word) => !word.is_empty() && word.bytes().all(plain),
            _ => true,
        };
        if !flags.iter().all(writable) {
            return Err(Error::Unwritable);
        }
        let words: Vec<_> = flags.iter().map(Flag::as_wire).collect();
        self.line(b" (");
        self.line(words.join(" ").as_bytes());
        self.line(b")");
        Ok(self)
    }

    /// A literal whatever is in it (RFC 9051 §4.3).
    ///
    /// # Errors
    /// [`Error::Unwritable`] when it holds a NUL, which no literal can.
    pub fn literal(mut self, bytes: Vec<u8>) -> Result<Self> {
        if bytes.contains(&0) {
            return Err(Error::Unwritable);
        }
        self.line(b" ");
        self.pieces.push(Piece::Literal(Zeroizing::new(bytes)));
        Ok(self)
    }

    /// Whether its answer may need as long as one that brings messages: those that carry messages, and those for which a
    /// server without an index reads all of them.
    pub(crate) fn is_slow(&self) -> bool {
        ["FETCH", "SEARCH", "SORT", "THREAD", "APPEND", "COPY", "MOVE"]
            .iter()
            .any(|slow| self.name.ends_with(slow))
    }

    /// A string: quoted where quotes can hold it, else a literal.
    ///
    /// # Errors
    /// [`Error::Unwritable`] when it holds a NUL, which no string can.
    pub fn string(mut self, value: impl AsRef<[u8]>) -> Result<Self> {
        self.line(b" ");
        self.put_string(value.as_ref())?;
        Ok(self)
    }

    /// A list of strings, or `NIL` when there is none (RFC 2971 §3.1).
    ///
    /// # Errors
    /// [`Error::Unwritable`] as [`Command::string`].
    pub fn strings(mut self, values: &[&str]) -> Result<Self> {
        if values.is_empty() {
            return Ok(self.word("NIL"));
        }
        for (index, value) in values.iter().enumerate() {
            self.line(if index == 0 { b" (" } else { b" " });
            self.put_string(value.as_bytes())?;
        }
        self.line(b")");
        Ok(self)
    }

    /// The name of a mailbox, encoded as the wire wants it (RFC 3501 §5.1.3).
    ///
    /// # Errors
    /// [`Error::Unwritable`] when it holds a NUL.
    pub fn mailbox(self, name: &MailboxName) -> Result<Self> {
        self.string(mailbox_name::encode(name.as_str()))
    }

    /// A pattern for LIST: everything whose name begins so.
    ///
    /// # Errors
    /// [`Error::Unwritable`] when it holds a NUL.
    pub fn everything_below(self, prefix: &str) -> Result<Self> {
        let mut pattern = mailbox_name::encode(prefix);
        pattern.push(b'*');
        self.string(pattern)
    }

    /// Base64 that was made here, as in AUTHENTICATE.
    pub(crate) fn base64(mut self, encoded: &[u8]) -> Self {
        self.line(b" ");
        self.line(encoded);
        self
    }

    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    fn put_string(&mut self, value: &[u8]) -> Result<()> {
        if value.contains(&0) {
            return Err(Error::Unwritable);
        }
        if value.len() <= QUOTED && value.iter().all(|byte| byte.is_ascii() && !byte.is_ascii_control()) {
            let mut quoted = Zeroizing::new(Vec::with_capacity(value.len() * 2 + 2));
            quoted.push(b'"');
            for byte in value {
                if matches!(byte, b'"' | b'\\') {
                    quoted.push(b'\\');
                }
                quoted.push(*byte);
            }
            quoted.push(b'"');
            self.line(&quoted);
        } else {
            self.pieces.push(Piece::Literal(Zeroizing::new(value.to_vec())));
        }
        Ok(())
    }

    fn line(&mut self, bytes: &[u8]) {
        match self.pieces.last_mut() {
            Some(Piece::Line(line)) => append(line, bytes),
            _ => self.pieces.push(Piece::Line(Zeroizing::new(bytes.to_vec()))),
        }
    }
}

/// Appends bytes that may be secret: when the buffer must grow, the old one is wiped.
pub(crate) fn append(buffer: &mut Zeroizing<Vec<u8>>, bytes: &[u8]) {
    if buffer.capacity() - buffer.len() < bytes.len() {
        let mut larger = Zeroizing::new(Vec::with_capacity((buffer.len() + bytes.len()) * 2));
        larger.extend_from_slice(buffer);
        *buffer = larger;
    }
    buffer.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use model::flag::Flag;
    use model::mailbox::MailboxName;
    use proptest::prelude::*;

    use super::{Command, Piece};

    fn written(command: &Command) -> String {
        command
            .pieces()
            .iter()
            .map(|piece| match piece {
                Piece::Line(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                Piece::Literal(bytes) => format!("<{}>", String::from_utf8_lossy(bytes)),
            })
            .collect()
    }

    #[test]
    fn quotes_and_backslashes_are_escaped_and_the_rest_becomes_a_literal() {
        let command = Command::new("LOGIN").string("a\"b\\c").unwrap().string("pässwort\r\nx").unwrap();
        assert_eq!(written(&command), "LOGIN \"a\\\"b\\\\c\" <pässwort\r\nx>");
        assert!(Command::new("LOGIN").string("a\0b").is_err());
    }

    #[test]
    fn mailbox_names_travel_in_modified_utf7() {
        let name = MailboxName::new("Reisen & Büro").unwrap();
        assert_eq!(written(&Command::new("SELECT").mailbox(&name).unwrap()), "SELECT \"Reisen &- B&APw-ro\"");
    }

    #[test]
    fn a_value_can_not_become_a_command() {
        for value in ["1\r\na2 LOGOUT", "1 (FLAGS)", "", "1)", "1\0"] {
            assert!(Command::new("UID FETCH").value(value).is_err(), "{value}");
            assert!(Command::new("UID FETCH").items(&[value.to_owned()]).is_err(), "{value}");
        }
    }

    #[test]
    fn a_keyword_of_strangers_can_not_leave_its_list() {
        let flags =
            |word: &str| Command::new("UID STORE").flags(&[Flag::Seen, Flag::Keyword(word.to_owned())]);
        assert_eq!(written(&flags("$Work").unwrap()), "UID STORE (\\Seen $Work)");
        for word in ["a)", "a b", "a\r\nb", "", "ü", "\\Deleted", "a\"", "a]"] {
            assert!(flags(word).is_err(), "{word}");
        }
    }

    #[test]
    fn a_message_is_a_literal_and_never_holds_a_nul() {
        let command = Command::new("APPEND").literal(b"a".to_vec()).unwrap();
        assert_eq!(written(&command), "APPEND <a>");
        assert!(Command::new("APPEND").literal(b"a\0".to_vec()).is_err());
    }

    #[test]
    fn lists_of_strings_are_nil_when_empty() {
        assert_eq!(written(&Command::new("ID").strings(&[]).unwrap()), "ID NIL");
        assert_eq!(
            written(&Command::new("ID").strings(&["name", "a\"b"]).unwrap()),
            "ID (\"name\" \"a\\\"b\")"
        );
    }

    #[test]
    fn a_command_never_prints_what_it_carries() {
        let command = Command::new("LOGIN").string("anna").unwrap().string("geheim").unwrap();
        assert!(!format!("{command:?}").contains("geheim"));
    }

    proptest! {
        #[test]
        fn no_string_leaves_its_quotes(value in prop::collection::vec(1_u8.., 0..60)) {
            let command = Command::new("X").string(&value).unwrap();
            for piece in command.pieces() {
                if let Piece::Line(line) = piece {
                    prop_assert!(!line.iter().any(u8::is_ascii_control));
                    let read = crate::wire::token::read(line);
                    if read.len() == 2 {
                        prop_assert_eq!(read[1].bytes(), Some(&value[..]));
                    }
                }
            }
        }
    }
}
