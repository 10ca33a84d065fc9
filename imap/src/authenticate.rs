//! Signing in, only ever over TLS. With a password: SASL PLAIN (RFC 4616) where offered, else LOGIN (RFC 9051 §6.2.3). With
//! a token: OAUTHBEARER (RFC 7628), else XOAUTH2, and never LOGIN, which would hand the token over as if it were a password.

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::capability::{Capabilities, Capability};
use crate::connection::Connection;
use crate::error::{Error, Refusal, Result};
use crate::wire::command::Command;
use crate::wire::limits::Limits;
use crate::wire::response::Code;

mod sasl;

/// Who signs in, and with what.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The name of the account, most often an address.
    pub login: String,
    /// What proves that it is theirs.
    pub proof: Proof,
}

/// What proves who somebody is. It is wiped when dropped and never printed.
#[derive(Clone, Debug)]
pub enum Proof {
    /// The account's password.
    Password(SecretString),
    /// An access token of OAuth 2.0 (RFC 6750). Whoever got it renews it; here it holds or it does not.
    Token(SecretString),
}

impl Credentials {
    /// Name and password.
    pub fn with_password(login: impl Into<String>, password: SecretString) -> Self {
        Self { login: login.into(), proof: Proof::Password(password) }
    }

    /// Name and access token.
    pub fn with_token(login: impl Into<String>, token: SecretString) -> Self {
        Self { login: login.into(), proof: Proof::Token(token) }
    }

    /// Whether these are the same. The time that it takes tells nothing of the secret.
    pub fn are(&self, others: &Self) -> bool {
        let ((Proof::Password(ours), Proof::Password(theirs)) | (Proof::Token(ours), Proof::Token(theirs))) =
            (&self.proof, &others.proof)
        else {
            return false;
        };
        let same = ours.expose_secret().as_bytes().ct_eq(theirs.expose_secret().as_bytes());
        self.login == others.login && bool::from(same)
    }

    /// Whether either could be read as more than it is.
    fn are_unwritable(&self) -> bool {
        let login = self.login.as_str();
        match &self.proof {
            // A NUL would end a field of PLAIN; line breaks have no business in either; some servers take an empty
            // password for an anonymous guest.
            Proof::Password(password) => [login, password.expose_secret()]
                .iter()
                .any(|text| text.is_empty() || text.contains(['\0', '\r', '\n'])),
            // Fields end with a control character. Tokens have visible letters alone (RFC 6750 §2.1).
            Proof::Token(token) => {
                let token = token.expose_secret();
                login.is_empty()
                    || login.chars().any(char::is_control)
                    || token.is_empty()
                    || !token.bytes().all(|byte| byte.is_ascii_graphic())
            }
        }
    }
}

impl Connection {
    /// Signs in.
    ///
    /// # Errors
    /// [`Error::AuthenticationFailed`] when name and password or token do not fit; [`Error::SignInRefused`] when it is
    /// something else that is wrong; [`Error::LoginDisabled`] when the server knows no way that we know.
    pub async fn authenticate(&mut self, credentials: &Credentials) -> Result<()> {
        if credentials.are_unwritable() {
            return Err(Error::AuthenticationFailed { code: None, text: String::new() });
        }
        let (command, replies) = best_way(self.capabilities().await?, credentials)?;
        self.expect_capabilities();
        for completion in self.converse(&[command], Limits::SMALL, &replies).await? {
            completion.map_err(refused)?;
        }
        // Another list holds after signing in (RFC 9051 §6.2.2); servers that care send it along.
        self.forget_old_capabilities();
        Ok(())
    }
}

/// A command, and what is answered whenever the server waits for more.
type Way = (Command, Vec<Zeroizing<Vec<u8>>>);

