//! Who is here: for each signed-in person one pool of connections, shared by all their browsers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::failure::Failure;
use imap::authenticate::Credentials;
use imap::connect::{Endpoint, Security, Timeouts};
use imap::pool::{Options, Pool};
use imap::tls::{Trust, client_config};

use crate::config::Config;
use crate::config::value::Security as Configured;
use crate::failure::of_imap;
use crate::mail::Person;

/// Everyone who is here.
pub struct People {
    endpoint: Endpoint,
    options: Options,
    here: Mutex<HashMap<String, Arc<Person>>>,
}

/// Where the mail server is, by the configuration.
pub fn endpoint(config: &Config) -> Endpoint {
    Endpoint {
        host: config.imap.host.as_str().to_owned(),
        port: config.imap.port,
        security: match config.imap.security {
            Configured::Tls => Security::Implicit,
            Configured::StartTls => Security::StartTls,
        },
    }
}

impl People {
    /// Nobody yet.
    ///
    /// # Errors
    /// When the configured certificate authorities can't be used.
    pub fn new(config: &Config) -> imap::Result<Arc<Self>> {
        let tls = client_config(&Trust { ca_file: config.imap.ca_file.clone() })?;
        let mut options = Options::new(Arc::new(tls));
        options.timeouts = Timeouts::new(config.imap.connect_timeout, config.imap.command_timeout);
        options.connections = config.imap.connections_per_person;
        options.idle_close = config.imap.idle_close;
        Ok(Arc::new(Self { endpoint: endpoint(config), options, here: Mutex::default() }))
    }

    /// Proves name and password to the mail server, on a connection of its own.
    ///
    /// # Errors
    /// As the mail server answers.
    pub async fn sign_in(&self, credentials: Credentials) -> Result<(), Failure> {
        let login = credentials.login.clone();
        let pool =
            Pool::sign_in(self.endpoint.clone(), credentials, self.options.clone()).await.map_err(of_imap)?;
        // The newest password is the right one: who was here under an older one gets the new connections.
        let before = self.here().insert(login, Arc::new(Person::new(pool)));
        if let Some(before) = before {
            before.pool().close().await;
        }
        Ok(())
    }

    /// The person of a session; connections are opened when they are needed.
    pub fn of_session(&self, credentials: Credentials) -> Arc<Person> {
        let mut here = self.here();
        let person = here.entry(credentials.login.clone()).or_insert_with(|| {
            Arc::new(Person::new(Pool::new(self.endpoint.clone(), credentials, self.options.clone())))
        });
        person.clone()
    }

    /// Closes connections that nobody uses, for ever.
    pub async fn sweep(self: Arc<Self>) {
        loop {
            tokio::time::sleep(Duration::from_secs(30)).await;
            let everyone: Vec<Arc<Person>> = self.here().values().cloned().collect();
            for person in everyone {
                person.pool().sweep().await;
            }
            // Who has no connection and is in no request costs nothing any more.
            self.here().retain(|_, person| Arc::strong_count(person) > 1 || !person.pool().is_quiet());
        }
    }

    fn here(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Person>>> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
