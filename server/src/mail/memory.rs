//! What is remembered of the lists that people read. What a message is, beside its flags, never changes as long as its UID
//! holds, so a row that was read once costs its flags the next time and nothing else.
//!
//! Everybody has a share of their own, which goes when they go. Two bounds hold at any time: one for each share and one for
//! all of them together. What was not asked for for longest goes first: of a share the rows, of all the whole share.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use imap::commands::rows::Known;
use imap::metrics::Metrics;
use model::address::Address;
use model::mailbox::MailboxName;
use model::messages::Direction;
use model::time::Timestamp;
use model::uid::{Uid, UidValidity};

/// One person has this part of all the memory at most.
const SHARE: usize = 8;

/// Windows of one mailbox that are known to have been read.
const WINDOWS: usize = 64;

/// What a row has beside its flags. Every text is decoded, and a stranger's.
#[derive(Clone, Debug)]
pub struct Words {
    /// When it arrived in the mailbox.
    pub received: Option<Timestamp>,
    /// Its size in bytes.
    pub size: u64,
    /// The subject.
    pub subject: String,
    /// Who wrote it.
    pub from: Vec<Address>,
    /// To whom.
    pub to: Vec<Address>,
    /// Whether it has parts that people would call attachments.
    pub has_attachment: bool,
}

impl Words {
    /// About the bytes that they take while they are kept.
    fn weight(&self) -> usize {
        let addresses = |addresses: &Vec<Address>| {
            let text = |address: &Address| {
                address.address.capacity() + address.name.as_ref().map_or(0, String::capacity)
            };
            addresses.capacity() * size_of::<Address>() + addresses.iter().map(text).sum::<usize>()
        };
        // An `Arc` counts twice, and a map is at worst a little less than half full.
        let own = size_of::<Self>() + 2 * size_of::<usize>() + 2 * size_of::<(Uid, Entry)>();
        own + self.subject.capacity() + addresses(&self.from) + addresses(&self.to)
    }
}

/// The memory of the process.
#[derive(Debug)]
pub struct Memory {
    most: usize,
    used: AtomicUsize,
    /// Grows with each list that is asked for, so that it tells what was asked for last.
    turn: AtomicU64,
    shares: Mutex<Vec<Weak<Share>>>,
    metrics: Arc<Metrics>,
}

impl Memory {
    /// Of this many bytes.
    pub fn new(most: usize, metrics: Arc<Metrics>) -> Arc<Self> {
        Arc::new(Self {
            most,
            used: AtomicUsize::new(0),
            turn: AtomicU64::new(0),
            shares: Mutex::default(),
            metrics,
        })
    }

    /// A share for one more person.
    pub fn share(self: &Arc<Self>) -> Arc<Share> {
        let share = Arc::new(Share {
            whole: self.clone(),
            asked: AtomicU64::new(0),
            kept: Mutex::new(Kept::default()),
        });
        let mut shares = self.shares();
        shares.retain(|share| share.strong_count() > 0);
        shares.push(Arc::downgrade(&share));
        share
    }

    /// Forgets the shares that were not asked for longest, until all others fit.
    fn make_room(&self) {
        while self.used.load(Ordering::Relaxed) > self.most {
            let shares: Vec<_> = self.shares().iter().filter_map(Weak::upgrade).collect();
            let loaded = shares.iter().filter(|share| share.kept().weight > 0);
            let Some(oldest) = loaded.min_by_key(|share| share.asked.load(Ordering::Relaxed)) else { return };
            self.metrics.cache.evicted_bytes.add(number(oldest.forget()));
        }
    }

    fn change(&self, before: usize, after: usize) {
        if after >= before {
            self.used.fetch_add(after - before, Ordering::Relaxed);
        } else {
            self.used.fetch_sub(before - after, Ordering::Relaxed);
        }
        self.metrics.cache.bytes.set(number(self.used.load(Ordering::Relaxed)));
    }

    fn shares(&self) -> MutexGuard<'_, Vec<Weak<Share>>> {
        self.shares.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is remembered of one person's mail.
#[derive(Debug)]
pub struct Share {
    whole: Arc<Memory>,
    /// The turn in which it was asked last.
    asked: AtomicU64,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    weight: usize,
    mailboxes: HashMap<MailboxName, Rows>,
}

/// Rows of one mailbox in one epoch.
#[derive(Debug)]
struct Rows {
    validity: UidValidity,
    entries: HashMap<Uid, Entry>,
    /// Which windows were read, by the end from which they were counted.
    windows: HashSet<(Direction, u32)>,
}

#[derive(Debug)]
struct Entry {
    words: Arc<Words>,
    weight: usize,
    /// The turn in which it was asked for last.
    turn: u64,
}

impl Share {
    /// What is remembered of a mailbox as it was opened. Nothing is where the server keeps no epochs.
    pub fn recall(self: &Arc<Self>, mailbox: MailboxName, validity: Option<UidValidity>) -> Recall {
        let turn = self.whole.turn.fetch_add(1, Ordering::Relaxed) + 1;
        self.asked.store(turn, Ordering::Relaxed);
        let mut kept = self.kept();
        if kept.mailboxes.get(&mailbox).is_some_and(|rows| Some(rows.validity) != validity) {
            let before = kept.weight;
            kept.forget_mailbox(&mailbox);
            self.whole.change(before, kept.weight);
        }
        drop(kept);
        Recall { share: self.clone(), mailbox, validity, turn }
    }

