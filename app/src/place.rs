//! Every address of the product as a type: built here, parsed here, spelled in one way.
//!
//! Mailbox names stand in one path segment each. Routers and reverse proxies disagree about `%2F`, `%25` and `.`,
//! so ASCII characters that mean something in a path are written as a tilde and two hexadecimal digits, which
//! nobody in between decodes; letters of other scripts are percent-encoded, which browsers show as letters.

use std::fmt;

use model::mailbox::MailboxName;
use model::message::Why;
use model::modseq::Moment;
use model::origin::LookAlike;
use model::structure::PartNumber;
use model::uid::{MessageKey, Uid, UidInEpoch, UidValidity};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// A page, document or download of the product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The sign-in form, and where to go after it.
    SignIn {
        /// The page that was asked for, if any.
        next: Option<Box<Place>>,
    },
    /// Where the second factor is asked for after the password, or set up where one is required.
    Factor {
        /// Where to go after it.
        next: Option<Box<Place>>,
    },
    /// How one signs in: factors, sessions, devices, and what happened at the door.
    Security,
    /// A message that is being written.
    Write,
    /// Before a place that a link in a message does not name.
    Leaving {
        /// The address that it leads to.
        to: String,
        /// What is wrong with the link.
        why: Why,
    },
    /// Where the sign-out form posts to.
    SignOut,
    /// The list of a mailbox.
    Mailbox {
        /// Which mailbox.
        mailbox: MailboxName,
        /// How many of the newest messages are passed over.
        offset: u32,
    },
    /// A message beside the list of its mailbox.
    Message {
        /// Which message.
        key: MessageKey,
        /// The part of it whose attached message is meant.
        within: Option<PartNumber>,
        /// How many of the newest messages the list beside it passes over.
        offset: u32,
    },
    /// The HTML body of a message: a document of its own for the frame.
    Body {
        /// Which message.
        key: MessageKey,
        /// The part of it whose attached message is meant.
        within: Option<PartNumber>,
        /// Whether as it was sent, where it would be adapted to dark surroundings.
        as_sent: bool,
        /// Whether with its pictures from elsewhere.
        pictures: bool,
    },
    /// A message on a sheet of paper.
    Paper {
        /// Which message.
        key: MessageKey,
        /// The part of it whose attached message is meant.
        within: Option<PartNumber>,
        /// Whether with its pictures from elsewhere.
        pictures: bool,
    },
    /// A part of a message, as a download.
    Attachment {
        /// Which message.
        key: MessageKey,
        /// Which part.
        part: PartNumber,
        /// Which file inside of it, where it packs several.
        inside: Option<u32>,
    },
    /// Where the form posts to by which the pictures of a message's sender are always shown, or no longer.
    Pictures {
        /// Which message.
        key: MessageKey,
    },
    /// Where the form posts to by which one leaves the list that a message came from.
    Unsubscribe {
        /// Which message.
        key: MessageKey,
    },
    /// A part of a message, shown as a document of its own.
    Preview {
        /// Which message.
        key: MessageKey,
        /// Which part.
        part: PartNumber,
        /// Which file inside of it, where it packs several.
        inside: Option<u32>,
    },
    /// All attachments of a message in one archive, as a download.
    Archive {
        /// Which message.
        key: MessageKey,
        /// The part of it whose attached message is meant.
        within: Option<PartNumber>,
    },
    /// The message as it was received, as a download.
    Source {
        /// Which message.
        key: MessageKey,
        /// The part of it whose attached message is meant.
        within: Option<PartNumber>,
    },
    /// The same as text to look at.
    SourceText {
        /// Which message.
        key: MessageKey,
        /// The part of it whose attached message is meant.
        within: Option<PartNumber>,
    },
    /// Where the form posts to that marks a message as unread.
    Unread {
        /// Which message.
        key: MessageKey,
    },
    /// The stream that tells an open page what changes.
    Live {
        /// The mailbox that it shows.
        mailbox: MailboxName,
        /// Up to where the page knows everything.
        since: Option<Moment>,
    },
}

/// The query of the body of a message as it was sent.
pub const AS_SENT: &str = "as-sent";

/// The query of a message whose list one left, with what became of it: `=` and a word.
pub const LEFT: &str = "left";

/// The query of a message, or of its body, with its pictures from elsewhere.
pub const WITH_PICTURES: &str = "pictures=show";

