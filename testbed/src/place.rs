//! The directories of a testbed: one for its files, a short one for its sockets.

use std::collections::hash_map::DefaultHasher;
use std::fs::{self, File};
use std::hash::{Hash as _, Hasher as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// Where a testbed keeps its files. Held for as long as its servers run.
#[derive(Debug)]
pub(crate) struct Place {
    /// Configuration, certificates, logs, mail, queue.
    pub(crate) dir: PathBuf,
    /// Sockets. The path of a Unix socket has at most 108 bytes and build directories may be deep,
    /// so this one lies below `/tmp`.
    pub(crate) run: PathBuf,
    /// Mailboxes.
    pub(crate) mail: PathBuf,
    /// Locked by the kernel until we end, however we end: no stale lock can remain.
    _lock: File,
}

impl Place {
    /// Takes the directory for this process and clears away what a killed run left.
    pub(crate) fn take(dir: &Path) -> Result<Self> {
        let dir = std::path::absolute(dir).map_err(Error::io("find", dir))?;
        fs::create_dir_all(&dir).map_err(Error::io("create", &dir))?;
        let dir = reachable(fs::canonicalize(&dir).map_err(Error::io("find", &dir))?)?;
        let lock = lock(&dir)?;
        let run = run_dir(&dir);
        let _ = fs::remove_dir_all(&run);
        // Fails if somebody else on this machine made it: then we must not use it.
        fs::create_dir(&run).map_err(Error::io("create", &run))?;
        let place = Self { mail: dir.join("mail"), dir, run, _lock: lock };
        for path in [&place.dir, &place.run] {
            allow(path, 0o755)?;
        }
        Ok(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.run);
    }
}

/// Removes the testbed of an ended process, unless it is still in use.
pub(crate) fn sweep(dir: &Path) {
    let Ok(dir) = fs::canonicalize(dir) else { return };
    let Ok(dir) = reachable(dir) else { return };
    if let Ok(_lock) = lock(&dir) {
        let _ = fs::remove_dir_all(run_dir(&dir));
        let _ = fs::remove_dir_all(&dir);
    }
}

fn lock(dir: &Path) -> Result<File> {
    let path = dir.join("lock");
    let file = File::create(&path).map_err(Error::io("write", &path))?;
    file.try_lock().map_err(|_| Error::InUse(dir.to_owned()))?;
    Ok(file)
}

/// Always the same for the same directory, so that the next start clears what a killed one left.
fn run_dir(dir: &Path) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    dir.hash(&mut hasher);
    PathBuf::from(format!("/tmp/pp-{:012x}", hasher.finish() & 0xffff_ffff_ffff))
}

/// The servers give up root before they touch mail, and then cannot enter a directory below, say, `/root`.
/// In that case the testbed's directory holds only a link to one that they can enter.
fn reachable(dir: PathBuf) -> Result<PathBuf> {
    let open = |path: &Path| fs::metadata(path).is_ok_and(|found| found.mode() & 0o001 != 0);
    if !is_root() || dir.ancestors().skip(1).all(open) {
        return Ok(dir);
    }
    let name = run_dir(&dir);
    let name = name.file_name().unwrap_or_default();
    let elsewhere = Path::new("/var/tmp").join(name);
    if !elsewhere.exists() {
        fs::create_dir(&elsewhere).map_err(Error::io("create", &elsewhere))?;
    }
    if fs::symlink_metadata(&elsewhere).is_ok_and(|found| !found.is_dir() || found.uid() != 0) {
        return Err(Error::InUse(elsewhere));
    }
    let link = dir.join("files");
    let _ = fs::remove_file(&link);
    std::os::unix::fs::symlink(&elsewhere, &link).map_err(Error::io("write", &link))?;
    Ok(elsewhere)
}

/// Sets the permissions, whatever the umask was.
pub(crate) fn allow(path: &Path, mode: u32) -> Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(Error::io("set permissions of", path))
}

/// Whether this process may do everything.
pub(crate) fn is_root() -> bool {
    own_ids().0 == 0
}

/// User and group of this process.
pub(crate) fn own_ids() -> (u32, u32) {
    fs::metadata("/proc/self").map_or((u32::MAX, u32::MAX), |own| (own.uid(), own.gid()))
}

/// User and group id of a user of this machine.
pub(crate) fn ids_of(user: &str) -> Option<(u32, u32)> {
    let text = fs::read_to_string("/etc/passwd").ok()?;
    let line = text.lines().find(|line| line.split(':').next() == Some(user))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

/// Name with this id in `/etc/passwd` or `/etc/group`, which have it in the same column.
pub(crate) fn name_of(id: u32, file: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let id = id.to_string();
    text.lines().find(|line| line.split(':').nth(2) == Some(&id))?.split(':').next().map(str::to_owned)
}
