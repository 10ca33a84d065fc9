//! The mail server that takes messages to be sent.

use std::sync::Arc;

use imap::connect::{Endpoint, Timeouts, agreed};
use imap::tls::{Trust, recording_config};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Ehlo, Mail, Quit, Rset};
use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use super::finding::Report;
use super::{Account, network};
use crate::config::Config;
use crate::config::value::Security;
use crate::submission::{self, Error, STEP_LIMIT, client_id, endpoint};

const SECTION: &str = "submission";

/// Checks everything from the host's name to the account as a sender.
pub(super) async fn check(config: &Config, account: Option<&Account>, report: &mut Report) {
    let endpoint = endpoint(&config.submission);
    let security = if config.submission.security == Security::Tls { "TLS" } else { "STARTTLS" };
    report
        .section(&format!("Sending mail: submission, {} port {}, {security}", endpoint.host, endpoint.port));
    let timeouts = Timeouts::new(config.imap.connect_timeout, STEP_LIMIT);
    if !network::addresses(SECTION, &endpoint, timeouts, report).await {
        return;
    }
    let trust = Trust { ca_file: config.submission.ca_file.clone() };
    let stream = match tls(&endpoint, &trust, timeouts, report).await {
        Ok(stream) => stream,
        Err(error) => return network::fault(SECTION, &endpoint, &error, report),
    };
    if let Err(error) = sending(&endpoint, stream, account, report).await {
        explain(&error, report);
    }
}

async fn tls(
    endpoint: &Endpoint,
    trust: &Trust,
    timeouts: Timeouts,
    report: &mut Report,
) -> imap::Result<TlsStream<TcpStream>> {
    let (tls, presented) = recording_config(trust)?;
    let secured = submission::secure(endpoint, Arc::new(tls), timeouts).await;
    network::chain(&presented.certificates(), report);
    let stream = secured?;
    network::agreed(&agreed(&stream), report);
    Ok(stream)
}

/// The way that a message would take, up to its sender.
async fn sending(
    endpoint: &Endpoint,
    stream: TlsStream<TcpStream>,
    account: Option<&Account>,
    report: &mut Report,
) -> Result<(), Error> {
    let mut connection = submission::greet(endpoint, stream).await?;
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
        report.note(
            "The account is no address, so it was not tried as a sender.",
            "Run it with an account whose name is its address to know.",
        );
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
        Error::Timeout => {
            report.fault(
                "The server gave no answer in time.",
                "Check submission.port and submission.security.",
            );
        }
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
