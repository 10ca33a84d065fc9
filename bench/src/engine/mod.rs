//! Part `engine`: what the `imap` crate costs on top of its own commands, in mailboxes of several sizes.

mod bare;
mod operation;

use std::sync::Arc;
use std::time::{Duration, Instant};

use imap::authenticate::Credentials;
use imap::connect::{Endpoint, Security, Timeouts};
use imap::metrics::Metrics;
use imap::pool::{Options, Pool};
use imap::tls::{Trust, client_config};
use model::mailbox::MailboxName;
use model::uid::Uid;
use model::uid_set::UidSet;
use testbed::large;
use testbed::people::Person;

use self::bare::Bare;
use self::operation::{Operation, Target};
use crate::report::{Report, Table, number, ratio};
use crate::times::Times;
use crate::{Result, SEED, Setting, person};

/// Messages that are opened and windows that are jumped to, each more than once, so that what the server remembers of
/// them is there for both sides.
const PLACES: usize = 20;

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

/// Both ways into one mailbox, which is open on both.
struct Sides {
    inbox: MailboxName,
    pool: Arc<Pool>,
    metrics: Arc<Metrics>,
    bare: Bare,
    /// Prepares what is changed: whoever measures must not have done it, since the server is quicker to change what the
    /// same connection changed before.
    other: Bare,
    messages: u32,
    uids: Vec<u32>,
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
        sides.pool.close().await;
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

impl Sides {
    async fn open(setting: &Setting, owner: &Person) -> Result<Self> {
        let testbed = &setting.testbed;
        let tls = client_config(&Trust { ca_file: Some(testbed.ca_file.clone()) })?;
        let mut options = Options::new(Arc::new(tls));
        options.timeouts = Timeouts::new(Duration::from_secs(10), Duration::from_secs(300));
        // One, so that every command is said on the connection that has the mailbox open.
        options.connections = 1;
        let metrics = options.metrics.clone();
        let endpoint =
            Endpoint { host: testbed.host.clone(), port: testbed.imap, security: Security::Implicit };
        let credentials =
            Credentials { login: owner.address.clone(), password: owner.password.clone().into() };
        let pool = Pool::sign_in(endpoint, credentials, options).await?;
        let inbox = MailboxName::inbox();
        pool.lease(Some(&inbox)).await?.select(&inbox).await?;
        let mut bare = Bare::sign_in(testbed, owner).await?;
        bare.ask("SELECT INBOX").await?;
        let uids = bare.numbers("UID SEARCH ALL").await?;
        let messages = u32::try_from(uids.len())?;
        let mut other = Bare::sign_in(testbed, owner).await?;
        other.ask("SELECT INBOX").await?;
        Ok(Self { inbox, pool, metrics, bare, other, messages, uids })
    }

    /// Measures one operation in turns.
    async fn measure(&mut self, operation: Operation, quick: bool) -> Result<Figures> {
        let mut figures = Figures {
            operation,
            messages: self.messages,
            engine: Times::default(),
            bare: Times::default(),
            commands: 0.0,
            round_trips: 0.0,
            engine_bytes: 0.0,
            bare_bytes: 0.0,
        };
        let repetitions = operation.repetitions(quick);
        let mut counted = [0; 4];
        let unread = self.unread(operation).await?;
        // Everything once before anything counts.
        for turn in 0..PLACES.min(repetitions) {
            let target = self.prepare(operation, turn).await?;
            self.by_engine(operation, &target).await?;
            let target = self.prepare(operation, turn).await?;
            self.by_bare(operation, &target).await?;
            self.settle(operation, turn).await?;
        }
        for turn in 0..repetitions {
            for half in 0..2 {
                let target = self.prepare(operation, turn).await?;
                // Who comes second finds the processor's caches warm: each is second as often as the other.
                if (turn + half) % 2 == 0 {
                    let before = self.counters();
                    figures.engine.add(self.by_engine(operation, &target).await?);
                    let after = self.counters();
                    for (sum, (before, after)) in counted.iter_mut().zip(before.into_iter().zip(after)) {
                        *sum += after - before;
                    }
                } else {
                    let before = self.bare.bytes;
                    figures.bare.add(self.by_bare(operation, &target).await?);
                    if let Some(sum) = counted.last_mut() {
                        *sum += self.bare.bytes - before;
                    }
                }
                self.settle(operation, turn).await?;
            }
        }
        self.restore(operation, &unread).await?;
        let [commands, round_trips, engine_bytes, bare_bytes] =
            counted.map(|sum| sum as f64 / repetitions as f64);
        Ok(Figures { commands, round_trips, engine_bytes, bare_bytes, ..figures })
    }