/// What may stand in a segment as it is: unreserved characters (RFC 3986 §2.3) but for the tilde.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Place {
    /// The INBOX, from its newest message.
    pub fn inbox() -> Self {
        Self::Mailbox { mailbox: MailboxName::inbox(), offset: 0 }
    }

    /// How many of the newest messages its list passes over; of a place without a list, none.
    pub fn offset(&self) -> u32 {
        match self {
            Self::Mailbox { offset, .. } | Self::Message { offset, .. } => *offset,
            _ => 0,
        }
    }

    /// Reads a path with its query, as in the `next` field of the sign-in form.
    ///
    /// Only pages that one may be sent to after signing in are recognised, so that a stranger's link can't lead
    /// anywhere else: everything else is `None`.
    pub fn of_next(path: &str) -> Option<Self> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        match path {
            "/settings/security" => return Some(Self::Security),
            "/write" => return Some(Self::Write),
            _ => {}
        }
        let mut segments = path.strip_prefix("/mail/me/")?.split('/');
        let mailbox = mailbox_of_segment(segments.next()?)?;
        let message = segments.next();
        let within = segments.next().map(str::parse).transpose().ok()?;
        if segments.next().is_some() {
            return None;
        }
        let offset = query.strip_prefix("offset=").map_or(Some(0), |text| text.parse().ok())?;
        Some(match message {
            None => Self::Mailbox { mailbox, offset },
            Some(at) => Self::Message { key: MessageKey { mailbox, at: at.parse().ok()? }, within, offset },
        })
    }
}

/// Writes a mailbox name as one path segment.
pub fn segment_of_mailbox(mailbox: &MailboxName) -> String {
    let mut tilde = String::with_capacity(mailbox.as_str().len());
    for (index, c) in mailbox.as_str().char_indices() {
        let plain =
            !c.is_ascii() || c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || (c == '.' && index > 0);
        if plain {
            tilde.push(c);
        } else {
            tilde.push_str(&format!("~{:02X}", u32::from(c)));
        }
    }
    utf8_percent_encode(&tilde, SEGMENT).to_string()
}

/// Reads a mailbox name from a path segment, percent-encoded or already decoded; `None` when it is malformed.
pub fn mailbox_of_segment(segment: &str) -> Option<MailboxName> {
    let decoded = percent_decode_str(segment).decode_utf8().ok()?;
    let mut name = String::with_capacity(decoded.len());
    let mut rest = decoded.as_ref();
    while let Some((before, after)) = rest.split_once('~') {
        name.push_str(before);
        let code = u8::from_str_radix(after.get(..2)?, 16).ok().filter(u8::is_ascii)?;
        name.push(char::from(code));
        rest = after.get(2..)?;
    }
    name.push_str(rest);
    MailboxName::new(name).ok()
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignIn { next } => write_next(f, "/sign-in", next.as_deref()),
            Self::Factor { next } => write_next(f, "/sign-in/factor", next.as_deref()),
            Self::Security => f.write_str("/settings/security"),
            Self::Write => f.write_str("/write"),
            Self::Leaving { to, why } => {
                write!(f, "/leaving?to={}", utf8_percent_encode(to, NON_ALPHANUMERIC))?;
                let (what, name) = match why {
                    Why::Names(named) => ("named", named),
                    Why::LooksLike(
                        LookAlike::Same { known }
                        | LookAlike::OneLetter { known }
                        | LookAlike::Inside { known },
                    ) => ("like", known),
                    Why::LooksLike(LookAlike::Scripts) | Why::Hides => return Ok(()),
                };
                write!(f, "&{what}={}", utf8_percent_encode(name, NON_ALPHANUMERIC))
            }
            Self::SignOut => f.write_str("/sign-out"),
            Self::Mailbox { mailbox, offset } => {
                write!(f, "/mail/me/{}", segment_of_mailbox(mailbox))?;
                write_offset(f, *offset)
            }
            Self::Message { key, within, offset } => {
                write!(f, "/mail/me/{}", segments_of_key(key))?;
                write_within(f, within.as_ref())?;
                write_offset(f, *offset)
            }
            Self::Body { key, within, as_sent, pictures } => {
                write!(f, "/message/me/{}/body", segments_of_key(key))?;
                write_within(f, within.as_ref())?;
                match (*as_sent, *pictures) {
                    (false, false) => Ok(()),
                    (true, false) => write!(f, "?{AS_SENT}"),
                    (false, true) => write!(f, "?{WITH_PICTURES}"),
                    (true, true) => write!(f, "?{AS_SENT}&{WITH_PICTURES}"),
                }
            }
            Self::Paper { key, within, pictures } => {
                write!(f, "/message/me/{}/paper", segments_of_key(key))?;
                write_within(f, within.as_ref())?;
                if *pictures { write!(f, "?{WITH_PICTURES}") } else { Ok(()) }
            }
            Self::Attachment { key, part, inside } => {
                write!(f, "/message/me/{}/attachment/{part}", segments_of_key(key))?;
                inside.map_or(Ok(()), |inside| write!(f, "-{inside}"))
            }
            Self::Pictures { key } => write!(f, "/message/me/{}/pictures", segments_of_key(key)),
            Self::Unsubscribe { key } => write!(f, "/message/me/{}/unsubscribe", segments_of_key(key)),
            Self::Preview { key, part, inside } => {
                write!(f, "/message/me/{}/preview/{part}", segments_of_key(key))?;
                inside.map_or(Ok(()), |inside| write!(f, "-{inside}"))
            }
            Self::Archive { key, within } => {
                write!(f, "/message/me/{}/attachments.zip", segments_of_key(key))?;
                write_within(f, within.as_ref())
            }
            Self::Source { key, within } => {
                write!(f, "/message/me/{}/source", segments_of_key(key))?;
                write_within(f, within.as_ref())
            }
            Self::SourceText { key, within } => {
                write!(f, "/message/me/{}/source.txt", segments_of_key(key))?;
                write_within(f, within.as_ref())
            }
            Self::Unread { key } => write!(f, "/message/me/{}/unread", segments_of_key(key)),
            Self::Live { mailbox, since } => {
                write!(f, "/live/me/{}", segment_of_mailbox(mailbox))?;
                since.map_or(Ok(()), |since| write!(f, "?since={since}"))
            }
        }
    }
}

