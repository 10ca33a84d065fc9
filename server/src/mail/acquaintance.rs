//! Whether somebody is known: an earlier message from them, or one that was sent to them.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use app::failure::Failure;
use futures_util::future::join;
use imap::commands::window::Rows;
use model::filter::{Filter, Place};
use model::mailbox::MailboxName;
use model::messages::{Arrangement, Direction, Key};
use model::origin::Acquaintance;
use model::special_use::Role;
use model::uid::{MessageKey, Uid};

use super::{Person, addresses};
use crate::mail::message::fetched;

/// Longest time for one of the two questions. A mail server without an index reads every header for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Messages that are looked at: a search finds words, so that `ann@x.test` is also found in `joann@x.test`.
const LOOKED_AT: u32 = 20;

/// Where sent messages lie, once that was asked.
#[derive(Default)]
pub(super) struct Sent(Mutex<Option<MailboxName>>);

/// Looks for the sender of a message. What takes too long or fails is not known, and nothing else depends on it.
///
/// # Errors
/// When the message is gone or the mail server fails.
pub(super) async fn of(person: &Person, key: MessageKey) -> Result<Acquaintance, Failure> {
    let raw = fetched(person, &key, None).await?;
    let from = raw.envelope.map(|envelope| addresses(&envelope.from)).unwrap_or_default();
    let [sender] = from.as_slice() else { return Ok(Acquaintance::default()) };
    let address = sender.address.as_str();
    let earlier = in_time(async {
        let filter = Filter::with_words(Place::Sender, address).ok()?;
        let found = oldest(person, &key.mailbox, filter).await?;
        let uid = key.at.uid;
        found.tells(|row| row.uid < uid && row.holds(address), |row| row.uid < uid)
    });
    let written_to = in_time(async {
        let filter = Filter::with_words(Place::Recipient, address).ok()?;
        let found = oldest(person, &sent(person).await?, filter).await?;
        found.tells(|row| row.holds(address), |_| true)
    });
    let (earlier, written_to) = join(earlier, written_to).await;
    Ok(Acquaintance { earlier, written_to })
}

async fn in_time(question: impl Future<Output = Option<bool>>) -> Option<bool> {
    tokio::time::timeout(PATIENCE, question).await.ok().flatten()
}

/// The oldest messages that were found, and whether these are all.
struct Found {
    rows: Vec<Seen>,
    all: bool,
}

struct Seen {
    uid: Uid,
    people: Vec<String>,
}

impl Seen {
    fn holds(&self, address: &str) -> bool {
        self.people.iter().any(|one| one.eq_ignore_ascii_case(address))
    }
}

impl Found {
    /// Yes when one is right; no when none of all could be; else nobody knows.
    fn tells(&self, is_right: impl Fn(&Seen) -> bool, may_be: impl Fn(&Seen) -> bool) -> Option<bool> {
        if self.rows.iter().any(is_right) {
            return Some(true);
        }
        let more = !self.all && self.rows.last().is_some_and(may_be);
        (!more).then_some(false)
    }
}

async fn oldest(person: &Person, mailbox: &MailboxName, filter: Filter) -> Option<Found> {
    let read = person.read(Some(mailbox), None, |lease| {
        let filter = filter.clone();
        Box::pin(async move {
            let arrangement = Arrangement::By(Key::Arrival, Direction::Ascending);
            lease.window(arrangement, &filter, 0, LOOKED_AT).await
        })
    });
    let Rows { total, rows, .. } = read.await.ok()?;
    let all = total.is_some_and(|total| total <= LOOKED_AT);
    let rows = rows.into_iter().map(|row| {
        let people = addresses(&row.from).into_iter().chain(addresses(&row.to));
        Seen { uid: row.uid, people: people.map(|one| one.address).collect() }
    });
    Some(Found { rows: rows.collect(), all })
}

/// One's own mailbox for sent messages.
async fn sent(person: &Person) -> Option<MailboxName> {
    let known = || person.sent.0.lock().unwrap_or_else(PoisonError::into_inner);
    let name = known().clone();
    if name.is_some() {
        return name;
    }
    let mailboxes = person.read(None, None, |lease| Box::pin(lease.mailboxes())).await.ok()?;
    let sent = mailboxes.into_iter().find(|mailbox| {
        mailbox.account.is_own()
            && mailbox.selectable
            && matches!(mailbox.role, Some((role, _)) if role == Role::Sent)
    });
    let name = sent.map(|mailbox| mailbox.name);
    known().clone_from(&name);
    name
}
