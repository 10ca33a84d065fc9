//! What one must know to use a running testbed.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Where everything is. Saved as JSON, so that other processes find it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Description {
    /// The folder of the instance.
    pub folder: PathBuf,
    /// The host of all ports: `localhost`, which the certificate names, as it does `127.0.0.1`. IMAP also
    /// listens on `127.0.0.2`; there it says LOGINDISABLED before STARTTLS, like a server far away.
    pub host: String,
    /// IMAP over TLS.
    pub imap: u16,
    /// IMAP with STARTTLS.
    pub imap_starttls: u16,
    /// Submission over TLS; 0 without Postfix.
    pub submission: u16,
    /// Submission with STARTTLS; 0 without Postfix.
    pub submission_starttls: u16,
    /// ManageSieve with STARTTLS.
    pub sieve: u16,
    /// POP3 over TLS.
    pub pop3: u16,
    /// The certificate authority, in PEM.
    pub ca_file: PathBuf,
}

impl Description {
    /// Reads what a running testbed wrote.
    ///
    /// # Errors
    /// When there is no such file, or something else is in it.
    pub fn load(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).map_err(Error::io("read", file))?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Writes it. Whoever finds the file finds it whole.
    pub(crate) fn save(&self, file: &Path) -> Result<()> {
        let unfinished = file.with_extension("unfinished");
        std::fs::write(&unfinished, serde_json::to_vec_pretty(self)?)
            .and_then(|()| std::fs::rename(&unfinished, file))
            .map_err(Error::io("write", file))
    }
}
