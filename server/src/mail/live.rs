//! Open pages hear what changes: one watch for each mailbox that a person has open and one for the Inbox, shared by all their
//! pages, however many there are.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::failure::Failure;
use imap::commands::idle::Patience;
use imap::watch::Watch;
use model::changes::{Changes, Difference, News};
use model::mailbox::MailboxName;
use model::modseq::Moment;
use tokio::sync::{broadcast, watch};

use super::Person;

/// News that a page may be behind with before it is told anew from where it was.
const BEHIND: usize = 32;

/// For so long a watch goes on without a page: the next page is often on its way.
const LINGER: Duration = Duration::from_secs(15);

/// Pages of one person that listen at a time.
const PAGES: usize = 50;

/// The watches of one person.
#[derive(Debug)]
pub struct Live {
    news: broadcast::Sender<Arc<News>>,
    watched: Mutex<HashMap<MailboxName, Watched>>,
}

/// A watch that runs.
#[derive(Clone, Debug)]
struct Watched {
    readers: watch::Sender<usize>,
    /// Up to where its news has been told; `None` before it has begun and where changes are not counted.
    moment: Arc<Mutex<Option<Moment>>>,
}

impl Default for Live {
    fn default() -> Self {
        Self { news: broadcast::channel(BEHIND).0, watched: Mutex::default() }
    }
}

/// One page that listens, until it is dropped.
pub struct Listening {
    person: Arc<Person>,
    mailbox: MailboxName,
    news: broadcast::Receiver<Arc<News>>,
    /// Up to where this page was told everything.
    at: Option<Moment>,
    /// Whether something is missing between that and what comes next.
    behind: bool,
    _readers: Vec<Reader>,
}

impl Person {
    /// Listens for news of a mailbox, from a moment on, and for the numbers of all others.
    ///
    /// `None` when too many pages listen already.
    pub fn listen(self: &Arc<Self>, mailbox: MailboxName, since: Option<Moment>) -> Option<Listening> {
        if self.live.news.receiver_count() >= PAGES {
            return None;
        }
        // First of all, so that nothing falls between.
        let news = self.live.news.subscribe();
        let (reader, told) = self.read_watch(&mailbox, since);
        let mut readers = vec![reader];
        let inbox = MailboxName::inbox();
        if mailbox != inbox {
            readers.push(self.read_watch(&inbox, None).0);
        }
        Some(Listening { person: self.clone(), mailbox, news, at: since, behind: told, _readers: readers })
    }

    /// Reads the watch over a mailbox, which begins if there is none. Tells whether the page must ask for what happened
    /// since its moment, because the watch will not tell it.
    fn read_watch(self: &Arc<Self>, mailbox: &MailboxName, since: Option<Moment>) -> (Reader, bool) {
        let mut all = self.live.watched();
        if let Some(known) = all.get(mailbox) {
            known.readers.send_modify(|readers| *readers += 1);
            let told = *known.moment.lock().unwrap_or_else(PoisonError::into_inner);
            return (Reader(known.readers.clone()), since.is_some() && since != told);
        }
        let (readers, reading) = watch::channel(1);
        let watched = Watched { readers: readers.clone(), moment: Arc::new(Mutex::new(since)) };
        all.insert(mailbox.clone(), watched.clone());
        let others = *mailbox == MailboxName::inbox();
        let watch = Watch::new(self.pool().clone(), mailbox.clone(), others, since, Patience::default());
        tokio::spawn(self.clone().keep(mailbox.clone(), watch, watched, reading));
        (Reader(readers), false)
    }