fn best_way(capabilities: &Capabilities, credentials: &Credentials) -> Result<Way> {
    let login = credentials.login.as_str();
    let (mechanism, message, farewell) = match &credentials.proof {
        Proof::Password(password) => {
            let password = password.expose_secret();
            if capabilities.has(Capability::AuthPlain) {
                ("PLAIN", sasl::plain(login, password), None)
            } else if capabilities.has(Capability::LoginDisabled) {
                return Err(Error::LoginDisabled);
            } else {
                return Ok((Command::new("LOGIN").string(login)?.string(password)?, Vec::new()));
            }
        }
        // A server that does not take the token says why before it refuses, and waits for an answer to that
        // (RFC 7628 §3.2.3). Its words are about the token: they are neither kept nor logged.
        Proof::Token(token) => {
            let token = token.expose_secret();
            if capabilities.has(Capability::AuthOauthbearer) {
                ("OAUTHBEARER", sasl::oauthbearer(login, token), Some(sasl::SEPARATOR))
            } else if capabilities.has(Capability::AuthXoauth2) {
                ("XOAUTH2", sasl::xoauth2(login, token), Some(sasl::NOTHING))
            } else {
                return Err(Error::LoginDisabled);
            }
        }
    };
    let command = Command::new("AUTHENTICATE").word(mechanism);
    let farewell = farewell.map(|farewell| Zeroizing::new(farewell.to_vec()));
    if capabilities.has(Capability::SaslIr) {
        Ok((command.base64(&message), farewell.into_iter().collect()))
    } else {
        Ok((command, [message].into_iter().chain(farewell).collect()))
    }
}

