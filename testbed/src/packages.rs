//! The system's packages the testbed needs.

use std::path::Path;

/// A Debian package, and a file that proves that it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name in Debian 12.
    pub name: &'static str,
    /// A program or plugin it installs.
    pub proof: &'static str,
}

impl Package {
    /// Whether its proof is on this machine.
    pub fn is_installed(&self) -> bool {
        Path::new(self.proof).exists()
    }
}

/// Everything the testbed runs. Its servers need no running system service; Debian may start Dovecot and
/// Postfix when they are installed, so whoever installs them on a desk should say so first.
pub fn packages() -> &'static [Package] {
    const fn package(name: &'static str, proof: &'static str) -> Package {
        Package { name, proof }
    }
    const ALL: [Package; 9] = [
        package("dovecot-core", "/usr/sbin/dovecot"),
        package("dovecot-imapd", "/usr/lib/dovecot/imap"),
        package("dovecot-lmtpd", "/usr/lib/dovecot/lmtp"),
        package("dovecot-pop3d", "/usr/lib/dovecot/pop3"),
        package("dovecot-managesieved", "/usr/lib/dovecot/managesieve"),
        package("dovecot-sieve", "/usr/lib/dovecot/modules/lib90_sieve_plugin.so"),
        package("postfix", "/usr/lib/postfix/sbin/master"),
        package("openssl", "/usr/bin/openssl"),
        package("util-linux", "/usr/bin/setpriv"),
    ];
    &ALL
}
