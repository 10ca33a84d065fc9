//! Pages: Leptos, mounted. Every page is rendered whole before it is sent, so that it is complete without script
//! and its status is true.

use app::contract::{SignInAttempt, SignedIn};
use app::failure::Failure;
use app::place::Place;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::{provide_context, use_context};

use super::Server;
use super::headers::page_policy;

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
    render(&server, request, None).await
}

/// Any other page. Mail is shown to nobody who is not signed in: they are asked to, and then come back.
pub async fn page(State(server): State<Server>, request: Request) -> Response {
    let asked = request.uri().path_and_query().map(|asked| asked.as_str()).unwrap_or_default();
    if asked.starts_with("/mail/") && request.extensions().get::<SignedIn>().is_none() {
        let next = Place::of_next(asked).map(Box::new);
        return Redirect::to(&Place::SignIn { next }.to_string()).into_response();
    }
    render(&server, request, None).await
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
    let status = attempt.failure.as_ref().map(Failure::status);
    let mut response = render(server, request, Some(attempt)).await;
    if let Some(status) = status.and_then(|status| StatusCode::from_u16(status).ok()) {
        *response.status_mut() = status;
    }
    response
}

async fn render(server: &Server, request: Request, attempt: Option<SignInAttempt>) -> Response {
    let language = super::language(request.headers());
    let names = server.assets.names();
    let context = move || {
        language.provide();
        provide_context(names.clone());
        if let Some(attempt) = &attempt {
            provide_context(attempt.clone());
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
