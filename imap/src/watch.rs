//! Watching a mailbox: a connection that is told what changes, opened again whenever it is lost, so that nothing is missed.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use model::changes::{Changes, Difference, News};
use model::mailbox::MailboxName;
use model::modseq::Moment;
use tokio::time::sleep;

use crate::commands::idle::{Patience, Told};
use crate::commands::notify::Telling;
use crate::error::{Error, Result};
use crate::lease::Lease;
use crate::pool::{Pool, Purpose};

/// A watch over one mailbox, and over the numbers of all others where the server tells them.
pub struct Watch {
    pool: Arc<Pool>,
    mailbox: MailboxName,
    /// Whether to watch the others too. One watch of a person does that.
    others: bool,
    patience: Patience,
    lease: Option<Lease>,
    /// Up to where everything was told.
    since: Option<Moment>,
    /// Whether anything was ever known of it.
    begun: bool,
    /// Whether the others may have changed since they were watched.
    behind: bool,
    failures: u32,
}

/// After the first loss of a connection it is opened again almost at once, then ever later.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A server that restarts ends the watches of thousands at the same moment: over this time they come back, or over as much
/// as they have waited already.
const SPREAD: Duration = Duration::from_secs(4);

impl Watch {
    /// Over this mailbox, and the numbers of all others if `others`; what happened after the moment is told first.
    /// Nothing happens yet.
    pub fn new(
        pool: Arc<Pool>,
        mailbox: MailboxName,
        others: bool,
        since: Option<Moment>,
        patience: Patience,
    ) -> Self {
        let begun = since.is_some();
        Self { pool, mailbox, others, patience, lease: None, since, begun, behind: false, failures: 0 }
    }

    /// Up to where everything was told; `None` before the first connection, and where changes are not counted.
    pub fn moment(&self) -> Option<Moment> {
        self.since
    }

    /// Waits for news; none when `end` came first. A lost connection is opened again, and what happened meanwhile is
    /// told then.
    ///
    /// # Errors
    /// When it makes no sense to go on: the password holds no more, the mailbox is gone, the pool is closed.
    pub async fn next(&mut self, end: impl Future<Output = ()>) -> Result<Vec<News>> {
        let mut end = std::pin::pin!(end);
        loop {
            let news = match self.attempt(&mut end).await {
                Ok(news) => news,
                Err(error) if is_passing(&error) => {
                    self.lease = None;
                    tracing::debug!(%error, "a watch is interrupted");
                    tokio::select! {
                        () = sleep(self.pause(&error)) => continue,
                        () = &mut end => return Ok(Vec::new()),
                    }
                }
                Err(error) => {
                    self.lease = None;
                    return Err(error);
                }
            };
            if let Some(news) = news {
                return Ok(news);
            }
        }
    }

    /// Ends in order.
    pub async fn close(mut self) {
        if let Some(lease) = self.lease.take() {
            lease.close().await;
        }
    }

    /// One wait for news; `None` when there was none, empty when the end came.
    async fn attempt(&mut self, end: &mut (impl Future<Output = ()> + Unpin)) -> Result<Option<Vec<News>>> {
        if self.lease.is_none() {
            let begun = tokio::select! {
                begun = Box::pin(self.begin()) => begun,
                // A server that does not answer keeps nobody who wants to leave.
                () = &mut *end => return Ok(Some(Vec::new())),
            };
            let missed = match begun {
                // All connections are taken by others: the mailbox is looked at now and then.
                Err(Error::Busy) => Box::pin(self.look(end)).await?,
                missed => missed?,
            };
            return Ok(missed);
        }
        let Some(lease) = &mut self.lease else { return Ok(None) };
        let ended = AtomicBool::new(false);
        let end = async {
            end.await;
            ended.store(true, Ordering::Relaxed);
        };
        let told = lease.wait_for_news(self.patience, end).await?;
        if ended.load(Ordering::Relaxed) && told == Told::default() {
            return Ok(Some(Vec::new()));
        }
        // Only now: a server that greets and then hangs up is not asked again and again at once.
        self.failures = 0;
        let mut news: Vec<News> =
            told.others.into_iter().map(|(mailbox, status)| News::Status { mailbox, status }).collect();
        if told.changed {
            let since = self.since.filter(|_| !told.much);
            let changes = Box::pin(lease.changes(since)).await?;
            news.extend(self.note(changes));
        }
        Ok(Some(news).filter(|news| !news.is_empty()))
    }

