//! `cargo xtask build`: the one binary.

use std::path::PathBuf;

use crate::run::{self, Result, cargo, cargo_target};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Quick to compile and slow to run, with checks inside
    #[arg(long)]
    debug: bool,
}

/// Builds and gives the path of the binary.
pub(crate) fn run(options: &Options) -> Result<PathBuf> {
    crate::bindgen::Site::release().make()?;
    server(options.debug)
}

/// Builds the server alone, with whatever stands in `target/site`.
pub(crate) fn server(debug: bool) -> Result<PathBuf> {
    let mut arguments = vec!["build", "--quiet", "--package", "server"];
    if !debug {
        arguments.push("--release");
    }
    run::run(&mut cargo(&arguments))?;
    Ok(cargo_target().join(if debug { "debug" } else { "release" }).join("pennypost"))
}
