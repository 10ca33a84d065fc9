//! `[submission]`: the mail server that takes messages to be sent (RFC 6409).

use std::path::PathBuf;

use super::keys;
use super::load::Reader;
use super::value::{Host, Port, Security};

/// The mail server that takes messages to be sent.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Its name, which its certificate must be for.
    pub host: Host,
    /// Its port.
    pub port: u16,
    /// How the connection becomes TLS.
    pub security: Security,
    /// An authority that is trusted besides the system's.
    pub ca_file: Option<PathBuf>,
}

impl Submission {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let host = reader.required(&keys::SUBMISSION_HOST);
        let port = reader.optional(&keys::SUBMISSION_PORT).map(Port::get);
        let security = reader.default(&keys::SUBMISSION_SECURITY);
        let ca_file = reader.optional(&keys::SUBMISSION_CA_FILE);
        let security = security?;
        Some(Self {
            host: host?,
            port: port.unwrap_or(match security {
                Security::Tls => 465,
                Security::StartTls => 587,
            }),
            security,
            ca_file,
        })
    }
}
