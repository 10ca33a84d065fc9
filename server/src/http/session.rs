//! From the cookie to what a request may do.
//!
//! The session's record (address and IMAP password) is sealed in the database under a key that only the cookie
//! holds, so that a stolen database opens no mailbox.

use app::contract::SignedIn;
use app::failure::Failure;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use database::{Sessions, Token};
use secrecy::{ExposeSecret, SecretString};
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result as StoreResult};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

use super::Server;
use crate::clock::now;

/// Puts the session of a request's cookie into the request.
pub type SessionLayer = SessionManagerLayer<Store>;

/// Address and password of the mail account.
#[derive(Clone)]
pub struct Credentials {
    /// The address.
    pub login: String,
    /// The password.
    pub password: SecretString,
}

impl From<Credentials> for imap::authenticate::Credentials {
    fn from(credentials: Credentials) -> Self {
        Self::with_password(credentials.login, credentials.password)
    }
}

const LOGIN: &str = "login";
const PASSWORD: &str = "password";

/// Sessions in our own database.
#[derive(Clone, Debug)]
pub struct Store {
    sessions: Sessions,
    absolute: i64,
}

/// The layer, by the configuration.
pub fn layer(sessions: Sessions, absolute_seconds: i64, secure: bool) -> SessionLayer {
    let store = Store { sessions, absolute: absolute_seconds };
    // A name with this prefix is taken only with Secure, Path=/ and without Domain (RFC 6265bis §4.1.3).
    SessionManagerLayer::new(store)
        .with_name(if secure { "__Host-pennypost" } else { "pennypost" })
        .with_secure(secure)
        .with_http_only(true)
        // Lax, so that a link in a chat opens the message it names; see `origin` for why no other site can post.
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnSessionEnd)
}

fn token(id: &Id) -> Token {
    id.0.to_be_bytes()
}

fn backend(error: database::Error) -> Error {
    tracing::error!(cause = &error as &dyn std::error::Error, "sessions can't be kept");
    Error::Backend(error.to_string())
}

#[async_trait::async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> StoreResult<()> {
        loop {
            let bytes = encode(record)?;
            match self.sessions.insert(&token(&record.id), &bytes, now(), now() + self.absolute).await {
                Err(database::Error::AlreadyExists) => record.id = Id::default(),
                done => return done.map_err(backend),
            }
        }
    }

    async fn save(&self, record: &Record) -> StoreResult<()> {
        self.sessions.save(&token(&record.id), &encode(record)?, now()).await.map(drop).map_err(backend)
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Record>> {
        let token = token(id);
        let opened = match self.sessions.load(&token, now()).await {
            // Another key file: nothing can open it any more, so the person signs in again.
            Err(database::Error::SealBroken) => None,
            loaded => loaded.map_err(backend)?,
        };
        let Some(bytes) = opened else { return Ok(None) };
        let data = serde_json::from_slice(bytes.expose_secret())
            .map_err(|error| Error::Decode(error.to_string()))?;
        // The database keeps both ends of a session; this one is only told to a library that wants one.
        let expiry_date = time::OffsetDateTime::from_unix_timestamp(now() + self.absolute)
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> StoreResult<()> {
        self.sessions.delete(&token(id)).await.map_err(backend)
    }
}

fn encode(record: &Record) -> StoreResult<zeroize::Zeroizing<Vec<u8>>> {
    serde_json::to_vec(&record.data)
        .map(zeroize::Zeroizing::new)
        .map_err(|error| Error::Encode(error.to_string()))
}

/// Gives a request what its session may do. This is the only maker of [`SignedIn`].
pub async fn admit(
    State(server): State<Server>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(credentials) = read(&session).await {
        let login = credentials.login.clone();
        let person = server.people.of_session(credentials.into());
        if person.is_refused() {
            // The page that found it out said so; from here on nobody is signed in.
            server.people.forget(&person);
            end(&session).await;
            return next.run(request).await;
        }
        request.extensions_mut().insert(person.clone());
        request.extensions_mut().insert(SignedIn { login, mail: person });
        if !is_unattended(request.uri().path())
            && let Some(id) = session.id()
            && let Err(error) = server.seen.seen(&token(&id), now()).await
        {
            tracing::warn!(cause = &error as &dyn std::error::Error, "a session's last use can't be noted");
        }
    }
    next.run(request).await
}

/// Whether a session still holds. Asking puts nothing off.
pub async fn is_alive(server: &Server, id: &Id) -> bool {
    matches!(server.seen.load(&token(id), now()).await, Ok(Some(_)))
}

/// Whether a page asks this on its own, and nobody may be there: what puts off no session's end.
fn is_unattended(path: &str) -> bool {
    path.starts_with("/live/") || path == app::api::messages::AGAIN
}

async fn read(session: &Session) -> Option<Credentials> {
    let login = session.get::<String>(LOGIN).await.ok().flatten()?;
    let password = session.get::<String>(PASSWORD).await.ok().flatten()?;
    Some(Credentials { login, password: password.into() })
}

/// Starts a session under a new identifier; whatever was there before ends.
///
/// # Errors
/// When it can't be kept.
pub async fn start(session: &Session, credentials: &Credentials) -> Result<(), Failure> {
    let started = async {
        // Not `flush`: the library would make the new session under the name of the old one, which somebody else may
        // know who planted it.
        session.clear().await;
        session.cycle_id().await?;
        session.insert(LOGIN, &credentials.login).await?;
        session.insert(PASSWORD, credentials.password.expose_secret()).await?;
        session.save().await
    };
    started.await.map_err(|error| crate::failure::internal(&error))
}

/// Ends a session, in the database too.
pub async fn end(session: &Session) {
    if let Err(error) = session.flush().await {
        tracing::error!(cause = &error as &dyn std::error::Error, "a session can't be ended");
    }
}
