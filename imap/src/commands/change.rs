//! How changes to many messages travel: in short lines, several at once, and never a second time by themselves.

use model::uid_set::UidSet;

use crate::connection::{Completion, Connection};
use crate::error::{Error, Result};
use crate::wire::command::Command;
use crate::wire::limits::{self, Limits};

/// What became of one command of a change, and to which messages it was about.
pub(super) type Part = (UidSet, Result<Completion>);

impl Connection {
    /// Sends a change of messages, cut into commands on short lines.
    ///
    /// # Errors
    /// [`Error::OutcomeUnknown`] when the connection is lost. Refusals are inside: some commands may be refused and
    /// others not.
    pub(super) async fn change(
        &mut self,
        uids: &UidSet,
        command: impl Fn(&UidSet) -> Result<Command>,
    ) -> Result<Vec<Part>> {
        let portions = uids.portions(limits::RANGES, limits::most_changed(uids.len()));
        let commands = portions.iter().map(command).collect::<Result<Vec<_>>>()?;
        let Some(name) = commands.first().map(Command::name) else { return Ok(Vec::new()) };
        let completions = self.run_changes(&commands, name).await?;
        Ok(portions.into_iter().zip(completions).collect())
    }

    /// Sends commands that change messages of the open mailbox, after a NOOP: a message that arrived since the server last
    /// told of any is not found by its UID (RFC 9051 §7.4.1), and would silently be left out. It does not travel with them,
    /// since Dovecot looks for news only when it has done all that it was sent at once. A connection that died unnoticed is
    /// found out by it, too, before anything is changed.
    pub(super) async fn run_changes(
        &mut self,
        commands: &[Command],
        name: &'static str,
    ) -> Result<Vec<Result<Completion>>> {
        self.noop().await?;
        self.run_change(commands, name).await
    }

    /// Sends commands that change something. On a connection that is known to be lost nothing is sent, and that is said
    /// so; whatever ends one later leaves the outcome open.
    pub(super) async fn run_change(
        &mut self,
        commands: &[Command],
        name: &'static str,
    ) -> Result<Vec<Result<Completion>>> {
        if self.is_broken() {
            return self.run_all(commands, Limits::CHANGES).await;
        }
        self.run_all(commands, Limits::CHANGES).await.map_err(|error| error.of_change(name))
    }
}

/// Messages to which a change happened, with what the server told of it.
pub(super) type Done = (UidSet, Completion);

/// Those to which it happened, and those to which it was refused, with the first refusal.
///
/// # Errors
/// That refusal, when it happened to none.
pub(super) fn settled(parts: Vec<Part>) -> Result<(Vec<Done>, Option<Refused>)> {
    let mut done = Vec::new();
    let mut refused: Option<Refused> = None;
    for (uids, outcome) in parts {
        match (outcome, &mut refused) {
            (Ok(completion), _) => done.push((uids, completion)),
            (Err(_), Some(refused)) => refused.uids = refused.uids.union(&uids),
            (Err(why), None) => refused = Some(Refused { uids, why }),
        }
    }
    match refused {
        Some(Refused { why, .. }) if done.is_empty() => Err(why),
        refused => Ok((done, refused)),
    }
}

/// Messages to which a change was refused, while it happened to others.
#[derive(Debug)]
pub struct Refused {
    /// Which: nothing happened to them.
    pub uids: UidSet,
    /// The first of the refusals.
    pub why: Error,
}