/// A refusal counts as a wrong password or token unless its code says otherwise (RFC 5530 §3).
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
    use super::Credentials;
    use crate::error::{Error, Result};
    use crate::scripted::{Journal, greeted, heard};
    use crate::wire::response::Code;

    fn anna(password: &str) -> Credentials {
        Credentials::with_password("anna@demo.test", password.into())
    }

    async fn signed_in(greeting: &str, script: &[(&'static str, &'static str)]) -> (Result<()>, String) {
        let (mut connection, server) = greeted(greeting, script).await;
        let outcome = connection.authenticate(&anna("es\"presso")).await;
        drop(connection);
        (outcome, heard(server).await)
    }

    /// What becomes of a token when the server states these capabilities.
    async fn with_token(stated: &str, script: &[(&'static str, &'static str)]) -> (Result<()>, String) {
        let (mut connection, server) = greeted(&format!("[CAPABILITY IMAP4rev1 {stated}]"), script).await;
        let outcome =
            connection.authenticate(&Credentials::with_token("a=n,na@x", "ya29.T0-k/e=".into())).await;
        drop(connection);
        (outcome, heard(server).await)
    }

    #[test]
    fn credentials_are_the_same_only_with_the_same_secret_of_the_same_kind_and_print_none() {
        let token = |token: &str| Credentials::with_token("anna@demo.test", token.into());
        assert!(anna("x").are(&anna("x")) && token("x").are(&token("x")));
        assert!(!anna("x").are(&anna("y")) && !token("x").are(&token("xx")));
        assert!(!anna("x").are(&token("x")) && !token("x").are(&anna("x")));
        let printed = format!("{:?}{:?}", anna("espresso"), token("espresso"));
        assert!(!printed.contains("espresso"), "{printed}");
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
    async fn a_token_travels_by_the_standard_before_the_habit_and_never_as_a_password() {
        let bearer = "bixhPWE9M0RuPTJDbmFAeCwBYXV0aD1CZWFyZXIgeWEyOS5UMC1rL2U9AQE=";
        let xoauth2 = "dXNlcj1hPW4sbmFAeAFhdXRoPUJlYXJlciB5YTI5LlQwLWsvZT0BAQ==";
        let steps = &[("AUTHENTICATE", "+ \r\n"), ("", "p1 OK in\r\n")];
        for (stated, expected) in [
            ("SASL-IR AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER", format!("OAUTHBEARER {bearer}\r\n")),
            ("SASL-IR AUTH=PLAIN AUTH=XOAUTH2", format!("XOAUTH2 {xoauth2}\r\n")),
        ] {
            let (outcome, heard) = with_token(stated, &[]).await;
            assert!(outcome.is_ok() && heard == format!("p1 AUTHENTICATE {expected}"), "{heard}");
        }
        for (stated, expected) in [
            ("AUTH=OAUTHBEARER", format!("OAUTHBEARER\r\n{bearer}\r\n")),
            ("AUTH=XOAUTH2", format!("XOAUTH2\r\n{xoauth2}\r\n")),
        ] {
            let (outcome, heard) = with_token(stated, steps).await;
            assert!(outcome.is_ok() && heard == format!("p1 AUTHENTICATE {expected}"), "{heard}");
        }
        let (outcome, heard) = with_token("SASL-IR AUTH=PLAIN AUTH=LOGIN", &[]).await;
        assert!(matches!(outcome, Err(Error::LoginDisabled)) && heard.is_empty(), "{heard}");
    }

    #[tokio::test]
    async fn a_refused_token_is_told_apart_and_the_servers_reasons_are_answered_and_forgotten() {
        let (journal, _listening) = Journal::begin();
        let reasons = "+ eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=\r\n";
        let no = "p1 NO [AUTHENTICATIONFAILED] Invalid credentials\r\n";
        let at_once = &[("AUTHENTICATE", reasons), ("", no)];
        let in_steps = &[("AUTHENTICATE", "+\r\n"), ("bixh", reasons), ("dXNlcj", reasons), ("", no)];
        for (stated, script, farewell) in [
            ("SASL-IR AUTH=OAUTHBEARER", at_once as &[_], "AQ==\r\n"),
            ("SASL-IR AUTH=XOAUTH2", at_once, "\r\n"),
            ("AUTH=OAUTHBEARER AUTH=PLAIN", in_steps, "AQ==\r\n"),
            ("AUTH=XOAUTH2 AUTH=PLAIN", in_steps, "\r\n"),
        ] {
            let (outcome, heard) = with_token(stated, script).await;
            let error = outcome.unwrap_err();
            assert!(matches!(error, Error::AuthenticationFailed { .. }), "{stated}: {error:?}");
            assert_eq!(
                (error.code(), error.text()),
                (Some(&Code::AuthenticationFailed), Some("Invalid credentials"))
            );
            assert!(heard.ends_with(&format!("\r\n{farewell}")) && !heard.contains("LOGIN"), "{heard}");
            assert!(!format!("{error:?}").contains("eyJ"));
        }
        // Once refused, it is not asked for ever.
        let (outcome, _) = with_token("SASL-IR AUTH=XOAUTH2", &[("", reasons)]).await;
        assert!(matches!(outcome, Err(Error::Nonsense { .. })));
        let (outcome, _) =
            with_token("SASL-IR AUTH=XOAUTH2", &[("", "{tag} NO [UNAVAILABLE] later\r\n")]).await;
        assert!(matches!(outcome, Err(Error::SignInRefused { code: Some(Code::Unavailable), .. })));
        let log = journal.text();
        assert!(log.contains("AUTHENTICATE"), "{log}");
        for secret in ["eyJ", "ya29", "bixh", "dXNlcj", "invalid", "na@x"] {
            assert!(!log.contains(secret), "{log}");
        }
    }

    #[tokio::test]
    async fn a_token_that_could_be_more_than_that_stays_here() {
        for (login, token) in [
            ("a", ""),
            ("", "t"),
            ("a\u{1}auth=Bearer x", "t"),
            ("a", "t\u{1}"),
            ("a", "t t"),
            ("a", "t\r\nx"),
        ] {
            let (mut connection, server) = greeted("[CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR]", &[]).await;
            let error =
                connection.authenticate(&Credentials::with_token(login, token.into())).await.unwrap_err();
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
