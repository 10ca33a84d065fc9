//! The numbers of [`imap::metrics`], read when somebody asks.

use std::fmt;
use std::sync::Arc;

use imap::metrics::{Counter, Histogram, Metrics, Outcome, State};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;

/// The numbers of all connections to the mail server.
#[derive(Debug)]
pub(super) struct Collected(pub(super) Arc<Metrics>);

impl Collector for Collected {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let metrics = &*self.0;
        for (name, help, counter) in counters(metrics) {
            let metric = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            ConstCounter::new(counter.get()).encode(metric)?;
        }

        let help = "Connections to the mail server that are there now, by what they do.";
        let mut metric = encoder.encode_descriptor("imap_connections", help, None, MetricType::Gauge)?;
        for state in State::ALL {
            let number = ConstGauge::new(metrics.now.get(state));
            number.encode(metric.encode_family(&[("state", state.name())])?)?;
        }

        let help = "Bytes that memory keeps of people's mail.";
        let metric = encoder.encode_descriptor("cache_memory_bytes", help, None, MetricType::Gauge)?;
        ConstGauge::new(metrics.cache.bytes.get()).encode(metric)?;

        let help = "Commands to the mail server, by name and what became of them.";
        let mut metric = encoder.encode_descriptor("imap_commands", help, None, MetricType::Counter)?;
        for command in metrics.by_name.iter() {
            for outcome in Outcome::ALL {
                let labels = [("command", command.name), ("outcome", outcome.name())];
                ConstCounter::new(command.outcome(outcome)).encode(metric.encode_family(&labels)?)?;
            }
        }

        let seconds = Some(&Unit::Seconds);
        let help = "How long commands to the mail server took, by name.";
        let kind = MetricType::Histogram;
        let mut metric = encoder.encode_descriptor("imap_command_duration", help, seconds, kind)?;
        for command in metrics.by_name.iter() {
            histogram(&command.time, metric.encode_family(&[("command", command.name)])?)?;
        }

        let help = "How long requests waited for a connection of their person to come back.";
        histogram(&metrics.queue, encoder.encode_descriptor("imap_queue", help, seconds, kind)?)
    }
}

fn counters(metrics: &Metrics) -> [(&'static str, &'static str, &Counter); 11] {
    [
        ("imap_connections_opened", "Connections to the mail server that were opened.", &metrics.connections),
        (
            "imap_connections_failed",
            "Attempts to open a connection to the mail server that came to nothing.",
            &metrics.failed_connections,
        ),
        (
            "imap_reconnects",
            "Readings that were begun again because their connection had died unnoticed.",
            &metrics.reconnects,
        ),
        ("imap_busy", "Requests that waited too long for a connection and failed.", &metrics.busy),
        ("imap_round_trips", "Times that the mail server had to be waited for.", &metrics.round_trips),
        ("imap_received_bytes", "Bytes that the mail server sent.", &metrics.bytes_in),
        ("imap_sent_bytes", "Bytes that were sent to the mail server.", &metrics.bytes_out),
        (
            "imap_skipped_lines",
            "Lines of the mail server that could not be understood and were skipped.",
            &metrics.skipped,
        ),
        ("cache_hits", "Questions about mail that were answered from memory.", &metrics.cache.hits),
        ("cache_misses", "Questions about mail that memory could not answer.", &metrics.cache.misses),
        (
            "cache_evicted_bytes",
            "Bytes that were forgotten to make room for others.",
            &metrics.cache.evicted_bytes,
        ),
    ]
}

/// Counts of whole histograms are taken from one reading of their buckets, so that they agree while others count on.
fn histogram(histogram: &Histogram, mut encoder: MetricEncoder<'_>) -> fmt::Result {
    let buckets: Vec<(f64, u64)> = histogram
        .buckets()
        .map(|(bound, count)| (bound.map_or(f64::INFINITY, |bound| bound.as_secs_f64()), count))
        .collect();
    let count = buckets.iter().map(|(_, count)| count).sum();
    encoder.encode_histogram::<NoLabelSet>(histogram.total().as_secs_f64(), count, &buckets, None)
}
