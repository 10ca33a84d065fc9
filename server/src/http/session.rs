//! From the cookie to what a request may do.
//!
//! The session's record (address and IMAP password) is sealed in the database under a key that only the cookie
//! holds, so that a stolen database opens no mailbox.

use std::sync::Arc;

use app::contract::account::EventKind;
use app::contract::{Arriving, Known, SignedIn};
use app::failure::Failure;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use database::{Handle, Introduction, PersonId, ServerKey, Sessions, Token};
use secrecy::ExposeSecret;
use serde::Deserialize;
use tower_cookies::Cookies;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record as Stored};
use tower_sessions::session_store::{Error, Result as StoreResult};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

use super::Server;
use crate::account::record::{Record, Stage};
use crate::account::visitor::Visitor;
use crate::clock::now;

/// Puts the session of a request's cookie into the request.
pub type SessionLayer = SessionManagerLayer<Store>;

/// The one thing that a session holds.
const RECORD: &str = "record";

/// Which session goes on under a new name; never stored.
const REPLACES: &str = "replaces";

/// How the store says that it was ended meanwhile.
const GONE: &str = "the session was ended";

/// Sessions in our own database.
#[derive(Clone, Debug)]
pub struct Store {
    sessions: Sessions,
    key: Arc<ServerKey>,
    absolute: i64,
}