    fn counters(&self) -> [u64; 3] {
        [self.metrics.commands.get(), self.metrics.round_trips.get(), self.metrics.bytes_in.get()]
    }

    async fn by_engine(&self, operation: Operation, target: &Target) -> Result<Duration> {
        let begun = Instant::now();
        let mut lease = self.pool.lease(Some(&self.inbox)).await?;
        lease.select(&self.inbox).await?;
        operation.through(&mut lease, target).await?;
        drop(lease);
        Ok(begun.elapsed())
    }

    async fn by_bare(&mut self, operation: Operation, target: &Target) -> Result<Duration> {
        let written = self.bare.write(&operation.lines(target));
        let begun = Instant::now();
        self.bare.say(&written).await?;
        Ok(begun.elapsed())
    }

    /// What the next turn is about; for a change, what it changes is as before it.
    async fn prepare(&mut self, operation: Operation, turn: usize) -> Result<Target> {
        let place = turn % PLACES;
        let spread = self.uids.len() * (2 * place + 1) / (2 * PLACES);
        let message = self.uids.get(spread).copied().and_then(Uid::new).ok_or("the mailbox is empty")?;
        let target = Target {
            messages: self.messages,
            middle: self.messages / 2 + u32::try_from(place)? * 7,
            message,
            set: self.changed(operation)?,
        };
        if operation == Operation::MarkRead {
            self.other.ask(&format!("UID STORE {} -FLAGS.SILENT (\\Seen)", target.set)).await?;
            self.settle(operation, turn).await?;
        }
        Ok(target)
    }

    /// The messages in the middle that an operation changes.
    fn changed(&self, operation: Operation) -> Result<UidSet> {
        let count = usize::try_from(operation.changes().unwrap_or(1))?;
        let begin = (self.uids.len() / 2).saturating_sub(count / 2);
        Ok(self.uids.iter().skip(begin).take(count).copied().filter_map(Uid::new).collect())
    }

    /// Has both sides hear what the other did, outside of what is measured. Who hears it first tidies up the mailbox for
    /// both, so they take turns at that too.
    async fn settle(&mut self, operation: Operation, turn: usize) -> Result {
        if operation.changes().is_none() {
            return Ok(());
        }
        self.other.ask("NOOP").await?;
        let bare_first = (turn / 2).is_multiple_of(2);
        if bare_first {
            self.bare.ask("NOOP").await?;
        }
        self.pool.lease(Some(&self.inbox)).await?.noop().await?;
        if !bare_first {
            self.bare.ask("NOOP").await?;
        }
        Ok(())
    }

    /// Which of the messages that are about to change nobody has read.
    async fn unread(&mut self, operation: Operation) -> Result<Vec<u32>> {
        if operation != Operation::MarkRead {
            return Ok(Vec::new());
        }
        let set = self.changed(operation)?;
        self.other.numbers(&format!("UID SEARCH UID {set} UNSEEN")).await
    }

    /// Leaves the mailbox as it was found, for the next run.
    async fn restore(&mut self, operation: Operation, unread: &[u32]) -> Result {
        if operation == Operation::MarkRead && !unread.is_empty() {
            let set: UidSet = unread.iter().copied().filter_map(Uid::new).collect();
            let all = self.changed(operation)?;
            self.other.ask(&format!("UID STORE {all} +FLAGS.SILENT (\\Seen)")).await?;
            self.other.ask(&format!("UID STORE {set} -FLAGS.SILENT (\\Seen)")).await?;
        }
        Ok(())
    }
}
