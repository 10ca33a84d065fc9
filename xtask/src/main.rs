//! Every command that a developer runs: `cargo xtask <command>`.

mod bench;
mod bindgen;
mod build;
mod demo;
mod dependencies;
mod dev;
mod end2end;
mod fuzz;
mod packages;
mod run;
mod test;
mod tidy;
mod wasm_target;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Every command that a developer of Pennypost runs", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start Pennypost against a private mail server with people and mail to try it with
    Demo(demo::Options),
    /// Build the one binary, with everything that the browser needs inside
    Build(build::Options),
    /// Run every check and test; ends with `N passed, N failed`
    Test(test::Options),
    /// Rebuild and restart on every change
    Dev(demo::Options),
    /// Check the house rules
    Tidy,
    /// Feed what reads strangers' bytes with whatever an engine makes up
    Fuzz(fuzz::Options),
    /// Take pictures of every page, wide and on a phone, light and dark, and that of the README
    Screenshots(Install),
    /// Measure what CONTRIBUTING.md states: size of the program, time to the Inbox, IMAP commands it took
    Measure(Install),
    /// Measure what mail and people cost, in large mailboxes and in a crowd; judges nothing
    Bench(bench::Options),
}

#[derive(clap::Args)]
struct Install {
    /// Install missing system packages without asking
    #[arg(long)]
    yes: bool,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Demo(options) => demo::run(&options),
        Command::Build(options) => build::run(&options).map(|path| println!("{}", path.display())),
        Command::Test(options) => test::run(&options),
        Command::Dev(options) => dev::run(&options),
        Command::Tidy => tidy::run().map(|checked| println!("{checked} house rules hold")),
        Command::Fuzz(options) => fuzz::feed(&options),
        Command::Screenshots(install) => end2end::screenshots(install.yes),
        Command::Measure(install) => end2end::measure(install.yes),
        Command::Bench(options) => bench::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
