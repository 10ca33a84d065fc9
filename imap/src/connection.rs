//! One connection: a command out, its responses in, then clean or gone.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use model::mailbox::{MailboxName, PartialStatus, Selected};
use model::modseq::ModSeq;
use model::namespace::Namespace;
use model::uid_set::UidSet;
use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, timeout};
use tracing::Instrument;
use zeroize::Zeroizing;

use crate::capability::Capabilities;
use crate::commands::status;
use crate::connect::{Agreed, Timeouts};
use crate::error::{Error, Result, Step};
use crate::metrics::{Metrics, Standing, State, Underway};
use crate::ration::Share;
use crate::wire::command::{Command, Piece, append};
use crate::wire::frame::{Broken, Frame, Frames, Stream};
use crate::wire::limits::{self, Limits};
use crate::wire::response::{self, Code, Data, Kind, Response, Status, classify};
use crate::wire::token;

mod listening;

/// What a command that succeeded was answered with.
#[derive(Debug)]
pub struct Completion {
    /// The tag of the command, which some answers name (RFC 4466 §2.6.2).
    pub tag: String,
    /// The response code of its OK.
    pub code: Option<Code>,
    /// What follows the code's name in the brackets.
    pub arguments: Vec<u8>,
    /// The words of its OK.
    pub text: String,
    /// What came before: the command's data and whatever else the server told meanwhile, in order.
    pub untagged: Vec<Untagged>,
}

/// A response without a tag.
#[derive(Debug)]
pub enum Untagged {
    /// A status, as SELECT brings several of.
    Status(Status),
    /// Data, not read yet.
    Data(Frame),
}

impl Completion {
    /// The data, each read as it is asked for.
    pub fn data(&self) -> impl Iterator<Item = Data<'_>> {
        self.frames().filter_map(response::data)
    }

    /// The data as it came.
    pub fn frames(&self) -> impl Iterator<Item = &Frame> {
        self.untagged.iter().filter_map(|untagged| match untagged {
            Untagged::Data(frame) => Some(frame),
            Untagged::Status(_) => None,
        })
    }
}

/// A connection to a mail server over TLS.
pub struct Connection {
    frames: Frames<Box<dyn Stream>>,
    timeouts: Timeouts,
    agreed: Agreed,
    metrics: Arc<Metrics>,
    standing: Standing,
    capabilities: Capabilities,
    /// Whether the capabilities were told since this was set to false.
    told: bool,
    tag: u64,
    /// True from the first byte of a command to the last of its answer, and for ever when that never comes: a
    /// request that is dropped half way leaves it true.
    broken: bool,
    selected: Option<Selected>,
    /// Whether QRESYNC was switched on, so that changes are counted and what vanished is told by UID; `None` until ENABLE
    /// was thought of.
    pub(crate) resyncs: Option<bool>,
    /// What NOTIFY told of mailboxes that are not open and nobody asked for yet; `None` until it is asked to.
    pub(crate) others: Option<BTreeMap<MailboxName, PartialStatus>>,
    /// What the process may have of connections to this server: one of them is this.
    pub(crate) share: Option<Share>,
    /// Whether somebody knows of news that the server has not told here yet.
    news_expected: bool,
    /// Where mailboxes stand, once it was asked: an account is not rebuilt while somebody is signed in.
    pub(crate) namespaces: Option<Vec<Namespace>>,
    used: Instant,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("broken", &self.broken).finish_non_exhaustive()
    }
}

/// Commands on their way: tag, name, answer so far, and the outcome once it is there.
struct Open {
    tag: String,
    name: &'static str,
    untagged: Vec<Untagged>,
    outcome: Option<Status>,
}

impl Connection {
    /// Over a stream on which nothing was said yet, or only STARTTLS.
    pub(crate) fn new(
        stream: Box<dyn Stream>,
        timeouts: Timeouts,
        agreed: Agreed,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self {
            frames: Frames::new(stream),
            timeouts,
            agreed,
            standing: Standing::new(metrics.clone()),
            metrics,
            capabilities: Capabilities::default(),
            told: false,
            tag: 0,
            broken: false,
            selected: None,
            resyncs: None,
            news_expected: false,
            others: None,
            share: None,
            namespaces: None,
            used: Instant::now(),
        }
    }

