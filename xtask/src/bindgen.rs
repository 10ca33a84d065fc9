//! What the browser needs, made in `target/site` under the names that cargo-leptos uses: program, style and public
//! files, each compressed beside itself. The server embeds them under names that change with their content.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::run::{Result, cargo, cargo_target, root, run, scratch};
use crate::wasm_target::{self, TARGET};

/// Where the site is made.
pub(crate) fn site() -> PathBuf {
    scratch().join("site")
}

/// Makes program, style and public files; only what changed is compressed again.
pub(crate) fn make() -> Result {
    program()?;
    style()?;
    public()
}

/// Compiles the browser's half and makes its bindings.
pub(crate) fn program() -> Result {
    wasm_target::ensure()?;
    run(&mut cargo(&["build", "--quiet", "--package", "frontend", "--target", TARGET, "--profile", "wasm"]))?;
    let compiled = cargo_target().join(TARGET).join("wasm/frontend.wasm");
    let package = site().join("pkg");
    fs::create_dir_all(&package)?;
    let stamp = package.join("pennypost.stamp");
    let state = state_of(&compiled)?;
    if fs::read_to_string(&stamp).is_ok_and(|known| known == state) {
        return Ok(());
    }
    let mut output = Bindgen::new()
        .input_path(&compiled)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .out_name("pennypost")
        .generate_output()?;
    let wasm = output.wasm_mut().emit_wasm();
    write(&package.join("pennypost.wasm"), &wasm)?;
    write(&package.join("pennypost.js"), output.js().as_bytes())?;
    fs::write(stamp, state)?;
    Ok(())
}

/// Joins the style sheets in the order in which `style/main.css` imports them.
pub(crate) fn style() -> Result {
    let folder = root().join("style");
    let main = fs::read_to_string(folder.join("main.css"))?;
    let mut joined = String::new();
    for line in main.lines() {
        match line.strip_prefix("@import \"").and_then(|rest| rest.strip_suffix("\";")) {
            Some(name) => joined.push_str(&fs::read_to_string(folder.join(name))?),
            None => {
                joined.push_str(line);
                joined.push('\n');
            }
        }
    }
    fs::create_dir_all(site().join("pkg"))?;
    write(&site().join("pkg/pennypost.css"), joined.as_bytes())
}

fn public() -> Result {
    for entry in fs::read_dir(root().join("public"))?.flatten() {
        if entry.file_type()?.is_file() {
            write(&site().join(entry.file_name()), &fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

/// Writes a file and its brotli form, unless it is there already with this content.
fn write(path: &Path, content: &[u8]) -> Result {
    let mut compressed = path.as_os_str().to_owned();
    compressed.push(".br");
    if fs::read(path).is_ok_and(|known| known == content) && Path::new(&compressed).exists() {
        return Ok(());
    }
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, 11, 22);
    encoder.write_all(content)?;
    fs::write(&compressed, encoder.into_inner())?;
    fs::write(path, content)?;
    Ok(())
}

fn state_of(path: &Path) -> Result<String> {
    let about = fs::metadata(path)?;
    Ok(format!("{} {:?}", about.len(), about.modified()?))
}
