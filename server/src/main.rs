//! The `pennypost` command.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use server::config::{self, Config};
use server::{account, doctor, serve, sign_ins, telemetry};

#[derive(Subcommand)]
enum Mfa {
    /// Remove all second factors of an address and end its sessions, for somebody who lost them all. First make sure that
    /// it is them
    Reset {
        /// The address
        address: String,
    },
}

/// Why not the system's: see the workspace's Cargo.toml.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[derive(Parser)]
#[command(
    name = "pennypost",
    about = "A self-hosted webmail: the browser's way into your mail server",
    version
)]
struct Arguments {
    /// The configuration file; every key is also an environment variable
    #[arg(long, global = true, env = "PENNYPOST_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve webmail
    Serve,
    /// Check the mail server as it is configured, and say what to change
    Doctor(doctor::Options),
    /// Second factors of people
    Mfa {
        #[command(subcommand)]
        command: Mfa,
    },
    /// Print what happened at the door, oldest first
    SignIns(sign_ins::Options),
    /// Print a configuration file with every key, its default and its meaning
    ConfigExample,
    /// Print the reference of the configuration, as in docs/configuration.md
    ConfigReference,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        Command::ConfigExample => return print(&config::reference::example()),
        Command::ConfigReference => return print(&config::reference::reference()),
        Command::Serve | Command::Doctor(_) | Command::SignIns(_) | Command::Mfa { .. } => {}
    }
    let config = match Config::load(config::find(arguments.config).as_deref(), std::env::vars_os()) {
        Ok(config) => config,
        Err(problems) => {
            for problem in problems {
                eprintln!("{problem}");
            }
            return ExitCode::from(2);
        }
    };
    telemetry::start(config.log.level.as_str());
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("the runtime does not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match arguments.command {
        Command::SignIns(options) => runtime.block_on(sign_ins::run(&config, &options)),
        Command::Doctor(options) => runtime.block_on(doctor::run(&config, &options)),
        Command::Mfa { command: Mfa::Reset { address } } => {
            match runtime.block_on(account::reset::reset(&config, &address)) {
                Ok((factors, sessions)) => {
                    eprintln!("removed {factors} second factors and ended {sessions} sessions of {address}");
                    ExitCode::SUCCESS
                }
                Err(error) => failed("pennypost can't reset second factors", &*error),
            }
        }
        _ => match runtime.block_on(serve::run(&config)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed("pennypost can't serve", &*error),
        },
    }
}

#[expect(clippy::print_stdout, reason = "that is what the command is for")]
fn print(text: &str) -> ExitCode {
    print!("{text}");
    ExitCode::SUCCESS
}

/// Says what failed, with all its causes.
fn failed(what: &str, error: &dyn std::error::Error) -> ExitCode {
    let mut words = format!("{what}: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        words.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    eprintln!("{words}");
    ExitCode::FAILURE
}
