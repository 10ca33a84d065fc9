//! `cargo xtask bench`: the crate `bench` against a private mail server and the release build of the product. Figures
//! only: nothing here fails because something was slow.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use testbed::Options as TestbedOptions;

use crate::bindgen::Site;
use crate::demo::{Backend, Product};
use crate::run::{self, Result, cargo, cargo_target, scratch};
use crate::{build, packages};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Install missing system packages without asking
    #[arg(long)]
    yes: bool,
    /// Write all figures to this file as well
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Small mailboxes and few repetitions: to see whether it works
    #[arg(long)]
    quick: bool,
    /// How many people wait in `idle`; 2000, or 100 with --quick
    #[arg(long)]
    people: Option<u32>,
    /// Which parts; all when none is named
    #[arg(value_enum)]
    parts: Vec<Part>,
}

/// What can be measured alone.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The engine beside the same commands on a bare connection
    Engine,
    /// Pages of the server for 1, 20 and 100 people at a time
    Http,
    /// Thousands of people who wait for mail
    Idle,
}

/// Runs the parts one after the other.
pub(crate) fn run(options: &Options) -> Result {
    packages::for_mail_server(options.yes)?;
    let all = [Part::Engine, Part::Http, Part::Idle];
    let parts: Vec<Part> =
        all.into_iter().filter(|part| options.parts.is_empty() || options.parts.contains(part)).collect();
    run::run(&mut cargo(&["build", "--quiet", "--release", "--package", "bench"]))?;
    let server = if parts.iter().any(|part| *part != Part::Engine) {
        Site::release().make()?;
        Some(build::server(false)?)
    } else {
        None
    };
    let mut figures = Vec::new();
    for part in parts {
        // Each from a fresh start; the mail stays from run to run.
        let backend =
            Backend::start_with("bench", &TestbedOptions { crowd: true, ..TestbedOptions::default() })?;
        // The log of every command would be measured too.
        let changes = [("PENNYPOST_LOG_LEVEL", "info"), ("PENNYPOST_IMAP_CONNECTIONS", "8000")];
        let product = match &server {
            Some(binary) if part != Part::Engine => {
                let _ = fs::remove_dir_all(scratch().join("pennypost/bench"));
                Some(Product::start_with(binary, &backend, "bench", 0, None, &changes)?)
            }
            _ => None,
        };
        figures.push(measure(part, options, &backend, product.as_ref())?);
    }
    if let Some(file) = &options.json {
        fs::write(file, serde_json::to_vec_pretty(&figures)?)?;
        eprintln!("▸ {}", file.display());
    }
    Ok(())
}

/// Runs one part and gives its figures; it prints its tables itself.
fn measure(
    part: Part,
    options: &Options,
    backend: &Backend,
    product: Option<&Product>,
) -> Result<serde_json::Value> {
    let results = scratch().join("bench.json");
    let mut bench = Command::new(cargo_target().join("release/bench"));
    bench.arg("--testbed").arg(backend.description_file()).arg("--results").arg(&results);
    bench.args(["--dovecot", &backend.dovecot()?.to_string()]);
    if options.quick {
        bench.arg("--quick");
    }
    bench.arg(match part {
        Part::Engine => "engine",
        Part::Http => "http",
        Part::Idle => "idle",
    });
    if let Some(product) = product {
        bench.args(["--url", &product.url, "--server", &product.process().to_string()]);
    }
    if part == Part::Idle {
        let people = options.people.unwrap_or(if options.quick { 100 } else { 2000 });
        bench.args(["--people", &people.to_string()]);
    }
    run::run(&mut bench)?;
    Ok(serde_json::from_slice(&fs::read(&results)?)?)
}
