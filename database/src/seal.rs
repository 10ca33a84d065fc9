//! Sealing: what is secret is encrypted before it is stored, with a key that is nowhere stored.
//!
//! The key of a value is HKDF-SHA256 (RFC 5869) of a token that only the browser holds, salted with the server's
//! key file, for one purpose. The value is sealed with XChaCha20-Poly1305 under a random nonce, and bound to its
//! purpose and its row: moved to another row it does not open.
//!
//! So a stolen database opens nothing, a stolen database with its key file opens no session, and a stolen cookie
//! opens nothing without both. What the server must open before a browser has proven itself, such as what second
//! factors are checked with, is sealed with an empty token: there the key file alone stands before a stolen database.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::files;

/// Bytes of the server's key and of every key made from it.
const KEY_BYTES: usize = 32;

/// Bytes of the nonce, which stand before what is sealed.
pub(crate) const NONCE_BYTES: usize = 24;

/// What a sealed value is for. A key and a value of one purpose are useless for every other.
#[derive(Clone, Copy)]
pub(crate) struct Purpose(&'static str);

impl Purpose {
    /// The record of a browser session.
    pub(crate) const SESSION_RECORD: Self = Self("pennypost session record v1");
    /// From where and with what a session began.
    pub(crate) const SESSION_ORIGIN: Self = Self("pennypost session origin v1");
    /// The same of a device.
    pub(crate) const DEVICE_ORIGIN: Self = Self("pennypost device origin v1");
    /// What a person calls a factor. No browser's token opens it, so that the server can.
    pub(crate) const FACTOR_NAME: Self = Self("pennypost factor name v1");
    /// What a factor is checked with.
    pub(crate) const FACTOR_CREDENTIAL: Self = Self("pennypost factor credential v1");

    /// What was seen when something happened at the door.
    pub(crate) const EVENT: Self = Self("pennypost event v1");
    /// Where a picture is that a message shows.
    pub(crate) const PICTURE_LINK: Self = Self("pennypost picture link v1");

    /// Its words, to bind a value to it.
    pub(crate) fn label(self) -> &'static [u8] {
        self.0.as_bytes()
    }
}

/// The server's half of every key. It lives in a file of its own, outside of the database and its backups.
pub struct ServerKey(SecretBox<[u8; KEY_BYTES]>);

impl ServerKey {
    /// Reads the key file, or makes one for its owner alone.
    ///
    /// A new key opens nothing that was sealed with an earlier one: people sign in again, and their second factors are
    /// found no more.
    ///
    /// # Errors
    /// [`Error::KeyFile`] if the file has another size or others may read it, [`Error::File`] if it cannot be read
    /// or made.
    pub fn load_or_create(path: &Path) -> Result<Self> {
        files::make_parent(path)?;
        match files::make_private(path)? {
            Some(file) => Self::create(file, path),
            None => Self::load(path),
        }
    }

    /// A key by chance that is kept nowhere, for tests and sessions that need not outlive the process.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn generate() -> Result<Self> {
        let key = Zeroizing::new(<[u8; KEY_BYTES]>::try_generate().map_err(|_| Error::Randomness)?);
        Ok(Self::of(&key))
    }

    fn create(mut file: fs::File, path: &Path) -> Result<Self> {
        let key = Self::generate()?;
        if let Err(error) = file.write_all(key.0.expose_secret()).and_then(|()| file.sync_all()) {
            // A key file with half a key would be in the way of the next start.
            let _ = fs::remove_file(path);
            return Err(files::failed(path, error));
        }
        Ok(key)
    }

    fn load(path: &Path) -> Result<Self> {
        let failed = |error| files::failed(path, error);
        let refused = |why: String| Error::KeyFile { path: path.to_owned(), why };
        let file = OpenOptions::new().read(true).open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(refused("is not a file".to_owned()));
        }
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(refused(format!(
                "others may use it (mode {mode:04o}); make it yours alone with `chmod 600 {}`",
                path.display()
            )));
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(KEY_BYTES + 1));
        file.take(KEY_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
        let key = <&[u8; KEY_BYTES]>::try_from(bytes.as_slice()).map_err(|_| {
            refused(format!(
                "has {} bytes instead of {KEY_BYTES}; restore it from a backup, or remove it: a new one is made, \
                 everybody signs in again, and nobody has a second factor any more",
                metadata.len()
            ))
        })?;
        Ok(Self::of(key))
    }

    fn of(bytes: &[u8; KEY_BYTES]) -> Self {
        Self(SecretBox::init_with_mut(|key: &mut [u8; KEY_BYTES]| key.copy_from_slice(bytes)))
    }

    /// For keys and names that other rooms make of it.
    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        self.0.expose_secret()
    }

    /// The key for one purpose and one token.
    pub(crate) fn derive(&self, token: &[u8], purpose: Purpose) -> Result<XChaCha20Poly1305> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        Hkdf::<Sha256>::new(Some(self.0.expose_secret()), token)
            .expand(purpose.0.as_bytes(), key.as_mut_slice())
            .map_err(|_| Error::SealBroken)?;
        XChaCha20Poly1305::new_from_slice(key.as_slice()).map_err(|_| Error::SealBroken)
    }
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ServerKey(secret)")
    }
}

/// Sixteen bytes by chance, for names and tokens.
///
/// # Errors
/// [`Error::Randomness`].
pub fn random() -> Result<[u8; 16]> {
    <[u8; 16]>::try_generate().map_err(|_| Error::Randomness)
}

