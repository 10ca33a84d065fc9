//! The HTML body of a message: a document of its own, under the policy that belongs to it.

use app::failure::Failure;
use axum::extract::{Path, Request};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use message::html::CONTENT_SECURITY_POLICY;

use super::{failed, key_of, language, person};

/// The cleaned document.
pub async fn document(Path((mailbox, at)): Path<(String, String)>, request: Request) -> Response {
    let person = person(request.extensions());
    let language = language(request.headers());
    drop(request);
    let asked = async move {
        let person = person?;
        let document = crate::mail::message::document(&person, &key_of(&mailbox, &at)?).await?;
        document.ok_or(Failure::TooMuchHtml)
    };
    // A failure stands in the same frame as the document would.
    let policies = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    let answer = match asked.await {
        Ok(document) => axum::response::Html(document.into_string()).into_response(),
        Err(failure) => failed(&failure, language),
    };
    (policies, answer).into_response()
}
