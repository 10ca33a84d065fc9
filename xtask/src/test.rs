//! `cargo xtask test`: the one test command.

use std::process::Command;
use std::time::Instant;

use crate::bindgen::Site;
use crate::demo::Backend;
use crate::packages::on_path;
use crate::run::{self, Result, cargo};
use crate::{build, end2end, packages, tidy};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Install missing system packages without asking
    #[arg(long)]
    yes: bool,
    /// Leave out the browser
    #[arg(long)]
    without_browser: bool,
}

/// How many tests passed and failed.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

/// Runs every step, also after one failed, and closes with the count.
pub(crate) fn run(options: &Options) -> Result {
    let yes = options.yes || std::env::var_os("CI").is_some();
    packages::for_mail_server(yes)?;
    if !options.without_browser {
        packages::for_browser(yes)?;
    }
    let mut count = Count::default();
    let mut step = |name: &str, work: &mut dyn FnMut() -> Result<Count>| {
        let begun = Instant::now();
        match work() {
            Ok(more) => {
                count.passed += more.passed;
                count.failed += more.failed;
                eprintln!(
                    "✓ {name}: {} passed, {} failed, {} s",
                    more.passed,
                    more.failed,
                    begun.elapsed().as_secs()
                );
            }
            Err(error) => {
                count.failed += 1;
                eprintln!("✗ {name}: {error}");
            }
        }
    };
    // Formatting and rules are conditions, not tests: they count only when they fail.
    step("format", &mut || quiet(cargo(&["fmt", "--all", "--check"])));
    step("house rules", &mut || tidy::run().map(|_| Count::default()));
    step("browser's half", &mut || Site::release().make().map(|()| Count::default()));
    step("clippy", &mut || {
        quiet(cargo(&[
            "clippy",
            "--quiet",
            "--workspace",
            "--exclude",
            "frontend",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    });
    step("clippy for the browser", &mut || {
        quiet(cargo(&[
            "clippy",
            "--quiet",
            "--package",
            "frontend",
            "--target",
            crate::wasm_target::TARGET,
            "--profile",
            "wasm",
            "--",
            "-D",
            "warnings",
        ]))
    });
    step("unit and integration tests", &mut nextest);
    if !options.without_browser {
        step("browser tests", &mut || {
            build::server(false)?;
            end2end::test(yes)
        });
    }
    println!("{} passed, {} failed", count.passed, count.failed);
    if count.failed == 0 { Ok(()) } else { Err("some tests failed".into()) }
}

fn quiet(mut command: Command) -> Result<Count> {
    run::run(&mut command).map(|()| Count::default())
}

/// All Rust tests against one private mail server.
fn nextest() -> Result<Count> {
    let backend = Backend::start("test")?;
    let mut command = if on_path("cargo-nextest") {
        cargo(&[
            "nextest",
            "run",
            "--workspace",
            "--exclude",
            "frontend",
            "--no-fail-fast",
            "--color",
            "never",
        ])
    } else {
        cargo(&["test", "--workspace", "--exclude", "frontend", "--no-fail-fast", "--quiet"])
    };
    command.env("PENNYPOST_TESTBED", backend.description_file());
    let output = command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::piped());
    let output = output.stderr(std::process::Stdio::piped()).output()?;
    let printed =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    eprint!("{printed}");
    let count = count(&printed);
    if count.passed + count.failed == 0 {
        return Err("no test ran".into());
    }
    if !output.status.success() && count.failed == 0 {
        return Err(format!("the test runner failed ({})", output.status).into());
    }
    Ok(count)
}

/// Adds up the closing lines of nextest (`Summary … 12 passed, 1 failed`) or of cargo's own runner. Nextest shows what
/// a failed test printed, and there stands a closing line of the other kind.
fn count(printed: &str) -> Count {
    let mut count = Count::default();
    let closing = if printed.contains("Summary [") { "Summary [" } else { "test result:" };
    for line in printed.lines().map(str::trim).filter(|line| line.starts_with(closing)) {
        let words: Vec<&str> = line.split([' ', ',', ';']).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            let (Some(number), Some(word)) =
                (pair.first().and_then(|word| word.parse::<u32>().ok()), pair.get(1))
            else {
                continue;
            };
            match *word {
                "passed" => count.passed += number,
                "failed" | "timed" => count.failed += number,
                _ => {}
            }
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn the_closing_lines_of_both_runners_are_understood() {
        let nextest = "test result: FAILED. 0 passed; 1 failed;\n     Summary [   3.2s] 55 tests run: 52 passed (1 slow), 2 failed, 1 timed out, 3 skipped";
        assert_eq!((count(nextest).passed, count(nextest).failed), (52, 3));
        let cargo = "test result: ok. 7 passed; 0 failed; 1 ignored; 0 measured\ntest result: FAILED. 1 passed; 2 failed;";
        assert_eq!((count(cargo).passed, count(cargo).failed), (8, 2));
    }
}