    /// Reads the greeting (RFC 9051 §7.1.5).
    pub(crate) async fn greeting(&mut self) -> Result<()> {
        self.broken = true;
        let read = timeout(self.timeouts.greeting, self.frames.next(Limits::SMALL)).await;
        let frame = read
            .map_err(|_| Error::Timeout { step: Step::Greeting })?
            .map_err(|end| broken(end, Step::Greeting))?;
        let status = greeting(&frame)?;
        // Nobody has signed in yet: this would be somebody else's session.
        if status.kind == Kind::Preauth {
            return Err(Error::Nonsense { what: "greeting" });
        }
        self.note_capabilities(&status);
        self.broken = false;
        Ok(())
    }

    /// What was agreed on for TLS.
    pub fn agreed(&self) -> &Agreed {
        &self.agreed
    }

    /// What the server can; asks when it did not say.
    ///
    /// # Errors
    /// When the server can't be asked.
    pub async fn capabilities(&mut self) -> Result<&Capabilities> {
        if self.capabilities.is_empty() {
            self.run(Command::new("CAPABILITY"), Limits::SMALL).await?;
        }
        Ok(&self.capabilities)
    }

    /// Remembers that what the server can may change with the next command, as by signing in (RFC 9051 §6.2.2).
    pub(crate) fn expect_capabilities(&mut self) {
        self.told = false;
    }

    /// Forgets what the server can, unless it told since [`Connection::expect_capabilities`].
    pub(crate) fn forget_old_capabilities(&mut self) {
        if !self.told {
            self.capabilities = Capabilities::default();
        }
    }

    /// The mailbox that is open on this connection, its number of messages as far as the server told. None is on one
    /// that is lost: what is remembered of it must not pass for an answer.
    pub fn selected(&self) -> Option<&Selected> {
        self.selected.as_ref().filter(|_| !self.broken)
    }

    /// The same, for what needs one.
    ///
    /// # Errors
    /// [`Error::Closed`] on a connection that is lost; [`Error::Nonsense`] when none is open.
    pub(crate) fn opened(&self) -> Result<&Selected> {
        match self.selected() {
            Some(selected) => Ok(selected),
            None if self.broken => Err(Error::Closed { step: Step::Command("nothing") }),
            None => Err(Error::Nonsense { what: "no mailbox is open" }),
        }
    }

    pub(crate) fn set_selected(&mut self, selected: Option<Selected>) {
        self.selected = selected;
    }

    /// Notes that the server has news which it told elsewhere: what is known here of the open mailbox is not trusted until
    /// it was asked.
    pub fn expect_news(&mut self) {
        self.news_expected = true;
    }

    /// Whether there is news that the server has not told here yet, as far as anybody knows.
    pub(crate) fn expects_news(&self) -> bool {
        self.news_expected
    }

    /// Where its traffic is counted.
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Notes what it does from now on, for whoever counts connections.
    pub(crate) fn set_state(&mut self, state: State) {
        self.standing.set(state);
    }

    /// Whether it may be used no more.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// Whether the server is still there, as far as this can be known without asking it.
    pub fn is_alive(&mut self) -> bool {
        !self.broken && self.frames.is_quiet()
    }

    /// For how long nothing was said.
    pub fn unused_for(&self) -> Duration {
        self.used.elapsed()
    }

    /// Sends a command and waits for its completion.
    ///
    /// # Errors
    /// [`Error::Refused`] when the server refuses; the connection can be used on. After any other error it can't.
    pub async fn run(&mut self, command: Command, limits: Limits) -> Result<Completion> {
        let mut completions = self.converse(std::slice::from_ref(&command), limits, &[]).await?;
        completions.pop().unwrap_or(Err(Error::Nonsense { what: "completion" }))
    }

    /// Sends commands together and waits once for all their completions. None may depend on another's outcome.
    /// Data is counted to the first command that was not complete when it came, or when that one is refused, to the next:
    /// a server that works on several side by side may have meant any of them.
    ///
    /// # Errors
    /// The inner ones are refusals. After an outer one the connection can't be used on.
    pub async fn run_all(&mut self, commands: &[Command], limits: Limits) -> Result<Vec<Result<Completion>>> {
        self.run_by(limits::PIPELINE, commands, limits).await
    }

