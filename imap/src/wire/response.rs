//! Responses told apart (RFC 9051 §7): status and data.

use std::fmt;

use super::frame::Frame;
use super::token::{self, Token};

/// How a status response begins (RFC 9051 §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `OK`.
    Ok,
    /// `NO`.
    No,
    /// `BAD`.
    Bad,
    /// `BYE`.
    Bye,
    /// `PREAUTH`.
    Preauth,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// The name of a response code (RFC 9051 §7.1, RFC 5530 §3).
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Code {
            $($(#[$doc])* $variant,)+
            /// Any other, in upper case.
            Other(String),
        }

        impl Code {
            /// Reads the name in any letter case.
            pub fn from_name(name: &str) -> Self {
                match name.to_ascii_uppercase().as_str() {
                    $($name => Self::$variant,)+
                    other => Self::Other(clean(other.as_bytes(), 40)),
                }
            }

            /// The name in upper case.
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$variant => $name,)+
                    Self::Other(name) => name,
                }
            }
        }
    };
}
codes! {
    /// People must see the words.
    Alert = "ALERT",
    /// It is there already.
    AlreadyExists = "ALREADYEXISTS",
    /// The UID of a message that was put into a mailbox (RFC 4315 §3).
    AppendUid = "APPENDUID",
    /// Name and password don't fit.
    AuthenticationFailed = "AUTHENTICATIONFAILED",
    /// They fit, but do not open this account.
    AuthorizationFailed = "AUTHORIZATIONFAILED",
    /// It can't be done at all.
    Cannot = "CANNOT",
    /// What the server can.
    Capability = "CAPABILITY",
    /// The server thinks that we are wrong.
    ClientBug = "CLIENTBUG",
    /// What was selected no longer is (RFC 7162 §3.2.11).
    Closed = "CLOSED",
    /// Only the administrator can help.
    ContactAdmin = "CONTACTADMIN",
    /// The UIDs of copies (RFC 4315 §3).
    CopyUid = "COPYUID",
    /// The server's data are damaged.
    Corruption = "CORRUPTION",
    /// The password is too old.
    Expired = "EXPIRED",
    /// Some of the messages are gone.
    ExpungeIssued = "EXPUNGEISSUED",
    /// Up to where changes are told (RFC 7162 §3.1.2.1).
    HighestModSeq = "HIGHESTMODSEQ",
    /// Somebody else holds it.
    InUse = "INUSE",
    /// A limit of the server.
    Limit = "LIMIT",
    /// The name of a mailbox that holds for good (RFC 8474 §4.1).
    MailboxId = "MAILBOXID",
    /// What was left alone since it changed meanwhile (RFC 7162 §3.1.3).
    Modified = "MODIFIED",
    /// There is no such mailbox.
    NonExistent = "NONEXISTENT",
    /// Changes of this mailbox are not counted (RFC 7162 §3.1.2.2).
    NoModSeq = "NOMODSEQ",
    /// The rights do not suffice.
    NoPerm = "NOPERM",
    /// The storage is full.
    OverQuota = "OVERQUOTA",
    /// Only over TLS.
    PrivacyRequired = "PRIVACYREQUIRED",
    /// Nothing in the mailbox can be changed.
    ReadOnly = "READ-ONLY",
    /// The mailbox can be changed.
    ReadWrite = "READ-WRITE",
    /// The server thinks that it is wrong itself.
    ServerBug = "SERVERBUG",
    /// It could be made first, since it is not there.
    TryCreate = "TRYCREATE",
    /// UIDs are not kept (RFC 4315 §2).
    UidNotSticky = "UIDNOTSTICKY",
    /// The epoch of the UIDs.
    UidValidity = "UIDVALIDITY",
    /// Something that the server itself needs is down.
    Unavailable = "UNAVAILABLE",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A status response, tagged or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// How it begins.
    pub kind: Kind,
    /// Its response code.
    pub code: Option<Code>,
    /// What follows the code's name in the brackets.
    pub arguments: Vec<u8>,
    /// Its words for people, cleaned and shortened.
    pub text: String,
}

impl Status {
    /// The number in the brackets, as of `[UIDVALIDITY 3]`.
    pub fn number(&self) -> Option<u64> {
        std::str::from_utf8(&self.arguments).ok()?.trim().parse().ok()
    }
}

