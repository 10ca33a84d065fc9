//! An opened message, as a page shows it.

use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::flag::Flags;
use crate::invitation::Invitation;
use crate::origin::LookAlike;
use crate::origin::Origin;
use crate::protection::Protection;
use crate::report::Report;
use crate::structure::PartNumber;
use crate::time::Timestamp;
use crate::uid::MessageKey;
use crate::unsubscribe::Unsubscribe;

/// Which message to read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MessageQuestion {
    /// Which message.
    pub key: MessageKey,
    /// The part of it whose attached message is meant; `None` for the message itself.
    pub within: Option<PartNumber>,
    /// Whether with its pictures from elsewhere.
    pub pictures: bool,
}

/// Everything that a page shows of one message, except the HTML body: that is a document of its own, which only
/// the frame loads. Every text is decoded, cleaned of control characters, and a stranger's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Which message.
    pub key: MessageKey,
    /// The part of it that this message is attached as; `None` for the message itself.
    pub within: Option<PartNumber>,
    /// Its flags when it was read.
    pub flags: Flags,
    /// The subject; empty when there is none.
    pub subject: String,
    /// Who wrote it.
    pub from: Vec<Address>,
    /// To whom.
    pub to: Vec<Address>,
    /// Who else.
    pub cc: Vec<Address>,
    /// Where answers should go, when that is not `from`.
    pub reply_to: Vec<Address>,
    /// When its writer says it was written.
    pub date: Option<Timestamp>,
    /// All header fields in the order of the message.
    pub headers: Vec<HeaderField>,
    /// What to show as its text.
    pub body: Body,
    /// What can be downloaded.
    pub attachments: Vec<Attachment>,
    /// How it is encrypted or signed, as far as its form tells.
    pub protection: Option<Protection>,
    /// What it reports of another message.
    pub report: Option<Report>,
    /// What could not be shown, and why.
    pub notices: Vec<Notice>,
    /// Who wrote it, as far as anybody can tell.
    pub origin: Origin,
    /// How to leave the list that it came from.
    pub unsubscribe: Option<Unsubscribe>,
    /// The event that it invites to.
    pub invitation: Option<Invitation>,
    /// What its HTML would fetch from elsewhere.
    pub remote: RemoteContent,
}

/// A header field, decoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderField {
    /// Its name as the message spells it.
    pub name: String,
    /// Its value, unfolded and decoded.
    pub value: String,
}

/// The text of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// Plain text, in lines.
    Plain(Vec<Line>),
    /// HTML, in a document of its own; what the cleaning found is known only there.
    Html,
    /// Nothing that can be shown as text.
    Empty,
}

/// A line (or flowed paragraph, RFC 3676) of plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// How many times it is quoted.
    pub quoted: u8,
    /// Whether it belongs to the signature.
    pub signature: bool,
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
}

/// A piece of a line: words, or a link with its target checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    /// Words.
    Text(String),
    /// A link as it was written, and its target: `http:`, `https:` or `mailto:` and nothing else.
    Link {
        /// The words of the link.
        text: String,
        /// Where it leads.
        href: String,
    },
}

/// A part that people would call an attachment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Which part.
    pub part: PartNumber,
    /// Which file inside of the part, counted from 1, where one part packs several (TNEF, uuencode); `None` for the part
    /// itself.
    pub inside: Option<u32>,
    /// A file name that is safe to show and to save under; never empty.
    pub name: String,
    /// The stated type, such as `application/pdf`; to show, never to trust.
    pub content_type: String,
    /// About how many bytes, once unpacked; `None` when unknown.
    pub size: Option<u64>,
}

/// What a message would fetch from elsewhere, and what became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteContent {
    /// Pictures that are not loaded.
    pub withheld: u32,
    /// What would only tell the sender that the message is read, and is never loaded.
    pub trackers: u32,
    /// Whether the pictures are shown this time.
    pub shown: bool,
    /// Whether those of this sender are always shown.
    pub always: bool,
    /// Whether the operator lets people have them shown.
    pub allowed: bool,
}

/// A link that deserves a warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misleading {
    /// The host that it leads to, as a browser spells it.
    pub leads: String,
    /// What is wrong.
    pub why: Why,
}

/// What is wrong with a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// Its words name this host.
    Names(String),
    /// Its host is easily taken for another one.
    LooksLike(LookAlike),
    /// Its address is made to hide where it leads: a name before the host, or a number in its place.
    Hides,
}

/// Something a person should know about how the message is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// The text says it is in a character set that is not known or not safe; what is shown is a guess.
    Charset(String),
    /// The text was longer than is shown.
    Shortened,
    /// A file with this name stands in the text in an encoding of newsgroups (yEnc); only the source has it.
    Newsgroup(String),
    /// The structure of the message could not be understood; the source tells more.
    Structure,
}