    /// As [`Connection::run_all`], so many at a time; more than [`limits::PIPELINE`] must be short, and their answers too.
    pub(crate) async fn run_by(
        &mut self,
        most: usize,
        commands: &[Command],
        limits: Limits,
    ) -> Result<Vec<Result<Completion>>> {
        let mut completions = Vec::with_capacity(commands.len());
        let mut rest = commands;
        while !rest.is_empty() {
            let together = rest.iter().take(most).take_while(|command| self.is_whole(command));
            // A command with a literal that the server must be asked for travels alone.
            let (now, later) = rest.split_at_checked(together.count().max(1)).unwrap_or((rest, &[]));
            completions.extend(self.converse(now, limits, &[]).await?);
            rest = later;
        }
        Ok(completions)
    }

    /// As [`Connection::run_all`]; a single command may be asked to continue, as AUTHENTICATE is, and
    /// gets one reply after the other.
    pub(crate) async fn converse(
        &mut self,
        commands: &[Command],
        limits: Limits,
        replies: &[Zeroizing<Vec<u8>>],
    ) -> Result<Vec<Result<Completion>>> {
        let name = commands.first().map_or("nothing", Command::name);
        let step = Step::Command(name);
        if self.broken {
            return Err(Error::Closed { step });
        }
        self.broken = true;
        let slow = commands.iter().any(Command::is_slow);
        let patience = if slow { self.timeouts.fetch } else { self.timeouts.command };
        let (begun, before) = (Instant::now(), self.frames.bytes_read());
        // The log tells connections apart, so that one sees what a request did on which.
        let span = tracing::debug_span!("imap", connection = self.standing.number());
        let underway = Underway::begin(&self.metrics, commands);
        let answered = timeout(patience, self.exchange(commands, limits, replies));
        let answered = answered.instrument(span.clone()).await;
        let _inside = span.enter();
        self.used = Instant::now();
        let bytes = self.frames.bytes_read() - before;
        self.metrics.bytes_in.add(bytes);
        let micros = begun.elapsed().as_micros();
        let open = match answered.unwrap_or(Err(Error::Timeout { step })) {
            Ok(open) => open,
            Err(error) => {
                tracing::debug!(command = name, micros, bytes, %error, "connection given up");
                underway.failed(&error);
                return Err(error);
            }
        };
        self.broken = false;
        self.news_expected &= commands.iter().all(|command| command.name() != "NOOP");
        let granted = |open: &Open| open.outcome.as_ref().is_some_and(|status| status.kind == Kind::Ok);
        underway.answered(|index| open.get(index).is_some_and(granted));
        let mut completions = Vec::with_capacity(open.len());
        let mut passed_on = Vec::new();
        for Open { tag, name, mut untagged, outcome } in open {
            let status = outcome.ok_or(Error::Nonsense { what: "completion" })?;
            let ok = status.kind == Kind::Ok;
            tracing::debug!(command = name, micros, bytes, ok, "answered");
            completions.push(if ok {
                untagged.splice(..0, passed_on.drain(..));
                let Status { code, arguments, text, .. } = status;
                Ok(Completion { tag, code, arguments, text, untagged })
            } else {
                passed_on.append(&mut untagged);
                Err(Error::refused(name, status))
            });
        }
        Ok(completions)
    }

