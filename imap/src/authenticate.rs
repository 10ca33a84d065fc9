//! Signing in: SASL PLAIN (RFC 4616) where offered, else LOGIN (RFC 9051 §6.2.3). Only ever over TLS.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::capability::Capability;
use crate::connection::Connection;
use crate::error::{Error, Refusal, Result};
use crate::wire::command::Command;
use crate::wire::limits::Limits;
use crate::wire::response::Code;

/// Who signs in, and with what.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The name of the account, most often an address.
    pub login: String,
    /// Its password.
    pub password: SecretString,
}

impl Credentials {
    /// Whether these are the same. The time that it takes tells nothing of the password.
    pub fn are(&self, others: &Self) -> bool {
        let ours = self.password.expose_secret().as_bytes();
        self.login == others.login && bool::from(ours.ct_eq(others.password.expose_secret().as_bytes()))
    }
}

impl Connection {
    /// Signs in.
    ///
    /// # Errors
    /// [`Error::AuthenticationFailed`] when name or password are wrong; [`Error::SignInRefused`] when it is something
    /// else that is wrong; [`Error::LoginDisabled`] when the server knows no way that we know.
    pub async fn authenticate(&mut self, credentials: &Credentials) -> Result<()> {
        let login = credentials.login.as_str();
        let password = credentials.password.expose_secret();
        // A NUL would end a field of PLAIN; line breaks have no business in either; some servers take an empty
        // password for an anonymous guest.
        let unwritable = |text: &str| text.is_empty() || text.contains(['\0', '\r', '\n']);
        if unwritable(login) || unwritable(password) {
            return Err(Error::AuthenticationFailed { code: None, text: String::new() });
        }
        let capabilities = self.capabilities().await?;
        let at_once = capabilities.has(Capability::SaslIr);
        let (command, reply) = if capabilities.has(Capability::AuthPlain) {
            let command = Command::new("AUTHENTICATE").word("PLAIN");
            let message = plain(login, password);
            if at_once { (command.base64(&message), None) } else { (command, Some(message)) }
        } else if capabilities.has(Capability::LoginDisabled) {
            return Err(Error::LoginDisabled);
        } else {
            (Command::new("LOGIN").string(login)?.string(password)?, None)
        };
        self.expect_capabilities();
        let reply = reply.as_ref().map(|reply| reply.as_slice());
        for completion in self.converse(&[command], Limits::SMALL, reply).await? {
            completion.map_err(refused)?;
        }
        // Another list holds after signing in (RFC 9051 §6.2.2); servers that care send it along.
        self.forget_old_capabilities();
        Ok(())
    }
}

/// The message of PLAIN in base64, without leaving copies of the password behind.
fn plain(login: &str, password: &str) -> Zeroizing<Vec<u8>> {
    let mut message = Zeroizing::new(Vec::with_capacity(login.len() + password.len() + 2));
    for field in [login, password] {
        message.push(0);
        message.extend_from_slice(field.as_bytes());
    }
    let mut encoded = Zeroizing::new(vec![0; message.len().div_ceil(3) * 4]);
    let length = BASE64_STANDARD.encode_slice(&*message, &mut encoded).unwrap_or_default();
    encoded.truncate(length);
    encoded
}

/// A refusal counts as a wrong password unless its code says otherwise (RFC 5530 §3).
fn refused(error: Error) -> Error {
    let Error::Refused { status, code, text, .. } = error else { return error };
    let otherwise = matches!(
        code,
        Some(
            Code::Alert
                | Code::Cannot
                | Code::ContactAdmin
                | Code::Expired
                | Code::InUse
                | Code::Limit
                | Code::PrivacyRequired
                | Code::ServerBug
                | Code::Unavailable
        )
    );
    if otherwise || status == Refusal::Bad {
        Error::SignInRefused { code, text }
    } else {
        Error::AuthenticationFailed { code, text }
    }
}

#[cfg(test)]
mod tests {
    use super::{Credentials, plain};
    use crate::error::{Error, Result};
    use crate::scripted::{greeted, heard};
    use crate::wire::response::Code;