/// A sealed value, as it is stored: nonce, then ciphertext and tag.
pub(crate) struct Sealed(pub(crate) Vec<u8>);

impl Sealed {
    /// Seals a value for one row.
    pub(crate) fn seal(
        value: &[u8],
        key: &ServerKey,
        token: &[u8],
        purpose: Purpose,
        row: &[u8],
    ) -> Result<Self> {
        let nonce = XNonce::try_generate().map_err(|_| Error::Randomness)?;
        let bound = bound(purpose, row);
        let sealed = key
            .derive(token, purpose)?
            .encrypt(&nonce, Payload { msg: value, aad: &bound })
            .map_err(|_| Error::SealBroken)?;
        Ok(Self([nonce.as_slice(), &sealed].concat()))
    }

    /// Opens a value that was sealed for this row.
    pub(crate) fn open(
        &self,
        key: &ServerKey,
        token: &[u8],
        purpose: Purpose,
        row: &[u8],
    ) -> Result<SecretBox<Vec<u8>>> {
        let (nonce, sealed) = self.0.split_at_checked(NONCE_BYTES).ok_or(Error::SealBroken)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| Error::SealBroken)?;
        let bound = bound(purpose, row);
        let opened = key
            .derive(token, purpose)?
            .decrypt(&nonce, Payload { msg: sealed, aad: &bound })
            .map_err(|_| Error::SealBroken)?;
        Ok(SecretBox::new(Box::new(opened)))
    }
}

/// What a sealed value is bound to: its purpose and its row. The zero byte keeps the two apart.
fn bound(purpose: Purpose, row: &[u8]) -> Vec<u8> {
    [purpose.0.as_bytes(), &[0], row].concat()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use secrecy::ExposeSecret;

    use super::{Error, Purpose, Sealed, ServerKey};

    const PURPOSE: Purpose = Purpose::SESSION_RECORD;

    #[test]
    fn a_key_file_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/pennypost.key");
        let first = ServerKey::load_or_create(&path).unwrap();
        let second = ServerKey::load_or_create(&path).unwrap();
        assert_eq!(first.0.expose_secret(), second.0.expose_secret());
        assert_ne!(first.0.expose_secret(), &[0; 32]);
        let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(path.clone()), 0o600);
        assert_eq!(mode(folder.path().join("data")), 0o700);
    }

    #[test]
    fn a_key_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pennypost.key");
        ServerKey::load_or_create(&path).unwrap();
        for mode in [0o640, 0o604, 0o620, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = ServerKey::load_or_create(&path).unwrap_err();
            assert!(matches!(error, Error::KeyFile { .. }), "{mode:o}: {error}");
            assert!(error.to_string().contains("chmod 600"), "{error}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        ServerKey::load_or_create(&path).unwrap();
    }

    #[test]
    fn a_key_file_of_another_size_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pennypost.key");
        ServerKey::load_or_create(&path).unwrap();
        for size in [0, 31, 33, 4096] {
            fs::write(&path, vec![7; size]).unwrap();
            let error = ServerKey::load_or_create(&path).unwrap_err().to_string();
            assert!(error.contains(&format!("{size} bytes instead of 32")), "{error}");
        }
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        assert!(matches!(ServerKey::load_or_create(&path), Err(Error::KeyFile { .. })));
    }

    #[test]
    fn a_key_is_never_printed() {
        let key = ServerKey::of(&[0x41; 32]);
        assert_eq!(format!("{key:?}"), "ServerKey(secret)");
    }

    #[test]
    fn a_value_opens_with_its_own_token_key_and_row_only() {
        let key = ServerKey::of(&[1; 32]);
        let sealed = Sealed::seal(b"secret", &key, b"token", PURPOSE, b"row").unwrap();
        let open = |key: &ServerKey, token: &[u8], purpose, row: &[u8]| sealed.open(key, token, purpose, row);
        assert_eq!(open(&key, b"token", PURPOSE, b"row").unwrap().expose_secret(), b"secret");
        for refused in [
            open(&ServerKey::of(&[2; 32]), b"token", PURPOSE, b"row"),
            open(&key, b"taken", PURPOSE, b"row"),
            open(&key, b"token", Purpose("another"), b"row"),
            open(&key, b"token", PURPOSE, b"roe"),
        ] {
            assert!(matches!(refused, Err(Error::SealBroken)));
        }
    }

    #[test]
    fn every_changed_bit_and_every_cut_is_noticed() {
        let key = ServerKey::of(&[1; 32]);
        let sealed = Sealed::seal(b"secret", &key, b"token", PURPOSE, b"row").unwrap();
        for bit in 0..sealed.0.len() * 8 {
            let mut changed = sealed.0.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(Sealed(changed).open(&key, b"token", PURPOSE, b"row").is_err(), "bit {bit}");
        }
        for length in 0..sealed.0.len() {
            let cut = sealed.0[..length].to_vec();
            assert!(Sealed(cut).open(&key, b"token", PURPOSE, b"row").is_err(), "length {length}");
        }
    }

    #[test]
    fn the_same_value_is_never_sealed_the_same_way() {
        let key = ServerKey::of(&[1; 32]);
        let seal = || Sealed::seal(b"secret", &key, b"token", PURPOSE, b"row").unwrap().0;
        assert_ne!(seal(), seal());
    }
}