    async fn exchange(
        &mut self,
        commands: &[Command],
        limits: Limits,
        replies: &[Zeroizing<Vec<u8>>],
    ) -> Result<Vec<Open>> {
        let (mut open, mut waiting) = self.begin(commands);
        let mut replies = replies.iter();
        let step = Step::Command(open.first().map_or("nothing", |first| first.name));
        let selecting = open.iter().any(|open| open.name == "SELECT");
        let leaving = open.iter().any(|open| open.name == "LOGOUT");
        let (mut size, mut count, mut skipped) = (0_usize, 0_usize, 0_u64);
        self.send(waiting.pop_front().unwrap_or_default(), step).await?;
        while open.iter().any(|open| open.outcome.is_none()) {
            let frame = self.frames.next(limits).await.map_err(|end| broken(end, step))?;
            size = size.saturating_add(frame.bytes().len());
            count += 1;
            if size > limits.answer || count > limits::RESPONSES {
                return Err(Error::LimitExceeded { which: "answer" });
            }
            let untagged = match classify(&frame) {
                Response::Continue => {
                    let more = waiting.pop_front().or_else(|| replies.next().map(|reply| line(reply)));
                    self.send(more.ok_or(Error::Nonsense { what: "continuation" })?, step).await?;
                    continue;
                }
                Response::Tagged(tag, status) => {
                    self.complete(&mut open, &tag, status)?;
                    // A command that is refused before its literal was asked for is over.
                    waiting.clear();
                    continue;
                }
                Response::Status(Status { kind: Kind::Bye, text, .. }) if !leaving => {
                    return Err(Error::Bye { text });
                }
                Response::Status(Status { kind: Kind::Preauth, .. }) | Response::Nonsense => {
                    return Err(Error::Nonsense { what: "response" });
                }
                Response::Status(status) => {
                    self.note_status(&status);
                    Untagged::Status(status)
                }
                Response::Data => {
                    self.note_news(&frame, selecting)?;
                    Untagged::Data(frame)
                }
                Response::Garbage => {
                    self.metrics.skipped.add(1);
                    skipped += 1;
                    if skipped > limits::SKIPPED {
                        return Err(Error::LimitExceeded { which: "garbage" });
                    }
                    continue;
                }
            };
            if let Some(first) = open.iter_mut().find(|open| open.outcome.is_none()) {
                first.untagged.push(untagged);
            }
        }
        Ok(open)
    }

    /// Gives the commands their tags, and cuts their bytes where the server must be waited for.
    fn begin(&mut self, commands: &[Command]) -> (Vec<Open>, VecDeque<Zeroizing<Vec<u8>>>) {
        let mut open = Vec::with_capacity(commands.len());
        let mut batches = VecDeque::new();
        let mut batch = Zeroizing::new(Vec::with_capacity(256));
        for command in commands {
            self.tag += 1;
            let tag = format!("p{}", self.tag);
            append(&mut batch, tag.as_bytes());
            append(&mut batch, b" ");
            for piece in command.pieces() {
                match piece {
                    Piece::Line(bytes) => append(&mut batch, bytes),
                    Piece::Literal(bytes) if self.may_send_unasked(bytes) => {
                        append(&mut batch, format!("{{{}+}}\r\n", bytes.len()).as_bytes());
                        append(&mut batch, bytes);
                    }
                    Piece::Literal(bytes) => {
                        append(&mut batch, format!("{{{}}}\r\n", bytes.len()).as_bytes());
                        batches.push_back(std::mem::replace(&mut batch, bytes.clone()));
                    }
                }
            }
            append(&mut batch, b"\r\n");
            self.metrics.commands.add(1);
            open.push(Open { tag, name: command.name(), untagged: Vec::new(), outcome: None });
        }
        batches.push_back(batch);
        (open, batches)
    }

    fn may_send_unasked(&self, literal: &[u8]) -> bool {
        self.capabilities.unasked_literal().is_some_and(|most| literal.len() <= most)
    }

    fn is_whole(&self, command: &Command) -> bool {
        command.pieces().iter().all(|piece| match piece {
            Piece::Line(_) => true,
            Piece::Literal(bytes) => self.may_send_unasked(bytes),
        })
    }

    fn complete(&mut self, open: &mut [Open], tag: &str, status: Status) -> Result<()> {
        let of_tag = open.iter_mut().find(|open| open.tag == tag && open.outcome.is_none());
        let Some(open) = of_tag else { return Err(Error::Nonsense { what: "foreign tag" }) };
        match status.kind {
            Kind::Ok => self.note_status(&status),
            Kind::No | Kind::Bad => {}
            Kind::Bye | Kind::Preauth => return Err(Error::Nonsense { what: "completion" }),
        }
        open.outcome = Some(status);
        Ok(())
    }

    async fn send(&mut self, bytes: Zeroizing<Vec<u8>>, step: Step) -> Result<()> {
        self.metrics.round_trips.add(1);
        self.metrics.bytes_out.add(u64::try_from(bytes.len()).unwrap_or_default());
        let stream = self.frames.stream();
        stream.write_all(&bytes).await.map_err(|_| Error::Closed { step })?;
        stream.flush().await.map_err(|_| Error::Closed { step })
    }