    /// Forgets everything; gives its weight.
    pub fn forget(&self) -> usize {
        let mut kept = self.kept();
        let Kept { weight, .. } = std::mem::take(&mut *kept);
        self.whole.change(weight, 0);
        weight
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.forget();
    }
}

impl Rows {
    /// About the bytes that a mailbox takes beside its rows.
    fn weight(mailbox: &MailboxName) -> usize {
        size_of::<Self>() + mailbox.as_str().len() + WINDOWS * 2 * size_of::<(Direction, u32)>()
    }
}

impl Kept {
    fn forget_mailbox(&mut self, mailbox: &MailboxName) {
        if let Some(rows) = self.mailboxes.remove(mailbox) {
            self.weight -= Rows::weight(mailbox);
            self.weight -= rows.entries.values().map(|entry| entry.weight).sum::<usize>();
        }
    }

    /// Forgets what was not asked for for longest until the rest weighs no more than this. What was asked for at the same
    /// time goes together.
    fn shrink(&mut self, most: usize) {
        let entries = self.mailboxes.values().flat_map(|rows| rows.entries.values());
        let mut by_age: Vec<_> = entries.map(|entry| (entry.turn, entry.weight)).collect();
        by_age.sort_unstable();
        let (mut left, mut last) = (self.weight, 0);
        for (turn, weight) in by_age {
            if left <= most && turn > last {
                break;
            }
            left -= weight;
            last = turn;
        }
        self.mailboxes.retain(|mailbox, rows| {
            let before = rows.entries.len();
            rows.entries.retain(|_, entry| entry.turn > last);
            if rows.entries.len() < before {
                // Nobody knows which of them are still whole.
                rows.windows.clear();
            }
            if rows.entries.is_empty() {
                left -= Rows::weight(mailbox);
            }
            !rows.entries.is_empty()
        });
        self.weight = left;
    }
}

/// What is remembered of one mailbox, for one question.
#[derive(Debug)]
pub struct Recall {
    share: Arc<Share>,
    mailbox: MailboxName,
    validity: Option<UidValidity>,
    turn: u64,
}

impl Known for Recall {
    type Row = Arc<Words>;

    fn row(&self, uid: Uid) -> Option<Arc<Words>> {
        let mut kept = self.share.kept();
        let rows = kept.mailboxes.get_mut(&self.mailbox)?;
        // Another question may have found the mailbox made anew.
        let entry = rows.entries.get_mut(&uid).filter(|_| Some(rows.validity) == self.validity)?;
        entry.turn = self.turn;
        Some(entry.words.clone())
    }

    fn expects(&self, direction: Direction, offset: u32) -> bool {
        let kept = self.share.kept();
        let rows = kept.mailboxes.get(&self.mailbox).filter(|rows| Some(rows.validity) == self.validity);
        rows.is_some_and(|rows| rows.windows.contains(&(direction, offset)))
    }
}

impl Recall {
    /// Remembers rows, and which window of arrivals they were, if they were one.
    pub fn learn<'a>(
        &self,
        read: impl Iterator<Item = (Uid, &'a Arc<Words>)>,
        window: Option<(Direction, u32)>,
    ) {
        let (mut hits, mut misses) = (0, 0);
        let mut read = read.inspect(|_| misses += 1).peekable();
        let validity = self.validity.filter(|_| self.share.whole.most > 0);
        if let (Some(validity), Some(_)) = (validity, read.peek()) {
            hits = self.keep(validity, &mut read, window);
        }
        read.for_each(drop);
        let whole = &self.share.whole;
        whole.metrics.cache.hits.add(hits);
        whole.metrics.cache.misses.add(misses - hits);
        whole.make_room();
    }

    /// Tells how many were kept already.
    fn keep<'a>(
        &self,
        validity: UidValidity,
        read: impl Iterator<Item = (Uid, &'a Arc<Words>)>,
        window: Option<(Direction, u32)>,
    ) -> u64 {
        let whole = &self.share.whole;
        let most = whole.most / SHARE;
        let mut guard = self.share.kept();
        let kept = &mut *guard;
        let before = kept.weight;
        let rows = kept.mailboxes.entry(self.mailbox.clone()).or_insert_with(|| {
            kept.weight += Rows::weight(&self.mailbox);
            Rows { validity, entries: HashMap::new(), windows: HashSet::new() }
        });
        if rows.validity != validity {
            // Another question found it made anew: this one is of before, or will be asked again.
            return 0;
        }
        let mut hits = 0;
        for (uid, words) in read {
            if rows.entries.get(&uid).is_some_and(|entry| Arc::ptr_eq(&entry.words, words)) {
                hits += 1;
                continue;
            }
            let weight = words.weight();
            kept.weight += weight;
            let earlier = rows.entries.insert(uid, Entry { words: words.clone(), weight, turn: self.turn });
            kept.weight -= earlier.map_or(0, |earlier| earlier.weight);
        }
        let full = kept.weight;
        if full > most {
            // Somewhat more, so that the next row does not begin it all again.
            kept.shrink(most - most / 4);
            whole.metrics.cache.evicted_bytes.add(number(full - kept.weight));
        }
        if let (Some(rows), Some(window)) = (kept.mailboxes.get_mut(&self.mailbox), window) {
            if rows.windows.len() >= WINDOWS {
                rows.windows.clear();
            }
            rows.windows.insert(window);
        }
        whole.change(before, kept.weight);
        hits
    }
}

fn number(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
