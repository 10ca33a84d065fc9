//! `pennypost serve`: builds everything from the configuration, runs, ends in order.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use database::{Database, Devices, Factors, RecoveryCodes, ServerKey, Sessions};
use factor::passkey::RelyingParty;
use imap::tls::{Trust, client_config};
use rustls::ClientConfig;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Semaphore, watch};

use crate::account::Accounts;
use crate::assets::Assets;
use crate::clock::now;
use crate::config::Config;
use crate::door::Door;
use crate::http::origin::PublicOrigin;
use crate::http::{Server, listen, router, session};
use crate::metrics::{self, Requests};
use crate::outside::Outside;
use crate::people::People;
use crate::picture::Pictures;

/// Open files to ask for.
const DESCRIPTORS: u64 = 65_536;

/// Everything that serves, put together from the configuration.
pub struct Service {
    /// Answers requests.
    pub router: Router,
    /// Answers with numbers, wherever the configuration wants it to.
    pub metrics: Router,
    /// Who is signed in.
    pub people: Arc<People>,
    /// How they sign in, and stay so.
    pub accounts: Arc<Accounts>,
    /// Where those are kept.
    pub database: Database,
    /// Says that the server is about to end, to whatever would otherwise go on.
    pub ending: watch::Sender<bool>,
}

/// Puts everything together. Nothing listens and nothing is swept yet.
///
/// # Errors
/// When the database, its key or the certificate authorities can't be used.
pub async fn service(config: &Config) -> Result<Service, Box<dyn std::error::Error>> {
    service_with(config, Outside::new(world())).await
}

/// The same, with another way into the world: for tests, whose world is on this machine.
///
/// # Errors
/// As [`service`].
pub async fn service_with(config: &Config, outside: Outside) -> Result<Service, Box<dyn std::error::Error>> {
    let database = Database::open(&config.storage.database_file()).await?;
    let key = Arc::new(ServerKey::load_or_create(&config.storage.key_file())?);
    let seconds = |duration: std::time::Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    let sessions = Sessions::new(&database, key.clone(), seconds(config.session.idle));
    let pictures = Arc::new(Pictures::new(&config.remote_content, &database, &key, outside)?);
    let people = People::new(config, key.clone(), pictures)?;
    // Both builders of the browser's half say by this variable where they put it.
    let assets = match std::env::var_os("LEPTOS_SITE_ROOT") {
        Some(folder) => Assets::read(&PathBuf::from(folder))?,
        None => Assets::embedded(),
    };
    if !assets.complete() {
        tracing::warn!(
            "built without style and program: pages work, but plainly. `cargo xtask build` makes them"
        );
    }
    let secure = config.http.is_secure();
    let (ending, told) = watch::channel(false);
    let requests = Requests::default();
    let metrics = metrics::router(metrics::registry(people.metrics().clone(), &requests));
    let absolute = seconds(config.session.absolute);
    let accounts = Arc::new(Accounts {
        sessions: sessions.clone(),
        devices: Devices::new(&database, key.clone()),
        factors: Factors::new(&database, key.clone()),
        recovery: RecoveryCodes::new(&database),
        door: Door::new(&config.sign_in, &database, key.clone())?,
        relying_party: relying_party(config),
        policy: config.sign_in.clone(),
        public_url: config.http.public_url.clone(),
        hashing: Semaphore::new(1),
        absolute,
    });
    let server = Server {
        people: people.clone(),
        assets,
        origin: PublicOrigin::new(&config.http.public_url),
        secure,
        proxies: config.http.trusted_proxies.clone().into(),
        sessions: session::layer(sessions.clone(), key, absolute, secure),
        accounts: accounts.clone(),
        ending: told,
        requests,
    };
    Ok(Service { router: router(server), metrics, people, accounts, database, ending })
}

/// Whom to trust in the world: whom the system trusts. Authorities of the mail server's own are for that alone.
fn world() -> Option<ClientConfig> {
    let trusted = client_config(&Trust::default());
    trusted
        .inspect_err(|error| {
            let cause = error as &dyn std::error::Error;
            tracing::warn!(cause, "the system trusts nobody: pictures from https are not shown");
        })
        .ok()
}

/// Serves until it is asked to end.
///
/// # Errors
/// As [`service`], and when the port can't be used.
pub async fn run(config: &Config) -> Result<(), Box<dyn std::error::Error>> {
    let Service { router, metrics, people, accounts, database, ending } = service(config).await?;
    // Each browser and each connection to the mail server is a descriptor; many systems give 1,024 unless asked.
    if let Err(error) = rlimit::increase_nofile_limit(DESCRIPTORS) {
        tracing::warn!(cause = %error, "the limit on open files can't be raised");
    }
    let listener = TcpListener::bind(config.http.listen).await?;
    tracing::info!(listen = %config.http.listen, "serving");
    if let Some(address) = config.metrics.listen {
        let listener = TcpListener::bind(address).await?;
        tracing::info!(listen = %address, "serving metrics");
        // Whoever watches may do so until the very end.
        tokio::spawn(listen::serve(listener, metrics, std::future::pending()));
    }
    tokio::spawn(people.sweep());
    tokio::spawn(forget_ended(accounts.clone()));
    tokio::spawn(look_for_endings(accounts));
    let mut terminate = signal(SignalKind::terminate())?;
    let end = async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        ending.send_replace(true);
    };
    listen::serve(listener, router, end).await;
    database.close().await;
    Ok(())
}

/// How long a browser is remembered that nobody signs in with, in seconds.
const DEVICES: i64 = 180 * 86_400;

/// Forgets what is over, for ever.
async fn forget_ended(accounts: Arc<Accounts>) {
    loop {
        let forgotten = async {
            accounts.sessions.delete_expired(now()).await?;
            accounts.devices.forget_unseen(now() - DEVICES).await
        };
        if let Err(error) = forgotten.await {
            tracing::warn!(cause = &error as &dyn std::error::Error, "what is over can't be forgotten");
        }
        accounts.door.forget_old(now()).await;
        tokio::time::sleep(Duration::from_secs(600)).await;
    }
}

/// Looks every second whether another process ended sessions, as `pennypost mfa reset` does, for ever.
async fn look_for_endings(accounts: Arc<Accounts>) {
    loop {
        if let Err(error) = accounts.sessions.look_for_endings().await {
            tracing::warn!(cause = &error as &dyn std::error::Error, "ended sessions can't be looked for");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Who asks passkeys: this server under its public address.
fn relying_party(config: &Config) -> Option<RelyingParty> {
    let made = RelyingParty::new(config.http.public_url.as_str(), "Pennypost");
    if let Err(why) = &made {
        tracing::warn!(%why, "there are no passkeys");
    }
    made.ok()
}
