//! Every route and every layer of the HTTP server, on one page.

pub mod archive;
pub mod assets;
pub mod attachment;
pub mod client_address;
pub mod headers;
pub mod listen;
pub mod live;
pub mod message_body;
pub mod origin;
pub mod pages;
pub mod picture;
pub mod preview;
pub mod rendering;
pub mod request;
pub mod session;
pub mod sign_in;
pub mod unsubscribe;

use std::sync::Arc;
use std::time::Duration;

use app::failure::Failure;
use app::text::Language;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use model::structure::PartNumber;
use model::uid::MessageKey;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::account::Accounts;
use crate::assets::Assets;
use crate::config::http::Network;
use crate::http::origin::PublicOrigin;
use crate::http::session::SessionLayer;
use crate::mail::Person;
use crate::metrics::Requests;
use crate::people::People;

/// Most bytes of a request: a letter as long as a book. Nothing else that can be posted yet is larger.
const REQUEST_LIMIT: usize = 1024 * 1024;

/// Longest time for an answer to begin; every step towards the mail server has a shorter one of its own.
const ANSWER_LIMIT: Duration = Duration::from_secs(120);

/// What the handlers need.
#[derive(Clone)]
pub struct Server {
    /// Who is signed in.
    pub people: Arc<People>,
    /// What the browser needs besides pages.
    pub assets: Assets,
    /// Where people reach this server.
    pub origin: PublicOrigin,
    /// Whether they reach it over TLS; only a demo on loopback does not.
    pub secure: bool,
    /// Whose word about a browser's address is believed.
    pub proxies: Arc<[Network]>,
    /// Browser sessions.
    pub sessions: SessionLayer,
    /// How one signs in, and stays so.
    pub accounts: Arc<Accounts>,
    /// Whether the server is about to end: streams end at once then.
    pub ending: watch::Receiver<bool>,
    /// Numbers about requests.
    pub requests: Requests,
}

/// The whole service.
pub fn router(server: Server) -> Router {
    rendering::start();
    let secure = server.secure;
    let origin = server.origin.clone();
    let proxies = server.proxies.clone();
    let sessions = server.sessions.clone();
    let requests = server.requests.clone();
    // Texts compress well already at the lowest level: a list is 15 % larger than at level 4 and costs a quarter of the
    // time, which was a quarter of all time. What the build compressed is left alone. No page holds a token that its
    // length could betray; what it may tell of other subjects is weighed in docs/security.md.
    let compressed = SizeAbove::new(1024)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::new("application/octet-stream"))
        // What is packed already, or too large to be packed at every request.
        .and(NotForContentType::new("application/zip"))
        .and(NotForContentType::new("application/pdf"))
        .and(NotForContentType::new("audio/"))
        .and(NotForContentType::new("video/"))
        // Small pieces that must arrive at once.
        .and(NotForContentType::SSE);
    let compression =
        CompressionLayer::new().quality(tower_http::CompressionLevel::Precise(1)).compress_when(compressed);

    let within_a_session = Router::new()
        .route("/", get(pages::home))
        .route("/sign-in", get(pages::sign_in).post(sign_in::sign_in))
        .route("/sign-in/factor", get(pages::factor).post(sign_in::factor))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/mail/me/{mailbox}", get(pages::page))
        .route("/mail/me/{mailbox}/{message}", get(pages::page))
        .route("/mail/me/{mailbox}/{message}/{part}", get(pages::page))
        .route("/message/me/{mailbox}/{message}/body", get(message_body::body))
        .route("/message/me/{mailbox}/{message}/body/{part}", get(message_body::body))
        .route("/message/me/{mailbox}/{message}/paper", get(message_body::paper))
        .route("/message/me/{mailbox}/{message}/paper/{part}", get(message_body::paper))
        .route("/message/me/{mailbox}/{message}/attachment/{part}", get(attachment::download))
        .route("/message/me/{mailbox}/{message}/attachments.zip", get(archive::download))
        .route("/message/me/{mailbox}/{message}/attachments.zip/{part}", get(archive::download))
        .route("/message/me/{mailbox}/{message}/preview/{part}", get(preview::document))
        .route("/message/me/{mailbox}/{message}/source", get(attachment::source))
        .route("/message/me/{mailbox}/{message}/source/{part}", get(attachment::source))
        .route("/message/me/{mailbox}/{message}/source.txt", get(attachment::source_text))
        .route("/message/me/{mailbox}/{message}/source.txt/{part}", get(attachment::source_text))
        .route("/message/me/{mailbox}/{message}/pictures", post(picture::always))
        .route("/message/me/{mailbox}/{message}/unread", post(message_body::unread))
        .route("/message/me/{mailbox}/{message}/unsubscribe", post(unsubscribe::leave))
        .route("/live/me/{mailbox}", get(live::events))
        .route("/api/{*name}", post(pages::server_function))
        .fallback(pages::page)
        .layer(from_fn_with_state(server.clone(), session::admit))
        .layer(sessions);

    let mut outside = Router::new();
    if let Some(start) = server.assets.names().start {
        outside = outside.route(app::START, get(|| async move { start }));
    }
    outside
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/picture/{sealed}", get(picture::show))
        .merge(within_a_session)
        .layer(from_fn_with_state(server.clone(), assets::serve))
        .layer(compression)
        .layer(CatchPanicLayer::custom(after_a_panic))
        .layer(RequestBodyLimitLayer::new(REQUEST_LIMIT))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, ANSWER_LIMIT))
        .layer(from_fn(move |request, next| origin::check(origin.clone(), request, next)))
        .layer(from_fn(move |request, next| client_address::note(proxies.clone(), request, next)))
        .layer(from_fn(move |request, next| headers::on_every_answer(secure, request, next)))
        .layer(from_fn(move |request, next| request::note(requests.clone(), request, next)))
        .with_state(server)
}

