//! The submission server: its files, and the program to run.

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::certificate::Files;
use crate::dovecot::{fill, write};
use crate::keeper::Program;
use crate::place::{Place, allow, ids_of, is_root};
use crate::ports::Ports;
use crate::{Error, Options, Result};

pub(crate) const NAME: &str = "postfix";
/// Postfix's own start script would check and mend its directories for a second; ours are known to be right.
const MASTER: &str = "/usr/lib/postfix/sbin/master";
/// Postfix changes its user for a moment when it starts, and the kernel then forgets whose death it should
/// tell it of. A shell remembers, and passes it on.
const GUARD: &str =
    r#""$0" "$@" & master=$!; trap 'kill "$master"; wait "$master"; exit' TERM; wait "$master""#;

/// Writes everything Postfix needs. Mail that was queued stays queued.
pub(crate) fn prepare(place: &Place, options: &Options, ports: Ports, files: &Files) -> Result<Program> {
    if !is_root() {
        return Err(Error::NeedsRoot);
    }
    if !Path::new(MASTER).exists() {
        return Err(Error::Missing { binary: MASTER.into(), package: "postfix".into() });
    }
    let (uid, _) = ids_of("postfix")
        .ok_or_else(|| Error::Missing { binary: "postfix".into(), package: "postfix".into() })?;
    let config = place.dir.join("postfix");
    let queue = place.dir.join("queue");
    let data = place.dir.join("postfix-data");
    for path in [&config, &queue, &data] {
        fs::create_dir_all(path).map_err(Error::io("create", path))?;
        allow(path, 0o755)?;
    }
    chown(&data, Some(uid), None).map_err(Error::io("change the owner of", &data))?;
    let private = [
        "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop",
        "private", "public", "saved", "trace",
    ];
    for name in private {
        let path = queue.join(name);
        fs::create_dir_all(&path).map_err(Error::io("create", &path))?;
        chown(&path, Some(uid), None).map_err(Error::io("change the owner of", &path))?;
        allow(&path, 0o700)?;
    }
    let pid = queue.join("pid");
    fs::create_dir_all(&pid).map_err(Error::io("create", &pid))?;
    let log = place.dir.join("postfix.log");
    let main = fill(
        include_str!("config/main.cf"),
        &[
            ("dir", &place.dir.to_string_lossy()),
            ("run", &place.run.to_string_lossy()),
            ("queue", &queue.to_string_lossy()),
            ("data", &data.to_string_lossy()),
            ("log", &log.to_string_lossy()),
            ("certificate", &files.certificate.to_string_lossy()),
            ("key", &files.key.to_string_lossy()),
        ],
    );
    let master = fill(
        include_str!("config/master.cf"),
        &[
            ("submission_tls", &ports.submission_tls.to_string()),
            ("submission_starttls", &ports.submission_starttls.to_string()),
            ("submission_tls_level", if options.without_starttls { "none" } else { "encrypt" }),
        ],
    );
    for (name, text) in [("main.cf", main), ("master.cf", master)] {
        let path = config.join(name);
        write(&path, &text)?;
        // Postfix waits for two seconds if its configuration is that new: somebody may still be writing.
        fs::File::options()
            .append(true)
            .open(&path)
            .and_then(|file| file.set_modified(SystemTime::now() - Duration::from_secs(60)))
            .map_err(Error::io("date back", &path))?;
    }
    write(&place.dir.join("recipients"), include_str!("config/recipients"))?;
    write(&place.dir.join("senders"), include_str!("config/senders"))?;
    Ok(Program {
        name: NAME,
        binary: "/bin/sh",
        package: "postfix",
        arguments: ["-c", GUARD, MASTER, "-c", &config.to_string_lossy(), "-s"].map(str::to_owned).to_vec(),
        output: place.dir.join("postfix.output"),
    })
}
