//! Part `http`: pages of the running server, for one, twenty and a hundred people at a time, each of whom asks for the
//! next page as soon as one is there.

use std::time::{Duration, Instant};

use testbed::large;

use crate::browser::{Browser, INBOX};
use crate::machine::Tree;
use crate::report::{Report, Table, number};
use crate::times::Times;
use crate::{Product, Result, SEED, Setting, person};

/// Messages of everybody.
const MESSAGES: u32 = 300;

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Page {
    List,
    Message,
    /// What the program asks for when somebody opens a message from a list that is there.
    Opened,
}

impl Page {
    fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Message => "list with a message, from nothing",
            Self::Opened => "message, opened from the list",
        }
    }
}

/// Somebody with the addresses of their messages.
struct Reader {
    browser: Browser,
    messages: Vec<String>,
}

/// What one reader saw.
#[derive(Default)]
struct Seen {
    times: Times,
    bytes: u64,
    errors: u64,
    first_error: Option<String>,
}

/// Fills the table.
pub(crate) async fn measure(setting: &Setting, product: &Product, report: &mut Report) -> Result {
    let server = Tree::of(product.server)?;
    let (sizes, duration) = if setting.quick {
        (&[1, 5][..], Duration::from_secs(2))
    } else {
        (&[1, 20, 100][..], Duration::from_secs(10))
    };
    let mut table = Table::new(
        "Pages of the server",
        &[
            "sessions",
            "page",
            "per s",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "KiB each",
            "server CPU-s/100",
            "Dovecot CPU-s/100",
            "server peak PSS MiB",
            "requests",
            "errors",
        ],
    );
    let mut readers: Vec<Reader> = Vec::new();
    let mut first_error = None;
    for sessions in sizes {
        for index in readers.len()..*sessions {
            readers.push(reader(setting, product, index).await?);
        }
        for page in [Page::List, Page::Message, Page::Opened] {
            eprintln!("▸ http: {sessions} sessions");
            let (before, dovecot_before) = (server.cpu(), setting.dovecot.cpu());
            let begun = Instant::now();
            let work: Vec<_> = readers
                .drain(..)
                .map(|reader| tokio::task::spawn_local(read(reader, page, begun + duration)))
                .collect();
            let mut peak = server.memory().pss;
            while begun.elapsed() < duration {
                tokio::time::sleep(Duration::from_millis(500)).await;
                peak = peak.max(server.memory().pss);
            }
            let mut all = Seen::default();
            for task in work {
                let (reader, seen) = task.await?;
                readers.push(reader);
                all.times.extend(seen.times);
                all.bytes += seen.bytes;
                all.errors += seen.errors;
                all.first_error = all.first_error.or(seen.first_error);
            }
            let elapsed = begun.elapsed().as_secs_f64();
            let (cpu, dovecot) = (server.cpu() - before, setting.dovecot.cpu() - dovecot_before);
            let requests = all.times.len();
            let each = |sum: f64| (requests > 0).then(|| sum / requests as f64);
            table.row(vec![
                (*sessions).into(),
                page.name().into(),
                number(requests as f64 / elapsed),
                number(all.times.median()),
                number(all.times.percentile(95)),
                number(all.times.percentile(99)),
                number(each(all.bytes as f64 / 1024.0)),
                number(each(cpu * 100.0)),
                number(each(dovecot * 100.0)),
                number(peak as f64 / 1024.0),
                requests.into(),
                all.errors.into(),
            ]);
            first_error = first_error.or(all.first_error);
        }
    }
    report.add(table);
    report.note(format!(
        "every session is another person with {MESSAGES} messages and one connection, and asks again at once; pages are \
         whole and compressed as for a browser; the client takes its share of the same cores"
    ));
    if let Some(error) = first_error {
        report.note(format!("the first error: {error}"));
    }
    Ok(())
}

/// Somebody who has signed in and seen the list and one message.
async fn reader(setting: &Setting, product: &Product, index: usize) -> Result<Reader> {
    let person = person(&format!("reader-{index}"));
    large::inbox(&setting.testbed, &person, MESSAGES, SEED + index as u64)?;
    let mut browser = Browser::new(&product.url);
    browser.sign_in(&person).await?;
    let list = browser.text(INBOX).await?;
    let messages = links_to_messages(&list);
    let first = messages.first().ok_or("the list links to no message")?;
    browser.page(first).await?;
    Ok(Reader { browser, messages })
}

async fn read(mut reader: Reader, page: Page, end: Instant) -> (Reader, Seen) {
    let mut seen = Seen::default();
    for turn in 0.. {
        if Instant::now() >= end {
            break;
        }
        let message = reader.messages.get(turn % reader.messages.len().max(1));
        let begun = Instant::now();
        let answer = match (page, message) {
            (Page::Message, Some(path)) => reader.browser.page(path).await,
            (Page::Opened, Some(path)) => reader.browser.open(path).await,
            _ => reader.browser.page(INBOX).await,
        };
        match answer {
            Ok(body) => {
                seen.times.add(begun.elapsed());
                seen.bytes += body.len() as u64;
            }
            Err(error) => {
                seen.errors += 1;
                seen.first_error.get_or_insert(error.to_string());
                // A server that refuses at once should not be all that the client's core does.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    (reader, seen)
}

/// The addresses of messages in a list, each once.
fn links_to_messages(page: &str) -> Vec<String> {
    let begin = format!("{INBOX}/");
    let mut links: Vec<String> = page
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| link.starts_with(&begin))
        .map(|link| link.replace("&amp;", "&"))
        .collect();
    links.sort();
    links.dedup();
    links
}
