//! `cargo xtask tidy`: the house rules that no compiler knows.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Result, cargo, output, root};

/// Who may depend on whom among our own crates. Tests may also use `testbed`.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("imap", &["model"]),
    ("message", &["model"]),
    ("database", &["model"]),
    ("factor", &[]),
    ("app", &["model"]),
    ("frontend", &["app"]),
    ("server", &["app", "database", "factor", "imap", "message", "model"]),
    ("testbed", &[]),
    // Measures the engine from inside; apart from xtask, so that no other command waits for it to compile.
    ("bench", &["imap", "model", "testbed"]),
    ("xtask", &["testbed"]),
    ("fuzz", &["imap", "message", "model"]),
];

/// Words that may stand only in these places.
const ONLY_IN: &[(&str, &[&str], &str)] = &[
    (
        "async_imap",
        &["testbed/"],
        "it is the second client of the tests; the product has its own wire (decision 0002)",
    ),
    (
        "imap::memory",
        &["fuzz/", "imap/src/memory.rs"],
        "a server in memory is for fuzzing; the product knows two ways to a real one, both TLS",
    ),
    ("sqlx::", &["database/"], "all SQL is in one room"),
    ("web_sys", &["app/src/browser/"], "everything that needs a browser is in one room"),
    ("js_sys", &["app/src/browser/"], "everything that needs a browser is in one room"),
    ("inner_html", &["xtask/"], "strangers' words are text nodes and attributes alone"),
    (
        "SignedIn {",
        &["app/src/contract/mod.rs", "server/src/http/session.rs"],
        "only the session layer gives a request what a signed-in person may do",
    ),
    (
        "Reach::for_tests",
        &["server/src/outside/tests.rs", "server/src/picture/elsewhere.rs", "server/tests/"],
        "no mail leads into a private network; only tests reach their own servers",
    ),
    ("SystemTime::now", &["server/src/clock.rs", "testbed/", "xtask/"], "time is a parameter"),
    (
        "std::net",
        &["imap/", "server/", "testbed/", "xtask/"],
        "message, model, app, database and factor open no socket",
    ),
    (
        "std::fs",
        &["bench/", "database/", "fuzz/", "imap/", "message/tests/", "server/", "testbed/", "xtask/"],
        "message, model, app and factor touch no file; tests of message read messages that are kept",
    ),
];

/// Files above this many lines need a reason in [`LONG`].
const LINES: usize = 400;

/// Long files and why they are.
const LONG: &[(&str, &str)] = &[(
    "imap/src/connection.rs",
    "one conversation, from tag to completion; pipelining and its deadlines stay in sight of each other",
)];

/// Names that say nothing.
const NAMELESS: &[&str] = &["utils", "util", "helpers", "helper", "common", "manager", "misc"];

/// Checks every rule; gives their number.
pub(crate) fn run() -> Result<usize> {
    let mut broken = Vec::new();
    arrows(&mut broken)?;
    let files = sources(&root())?;
    for file in &files {
        let name = file.strip_prefix(root())?.to_string_lossy().into_owned();
        let text = fs::read_to_string(file)?;
        words(&name, &text, &mut broken);
        size(&name, &text, &mut broken);
    }
    texts(&files, &mut broken)?;
    leaned_on(&files, &mut broken)?;
    crate::dependencies::check(&mut broken)?;
    if broken.is_empty() {
        Ok(7)
    } else {
        Err(format!("house rules broken:\n  {}", broken.join("\n  ")).into())
    }
}

fn arrows(broken: &mut Vec<String>) -> Result {
    let printed = output(&mut cargo(&["metadata", "--no-deps", "--offline", "--format-version", "1"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&printed)?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata lists no packages")?;
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = MAY_NAME.iter().find(|(known, _)| *known == name) else {
            broken.push(format!("{name} is a crate that the architecture does not know"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let wanted = dependency["name"].as_str().unwrap_or_default();
            let ours = MAY_NAME.iter().any(|(known, _)| *known == wanted);
            let for_tests = wanted == "testbed" && dependency["kind"] == "dev";
            if ours && !for_tests && !allowed.contains(&wanted) {
                broken.push(format!("{name} may not depend on {wanted}"));
            }
        }
    }
    Ok(())
}

fn words(name: &str, text: &str, broken: &mut Vec<String>) {
    for (word, places, reason) in ONLY_IN {
        let allowed = places.iter().any(|place| name.starts_with(place)) || name == "xtask/src/tidy.rs";
        if !allowed && text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(word)) {
            broken.push(format!("{name} names {word}: {reason}"));
        }
    }
}

fn size(name: &str, text: &str, broken: &mut Vec<String>) {
    let lines = text.lines().count();
    if lines > LINES && !LONG.iter().any(|(known, _)| *known == name) {
        broken.push(format!("{name} has {lines} lines; above {LINES} it needs a reason, or a door"));
    }
    let nameless = name.trim_end_matches(".rs").split('/').any(|word| NAMELESS.contains(&word));
    if nameless {
        broken.push(format!("{name}: a name from the mail field says more"));
    }
}

/// Every text that a page asks for has words in every language.
fn texts(files: &[PathBuf], broken: &mut Vec<String>) -> Result {
    let mut asked = BTreeMap::new();
    for file in files.iter().filter(|file| file.starts_with(root().join("app/src"))) {
        let text = fs::read_to_string(file)?;
        for call in [".text(\"", ".text_with(\""] {
            for rest in text.split(call).skip(1) {
                if let Some((key, _)) = rest.split_once('"') {
                    asked.insert(key.to_owned(), file.clone());
                }
            }
        }
    }
    for locale in fs::read_dir(root().join("app/locales"))?.flatten() {
        let words = fs::read_to_string(locale.path().join("main.ftl"))?;
        for (key, file) in &asked {
            if !words.lines().any(|line| line.starts_with(&format!("{key} ="))) {
                broken.push(format!("{}: {key} has no words in {}", file.display(), locale.path().display()));
            }
        }
    }
    Ok(())
}

/// Tests that the documents for operators lean on are there.
fn leaned_on(files: &[PathBuf], broken: &mut Vec<String>) -> Result {
    let mut known = std::collections::BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file)?;
        for rest in text.split("fn ").skip(1) {
            known.insert(
                rest.split(|c: char| c != '_' && !c.is_ascii_alphanumeric()).next().unwrap_or("").to_owned(),
            );
        }
    }
    for document in ["docs/asvs.md", "docs/security.md"] {
        let text = fs::read_to_string(root().join(document))?;
        let words = text.split(|c: char| c != '_' && !c.is_ascii_alphanumeric());
        // Names of tests are sentences; no other word has so many parts.
        for name in words.filter(|word| word.matches('_').count() >= 4 && !known.contains(*word)) {
            broken.push(format!("{document} names the test {name}, which is not there"));
        }
    }
    Ok(())
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let skipped = matches!(name.to_str(), Some("target" | "node_modules" | ".git"));
        if path.is_dir() && !skipped {
            files.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
