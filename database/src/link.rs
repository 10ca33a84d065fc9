//! Links whose words only this server can read or make: what they lead to is sealed in the link itself and kept nowhere.
//!
//! They are for frames that send no cookie, so each holds whom it was made for and until when. The seal is
//! XChaCha20-Poly1305 under a key made from the server's key. Its nonce is a keyed hash of what is sealed: the same link
//! for the same person and time is spelled the same, so that a browser keeps what it has, and hundreds of links ask for
//! no randomness. That two links are equal is all that it tells.

use std::fmt;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::person::PersonId;
use crate::seal::{NONCE_BYTES, Purpose, ServerKey};

/// What the key of the hash is made for.
const NONCE_LABEL: &[u8] = b"pennypost picture link nonce v1";

/// Bytes of the hash.
const HASH_BYTES: usize = 32;

/// Seals and opens links to pictures.
pub struct Links {
    cipher: XChaCha20Poly1305,
    hash_key: Zeroizing<[u8; HASH_BYTES]>,
}

/// What an opened link holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Whom it was made for.
    pub person: PersonId,
    /// What it leads to, in words of the caller.
    pub target: Vec<u8>,
}

impl Links {
    /// With keys made from the server's key.
    ///
    /// # Errors
    /// None that is expected.
    pub fn new(key: &ServerKey) -> Result<Self> {
        let mut hash_key = Zeroizing::new([0; HASH_BYTES]);
        Hkdf::<Sha256>::new(Some(key.bytes()), &[])
            .expand(NONCE_LABEL, hash_key.as_mut_slice())
            .map_err(|_| Error::SealBroken)?;
        Ok(Self { cipher: key.derive(&[], Purpose::PICTURE_LINK)?, hash_key })
    }

    /// Seals a link for one person, until then.
    ///
    /// # Errors
    /// None that is expected.
    pub fn seal(&self, person: PersonId, until: i64, target: &[u8]) -> Result<Vec<u8>> {
        let plain = [person.as_bytes(), &until.to_be_bytes(), target].concat();
        let (hash, _) = Hkdf::<Sha256>::extract(Some(self.hash_key.as_slice()), &plain);
        let (nonce, _) = hash.split_at(NONCE_BYTES);
        let payload = Payload { msg: &plain, aad: Purpose::PICTURE_LINK.label() };
        let nonce_of = XNonce::try_from(nonce).map_err(|_| Error::SealBroken)?;
        let sealed = self.cipher.encrypt(&nonce_of, payload).map_err(|_| Error::SealBroken)?;
        Ok([nonce, &sealed].concat())
    }

    /// Opens a link; `None` when it was changed, made elsewhere, or its time is over.
    pub fn open(&self, sealed: &[u8], now: i64) -> Option<Opened> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES)?;
        let payload = Payload { msg: sealed, aad: Purpose::PICTURE_LINK.label() };
        let plain = self.cipher.decrypt(&XNonce::try_from(nonce).ok()?, payload).ok()?;
        let (person, rest) = plain.split_first_chunk()?;
        let (until, target) = rest.split_first_chunk()?;
        let holds = now < i64::from_be_bytes(*until);
        holds.then(|| Opened { person: PersonId::of_bytes(*person), target: target.to_vec() })
    }
}

impl fmt::Debug for Links {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Links(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::Links;
    use crate::{PersonId, ServerKey};

    const NOW: i64 = 1_800_000_000;

    #[test]
    fn a_link_opens_as_it_was_made_until_its_time_is_over() {
        let key = ServerKey::generate().unwrap();
        let ada = PersonId::of("ada@example.org", &key).unwrap();
        let links = Links::new(&key).unwrap();
        let sealed = links.seal(ada, NOW + 10, b"https://x.test/a.png").unwrap();
        let opened = links.open(&sealed, NOW + 9).unwrap();
        assert_eq!((opened.person, opened.target.as_slice()), (ada, &b"https://x.test/a.png"[..]));
        assert_eq!(links.open(&sealed, NOW + 10), None);
        assert!(!sealed.windows(6).any(|window| window == b"x.test"));
        let other = Links::new(&ServerKey::generate().unwrap()).unwrap();
        assert_eq!(other.open(&sealed, NOW), None);
    }

    #[test]
    fn every_changed_bit_and_every_cut_is_noticed() {
        let key = ServerKey::generate().unwrap();
        let links = Links::new(&key).unwrap();
        let sealed = links.seal(PersonId::of("a@b.c", &key).unwrap(), NOW + 10, b"x").unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(links.open(&changed, NOW), None, "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert_eq!(links.open(&sealed[..length], NOW), None, "length {length}");
        }
    }

    #[test]
    fn the_same_link_is_spelled_the_same_and_every_other_is_not() {
        let key = ServerKey::generate().unwrap();
        let links = Links::new(&key).unwrap();
        let [ada, bob] = ["ada@x.test", "bob@x.test"].map(|login| PersonId::of(login, &key).unwrap());
        let sealed = links.seal(ada, NOW, b"a").unwrap();
        assert_eq!(links.seal(ada, NOW, b"a").unwrap(), sealed);
        for other in [(bob, NOW, b"a"), (ada, NOW + 1, b"a"), (ada, NOW, b"b")] {
            let other = links.seal(other.0, other.1, other.2).unwrap();
            assert_ne!(other[..24], sealed[..24], "no nonce is used for two");
        }
    }
}
