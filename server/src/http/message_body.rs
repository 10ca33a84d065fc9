//! The HTML body of a message: a document of its own, under the policy that belongs to it.

use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use message::html::CONTENT_SECURITY_POLICY;

use super::{Server, failed, key_of, person};

/// The cleaned document.
pub async fn document(
    State(_): State<Server>,
    Path((mailbox, at)): Path<(String, String)>,
    request: Request,
) -> Response {
    let person = person(request.extensions());
    drop(request);
    let asked = async move {
        let person = person?;
        crate::mail::message::document(&person, &key_of(&mailbox, &at)?).await
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    ];
    match asked.await {
        Ok(Some(document)) => (headers, document.into_string()).into_response(),
        // Fixed words, since this stands inside the frame, where no translation reaches.
        Ok(None) => (StatusCode::UNPROCESSABLE_ENTITY, headers, TOO_MUCH).into_response(),
        Err(failure) => failed(&failure),
    }
}

const TOO_MUCH: &str = "<!DOCTYPE html><meta charset=utf-8><p>This message's HTML is too long or too deeply nested to \
     be shown safely. Download the source to read it.";
