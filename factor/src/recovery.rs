//! Recovery codes: what somebody keeps on paper for the day on which the other factors are gone.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// Codes in a set.
pub const CODES: usize = 10;

/// Bytes of the salt of a set.
pub const SALT_BYTES: usize = 16;

/// Bytes of the hash of a code.
pub const HASH_BYTES: usize = 32;

/// Random bytes in a code: 80 bits, so that nobody finds one from its hash.
const CODE_BYTES: usize = 10;

/// Letters of a code, of five bits each, and how many stand together.
const LETTERS: usize = CODE_BYTES * 8 / 5;
const GROUP: usize = 4;

/// Crockford's base32: no I, L, O and U, so that no two letters look alike.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Bytes of a typed code that are looked at.
const TYPED: usize = 128;

/// Argon2id as OWASP's cheat sheet on storing passwords has it: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A new set. The codes are shown once; salt and hashes are kept.
pub struct Set {
    /// The codes, as they are shown.
    pub codes: Vec<Zeroizing<String>>,
    /// One salt for all, so that checking a code costs one hash. The codes are random: nothing is learned from it.
    pub salt: [u8; SALT_BYTES],
    /// Their hashes.
    pub hashes: Vec<[u8; HASH_BYTES]>,
}

impl Set {
    /// A new set, of the system's random bytes. It costs ten hashes, of some twenty milliseconds and 19 MiB each: not for a
    /// thread that serves others.
    ///
    /// # Errors
    /// [`Error::System`].
    pub fn generate() -> Result<Self> {
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(|_| Error::System)?;
        let (mut codes, mut hashes) = (Vec::with_capacity(CODES), Vec::with_capacity(CODES));
        for _ in 0..CODES {
            let mut code = Code(Zeroizing::new([0; CODE_BYTES]));
            getrandom::fill(code.0.as_mut_slice()).map_err(|_| Error::System)?;
            hashes.push(code.hash(&salt)?);
            codes.push(code.written());
        }
        Ok(Self { codes, salt, hashes })
    }
}

impl fmt::Debug for Set {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Set(secret)")
    }
}

/// A recovery code.
#[derive(PartialEq, Eq)]
pub struct Code(Zeroizing<[u8; CODE_BYTES]>);

impl Code {
    /// Reads what somebody typed from paper: either case, any blanks and dashes, o for 0, i and l for 1. `None` if it is the
    /// spelling of no code; nothing needs to be hashed then.
    pub fn read(typed: &str) -> Option<Self> {
        if typed.len() > TYPED {
            return None;
        }
        let mut code = Zeroizing::new([0; CODE_BYTES]);
        let mut letters = 0;
        for letter in typed.chars().filter(|letter| !is_between(*letter)) {
            let value = value(letter)?;
            for bit in 0..5 {
                let place = letters * 5 + bit;
                *code.get_mut(place / 8)? |= (value >> (4 - bit) & 1) << (7 - place % 8);
            }
            letters += 1;
        }
        (letters == LETTERS).then_some(Self(code))
    }

    /// Four groups of four letters.
    pub fn written(&self) -> Zeroizing<String> {
        // Room for all of it, so that no part stays behind where it grew.
        let mut written = Zeroizing::new(String::with_capacity(LETTERS + LETTERS / GROUP));
        for letter in 0..LETTERS {
            if letter > 0 && letter % GROUP == 0 {
                written.push('-');
            }
            let value = (0..5).fold(0, |value, bit| {
                let place = letter * 5 + bit;
                value << 1 | self.0[place / 8] >> (7 - place % 8) & 1
            });
            written.push(char::from(ALPHABET[usize::from(value)]));
        }
        written
    }

    /// The hash under the salt of a set (argon2id, RFC 9106). Some twenty milliseconds and 19 MiB: not for a thread that
    /// serves others.
    ///
    /// # Errors
    /// [`Error::Broken`] for a salt that is none, [`Error::System`] without memory.
    pub fn hash(&self, salt: &[u8]) -> Result<[u8; HASH_BYTES]> {
        let parameters =
            Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH_BYTES)).map_err(|_| Error::Broken)?;
        let mut hash = [0; HASH_BYTES];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
            .hash_password_into(self.0.as_slice(), salt, &mut hash)
            .map_err(|error| match error {
                argon2::Error::OutOfMemory => Error::System,
                _ => Error::Broken,
            })?;
        Ok(hash)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Code(secret)")
    }
}

/// What may stand between letters: blanks, and dashes of every length, since some programs make them longer.
fn is_between(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The five bits of a letter.
fn value(letter: char) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = ALPHABET.iter().position(|known| char::from(*known) == letter)?;
    u8::try_from(place).ok()
}

#[cfg(test)]
mod tests;
