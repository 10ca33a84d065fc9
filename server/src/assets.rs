//! What the browser needs besides pages: style, program, icon. Embedded in the binary and served under names that
//! change with their content, so that a browser asks for each of them once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

/// A file as the build embedded it.
struct Embedded {
    path: &'static str,
    content: &'static [u8],
    brotli: Option<&'static [u8]>,
}

/// Made by `build.rs`.
static EMBEDDED: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A file to serve.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its type, closed list.
    pub content_type: &'static str,
    /// Its bytes.
    pub content: Cow<'static, [u8]>,
    /// Its bytes in brotli, if the build made them.
    pub brotli: Option<Cow<'static, [u8]>>,
    /// Whether its path changes with its content.
    pub immutable: bool,
}

/// All files, by path.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    files: Arc<HashMap<String, Asset>>,
    names: app::Assets,
}

impl Assets {
    /// The files inside the binary.
    pub fn embedded() -> Self {
        Self::of(
            EMBEDDED.iter().map(|file| {
                (file.path.to_owned(), Cow::Borrowed(file.content), file.brotli.map(Cow::Borrowed))
            }),
        )
    }

    /// The files in a folder, as `cargo leptos watch` and `cargo xtask dev` make them.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn read(folder: &Path) -> std::io::Result<Self> {
        let mut files = Vec::new();
        for below in ["pkg/", ""] {
            for entry in std::fs::read_dir(folder.join(below))? {
                let path = entry?.path();
                let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
                if path.is_file() && !name.ends_with(".br") && !name.ends_with(".stamp") {
                    files.push((format!("{below}{name}"), Cow::Owned(std::fs::read(&path)?), None));
                }
            }
        }
        let mut read = Self::of(files.into_iter());
        read.names.start = Some(crate::failure::reference());
        Ok(read)
    }

    fn of(files: impl Iterator<Item = (String, Cow<'static, [u8]>, Option<Cow<'static, [u8]>>)>) -> Self {
        let mut served = HashMap::new();
        let mut names = app::Assets::default();
        let (mut script, mut wasm) = (None, None);
        for (path, content, brotli) in files {
            let Some((stem, extension)) = path.rsplit_once('.') else { continue };
            let content_type = match extension {
                "css" => "text/css; charset=utf-8",
                "js" => "text/javascript; charset=utf-8",
                "wasm" => "application/wasm",
                "svg" => "image/svg+xml",
                "png" => "image/png",
                "txt" => "text/plain; charset=utf-8",
                "webmanifest" => "application/manifest+json",
                _ => continue,
            };
            // Public files keep the names that browsers look for; the package is named by its content.
            let (url, immutable) = match stem.strip_prefix("pkg/") {
                Some(name) => (format!("/assets/{name}-{}.{extension}", digest(&content)), true),
                None => (format!("/{path}"), false),
            };
            match path.as_str() {
                "pkg/pennypost.css" => names.style = Some(url.clone()),
                "pkg/pennypost.js" => script = Some(url.clone()),
                "pkg/pennypost.wasm" => wasm = Some(url.clone()),
                _ => {}
            }
            served.insert(url, Asset { content_type, content, brotli, immutable });
        }
        names.program = script.zip(wasm);
        Self { files: Arc::new(served), names }
    }

    /// The file at a path.
    pub fn get(&self, path: &str) -> Option<&Asset> {
        self.files.get(path)
    }

    /// What a page needs to name.
    pub fn names(&self) -> app::Assets {
        self.names.clone()
    }

    /// Whether the browser's half is there.
    pub fn complete(&self) -> bool {
        self.names.style.is_some() && self.names.program.is_some()
    }
}

fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::Assets;

    fn assets(style: &'static [u8]) -> Assets {
        Assets::of(
            [
                ("pkg/pennypost.css".to_owned(), Cow::Borrowed(style), None),
                ("favicon.svg".to_owned(), Cow::Borrowed(&b"<svg/>"[..]), None),
                ("notes.exe".to_owned(), Cow::Borrowed(&b"MZ"[..]), None),
            ]
            .into_iter(),
        )
    }

    #[test]
    fn the_name_of_a_style_sheet_changes_with_its_content() {
        let (one, two) = (assets(b"a{}").names().style, assets(b"b{}").names().style);
        assert!(one.is_some() && one != two);
    }

    #[test]
    fn only_known_types_are_served_and_public_names_stay() {
        let assets = assets(b"a{}");
        assert!(assets.get("/favicon.svg").is_some_and(|file| !file.immutable));
        assert!(assets.get("/notes.exe").is_none());
        assert!(!assets.complete());
    }
}
