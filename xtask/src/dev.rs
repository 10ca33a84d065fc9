//! `cargo xtask dev`: the demo, rebuilt and restarted on every change. Style alone needs no compiler.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::demo::{Backend, Options, Product, announce};
use crate::run::{Result, root};
use crate::{bindgen, build, packages};

/// What is watched, and what it takes to show a change.
const BROWSERS_HALF: [&str; 3] = ["app", "frontend", "model"];
const SERVER: [&str; 6] = ["app", "server", "imap", "message", "database", "model"];
const STYLE: [&str; 2] = ["style", "public"];

/// Watches until Ctrl-C.
pub(crate) fn run(options: &Options) -> Result {
    packages::for_mail_server(options.yes)?;
    bindgen::make()?;
    let mut binary = build::server(true)?;
    let backend = Backend::start("demo")?;
    backend.seed()?;
    let mut product = Some(Product::start(&binary, &backend, "demo", 8080)?);
    if let Some(product) = &product {
        announce(product, false);
    }
    let mut seen = SystemTime::now();
    loop {
        std::thread::sleep(Duration::from_millis(300));
        let newer = |folders: &[&str]| folders.iter().any(|folder| newest(&root().join(folder)) > seen);
        let (half, server, style) = (newer(&BROWSERS_HALF), newer(&SERVER), newer(&STYLE));
        if !(half || server || style) {
            continue;
        }
        seen = SystemTime::now();
        let built = (|| {
            if half {
                bindgen::program()?;
            }
            if style {
                bindgen::style()?;
            }
            build::server(true)
        })();
        match built {
            Ok(path) => {
                binary = path;
                drop(product.take());
                product = Some(Product::start(&binary, &backend, "demo", 8080)?);
                eprintln!("↻ {} s", seen.elapsed().unwrap_or_default().as_secs());
            }
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
