//! A command that the server answers for as long as one listens (RFC 2177).

use std::time::Duration;

use tokio::time::{Instant, timeout};
use zeroize::Zeroizing;

use super::{Connection, broken};
use crate::error::{Error, Result, Step};
use crate::metrics::State;
use crate::wire::command::Command;
use crate::wire::frame::Frame;
use crate::wire::limits::{self, Limits};
use crate::wire::response::{Kind, Response, Status, classify};

/// What was heard.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// The data, in order.
    pub frames: Vec<Frame>,
    /// Whether there was more than is kept.
    pub more: bool,
    /// Whether the server counted a change that it told nothing else of.
    pub counted: bool,
    skipped: u64,
}

impl Heard {
    fn is_nothing(&self) -> bool {
        self.frames.is_empty() && !self.counted && !self.more
    }
}

/// Responses that are kept of what is heard at once.
const KEPT: usize = 20_000;

impl Connection {
    /// Sends the command and listens until there is news, then for `gather` longer, since news comes in swarms; or until
    /// `end` is there, or for so `long`. Then ends the command.
    ///
    /// # Errors
    /// [`Error::Refused`] when the server refuses; the connection can be used on. After any other error it can't.
    pub(crate) async fn listen(
        &mut self,
        command: Command,
        gather: Duration,
        long: Duration,
        end: impl Future<Output = ()>,
    ) -> Result<Heard> {
        let name = command.name();
        let step = Step::Command(name);
        if self.broken {
            return Err(Error::Closed { step });
        }
        self.broken = true;
        self.set_state(State::Watching);
        let before = self.frames.bytes_read();
        // It is not among the commands that are counted by time: it takes as long as nothing happens.
        let listened = self.hear(command, gather, long, end).await;
        self.used = Instant::now();
        self.metrics.bytes_in.add(self.frames.bytes_read() - before);
        match listened {
            Ok(heard) => {
                self.broken = false;
                heard
            }
            Err(error) => {
                tracing::debug!(command = name, %error, "connection given up");
                Err(error)
            }
        }
    }

    /// The inner error is a refusal.
    async fn hear(
        &mut self,
        command: Command,
        gather: Duration,
        long: Duration,
        end: impl Future<Output = ()>,
    ) -> Result<Result<Heard>> {
        let step = Step::Command(command.name());
        let (mut open, mut waiting) = self.begin(std::slice::from_ref(&command));
        let mut heard = Heard::default();
        // A server that does not consent in time would be waited for in vain.
        let patience = self.timeouts.command;
        let consented = async {
            self.send(waiting.pop_front().unwrap_or_default(), step).await?;
            while !self.heard_one(&mut open, &mut heard, step).await? {}
            Ok::<(), Error>(())
        };
        timeout(patience, consented).await.map_err(|_| Error::Timeout { step })??;
        let is_over = |open: &[super::Open]| open.iter().all(|open| open.outcome.is_some());
        if !is_over(&open) {
            let mut end = std::pin::pin!(end);
            let mut until = Instant::now() + long;
            let mut gathering = false;
            loop {
                if !gathering && !heard.is_nothing() {
                    (gathering, until) = (true, Instant::now() + gather);
                }
                if !self.frames.has_some() {
                    tokio::select! {
                        arrived = self.frames.some() => arrived.map_err(|end| broken(end, step))?,
                        () = tokio::time::sleep_until(until) => break,
                        () = &mut end, if !gathering => break,
                    }
                }
                // News without end is told in turns.
                if Instant::now() > until + gather {
                    break;
                }
                // What has begun to arrive is there soon, or never.
                let one = timeout(patience, self.heard_one(&mut open, &mut heard, step)).await;
                one.map_err(|_| Error::Timeout { step })??;
                if is_over(&open) {
                    break;
                }
            }
        }
        if !is_over(&open) {
            let ended = async {
                self.send(Zeroizing::new(b"DONE\r\n".to_vec()), step).await?;
                while !is_over(&open) {
                    self.heard_one(&mut open, &mut heard, step).await?;
                }
                Ok::<(), Error>(())
            };
            timeout(patience, ended).await.map_err(|_| Error::Timeout { step })??;
        }
        let status = open.pop().and_then(|open| open.outcome);
        let status = status.ok_or(Error::Nonsense { what: "completion" })?;
        Ok(match status.kind {
            Kind::Ok => Ok(heard),
            _ => Err(Error::refused(command.name(), status)),
        })
    }

    /// Hears one response; gives whether it is the consent to go on, or the completion.
    async fn heard_one(&mut self, open: &mut [super::Open], heard: &mut Heard, step: Step) -> Result<bool> {
        let frame = self.frames.next(Limits::LIST).await.map_err(|end| broken(end, step))?;
        match classify(&frame) {
            Response::Continue => return Ok(true),
            Response::Tagged(tag, status) => {
                self.complete(open, &tag, status)?;
                return Ok(true);
            }
            Response::Status(Status { kind: Kind::Bye, text, .. }) => return Err(Error::Bye { text }),
            Response::Status(Status { kind: Kind::Preauth, .. }) | Response::Nonsense => {
                return Err(Error::Nonsense { what: "response" });
            }
            Response::Status(status) => {
                let before = self.selected.as_ref().and_then(|selected| selected.modseq);
                self.note_status(&status);
                let after = self.selected.as_ref().and_then(|selected| selected.modseq);
                heard.counted |= after > before;
            }
            Response::Data => {
                self.note_news(&frame, false)?;
                if heard.frames.len() < KEPT {
                    heard.frames.push(frame);
                } else {
                    heard.more = true;
                }
            }
            Response::Garbage => {
                self.metrics.skipped.add(1);
                heard.skipped += 1;
                if heard.skipped > limits::SKIPPED {
                    return Err(Error::LimitExceeded { which: "garbage" });
                }
            }
        }
        Ok(false)
    }
}