    /// Runs a watch for as long as anybody reads it.
    async fn keep(
        self: Arc<Self>,
        mailbox: MailboxName,
        mut watch: Watch,
        watched: Watched,
        mut reading: watch::Receiver<usize>,
    ) {
        loop {
            let told = watch.next(unread(&mut reading)).await;
            match told {
                Ok(news) if news.is_empty() => {
                    let mut all = self.live.watched();
                    // A page may have come at the last moment.
                    if *watched.readers.borrow() == 0 {
                        all.remove(&mailbox);
                        break;
                    }
                }
                Ok(news) => {
                    *watched.moment.lock().unwrap_or_else(PoisonError::into_inner) = watch.moment();
                    for news in news {
                        // Nobody may listen at the moment.
                        let _ = self.live.news.send(Arc::new(news));
                    }
                }
                Err(error) => {
                    tracing::debug!(%error, "a watch ends");
                    self.live.watched().remove(&mailbox);
                    // Says whether the session ends with it.
                    let _ = self.told(error, Some(&mailbox));
                    let _ = self.live.news.send(Arc::new(News::Gone(mailbox)));
                    break;
                }
            }
        }
        watch.close().await;
    }

    /// How a mailbox differs from what it was at a moment.
    async fn changes(&self, mailbox: &MailboxName, since: Option<Moment>) -> Result<Changes, Failure> {
        let read = self.read(Some(mailbox), None, move |lease| {
            Box::pin(async move {
                lease.noop().await?;
                lease.changes(since).await
            })
        });
        read.await
    }
}

impl Live {
    fn watched(&self) -> MutexGuard<'_, HashMap<MailboxName, Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether no watch runs.
    pub fn is_quiet(&self) -> bool {
        self.watched().is_empty()
    }
}

impl Listening {
    /// Waits for the next news; `None` when nothing more will come. Whoever stops waiting misses nothing.
    ///
    /// # Errors
    /// When what was missed can't be asked for; the page may begin again from its moment.
    pub async fn next(&mut self) -> Result<Option<Arc<News>>, Failure> {
        loop {
            if self.behind {
                let changes = Box::pin(self.person.changes(&self.mailbox, self.at)).await?;
                // Only now: whoever stops waiting is as far behind as before.
                self.behind = false;
                self.at = changes.now;
                return Ok(Some(Arc::new(News::Changes(changes))));
            }
            let news = match self.news.recv().await {
                Ok(news) => news,
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    self.behind = true;
                    continue;
                }
                Err(broadcast::error::RecvError::Closed) => return Ok(None),
            };
            match &*news {
                News::Changes(changes) if changes.mailbox == self.mailbox => {
                    if let Difference::Since { since, .. } = &changes.difference
                        && !self.knows(*since)
                    {
                        self.behind = true;
                        continue;
                    }
                    self.at = changes.now;
                    return Ok(Some(news));
                }
                News::Changes(changes) => {
                    let (mailbox, status) = (changes.mailbox.clone(), changes.status);
                    return Ok(Some(Arc::new(News::Status { mailbox, status })));
                }
                News::Gone(mailbox) if *mailbox != self.mailbox => {}
                News::Status { .. } | News::Gone(_) => return Ok(Some(news)),
            }
        }
    }

    /// Whether this page was told everything up to that moment.
    fn knows(&self, moment: Moment) -> bool {
        self.at.is_some_and(|at| at.validity == moment.validity && at.modseq >= moment.modseq)
    }

    /// Up to where this page was told everything.
    pub fn moment(&self) -> Option<Moment> {
        self.at
    }

    /// Whether the person may no longer be told anything.
    pub fn is_refused(&self) -> bool {
        self.person.is_refused()
    }
}

/// A page that reads a watch, until it is dropped.
#[derive(Debug)]
struct Reader(watch::Sender<usize>);

impl Drop for Reader {
    fn drop(&mut self) {
        self.0.send_modify(|readers| *readers = readers.saturating_sub(1));
    }
}

/// Waits until nobody has read for a while.
async fn unread(reading: &mut watch::Receiver<usize>) {
    loop {
        if reading.wait_for(|readers| *readers == 0).await.is_err() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(LINGER) => return,
            read = reading.wait_for(|readers| *readers > 0) => if read.is_err() { return },
        }
    }
}
