//! System packages that the demo and the tests need: says which, asks, installs.

use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::Command;

use crate::run::{Result, run};

/// A Debian package and a file that proves that it is there.
struct Package {
    name: &'static str,
    proof: &'static str,
}

/// The private mail server.
const MAIL_SERVER: &[Package] = &[
    Package { name: "dovecot-core", proof: "/usr/sbin/dovecot" },
    Package { name: "dovecot-imapd", proof: "/usr/lib/dovecot/imap" },
    Package { name: "dovecot-pop3d", proof: "/usr/lib/dovecot/pop3" },
    Package { name: "dovecot-lmtpd", proof: "/usr/lib/dovecot/lmtp" },
    Package { name: "dovecot-managesieved", proof: "/usr/lib/dovecot/managesieve" },
    Package { name: "dovecot-sieve", proof: "/usr/lib/dovecot/modules/lib90_sieve_plugin.so" },
    Package { name: "postfix", proof: "/usr/sbin/postfix" },
    Package { name: "openssl", proof: "/usr/bin/openssl" },
    Package { name: "util-linux", proof: "/usr/bin/setpriv" },
];

/// The browser of the tests. Node.js is looked up on the PATH as well, since many have another one than Debian's.
const BROWSER: &[Package] = &[
    Package { name: "chromium", proof: "/usr/bin/chromium" },
    Package { name: "fonts-dejavu-core", proof: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf" },
];

/// Letters of more scripts, so that pictures show what people would see.
const LETTERS: &[Package] = &[
    Package { name: "fonts-wqy-microhei", proof: "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc" },
    Package { name: "fonts-noto-color-emoji", proof: "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf" },
];

/// Makes sure that the private mail server can be started.
pub(crate) fn for_mail_server(yes: bool) -> Result {
    // Said now rather than after a long build.
    if !is_root() {
        return Err("the private mail server needs root, because Postfix does: run this as root".into());
    }
    ensure(MAIL_SERVER, yes)
}

/// Makes sure that browser tests can run.
pub(crate) fn for_browser(yes: bool) -> Result {
    ensure(BROWSER, yes)?;
    if on_path("node") && on_path("npm") {
        return Ok(());
    }
    ensure(
        &[Package { name: "nodejs", proof: "/usr/bin/node" }, Package { name: "npm", proof: "/usr/bin/npm" }],
        yes,
    )
}

/// Makes sure that pictures can be taken.
pub(crate) fn for_pictures(yes: bool) -> Result {
    for_browser(yes)?;
    ensure(LETTERS, yes)
}

pub(crate) fn on_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn ensure(wanted: &[Package], yes: bool) -> Result {
    let missing: Vec<&str> = wanted
        .iter()
        .filter(|package| !Path::new(package.proof).exists())
        .map(|package| package.name)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !on_path("apt-get") {
        return Err(format!("missing: {list}. This is no Debian machine; install them by hand").into());
    }
    if !yes && !confirmed(&list)? {
        return Err(format!("not installed: {list}").into());
    }
    eprintln!("installing {list}");
    let _policy = Policy::set()?;
    run(&mut as_root("apt-get", &["-qq", "update"]))?;
    // In the arguments, since sudo passes no variables on.
    let mut install =
        vec!["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y", "--no-install-recommends", "install"];
    install.extend(&missing);
    run(&mut as_root("env", &install))?;
    // What was installed for us is not for the next start of the machine either.
    if Path::new("/run/systemd/system").exists() {
        for (package, unit) in [("dovecot-core", "dovecot.service"), ("postfix", "postfix.service")] {
            if missing.contains(&package) {
                let _ = run(&mut as_root("systemctl", &["disable", "--quiet", unit]));
            }
        }
    }
    Ok(())
}

/// Keeps Debian from starting the system's own Dovecot and Postfix, which are not ours to run, while it is there
/// (invoke-rc.d(8)). A policy that the machine already has stays.
struct Policy {
    ours: bool,
}

const MARK: &str = "of `cargo xtask`, while it installs packages";
const POLICY: &str = "/usr/sbin/policy-rc.d";

impl Policy {
    fn set() -> Result<Self> {
        match std::fs::read_to_string(POLICY) {
            // Ours of a run that was interrupted.
            Ok(text) if text.contains(MARK) => return Ok(Self { ours: true }),
            Ok(_) => return Ok(Self { ours: false }),
            Err(_) => {}
        }
        std::fs::create_dir_all(crate::run::scratch())?;
        let text = crate::run::scratch().join("policy-rc.d");
        std::fs::write(&text, format!("#!/bin/sh\n# {MARK}\nexit 101\n"))?;
        run(&mut as_root("install", &["-m", "755", &text.to_string_lossy(), POLICY]))?;
        Ok(Self { ours: true })
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        if self.ours {
            let _ = run(&mut as_root("rm", &["-f", POLICY]));
        }
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

fn as_root(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(if is_root() { program } else { "sudo" });
    if !is_root() {
        command.arg(program);
    }
    command.args(arguments);
    command
}

fn confirmed(list: &str) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Err(format!(
            "these Debian packages are needed: {list}. Run again with --yes to install them"
        )
        .into());
    }
    print!("These Debian packages are needed: {list}. Install them? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
