//! `/live/me/{mailbox}`: what changes, as server-sent events (WHATWG HTML §9.2). Each event is one [`News`] as JSON, with the
//! moment up to which everything was told as its id, so that a browser that lost the stream goes on from there.

use std::convert::Infallible;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use app::failure::Failure;
use app::place::mailbox_of_segment;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use database::{Ended, Handle};
use futures_util::stream;
use model::changes::News;
use model::modseq::Moment;
use tokio::sync::broadcast;
use tokio::time::{Instant, sleep_until};

use super::session::Holder;
use super::{Server, failed, language, person};
use crate::clock::now;
use crate::mail::live::Listening;
use crate::metrics::EventStream;

/// How often something is said, so that nobody on the way takes the stream for dead, and the session is looked at: whoever
/// signed out elsewhere is told nothing more.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The moment up to which the page knows everything.
#[derive(serde::Deserialize)]
pub struct Known {
    since: Option<String>,
}

/// An open stream.
struct Stream {
    listening: Listening,
    server: Server,
    session: Handle,
    endings: broadcast::Receiver<Ended>,
    heartbeat: Instant,
    begun: bool,
    over: bool,
    _counted: EventStream,
}

/// Answers with a stream that ends with the session or the server.
pub async fn events(
    State(server): State<Server>,
    Path(mailbox): Path<String>,
    Query(known): Query<Known>,
    headers: HeaderMap,
    holder: Option<Extension<Holder>>,
    request: Request,
) -> Response {
    let person = match person(request.extensions()) {
        Ok(person) => person,
        Err(failure) => return failed(&failure, language(&headers)),
    };
    let (Some(mailbox), Some(Extension(Holder(session)))) = (mailbox_of_segment(&mailbox), holder) else {
        return failed(&Failure::NoSuchPage, language(&headers));
    };
    // What the browser heard last is newer than the page.
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let since = last.or(known.since.as_deref()).and_then(|since| since.parse::<Moment>().ok());
    let Some(listening) = person.listen(mailbox, since) else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    let counted = server.requests.open_event_stream();
    let heartbeat = Instant::now() + HEARTBEAT;
    let endings = server.accounts.sessions.endings();
    let stream = Stream {
        listening,
        server,
        session,
        endings,
        heartbeat,
        begun: false,
        over: false,
        _counted: counted,
    };
    let body = Body::from_stream(stream::unfold(stream, |mut stream| async move {
        let event = stream.next().await?;
        Some((Ok::<_, Infallible>(event), stream))
    }));
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that collect answers before they pass them on would make news old (nginx).
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

impl Stream {
    /// The next event, or a sign of life; `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        if !std::mem::replace(&mut self.begun, true) {
            // When a server restarts, its pages should not all come back in the same moment.
            let pause = 1_000 + RandomState::new().hash_one(0) % 4_000;
            return Some(Bytes::from(format!("retry: {pause}\n: here\n\n")));
        }
        if self.over {
            return None;
        }
        // However much there is to tell, the session is looked at in between.
        while Instant::now() < self.heartbeat {
            let mut ending = self.server.ending.clone();
            tokio::select! {
                news = self.listening.next() => return match news {
                    Ok(Some(news)) => event(&news, self.listening.moment()),
                    Ok(None) | Err(_) if self.listening.is_refused() => self.ended(&Failure::PasswordChanged),
                    // The browser comes back from where it is.
                    Ok(None) | Err(_) => None,
                },
                ended = self.endings.recv() => match ended {
                    Ok(Ended::Session(session)) if session != self.session => {}
                    Ok(Ended::Session(_)) => return self.ended(&Failure::SignedOut),
                    // Some ended elsewhere, or more than could be told of: it looks for itself.
                    Ok(Ended::Some) | Err(_) => break,
                },
                () = sleep_until(self.heartbeat) => {}
                _ = ending.wait_for(|ending| *ending) => return None,
            }
        }
        self.heartbeat = Instant::now() + HEARTBEAT;
        if self.listening.is_refused() {
            return self.ended(&Failure::PasswordChanged);
        }
        match self.server.accounts.sessions.is_alive(self.session, now()).await {
            Ok(false) => self.ended(&Failure::SignedOut),
            // A database that does not answer ends nobody's session.
            Ok(true) | Err(_) => Some(Bytes::from_static(b": here\n\n")),
        }
    }

    /// The last event: why the session ended, so that the page asks to sign in again.
    fn ended(&mut self, failure: &Failure) -> Option<Bytes> {
        self.over = true;
        let data = serde_json::to_string(failure).ok()?;
        Some(Bytes::from(format!("event: ended\ndata: {data}\n\n")))
    }
}

fn event(news: &Arc<News>, moment: Option<Moment>) -> Option<Bytes> {
    // JSON has no line breaks outside of strings, and in them they are escaped.
    let data = serde_json::to_string(&**news).ok()?;
    let id = moment.map(|moment| format!("id: {moment}\n")).unwrap_or_default();
    Some(Bytes::from(format!("{id}data: {data}\n\n")))
}
