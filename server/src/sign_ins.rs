//! `pennypost sign-ins`: what happened at the door, for whoever runs the house. One event a line, oldest first, times in
//! UTC. It may be read while the server runs.

use std::io::{self, Write};
use std::process::ExitCode;

use app::contract::account::EventKind;
use database::{Events, PersonId, Written};
use serde::Serialize;
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime};

use crate::config::Config;
use crate::door::record::{Seen, word};
use crate::storage::existing;

/// Which events, and how they are written.
#[derive(clap::Args)]
pub struct Options {
    /// Only since this day or moment (UTC): 2026-11-01, or 2026-11-01T08:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<i64>,
    /// Only of the account of this address
    #[arg(long, value_name = "ADDRESS")]
    person: Option<String>,
    /// How a line is written
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
}

/// How a line is written.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    /// One JSON object a line
    Json,
    /// RFC 5424, of the facility authpriv
    Syslog,
}

/// An event as it is printed.
#[derive(Serialize)]
struct Line<'a> {
    time: String,
    event: &'a str,
    #[serde(flatten)]
    seen: Option<Seen>,
    /// That somebody changed the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    seal: Option<&'static str>,
}

/// Prints. The status is 0 when all was printed, 1 when something could not be read.
pub async fn run(config: &Config, options: &Options) -> ExitCode {
    let printed = async {
        let (database, key) = existing(config).await?;
        let person = options.person.as_deref().map(|login| PersonId::of(login, &key)).transpose()?;
        let events = Events::new(&database, key);
        print(&events, person.as_ref(), options, &mut io::stdout().lock()).await?;
        database.close().await;
        Ok::<_, Box<dyn std::error::Error>>(())
    };
    match printed.await {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads only the first lines is done.
        Err(error) if is_broken_pipe(error.as_ref()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the log of sign-ins can't be read: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn print(
    events: &Events,
    person: Option<&PersonId>,
    options: &Options,
    out: &mut impl Write,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut after = 0;
    loop {
        let some = events.since(options.since.unwrap_or(0), person, after).await?;
        let Some(last) = some.last() else { return Ok(out.flush()?) };
        after = last.id;
        for event in &some {
            writeln!(out, "{}", line(event, options.format)?)?;
        }
    }
}

/// One event as one line.
fn line(written: &Written, format: Format) -> Result<String, Box<dyn std::error::Error>> {
    let seen = Seen::of(written);
    let seal = seen.is_none().then_some("broken");
    let time = OffsetDateTime::from_unix_timestamp(written.at)?.format(&Rfc3339)?;
    let line = Line { time, event: &written.kind, seen, seal };
    let json = visible(&serde_json::to_string(&line)?);
    Ok(match format {
        Format::Json => json,
        // RFC 5424 §6: facility 10 (authpriv), severity 5 (notice) or 6 (informational); the rest is the object.
        Format::Syslog => {
            let refused = [EventKind::WrongPassword, EventKind::WrongFactor, EventKind::TooManyAttempts];
            let severity = if refused.map(word).contains(&written.kind.as_str()) { 5 } else { 6 };
            format!("<{}>1 {} - pennypost - {} - {json}", 80 + severity, line.time, line.event)
        }
    })
}

/// Strangers' words without what could command a terminal, hide or turn around, as JSON may spell it.
fn visible(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if message::header::is_hidden(c) || matches!(c, '\u{200c}' | '\u{200d}') {
            for unit in c.encode_utf16(&mut [0; 2]) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            text.push(c);
        }
    }
    text
}

/// Reads `2026-11-01` or `2026-11-01T08:00:00Z`.
fn moment(text: &str) -> Result<i64, String> {
    let day = time::macros::format_description!("[year]-[month]-[day]");
    let moment = Date::parse(text, &day)
        .map(|date| date.midnight().assume_utc())
        .or_else(|_| OffsetDateTime::parse(text, &Rfc3339));
    moment
        .map(OffsetDateTime::unix_timestamp)
        .map_err(|_| "must be like 2026-11-01 or 2026-11-01T08:00:00Z".to_owned())
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use app::contract::account::EventKind;
    use database::{Database, Events, PersonId, ServerKey};

    use super::{Format, Options, moment, print};
    use crate::config::Config;
    use crate::door::Door;

    /// Two accounts, one of which a hostile stranger tries.
    async fn printed(since: Option<i64>, person: Option<&str>, format: Format) -> Vec<String> {
        let key = Arc::new(ServerKey::generate().unwrap());
        let database = Database::in_memory().await.unwrap();
        let hosts = [("PENNYPOST_IMAP_HOST", "a.example"), ("PENNYPOST_SUBMISSION_HOST", "a.example")];
        let door = Door::new(&Config::load(None, hosts).unwrap().sign_in, &database, key.clone()).unwrap();
        let here = door.whereabouts("192.0.2.7".parse().ok(), Some("curl/8.14.1"));
        for (at, kind, login, session) in [
            (1_800_000_000, EventKind::WrongPassword, "ada\n\u{9b}31m\u{202e}\"}@example.org", None),
            (1_800_000_001, EventKind::SignedIn, "ben@example.org", Some("handle")),
        ] {
            door.record(kind, login, &here, session, at).await.unwrap();
        }
        let options = Options { since, person: None, format };
        let person = person.map(|login| PersonId::of(login, &key).unwrap());
        let mut out = Vec::new();
        print(&Events::new(&database, key), person.as_ref(), &options, &mut out).await.unwrap();
        String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
    }

    #[tokio::test]
    async fn every_event_is_one_line_of_json_that_commands_no_terminal() {
        let lines = printed(None, None, Format::Json).await;
        assert_eq!(lines.len(), 2);
        assert!(
            lines[0].starts_with(
                r#"{"time":"2027-01-15T08:00:00Z","event":"wrong-password","login":"ada\n\u009b31m\u202e"#
            ),
            "{}",
            lines[0]
        );
        let first: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
        assert_eq!(first["login"], "ada\n\u{9b}31m\u{202e}\"}@example.org");
        assert_eq!(
            lines[1],
            r#"{"time":"2027-01-15T08:00:01Z","event":"signed-in","login":"ben@example.org","address":"192.0.2.7","browser":"curl","session":"handle"}"#
        );
    }

    #[tokio::test]
    async fn a_line_for_syslog_says_how_grave_it_is() {
        let lines = printed(None, None, Format::Syslog).await;
        assert!(
            lines[0].starts_with("<85>1 2027-01-15T08:00:00Z - pennypost - wrong-password - {"),
            "{}",
            lines[0]
        );
        assert!(
            lines[1].starts_with("<86>1 2027-01-15T08:00:01Z - pennypost - signed-in - {"),
            "{}",
            lines[1]
        );
    }

    #[tokio::test]
    async fn one_may_ask_for_one_account_or_since_a_time() {
        assert_eq!(printed(None, Some("BEN@example.org"), Format::Json).await.len(), 1);
        assert_eq!(printed(None, Some("eve@example.org"), Format::Json).await.len(), 0);
        assert_eq!(printed(Some(1_800_000_001), None, Format::Json).await.len(), 1);
    }

    #[test]
    fn a_day_begins_at_midnight_utc() {
        assert_eq!(moment("2027-01-15"), Ok(1_800_000_000 - 8 * 3_600));
        assert_eq!(moment("2027-01-15T09:00:00+01:00"), Ok(1_800_000_000));
        assert!(moment("yesterday").is_err() && moment("2027-02-30").is_err());
    }
}
