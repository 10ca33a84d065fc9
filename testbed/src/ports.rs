//! Free ports on the loopback address.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// One port for each service.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Ports {
    pub(crate) imap_tls: u16,
    pub(crate) imap_starttls: u16,
    pub(crate) submission_tls: u16,
    pub(crate) submission_starttls: u16,
    pub(crate) managesieve: u16,
    pub(crate) pop3s: u16,
}

impl Ports {
    /// The ports of the last start in this directory if they are free, else new ones: a demo keeps its
    /// addresses across starts, and private testbeds never meet.
    pub(crate) fn choose(dir: &Path) -> Result<Self> {
        let file = dir.join("ports.json");
        let before = fs::read(&file).ok().and_then(|text| serde_json::from_slice::<Self>(&text).ok());
        if let Some(ports) = before
            && ports.all().iter().all(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        {
            return Ok(ports);
        }
        // All are held until all are known, so that no number comes twice.
        let held = (0..6)
            .map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .collect::<std::io::Result<Vec<_>>>()
            .map_err(Error::doing("find a free port"))?;
        let mut numbers =
            held.iter().filter_map(|socket| socket.local_addr().ok()).map(|address| address.port());
        let mut next = || numbers.next().unwrap_or(0);
        let ports = Self {
            imap_tls: next(),
            imap_starttls: next(),
            submission_tls: next(),
            submission_starttls: next(),
            managesieve: next(),
            pop3s: next(),
        };
        fs::write(&file, serde_json::to_vec(&ports)?).map_err(Error::io("write", &file))?;
        Ok(ports)
    }

    /// Makes the next choice a new one.
    pub(crate) fn forget(dir: &Path) {
        let _ = fs::remove_file(dir.join("ports.json"));
    }

    fn all(&self) -> [u16; 6] {
        [
            self.imap_tls,
            self.imap_starttls,
            self.submission_tls,
            self.submission_starttls,
            self.managesieve,
            self.pop3s,
        ]
    }
}
