//! Both ways into one mailbox, and how they take turns.

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

use super::Figures;
use super::bare::Bare;
use super::operation::{ARCHIVE, Operation, ROWS, Target};
use crate::times::Times;
use crate::{Result, Setting};

/// Both ways into one mailbox, which is open on both.
pub(super) struct Sides {
    inbox: MailboxName,
    pool: Arc<Pool>,
    metrics: Arc<Metrics>,
    bare: Bare,
    /// Prepares and undoes what is changed: whoever measures must not have done it, since the server is quicker to change what the
    /// same connection changed before.
    other: Bare,
    /// The mailbox that messages are moved to, open to bring them back.
    archive: Bare,
    messages: u32,
    /// By arrival, by date, and those that the search finds by arrival.
    uids: Vec<u32>,
    by_date: Vec<u32>,
    found: Vec<u32>,
}

impl Sides {
    pub(super) async fn open(setting: &Setting, owner: &Person) -> Result<Self> {
        let testbed = &setting.testbed;
        let tls = client_config(&Trust { ca_file: Some(testbed.ca_file.clone()) })?;
        let mut options = Options::new(Arc::new(tls));
        options.timeouts = Timeouts::new(Duration::from_secs(10), Duration::from_secs(300));
        // One, so that every command is said on the connection that has the mailbox open.
        options.connections = 1;
        let metrics = options.metrics.clone();
        let endpoint =
            Endpoint { host: testbed.host.clone(), port: testbed.imap, security: Security::Implicit };
        let credentials = Credentials::with_password(owner.address.clone(), owner.password.clone().into());
        let pool = Pool::sign_in(endpoint, credentials, options).await?;
        let inbox = MailboxName::inbox();
        pool.lease(Some(&inbox)).await?.select(&inbox).await?;
        let [mut bare, mut other, mut archive] = [
            Bare::sign_in(testbed, owner).await?,
            Bare::sign_in(testbed, owner).await?,
            Bare::sign_in(testbed, owner).await?,
        ];
        // A run that was interrupted may have left messages there.
        archive.ask(&format!("SELECT {ARCHIVE}")).await?;
        bring_back(&mut archive).await?;
        // As the engine does before it opens a mailbox (`imap::commands::select`): afterwards the server tells more of
        // every change.
        bare.ask("ENABLE QRESYNC").await?;
        bare.ask("SELECT INBOX").await?;
        other.ask("SELECT INBOX").await?;
        let uids = other.numbers("UID SEARCH ALL").await?;
        let by_date = other.numbers("UID SORT (REVERSE DATE) UTF-8 ALL").await?;
        let found = other.numbers(&format!("UID SEARCH SUBJECT {}", large::SEARCHED)).await?;
        pool.lease(Some(&inbox)).await?.noop().await?;
        let messages = u32::try_from(uids.len())?;
        Ok(Self { inbox, pool, metrics, bare, other, archive, messages, uids, by_date, found })
    }

    /// Ends the engine's connections.
    pub(super) async fn close(self) {
        self.pool.close().await;
    }

    /// Measures one operation in turns.
    pub(super) async fn measure(&mut self, operation: Operation, quick: bool) -> Result<Figures> {
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
        let repetitions = operation.repetitions(quick, self.messages);
        let mut counted = [0; 4];
        let unread = self.unread(operation).await?;
        // Everything once before anything counts.
        for turn in 0..operation.places().min(repetitions) {
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
        let places = operation.places();
        let place = turn % places;
        let spread = self.uids.len() * (2 * place + 1) / (2 * places);
        let message = self.uids.get(spread).copied().and_then(Uid::new).ok_or("the mailbox is empty")?;
        let middle = self.messages / 2 + u32::try_from(place)? * 7;
        let rows = usize::try_from(ROWS)?;
        match operation {
            Operation::MarkRead => {
                let set = self.changed(operation)?;
                self.other.ask(&format!("UID STORE {set} -FLAGS.SILENT (\\Seen)")).await?;
                self.settle(operation, turn).await?;
            }
            Operation::Move => {
                bring_back(&mut self.archive).await?;
                self.settle(operation, turn).await?;
                // They came back under new numbers.
                self.uids = self.other.numbers("UID SEARCH ALL").await?;
            }
            _ => {}
        }
        Ok(Target {
            messages: self.messages,
            middle,
            message,
            found: set(self.found.iter().rev().take(rows)),
            matches: u32::try_from(self.found.len())?,
            sorted: set(self.by_date.iter().skip(usize::try_from(middle)?).take(rows)),
            set: self.changed(operation)?,
        })
    }

    /// The messages that an operation changes: the newest are moved, those in the middle are marked.
    fn changed(&self, operation: Operation) -> Result<UidSet> {
        let count = usize::try_from(operation.changes().unwrap_or(1))?;
        let begin = match operation {
            Operation::Move => self.uids.len().saturating_sub(count),
            _ => (self.uids.len() / 2).saturating_sub(count / 2),
        };
        Ok(set(self.uids.iter().skip(begin).take(count)))
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
        match operation {
            Operation::MarkRead => {
                let all = self.changed(operation)?;
                self.other.ask(&format!("UID STORE {all} +FLAGS.SILENT (\\Seen)")).await?;
                if !unread.is_empty() {
                    let unread = set(unread);
                    self.other.ask(&format!("UID STORE {unread} -FLAGS.SILENT (\\Seen)")).await?;
                }
                Ok(())
            }
            Operation::Move => bring_back(&mut self.archive).await,
            _ => Ok(()),
        }
    }
}

fn set<'a>(uids: impl IntoIterator<Item = &'a u32>) -> UidSet {
    uids.into_iter().copied().filter_map(Uid::new).collect()
}

/// Moves whatever is in the open archive to the Inbox, where it is the newest again.
async fn bring_back(archive: &mut Bare) -> Result {
    archive.ask("NOOP").await?;
    if archive.numbers("UID SEARCH ALL").await?.is_empty() {
        return Ok(());
    }
    archive.ask("MOVE 1:* INBOX").await.map(drop)
}
