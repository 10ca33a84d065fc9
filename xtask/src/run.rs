//! Running other programs, and where things are.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What went wrong, in words for the developer who ran the command.
pub(crate) type Error = Box<dyn std::error::Error>;
/// The result of a step.
pub(crate) type Result<T = ()> = std::result::Result<T, Error>;

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map_or(own.clone(), PathBuf::from)
}

/// Where cargo puts what it builds; may be shared between checkouts by `CARGO_TARGET_DIR`.
pub(crate) fn cargo_target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Where everything else goes that a command makes: always in this checkout.
pub(crate) fn scratch() -> PathBuf {
    root().join("target")
}

/// `cargo` with these arguments, in the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    program(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()), arguments)
}

/// A program with these arguments, in the workspace.
pub(crate) fn program(name: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(root());
    command
}

/// Says what is run, runs it, and fails when it fails.
pub(crate) fn run(command: &mut Command) -> Result {
    let words: Vec<String> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let line = words.join(" ");
    eprintln!("▸ {line}");
    let status =
        command.stdin(Stdio::null()).status().map_err(|error| format!("`{line}` did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed ({status})").into()) }
}

/// Runs quietly and gives what was printed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let line = format!("{command:?}");
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| format!("{line} did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("{line} failed: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
