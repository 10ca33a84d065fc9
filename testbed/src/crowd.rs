//! What a mail server needs for thousands of people at a time: limits of Dovecot and of the kernel.

use std::fs;

use crate::keeper::Program;

/// Values of `config/dovecot.conf`.
pub(crate) struct Limits {
    /// How often a mailbox that is watched is looked at even when the kernel told of nothing.
    pub(crate) idle_check: &'static str,
    /// For remembering whose password was right.
    pub(crate) auth_cache: &'static str,
    /// Connections that one process carries the TLS of.
    pub(crate) login_clients: &'static str,
    /// Such processes that are always there.
    pub(crate) login_processes: &'static str,
    /// Connections of everybody together.
    pub(crate) imap_processes: &'static str,
    /// Processes that ask the same one, for sign-in, counting and statistics.
    pub(crate) clients: &'static str,
}

/// For tests: mail that another program put there is seen soon even where watches have run out.
pub(crate) const USUAL: Limits = Limits {
    idle_check: "1 sec",
    auth_cache: "0",
    login_clients: "2000",
    login_processes: "0",
    imap_processes: "2000",
    clients: "5000",
};

/// For a crowd: looking at thousands of mailboxes every second would be all that the machine does.
pub(crate) const CROWD: Limits = Limits {
    idle_check: "30 secs",
    auth_cache: "16 M",
    login_clients: "20000",
    login_processes: "2",
    imap_processes: "20000",
    clients: "30000",
};

/// Allows as many open files as a crowd needs, or as many as this machine lets us.
const MANY_FILES: &str =
    r#"ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -H -n)" 2>/dev/null; exec "$0" "$@""#;

/// The same program, allowed many open files.
pub(crate) fn with_many_files(program: Program) -> Program {
    let mut arguments = vec!["-c".to_owned(), MANY_FILES.to_owned(), program.binary.to_owned()];
    arguments.extend(program.arguments);
    Program { binary: "/bin/sh", arguments, ..program }
}

/// The kernel's limits on watching files, which IDLE lives on, raised for as long as this is there. They are those of the
/// whole machine, and stay raised when this process is killed.
#[derive(Debug)]
pub(crate) struct Watches(Vec<(&'static str, String)>);

impl Watches {
    /// Raises what is too low. Who may not is served all the same: Dovecot then looks now and then.
    pub(crate) fn raise() -> Self {
        let wanted = [
            ("/proc/sys/fs/inotify/max_user_instances", 65_536_u64),
            ("/proc/sys/fs/inotify/max_user_watches", 524_288),
        ];
        let mut before = Vec::new();
        for (file, enough) in wanted {
            let Ok(text) = fs::read_to_string(file) else { continue };
            let low = text.trim().parse::<u64>().is_ok_and(|limit| limit < enough);
            if low && fs::write(file, enough.to_string()).is_ok() {
                before.push((file, text));
            }
        }
        Self(before)
    }
}

impl Drop for Watches {
    fn drop(&mut self) {
        for (file, text) in &self.0 {
            let _ = fs::write(file, text);
        }
    }
}
