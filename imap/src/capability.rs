//! What a server can (RFC 9051 §7.2.2). An extension is looked up by the command that needs it, and the fallback stands
//! in the same file.

use std::collections::BTreeSet;

use crate::wire::token::Token;

macro_rules! capabilities {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// A capability that changes what we do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Capability {
            $($(#[$doc])* $variant,)+
        }

        impl Capability {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name on the wire.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}
capabilities! {
    /// Rights (RFC 4314).
    Acl = "ACL",
    /// AUTHENTICATE OAUTHBEARER (RFC 7628).
    AuthOauthbearer = "AUTH=OAUTHBEARER",
    /// AUTHENTICATE PLAIN (RFC 4616).
    AuthPlain = "AUTH=PLAIN",
    /// AUTHENTICATE XOAUTH2, of no standard.
    AuthXoauth2 = "AUTH=XOAUTH2",
    /// Changes are counted, and can be bound to what nobody changed meanwhile (RFC 7162 §3.1).
    CondStore = "CONDSTORE",
    /// A part of a search's result (RFC 5267).
    ContextSearch = "CONTEXT=SEARCH",
    /// A part of an ordered search's result (RFC 5267).
    ContextSort = "CONTEXT=SORT",
    /// Extensions are switched on (RFC 5161).
    Enable = "ENABLE",
    /// Results of searches as sets and counts (RFC 4731).
    ESearch = "ESEARCH",
    /// The same for ordered ones (RFC 5267).
    ESort = "ESORT",
    /// Telling who one is (RFC 2971).
    Id = "ID",
    /// News is told as it comes (RFC 2177).
    Idle = "IDLE",
    /// The protocol of 1996 and 2003 (RFC 3501).
    Imap4rev1 = "IMAP4REV1",
    /// The protocol of 2021 (RFC 9051).
    Imap4rev2 = "IMAP4REV2",
    /// LIST with options (RFC 5258).
    ListExtended = "LIST-EXTENDED",
    /// Rights along with LIST (RFC 8440).
    ListMyRights = "LIST-MYRIGHTS",
    /// Counts along with LIST (RFC 5819).
    ListStatus = "LIST-STATUS",
    /// Literals without waiting, up to 4096 bytes (RFC 7888).
    LiteralMinus = "LITERAL-",
    /// Literals without waiting (RFC 7888).
    LiteralPlus = "LITERAL+",
    /// LOGIN is refused (RFC 9051 §6.2.3).
    LoginDisabled = "LOGINDISABLED",
    /// Words about mailboxes and about the server (RFC 5464).
    Metadata = "METADATA",
    /// Words about the server alone (RFC 5464).
    MetadataServer = "METADATA-SERVER",
    /// Moving messages in one step (RFC 6851).
    Move = "MOVE",
    /// Own, others' and shared mailboxes told apart (RFC 2342).
    Namespace = "NAMESPACE",
    /// News of mailboxes that are not open (RFC 5465).
    Notify = "NOTIFY",
    /// Names for mailboxes, messages and conversations that hold for good (RFC 8474).
    ObjectId = "OBJECTID",
    /// A part of a search's result, also counted from its end (RFC 9394).
    Partial = "PARTIAL",
    /// The first words of messages (RFC 8970).
    Preview = "PREVIEW",
    /// What vanished meanwhile is told by UID (RFC 7162 §3.2).
    QResync = "QRESYNC",
    /// Storage used and allowed (RFC 9208).
    Quota = "QUOTA",
    /// The first message of AUTHENTICATE along with the command (RFC 4959).
    SaslIr = "SASL-IR",
    /// Ordered searches (RFC 5256).
    Sort = "SORT",
    /// The same by the names that people see (RFC 5957).
    SortDisplay = "SORT=DISPLAY",
    /// Roles of mailboxes (RFC 6154).
    SpecialUse = "SPECIAL-USE",
    /// TLS on a connection without (RFC 9051 §6.2.1).
    StartTls = "STARTTLS",
    /// Conversations by subject (RFC 5256).
    ThreadOrderedSubject = "THREAD=ORDEREDSUBJECT",
    /// Conversations by what answers what (RFC 5256).
    ThreadReferences = "THREAD=REFERENCES",
    /// UIDs of copies and new messages, and removing messages by their UIDs (RFC 4315).
    UidPlus = "UIDPLUS",
}

/// The capabilities that a server stated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities(BTreeSet<String>);

impl Capabilities {
    /// Reads a list of words.
    pub fn read(tokens: &[Token<'_>]) -> Self {
        Self(tokens.iter().filter_map(Token::word).take(500).collect())
    }

    /// Whether the server stated it, or stated only IMAP4rev2, which holds it (RFC 9051 appendix E).
    pub fn has(&self, capability: Capability) -> bool {
        use Capability as C;
        let in_rev2 = matches!(
            capability,
            C::Enable
                | C::ESearch
                | C::Idle
                | C::ListExtended
                | C::ListStatus
                | C::LiteralMinus
                | C::Move
                | C::Namespace
                | C::SaslIr
                | C::UidPlus
        );
        self.states(capability) || (in_rev2 && self.states(C::Imap4rev2) && !self.states(C::Imap4rev1))
    }

    fn states(&self, capability: Capability) -> bool {
        self.0.contains(capability.name())
    }

    /// Whether nothing was stated.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them in upper case and alphabetical order, with those that we don't know.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The SASL mechanisms (`AUTH=`).
    pub fn mechanisms(&self) -> impl Iterator<Item = &str> {
        self.iter().filter_map(|name| name.strip_prefix("AUTH="))
    }

    /// The largest literal that may be sent without asking, in bytes (RFC 7888).
    pub fn unasked_literal(&self) -> Option<usize> {
        if self.has(Capability::LiteralPlus) {
            Some(usize::MAX)
        } else {
            self.has(Capability::LiteralMinus).then_some(4096)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Capabilities, Capability};
    use crate::wire::token;

    fn stated(words: &str) -> Capabilities {
        Capabilities::read(&token::read(words.as_bytes()))
    }

    #[test]
    fn letter_case_does_not_matter() {
        let stated = stated("IMAP4rev1 list-Status auth=PLAIN AUTH=XOAUTH2");
        assert!(stated.has(Capability::ListStatus) && stated.has(Capability::AuthPlain));
        assert!(!stated.has(Capability::ListExtended));
        assert_eq!(stated.mechanisms().collect::<Vec<_>>(), ["PLAIN", "XOAUTH2"]);
    }

    #[test]
    fn a_server_of_the_new_protocol_alone_has_what_that_holds() {
        assert!(stated("IMAP4rev2 AUTH=PLAIN").has(Capability::ListStatus));
        assert_eq!(stated("IMAP4rev2").unasked_literal(), Some(4096));
        assert!(!stated("IMAP4rev1 IMAP4rev2").has(Capability::ListStatus));
        assert_eq!(stated("IMAP4rev1").unasked_literal(), None);
    }
}