/// Whose request this is.
///
/// # Errors
/// [`Failure::SignedOut`] when nobody is signed in.
fn person(extensions: &axum::http::Extensions) -> Result<Arc<Person>, Failure> {
    extensions.get::<Arc<Person>>().cloned().ok_or(Failure::SignedOut)
}

/// The answer to a person's question, or why there is none, in words.
async fn answered<A>(request: Request, asked: impl FnOnce(Arc<Person>, Language) -> A) -> Response
where
    A: Future<Output = Result<Response, Failure>>,
{
    let person = person(request.extensions());
    let language = language(request.headers());
    // Its body is not kept while the answer is made.
    drop(request);
    let answer = async { asked(person?, language).await };
    answer.await.unwrap_or_else(|failure| failed(&failure, language))
}

/// What a path names: a message, or one that is attached to it as a part.
#[derive(Debug, serde::Deserialize)]
pub struct Asked {
    mailbox: String,
    message: String,
    part: Option<String>,
}

impl Asked {
    /// The message, and the part of it that is meant.
    ///
    /// # Errors
    /// [`Failure::NoSuchPage`] when any segment is malformed.
    fn message(&self) -> Result<(MessageKey, Option<PartNumber>), Failure> {
        let part = self.part.as_deref().map(str::parse).transpose();
        Ok((key_of(&self.mailbox, &self.message)?, part.map_err(|_| Failure::NoSuchPage)?))
    }
}

/// The message that two segments of a path name.
///
/// # Errors
/// [`Failure::NoSuchPage`] when they are malformed.
fn key_of(mailbox: &str, at: &str) -> Result<MessageKey, Failure> {
    app::place::key_of_segments(mailbox, at).ok_or(Failure::NoSuchPage)
}

/// A fault of ours ends one request, not the connection without a word. The log has the place, by the hook of
/// [`crate::telemetry`].
fn after_a_panic(_: Box<dyn std::any::Any + Send>) -> Response {
    failed(&Failure::Internal { reference: crate::failure::reference() }, Language::default())
}

/// The language that a browser wishes.
pub fn language(headers: &HeaderMap) -> Language {
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|wishes| wishes.to_str().ok())
        .map(Language::of_accept_language)
        .unwrap_or_default()
}

/// A failure as a bare answer, for what is no page.
fn failed(failure: &Failure, language: Language) -> Response {
    let status = StatusCode::from_u16(failure.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let words = format!("{}\n{}\n", language.failure(failure), language.advice(failure));
    (status, words).into_response()
}
