//! Measures what a running mail server and a running Pennypost do and cost, and judges nothing: `cargo xtask bench`
//! starts both and runs this once for each part.
//!
//! The engine is measured beside the same commands on a bare connection, in one run and in turns, so that a busy machine
//! slows both: the ratio is what can be compared from day to day.

mod browser;
mod engine;
mod http;
mod idle;
mod live;
mod machine;
mod report;
mod times;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use testbed::Description;
use testbed::people::{Person, TEST_DOMAIN, TEST_PASSWORD};

use crate::machine::Tree;
use crate::report::Report;

/// What went wrong, in words for the developer who ran the command.
type Error = Box<dyn std::error::Error>;
/// The result of a step.
type Result<T = ()> = std::result::Result<T, Error>;

/// The same mail in every run.
const SEED: u64 = 1;

/// The engine as the server runs it.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    part: Part,
    /// The file that says where the mail server is
    #[arg(long)]
    testbed: PathBuf,
    /// The first process of Dovecot
    #[arg(long)]
    dovecot: u32,
    /// Where to write the figures as JSON
    #[arg(long)]
    results: Option<PathBuf>,
    /// Few repetitions and small mailboxes: to see whether it works
    #[arg(long)]
    quick: bool,
}

#[derive(Subcommand)]
enum Part {
    /// The engine beside a bare connection
    Engine,
    /// Pages of the server
    Http(Product),
    /// People who only wait
    Idle {
        #[command(flatten)]
        product: Product,
        /// How many
        #[arg(long)]
        people: u32,
    },
}

/// The server that is measured.
#[derive(clap::Args)]
struct Product {
    /// Where it serves
    #[arg(long)]
    url: String,
    /// Its process
    #[arg(long)]
    server: u32,
}

/// Where everything is that is measured.
struct Setting {
    testbed: Description,
    dovecot: Tree,
    quick: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result {
    // Every person who waits is an open file.
    rlimit::increase_nofile_limit(u64::MAX)?;
    let testbed = Description::load(&arguments.testbed)?;
    let setting = Setting { testbed, dovecot: Tree::of(arguments.dovecot)?, quick: arguments.quick };
    // One thread: what measures shares the cores with what is measured.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let name = match arguments.part {
        Part::Engine => "engine",
        Part::Http(_) => "http",
        Part::Idle { .. } => "idle",
    };
    let mut report = Report::begin(name, arguments.quick);
    // What goes wrong is told in words that do not travel between threads.
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        match &arguments.part {
            Part::Engine => engine::measure(&setting, &mut report).await,
            Part::Http(product) => http::measure(&setting, product, &mut report).await,
            Part::Idle { product, people } => idle::measure(&setting, product, *people, &mut report).await,
        }
    })?;
    report.end();
    println!("{}", report.markdown());
    if let Some(file) = &arguments.results {
        std::fs::write(file, serde_json::to_vec_pretty(&report)?)?;
    }
    Ok(())
}

/// Somebody of this name. Every name of the domain has a mailbox, so nobody writes a list.
fn person(name: &str) -> Person {
    Person { address: format!("{name}@{TEST_DOMAIN}"), password: TEST_PASSWORD.to_owned() }
}
