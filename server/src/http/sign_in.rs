//! The forms for signing in and out. Plain posts, so that they need no script, and in one file, so that the whole
//! way of a password can be read: form, mail server, sealed session.

use std::sync::Arc;

use app::contract::SignInAttempt;
use app::failure::Failure;
use app::place::Place;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use super::client_address::ClientAddress;
use super::session::Credentials;
use super::{Server, pages};
use crate::mail::Person;

/// What the form posts.
#[derive(Deserialize)]
struct Posted {
    login: String,
    password: SecretString,
    #[serde(default)]
    next: String,
}

/// Signs in with address and password, or shows the form again with what happened.
pub async fn sign_in(State(server): State<Server>, session: Session, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let from = parts.extensions.get::<ClientAddress>().map(|ClientAddress(address)| *address);
    // The page is rendered for the same request once more when the sign-in fails.
    let mut page = Request::new(axum::body::Body::empty());
    *page.method_mut() = parts.method.clone();
    *page.uri_mut() = parts.uri.clone();
    *page.headers_mut() = parts.headers.clone();
    page.headers_mut().remove(header::CONTENT_LENGTH);

    let attempt =
        |login: String, next: String, failure| SignInAttempt { login, next, failure: Some(failure) };
    let posted = match Form::<Posted>::from_request(Request::from_parts(parts, body), &()).await {
        Ok(Form(posted)) => posted,
        Err(_) => {
            let attempt = attempt(String::new(), String::new(), Failure::BadQuestion);
            return pages::sign_in_again(&server, page, attempt).await;
        }
    };
    let login = posted.login.trim().to_owned();
    let credentials = Credentials { login: login.clone(), password: posted.password };
    let started = match server.people.sign_in(credentials.clone().into()).await {
        Ok(()) => super::session::start(&session, &credentials).await,
        Err(failure) => Err(failure),
    };
    match started {
        Ok(()) => {
            let next = Place::of_next(&posted.next).unwrap_or_else(Place::inbox);
            Redirect::to(&next.to_string()).into_response()
        }
        Err(failure) => {
            // For whoever bans addresses that guess passwords: from where, not as whom.
            tracing::warn!(
                failure = failure.key(),
                from = from.map(tracing::field::display),
                "nobody was signed in"
            );
            pages::sign_in_again(&server, page, attempt(login, posted.next, failure)).await
        }
    }
}

/// Ends the session, here and in the database, and tells the browser to forget everything.
pub async fn sign_out(person: Option<Extension<Arc<Person>>>, session: Session) -> Response {
    // Other browsers of theirs read it anew.
    if let Some(Extension(person)) = person {
        person.forget_mail();
    }
    super::session::end(&session).await;
    let mut response = Redirect::to("/sign-in?ended").into_response();
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cookies\", \"storage\""));
    response
}
