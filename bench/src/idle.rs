//! Part `idle`: thousands of people who have signed in and only wait for mail. What each costs, and how soon a new
//! message is on their screen.

use std::time::{Duration, Instant};

use testbed::client::Client;
use testbed::people::Person;
use tokio::task::JoinSet;

use crate::browser::{Browser, INBOX};
use crate::live::{self, Live};
use crate::machine::{Memory, Tree};
use crate::report::{Report, Table, number};
use crate::times::Times;
use crate::{Product, Result, Setting, person};

/// People who get a message.
const RECEIVERS: usize = 50;

/// How many sign in at a time.
const AT_A_TIME: usize = 8;

/// For so long a message is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody who has signed in.
struct Waiting {
    person: Person,
    browser: Browser,
    live: Option<Live>,
}

/// What everything takes at one moment.
struct Moment {
    server: Memory,
    dovecot: Memory,
    connections: usize,
}

/// Fills the tables.
pub(crate) async fn measure(
    setting: &Setting,
    product: &Product,
    people: u32,
    report: &mut Report,
) -> Result {
    let server = Tree::of(product.server)?;
    let look = || Moment {
        server: server.memory(),
        dovecot: setting.dovecot.memory(),
        // Dovecot has one process of this name for each connection that has signed in.
        connections: setting.dovecot.named("imap"),
    };
    // What the first person brings with them is not what everybody costs.
    let mut first = sign_in(product, person("idle-first")).await?;
    first.browser.hang_up();
    let nobody = look();

    eprintln!("▸ idle: {people} people sign in");
    let begun = Instant::now();
    let mut waiting = arrive(product, people).await?;
    let signing_in = begun.elapsed();
    let signed_in = look();

    eprintln!("▸ idle: {people} streams");
    let begun = Instant::now();
    let mut open = 0;
    for somebody in &mut waiting {
        somebody.live = live::open(&mut somebody.browser).await?;
        if somebody.live.is_none() {
            somebody.browser.hang_up();
            break;
        }
        open += 1;
    }
    let opening = begun.elapsed();
    tokio::time::sleep(Duration::from_secs(if setting.quick { 1 } else { 10 })).await;
    let streaming = look();

    let mut table = Table::new(
        "People who wait",
        &[
            "people",
            "when",
            "server PSS KiB each",
            "server RSS KiB each",
            "IMAP connections each",
            "Dovecot PSS KiB each",
            "server PSS MiB",
            "in s",
        ],
    );
    let mut row = |when: &str, at: &Moment, took: Option<Duration>| {
        let each = |now: u64, before: u64| number((now as f64 - before as f64) / f64::from(people.max(1)));
        table.row(vec![
            people.into(),
            when.into(),
            each(at.server.pss, nobody.server.pss),
            each(at.server.rss, nobody.server.rss),
            each(at.connections as u64, nobody.connections as u64),
            each(at.dovecot.pss, nobody.dovecot.pss),
            number(at.server.pss as f64 / 1024.0),
            number(took.map(|took| took.as_secs_f64())),
        ]);
    };
    row("signed in, list seen", &signed_in, Some(signing_in));
    if open > 0 {
        row("event stream open", &streaming, Some(opening));
    }
    report.add(table);
    report.add(at_rest(setting, &server).await);
    if open == 0 {
        report.note("this server has no event stream, so nobody was told of new mail");
    } else {
        report.add(deliver(setting, waiting).await?);
    }
    let instances = std::fs::read_to_string("/proc/sys/fs/inotify/max_user_instances").unwrap_or_default();
    if instances.trim().parse::<u32>().is_ok_and(|instances| instances < people.saturating_mul(2)) {
        report.note(format!(
            "fs.inotify.max_user_instances is {} and could not be raised: Dovecot looks for most people's mail every 30 s",
            instances.trim()
        ));
    }
    Ok(())
}

/// CPU that is taken while nothing happens.
async fn at_rest(setting: &Setting, server: &Tree) -> Table {
    let seconds = if setting.quick { 2.0 } else { 10.0 };
    let before = (server.cpu(), setting.dovecot.cpu());
    let begun = Instant::now();
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    let elapsed = begun.elapsed().as_secs_f64();
    let mut table = Table::new("While nothing happens", &["server CPU ms/s", "Dovecot CPU ms/s"]);
    table.row(vec![
        number((server.cpu() - before.0) * 1000.0 / elapsed),
        number((setting.dovecot.cpu() - before.1) * 1000.0 / elapsed),
    ]);
    table
}

/// Everybody signs in and sees the list, some at a time.
async fn arrive(product: &Product, people: u32) -> Result<Vec<Waiting>> {
    let mut waiting = Vec::new();
    let numbers: Vec<u32> = (0..people).collect();
    let shares: Vec<_> = numbers.chunks(numbers.len().div_ceil(AT_A_TIME).max(1)).collect();
    let mut work = JoinSet::new();
    for share in shares {
        let (share, url) = (share.to_vec(), product.url.clone());
        let server = product.server;
        work.spawn_local(async move {
            let product = Product { url, server };
            let mut some = Vec::with_capacity(share.len());
            for number in share {
                let arrived = sign_in(&product, person(&format!("idle-{number}"))).await;
                some.push(arrived.map_err(|error| error.to_string())?);
            }
            Ok::<_, String>(some)
        });
    }
    while let Some(some) = work.join_next().await {
        waiting.extend(some??);
    }
    Ok(waiting)
}

async fn sign_in(product: &Product, person: Person) -> Result<Waiting> {
    let mut browser = Browser::new(&product.url);
    browser.sign_in(&person).await?;
    browser.page(INBOX).await?;
    // A browser closes what it does not use; the stream opens its own.
    browser.hang_up();
    Ok(Waiting { person, browser, live: None })
}

/// A message each for some, from another program, and how long until their streams tell of it.
async fn deliver(setting: &Setting, mut waiting: Vec<Waiting>) -> Result<Table> {
    eprintln!("▸ idle: {RECEIVERS} messages");
    // Spread over all, and the same in every run.
    let step = (waiting.len() / RECEIVERS).max(1);
    let (mut times, mut missed) = (Times::default(), 0);
    for somebody in waiting.iter_mut().step_by(step).take(RECEIVERS) {
        let Some(live) = &mut somebody.live else { continue };
        let mut other = Client::sign_in(&setting.testbed, &somebody.person).await?;
        live.forget();
        let begun = Instant::now();
        let message = b"From: Ben <ben@test.test>\r\nSubject: Here\r\n\r\nHere it is.\r\n";
        other.append("INBOX", None, None, message).await?;
        match tokio::time::timeout(PATIENCE, live.next()).await {
            Ok(Some(told)) => times.add(told.saturating_duration_since(begun)),
            Ok(None) | Err(_) => missed += 1,
        }
        other.sign_out().await?;
    }
    let mut table = Table::new(
        "From delivery until the stream tells of it, ms",
        &["messages", "median", "p95", "max", "not within a minute"],
    );
    table.row(vec![
        times.len().into(),
        number(times.median()),
        number(times.percentile(95)),
        number(times.percentile(100)),
        missed.into(),
    ]);
    Ok(table)
}
