//! What the browser needs, made under the names that cargo-leptos uses: program, style and public files. For a release
//! each is compressed beside itself in `target/site`, which the server embeds under names that change with their content.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::run::{Result, cargo, cargo_target, root, run, scratch};
use crate::wasm_target::{self, TARGET};

/// A folder of files for the browser, and how they are made.
pub(crate) struct Site {
    folder: PathBuf,
    profile: &'static str,
    compressed: bool,
}

impl Site {
    /// Small: for the binary.
    pub(crate) fn release() -> Self {
        Self { folder: scratch().join("site"), profile: "wasm", compressed: true }
    }

    /// Made quickly, in a folder of its own, so that nobody embeds it by mistake.
    pub(crate) fn development() -> Self {
        Self { folder: scratch().join("site-development"), profile: "dev", compressed: false }
    }

    /// Where it is made.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes program, style and public files; only what changed is compressed again.
    pub(crate) fn make(&self) -> Result {
        self.program()?;
        self.style()?;
        self.public()
    }

    /// Compiles the browser's half and makes its bindings.
    pub(crate) fn program(&self) -> Result {
        wasm_target::ensure()?;
        let build =
            ["build", "--quiet", "--package", "frontend", "--target", TARGET, "--profile", self.profile];
        // Not a profile of its own, for which every macro would be compiled anew.
        run(cargo(&build).env("CARGO_PROFILE_DEV_DEBUG", "false").env("CARGO_PROFILE_DEV_OPT_LEVEL", "1"))?;
        let folder = if self.profile == "dev" { "debug" } else { self.profile };
        let compiled = cargo_target().join(TARGET).join(folder).join("frontend.wasm");
        let package = self.folder.join("pkg");
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
            .remove_name_section(self.compressed)
            .remove_producers_section(true)
            .out_name("pennypost")
            .generate_output()?;
        let wasm = output.wasm_mut().emit_wasm();
        self.write(&package.join("pennypost.wasm"), &wasm)?;
        self.write(&package.join("pennypost.js"), output.js().as_bytes())?;
        fs::write(stamp, state)?;
        Ok(())
    }

    /// Joins the style sheets in the order in which `style/main.css` imports them.
    pub(crate) fn style(&self) -> Result {
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
        fs::create_dir_all(self.folder.join("pkg"))?;
        self.write(&self.folder.join("pkg/pennypost.css"), joined.as_bytes())
    }

    /// Copies what is served under its own name.
    pub(crate) fn public(&self) -> Result {
        for entry in fs::read_dir(root().join("public"))?.flatten() {
            if entry.file_type()?.is_file() {
                self.write(&self.folder.join(entry.file_name()), &fs::read(entry.path())?)?;
            }
        }
        Ok(())
    }

    /// Writes a file and its brotli form, unless it is there already with this content.
    fn write(&self, path: &Path, content: &[u8]) -> Result {
        let mut compressed = path.as_os_str().to_owned();
        compressed.push(".br");
        let complete = !self.compressed || Path::new(&compressed).exists();
        if complete && fs::read(path).is_ok_and(|known| known == content) {
            return Ok(());
        }
        if self.compressed {
            let mut encoder = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, 11, 22);
            encoder.write_all(content)?;
            fs::write(&compressed, encoder.into_inner())?;
        }
        fs::write(path, content)?;
        Ok(())
    }
}

fn state_of(path: &Path) -> Result<String> {
    let about = fs::metadata(path)?;
    Ok(format!("{} {:?}", about.len(), about.modified()?))
}
