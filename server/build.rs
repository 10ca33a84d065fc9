//! Embeds what the browser needs. `cargo xtask build` makes it in `target/site` beforehand; without it the server
//! still builds and serves every page, only without style and script.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let manifest = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let site = manifest.join("../target/site");
    let mut list = String::from("&[\n");
    for folder in [site.join("pkg"), site.clone()] {
        // A folder that is made later must wake this script as well.
        println!("cargo::rerun-if-changed={}", folder.display());
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        let mut files: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
        files.sort();
        for file in files {
            if matches!(extension(&file), "br" | "stamp" | "gz") {
                continue;
            }
            let relative = file.strip_prefix(&site).unwrap_or(&file);
            let mut compressed = file.as_os_str().to_owned();
            compressed.push(".br");
            let compressed = PathBuf::from(compressed);
            let brotli = if compressed.exists() {
                format!("Some(include_bytes!({:?}))", compressed.canonicalize()?)
            } else {
                "None".to_owned()
            };
            let _ = writeln!(
                list,
                "    Embedded {{ path: {:?}, content: include_bytes!({:?}), brotli: {brotli} }},",
                relative.display().to_string(),
                file.canonicalize()?
            );
        }
    }
    list.push(']');
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("assets.rs"), list)
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}
