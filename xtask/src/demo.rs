//! `cargo xtask demo`: Pennypost against a private mail server with people and mail to try it with.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use testbed::people::DEMO;
use testbed::{Options as TestbedOptions, Testbed};
use time::OffsetDateTime;

use crate::bindgen::Site;
use crate::run::{Result, cargo_target, scratch};
use crate::{build, packages};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Install missing system packages without asking
    #[arg(long)]
    pub(crate) yes: bool,
    /// Print one line of JSON once it serves, instead of words
    #[arg(long)]
    pub(crate) json: bool,
    /// The port to serve on; any free one when it is taken
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,
}

/// Starts everything and stays until Ctrl-C.
pub(crate) fn run(options: &Options) -> Result {
    packages::for_mail_server(options.yes)?;
    Site::release().make()?;
    let binary = build::server(false)?;
    let backend = Backend::start("demo")?;
    backend.seed()?;
    let mut product = Product::start(&binary, &backend, "demo", options.port, None)?;
    announce(&product, options.json);
    wait_for_end(&mut product)
}

/// Waits for Ctrl-C, or for the product to end by itself.
pub(crate) fn wait_for_end(product: &mut Product) -> Result {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        loop {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => return Ok(()),
                _ = terminate.recv() => return Ok(()),
                _ = hang_up.recv() => return Ok(()),
                () = tokio::time::sleep(Duration::from_millis(500)) => {
                    if let Some(status) = product.child.try_wait()? {
                        return Err(format!("pennypost ended ({status})").into());
                    }
                }
            }
        }
    })
}

/// Says where it is and who can sign in.
pub(crate) fn announce(product: &Product, json: bool) {
    if json {
        let accounts: Vec<_> = DEMO
            .iter()
            .map(|person| serde_json::json!({ "address": person.address, "password": person.password }))
            .collect();
        println!("{}", serde_json::json!({ "url": product.url, "accounts": accounts }));
        return;
    }
    println!("\nPennypost serves at {}\n", product.url);
    for person in DEMO {
        println!("  {:<20} {}", person.address, person.password);
    }
    println!(
        "\nOver plain http on loopback the session cookie is not marked Secure. Ctrl-C ends everything."
    );
}

/// The private mail server of a command.
pub(crate) struct Backend {
    testbed: Testbed,
}

impl Backend {
    /// Starts it in a folder of its own below `target/testbed`.
    pub(crate) fn start(name: &str) -> Result<Self> {
        Self::start_with(name, &TestbedOptions::default())
    }

    /// The same for an unusual one.
    pub(crate) fn start_with(name: &str, options: &TestbedOptions) -> Result<Self> {
        let folder = scratch().join("testbed").join(name);
        let testbed = Testbed::start(&folder, options).map_err(|error| error.to_string())?;
        Ok(Self { testbed })
    }

    /// Fills the mailboxes of the demo's people, unless they are filled.
    pub(crate) fn seed(&self) -> Result {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let seeded = testbed::demo::seed(self.testbed.description(), OffsetDateTime::now_utc());
        runtime.block_on(seeded).map_err(|error| error.to_string().into())
    }

    /// The file that says where everything is.
    pub(crate) fn description_file(&self) -> PathBuf {
        self.testbed.description_file()
    }

    /// The first process of its Dovecot.
    pub(crate) fn dovecot(&self) -> Result<u32> {
        Ok(self.testbed.dovecot_process().ok_or("Dovecot has ended")?)
    }

    /// The configuration of Pennypost for it, as variables.
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let testbed = self.testbed.description();
        [
            ("PENNYPOST_IMAP_HOST", testbed.host.clone()),
            ("PENNYPOST_IMAP_PORT", testbed.imap.to_string()),
            ("PENNYPOST_IMAP_CA_FILE", testbed.ca_file.display().to_string()),
            ("PENNYPOST_SUBMISSION_HOST", testbed.host.clone()),
            ("PENNYPOST_SUBMISSION_PORT", testbed.submission.to_string()),
            ("PENNYPOST_SUBMISSION_CA_FILE", testbed.ca_file.display().to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }
}

/// A running Pennypost; it ends when this is dropped.
pub(crate) struct Product {
    pub(crate) url: String,
    pub(crate) log: PathBuf,
    child: Child,
}

impl Product {
    /// Starts it and waits until it serves. It shows the browser what is in `site`, or what is embedded.
    pub(crate) fn start(
        binary: &Path,
        backend: &Backend,
        name: &str,
        port: u16,
        site: Option<&Site>,
    ) -> Result<Self> {
        Self::start_with(binary, backend, name, port, site, &[])
    }

    /// The same, with variables that overrule its configuration.
    pub(crate) fn start_with(
        binary: &Path,
        backend: &Backend,
        name: &str,
        port: u16,
        site: Option<&Site>,
        changes: &[(&str, &str)],
    ) -> Result<Self> {
        let folder = scratch().join("pennypost").join(name);
        fs::create_dir_all(&folder)?;
        let port = free_port(port)?;
        let log = folder.join("pennypost.log");
        let file = fs::File::create(&log)?;
        // Ended with us, however we end.
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "TERM"])
            .arg(binary)
            .arg("serve")
            .current_dir(&folder)
            .envs(backend.variables())
            .env("PENNYPOST_HTTP_LISTEN", format!("127.0.0.1:{port}"))
            // By its name: under a number browsers make no passkeys.
            .env("PENNYPOST_HTTP_PUBLIC_URL", format!("http://localhost:{port}"))
            .env("PENNYPOST_STORAGE_DIRECTORY", folder.join("data"))
            .env("PENNYPOST_LOG_LEVEL", "debug")
            .envs(changes.iter().copied())
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file);
        if let Some(site) = site {
            command.env("LEPTOS_SITE_ROOT", site.folder());
        }
        let mut product = Self { url: format!("http://localhost:{port}"), log, child: command.spawn()? };
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if product.child.try_wait()?.is_some() || Instant::now() > deadline {
                let said = fs::read_to_string(&product.log).unwrap_or_default();
                return Err(format!("pennypost does not serve:\n{said}").into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(product)
    }
}

impl Product {
    /// Its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// The port that it serves on.
    pub(crate) fn port(&self) -> u16 {
        self.url.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_default()
    }

    /// Ends it, and waits until it has ended.
    pub(crate) fn stop(&mut self) {
        // One that has ended may have left its number to somebody else.
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let deadline = Instant::now() + Duration::from_secs(5);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        self.stop();
    }
}

fn free_port(wanted: u16) -> Result<u16> {
    match TcpListener::bind(("127.0.0.1", wanted)) {
        Ok(listener) => Ok(listener.local_addr()?.port()),
        Err(_) => Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port()),
    }
}

/// Where the finished server is, without building it.
pub(crate) fn binary() -> PathBuf {
    cargo_target().join("release/pennypost")
}
