//! Pictures that messages show, by sealed links. The frame that asks has no origin and sends no cookie: the link alone says
//! whose it is and what it leads to, and holds while its person is signed in.

use ::message::raster::Raster;
use ::message::transfer::unpack;
use std::sync::Arc;

use app::contract::mail::Mail;
use app::failure::Failure;
use app::place::Place;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;

use super::{Server, attachment, failed, key_of, language};
use crate::clock::now;
use crate::mail::{Person, message};
use crate::picture::PictureTarget;

/// A picture is a picture, wherever somebody opens it.
const POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// For a while only in the browser that asked.
const KEPT: &str = "private, max-age=600";

/// A document without an origin is another site to every browser.
const SHARED: (HeaderName, &str) = (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");

/// The picture, or that there is none: whatever may be the reason, the answer is the same. It is empty, so that the text
/// is shown that stands for the picture.
pub async fn show(State(server): State<Server>, Path(sealed): Path<String>) -> Response {
    match found(&server, &sealed).await {
        Some((content_type, body)) => {
            let headers = [
                (header::CONTENT_TYPE, content_type),
                (header::CONTENT_SECURITY_POLICY, POLICY),
                (header::CACHE_CONTROL, KEPT),
                (header::REFERRER_POLICY, "no-referrer"),
                SHARED,
            ];
            (headers, body).into_response()
        }
        None => ([SHARED], StatusCode::NOT_FOUND).into_response(),
    }
}

/// What the form posts by which the pictures of a sender are always shown.
#[derive(Deserialize)]
pub struct Wish {
    always: String,
}

/// Always shows the pictures of whoever sent this message, or no longer; then back to the message.
pub async fn always(
    Path((mailbox, at)): Path<(String, String)>,
    person: Option<Extension<Arc<Person>>>,
    headers: HeaderMap,
    Form(wish): Form<Wish>,
) -> Response {
    let asked = async {
        let Extension(person) = person.ok_or(Failure::SignedOut)?;
        let key = key_of(&mailbox, &at)?;
        person.always_show_pictures(key.clone(), wish.always == "yes").await?;
        Ok(Redirect::to(&Place::Message { key, within: None, offset: 0 }.to_string()).into_response())
    };
    asked.await.unwrap_or_else(|failure| failed(&failure, language(&headers)))
}

async fn found(server: &Server, sealed: &str) -> Option<(&'static str, Body)> {
    let now = now();
    let pictures = server.people.pictures();
    let (person, target) = pictures.links.open(sealed, now)?;
    let signed_in = server.accounts.sessions.is_anybody_inside(person, now).await;
    signed_in.map_err(|error| crate::failure::internal(&error)).ok().filter(|signed_in| *signed_in)?;
    match target {
        PictureTarget::Remote { url } if pictures.consent.is_allowed() => {
            let picture = pictures.elsewhere.picture(person, &url, now).await?;
            Some((picture.content_type, picture.bytes.into()))
        }
        PictureTarget::Remote { .. } => None,
        PictureTarget::Part { key, part, encoding } => {
            let person = server.people.here_as(person)?;
            let first = message::range(&person, &key, Some(&part), 0, attachment::RANGE).await.ok()?;
            let raster = Raster::of(&unpack(&first, encoding))?;
            Some((raster.content_type, attachment::onward(person, key, Some(part), encoding, first)))
        }
    }
}