/// Where the messages of one mailbox are read, beside the same list: its name is spelled once for all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessagePlaces {
    mailbox: MailboxName,
    validity: UidValidity,
    before: String,
    offset: u32,
}

impl MessagePlaces {
    /// In this epoch of the mailbox, beside the list that passes over so many of the newest messages.
    pub fn new(mailbox: MailboxName, validity: UidValidity, offset: u32) -> Self {
        let before = format!("/mail/me/{}/{validity}.", segment_of_mailbox(&mailbox));
        Self { mailbox, validity, before, offset }
    }

    /// The name of one message for good.
    pub fn key(&self, uid: Uid) -> MessageKey {
        MessageKey { mailbox: self.mailbox.clone(), at: UidInEpoch { validity: self.validity, uid } }
    }

    /// The address of one message, as [`Place::Message`] is spelled.
    pub fn of(&self, uid: Uid) -> String {
        match self.offset {
            0 => format!("{}{uid}", self.before),
            offset => format!("{}{uid}?offset={offset}", self.before),
        }
    }
}

fn segments_of_key(key: &MessageKey) -> String {
    format!("{}/{}", segment_of_mailbox(&key.mailbox), key.at)
}

fn write_next(f: &mut fmt::Formatter<'_>, path: &str, next: Option<&Place>) -> fmt::Result {
    f.write_str(path)?;
    next.map_or(Ok(()), |next| {
        write!(f, "?next={}", utf8_percent_encode(&next.to_string(), NON_ALPHANUMERIC))
    })
}

fn write_within(f: &mut fmt::Formatter<'_>, within: Option<&PartNumber>) -> fmt::Result {
    within.map_or(Ok(()), |part| write!(f, "/{part}"))
}

fn write_offset(f: &mut fmt::Formatter<'_>, offset: u32) -> fmt::Result {
    if offset > 0 { write!(f, "?offset={offset}") } else { Ok(()) }
}

/// Reads which part of a message a segment names, and which file inside of it: `2.1` or `2.1-3`; `None` when it is
/// malformed.
pub fn part_of_segment(segment: &str) -> Option<(PartNumber, Option<u32>)> {
    match segment.split_once('-') {
        None => Some((segment.parse().ok()?, None)),
        Some((part, inside)) => {
            let digits = inside.bytes().all(|byte| byte.is_ascii_digit()) && !inside.starts_with('0');
            Some((part.parse().ok()?, Some(inside.parse().ok().filter(|_| digits)?)))
        }
    }
}

/// Reads the message of a path from its two segments; `None` when either is malformed.
pub fn key_of_segments(mailbox: &str, at: &str) -> Option<MessageKey> {
    Some(MessageKey { mailbox: mailbox_of_segment(mailbox)?, at: at.parse::<UidInEpoch>().ok()? })
}

#[cfg(test)]
mod tests;
