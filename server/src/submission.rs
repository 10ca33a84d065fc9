//! The server that takes messages to be sent (RFC 6409): the way to it. lettre speaks SMTP; TLS is the same as towards the
//! IMAP server, with the same trust and the same words for what is wrong.
//!
//! TLS always comes first, by STARTTLS or from the first byte; a server that will not is an error and never a reason
//! to talk in the clear.

mod stream;

use std::sync::Arc;
use std::time::Duration;

use imap::connect::{self, Endpoint, Security as Way, Timeouts};
use imap::error::Step;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::Starttls;
use lettre::transport::smtp::extension::ClientId;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use crate::config::submission::Submission;
use crate::config::value::Security;
use stream::{Greeted, Lent};

/// Longest time for each step: connecting, greeting and TLS, signing in. Servers delay greetings on purpose, hence more
/// than for IMAP.
pub const STEP_LIMIT: Duration = Duration::from_secs(30);

/// How a password is told. Both only ever over TLS.
pub const MECHANISMS: &[Mechanism] = &[Mechanism::Plain, Mechanism::Login];

/// Why a server that is there can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A step took longer than [`STEP_LIMIT`].
    #[error("no answer in time")]
    Timeout,
    /// Everything else, in lettre's words.
    #[error(transparent)]
    Smtp(#[from] lettre::transport::smtp::Error),
}

/// How we present ourselves (RFC 5321 §4.1.1.1): by address, since the name of this machine is nobody's business.
pub fn client_id() -> ClientId {
    ClientId::Ipv4(std::net::Ipv4Addr::LOCALHOST)
}

/// Where the server is, by the configuration.
pub fn endpoint(submission: &Submission) -> Endpoint {
    Endpoint {
        host: submission.host.as_str().to_owned(),
        port: submission.port,
        security: match submission.security {
            Security::Tls => Way::Implicit,
            Security::StartTls => Way::StartTls,
        },
    }
}

/// Connects and agrees on TLS. Nothing but STARTTLS is said before.
///
/// # Errors
/// When the server is not there, is not to be trusted, or takes too long.
pub async fn secure(
    endpoint: &Endpoint,
    tls: Arc<ClientConfig>,
    timeouts: Timeouts,
) -> imap::Result<TlsStream<TcpStream>> {
    let mut tcp = connect::open(endpoint, timeouts).await?;
    if endpoint.security == Way::StartTls {
        let step = Step::Command("STARTTLS");
        let consented = timeout(STEP_LIMIT, start_tls(tcp)).await;
        tcp = consented.map_err(|_| imap::Error::Timeout { step })?.ok_or(imap::Error::StartTlsRefused)?;
    }
    connect::secure(endpoint, tcp, tls, timeouts).await
}

/// Greeting, EHLO and STARTTLS (RFC 3207); `None` when the server will not.
async fn start_tls(tcp: TcpStream) -> Option<TcpStream> {
    let lent = Lent::new(tcp);
    let mut connection =
        AsyncSmtpConnection::connect_with_transport(Box::new(lent.clone()), &client_id()).await.ok()?;
    if !connection.can_starttls() {
        return None;
    }
    connection.command(Starttls).await.ok()?;
    // Whatever was sent along with the consent, as if it came over TLS, is forgotten with the connection.
    drop(connection);
    lent.take_back()
}

/// Begins to speak SMTP over TLS. Nobody has signed in.
///
/// # Errors
/// When the server does not answer as it should, or takes too long.
pub async fn greet(endpoint: &Endpoint, stream: TlsStream<TcpStream>) -> Result<AsyncSmtpConnection, Error> {
    let stream = match endpoint.security {
        Way::Implicit => Greeted::over(stream),
        // The server greeted before TLS and does not do so again (RFC 3207 §4.2), but lettre waits for it.
        Way::StartTls => Greeted::already(stream),
    };
    let us = client_id();
    let greeting = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &us);
    Ok(timeout(STEP_LIMIT, greeting).await.map_err(|_| Error::Timeout)??)
}

/// Signs in (RFC 4954).
///
/// # Errors
/// When the server refuses or takes too long.
pub async fn sign_in(connection: &mut AsyncSmtpConnection, credentials: &Credentials) -> Result<(), Error> {
    timeout(STEP_LIMIT, connection.auth(MECHANISMS, credentials)).await.map_err(|_| Error::Timeout)??;
    Ok(())
}
