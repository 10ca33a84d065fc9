//! Rust's standard library for the browser.
//!
//! Where rustup can download, it does. Where it can't, the library is compiled from Debian's `rust-src` package of
//! the very same version, which ships it with all that it depends on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::packages::on_path;
use crate::run::{Result, output, run, scratch};

/// The target of the browser's half.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that the compiler has the target.
pub(crate) fn ensure() -> Result {
    if present()? {
        return Ok(());
    }
    if on_path("rustup") && run(Command::new("rustup").args(["target", "add", TARGET])).is_ok() && present()?
    {
        return Ok(());
    }
    eprintln!("rustup has no {TARGET} to download; compiling it from Debian's rust-src");
    let version = rustc_version()?;
    let work = scratch().join("rust-src");
    let _ = fs::remove_dir_all(&work);
    let unpacked = download(&version, &work)?;
    compile(&unpacked, &version, &work)?;
    fs::remove_dir_all(&work)?;
    if present()? { Ok(()) } else { Err(format!("{TARGET} was compiled but rustc does not find it").into()) }
}

fn library_folder() -> Result<PathBuf> {
    let printed = output(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]))?;
    Ok(PathBuf::from(printed.trim()))
}

fn present() -> Result<bool> {
    let Ok(entries) = fs::read_dir(library_folder()?) else { return Ok(false) };
    Ok(entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    }))
}

fn rustc_version() -> Result<String> {
    let printed = output(Command::new("rustc").arg("--version"))?;
    let version = printed.split_whitespace().nth(1).ok_or("rustc does not say its version")?;
    Ok(version.to_owned())
}

/// Downloads and unpacks `rust-src` of this version with a package list of its own, so that the machine's stays.
fn download(version: &str, work: &Path) -> Result<PathBuf> {
    for folder in ["lists/partial", "archives/partial"] {
        fs::create_dir_all(work.join(folder))?;
    }
    let targets = output(Command::new("apt-get").args([
        "indextargets",
        "--format",
        "$(REPO_URI)",
        "Created-By: Packages",
    ]))?;
    let mirror = targets
        .lines()
        .find(|line| line.trim_end_matches('/').ends_with("/debian"))
        .ok_or("no Debian mirror is configured here; install the target by hand")?;
    let sources: String = ["trixie-backports", "trixie", "forky", "sid"]
        .iter()
        .map(|suite| {
            format!("deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {mirror} {suite} main\n")
        })
        .collect();
    fs::write(work.join("sources.list"), sources)?;
    let apt = |tool: &str, arguments: &[&str]| {
        let mut command = Command::new(tool);
        for option in [
            format!("Dir::Etc::SourceList={}", work.join("sources.list").display()),
            "Dir::Etc::SourceParts=/dev/null".to_owned(),
            format!("Dir::State::Lists={}", work.join("lists").display()),
            format!("Dir::Cache::archives={}", work.join("archives").display()),
            "Dir::Cache::pkgcache=".to_owned(),
            "Dir::Cache::srcpkgcache=".to_owned(),
            "APT::Sandbox::User=root".to_owned(),
        ] {
            command.args(["-o", &option]);
        }
        command.args(arguments).current_dir(work);
        command
    };
    run(&mut apt("apt-get", &["-qq", "update"]))?;
    let known = output(&mut apt("apt-cache", &["madison", "rust-src"]))?;
    let full = known
        .lines()
        .filter_map(|line| line.split('|').nth(1))
        .map(str::trim)
        .find(|known| known.strip_prefix(version).is_some_and(|rest| rest.starts_with(['+', '-'])))
        .ok_or_else(|| {
            format!("Debian has no rust-src {version}; run `rustup target add {TARGET}` by hand")
        })?;
    run(&mut apt("apt-get", &["-qq", "download", &format!("rust-src={full}")]))?;
    let archive = fs::read_dir(work)?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .ok_or("rust-src was not downloaded")?;
    let unpacked = work.join("unpacked");
    run(Command::new("dpkg").arg("-x").arg(archive).arg(&unpacked))?;
    Ok(unpacked.join(format!("usr/src/rustc-{version}/library")))
}

fn compile(library: &Path, version: &str, work: &Path) -> Result {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let source = Path::new(sysroot.trim()).join("lib/rustlib/src/rust");
    fs::create_dir_all(&source)?;
    run(Command::new("cp").arg("-r").arg(library).arg(&source)).map_err(|error| {
        format!("the sources of Rust {version} can't be put beside the compiler: {error}")
    })?;
    let empty = work.join("empty");
    fs::create_dir_all(empty.join("src"))?;
    fs::write(empty.join("src/lib.rs"), "")?;
    // A workspace of its own, so that cargo does not take it for a member of ours.
    let manifest = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(empty.join("Cargo.toml"), manifest)?;
    let built = work.join("built");
    run(Command::new("cargo")
        .args(["build", "--quiet", "--release", "--target", TARGET])
        .arg("-Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", &built)
        .env_remove("RUSTFLAGS")
        .current_dir(&empty))?;
    let folder = library_folder()?;
    fs::create_dir_all(&folder)?;
    for entry in fs::read_dir(built.join(TARGET).join("release/deps"))?.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libempty-") {
            fs::copy(entry.path(), folder.join(&name))?;
        }
    }
    Ok(())
}
