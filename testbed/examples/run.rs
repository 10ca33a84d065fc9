//! Runs a testbed until its input ends: `cargo run -p testbed --example run -- target/testbed/hand`.
//! Someone who is not root adds `--without-postfix`.
#![allow(clippy::print_stdout, reason = "it talks to the person who started it")]

use std::path::PathBuf;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder =
        std::env::args_os().nth(1).map_or_else(|| PathBuf::from("target/testbed/hand"), PathBuf::from);
    let without_postfix = std::env::args().any(|argument| argument == "--without-postfix");
    let options = testbed::Options { without_postfix, ..testbed::Options::default() };
    let begun = Instant::now();
    let testbed = testbed::Testbed::start(&folder, &options)?;
    println!("{}", serde_json::to_string_pretty(testbed.description())?);
    println!("up after {:?}; press Enter to stop", begun.elapsed());
    std::io::stdin().read_line(&mut String::new())?;
    let begun = Instant::now();
    testbed.stop();
    println!("stopped after {:?}", begun.elapsed());
    Ok(())
}
