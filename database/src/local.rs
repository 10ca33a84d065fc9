//! The key of what a person's browsers keep of unsaved words. It is made anew from the server's key whenever a signed-in
//! page asks, and stored nowhere: a browser's files alone tell nobody what was written.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::person::PersonId;
use crate::seal::ServerKey;

/// Bytes of the key.
const BYTES: usize = 32;

/// Opens what one person's browsers keep.
pub struct LocalKey(Zeroizing<[u8; BYTES]>);

impl LocalKey {
    /// Of this person.
    ///
    /// # Errors
    /// None that is expected.
    pub fn of(person: &PersonId, key: &ServerKey) -> Result<Self> {
        let mut made = Zeroizing::new([0; BYTES]);
        Hkdf::<Sha256>::new(Some(key.bytes()), person.as_bytes())
            .expand(b"pennypost local drafts v1", made.as_mut_slice())
            .map_err(|_| Error::SealBroken)?;
        Ok(Self(made))
    }

    /// For the page of this person, and nobody else.
    pub fn expose(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl fmt::Debug for LocalKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LocalKey(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::LocalKey;
    use crate::{PersonId, ServerKey};

    #[test]
    fn each_person_has_a_key_of_their_own_which_stays_and_tells_nothing_of_itself() {
        let server = ServerKey::generate().unwrap();
        let key = |login: &str| LocalKey::of(&PersonId::of(login, &server).unwrap(), &server).unwrap();
        let ada = key("ada@example.org");
        assert_eq!(ada.expose(), key("Ada@example.org").expose());
        assert_ne!(ada.expose(), key("bob@example.org").expose());
        assert_eq!(format!("{ada:?}"), "LocalKey(secret)");
    }
}
