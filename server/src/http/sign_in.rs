//! The forms for signing in and out. Plain posts, so that they need no script, and in one file, so that the whole
//! way of a password can be read: form, mail server, sealed session.

use std::sync::Arc;

use app::contract::SignInAttempt;
use app::contract::account::EventKind;
use app::contract::arrival::{Arrival as _, FactorAttempt, Proof, Step};
use app::failure::Failure;
use app::place::Place;
use axum::body::Body;
use axum::extract::{FromRequest, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Server, pages};
use crate::account::visitor::Visitor;
use crate::mail::Person;

/// What the form posts.
#[derive(Deserialize)]
struct Posted {
    login: String,
    password: SecretString,
    #[serde(default)]
    next: String,
}

/// What the form of the second step posts: one of the two codes.
#[derive(Deserialize)]
struct PostedFactor {
    #[serde(default)]
    code: String,
    #[serde(default)]
    recovery: String,
    #[serde(default)]
    trust: Option<String>,
    #[serde(default)]
    next: String,
}

/// Signs in with address and password, or shows the form again with what happened.
pub async fn sign_in(
    State(server): State<Server>,
    Extension(visitor): Extension<Arc<Visitor>>,
    request: Request,
) -> Response {
    let (page, posted) = read::<Posted>(request).await;
    let attempt =
        |login: String, next: String, failure| SignInAttempt { login, next, failure: Some(failure) };
    let Some(posted) = posted else {
        let attempt = attempt(String::new(), String::new(), Failure::BadQuestion);
        return pages::sign_in_again(&server, page, attempt).await;
    };
    let login = posted.login.trim().to_owned();
    match visitor.password(login.clone(), posted.password.expose_secret().to_owned()).await {
        Ok(step) => onward(&step, &posted.next),
        Err(failure) => pages::sign_in_again(&server, page, attempt(login, posted.next, failure)).await,
    }
}

/// Proves the second factor, or shows its form again with what happened.
pub async fn factor(
    State(server): State<Server>,
    Extension(visitor): Extension<Arc<Visitor>>,
    request: Request,
) -> Response {
    let (page, posted) = read::<PostedFactor>(request).await;
    let Some(posted) = posted else { return Redirect::to("/sign-in").into_response() };
    let proof = if posted.recovery.trim().is_empty() {
        Proof::Totp(posted.code)
    } else {
        Proof::Recovery(posted.recovery)
    };
    match visitor.factor(proof, posted.trust.is_some()).await {
        Ok(step) => onward(&step, &posted.next),
        Err(failure) => match visitor.step().await {
            Ok(step @ Step::Factor { .. }) => {
                let attempt = FactorAttempt { step, next: posted.next, failure: Some(failure) };
                pages::factor_again(&server, page, attempt).await
            }
            // The half of a session was over.
            _ => {
                Redirect::to(&Place::SignIn { next: Place::of_next(&posted.next).map(Box::new) }.to_string())
                    .into_response()
            }
        },
    }
}

/// To where somebody goes who is this far.
fn onward(step: &Step, next: &str) -> Response {
    let next = Place::of_next(next);
    let place = match step {
        Step::Inside { .. } => next.unwrap_or_else(Place::inbox),
        Step::Factor { .. } | Step::Enrol { .. } => Place::Factor { next: next.map(Box::new) },
        Step::Password => Place::SignIn { next: next.map(Box::new) },
    };
    Redirect::to(&place.to_string()).into_response()
}

/// What a form posted, and a request for the page to be drawn with when it fails.
async fn read<T: DeserializeOwned>(request: Request) -> (Request, Option<T>) {
    let (parts, body) = request.into_parts();
    let page = drawn_again(&parts);
    let posted = Form::<T>::from_request(Request::from_parts(parts, body), &()).await;
    (page, posted.ok().map(|Form(posted)| posted))
}

fn drawn_again(parts: &Parts) -> Request {
    let mut page = Request::new(Body::empty());
    *page.method_mut() = parts.method.clone();
    *page.uri_mut() = parts.uri.clone();
    *page.headers_mut() = parts.headers.clone();
    page.headers_mut().remove(header::CONTENT_LENGTH);
    page
}

/// Ends the session, here and in the database, and tells the browser to forget what it kept. That it was here before, and
/// whether it is trusted, outlasts a session.
pub async fn sign_out(
    person: Option<Extension<Arc<Person>>>,
    Extension(visitor): Extension<Arc<Visitor>>,
) -> Response {
    // Other browsers of theirs read it anew.
    if let Some(Extension(person)) = person {
        person.forget_mail();
    }
    visitor.end(EventKind::SignedOut).await;
    let mut response = Redirect::to("/sign-in?ended").into_response();
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"storage\""));
    response
}
