//! How a testbed may differ from the usual one.

/// What is different from the usual mail server.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The capabilities to state instead of all, if any. The server still obeys the commands of the others:
    /// only the statement is gone, and without `SPECIAL-USE` also the roles of the mailboxes. [`CAPABILITIES`] has all.
    pub capabilities: Option<&'static str>,
    /// Which certificate to present.
    pub certificate: Certificate,
    /// The domain that the server adds to a name without one, if it does.
    pub default_realm: Option<&'static str>,
    /// The mechanisms, such as `xoauth2 oauthbearer`, by which access tokens are taken beside passwords, if any: those
    /// of [`crate::token::of`].
    pub tokens: Option<&'static str>,
    /// Whether STARTTLS is refused and not even offered. Then nothing listens for TLS from the first byte.
    pub without_starttls: bool,
    /// Whether to leave out Postfix: quicker, and needs no root.
    pub without_postfix: bool,
    /// Whether thousands of people come at a time, as for measuring: Dovecot's limits on processes, clients and open
    /// files are raised, it remembers who signed in, and, where this process may, the kernel allows as many watches of
    /// folders until the testbed ends. It then looks for new mail as often as it does by default, unless it is told.
    pub crowd: bool,
}

/// Which certificate the mail server presents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Certificate {
    /// Signed by the testbed's authority.
    #[default]
    Trusted,
    /// Signed by it, but for January 2020.
    Expired,
    /// Signed by an authority that nobody trusts.
    Untrusted,
    /// Signed by the testbed's authority, but for another host.
    OtherName,
}

/// What Dovecot 2.3 states after sign-in unless told otherwise.
pub const CAPABILITIES: &str = "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY THREAD=REFERENCES \
    THREAD=REFS THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN NAMESPACE UIDPLUS \
    LIST-EXTENDED I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY \
    MOVE SNIPPET=FUZZY PREVIEW=FUZZY PREVIEW STATUS=SIZE SAVEDATE LITERAL+ NOTIFY SPECIAL-USE METADATA ACL RIGHTS=texk QUOTA";
