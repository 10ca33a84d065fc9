//! Who may try now. A stranger can make nobody else wait for long, and lock nobody out.
//!
//! | counted for | what its failures cost |
//! | --- | --- |
//! | a network (an IPv4 address, an IPv6 /64) | after ten it is refused, each time for longer: 1 s to 15 min |
//! | a site (an IPv6 /48, of which one customer may have all) | the same, after a hundred |
//! | an account, from browsers that it does not know | after ten the next is answered later: 1 s to 8 s |
//! | a browser that the account knows | as for a network, after five; nothing else counts for it |
//! | codes of a second factor, for each person | ten in an hour, whatever else succeeds meanwhile |
//!
//! An attempt is counted before it is made, so that many at once are not one, and what comes to nothing is given back.
//! Counts are halved every hour. They are kept in the database, so that a restart forgets none.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use app::failure::Failure;
use database::{AttemptName, Attempts, Count, Database, PersonId, ServerKey};
use tokio::time::Instant;

use super::waiting::{Place, Waiting};
use crate::failure::internal;

/// Failures of a network before it is refused.
const NETWORK_FREE: i64 = 10;

/// Failures of a site before it is refused.
const SITE_FREE: i64 = 100;

/// Failures of a browser that the account knows before it is refused.
const DEVICE_FREE: i64 = 5;

/// Failures of an account before strange browsers are answered later.
const ACCOUNT_FREE: i64 = 10;

/// Longest refusal, in seconds.
const LONGEST_REFUSAL: i64 = 15 * 60;

/// Longest that somebody is made to wait for their answer, in seconds.
const LONGEST_WAIT: i64 = 8;

/// Attempts of one network that may be under way at once. An office comes to work at one time, from one address.
const UNDER_WAY: usize = 256;

/// Requests that wait at once: of all, for one account, and from one site.
const WAITING: (usize, usize, usize) = (256, 16, 4);

/// A refusal is written down once in so many seconds for each site.
const TOLD_AGAIN: i64 = 60;

/// Wrong codes in an hour.
const CODES: i64 = 10;

/// After so many seconds failures count half, and codes not at all.
const HOUR: i64 = 60 * 60;

/// The limits of all.
#[derive(Clone)]
pub(super) struct Limit {
    attempts: Attempts,
    key: Arc<ServerKey>,
    under_way: Waiting,
    waiting: Waiting,
    waiting_from: Waiting,
}

/// Leave to try a password once. Whatever becomes of it must be said: dropped, it was a failure.
#[must_use = "an attempt that nobody speaks of was a failure"]
pub struct Pass {
    attempts: Attempts,
    counted: Counted,
    _under_way: Option<Place>,
}

/// Under which names an attempt was counted.
#[derive(Clone, Copy)]
enum Counted {
    /// Of a browser that the account knows.
    Device(AttemptName),
    /// Of a site, of a network, of this network for this account, and of the account.
    Stranger([AttemptName; 4]),
}

/// Leave to try a code of a second factor once. Dropped, it was a failure.
#[must_use = "an attempt that nobody speaks of was a failure"]
pub struct FactorPass {
    attempts: Attempts,
    name: AttemptName,
}

impl Limit {
    /// Limits whose counts this database keeps, under names made with this key.
    pub(super) fn new(database: &Database, key: Arc<ServerKey>) -> Self {
        Self {
            attempts: Attempts::new(database),
            key,
            under_way: Waiting::new(usize::MAX, UNDER_WAY),
            waiting: Waiting::new(WAITING.0, WAITING.1),
            waiting_from: Waiting::new(WAITING.0, WAITING.2),
        }
    }

