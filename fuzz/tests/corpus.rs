//! The corpus, fed without an engine: what was found once stays mended, and the targets still build.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::path::PathBuf;

/// Feeds every file of a target's corpus, on the stack that a worker has.
fn feed(target: &str, read: fn(&[u8])) -> Vec<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        names.push(path.file_name().unwrap().to_string_lossy().into_owned());
        println!("{}", path.display());
        let bytes = std::fs::read(path).unwrap();
        let worker = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
        worker.spawn(move || read(&bytes)).unwrap().join().unwrap();
    }
    names
}

#[test]
fn every_conversation_of_the_corpus_ends_well_and_every_command_has_one() {
    let names = feed("frames", fuzz::frames);
    for command in fuzz::COMMANDS {
        let one = |name: &String| name.split('.').next() == Some(command);
        assert!(names.iter().any(one), "no file is named {command}.…");
    }
}

#[test]
fn every_structure_of_the_corpus_is_read() {
    assert!(!feed("structure", fuzz::structure).is_empty());
}

#[test]
fn every_message_of_the_corpus_is_read() {
    assert!(!feed("mail", fuzz::mail).is_empty());
}
