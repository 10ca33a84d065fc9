//! `cargo xtask fuzz`: feeds what reads strangers' bytes with bytes that an engine makes up.
//!
//! The engine is libFuzzer, guided by the coverage that LLVM counts. `libfuzzer-sys` brings its source, which a C++ compiler
//! builds, and the flags below are what `cargo fuzz --sanitizer none` passes; unlike its sanitizers, they are known to
//! the stable compiler, so nothing has to be installed and nothing unstable is switched on. Without `unsafe` code an
//! address sanitizer would find nothing. AFL and honggfuzz want programs of their own, and bolero's engines are these.

use std::fs;
use std::path::Path;

use crate::run::{Result, cargo, cargo_target, program, root, run, scratch};

/// What is fed: functions of the crate `fuzz`.
const TARGETS: &[&str] = &["frames", "structure", "mail"];

/// Longest inputs: what is longer is slow and finds little. The limits themselves have tests of their own.
const LONGEST: &str = "-max_len=8192";

/// An input that takes longer, in seconds, is a find.
const PATIENCE: &str = "-timeout=5";

/// Coverage is counted at every edge, and what is compared is looked at.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// For how long each target is fed
    #[arg(long, default_value_t = 180)]
    seconds: u32,
    /// One of `frames`, `structure` and `mail`; all of them, one after the other, if none is named
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(TARGETS))]
    target: Option<String>,
}

/// Feeds, and fails at the first find.
pub(crate) fn feed(options: &Options) -> Result {
    // Flags hold for this machine's programs alone, not for build scripts, only where a target is named.
    let host = host()?;
    let built = cargo_target().join("fuzz");
    let mut build = cargo(&["build", "--package", "fuzz", "--bins", "--profile", "fuzz", "--target", &host]);
    run(build.env("RUSTFLAGS", COVERAGE).env("CARGO_TARGET_DIR", &built))?;
    for target in TARGETS.iter().filter(|target| options.target.as_ref().is_none_or(|only| only == *target)) {
        let binary = built.join(&host).join("fuzz").join(target);
        one(target, &binary, options.seconds)?;
    }
    Ok(())
}

fn one(target: &str, binary: &Path, seconds: u32) -> Result {
    // What is new in coverage is kept in this checkout for the next time, and never among what is checked in.
    let folder = scratch().join("fuzz").join(target);
    let (seeds, found) = (root().join("fuzz/corpus").join(target), folder.join("found"));
    fs::create_dir_all(&found)?;
    let words = root().join("fuzz/words").join(target);
    let (seconds, prefix) =
        (format!("-max_total_time={seconds}"), format!("-artifact_prefix={}/", folder.display()));
    let dictionary = format!("-dict={}", words.display());
    let mut engine =
        program(&binary.to_string_lossy(), &[LONGEST, PATIENCE, "-print_final_stats=1", &seconds, &prefix]);
    engine.args(words.exists().then_some(dictionary)).arg(&found).arg(&seeds);
    run(&mut engine).map_err(|error| {
        format!(
            "{error}\nThe input is the file named above. `cargo run -p fuzz --bin {target} -- <file>` feeds it again; \
             in fuzz/corpus/{target}, under a name that says what it is, it is fed by every test run from now on."
        )
        .into()
    })
}

/// The name of this machine, as the compiler has it.
fn host() -> Result<String> {
    let printed = crate::run::output(program("rustc", &["-vV"]).env_remove("RUSTFLAGS"))?;
    let host = printed.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("rustc does not say on what it runs")?.to_owned())
}
