//! From a host's name to TLS: alike for both mail servers.

use std::collections::BTreeSet;

use imap::connect::{Agreed, Endpoint, Timeouts, resolve};
use imap::error::{CertificateProblem, Step};
use imap::tls::Certificate;
use time::OffsetDateTime;
use time::macros::format_description;

use super::finding::Report;
use crate::clock::now;

/// How long before its end a certificate is worth a word.
const SOON: i64 = 14 * 24 * 60 * 60;

/// Finds the addresses of the host; whether there are any.
pub(super) async fn addresses(
    section: &str,
    endpoint: &Endpoint,
    timeouts: Timeouts,
    report: &mut Report,
) -> bool {
    match resolve(endpoint, timeouts).await {
        Ok(addresses) => {
            let addresses: BTreeSet<String> = addresses.iter().map(|found| found.ip().to_string()).collect();
            let addresses: Vec<String> = addresses.into_iter().collect();
            report.good(&format!("{} is {}", endpoint.host, addresses.join(", ")));
            true
        }
        Err(error) => {
            fault(section, endpoint, &error, report);
            false
        }
    }
}

/// Tells what was agreed on.
pub(super) fn agreed(agreed: &Agreed, report: &mut Report) {
    let version = agreed.version.replace("TLSv", "TLS ").replace('_', ".");
    report.good(&format!("the connection is {version} with {}", agreed.cipher));
}

/// Tells what the server presented.
pub(super) fn chain(certificates: &[Certificate], report: &mut Report) {
    for certificate in certificates {
        let names = match certificate.names.as_slice() {
            [] => String::new(),
            names => format!(", for {}", names.join(", ")),
        };
        report.fact(&format!(
            "certificate of {}{names}, signed by {}, valid from {} to {}",
            certificate.subject,
            certificate.issuer,
            date(certificate.not_before),
            date(certificate.not_after)
        ));
    }
    if let Some(own) = certificates.first()
        && own.not_after > now()
        && own.not_after - now() < SOON
    {
        report
            .note(&format!("The certificate ends on {}.", date(own.not_after)), "Renew it before that day.");
    }
}

fn date(seconds: i64) -> String {
    let format = format_description!("[year]-[month]-[day]");
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()
        .and_then(|at| at.format(format).ok())
        .unwrap_or_else(|| "?".to_owned())
}

/// An error on the way in one sentence, with the key of the configuration to look at.
pub(super) fn fault(section: &str, endpoint: &Endpoint, error: &imap::Error, report: &mut Report) {
    use imap::Error;
    let Endpoint { host, port, .. } = endpoint;
    let (words, change) = match error {
        Error::Resolve { .. } => {
            (format!("{host} has no address."), format!("Check {section}.host and the name server."))
        }
        Error::Connect { source, .. } => (
            format!("Nobody answers at {host} port {port} ({source})."),
            format!("Check {section}.port, whether the server runs, and firewalls."),
        ),
        Error::Timeout { step: Step::Securing } | Error::Closed { step: Step::Securing } | Error::Tls(_) => (
            format!("{host} port {port} does not speak TLS from the first byte, or none that is safe today."),
            format!("Check {section}.port, or set {section}.security to \"starttls\" with its port."),
        ),
        Error::Timeout { step } => (
            format!("{host} port {port} gave no answer in time, while {step}."),
            format!("Check {section}.port, {section}.security and firewalls."),
        ),
        Error::Certificate(problem) => certificate(section, host, problem),
        Error::Authorities { path: Some(path), problem } => (
            format!("The certificate authorities in {} can't be used: {problem}.", path.display()),
            format!("Set {section}.ca_file to a PEM file of certificates."),
        ),
        Error::Authorities { path: None, problem } => (
            format!("This machine trusts no certificate authority: {problem}."),
            format!("Install its package ca-certificates, or set {section}.ca_file."),
        ),
        Error::StartTlsRefused => (
            format!("{host} port {port} refuses STARTTLS, so nothing is said to it."),
            format!("Allow STARTTLS there, or set {section}.security to \"tls\" with its port."),
        ),
        Error::Closed { .. } | Error::Bye { .. } => (
            format!("{host} port {port} hung up."),
            "Look into its log; it may limit connections from here.".to_owned(),
        ),
        Error::AuthenticationFailed { .. } => (
            "The server does not accept this address and password.".to_owned(),
            "Check both by signing in with another mail program.".to_owned(),
        ),
        Error::SignInRefused { .. } => (
            "The server lets this account in not now, or not this way.".to_owned(),
            "Look into its log.".to_owned(),
        ),
        Error::LoginDisabled => (
            "The server offers no way of signing in that Pennypost knows.".to_owned(),
            "Enable PLAIN or LOGIN there for connections with TLS.".to_owned(),
        ),
        Error::Refused { command, .. } => (
            format!("The server refuses {command}."),
            "Look into its log; the account may lack a right, or the server a setting.".to_owned(),
        ),
        other => (
            format!("{host} port {port} does not answer as a mail server does: {other}."),
            format!("Check {section}.port and {section}.security."),
        ),
    };
    report.fault(&words, &change);
    if let Some(words) = error.text() {
        report.fact(&format!("The server said: “{words}”"));
    }
}

fn certificate(section: &str, host: &str, problem: &CertificateProblem) -> (String, String) {
    match problem {
        CertificateProblem::UnknownIssuer => (
            format!("The certificate of {host} is signed by nobody whom this machine trusts."),
            format!("Get one from a public authority, or set {section}.ca_file to the file of your own."),
        ),
        CertificateProblem::WrongName => (
            format!("The certificate is not for {host}."),
            format!("Set {section}.host to a name that it is for, or get one for this name."),
        ),
        CertificateProblem::Expired => {
            (format!("The certificate of {host} has expired."), "Renew it on the mail server.".to_owned())
        }
        CertificateProblem::NotYetValid => (
            format!("The certificate of {host} is not valid yet."),
            "Check the clocks of both machines.".to_owned(),
        ),
        problem => (
            format!("The certificate of {host} can't be trusted: {problem}."),
            "Replace it on the mail server.".to_owned(),
        ),
    }
}