/// Data that is not a status: `* 12 FETCH (…)`, `* LIST …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data<'a> {
    /// The number before the name, as of FETCH and EXISTS.
    pub number: Option<u32>,
    /// The name, in upper case.
    pub name: String,
    /// Everything after it.
    pub tokens: Vec<Token<'a>>,
}

/// What a frame is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// `+ …`, whatever follows.
    Continue,
    /// Status with a tag.
    Tagged(String, Status),
    /// Status without a tag.
    Status(Status),
    /// Data; to be read by [`data`].
    Data,
    /// Begins with an asterisk or is empty, and is nothing that can be understood.
    Garbage,
    /// No response at all.
    Nonsense,
}

/// Tells what a frame is.
pub fn classify(frame: &Frame) -> Response {
    let bytes = frame.bytes();
    if bytes.first() == Some(&b'+') {
        return Response::Continue;
    }
    let Some((tag, rest)) = word(bytes) else { return Response::Garbage };
    match (tag, status(rest)) {
        (b"*", Some(status)) => Response::Status(status),
        (b"*", None) if name(frame).is_some() => Response::Data,
        (b"*", None) => Response::Garbage,
        (tag, Some(status)) => Response::Tagged(String::from_utf8_lossy(tag).into_owned(), status),
        (_, None) => Response::Nonsense,
    }
}

/// Reads data; `None` for anything else.
pub fn data(frame: &Frame) -> Option<Data<'_>> {
    let (number, name, rest) = split(frame)?;
    Some(Data { number, name, tokens: token::read(rest) })
}

/// The name of data and the number before it, without reading what follows.
pub fn name(frame: &Frame) -> Option<(Option<u32>, String)> {
    let (number, name, _) = split(frame)?;
    Some((number, name))
}

/// What follows the name, as it came.
pub fn rest(frame: &Frame) -> Option<&[u8]> {
    split(frame).map(|(_, _, rest)| rest)
}

fn split(frame: &Frame) -> Option<(Option<u32>, String, &[u8])> {
    let (star, rest) = word(frame.bytes())?;
    if star != b"*" {
        return None;
    }
    let (first, after) = word(rest)?;
    let (number, name, after) = if first.iter().all(u8::is_ascii_digit) {
        let number = std::str::from_utf8(first).ok()?.parse().ok()?;
        let (name, after) = word(after)?;
        (Some(number), name, after)
    } else {
        (None, first, after)
    };
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._/=#+$!".contains(byte);
    let name = name.iter().all(plain).then(|| String::from_utf8_lossy(name).to_ascii_uppercase())?;
    Some((number, name, after))
}

/// The first word and what follows the space after it.
fn word(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = bytes.iter().position(|byte| *byte != b' ')?;
    let bytes = bytes.get(start..)?;
    let end = bytes.iter().position(|byte| *byte == b' ').unwrap_or(bytes.len());
    let (word, rest) = bytes.split_at(end);
    Some((word, rest.strip_prefix(b" ").unwrap_or(rest)))
}

fn status(bytes: &[u8]) -> Option<Status> {
    let (first, rest) = word(bytes)?;
    let kind = match first.to_ascii_uppercase().as_slice() {
        b"OK" => Kind::Ok,
        b"NO" => Kind::No,
        b"BAD" => Kind::Bad,
        b"BYE" => Kind::Bye,
        b"PREAUTH" => Kind::Preauth,
        _ => return None,
    };
    let (code, arguments, words) = match rest.strip_prefix(b"[") {
        Some(inside) => {
            let close = inside.iter().position(|byte| *byte == b']').unwrap_or(inside.len());
            let (inside, words) = inside.split_at(close);
            let (name, arguments) = word(inside).unwrap_or_default();
            let code = Code::from_name(&String::from_utf8_lossy(name));
            (Some(code), arguments.to_vec(), words.strip_prefix(b"]").unwrap_or(words))
        }
        None => (None, Vec::new(), rest),
    };
    Some(Status { kind, code, arguments, text: clean(words, 300) })
}