    /// Leave to try a password; it comes later while the account is under attack.
    ///
    /// # Errors
    /// [`Failure::TooManyAttempts`] when the network or the known browser failed too often, or too many wait already.
    pub(super) async fn before(
        &self,
        person: &PersonId,
        from: Option<IpAddr>,
        known_device: Option<&[u8]>,
        now: i64,
    ) -> Result<Pass, Failure> {
        let name = |kind, person, value: &[u8]| {
            AttemptName::of(kind, person, value, &self.key).map_err(|error| internal(&error))
        };
        if let Some(device) = known_device {
            let device = name("device", Some(person), device)?;
            let counted = self.attempts.change([device], |[count]| {
                if let Some(seconds) = refused(*count, 0, DEVICE_FREE, now) {
                    return Err(seconds);
                }
                add(count, now);
                Ok(())
            });
            counted.await.map_err(|error| internal(&error))?.map_err(too_many)?;
            let counted = Counted::Device(device);
            return Ok(Pass { attempts: self.attempts.clone(), counted, _under_way: None });
        }
        let network = network(from);
        let names = [
            name("site", None, &site(from))?,
            name("network", None, &network)?,
            name("network", Some(person), &network)?,
            name("account", Some(person), &[])?,
        ];
        let counted = self.attempts.change(names, |[site, network, pair, account]| {
            // What is under way was counted, but did not fail yet.
            let unsettled = i64::try_from(self.under_way.of(&names[1])).unwrap_or(i64::MAX);
            let of_network = refused(*network, unsettled, NETWORK_FREE, now);
            if let Some(seconds) = of_network.or_else(|| refused(*site, unsettled, SITE_FREE, now)) {
                return Err(seconds);
            }
            let under_way = self.under_way.enter(names[1]).ok_or(1)?;
            let before = decayed(*account, now).failures;
            for count in [site, network, pair, account] {
                add(count, now);
            }
            Ok((under_way, growing(before, ACCOUNT_FREE, LONGEST_WAIT)))
        });
        let (under_way, later) = counted.await.map_err(|error| internal(&error))?.map_err(too_many)?;
        let counted = Counted::Stranger(names);
        let pass = Pass { attempts: self.attempts.clone(), counted, _under_way: Some(under_way) };
        if later > 0 {
            let (place, from) = (self.waiting.enter(names[3]), self.waiting_from.enter(names[0]));
            let Some(_places) = place.zip(from) else {
                pass.unanswered(now).await?;
                return Err(too_many(LONGEST_WAIT));
            };
            tokio::time::sleep(Duration::from_secs(later.unsigned_abs())).await;
        }
        Ok(pass)
    }

    /// Leave to try a code, counted within a scope: a browser that the person knows, a session, or nothing for all others.
    /// Passkeys need none: nobody guesses what they sign.
    ///
    /// # Errors
    /// [`Failure::TooManyAttempts`] after ten wrong ones in an hour.
    pub(super) async fn factor_before(
        &self,
        person: &PersonId,
        scope: &[u8],
        now: i64,
    ) -> Result<FactorPass, Failure> {
        let name =
            AttemptName::of("factor", Some(person), scope, &self.key).map_err(|error| internal(&error))?;
        let counted = self.attempts.change([name], |[count]| {
            // A clock that was put back must keep nobody out for longer than an hour.
            if now >= count.until_at || count.until_at > now + HOUR {
                *count = Count { failures: 0, last_at: now, until_at: now + HOUR };
            }
            if count.failures >= CODES {
                return Err(count.until_at - now);
            }
            count.failures += 1;
            Ok(())
        });
        counted.await.map_err(|error| internal(&error))?.map_err(too_many)?;
        Ok(FactorPass { attempts: self.attempts.clone(), name })
    }

    /// Whether a refusal from there is to be written down: the first in a minute. Whoever is refused a thousand times a second
    /// must not fill the disk.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) async fn is_to_be_told(&self, from: Option<IpAddr>, now: i64) -> database::Result<bool> {
        let name = AttemptName::of("told", None, &site(from), &self.key)?;
        let decide = |[count]: &mut [Count; 1]| {
            // A clock that was put back silences nobody for longer.
            let is_told = count.until_at <= now || count.until_at > now + TOLD_AGAIN;
            if is_told {
                *count = Count { failures: 0, last_at: now, until_at: now + TOLD_AGAIN };
            }
            is_told
        };
        self.attempts.change([name], decide).await
    }

    /// Forgets what counts no more.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) async fn forget(&self, now: i64) -> database::Result<u64> {
        // Nothing that anybody could reach is left of a count after two days of halving.
        self.attempts.forget(now - 48 * HOUR).await
    }
}

impl Pass {
    /// The password was wrong. It was counted already.
    pub fn failed(self) {}

