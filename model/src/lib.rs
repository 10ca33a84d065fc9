//! The words of mail, as plain data.
//!
//! Every other room of the house speaks in these types. They carry rules (a [`uid::Uid`] is never zero and is
//! not a `u32`), but no behaviour beyond those rules: nothing here reads, writes, waits or knows the time.
//! The crate compiles for the browser, so the page and the server mean the same thing by the same word.
//!
//! | word | type | standard |
//! |---|---|---|
//! | address | [`address::Address`] | RFC 5322 §3.4 |
//! | account | [`account::Account`] | RFC 2342 |
//! | mailbox | [`mailbox::Mailbox`], [`mailbox::MailboxName`] | RFC 9051 §5.1 |
//! | namespace | [`namespace::Namespace`] | RFC 2342 |
//! | special-use | [`special_use::Role`] | RFC 6154 |
//! | rights | [`rights::Rights`] | RFC 4314 |
//! | quota | [`quota::Quota`] | RFC 9208 |
//! | UID, UIDVALIDITY | [`uid::Uid`], [`uid::UidValidity`], [`uid::MessageKey`] | RFC 9051 §2.3.1 |
//! | messages and their copies | [`uid_pairs::UidPairs`] | RFC 4315 §3 |
//! | set of UIDs | [`uid_set::UidSet`] | RFC 9051 §9 |
//! | modification sequence | [`modseq::ModSeq`], [`modseq::Moment`] | RFC 7162 |
//! | object identifier | [`object_id::ObjectId`] | RFC 8474 |
//! | flag, keyword | [`flag::Flag`] | RFC 9051 §2.3.2 |
//! | envelope | [`envelope::Envelope`] | RFC 9051 §7.5.2 |
//! | body structure | [`structure::Part`], [`structure::PartNumber`] | RFC 9051 §7.5.2 |
//! | changes since a moment | [`changes::Changes`] | RFC 7162 §3.1.4, §3.2 |
//! | list of messages, its order | [`messages::Window`], [`messages::Arrangement`] | RFC 5256 |
//! | filter | [`filter::Filter`] | RFC 9051 §6.4.4 |
//! | draft | [`draft::Draft`] | RFC 9051 §2.3.2 |
//! | origin of a message | [`origin::Origin`] | RFC 8601 |
//! | invitation | [`invitation::Invitation`] | RFC 5546 |
//! | ways to leave a list | [`unsubscribe::Unsubscribe`] | RFC 2369, RFC 8058 |
//! | report | [`report::Report`] | RFC 3464, RFC 8098 |
//! | protection | [`protection::Protection`] | RFC 3156, RFC 8551 |
//! | opened message | [`message::Message`] | |
//! | kind of a file | [`file::Kind`] | |

pub mod account;
pub mod address;
pub mod changes;
pub mod draft;
pub mod envelope;
pub mod file;
pub mod filter;
pub mod flag;
pub mod invitation;
pub mod mailbox;
pub mod message;
pub mod messages;
pub mod modseq;
pub mod namespace;
pub mod object_id;
pub mod origin;
pub mod protection;
pub mod quota;
pub mod report;
pub mod rights;
pub mod special_use;
pub mod structure;
pub mod time;
pub mod uid;
pub mod uid_pairs;
pub mod uid_set;
pub mod unsubscribe;
