//! Pages: Leptos, mounted. Every page is rendered whole before it is sent, so that it is complete without script
//! and its status is true.

use std::sync::Arc;

use app::contract::arrival::{Arrival as _, FactorAttempt, Step};
use app::contract::{SignInAttempt, SignedIn};
use app::failure::Failure;
use app::place::{Place, WITH_PICTURES};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::{provide_context, use_context};

use super::Server;
use super::headers::page_policy;
use super::session::PasswordChanged;
use crate::account::visitor::Visitor;

/// Bytes of a failure, the mail server's words and all.
const FAILURE_LIMIT: usize = 16 * 1024;

/// `/`: the Inbox, or the way to it.
pub async fn home(request: Request) -> Response {
    let place = match request.extensions().get::<SignedIn>() {
        Some(_) => Place::inbox(),
        None => Place::SignIn { next: None },
    };
    Redirect::to(&place.to_string()).into_response()
}

/// The sign-in form; who is signed in already goes to their mail.
pub async fn sign_in(State(server): State<Server>, request: Request) -> Response {
    if request.extensions().get::<SignedIn>().is_some() {
        return Redirect::to(&Place::inbox().to_string()).into_response();
    }
    render(&server, request, Attempt::None).await
}

/// The form for the second factor, or where one is set up; for those who are in between.
pub async fn factor(
    State(server): State<Server>,
    Extension(visitor): Extension<Arc<Visitor>>,
    request: Request,
) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let next = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "next");
    let next = next.map(|(_, next)| next.into_owned()).unwrap_or_default();
    let step = match visitor.step().await {
        Ok(step @ (Step::Factor { .. } | Step::Enrol { .. })) => step,
        Ok(Step::Inside { .. }) => {
            let place = Place::of_next(&next).unwrap_or_else(Place::inbox);
            return Redirect::to(&place.to_string()).into_response();
        }
        Ok(Step::Password) | Err(_) => {
            let place = Place::SignIn { next: Place::of_next(&next).map(Box::new) };
            return Redirect::to(&place.to_string()).into_response();
        }
    };
    let attempt = FactorAttempt { step, next, failure: None };
    render(&server, request, Attempt::Factor(attempt)).await
}

/// The same form again, with what happened.
pub async fn factor_again(server: &Server, request: Request, attempt: FactorAttempt) -> Response {
    let failure = attempt.failure.clone();
    after(failure.as_ref(), render(server, request, Attempt::Factor(attempt)).await)
}

/// Pages that are shown to nobody who is not signed in.
const WITHIN: [&str; 3] = ["/mail/", "/settings/", "/write"];

/// Any other page. Mail is shown to nobody who is not signed in: they are asked to, and then come back.
pub async fn page(State(server): State<Server>, request: Request) -> Response {
    let asked = request.uri().path_and_query().map(|asked| asked.as_str()).unwrap_or_default();
    let within = WITHIN.iter().any(|within| asked.starts_with(within));
    if within && request.extensions().get::<SignedIn>().is_none() {
        let next = Place::of_next(asked).map(Box::new);
        let mut place = Place::SignIn { next }.to_string();
        if request.extensions().get::<PasswordChanged>().is_some() {
            place.push_str(if place.contains('?') { "&changed" } else { "?changed" });
        }
        return Redirect::to(&place).into_response();
    }
    // A link from elsewhere may lead to a message, but not ask for its pictures on a person's behalf.
    let site = request.headers().get("sec-fetch-site");
    let foreign = site.is_some_and(|site| site != "same-origin" && site != "none");
    if let Some((path, _)) =
        asked.split_once('?').filter(|(_, query)| foreign && query.contains(WITH_PICTURES))
    {
        return Redirect::to(path).into_response();
    }
    render(&server, request, Attempt::None).await
}

/// A server function of the pages.
pub async fn server_function(request: Request) -> Response {
    let known = leptos::server_fn::axum::server_fn_paths().any(|(path, _)| path == request.uri().path());
    if !known {
        return super::failed(&Failure::NoSuchPage, super::language(request.headers()));
    }
    // Only our own program asks here, and it asks in JSON: a plain form has no business here.
    let json = request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if !json {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let mut request = request;
    // With these the framework would turn a failure into a redirect that repeats it.
    request.headers_mut().remove(header::REFERER);
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    with_status_of_failure(leptos_axum::handle_server_fns(request).await.into_response()).await
}

/// The framework answers 500 to a question that it can't read; the failure in the answer knows better.
async fn with_status_of_failure(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, FAILURE_LIMIT).await.unwrap_or_default();
    if let Ok(failure) = serde_json::from_slice::<Failure>(&body)
        && let Ok(status) = StatusCode::from_u16(failure.status())
    {
        parts.status = status;
    }
    Response::from_parts(parts, Body::from(body))
}

/// The sign-in form again, with what happened.
pub async fn sign_in_again(server: &Server, request: Request, attempt: SignInAttempt) -> Response {
    let failure = attempt.failure.clone();
    after(failure.as_ref(), render(server, request, Attempt::SignIn(attempt)).await)
}

/// An answer that says what happened in its head too.
fn after(failure: Option<&Failure>, mut response: Response) -> Response {
    let Some(failure) = failure else { return response };
    if let Ok(status) = StatusCode::from_u16(failure.status()) {
        *response.status_mut() = status;
    }
    if let Some(seconds) = failure.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A form that was answered before.
#[derive(Clone)]
enum Attempt {
    None,
    SignIn(SignInAttempt),
    Factor(FactorAttempt),
}

async fn render(server: &Server, request: Request, attempt: Attempt) -> Response {
    let language = super::language(request.headers());
    let names = server.assets.names();
    let context = move || {
        language.provide();
        provide_context(names.clone());
        match &attempt {
            Attempt::SignIn(attempt) => provide_context(attempt.clone()),
            Attempt::Factor(attempt) => provide_context(attempt.clone()),
            Attempt::None => {}
        }
        let response = use_context::<leptos_axum::ResponseOptions>();
        let nonce = leptos::nonce::use_nonce();
        if let (Some(response), Some(nonce)) = (response, nonce)
            && let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce))
        {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    };
    let handler = leptos_axum::render_app_async_with_context(context, app::shell);
    let mut response: Response<Body> = handler(request).await;
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-language"));
    response.headers_mut().remove(HeaderName::from_static("serverfnredirect"));
    response
}
