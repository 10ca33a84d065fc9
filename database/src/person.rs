//! Who somebody is in our tables: a name that only the holder of the key file can make from an address.

use std::fmt;

use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::seal::ServerKey;

/// Bytes of the name.
const BYTES: usize = 32;

/// Names the account of one person. The database alone tells of nobody whose it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PersonId([u8; BYTES]);

impl PersonId {
    /// Of the address that somebody signs in with. Spellings that mail servers take for the same are the same person here,
    /// so that no other spelling is a way around what is known of somebody: letters of either case, and white space at
    /// the ends.
    ///
    /// # Errors
    /// None that is expected.
    pub fn of(login: &str, key: &ServerKey) -> Result<Self> {
        let spelling = login.trim().to_lowercase();
        let mut id = [0; BYTES];
        Hkdf::<Sha256>::new(Some(key.bytes()), spelling.as_bytes())
            .expand(b"pennypost person v1", &mut id)
            .map_err(|_| Error::SealBroken)?;
        Ok(Self(id))
    }

    /// By what an authenticator tells accounts apart (the user handle of WebAuthn Level 3 §5.4.3): always the same, nothing
    /// that anybody is known by, and not what stands in the tables.
    pub fn handle(&self) -> [u8; 16] {
        let hash = Sha256::new().chain_update(b"pennypost user handle v1\0").chain_update(self.0).finalize();
        let mut handle = [0; 16];
        handle.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        handle
    }

    /// Out of what only we can have sealed.
    pub(crate) fn of_bytes(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
    }

    /// As it stands in a column.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for PersonId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PersonId")
    }
}

#[cfg(test)]
mod tests {
    use super::PersonId;
    use crate::ServerKey;

    #[test]
    fn one_person_has_one_name_in_every_spelling_and_another_under_another_key() {
        let (key, other) = (ServerKey::generate().unwrap(), ServerKey::generate().unwrap());
        let ada = PersonId::of("ada@example.org", &key).unwrap();
        assert_eq!(ada, PersonId::of(" Ada@EXAMPLE.org ", &key).unwrap());
        assert_ne!(ada, PersonId::of("ada@example.com", &key).unwrap());
        assert_ne!(ada, PersonId::of("ada@example.org", &other).unwrap());
        assert_eq!(ada.handle(), PersonId::of("ada@example.org", &key).unwrap().handle());
        assert!(!ada.as_bytes().windows(16).any(|part| part == ada.handle()));
    }
}
