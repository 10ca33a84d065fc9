//! `[imap]`: the mail server that keeps the mail.

use std::path::PathBuf;
use std::time::Duration;

use super::keys;
use super::load::Reader;
use super::value::{Count, Host, Port, Security};

/// The mail server that keeps the mail.
#[derive(Clone, Debug)]
pub struct Imap {
    /// Its name, which its certificate must be for.
    pub host: Host,
    /// Its port.
    pub port: u16,
    /// How the connection becomes TLS.
    pub security: Security,
    /// An authority that is trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Longest time for each step of connecting.
    pub connect_timeout: Duration,
    /// Longest time for one command.
    pub command_timeout: Duration,
    /// Most connections of one person.
    pub connections_per_person: usize,
    /// Most connections of all people together.
    pub connections: usize,
    /// When an unused connection is closed.
    pub idle_close: Duration,
}

impl Imap {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let host = reader.required(&keys::IMAP_HOST);
        let port = reader.optional(&keys::IMAP_PORT).map(Port::get);
        let security = reader.default(&keys::IMAP_SECURITY);
        let ca_file = reader.optional(&keys::IMAP_CA_FILE);
        let connect_timeout = reader.default(&keys::IMAP_CONNECT_TIMEOUT);
        let command_timeout = reader.default(&keys::IMAP_COMMAND_TIMEOUT);
        let connections = reader.default(&keys::IMAP_CONNECTIONS_PER_PERSON);
        let idle_close = reader.default(&keys::IMAP_IDLE_CLOSE);
        let in_all = reader.default(&keys::IMAP_CONNECTIONS);
        let (Count(connections_per_person), Count(connections)) = (connections?, in_all?);
        let security = security?;
        Some(Self {
            host: host?,
            port: port.unwrap_or(match security {
                Security::Tls => 993,
                Security::StartTls => 143,
            }),
            security,
            ca_file,
            connect_timeout: connect_timeout?,
            command_timeout: command_timeout?,
            connections_per_person,
            connections,
            idle_close: idle_close?,
        })
    }
}
