//! The mail server that takes messages to be sent.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use imap::connect::{self, Endpoint, Security as Way, Timeouts};
use imap::tls::{Trust, recording_config};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::{Ehlo, Mail, Quit, Rset, Starttls};
use secrecy::ExposeSecret;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::finding::Report;
use super::{Account, network};
use crate::config::Config;
use crate::config::value::Security;
use crate::submission::{self, Error, STEP_LIMIT, client_id};

const SECTION: &str = "submission";

/// Checks everything from the host's name to the account as a sender.
pub(super) async fn check(config: &Config, account: Option<&Account>, report: &mut Report) {
    let submission = &config.submission;
    let endpoint = Endpoint {
        host: submission.host.as_str().to_owned(),
        port: submission.port,
        security: match submission.security {
            Security::Tls => Way::Implicit,
            Security::StartTls => Way::StartTls,
        },
    };
    let security = if submission.security == Security::Tls { "TLS" } else { "STARTTLS" };
    report
        .section(&format!("Sending mail: submission, {} port {}, {security}", endpoint.host, endpoint.port));
    let timeouts = Timeouts::new(config.imap.connect_timeout, STEP_LIMIT);
    if !network::addresses(SECTION, &endpoint, timeouts, report).await {
        return;
    }
    let trust = Trust { ca_file: submission.ca_file.clone() };
    if let Err(error) = tls(&endpoint, &trust, timeouts, report).await {
        return network::fault(SECTION, &endpoint, &error, report);
    }
    if let Err(error) = sending(config, account, report).await {
        explain(&error, report);
    }
}

/// Looks at certificate and TLS on a connection of its own, since lettre tells nothing of a certificate that it refused.
async fn tls(
    endpoint: &Endpoint,
    trust: &Trust,
    timeouts: Timeouts,
    report: &mut Report,
) -> imap::Result<()> {
    let (tls, presented) = recording_config(trust)?;
    let mut tcp = connect::open(endpoint, timeouts).await?;
    if endpoint.security == Way::StartTls {
        let step = imap::error::Step::Command("STARTTLS");
        tcp = timeout(STEP_LIMIT, start_tls(tcp))
            .await
            .map_err(|_| imap::Error::Timeout { step })?
            .ok_or(imap::Error::StartTlsRefused)?;
    }
    let secured = connect::secure(endpoint, tcp, Arc::new(tls), timeouts).await;
    network::chain(&presented.certificates(), report);
    network::agreed(&connect::agreed(&secured?), report);
    Ok(())
}

/// Greeting, EHLO and STARTTLS (RFC 3207); `None` when the server will not.
async fn start_tls(tcp: TcpStream) -> Option<TcpStream> {
    let lent = Lent(Arc::new(Mutex::new(tcp)));
    let mut connection =
        AsyncSmtpConnection::connect_with_transport(Box::new(lent.clone()), &client_id()).await.ok()?;
    connection.command(Starttls).await.ok()?;
    // Whatever came with the consent is forgotten together with the connection.
    drop(connection);
    Arc::into_inner(lent.0)?.into_inner().ok()
}

/// The way that a message would take, up to its sender.
async fn sending(config: &Config, account: Option<&Account>, report: &mut Report) -> Result<(), Error> {
    let mut connection = submission::connect(&config.submission).await?;
    let answer = within(connection.command(Ehlo::new(client_id()))).await?;
    let extensions: Vec<&str> = answer.message().skip(1).collect();
    report.fact(&format!("extensions: {}", extensions.join(", ")));
    let mechanisms: Vec<&str> = extensions
        .iter()
        .filter_map(|line| line.strip_prefix("AUTH "))
        .flat_map(str::split_whitespace)
        .collect();
    report.fact(&format!("ways of signing in: {}", mechanisms.join(", ")));
    if connection.server_info().get_auth_mechanism(submission::MECHANISMS).is_none() {
        report.fault(
            "The server offers no way of signing in that Pennypost knows.",
            "Enable PLAIN or LOGIN there for connections with TLS, or check submission.port: 25 is no submission.",
        );
        return Ok(());
    }
    if let Some(account) = account {
        let password = account.password.expose_secret().to_owned();
        let credentials = Credentials::new(account.login.clone(), password);
        submission::sign_in(&mut connection, &credentials).await?;
        report.good("the address and the password are accepted");
        sender(&mut connection, &account.login, report).await?;
    }
    let _ = within(connection.command(Quit)).await;
    Ok(())
}

/// Whether mail may come from this address. It is taken back before there is a message.
async fn sender(connection: &mut AsyncSmtpConnection, login: &str, report: &mut Report) -> Result<(), Error> {
    let Ok(address) = login.parse() else {
        report.fact("the account is no address, so it was not tried as a sender");
        return Ok(());
    };
    match within(connection.command(Mail::new(Some(address), Vec::new()))).await {
        Ok(_) => {
            report.good("mail from this address is accepted");
            within(connection.command(Rset)).await?;
        }
        Err(Error::Smtp(error)) if error.status().is_some() => report.fault(
            &format!("Mail from this address is refused: {}.", words(&error)),
            "Allow the account to send as its own address.",
        ),
        Err(error) => return Err(error),
    }
    Ok(())
}

async fn within<T>(
    step: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
) -> Result<T, Error> {
    Ok(timeout(STEP_LIMIT, step).await.map_err(|_| Error::Timeout)??)
}

fn explain(error: &Error, report: &mut Report) {
    match error {
        Error::Authority(error) => report.fault(
            &format!("submission.ca_file can't be read: {error}."),
            "Set it to a PEM file of certificates.",
        ),
        Error::Timeout => {
            report.fault(
                "The server gave no answer in time.",
                "Check submission.port and submission.security.",
            );
        }
        Error::NoStartTls => report.fault(
            "The server refuses STARTTLS, so nothing is said to it.",
            "Allow STARTTLS there, or set submission.security to \"tls\" with its port.",
        ),
        // RFC 4954 §6: the password is wrong, or too weak a way was used.
        Error::Smtp(error) if error.status().is_some_and(|code| matches!(u16::from(code), 530..=538)) => {
            report.fault(
                "The server does not accept this address and password.",
                "Check both by signing in with another mail program.",
            );
            report.fact(&format!("The server said: “{}”", words(error)));
        }
        Error::Smtp(error) => report.fault(
            &format!("The server does not answer as it should: {}.", words(error)),
            "Check submission.port and submission.security, and look into its log.",
        ),
    }
}

/// What lettre says and, behind it, what the server said.
fn words(error: &lettre::transport::smtp::Error) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_words = cause.to_string();
        if !words.contains(&cause_words) {
            words.push_str(": ");
            words.push_str(&cause_words);
        }
        source = cause.source();
    }
    words
}

/// A connection that is lent to lettre for STARTTLS and taken back afterwards.
#[derive(Clone, Debug)]
struct Lent(Arc<Mutex<TcpStream>>);

impl Lent {
    fn with<T>(&self, act: impl FnOnce(Pin<&mut TcpStream>) -> T) -> T {
        act(Pin::new(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl AsyncRead for Lent {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.with(|tcp| tcp.poll_read(cx, buffer))
    }
}

impl AsyncWrite for Lent {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.with(|tcp| tcp.poll_write(cx, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|tcp| tcp.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // It is only lent.
        Poll::Ready(Ok(()))
    }
}

impl AsyncTokioStream for Lent {
    fn peer_addr(&self) -> io::Result<std::net::SocketAddr> {
        self.with(|tcp| tcp.peer_addr())
    }
}
