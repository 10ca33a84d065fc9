//! Requests of browsers: by route, how long they took and how they ended.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Upper bounds in seconds of what is told apart.
const BOUNDS: [f64; 15] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

type Labels = [(&'static str, String); 2];

/// Numbers about requests. Clones share them.
#[derive(Clone, Debug)]
pub struct Requests {
    times: Family<Labels, Histogram, fn() -> Histogram>,
    event_streams: Gauge,
}

impl Default for Requests {
    fn default() -> Self {
        Self {
            times: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            event_streams: Gauge::default(),
        }
    }
}

impl Requests {
    /// A request begins, which goes by this template.
    pub fn begin(&self, route: &str) -> Underway {
        Underway { requests: self.clone(), route: Some(route.to_owned()), begun: Instant::now() }
    }

    /// A stream of events begins; it ends when what this gives back is dropped.
    pub fn open_event_stream(&self) -> EventStream {
        self.event_streams.inc();
        EventStream(self.event_streams.clone())
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "http_request_duration",
            "How long requests took until the answer began, by route and class of the answer",
            Unit::Seconds,
            self.times.clone(),
        );
        registry.register(
            "http_event_streams",
            "Streams of events that are open now",
            self.event_streams.clone(),
        );
    }
}

/// An open stream of events.
#[derive(Debug)]
pub struct EventStream(Gauge);

impl Drop for EventStream {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// A request that was not answered yet. When it is dropped, the browser went away.
#[derive(Debug)]
pub struct Underway {
    requests: Requests,
    route: Option<String>,
    begun: Instant,
}

impl Underway {
    /// The answer begins. Says how long it took.
    pub fn answered(mut self, status: StatusCode) -> Duration {
        self.end(match status.as_u16() {
            ..200 => "1xx",
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            500.. => "5xx",
        })
    }

    /// It went by another template than was known when it began.
    pub fn rename(&mut self, route: &str) {
        self.route = Some(route.to_owned());
    }

    fn end(&mut self, status: &str) -> Duration {
        let time = self.begun.elapsed();
        if let Some(route) = self.route.take() {
            let labels = [("route", route), ("status", status.to_owned())];
            self.requests.times.get_or_create(&labels).observe(time.as_secs_f64());
        }
        time
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.end("abandoned");
    }
}