    /// The password was right: what this network or browser failed for this account counts no more, and what others failed
    /// for it counts half.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn succeeded(self, now: i64) -> Result<(), Failure> {
        let done = match self.counted {
            Counted::Device(device) => {
                self.attempts.change([device], |[count]| *count = Count::default()).await
            }
            Counted::Stranger(names) => {
                let forgiven = |[site, network, pair, account]: &mut [Count; 4]| {
                    let own = decayed(*pair, now).failures;
                    *site = less(decayed(*site, now), own);
                    *network = less(decayed(*network, now), own);
                    *pair = Count::default();
                    let mut others = less(decayed(*account, now), 1);
                    others.failures /= 2;
                    *account = if others.failures == 0 { Count::default() } else { others };
                };
                self.attempts.change(names, forgiven).await
            }
        };
        done.map_err(|error| internal(&error))
    }

    /// The mail server did not say whether the password is right: nothing was learned, and nothing is counted.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn unanswered(self, now: i64) -> Result<(), Failure> {
        let done = match self.counted {
            Counted::Device(device) => {
                self.attempts.change([device], |[count]| *count = less(decayed(*count, now), 1)).await
            }
            Counted::Stranger(names) => {
                let given_back =
                    |counts: &mut [Count; 4]| *counts = counts.map(|count| less(decayed(count, now), 1));
                self.attempts.change(names, given_back).await
            }
        };
        done.map_err(|error| internal(&error))
    }
}

impl FactorPass {
    /// The code was wrong, or used already. It was counted already.
    pub fn wrong(self) {}

    /// The code was right: it is not counted. Those that were wrong stay counted.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn right(self) -> Result<(), Failure> {
        let given_back = |[count]: &mut [Count; 1]| count.failures = (count.failures - 1).max(0);
        self.attempts.change([self.name], given_back).await.map_err(|error| internal(&error))
    }
}

/// Waits until a whole number of seconds passed since the request began, so that nobody learns from the clock whether
/// there is such an account.
pub async fn at_whole_second(begun: Instant) {
    tokio::time::sleep_until(begun + whole_seconds(begun.elapsed())).await;
}

/// The next whole second.
fn whole_seconds(passed: Duration) -> Duration {
    Duration::from_secs(passed.as_secs() + 1)
}

/// An address without what its owner may choose at will. Where it is not known, all are one.
fn network(from: Option<IpAddr>) -> Vec<u8> {
    match from.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => address.octets().to_vec(),
        Some(IpAddr::V6(address)) => address.octets()[..8].to_vec(),
        None => Vec::new(),
    }
}

/// The largest network of which a customer commonly has the whole.
fn site(from: Option<IpAddr>) -> Vec<u8> {
    let mut site = network(from);
    // An IPv4 address has four bytes, and is its own site.
    site.truncate(6);
    site
}

/// Seconds that so many failures cost: nothing for the first few, then 1, 2, 4, …
fn growing(failures: i64, free: i64, longest: i64) -> i64 {
    match failures - free {
        beyond if beyond < 0 => 0,
        beyond => (1_i64 << beyond.min(32)).min(longest),
    }
}

/// For how many more seconds such a count is refused, if so many of its failures may still be none.
fn refused(count: Count, unsettled: i64, free: i64, now: i64) -> Option<i64> {
    let cost = growing(decayed(count, now).failures - unsettled, free, LONGEST_REFUSAL);
    // A clock that was put back must refuse nobody for longer than that.
    let left = (count.last_at + cost - now).min(cost);
    (left > 0).then_some(left)
}

/// One more failure.
fn add(count: &mut Count, now: i64) {
    *count = Count { failures: decayed(*count, now).failures + 1, last_at: now, until_at: 0 };
}

/// So many failures fewer.
fn less(count: Count, failures: i64) -> Count {
    match count.failures - failures {
        left if left > 0 => Count { failures: left, ..count },
        _ => Count::default(),
    }
}

/// What is left of a count: half for each hour that passed.
fn decayed(count: Count, now: i64) -> Count {
    let hours = ((now - count.last_at) / HOUR).clamp(0, 62);
    match count.failures >> hours {
        0 => Count::default(),
        // What is left of the hour goes on.
        failures => Count { failures, last_at: count.last_at + hours * HOUR, ..count },
    }
}

fn too_many(seconds: i64) -> Failure {
    Failure::TooManyAttempts { seconds: u32::try_from(seconds).unwrap_or(1).max(1) }
}

#[cfg(test)]
mod tests;
