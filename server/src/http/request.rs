//! What is noted of every request: its route, how it ended, how long it took. Never its path, query or address.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use tracing::field::Empty;

use crate::metrics::Requests;

/// What all paths are called that no route is for.
const ELSEWHERE: &str = "elsewhere";

/// The template of a request that was answered before it came to a route, put into the answer.
#[derive(Clone, Copy, Debug)]
pub struct Template(pub &'static str);

/// Counts a request and holds everything that it causes in one span of the log.
pub async fn note(requests: Requests, request: Request, next: Next) -> Response {
    // Numbers of requests; no more than to tell those of one process apart.
    static NUMBERS: AtomicU64 = AtomicU64::new(1);
    let id = NUMBERS.fetch_add(1, Ordering::Relaxed);
    let mut underway = requests.begin(route(&request));
    let span = tracing::info_span!(
        "request",
        id,
        method = method(request.method()),
        route = route(&request),
        status = Empty,
        micros = Empty
    );
    let response = next.run(request).instrument(span.clone()).await;
    if let Some(Template(route)) = response.extensions().get() {
        underway.rename(route);
    }
    let time = underway.answered(response.status());
    span.record("status", response.status().as_u16());
    span.record("micros", u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    span.in_scope(|| tracing::debug!("request answered"));
    response
}

/// The template that a request goes by, a word of this program.
fn route(request: &Request) -> &str {
    let path = request.uri().path();
    // All questions of the pages share one route, and a slow one has a name.
    let question = leptos::server_fn::axum::server_fn_paths().find(|(known, _)| *known == path);
    let matched = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    question.map(|(known, _)| known).or(matched).unwrap_or(ELSEWHERE)
}

/// The method, unless a stranger made it up.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::Router;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::middleware::{Next, from_fn};
    use axum::response::{IntoResponse, Response};
    use axum::routing::get;
    use tower::ServiceExt;

    use super::{Template, note};
    use crate::metrics::{Requests, registry};

    async fn asked(router: &Router, method: &str, path: &str) {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        router.clone().oneshot(request).await.unwrap();
    }

    /// Answers one path as files are answered, before routes are looked at.
    async fn file(request: Request, next: Next) -> Response {
        if request.uri().path() == "/secret.css" {
            let mut response = "x".into_response();
            response.extensions_mut().insert(Template("/assets/{file}"));
            return response;
        }
        next.run(request).await
    }

    #[tokio::test]
    async fn requests_go_by_templates_whatever_became_of_them() {
        let requests = Requests::default();
        let counting = requests.clone();
        let router = Router::new()
            .route("/mail/{mailbox}", get(|| async { "here" }))
            .route("/slow/{mailbox}", get(std::future::pending::<()>))
            .fallback(|| async { axum::http::StatusCode::NOT_FOUND })
            .layer(from_fn(file))
            .layer(from_fn(move |request, next| note(counting.clone(), request, next)));
        for (method, path) in
            [("GET", "/mail/secret"), ("SECRET", "/mail/secret"), ("GET", "/secret"), ("GET", "/secret.css")]
        {
            asked(&router, method, path).await;
        }
        let slow = tokio::time::timeout(Duration::from_millis(5), asked(&router, "GET", "/slow/secret"));
        slow.await.unwrap_err();
        let stream = requests.open_event_stream();

        let registry = registry(Default::default(), &requests);
        let text = || {
            let mut text = String::new();
            prometheus_client::encoding::prometheus_text::encode(&mut text, &registry).unwrap();
            text
        };
        for (route, status) in [
            ("/mail/{mailbox}", "2xx"),
            ("/mail/{mailbox}", "4xx"),
            ("elsewhere", "4xx"),
            ("/assets/{file}", "2xx"),
            ("/slow/{mailbox}", "abandoned"),
        ] {
            let sample = format!(
                "pennypost_http_request_duration_seconds_count{{route=\"{route}\",status=\"{status}\"}} 1\n"
            );
            assert!(text().contains(&sample), "{sample} in {}", text());
        }
        assert!(!text().to_lowercase().contains("secret"));
        assert!(text().contains("\npennypost_http_event_streams 1\n"));
        drop(stream);
        assert!(text().contains("\npennypost_http_event_streams 0\n"));
    }
}
