//! Who is here: for each signed-in person one pool of connections, shared by all their browsers that hold the same
//! password.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use app::failure::Failure;
use database::{PersonId, ServerKey};
use imap::authenticate::Credentials;
use imap::connect::{Endpoint, Security, Timeouts};
use imap::metrics::Metrics;
use imap::pool::{Options, Pool};
use imap::ration::Ration;
use imap::tls::{Trust, client_config};

use crate::config::Config;
use crate::config::value::Security as Configured;
use crate::failure::of_imap;
use crate::mail::Person;
use crate::mail::memory::Memory;
use crate::picture::Pictures;

/// By name, each under every password that a session holds.
type Here = HashMap<String, Vec<Arc<Person>>>;

/// Everyone who is here.
pub struct People {
    endpoint: Endpoint,
    options: Options,
    memory: Arc<Memory>,
    believed: Arc<[String]>,
    key: Arc<ServerKey>,
    pictures: Arc<Pictures>,
    here: Mutex<Here>,
    /// Those who were here last, by what stands in our tables for them.
    known: Mutex<HashMap<PersonId, Weak<Person>>>,
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
    /// Nobody yet. Of the server's key the keys of their unsaved words are made.
    ///
    /// # Errors
    /// When the configured certificate authorities can't be used.
    pub fn new(config: &Config, key: Arc<ServerKey>, pictures: Arc<Pictures>) -> imap::Result<Arc<Self>> {
        let tls = client_config(&Trust { ca_file: config.imap.ca_file.clone() })?;
        let mut options = Options::new(Arc::new(tls));
        options.timeouts = Timeouts::new(config.imap.connect_timeout, config.imap.command_timeout);
        options.connections = config.imap.connections_per_person;
        options.ration = Ration::new(config.imap.connections);
        options.idle_close = config.imap.idle_close;
        let memory = Memory::new(config.cache.memory, options.metrics.clone());
        Ok(Arc::new(Self {
            endpoint: endpoint(config),
            options,
            memory,
            believed: config.trust.authserv_ids(),
            key,
            pictures,
            here: Mutex::default(),
            known: Mutex::default(),
        }))
    }

    /// Numbers about all their connections.
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.options.metrics
    }

    /// Proves name and password to the mail server, on a connection of its own.
    ///
    /// # Errors
    /// As the mail server answers.
    pub async fn sign_in(&self, credentials: Credentials) -> Result<(), Failure> {
        let proven = Pool::sign_in(self.endpoint.clone(), credentials, self.options.clone());
        let proven = proven.await.map_err(of_imap)?;
        let spare = {
            let mut here = self.here();
            let known = here.entry(proven.credentials().login.clone()).or_default();
            if known.iter().any(|person| person.is(proven.credentials()) && !person.is_refused()) {
                // Requests under way go on; the limit on connections stays one for all browsers.
                Some(proven)
            } else {
                // Whoever is here under another password proves it anew, on connections of their own.
                known.clear();
                known.push(self.person(proven));
                None
            }
        };
        if let Some(spare) = spare {
            spare.close().await;
        }
        Ok(())
    }

    /// The person of a session; connections are opened when they are needed. Sessions under different passwords share
    /// nothing: which of them still holds is for the mail server to say.
    pub fn of_session(&self, credentials: Credentials) -> Arc<Person> {
        let mut here = self.here();
        let known = here.entry(credentials.login.clone()).or_default();
        if let Some(person) = known.iter().find(|person| person.is(&credentials)) {
            return person.clone();
        }
        let pool = Pool::new(self.endpoint.clone(), credentials, self.options.clone());
        let person = self.person(pool);
        known.push(person.clone());
        person
    }

    fn person(&self, pool: Arc<Pool>) -> Arc<Person> {
        let (key, pictures, believed) = (self.key.clone(), self.pictures.clone(), self.believed.clone());
        let person = Arc::new(Person::new(pool, self.memory.share(), key, pictures, believed));
        if let Ok(id) = person.id() {
            self.known().insert(id, Arc::downgrade(&person));
        }
        person
    }

    /// A person who is here, by what stands in our tables for them. Whether they are signed in is for the sessions to say.
    pub fn here_as(&self, id: PersonId) -> Option<Arc<Person>> {
        self.known().get(&id)?.upgrade().filter(|person| !person.is_refused())
    }

    /// The pictures of messages.
    pub fn pictures(&self) -> &Arc<Pictures> {
        &self.pictures
    }

    /// Forgets a person whose password no longer holds.
    pub fn forget(&self, person: &Arc<Person>) {
        if let Some(known) = self.here().get_mut(&person.pool().credentials().login) {
            known.retain(|other| !Arc::ptr_eq(other, person));
        }
    }

    /// Closes connections that nobody uses, for ever.
    pub async fn sweep(self: Arc<Self>) {
        loop {
            tokio::time::sleep(Duration::from_secs(30)).await;
            let everyone: Vec<Arc<Person>> = self.here().values().flatten().cloned().collect();
            for person in everyone {
                // A server that takes its time to say goodbye to one keeps the others no longer.
                tokio::spawn(async move { person.pool().sweep().await });
            }
            // Who has no connection and is in no request costs nothing any more.
            self.here().retain(|_, known| {
                known.retain(|person| Arc::strong_count(person) > 1 || !person.pool().is_quiet());
                !known.is_empty()
            });
            self.known().retain(|_, person| person.strong_count() > 0);
        }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<PersonId, Weak<Person>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn here(&self) -> std::sync::MutexGuard<'_, Here> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
