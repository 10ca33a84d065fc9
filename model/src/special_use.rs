//! The role of a mailbox (RFC 6154), and who said so.

use serde::{Deserialize, Serialize};

/// What a mailbox is for. The order is the order in which people see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// `INBOX` (RFC 9051 §5.1).
    Inbox,
    /// `\Drafts`.
    Drafts,
    /// `\Sent`.
    Sent,
    /// `\Archive`.
    Archive,
    /// `\Junk`.
    Junk,
    /// `\Trash`.
    Trash,
}

impl Role {
    /// Every role, in the order in which people see them.
    pub const ALL: [Self; 6] =
        [Self::Inbox, Self::Drafts, Self::Sent, Self::Archive, Self::Junk, Self::Trash];

    /// Reads a special-use attribute; letter case does not matter.
    pub fn from_attribute(attribute: &str) -> Option<Self> {
        match attribute.to_ascii_lowercase().as_str() {
            "\\drafts" => Some(Self::Drafts),
            "\\sent" => Some(Self::Sent),
            "\\archive" => Some(Self::Archive),
            "\\junk" => Some(Self::Junk),
            "\\trash" => Some(Self::Trash),
            _ => None,
        }
    }

    /// The role that a whole name suggests on a server without SPECIAL-USE, or `None`.
    ///
    /// Only exact names count, never a part of one: "Sent invoices 2019" is no Sent mailbox.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(role, _)| *role)
    }
}

/// Names that clients and servers have given these mailboxes, in lower case.
const NAMES: [(Role, &[&str]); 5] = [
    (Role::Drafts, &["drafts", "draft", "entwürfe", "brouillons", "borradores", "bozze", "concepten"]),
    (
        Role::Sent,
        &[
            "sent",
            "sent items",
            "sent messages",
            "sent mail",
            "gesendet",
            "gesendete objekte",
            "gesendete elemente",
            "envoyés",
            "éléments envoyés",
            "enviados",
            "posta inviata",
            "verzonden items",
        ],
    ),
    (Role::Archive, &["archive", "archives", "archiv", "archivo", "archivio", "archief"]),
    (
        Role::Junk,
        &[
            "junk",
            "spam",
            "junk e-mail",
            "junk email",
            "bulk mail",
            "junk-e-mail",
            "indésirables",
            "correo no deseado",
        ],
    ),
    (
        Role::Trash,
        &[
            "trash",
            "deleted items",
            "deleted messages",
            "papierkorb",
            "gelöschte objekte",
            "gelöschte elemente",
            "corbeille",
            "éléments supprimés",
            "papelera",
            "cestino",
            "prullenbak",
        ],
    ),
];

/// Who said that a mailbox has its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// The server, by SPECIAL-USE, or because it is the INBOX.
    Server,
    /// Its name, where the server gave the role to none in the account.
    Name,
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn a_part_of_a_name_makes_no_role() {
        assert_eq!(Role::from_name("Gesendete Objekte"), Some(Role::Sent));
        assert_eq!(Role::from_name("Sent invoices 2019"), None);
        assert_eq!(Role::from_name("Trash talk"), None);
    }

    #[test]
    fn attributes_are_read_in_any_letter_case() {
        assert_eq!(Role::from_attribute("\\SENT"), Some(Role::Sent));
        assert_eq!(Role::from_attribute("Sent"), None);
    }
}
