//! An e-mail address with the name that came with it (RFC 5322 §3.4).

use serde::{Deserialize, Serialize};

/// One mailbox of an address list: an optional display name and the address proper.
///
/// Both are already decoded to Unicode and free of control and direction-override characters; whoever makes a
/// value from message bytes is responsible for that. They are still words of a stranger: show them as text only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// The display name, if there was one.
    pub name: Option<String>,
    /// `local@domain`. May be malformed, as senders may write anything; may be empty for a nameless group.
    pub address: String,
}

impl Address {
    /// What a list shows for this address: the name if there is one, else the address.
    pub fn label(&self) -> &str {
        match self.name.as_deref().map(str::trim) {
            Some(name) if !name.is_empty() => name,
            _ => &self.address,
        }
    }

    /// One or two letters for the coloured circle beside the address; `?` when there is no letter at all.
    pub fn initials(&self) -> String {
        let mut words = self
            .label()
            .split(|c: char| c.is_whitespace() || matches!(c, '.' | '_' | '-' | '@'))
            .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
        let Some(first) = words.next() else { return "?".to_owned() };
        let second = if self.name.is_some() { words.next() } else { None };
        first.to_uppercase().chain(second.into_iter().flat_map(char::to_uppercase)).collect()
    }

    /// A stable number for the colour of the circle: the same address has the same colour on every page.
    pub fn hue(&self) -> u16 {
        let hash = self
            .address
            .bytes()
            .map(|byte| byte.to_ascii_lowercase())
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        u16::try_from(hash % 360).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn initials_come_from_the_name_and_else_from_the_address() {
        let named = Address { name: Some("Anna Berger".into()), address: "x@demo.test".into() };
        let bare = Address { name: None, address: "ben.okafor@demo.test".into() };
        let nothing = Address { name: Some("  ".into()), address: String::new() };
        assert_eq!(named.initials(), "AB");
        assert_eq!(bare.initials(), "B");
        assert_eq!(nothing.initials(), "?");
    }

    #[test]
    fn the_colour_does_not_depend_on_the_case_of_the_address() {
        let lower = Address { name: None, address: "a@demo.test".into() };
        let upper = Address { name: Some("A".into()), address: "A@DEMO.test".into() };
        assert_eq!(lower.hue(), upper.hue());
        assert!(lower.hue() < 360);
    }
}