    /// Opens a connection; gives what was missed since the last one.
    async fn begin(&mut self) -> Result<Option<Vec<News>>> {
        let mut lease = self.pool.lease_for(Purpose::Watching, Some(&self.mailbox)).await?;
        let selected = lease.select(&self.mailbox).await?;
        if self.others {
            let namespaces = lease.namespaces().await?.to_vec();
            let telling = if self.behind { Telling::NowAndChanges } else { Telling::Changes };
            lease.notify(&namespaces, telling).await?;
        }
        let missed = if self.begun {
            let changes = lease.changes(self.since).await?;
            self.note(changes).map(|news| vec![news])
        } else {
            self.since = selected.moment();
            // Where changes are not counted, nobody can know what happened since they looked.
            match self.since {
                Some(_) => None,
                None => self.note(lease.changes(None).await?).map(|news| vec![news]),
            }
        };
        self.begun = true;
        // The next one is opened because this one was lost.
        self.behind = true;
        self.lease = Some(lease);
        Ok(missed)
    }

    /// Looks once, after a while, on a connection that goes back at once.
    async fn look(&mut self, end: &mut (impl Future<Output = ()> + Unpin)) -> Result<Option<Vec<News>>> {
        tokio::select! {
            () = sleep(self.patience.poll) => {}
            () = end => return Ok(Some(Vec::new())),
        }
        let mut lease = self.pool.lease_for(Purpose::Ahead, Some(&self.mailbox)).await?;
        let selected = lease.select_anew(&self.mailbox).await?;
        self.behind = true;
        if !self.begun {
            self.begun = true;
            self.since = selected.moment();
            return Ok(None);
        }
        let changes = lease.changes(self.since).await?;
        Ok(self.note(changes).map(|news| vec![news]))
    }

    /// Moves on to what was told; `None` when nothing was.
    fn note(&mut self, changes: Changes) -> Option<News> {
        self.since = changes.now;
        let nothing = matches!(
            &changes.difference,
            Difference::Since { changed, vanished, .. } if changed.is_empty() && vanished.is_empty()
        );
        (!nothing).then_some(News::Changes(changes))
    }

    fn pause(&mut self, error: &Error) -> Duration {
        let pause = FIRST_PAUSE.saturating_mul(1 << self.failures.min(10)).min(LONGEST_PAUSE);
        self.failures += 1;
        match error {
            // Servers that keep a connection for a while only are not asked more often than that.
            Error::Busy => self.patience.poll,
            _ => pause + by_chance(pause.max(SPREAD)),
        }
    }
}

/// Some time shorter than this.
fn by_chance(most: Duration) -> Duration {
    // The standard library draws keys for its hash tables from the system: that is chance enough to spread by.
    let drawn = RandomState::new().build_hasher().finish();
    let most = u64::try_from(most.as_millis()).unwrap_or(u64::MAX).max(1);
    Duration::from_millis(drawn % most)
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").field("connected", &self.lease.is_some()).finish_non_exhaustive()
    }
}

/// Whether it may be better soon.
fn is_passing(error: &Error) -> bool {
    match error {
        Error::AuthenticationFailed { .. }
        | Error::LoginDisabled
        | Error::PoolClosed
        | Error::Unwritable
        | Error::StartTlsRefused
        | Error::Authorities { .. } => false,
        Error::Refused { .. } => !(error.is_mailbox_gone() || error.is_not_allowed()),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;
    use std::time::Duration;

    use model::mailbox::MailboxName;

    use super::{FIRST_PAUSE, LONGEST_PAUSE, SPREAD, Watch};
    use crate::authenticate::Credentials;
    use crate::connect::{Endpoint, Security};
    use crate::error::{Error, Step};
    use crate::pool::{Options, Pool};

    fn watch() -> Watch {
        let endpoint = Endpoint { host: "localhost".into(), port: 1, security: Security::Implicit };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        let credentials = Credentials::with_password("a", "b".to_owned().into());
        let pool = Pool::new(endpoint, credentials, Options::new(Arc::new(tls)));
        Watch::new(pool, MailboxName::inbox(), false, None, Default::default())
    }

    #[test]
    fn watches_that_were_lost_together_do_not_come_back_together_nor_ever_later() {
        let closed = Error::Closed { step: Step::Greeting };
        let firsts: BTreeSet<Duration> = (0..200).map(|_| watch().pause(&closed)).collect();
        assert!(firsts.len() > 100, "{firsts:?}");
        assert!(firsts.iter().all(|pause| (FIRST_PAUSE..FIRST_PAUSE + SPREAD).contains(pause)));
        let mut watch = watch();
        let later: Vec<_> = (0..40).map(|_| watch.pause(&closed)).collect();
        assert!(
            later[20..].iter().all(|pause| (LONGEST_PAUSE..LONGEST_PAUSE * 2).contains(pause)),
            "{later:?}"
        );
    }
}
