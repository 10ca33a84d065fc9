//! The HTML body of a message: a document of its own, under the policy that belongs to it.

use app::failure::Failure;
use app::place::AS_SENT;
use app::text::Language;
use axum::extract::{Path, Request, State};
use axum::http::HeaderValue;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use message::html::{Dress, SafeDocument, content_security_policy};

use super::{Server, failed, key_of, language, person};

/// Should the policy ever not fit into a header.
const NOTHING: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");

/// The cleaned document.
pub async fn document(
    State(server): State<Server>,
    Path((mailbox, at)): Path<(String, String)>,
    request: Request,
) -> Response {
    let person = person(request.extensions());
    let language = language(request.headers());
    let dress = if request.uri().query() == Some(AS_SENT) { Dress::AsSent } else { Dress::Adapted };
    drop(request);
    let asked = async move {
        let person = person?;
        let document = crate::mail::document::document(&person, &key_of(&mailbox, &at)?, dress).await?;
        document.ok_or(Failure::TooMuchHtml)
    };
    // A failure stands in the same frame as the document would.
    answered(&server, asked.await, language)
}

/// The same for paper, below who wrote it and when.
pub async fn paper(
    State(server): State<Server>,
    Path((mailbox, at)): Path<(String, String)>,
    request: Request,
) -> Response {
    let person = person(request.extensions());
    let language = language(request.headers());
    drop(request);
    let asked = async move {
        let person = person?;
        let document = crate::mail::document::paper(&person, &key_of(&mailbox, &at)?, language).await?;
        document.ok_or(Failure::TooMuchHtml)
    };
    answered(&server, asked.await, language)
}

fn answered(server: &Server, document: Result<SafeDocument, Failure>, language: Language) -> Response {
    let policy = content_security_policy(server.origin.as_str());
    let policies = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::try_from(policy).unwrap_or(NOTHING)),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    let answer = match document {
        Ok(document) => axum::response::Html(document.into_string()).into_response(),
        Err(failure) => failed(&failure, language),
    };
    (policies, answer).into_response()
}
