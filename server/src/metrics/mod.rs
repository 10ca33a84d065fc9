//! Numbers for whoever watches over this process, in the text format of Prometheus.
//!
//! Everything that a label says is a word of this program: a command, a state, a route, a class of answers. Nothing that
//! people or servers say becomes one, so that there are few of them and none tells of anybody.

mod imap;
mod requests;

use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::prometheus_text::{CONTENT_TYPE, encode};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

pub use requests::{EventStream, Requests, Underway};

/// All numbers: those of the door to the mail server and those of requests.
pub fn registry(of_imap: Arc<::imap::metrics::Metrics>, requests: &Requests) -> Registry {
    let mut registry = Registry::with_prefix("pennypost");
    registry.register("build", "The version that runs", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
    requests.register(&mut registry);
    registry.register_collector(Box::new(imap::Collected(of_imap)));
    registry
}

/// Answers `/metrics` with them, and nothing else. It is no part of the router that browsers reach.
pub fn router(registry: Registry) -> Router {
    let registry = Arc::new(registry);
    Router::new().route("/metrics", get(move || async move { text(&registry) }))
}

fn text(registry: &Registry) -> Response {
    let mut text = String::new();
    match encode(&mut text, registry) {
        Ok(()) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
