//! The mail server that keeps the mail.

use std::collections::BTreeSet;

use imap::authenticate::Credentials;
use imap::capability::Capability;
use imap::connect::{Timeouts, inspect};
use imap::connection::Connection;
use imap::tls::Trust;

use super::finding::Report;
use super::{Account, account, network, side_door};
use crate::config::Config;
use crate::config::value::Security;
use crate::people::endpoint;

const SECTION: &str = "imap";

/// Checks everything from the host's name to the rights in the Inbox.
pub(super) async fn check(config: &Config, account: Option<&Account>, report: &mut Report) {
    let endpoint = endpoint(config);
    let security = if config.imap.security == Security::Tls { "TLS" } else { "STARTTLS" };
    report.section(&format!("Reading mail: IMAP, {} port {}, {security}", endpoint.host, endpoint.port));
    let timeouts = Timeouts::new(config.imap.connect_timeout, config.imap.command_timeout);
    if !network::addresses(SECTION, &endpoint, timeouts, report).await {
        return;
    }
    let trust = Trust { ca_file: config.imap.ca_file.clone() };
    let found = match inspect(&endpoint, &trust, timeouts).await {
        Ok(inspection) => {
            network::chain(&inspection.certificates, report);
            inspection.outcome
        }
        Err(error) => Err(error),
    };
    let mut connection = match found {
        Ok(connection) => connection,
        Err(error) => return network::fault(SECTION, &endpoint, &error, report),
    };
    network::agreed(connection.agreed(), report);
    let signed_in = async {
        capabilities(&mut connection, report).await?;
        let Some(account) = account else { return Ok(()) };
        let credentials = Credentials::with_password(account.login.clone(), account.password.clone());
        connection.authenticate(&credentials).await?;
        report.good("the address and the password are accepted");
        account::check(&mut connection, report).await
    };
    match signed_in.await {
        Ok(()) => {
            connection.logout().await;
            if let Some(account) = account {
                side_door::check(config, &endpoint, &trust, timeouts, account, report).await;
            }
        }
        Err(error) => network::fault(SECTION, &endpoint, &error, report),
    }
}

async fn capabilities(connection: &mut Connection, report: &mut Report) -> imap::Result<()> {
    let capabilities = connection.capabilities().await?;
    report.fact(&format!("capabilities: {}", capabilities.iter().collect::<Vec<_>>().join(" ")));
    let mut ways: BTreeSet<&str> = capabilities.mechanisms().collect();
    if !capabilities.has(Capability::LoginDisabled) {
        ways.insert("LOGIN");
    }
    report.fact(&format!("ways of signing in: {}", ways.into_iter().collect::<Vec<_>>().join(", ")));
    Ok(())
}
