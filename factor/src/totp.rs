//! Codes of the moment (RFC 6238): SHA-1, six digits, thirty seconds, as every app for it understands.

use std::fmt;

use qrcodegen::{QrCode, QrCodeEcc};
use serde::{Deserialize, Serialize};
use totp_rs::{Algorithm, Builder};
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// Bytes of a secret: 160 bits, as long as what SHA-1 gives (RFC 4226 §4).
pub const SECRET_BYTES: usize = 20;

/// Digits of a code.
const DIGITS: u8 = 6;

/// Seconds that a code lasts.
const STEP_SECONDS: i64 = 30;

/// Steps before and after this one whose codes are taken: clocks go wrong and people type slowly (RFC 6238 §5.2).
const SKEW: i64 = 1;

/// Bytes of a typed code that are looked at.
const TYPED: usize = 32;

/// One step of thirty seconds, counted since 1970. The code of a step counts once: keep the last one that was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Step(pub i64);

impl Step {
    /// Before every code: for a factor that was not used yet.
    pub const NONE: Self = Self(0);
}

/// The secret that an app for codes shares with us. Serialising gives the secret itself, for what is sealed.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Totp(Zeroizing<[u8; SECRET_BYTES]>);

impl Totp {
    /// A new secret, of the system's random bytes.
    ///
    /// # Errors
    /// [`Error::System`].
    pub fn generate() -> Result<Self> {
        let mut secret = Zeroizing::new([0; SECRET_BYTES]);
        getrandom::fill(secret.as_mut_slice()).map_err(|_| Error::System)?;
        Ok(Self(secret))
    }

    /// A secret as [`Totp::stored`] gave it.
    ///
    /// # Errors
    /// [`Error::Broken`] if it is of another length.
    pub fn restore(stored: &[u8]) -> Result<Self> {
        let secret = <&[u8; SECRET_BYTES]>::try_from(stored).map_err(|_| Error::Broken)?;
        Ok(Self(Zeroizing::new(*secret)))
    }

    /// The secret, for what is sealed.
    pub fn stored(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The secret in base32, for those who type.
    ///
    /// # Errors
    /// None that is expected.
    pub fn base32(&self) -> Result<Zeroizing<String>> {
        Ok(Zeroizing::new(self.built("", "")?.secret().to_base32()))
    }

    /// The secret as an `otpauth:` address, which apps for codes take. A colon in either name becomes a blank, since it
    /// would part them.
    ///
    /// # Errors
    /// [`Error::Broken`] if there is no name of the account.
    pub fn address(&self, issuer: &str, account: &str) -> Result<Zeroizing<String>> {
        let totp = self.built(&issuer.replace(':', " "), &account.replace(':', " "))?;
        Ok(Zeroizing::new(totp.to_url().map_err(|_| Error::Broken)?))
    }

    /// The step whose code this is: this one, the one before or the one after, and later than the `last` that was used.
    /// Blanks between digits are fine.
    ///
    /// Whoever calls keeps the step in the same breath in which the code counts, so that it counts once.
    pub fn check(&self, typed: &str, last: Step, now: i64) -> Option<Step> {
        if typed.len() > TYPED {
            return None;
        }
        let code: Zeroizing<String> =
            Zeroizing::new(typed.chars().filter(|letter| !letter.is_whitespace()).collect());
        if code.len() != usize::from(DIGITS) || !code.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let totp = self.built("", "").ok()?;
        let here = now.div_euclid(STEP_SECONDS);
        (here - SKEW..=here + SKEW)
            .filter(|step| *step > last.0)
            .find(|step| {
                u64::try_from(step * STEP_SECONDS).is_ok_and(|time| totp.check(&code, time).is_some())
            })
            .map(Step)
    }

    fn built(&self, issuer: &str, account: &str) -> Result<totp_rs::Totp> {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_step_duration(STEP_SECONDS.unsigned_abs())
            // Which steps are taken is decided in `check`, which knows the last one.
            .with_skew(0)
            .with_secret(*self.0)
            .with_issuer((!issuer.is_empty()).then_some(issuer))
            .with_account_name(account)
            .build()
            .map_err(|_| Error::Broken)
    }
}

impl fmt::Debug for Totp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Totp(secret)")
    }
}