/// A server's words as text: no control characters, none that change the direction of reading, and not too many.
fn clean(words: &[u8], most: usize) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let words = String::from_utf8_lossy(words);
    words.trim().chars().filter(|c| !hidden(*c)).take(most).collect()
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests {
    use super::{Code, Kind, Response, classify, data};
    use crate::wire::frame::Frame;

    fn frame(text: &str) -> Frame {
        Frame::from(text.as_bytes().to_vec())
    }

    #[test]
    fn a_code_may_be_followed_directly_by_any_character() {
        let Response::Status(status) = classify(&frame("* OK [UIDVALIDITY 7]– fine")) else { panic!() };
        assert_eq!((status.code.as_ref(), status.number()), (Some(&Code::UidValidity), Some(7)));
        assert_eq!(status.text, "– fine");
    }

    #[test]
    fn tagged_refusals_keep_code_and_cleaned_words() {
        let frame = frame("p7 no [nonexistent] No such\u{7} mail\u{202e}box");
        let Response::Tagged(tag, status) = classify(&frame) else { panic!() };
        assert_eq!((tag.as_str(), status.kind, status.code), ("p7", Kind::No, Some(Code::NonExistent)));
        assert_eq!(status.text, "No such mailbox");
    }

    #[test]
    fn codes_of_the_standards_are_known_in_any_letter_case_and_later_ones_keep_their_name() {
        for known in [
            "UNAVAILABLE",
            "AuthenticationFailed",
            "AUTHORIZATIONFAILED",
            "EXPIRED",
            "PRIVACYREQUIRED",
            "CONTACTADMIN",
            "NOPERM",
            "INUSE",
            "EXPUNGEISSUED",
            "CORRUPTION",
            "SERVERBUG",
            "CLIENTBUG",
            "CANNOT",
            "LIMIT",
            "OVERQUOTA",
            "ALREADYEXISTS",
            "nonexistent",
        ] {
            let Response::Status(status) = classify(&frame(&format!("* NO [{known}] words"))) else {
                panic!()
            };
            let code = status.code.unwrap();
            assert!(!matches!(code, Code::Other(_)), "{known}");
            assert_eq!(code.name(), known.to_ascii_uppercase());
        }
        let Response::Status(status) = classify(&frame("* NO [Later 7 (a b)] words")) else { panic!() };
        assert_eq!(
            (status.code, status.arguments.as_slice()),
            (Some(Code::Other("LATER".into())), &b"7 (a b)"[..])
        );
    }

    #[test]
    fn words_of_a_server_are_at_most_three_hundred() {
        let Response::Status(status) = classify(&frame(&format!("* NO {}", "ü".repeat(1000)))) else {
            panic!()
        };
        assert_eq!(status.text.chars().count(), 300);
    }

    #[test]
    fn an_unclosed_code_is_a_code_without_words() {
        let Response::Status(status) = classify(&frame("* OK [ALERT")) else { panic!() };
        assert_eq!((status.code, status.text.as_str()), (Some(Code::Alert), ""));
    }

    #[test]
    fn unknown_data_is_data_and_garbage_is_garbage() {
        for text in ["* JMAPACCESS \"https://x\"", "* LANGUAGE (EN)", "* 9 UIDFETCH (FLAGS ())", "* X-Y!"] {
            assert_eq!(classify(&frame(text)), Response::Data, "{text}");
        }
        for text in ["", "* ", "* (((", "* 99999999999 EXISTS", "* 12", "* \u{1}\u{2} x", "* é"] {
            assert_eq!(classify(&frame(text)), Response::Garbage, "{text}");
        }
        for text in ["hello", "hello there", "*x"] {
            assert_eq!(classify(&frame(text)), Response::Nonsense, "{text}");
        }
        assert_eq!(classify(&frame("+ idling")), Response::Continue);
    }

    #[test]
    fn numbered_data_is_read() {
        let frame = frame("* 12 fetch (UID 3)");
        let data = data(&frame).unwrap();
        assert_eq!((data.number, data.name.as_str(), data.tokens.len()), (Some(12), "FETCH", 1));
    }

    #[test]
    fn results_of_extensions_are_data_whose_tokens_can_be_read() {
        for (text, tokens) in [
            ("* ESEARCH (TAG \"a\") UID COUNT 3 ALL 1:3,5", 6),
            ("* SEARCH 1 2 3 (MODSEQ 917162500)", 4),
            ("* THREAD (2)(3 6 (4 23)(44 7 96))", 2),
            ("* NAMESPACE ((\"\" \"/\")) NIL NIL", 3),
            ("* VANISHED (EARLIER) 41,43:116", 2),
            ("* CAPABILITY IMAP4rev2", 1),
        ] {
            let frame = frame(text);
            assert_eq!(data(&frame).map(|data| data.tokens.len()), Some(tokens), "{text}");
        }
    }
}
