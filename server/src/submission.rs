//! The server that takes messages to be sent (RFC 6409): the way to it, by lettre.
//!
//! TLS always comes first, by STARTTLS or from the first byte; a server that will not is an error and never a reason
//! to talk in the clear.

use std::io;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::time::timeout;

use crate::config::submission::Submission;
use crate::config::value::Security;

/// Longest time for each step: connecting, greeting and TLS, signing in. Servers delay greetings on purpose, hence more
/// than for IMAP.
pub const STEP_LIMIT: Duration = Duration::from_secs(30);

/// How a password is told. Both only ever over TLS.
pub const MECHANISMS: &[Mechanism] = &[Mechanism::Plain, Mechanism::Login];

/// Why the server can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file of a certificate authority can't be read.
    #[error("the certificate authority can't be read: {0}")]
    Authority(#[from] io::Error),
    /// A step took longer than [`STEP_LIMIT`].
    #[error("no answer in time")]
    Timeout,
    /// The server has no STARTTLS.
    #[error("the server offers no STARTTLS")]
    NoStartTls,
    /// Everything else, in lettre's words.
    #[error(transparent)]
    Smtp(#[from] lettre::transport::smtp::Error),
}

/// How we present ourselves (RFC 5321 §4.1.1.1): by address, since the name of this machine is nobody's business.
pub fn client_id() -> ClientId {
    ClientId::Ipv4(std::net::Ipv4Addr::LOCALHOST)
}

/// Connects and agrees on TLS. Nobody has signed in.
///
/// # Errors
/// When the server is not there, is not to be trusted, or takes too long.
pub async fn connect(submission: &Submission) -> Result<AsyncSmtpConnection, Error> {
    let mut parameters = TlsParameters::builder(submission.host.as_str().to_owned());
    if let Some(file) = &submission.ca_file {
        parameters = parameters.add_root_certificate(Certificate::from_pem(&std::fs::read(file)?)?);
    }
    let parameters = parameters.build()?;
    let server = (submission.host.as_str(), submission.port);
    let us = client_id();
    let connecting = async {
        match submission.security {
            Security::Tls => {
                let connection = AsyncSmtpConnection::connect_tokio1(
                    server,
                    Some(STEP_LIMIT),
                    &us,
                    Some(parameters),
                    None,
                );
                Ok(connection.await?)
            }
            Security::StartTls => {
                let connection =
                    AsyncSmtpConnection::connect_tokio1(server, Some(STEP_LIMIT), &us, None, None);
                let mut connection = connection.await?;
                if !connection.can_starttls() {
                    return Err(Error::NoStartTls);
                }
                connection.starttls(parameters, &us).await?;
                Ok(connection)
            }
        }
    };
    timeout(STEP_LIMIT, connecting).await.map_err(|_| Error::Timeout)?
}

/// Signs in (RFC 4954).
///
/// # Errors
/// When the server refuses or takes too long.
pub async fn sign_in(connection: &mut AsyncSmtpConnection, credentials: &Credentials) -> Result<(), Error> {
    timeout(STEP_LIMIT, connection.auth(MECHANISMS, credentials)).await.map_err(|_| Error::Timeout)??;
    Ok(())
}