/// An address as a picture to point a camera at (QR code, ISO/IEC 18004): for each row from the top, which modules are
/// dark. Without the quiet zone of four light modules that belongs around it.
///
/// # Errors
/// [`Error::TooLong`].
pub fn picture(address: &str) -> Result<Vec<Vec<bool>>> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).map_err(|_| Error::TooLong)?;
    let side = 0..code.size();
    Ok(side.clone().map(|row| side.clone().map(|column| code.get_module(column, row)).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::{Step, Totp, picture};

    /// The secret of the vectors in RFC 6238, appendix B.
    fn vectors() -> Totp {
        Totp::restore(b"12345678901234567890").unwrap()
    }

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        // The last six of the eight digits there.
        for (now, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(vectors().check(code, Step::NONE, now), Some(Step(now / 30)), "{now}");
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_and_one_step_late_and_no_further() {
        let (now, code) = (1_111_111_109, "081804");
        let step = Some(Step(now / 30));
        for (later, taken) in [(-60, None), (-30, step), (0, step), (30, step), (60, None)] {
            assert_eq!(vectors().check(code, Step::NONE, now + later), taken, "{later}");
        }
    }

    #[test]
    fn a_code_that_was_used_is_refused_and_so_is_every_one_before_it() {
        let (now, code) = (1_111_111_109, "081804");
        let used = vectors().check(code, Step::NONE, now).unwrap();
        for later in [-30, 0, 30] {
            assert_eq!(vectors().check(code, used, now + later), None);
        }
        assert_eq!(vectors().check(code, Step(used.0 + 1), now), None);
        // The next one follows thirty seconds later.
        assert_eq!(vectors().check("050471", used, now + 2), Some(Step(used.0 + 1)));
    }

    #[test]
    fn blanks_are_fine_and_nothing_else_beside_six_digits_is() {
        let check = |typed: &str| vectors().check(typed, Step::NONE, 59).is_some();
        assert!(check("287082") && check(" 287 082\n") && check("287\u{a0}082"));
        for wrong in ["", "28708", "2870820", "287082a", "+87082", "-87082", "２８７０８２", "000000"] {
            assert!(!check(wrong), "{wrong}");
        }
        assert!(!check(&format!("287082{}", " ".repeat(1_000_000))));
    }

    #[test]
    fn no_time_is_too_odd() {
        for now in [i64::MIN / 2, -1, 0, 29, i64::MAX / 2] {
            assert_eq!(vectors().check("000000", Step::NONE, now), None, "{now}");
        }
    }

    #[test]
    fn an_address_names_issuer_and_account_and_has_the_secret() {
        let address = vectors().address("Penny:post", "ada+mail@example.org").unwrap();
        let secret = vectors().base32().unwrap();
        assert_eq!(secret.as_str(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let name = "Penny%20post:ada%2Bmail%40example.org";
        let expected = format!("otpauth://totp/{name}?secret={}&issuer=Penny%20post", secret.as_str());
        assert_eq!(address.as_str(), expected);
        assert!(vectors().address("Pennypost", "").is_err());
    }

    #[test]
    fn a_picture_is_a_square_with_its_three_eyes() {
        let picture = picture(&vectors().address("Pennypost", "ada@example.org").unwrap()).unwrap();
        let side = picture.len();
        assert!(picture.iter().all(|row| row.len() == side) && side >= 21);
        for (row, column) in [(0, 0), (0, side - 7), (side - 7, 0)] {
            assert!((0..7).all(|step| picture[row][column + step] && picture[row + step][column]));
            assert!(!picture[row + 1][column + 1] && picture[row + 3][column + 3]);
        }
        assert!(super::picture(&"x".repeat(3_000)).is_err());
    }

    #[test]
    fn every_secret_is_new_comes_back_and_is_never_printed() {
        let (one, other) = (Totp::generate().unwrap(), Totp::generate().unwrap());
        assert_ne!(one.stored(), other.stored());
        assert_eq!(Totp::restore(one.stored()).unwrap().stored(), one.stored());
        assert!(Totp::restore(&one.stored()[1..]).is_err());
        let json = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<Totp>(&json).unwrap().stored(), one.stored());
        assert_eq!(format!("{one:?}"), "Totp(secret)");
    }
}