/// The layer, by the configuration.
pub fn layer(sessions: Sessions, key: Arc<ServerKey>, absolute_seconds: i64, secure: bool) -> SessionLayer {
    let store = Store { sessions, key, absolute: absolute_seconds };
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
    async fn create(&self, record: &mut Stored) -> StoreResult<()> {
        let held = record.data.get(RECORD).and_then(|held| Record::deserialize(held).ok());
        let Some(held) = held else { return Err(Error::Encode("nobody's session is kept".to_owned())) };
        let replaced =
            record.data.get(REPLACES).and_then(|id| serde_json::from_value::<Token>(id.clone()).ok());
        let person = PersonId::of(&held.login, &self.key).map_err(backend)?;
        let introduction = Introduction {
            person,
            handle: held.handle(),
            inside: held.stage == Stage::Inside,
            origin: held.origin.as_bytes(),
        };
        // A session under a new name ends no later than under the old one.
        let ends_at = held.ends_at.min(now() + self.absolute);
        let bytes = encode(record)?;
        loop {
            let token = token(&record.id);
            let begun = self.sessions.begin(&token, &bytes, now(), ends_at, introduction, replaced.as_ref());
            match begun.await {
                Err(database::Error::AlreadyExists) => record.id = Id::default(),
                Err(database::Error::Gone) => return Err(Error::Backend(GONE.to_owned())),
                done => return done.map_err(backend),
            }
        }
    }

    async fn save(&self, record: &Stored) -> StoreResult<()> {
        self.sessions.save(&token(&record.id), &encode(record)?, now()).await.map(drop).map_err(backend)
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Stored>> {
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
        Ok(Some(Stored { id: *id, data, expiry_date }))
    }

    /// What ends here is ended by [`Sessions::end`], and what goes on under another name is replaced by `create`, each in
    /// one breath; the library's own steps come between.
    async fn delete(&self, _: &Id) -> StoreResult<()> {
        Ok(())
    }
}

fn encode(record: &Stored) -> StoreResult<zeroize::Zeroizing<Vec<u8>>> {
    let kept: std::collections::HashMap<_, _> =
        record.data.iter().filter(|(name, _)| *name != REPLACES).collect();
    serde_json::to_vec(&kept).map(zeroize::Zeroizing::new).map_err(|error| Error::Encode(error.to_string()))
}

/// Gives a request what its session may do. This is the only maker of [`SignedIn`].
pub async fn admit(
    State(server): State<Server>,
    session: Session,
    cookies: Cookies,
    mut request: Request,
    next: Next,
) -> Response {
    let record = read(&session).await.filter(|record| now() < record.ends_at);
    let mut visitor = Visitor::of(&server, &session, cookies, &request);
    let Some(record) = record else {
        arriving(&mut request, visitor);
        return next.run(request).await;
    };
    visitor.record = Some(record.clone());
    if record.stage == Stage::Inside {
        let person = server.people.of_session(record.credentials());
        if person.is_refused() {
            // From here on nobody is signed in, and whoever asks is told why.
            server.people.forget(&person);
            visitor.end(EventKind::PasswordChanged).await;
            visitor.record = None;
            arriving(&mut request, visitor);
            request.extensions_mut().insert(PasswordChanged);
            return next.run(request).await;
        }
        request.extensions_mut().insert(person.clone());
        request.extensions_mut().insert(SignedIn { login: record.login.clone(), mail: person });
        request.extensions_mut().insert(Holder(record.handle()));
        if !is_unattended(request.uri().path())
            && let Some(id) = session.id()
            && let Err(error) = server.accounts.sessions.seen(&token(&id), now()).await
        {
            tracing::warn!(cause = &error as &dyn std::error::Error, "a session's last use can't be noted");
        }
    }
    let visitor = arriving(&mut request, visitor);
    // Who has proven a password alone, and has a second factor, changes nothing about it.
    if record.stage != Stage::Factor {
        request.extensions_mut().insert(Known(visitor));
    }
    next.run(request).await
}

/// Whoever it is may sign in.
fn arriving(request: &mut Request, visitor: Visitor) -> Arc<Visitor> {
    let visitor = Arc::new(visitor);
    request.extensions_mut().insert(Arriving(visitor.clone()));
    request.extensions_mut().insert(visitor.clone());
    visitor
}

/// The session that a request of a signed-in person belongs to, by the name that it keeps.
#[derive(Clone, Copy)]
pub struct Holder(pub Handle);

/// The session of a request ended because the mail server takes its password no longer.
#[derive(Clone, Copy)]
pub struct PasswordChanged;

/// Whether a page asks this on its own, and nobody may be there: what puts off no session's end.
fn is_unattended(path: &str) -> bool {
    path.starts_with("/live/") || path == app::api::messages::AGAIN
}

async fn read(session: &Session) -> Option<Record> {
    session.get(RECORD).await.ok().flatten()
}

/// Holds something else in a session that goes on under its name.
///
/// # Errors
/// When it can't be kept.
pub async fn keep(session: &Session, record: &Record) -> Result<(), Failure> {
    let kept = async {
        session.insert(RECORD, record).await?;
        session.save().await
    };
    kept.await.map_err(|error| crate::failure::internal(&error))
}

/// Goes on under a new name, as after everything that changes what a session may do. `goes_on` says whether it is one that
/// was held before, which must not have been ended meanwhile; else whatever was there before is left behind.
///
/// # Errors
/// [`Failure::SignedOut`] when it was ended; when it can't be kept.
pub async fn renew(session: &Session, record: &Record, goes_on: bool) -> Result<(), Failure> {
    let renewed = async {
        let before = session.id();
        // Not `flush`: the library would make the new session under the name of the old one, which somebody else may
        // know who planted it.
        session.clear().await;
        session.cycle_id().await?;
        session.insert(RECORD, record).await?;
        if let Some(before) = before.filter(|_| goes_on) {
            session.insert(REPLACES, token(&before)).await?;
        }
        session.save().await
    };
    match renewed.await {
        Err(tower_sessions::session::Error::Store(Error::Backend(why))) if why == GONE => {
            // Nothing of it is to be saved once more when the answer goes out.
            end(session).await;
            Err(Failure::SignedOut)
        }
        renewed => renewed.map_err(|error| crate::failure::internal(&error)),
    }
}

/// What a session remembers now, as the database has it: for whoever is about to change something.
///
/// # Errors
/// [`Failure::SignedOut`] when it was ended meanwhile.
pub async fn held_now(sessions: &Sessions, session: &Session) -> Result<Record, Failure> {
    let id = session.id().ok_or(Failure::SignedOut)?;
    let loaded = sessions.load_anew(&token(&id), now()).await;
    let bytes = loaded.map_err(|error| crate::failure::internal(&error))?.ok_or(Failure::SignedOut)?;
    #[derive(Deserialize)]
    struct Held {
        record: Record,
    }
    let held: Held = serde_json::from_slice(bytes.expose_secret()).map_err(|_| Failure::SignedOut)?;
    Some(held.record).filter(|record| now() < record.ends_at).ok_or(Failure::SignedOut)
}

/// Ends a session here, in the database too.
pub async fn end(session: &Session) {
    if let Err(error) = session.flush().await {
        tracing::error!(cause = &error as &dyn std::error::Error, "a session can't be ended");
    }
}
