//! `pennypost serve`: builds everything from the configuration, runs, ends in order.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use database::{Database, ServerKey, Sessions};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::assets::Assets;
use crate::clock::now;
use crate::config::Config;
use crate::http::origin::PublicOrigin;
use crate::http::{Server, listen, router, session};
use crate::metrics::{self, Requests};
use crate::people::People;

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
    /// Their sessions.
    pub sessions: Sessions,
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
    let database = Database::open(&config.storage.database_file()).await?;
    let key = ServerKey::load_or_create(&config.storage.key_file())?;
    let seconds = |duration: std::time::Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    let sessions = Sessions::new(&database, key, seconds(config.session.idle));
    let people = People::new(config)?;
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
    let server = Server {
        people: people.clone(),
        assets,
        origin: PublicOrigin::new(&config.http.public_url),
        secure,
        proxies: config.http.trusted_proxies.clone().into(),
        sessions: session::layer(sessions.clone(), seconds(config.session.absolute), secure),
        seen: sessions.clone(),
        ending: told,
        requests,
    };
    Ok(Service { router: router(server), metrics, people, sessions, database, ending })
}

/// Serves until it is asked to end.
///
/// # Errors
/// As [`service`], and when the port can't be used.
pub async fn run(config: &Config) -> Result<(), Box<dyn std::error::Error>> {
    let Service { router, metrics, people, sessions, database, ending } = service(config).await?;
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
    tokio::spawn(forget_ended(sessions));
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

async fn forget_ended(sessions: Sessions) {
    loop {
        if let Err(error) = sessions.delete_expired(now()).await {
            tracing::warn!(cause = &error as &dyn std::error::Error, "ended sessions can't be forgotten");
        }
        tokio::time::sleep(std::time::Duration::from_secs(600)).await;
    }
}
