//! `cargo xtask dev`: the demo, rebuilt and restarted on every change, and pages in browsers loaded anew. Style and program
//! are served from a folder, so that changing them needs no new server.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::bindgen::Site;
use crate::demo::{Backend, Options, Product, announce};
use crate::run::{Result, root};
use crate::{build, packages};

/// What is watched, and what it takes to show a change.
const BROWSERS_HALF: [&str; 3] = ["app", "frontend", "model"];
const SERVER: [&str; 6] = ["app", "server", "imap", "message", "database", "model"];
const STYLE: [&str; 2] = ["style", "public"];

/// Watches until Ctrl-C.
pub(crate) fn run(options: &Options) -> Result {
    packages::for_mail_server(options.yes)?;
    let site = Site::development();
    site.make()?;
    let mut binary = build::server(true)?;
    let backend = Backend::start("dev")?;
    backend.seed()?;
    let mut product = Product::start(&binary, &backend, "dev", options.port, Some(&site))?;
    announce(&product, options.json);
    let port = product.port();
    let mut seen = SystemTime::now();
    loop {
        std::thread::sleep(Duration::from_millis(200));
        // Taken before looking, so that what is saved meanwhile is seen the next time.
        let looked = SystemTime::now();
        let newer = |folders: &[&str]| folders.iter().any(|folder| newest(&root().join(folder)) > seen);
        let (half, server, style) = (newer(&BROWSERS_HALF), newer(&SERVER), newer(&STYLE));
        if !(half || server || style) {
            continue;
        }
        seen = looked;
        let built = (|| {
            if half {
                site.program()?;
            }
            if style {
                site.style()?;
                site.public()?;
            }
            if server {
                binary = build::server(true)?;
            }
            // The old one gives its port to the new one.
            product.stop();
            product = Product::start(&binary, &backend, "dev", port, Some(&site))?;
            Result::Ok(())
        })();
        match built {
            Ok(()) => eprintln!("↻ {:.1} s", seen.elapsed().unwrap_or_default().as_secs_f32()),
            Err(error) => eprintln!("{error}"),
        }
    }
}

/// When anything in a folder was last changed.
fn newest(folder: &Path) -> SystemTime {
    let Ok(entries) = fs::read_dir(folder) else { return SystemTime::UNIX_EPOCH };
    entries
        .flatten()
        .map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => newest(&entry.path()),
            _ => entry.metadata().and_then(|about| about.modified()).unwrap_or(SystemTime::UNIX_EPOCH),
        })
        .max()
        .unwrap_or(SystemTime::UNIX_EPOCH)
}
