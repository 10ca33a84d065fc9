//! What every protocol test needs: the private mail server and a way in.

use std::sync::Arc;
use std::time::Duration;

use imap::authenticate::Credentials;
use imap::connect::{Endpoint, Security, Timeouts};
use imap::pool::{Options, Pool};
use imap::tls::{Trust, client_config};
use testbed::Description;
use testbed::people::Person;

pub(crate) struct Backend {
    pub(crate) endpoint: Endpoint,
    pub(crate) options: Options,
}

pub(crate) fn backend(testbed: &Description, security: Security) -> Backend {
    let port = match security {
        Security::Implicit => testbed.imap,
        Security::StartTls => testbed.imap_starttls,
    };
    let tls = client_config(&Trust { ca_file: Some(testbed.ca_file.clone()) }).unwrap();
    let mut options = Options::new(Arc::new(tls));
    options.timeouts = Timeouts::new(Duration::from_secs(10), Duration::from_secs(20));
    Backend { endpoint: Endpoint { host: testbed.host.clone(), port, security }, options }
}

#[allow(dead_code, reason = "not every file of tests proves a password")]
pub(crate) async fn prove(backend: Backend, person: &Person) -> imap::Result<Arc<Pool>> {
    Pool::sign_in(backend.endpoint, credentials(person), backend.options).await
}

pub(crate) fn credentials(person: &Person) -> Credentials {
    Credentials::with_password(person.address.clone(), person.password.clone().into())
}

#[allow(dead_code, reason = "not every file of tests signs in by a pool")]
pub(crate) fn pool(testbed: &Description, person: &Person) -> Arc<Pool> {
    let backend = backend(testbed, Security::Implicit);
    Pool::new(backend.endpoint, credentials(person), backend.options)
}
