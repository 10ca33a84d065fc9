//! What became of a message, as mail servers and mail programs report it. Whoever sent the report may have made it up.

use serde::{Deserialize, Serialize};

/// A report about a message that was sent earlier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Report {
    /// What a mail server did for each recipient (RFC 3464).
    Delivery(Vec<Delivery>),
    /// What a reader's mail program did (RFC 8098).
    Reading(Reading),
}

/// What became of a message for one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// To whom it was sent; the address that the writer used, where it is told.
    pub recipient: String,
    /// What happened.
    pub action: Action,
    /// The status code (RFC 3463), such as `5.1.1`, if it is told.
    pub status: Option<String>,
    /// What the code means.
    pub reason: Option<Reason>,
    /// The server's own words.
    pub words: Option<String>,
    /// The server that said them.
    pub server: Option<String>,
}

/// What happened (RFC 3464 §2.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// It was given up.
    Failed,
    /// It is still tried.
    Delayed,
    /// It arrived.
    Delivered,
    /// It was handed on to a server that does not report.
    Relayed,
    /// It was handed on to the members of a list.
    Expanded,
}

/// Why, in the terms of people (RFC 3463 and the registry of enhanced status codes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// Nobody has this address.
    UnknownMailbox,
    /// The domain takes no mail, or there is none.
    UnknownDomain,
    /// The address is not spelled as one.
    MalformedAddress,
    /// The recipient has another address now.
    Moved,
    /// The sender's address is not taken.
    SenderRefused,
    /// The mailbox takes no mail.
    MailboxDisabled,
    /// The mailbox is full.
    MailboxFull,
    /// The message is too large.
    TooLarge,
    /// The mail server has no room.
    SystemFull,
    /// The mail server could not be reached.
    Unreachable,
    /// The message went in a circle.
    Loop,
    /// It took too long.
    Expired,
    /// The servers did not understand each other.
    Protocol,
    /// The content is of a kind that is not taken.
    Content,
    /// The list does not take it.
    MailingList,
    /// The rules of the recipient's server forbid it.
    Policy,
    /// The sender's domain did not vouch for the message (SPF, DKIM, DMARC).
    Unauthenticated,
}

/// What a mail program did with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// For whom.
    pub recipient: String,
    /// What was done.
    pub disposition: Disposition,
    /// Whether the program did it by itself.
    pub automatic: bool,
}

/// What was done (RFC 8098 §3.2.6.2, and what RFC 3798 had besides).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Disposition {
    /// It was shown. Whether somebody read it is not known.
    Displayed,
    /// It was deleted; perhaps unseen.
    Deleted,
    /// It was sent on.
    Dispatched,
    /// It was worked on without being shown.
    Processed,
    /// The reader does not wish to say.
    Denied,
    /// The program could not do what was asked.
    Failed,
}
