//! Part `engine`: what the `imap` crate costs on top of its own commands, in mailboxes of several sizes.

mod bare;
mod operation;
mod sides;

use std::time::{Duration, Instant};

use testbed::large;
use testbed::people::Person;

use self::bare::Bare;
use self::operation::Operation;
use self::sides::Sides;
use crate::report::{Report, Table, number, ratio};
use crate::times::Times;
use crate::{Result, SEED, Setting, person};

/// Every figure of one operation in one mailbox.
struct Figures {
    operation: Operation,
    messages: u32,
    engine: Times,
    bare: Times,
    commands: f64,
    round_trips: f64,
    engine_bytes: f64,
    bare_bytes: f64,
}

/// Fills the tables.
pub(crate) async fn measure(setting: &Setting, report: &mut Report) -> Result {
    let sizes: &[u32] = if setting.quick { &[1_000, 10_000] } else { &[1_000, 100_000, 300_000] };
    let mut all = Vec::new();
    let mut alone = Table::new(
        "The mail server alone, ms",
        &["messages", "command", "median", "p95", "first after SELECT", "times"],
    );
    for size in sizes {
        let owner = person(&format!("large-{size}"));
        let begun = Instant::now();
        if large::inbox(&setting.testbed, &owner, *size, SEED)? {
            eprintln!("▸ {size} messages written in {:.1} s", begun.elapsed().as_secs_f64());
        }
        eprintln!("▸ engine: {size} messages");
        server_alone(setting, &owner, *size, &mut alone).await?;
        let mut sides = Sides::open(setting, &owner).await?;
        for operation in Operation::ALL {
            all.push(sides.measure(operation, setting.quick).await?);
        }
        sides.close().await;
    }
    report.add(side_by_side(&all));
    report.add(growth(&all, sizes));
    report.add(alone);
    report.note("engine: from the pool's lease to the rows as values; bare: the same lines on a socket, read and not understood");
    report.note(
        "the mailbox is selected on both, each asked in turns; every message was asked for once before",
    );
    Ok(())
}

fn side_by_side(all: &[Figures]) -> Table {
    let mut table = Table::new(
        "The engine beside a bare connection, ms",
        &[
            "messages",
            "what",
            "engine",
            "p95",
            "bare",
            "bare p95",
            "engine : bare",
            "commands",
            "round trips",
            "KiB read",
            "bare KiB",
            "times",
        ],
    );
    for figures in all {
        let (engine, bare) = (&figures.engine, &figures.bare);
        table.row(vec![
            figures.messages.into(),
            figures.operation.name().into(),
            number(engine.median()),
            number(engine.percentile(95)),
            number(bare.median()),
            number(bare.percentile(95)),
            ratio(engine.median(), bare.median()),
            number(figures.commands),
            number(figures.round_trips),
            number(figures.engine_bytes / 1024.0),
            number(figures.bare_bytes / 1024.0),
            engine.len().into(),
        ]);
    }
    table
}

/// The largest mailbox against the smallest.
fn growth(all: &[Figures], sizes: &[u32]) -> Table {
    let (small, large) = (sizes.first().copied(), sizes.last().copied());
    let title = format!("{} messages : {}", large.unwrap_or_default(), small.unwrap_or_default());
    let mut table = Table::new(title, &["what", "engine", "bare"]);
    for operation in Operation::ALL.into_iter().filter(|operation| operation.should_not_grow()) {
        let of = |size: Option<u32>| {
            all.iter().find(|figures| Some(figures.messages) == size && figures.operation == operation)
        };
        let (Some(one), Some(other)) = (of(large), of(small)) else { continue };
        table.row(vec![
            operation.name().into(),
            ratio(one.engine.median(), other.engine.median()),
            ratio(one.bare.median(), other.bare.median()),
        ]);
    }
    table
}

/// What the server takes by itself: for opening the mailbox, and for finding and sorting in it.
async fn server_alone(setting: &Setting, owner: &Person, size: u32, table: &mut Table) -> Result {
    let searches = [
        ("UID SEARCH SUBJECT", format!("UID SEARCH SUBJECT {}", large::SEARCHED)),
        ("UID SORT (REVERSE DATE)", "UID SORT (REVERSE DATE) UTF-8 ALL".to_owned()),
        (
            "UID SORT RETURN (PARTIAL 1:50) (REVERSE DATE)",
            "UID SORT RETURN (PARTIAL 1:50) (REVERSE DATE) UTF-8 ALL".to_owned(),
        ),
    ];
    // What the server remembers of a mailbox it has from the first who asked.
    let mut first = Bare::sign_in(&setting.testbed, owner).await?;
    first.ask("SELECT INBOX").await?;
    for (_, line) in &searches {
        first.ask(line).await?;
    }
    let times = if setting.quick { 3 } else { 10 };
    let mut select = Times::default();
    let mut after_select = [(); 3].map(|()| Times::default());
    let mut again = [(); 3].map(|()| Times::default());
    for _ in 0..times {
        for ((_, line), (after, again)) in searches.iter().zip(after_select.iter_mut().zip(&mut again)) {
            let mut bare = Bare::sign_in(&setting.testbed, owner).await?;
            select.add(timed(&mut bare, "SELECT INBOX").await?);
            after.add(timed(&mut bare, line).await?);
            again.add(timed(&mut bare, line).await?);
        }
    }
    let row = |name: &str, times: &Times, first: Option<f64>| {
        vec![
            size.into(),
            name.into(),
            number(times.median()),
            number(times.percentile(95)),
            number(first),
            times.len().into(),
        ]
    };
    table.row(row("SELECT", &select, None));
    for ((name, _), (after, again)) in searches.iter().zip(after_select.iter().zip(&again)) {
        table.row(row(name, again, after.median()));
    }
    Ok(())
}

async fn timed(bare: &mut Bare, line: &str) -> Result<Duration> {
    let written = bare.write(&[vec![line.to_owned()]]);
    let begun = Instant::now();
    bare.say(&written).await?;
    Ok(begun.elapsed())
}
