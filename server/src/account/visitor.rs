//! One request, as far as signing in goes: which browser it is from, and how far that is.

use std::net::IpAddr;
use std::sync::Arc;

use app::contract::account::EventKind;
use app::failure::Failure;
use app::text::Language;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use database::PersonId;
use tower_cookies::Cookies;
use tower_sessions::Session;

use super::record::Record;
use super::{Accounts, device, told};
use crate::door::Whereabouts;
use crate::door::notice::{Notice, deliver};
use crate::failure::internal;
use crate::http::Server;
use crate::http::client_address::ClientAddress;
use crate::http::session;
use crate::people::People;

/// Who asks.
#[derive(Clone)]
pub struct Visitor {
    pub(super) accounts: Arc<Accounts>,
    pub(super) people: Arc<People>,
    pub(super) session: Session,
    pub(super) cookies: Cookies,
    pub(super) secure: bool,
    pub(super) language: Language,
    /// The network address, as far as it can be known.
    pub(super) address: Option<IpAddr>,
    /// With what, as it says itself.
    agent: Option<HeaderValue>,
    /// What its session remembers; nobody knows it else.
    pub record: Option<Record>,
}

impl Visitor {
    /// Of a request, of whose session nothing is read yet.
    pub fn of(server: &Server, session: &Session, cookies: Cookies, request: &Request) -> Self {
        let address = request.extensions().get::<ClientAddress>().map(|ClientAddress(address)| *address);
        Self {
            accounts: server.accounts.clone(),
            people: server.people.clone(),
            session: session.clone(),
            cookies,
            secure: server.secure,
            language: crate::http::language(request.headers()),
            address,
            agent: request.headers().get(header::USER_AGENT).cloned(),
            record: None,
        }
    }

    /// The token by which this browser is known, if it was here before.
    pub(super) fn device(&self, person: PersonId) -> Option<database::Token> {
        device::known(&self.cookies, self.secure, person)
    }

    /// Keeps a token by which this browser is known, for long.
    pub(super) fn keep_device(&self, person: PersonId, token: &database::Token) {
        device::keep(&self.cookies, self.secure, person, token);
    }

    /// From where and with what. Looked up by those alone who sign in or change something, which few requests do.
    pub(super) fn whereabouts(&self) -> Whereabouts {
        let agent = self.agent.as_ref().and_then(|agent| agent.to_str().ok());
        self.accounts.door.whereabouts(self.address, agent)
    }

    /// The origin, as it is sealed.
    pub(super) fn origin_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&self.whereabouts().origin).unwrap_or_default()
    }

    /// What the session remembers.
    ///
    /// # Errors
    /// [`Failure::SignedOut`] when there is none.
    pub(super) fn held(&self) -> Result<&Record, Failure> {
        self.record.as_ref().ok_or(Failure::SignedOut)
    }

    /// Whose session it is.
    ///
    /// # Errors
    /// [`Failure::SignedOut`] when there is none.
    pub(super) fn person(&self) -> Result<PersonId, Failure> {
        self.accounts.door.person(&self.held()?.login)
    }

    /// Goes on as this, under a new name.
    ///
    /// # Errors
    /// [`Failure::SignedOut`] when the session was ended meanwhile; when it can't be kept.
    pub(super) async fn renew(&self, record: &Record) -> Result<(), Failure> {
        session::renew(&self.session, record, true).await
    }

    /// Begins as this. A session that this browser held before ends.
    ///
    /// # Errors
    /// When it can't be kept.
    pub(super) async fn begin(&self, record: Record) -> Result<Self, Failure> {
        if let Ok(before) = session::held_now(&self.accounts.sessions, &self.session).await
            && let Ok(person) = self.accounts.door.person(&before.login)
        {
            let ended = self.accounts.sessions.end(person, before.handle()).await;
            ended.map_err(|error| internal(&error))?;
        }
        let origin = String::from_utf8(self.origin_bytes()).unwrap_or_default();
        let record = Record { origin, ..record };
        session::renew(&self.session, &record, false).await?;
        Ok(Self { record: Some(record), ..self.clone() })
    }

    /// The same visitor, with what the session remembers now: a request may be older than its end.
    ///
    /// # Errors
    /// [`Failure::SignedOut`] when it ended.
    pub(super) async fn now(&self) -> Result<Self, Failure> {
        let record = session::held_now(&self.accounts.sessions, &self.session).await?;
        Ok(Self { record: Some(record), ..self.clone() })
    }

    /// Writes into the log of the door.
    pub(super) async fn note(&self, login: &str, kind: EventKind) {
        let session = self.record.as_ref().map(|record| told(record.handle()).0);
        let session = session.as_deref();
        let whereabouts = self.whereabouts();
        let noted = self.accounts.door.record(kind, login, &whereabouts, session, crate::clock::now());
        // Why it failed is in the log of the process; a full disk locks nobody out of their mail.
        let _ = noted.await;
    }

    /// Tells the owner of the mailbox by a mail in it, beside the request.
    pub(super) fn tell_owner(&self, notice: Notice) {
        let Some(record) = &self.record else { return };
        let now = crate::clock::now();
        let origin = self.whereabouts().origin;
        let letter = notice.letter(&record.login, &origin, &self.accounts.public_url, self.language, now);
        // Why there is none is in the log of the process.
        let Ok(letter) = letter else { return };
        let person = self.people.of_session(record.credentials());
        tokio::spawn(async move {
            // Why it failed is there too.
            let _ = deliver(&person, letter, now).await;
        });
    }

    /// Ends the session, everywhere that it is open.
    pub async fn end(&self, kind: EventKind) {
        if let Some(record) = &self.record {
            if let Ok(person) = self.accounts.door.person(&record.login)
                && let Err(error) = self.accounts.sessions.end(person, record.handle()).await
            {
                tracing::error!(cause = &error as &dyn std::error::Error, "a session can't be ended");
            }
            self.note(&record.login, kind).await;
        }
        session::end(&self.session).await;
    }
}
