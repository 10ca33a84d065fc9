//! The form by which one leaves a list, for browsers without script.

use std::sync::Arc;

use app::contract::mail::Mail;
use app::failure::Failure;
use app::place::{LEFT, Place};
use axum::Extension;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};

use super::{failed, key_of, language};
use crate::mail::Person;

/// Leaves the list that a message came from, then back to the message, which says what became of it.
pub async fn leave(
    Path((mailbox, at)): Path<(String, String)>,
    person: Option<Extension<Arc<Person>>>,
    headers: HeaderMap,
) -> Response {
    let asked = async {
        let Extension(person) = person.ok_or(Failure::SignedOut)?;
        let key = key_of(&mailbox, &at)?;
        let outcome = person.unsubscribe(key.clone()).await?;
        let message = Place::Message { key, within: None, offset: 0 };
        Ok(Redirect::to(&format!("{message}?{LEFT}={}", outcome.word())).into_response())
    };
    asked.await.unwrap_or_else(|failure| failed(&failure, language(&headers)))
}
