//! Browser tests and measurements, by Playwright in Debian's Chromium.

use std::fs;
use std::process::Command;

use testbed::people::{DEMO, TEST_PASSWORD};

use crate::bindgen::Site;
use crate::demo::{Backend, Product, binary};
use crate::packages;
use crate::run::{Result, program, root, run, scratch};
use crate::test::Count;

/// Runs every browser test against the running product.
pub(crate) fn test(yes: bool) -> Result<Count> {
    let (backend, product) = start()?;
    let results = scratch().join("end2end.json");
    let _ = fs::remove_file(&results);
    packages::for_browser(yes)?;
    install()?;
    let finished = run(node(&product, &["node_modules/@playwright/test/cli.js", "test"])
        .env("PENNYPOST_TESTBED", backend.description_file())
        .env("PENNYPOST_TEST_PASSWORD", TEST_PASSWORD)
        .env("PENNYPOST_RESULTS", &results));
    let mut count = count(&results)?;
    match log_is_silent(&product.log) {
        Ok(()) => count.passed += 1,
        Err(error) => {
            eprintln!("✗ the log: {error}");
            count.failed += 1;
        }
    }
    drop((product, backend));
    if finished.is_err() && count.failed == 0 {
        return finished.map(|()| count);
    }
    Ok(count)
}

/// After everybody signed in, read and failed to: the log names none of them, nothing of their mail, and no fault of ours.
fn log_is_silent(log: &std::path::Path) -> Result {
    let text = fs::read_to_string(log)?;
    if !text.contains("answered command=") {
        return Err("it does not even name commands, so its silence proves nothing".into());
    }
    let people = DEMO.iter().flat_map(|person| [person.address, person.password, person.name]);
    let mail = ["Lunch on Thursday", "roast list", "Invoice 2026", "Reisen", "demo.test"];
    for line in text.lines() {
        if let Some(told) = people.clone().chain(mail).find(|told| line.contains(told)) {
            return Err(format!("it tells {told:?}: {line}").into());
        }
        if line.contains("panicked") || line.contains("ERROR") {
            return Err(line.to_owned().into());
        }
    }
    Ok(())
}

/// Prints the table of CONTRIBUTING.md.
pub(crate) fn measure(yes: bool) -> Result {
    packages::for_browser(yes)?;
    let (_backend, product) = built(yes)?;
    let size = |name: &str| {
        fs::metadata(Site::release().folder().join("pkg").join(name)).map_or(0, |about| about.len())
    };
    println!("| what | measured |\n| --- | ---: |");
    for name in ["pennypost.wasm", "pennypost.js", "pennypost.css"] {
        let (plain, brotli) = (size(name), size(&format!("{name}.br")));
        println!("| {name} | {} kB, brotli {} kB |", plain.div_ceil(1000), brotli.div_ceil(1000));
    }
    run(node(&product, &["measure.mjs"]).env("PENNYPOST_LOG", &product.log))
}

/// Takes pictures of every page, and that of the README anew.
pub(crate) fn screenshots(yes: bool) -> Result {
    packages::for_pictures(yes)?;
    let (_backend, product) = built(yes)?;
    let folder = scratch().join("screenshots");
    run(node(&product, &["screenshots.mjs"]).env("PENNYPOST_PICTURES", &folder))?;
    fs::copy(folder.join("newsletter-wide-light.png"), root().join("docs/screenshot.png"))?;
    let gallery = root().join("docs/gallery");
    run(node(&product, &["gallery.mjs"]).env("PENNYPOST_PICTURES", gallery))?;
    println!("{}", folder.display());
    Ok(())
}

/// The product as it is now, with fresh mail, and what drives a browser.
fn built(yes: bool) -> Result<(Backend, Product)> {
    packages::for_mail_server(yes)?;
    Site::release().make()?;
    crate::build::server(false)?;
    install()?;
    start()
}

fn start() -> Result<(Backend, Product)> {
    // Mail of a run before would have been read already.
    let folder = scratch().join("testbed/end2end");
    let _ = fs::remove_dir_all(folder);
    let backend = Backend::start("end2end")?;
    backend.seed()?;
    let product = Product::start(&binary(), &backend, "end2end", 0, None)?;
    Ok((backend, product))
}

fn install() -> Result {
    let folder = root().join("end2end");
    let lock = fs::read(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.installed");
    if fs::read(&stamp).is_ok_and(|known| known == lock) {
        return Ok(());
    }
    run(program("npm", &["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder))?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// Node.js in `end2end`, knowing where the product is and who can sign in.
fn node(product: &Product, arguments: &[&str]) -> Command {
    let mut command = program("node", arguments);
    command.current_dir(root().join("end2end"));
    command.env("PENNYPOST_URL", &product.url).env("PENNYPOST_ACCOUNTS", accounts());
    command
}

fn accounts() -> String {
    let accounts: Vec<_> = DEMO
        .iter()
        .map(|person| serde_json::json!({ "address": person.address, "password": person.password }))
        .collect();
    serde_json::Value::from(accounts).to_string()
}

fn count(results: &std::path::Path) -> Result<Count> {
    let read: serde_json::Value = serde_json::from_str(&fs::read_to_string(results)?)?;
    let number =
        |name: &str| read["stats"][name].as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
    Ok(Count { passed: number("expected"), failed: number("unexpected") + number("flaky") })
}