    /// What a status tells besides its words: capabilities, and how far the open mailbox has changed.
    fn note_status(&mut self, status: &Status) {
        self.note_capabilities(status);
        if status.code == Some(Code::HighestModSeq)
            && let Some(selected) = &mut self.selected
        {
            selected.modseq = selected.modseq.max(status.number().and_then(ModSeq::new));
        }
    }

    fn note_capabilities(&mut self, status: &Status) {
        if status.code == Some(Code::Capability) {
            self.capabilities = Capabilities::read(&token::read(&status.arguments));
            self.told = true;
        }
    }

    /// Keeps the number of messages in the open mailbox true (RFC 9051 §7.4.1, §7.5.1).
    fn note_news(&mut self, frame: &Frame, selecting: bool) -> Result<()> {
        let Some((number, name)) = response::name(frame) else { return Ok(()) };
        match (name.as_str(), number, &mut self.selected) {
            ("CAPABILITY", None, _) => {
                if let Some(data) = response::data(frame) {
                    self.capabilities = Capabilities::read(&data.tokens);
                    self.told = true;
                }
            }
            ("EXISTS", Some(count), Some(selected)) => selected.messages = count,
            ("EXPUNGE", Some(_), Some(selected)) => {
                selected.messages = selected.messages.saturating_sub(1);
            }
            ("STATUS", None, _) => self.note_others(frame),
            // With QRESYNC this stands for EXPUNGE (RFC 7162 §3.2.10), but for what vanished long ago.
            ("VANISHED", None, Some(selected)) => {
                let gone = vanished(frame).filter(|(earlier, _)| !earlier).map_or(0, |(_, gone)| gone.len());
                let gone = u32::try_from(gone).unwrap_or(u32::MAX);
                selected.messages = selected.messages.saturating_sub(gone);
            }
            ("EXISTS" | "EXPUNGE" | "FETCH", Some(_), None) if !selecting => {
                return Err(Error::Nonsense { what: "messages without a mailbox" });
            }
            _ => {}
        }
        Ok(())
    }
}

impl Connection {
    fn note_others(&mut self, frame: &Frame) {
        let Some(others) = self.others.as_mut().filter(|others| others.len() < limits::MAILBOXES) else {
            return;
        };
        let told = response::data(frame).and_then(|data| status::read_partial(&data));
        if let Some((name, told)) = told
            && let Ok(name) = MailboxName::new(name)
        {
            let known = others.entry(name).or_default();
            *known = told.over(*known);
        }
    }
}

/// Reads `* VANISHED (EARLIER) 41,43:116`: whether it is about what was before, and the UIDs (RFC 7162 §3.2.10).
pub(crate) fn vanished(frame: &Frame) -> Option<(bool, UidSet)> {
    let data = response::data(frame).filter(|data| data.name == "VANISHED")?;
    let (earlier, set) = match data.tokens.as_slice() {
        [token::Token::List(words), set, ..] => {
            (words.iter().any(|word| word.word().as_deref() == Some("EARLIER")), set)
        }
        [set, ..] => (false, set),
        [] => return None,
    };
    Some((earlier, UidSet::from_wire(&set.text()?).ok()?))
}

/// A status that may be a greeting.
pub(crate) fn greeting(frame: &Frame) -> Result<Status> {
    match classify(frame) {
        Response::Status(Status { kind: Kind::Bye, text, .. }) => Err(Error::Bye { text }),
        Response::Status(status) if matches!(status.kind, Kind::Ok | Kind::Preauth) => Ok(status),
        _ => Err(Error::Nonsense { what: "greeting" }),
    }
}

fn line(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut line = Zeroizing::new(Vec::with_capacity(bytes.len() + 2));
    line.extend_from_slice(bytes);
    line.extend_from_slice(b"\r\n");
    line
}

/// What a stream that gave no response means in a step.
pub(crate) fn broken(end: Broken, step: Step) -> Error {
    match end {
        Broken::End => Error::Closed { step },
        Broken::TooLarge(which) => Error::LimitExceeded { which },
    }
}
