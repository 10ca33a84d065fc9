//! The form by which one leaves a list, for browsers without script.

use app::contract::mail::Mail;
use app::place::{LEFT, Place};
use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Redirect, Response};

use super::{answered, key_of};

/// Leaves the list that a message came from, then back to the message, which says what became of it.
pub async fn leave(Path((mailbox, at)): Path<(String, String)>, request: Request) -> Response {
    answered(request, async move |person, _| {
        let key = key_of(&mailbox, &at)?;
        let outcome = person.unsubscribe(key.clone()).await?;
        let message = Place::Message { key, within: None, offset: 0 };
        Ok(Redirect::to(&format!("{message}?{LEFT}={}", outcome.word())).into_response())
    })
    .await
}
