//! The HTML body of a message: a document of its own, under the policy that belongs to it.

use app::contract::mail::Mail;
use app::failure::Failure;
use app::place::{AS_SENT, Place, WITH_PICTURES};
use axum::extract::{Path, Request, State};
use axum::http::HeaderValue;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use message::html::{Dress, content_security_policy};
use model::message::MessageQuestion;

use super::{Asked, Server, answered, failed, language, person};
use crate::mail::document;

/// Should the policy ever not fit into a header.
const NOTHING: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");

/// The document for the frame.
pub async fn body(State(server): State<Server>, Path(asked): Path<Asked>, request: Request) -> Response {
    let dress = if asks(&request, AS_SENT) { Dress::AsSent } else { Dress::Adapted };
    answer(&server, &asked, request, Sheet::Frame(dress)).await
}

/// The same for paper, below who wrote it and when.
pub async fn paper(State(server): State<Server>, Path(asked): Path<Asked>, request: Request) -> Response {
    answer(&server, &asked, request, Sheet::Paper).await
}

/// Marks a message as unread; then back to the list.
pub async fn unread(Path(asked): Path<Asked>, request: Request) -> Response {
    answered(request, async move |person, _| {
        let (key, _) = asked.message()?;
        person.mark(key.clone(), false).await?;
        let list = Place::Mailbox { mailbox: key.mailbox, offset: 0 };
        Ok(Redirect::to(&list.to_string()).into_response())
    })
    .await
}

/// Whether the address of a request names a word after its question mark.
fn asks(request: &Request, wanted: &str) -> bool {
    request.uri().query().unwrap_or_default().split('&').any(|said| said == wanted)
}

/// What a document is for.
enum Sheet {
    Frame(Dress),
    Paper,
}

async fn answer(server: &Server, asked: &Asked, request: Request, sheet: Sheet) -> Response {
    let person = person(request.extensions());
    let language = language(request.headers());
    let pictures = asks(&request, WITH_PICTURES);
    drop(request);
    let made = async {
        let (person, (key, within)) = (person?, asked.message()?);
        let question = MessageQuestion { key, within, pictures };
        let document = match sheet {
            Sheet::Frame(dress) => document::document(&person, &question, dress).await?,
            Sheet::Paper => document::paper(&person, &question, language).await?,
        };
        document.ok_or(Failure::TooMuchHtml)
    };
    // A failure stands in the same frame as the document would.
    let answer = match made.await {
        Ok(document) => axum::response::Html(document.into_string()).into_response(),
        Err(failure) => failed(&failure, language),
    };
    let policy = content_security_policy(server.origin.as_str());
    let policies = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::try_from(policy).unwrap_or(NOTHING)),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (policies, answer).into_response()
}
