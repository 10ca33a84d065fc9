//! One mail server for all tests of a run.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::{Description, Options, Result, Testbed, place};

/// The environment variable with the path of [`Testbed::description_file`].
pub const VARIABLE: &str = "PENNYPOST_TESTBED";

/// The mail server of this run of tests, or one of one's own.
#[derive(Clone, Copy, Debug)]
pub struct Shared {
    description: &'static Description,
}

/// Kept until the process ends; then the kernel ends the servers.
static OWN: OnceLock<Testbed> = OnceLock::new();
static GIVEN: OnceLock<Description> = OnceLock::new();

impl Shared {
    /// Finds the one that [`VARIABLE`] names, or starts one for this process.
    ///
    /// # Errors
    /// When there is none and none can be started.
    pub fn find() -> Result<Self> {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(description) = GIVEN.get().or(OWN.get().map(Testbed::description)) {
            return Ok(Self { description });
        }
        let description = match std::env::var_os(VARIABLE) {
            Some(file) => {
                let found = Description::load(Path::new(&file))?;
                GIVEN.get_or_init(|| found)
            }
            None => {
                let started = Testbed::start(&scratch("own"), &Options::default())?;
                OWN.get_or_init(|| started).description()
            }
        };
        Ok(Self { description })
    }

    /// Where everything is.
    pub fn description(&self) -> &'static Description {
        self.description
    }
}

/// A folder for an instance that only this process uses. What ended processes left there is removed.
pub fn scratch(name: &str) -> PathBuf {
    // Compiled in: cargo starts tests in the folder of their package, which may be any of ours.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let all = root.join("target/testbed");
    for entry in std::fs::read_dir(&all).into_iter().flatten().flatten() {
        let of_ended = entry
            .file_name()
            .to_str()
            .and_then(|name| name.rsplit_once('-')?.1.parse::<u32>().ok())
            .is_some_and(|process| !Path::new("/proc").join(process.to_string()).exists());
        if of_ended {
            place::sweep(&entry.path());
        }
    }
    all.join(format!("{name}-{}", std::process::id()))
}