    fn anna(password: &str) -> Credentials {
        Credentials { login: "anna@demo.test".into(), password: password.into() }
    }

    async fn signed_in(greeting: &str, script: &[(&'static str, &'static str)]) -> (Result<()>, String) {
        let (mut connection, server) = greeted(greeting, script).await;
        let outcome = connection.authenticate(&anna("es\"presso")).await;
        drop(connection);
        (outcome, heard(server).await)
    }

    #[test]
    fn plain_is_base64_of_name_and_password() {
        assert_eq!(plain("tim", "tanstaaftanstaaf").as_slice(), b"AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
    }

    #[tokio::test]
    async fn the_best_way_that_is_offered_is_taken() {
        let ok = &[("", "{tag} OK in\r\n")];
        let (outcome, heard) = signed_in("[CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]", ok).await;
        assert!(outcome.is_ok() && heard.starts_with("p1 AUTHENTICATE PLAIN AGFubm"), "{heard}");
        let steps = &[("AUTHENTICATE PLAIN\r", "+ \r\n"), ("AGFubm", "p1 OK in\r\n")];
        let (outcome, heard) = signed_in("[CAPABILITY IMAP4rev1 AUTH=PLAIN LOGINDISABLED]", steps).await;
        assert!(outcome.is_ok() && heard.starts_with("p1 AUTHENTICATE PLAIN\r\nAGFubm"), "{heard}");
        let (outcome, heard) = signed_in("[CAPABILITY IMAP4rev1]", ok).await;
        assert!(outcome.is_ok());
        assert_eq!(heard, "p1 LOGIN \"anna@demo.test\" \"es\\\"presso\"\r\n");
        let (outcome, heard) = signed_in("[CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2]", ok).await;
        assert!(matches!(outcome, Err(Error::LoginDisabled)) && heard.is_empty());
    }

    #[tokio::test]
    async fn a_wrong_password_and_other_refusals_are_told_apart() {
        let answered = async |answer| {
            signed_in("[CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN]", &[("", answer)]).await.0.unwrap_err()
        };
        for answer in ["{tag} NO\r\n", "{tag} NO [AUTHENTICATIONFAILED] no\r\n"] {
            assert!(matches!(answered(answer).await, Error::AuthenticationFailed { .. }), "{answer}");
        }
        let error = answered("{tag} NO [UNAVAILABLE] backend down\r\n").await;
        assert!(matches!(error, Error::SignInRefused { code: Some(Code::Unavailable), .. }));
        assert_eq!(error.text(), Some("backend down"));
        // People must see these words, and they are seldom about the password itself.
        let error = answered("{tag} NO [ALERT] app password required\r\n").await;
        assert!(matches!(error, Error::SignInRefused { code: Some(Code::Alert), .. }));
        assert!(matches!(answered("{tag} BAD what\r\n").await, Error::SignInRefused { .. }));
        assert!(matches!(answered("* BYE too many\r\n").await, Error::Bye { .. }));
    }

    #[tokio::test]
    async fn a_name_or_password_that_could_be_more_than_that_stays_here() {
        for password in ["a\r\nA2 LOGOUT", "a\0b", "", "a\n"] {
            let (mut connection, server) = greeted("[CAPABILITY IMAP4rev1]", &[]).await;
            let error = connection.authenticate(&anna(password)).await.unwrap_err();
            assert!(matches!(error, Error::AuthenticationFailed { .. }));
            drop(connection);
            assert_eq!(heard(server).await, "");
        }
    }

    #[tokio::test]
    async fn what_the_server_could_before_signing_in_is_asked_anew() {
        let script = &[("LOGIN", "{tag} OK\r\n"), ("CAPABILITY", "* CAPABILITY QUOTA\r\n{tag} OK\r\n")];
        let (mut connection, _server) = greeted("[CAPABILITY IMAP4rev1 ACL]", script).await;
        connection.authenticate(&anna("x")).await.unwrap();
        let capabilities: Vec<_> =
            connection.capabilities().await.unwrap().iter().map(str::to_owned).collect();
        assert_eq!(capabilities, ["QUOTA"]);
    }
}
