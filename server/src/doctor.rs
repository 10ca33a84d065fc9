//! `pennypost doctor`: is the mail server there, and can mail be read and sent? Each finding in plain words.

use std::io::Read;
use std::process::ExitCode;
use std::sync::Arc;

use imap::authenticate::Credentials;
use imap::connect::{Timeouts, inspect};
use imap::error::CertificateProblem;
use imap::pool::{Options as PoolOptions, Pool};
use imap::tls::{Trust, client_config};
use lettre::transport::smtp::authentication::Credentials as SmtpCredentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use model::mailbox::MailboxName;

use crate::config::Config;
use crate::config::value::Security;
use crate::people::endpoint;

/// What to check.
#[derive(clap::Args)]
pub struct Options {
    /// Also sign in with this address; the password is read from standard input
    #[arg(long, value_name = "ADDRESS")]
    account: Option<String>,
}

/// Checks and prints; success only when mail can be read and sent.
pub async fn run(config: &Config, options: &Options) -> ExitCode {
    let password = options.account.as_ref().map(|_| {
        let mut password = String::new();
        let _ = std::io::stdin().read_to_string(&mut password);
        password.trim_end_matches(['\r', '\n']).to_owned()
    });
    let account = options.account.clone().zip(password);
    let reads = reading(config, account.as_ref()).await;
    let sends = sending(config, account.as_ref()).await;
    if reads && sends {
        say("All is well: mail can be read and sent.");
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[expect(clippy::print_stdout, reason = "that is what the command is for")]
fn say(words: &str) {
    println!("{words}");
}

async fn reading(config: &Config, account: Option<&(String, String)>) -> bool {
    let endpoint = endpoint(config);
    say(&format!(
        "IMAP: {} port {}, {}",
        endpoint.host,
        endpoint.port,
        if config.imap.security == Security::Tls { "TLS" } else { "STARTTLS" }
    ));
    let trust = Trust { ca_file: config.imap.ca_file.clone() };
    let timeouts = Timeouts::new(config.imap.connect_timeout, config.imap.command_timeout);
    let inspected = match inspect(&endpoint, &trust, timeouts).await {
        Ok(inspected) => inspected,
        Err(error) => {
            say(&format!("  ✗ {}", explain(&error)));
            return false;
        }
    };
    for certificate in &inspected.certificates {
        say(&format!("  certificate of {}, signed by {}", certificate.subject, certificate.issuer));
    }
    let mut connection = match inspected.outcome {
        Ok(connection) => connection,
        Err(error) => {
            say(&format!("  ✗ {}", explain(&error)));
            return false;
        }
    };
    say(&format!("  ✓ {} {}", connection.agreed().version, connection.agreed().cipher));
    if let Ok(capabilities) = connection.capabilities().await {
        say(&format!("  can: {}", capabilities.iter().collect::<Vec<_>>().join(" ")));
    }
    let Some((login, password)) = account else { return true };
    let Ok(tls) = client_config(&trust) else { return false };
    let credentials = Credentials { login: login.clone(), password: password.clone().into() };
    let pool = Pool::sign_in(endpoint, credentials, PoolOptions::new(Arc::new(tls))).await;
    let account = async {
        let mut lease = pool?.lease(None).await?;
        say("  ✓ the address and password are accepted");
        for namespace in lease.namespaces().await? {
            say(&format!("  namespace {:?}: prefix “{}”", namespace.kind, namespace.prefix));
        }
        for mailbox in lease.mailboxes().await? {
            let role =
                mailbox.role.map(|(role, source)| format!(", {role:?} by {source:?}")).unwrap_or_default();
            let subscribed = if mailbox.subscribed { ", subscribed" } else { "" };
            say(&format!("  mailbox “{}”{role}{subscribed}", mailbox.name));
        }
        let inbox = MailboxName::inbox();
        for quota in lease.quotas(&inbox).await? {
            say(&format!("  storage: {} of {} bytes used", quota.used, quota.limit));
        }
        if let Some(rights) = lease.my_rights(&inbox).await? {
            say(&format!("  rights in the Inbox: {rights}"));
        }
        Ok::<_, imap::Error>(())
    };
    match account.await {
        Ok(()) => true,
        Err(error) => {
            say(&format!("  ✗ {}", explain(&error)));
            false
        }
    }
}

async fn sending(config: &Config, account: Option<&(String, String)>) -> bool {
    let submission = &config.submission;
    say(&format!("Submission: {} port {}", submission.host, submission.port));
    match submission_works(config, account).await {
        Ok(true) => {
            say(if account.is_some() { "  ✓ the login is accepted" } else { "  ✓ it answers over TLS" });
            true
        }
        Ok(false) => {
            say("  ✗ it answers, but not as a mail server. Check submission.host and submission.port.");
            false
        }
        Err(error) => {
            say(&format!(
                "  ✗ {error}. Check submission.host, submission.port, submission.security and submission.ca_file."
            ));
            false
        }
    }
}

async fn submission_works(
    config: &Config,
    account: Option<&(String, String)>,
) -> Result<bool, Box<dyn std::error::Error>> {
    let submission = &config.submission;
    let mut parameters = TlsParameters::builder(submission.host.as_str().to_owned());
    if let Some(file) = &submission.ca_file {
        parameters = parameters.add_root_certificate(Certificate::from_pem(&std::fs::read(file)?)?);
    }
    let parameters = parameters.build()?;
    let tls = match submission.security {
        Security::Tls => Tls::Wrapper(parameters),
        // Never opportunistic: a server without STARTTLS is an error.
        Security::StartTls => Tls::Required(parameters),
    };
    let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(submission.host.as_str())
        .port(submission.port)
        .timeout(Some(config.imap.connect_timeout))
        .tls(tls);
    if let Some((login, password)) = account {
        transport = transport.credentials(SmtpCredentials::new(login.clone(), password.clone()));
    }
    let transport: AsyncSmtpTransport<Tokio1Executor> = transport.build();
    Ok(transport.test_connection().await?)
}

/// An error in one sentence, with what to change.
fn explain(error: &imap::Error) -> String {
    use imap::Error;
    match error {
        Error::Resolve { .. } => "The host has no address. Check imap.host.".into(),
        Error::Connect { .. } => "Nobody answers on that port. Check imap.host and imap.port.".into(),
        Error::Timeout { .. } => "The server does not answer in time. Check imap.port, imap.security and firewalls.".into(),
        Error::Certificate(CertificateProblem::UnknownIssuer) => {
            "Nobody who is trusted signed the certificate. Set imap.ca_file to the file of your certificate authority.".into()
        }
        Error::Certificate(CertificateProblem::WrongName) => {
            "The certificate is for another host. Set imap.host to a name that it is for.".into()
        }
        Error::Certificate(problem) => format!("The certificate can't be trusted: {problem}. Renew it."),
        Error::StartTlsRefused => "The server refuses STARTTLS. Set imap.security to \"tls\" and its port.".into(),
        Error::AuthenticationFailed { .. } => "The server does not accept this address and password.".into(),
        other => format!("{other}."),
    }
}
