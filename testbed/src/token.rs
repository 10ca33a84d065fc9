//! Access tokens that Dovecot takes in place of a password, where [`crate::Options::tokens`] says so: JSON Web Tokens
//! (RFC 7519), signed with a key that is no secret, so that no other server is needed.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

use crate::dovecot::write;
use crate::people::Person;
use crate::{Error, Result};

const KEY: &str = "the key of the testbed, which everybody may know";

/// In seconds.
const HOUR: u64 = 3600;

/// Writes key and settings into the folder; gives the part of Dovecot's settings that names them.
pub(crate) fn prepare(dir: &Path, mechanisms: &str) -> Result<String> {
    // Dovecot looks for keys by issuer, algorithm and name.
    let keys = dir.join("token-keys");
    let of_algorithm = keys.join("default/HS256");
    std::fs::create_dir_all(&of_algorithm).map_err(Error::io("create", &of_algorithm))?;
    write(&of_algorithm.join("default"), &BASE64_STANDARD.encode(KEY))?;
    let settings = dir.join("tokens.conf");
    let keys = keys.display();
    write(
        &settings,
        &format!("introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={keys}/\n"),
    )?;
    let settings = settings.display();
    Ok(format!("passdb {{\n  driver = oauth2\n  mechanisms = {mechanisms}\n  args = {settings}\n}}"))
}

/// A token for somebody, which holds for an hour.
///
/// # Errors
/// When the `openssl` program can't sign it.
pub fn of(person: &Person) -> Result<String> {
    let now = now();
    signed(person, now.saturating_sub(HOUR), now.saturating_add(HOUR))
}

/// A token for somebody, which held until an hour ago.
///
/// # Errors
/// As [`of`].
pub fn expired(person: &Person) -> Result<String> {
    let ended = now().saturating_sub(HOUR);
    signed(person, ended.saturating_sub(HOUR), ended)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn signed(person: &Person, from: u64, until: u64) -> Result<String> {
    let claims = serde_json::json!({
        "sub": person.address,
        "email": person.address,
        "iat": from,
        "nbf": from,
        "exp": until,
    });
    let encoded = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let header = encoded(br#"{"alg":"HS256","typ":"JWT"}"#);
    let signed = format!("{header}.{}", encoded(claims.to_string().as_bytes()));
    let signature = encoded(&signature(signed.as_bytes())?);
    Ok(format!("{signed}.{signature}"))
}

fn signature(bytes: &[u8]) -> Result<Vec<u8>> {
    let missing = |_| Error::Missing { binary: "openssl".into(), package: "openssl".into() };
    let mut openssl = Command::new("openssl")
        .args(["dgst", "-sha256", "-binary", "-hmac", KEY])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(missing)?;
    if let Some(mut input) = openssl.stdin.take() {
        input.write_all(bytes).map_err(missing)?;
    }
    Ok(openssl.wait_with_output().map_err(missing)?.stdout)
}
