//! The messages of SASL mechanisms in base64 (RFC 4422, RFC 9051 §6.2.2), without leaving copies of secrets behind.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

/// What OAUTHBEARER answers to an error: the separator of its fields alone (RFC 7628 §3.2.3).
pub(super) const SEPARATOR: &[u8] = b"AQ==";

/// What XOAUTH2 answers to an error.
pub(super) const NOTHING: &[u8] = b"";

/// PLAIN (RFC 4616 §2): no identity to act for, then name and password.
pub(super) fn plain(login: &str, password: &str) -> Zeroizing<Vec<u8>> {
    encoded(&["\0", login, "\0", password])
}

/// OAUTHBEARER (RFC 7628 §3.1). Host and port are for tokens that are bound to them, which bearer tokens are not.
pub(super) fn oauthbearer(login: &str, token: &str) -> Zeroizing<Vec<u8>> {
    // A comma would end the name (RFC 5801 §4).
    let login = login.replace('=', "=3D").replace(',', "=2C");
    encoded(&["n,a=", &login, ",\u{1}auth=Bearer ", token, "\u{1}\u{1}"])
}

/// XOAUTH2, which Google and Microsoft had before there was a standard.
pub(super) fn xoauth2(login: &str, token: &str) -> Zeroizing<Vec<u8>> {
    encoded(&["user=", login, "\u{1}auth=Bearer ", token, "\u{1}\u{1}"])
}

fn encoded(pieces: &[&str]) -> Zeroizing<Vec<u8>> {
    // With room for all of it from the start: a buffer that grows leaves its old self in memory.
    let mut message = Zeroizing::new(Vec::with_capacity(pieces.iter().map(|piece| piece.len()).sum()));
    for piece in pieces {
        message.extend_from_slice(piece.as_bytes());
    }
    let mut encoded = Zeroizing::new(vec![0; message.len().div_ceil(3) * 4]);
    let length = BASE64_STANDARD.encode_slice(&*message, &mut encoded).unwrap_or_default();
    encoded.truncate(length);
    encoded
}

#[cfg(test)]
mod tests {
    use super::{oauthbearer, plain, xoauth2};

    #[test]
    fn plain_is_base64_of_name_and_password() {
        assert_eq!(plain("tim", "tanstaaftanstaaf").as_slice(), b"AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
    }

    #[test]
    fn the_example_of_google_is_written_as_google_writes_it() {
        let expected = "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ==";
        let message = xoauth2("someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg");
        assert_eq!(message.as_slice(), expected.as_bytes());
    }

    #[test]
    fn the_example_of_the_standard_is_written_without_host_and_port() {
        let message = oauthbearer("user@example.com", "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==");
        let expected = b"bixhPXVzZXJAZXhhbXBsZS5jb20sAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB";
        assert_eq!(message.as_slice(), expected);
    }
}
