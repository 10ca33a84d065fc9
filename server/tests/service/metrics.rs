//! What whoever watches over the service is told.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use testbed::Shared;
use testbed::client::Client;
use testbed::people::Person;

use crate::browser::{Served, links, serve};

const MESSAGE: &[u8] =
    b"From: Quentin Quill <quentin@quill.test>\r\nSubject: Zebra crossing\r\n\r\nMarmalade.\r\n";

/// The values of all samples, by name and labels as they are written. Every line must be one of the format.
async fn samples(served: &Served) -> BTreeMap<String, f64> {
    let answer = served.metrics().await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let mut found = BTreeMap::new();
    let mut family = String::new();
    for line in answer.text().lines() {
        if let Some(rest) = line.strip_prefix("# ") {
            let mut words = rest.splitn(3, ' ');
            assert!(matches!(words.next(), Some("HELP" | "TYPE")), "{line}");
            family = words.next().unwrap().to_owned();
            continue;
        }
        let (sample, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) = sample.split_once('{').unwrap_or((sample, "}"));
        assert!(name.starts_with("pennypost_") && name.starts_with(&family), "{line} in {family}");
        for label in labels.strip_suffix('}').unwrap().split_terminator("\",") {
            let (key, text) = label.split_once("=\"").unwrap();
            assert!(
                ["command", "outcome", "state", "route", "status", "le", "version"].contains(&key),
                "{line}"
            );
            assert!(!text.trim_end_matches('"').is_empty(), "{line}");
        }
        assert!(found.insert(sample.to_owned(), value.parse().unwrap()).is_none(), "twice: {line}");
    }
    found
}

#[tokio::test]
async fn a_page_is_counted_by_what_it_cost_and_by_nobodys_name() {
    let testbed = Shared::find().unwrap();
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed.description(), &person).await.unwrap();
    other.append("INBOX", None, None, MESSAGE).await.unwrap();
    let served = serve(testbed.description(), &[]).await;
    let before = samples(&served).await;
    assert_eq!(before["pennypost_imap_connections{state=\"watching\"}"], 0.0);
    assert_eq!(before["pennypost_imap_connections_opened_total"], 0.0);

    let wrong = Person { password: "not the one".into(), ..person.clone() };
    assert_eq!(served.browser().sign_in(&wrong).await.status, StatusCode::UNAUTHORIZED);
    let mut browser = served.signed_in(&person).await;
    let page = browser.get("/mail/me/INBOX").await.text();
    let link = links(&page, "/mail/me/INBOX/").pop().unwrap();
    assert_eq!(browser.get(&link).await.status, StatusCode::OK);
    assert_eq!(browser.get("/mail/me/Armadillo").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/nowhere/platypus").await.status, StatusCode::NOT_FOUND);

    let after = samples(&served).await;
    let grown =
        |name: &str| after.get(name).copied().unwrap_or(0.0) - before.get(name).copied().unwrap_or(0.0);
    let requests = |route: &str, status: &str| {
        grown(&format!(
            "pennypost_http_request_duration_seconds_count{{route=\"{route}\",status=\"{status}\"}}"
        ))
    };
    assert_eq!(requests("/sign-in", "4xx"), 1.0);
    assert_eq!(requests("/sign-in", "3xx"), 1.0);
    assert_eq!(requests("/mail/me/{mailbox}", "2xx"), 1.0);
    assert_eq!(requests("/mail/me/{mailbox}", "4xx"), 1.0);
    assert_eq!(requests("/mail/me/{mailbox}/{message}", "2xx"), 1.0);
    assert_eq!(requests("elsewhere", "4xx"), 1.0);

    let command = |name: &str, outcome: &str| {
        grown(&format!("pennypost_imap_commands_total{{command=\"{name}\",outcome=\"{outcome}\"}}"))
    };
    assert_eq!(command("AUTHENTICATE", "ok"), grown("pennypost_imap_connections_opened_total") - 1.0);
    assert_eq!(command("AUTHENTICATE", "refused"), 1.0);
    assert!(command("UID FETCH", "ok") >= 1.0 && command("SELECT", "ok") >= 1.0);
    assert_eq!(command("SELECT", "refused"), 1.0);
    for name in ["UID FETCH", "SELECT", "AUTHENTICATE"] {
        let of_name =
            ["ok", "refused", "lost", "timed_out", "abandoned"].map(|outcome| command(name, outcome));
        let times = |suffix: &str| grown(&format!("pennypost_imap_command_duration_seconds_{suffix}"));
        assert_eq!(times(&format!("count{{command=\"{name}\"}}")), of_name.iter().sum::<f64>(), "{name}");
        assert_eq!(
            times(&format!("bucket{{command=\"{name}\",le=\"+Inf\"}}")),
            of_name.iter().sum::<f64>(),
            "{name}"
        );
        assert!(times(&format!("sum{{command=\"{name}\"}}")) > 0.0);
    }
    for name in ["round_trips_total", "received_bytes_total", "sent_bytes_total", "queue_seconds_count"] {
        assert!(grown(&format!("pennypost_imap_{name}")) > 0.0, "{name}");
    }
    let there = |state: &str| after[&format!("pennypost_imap_connections{{state=\"{state}\"}}")];
    assert_eq!(there("working"), 0.0);
    assert!(there("free") >= 1.0 && there("free") <= 3.0);

    let text = served.metrics().await.text();
    let (local, _) = person.address.split_once('@').unwrap();
    for told in [local, "INBOX", "Armadillo", "platypus", "Quentin", "quill.test", "Zebra", "Marmalade", "@"]
    {
        assert!(!text.contains(told), "{told:?} in {text}");
    }
}

#[tokio::test]
async fn browsers_find_no_metrics() {
    let testbed = Shared::find().unwrap();
    let served = serve(testbed.description(), &[("PENNYPOST_METRICS_LISTEN", "127.0.0.1:9464")]).await;
    let mut browser = served.browser();
    let visitor = browser.get("/metrics").await;
    assert!(visitor.status == StatusCode::NOT_FOUND && !visitor.text().contains("pennypost_"));
    let mut browser = served.signed_in(&Person::fresh()).await;
    let signed_in = browser.get("/metrics").await;
    assert!(signed_in.status == StatusCode::NOT_FOUND && !signed_in.text().contains("pennypost_"));
}
