//! A server that is nothing but its answers, kept in memory: for fuzzing, which needs thousands of connections a second.
//!
//! This is no third way to a mail server ([`connect`](crate::connect) knows two, both TLS): what is read here is what
//! was put in, and what is written goes nowhere. `cargo xtask tidy` looks that only tests name it.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use model::mailbox::Selected;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::connect::Timeouts;
use crate::connection::Connection;
use crate::error::Result;
use crate::metrics::Metrics;

/// What a server says: an answer to each line that it hears, one after the other.
#[derive(Debug, Default)]
pub struct Answers {
    answers: VecDeque<Vec<u8>>,
    /// What was said and not read yet.
    said: VecDeque<u8>,
    /// The line that is being heard.
    line: Vec<u8>,
    tag: Vec<u8>,
    hung_up: bool,
}

/// What stands in an answer for the tag of the command that was heard last.
const TAG: &[u8] = b"{tag}";

impl Answers {
    /// The first is the greeting. An empty one hangs up; when there are no more, every command is fine.
    pub fn new(answers: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut server = Self { answers: answers.into_iter().collect(), ..Self::default() };
        server.answer();
        server
    }

    fn answer(&mut self) {
        let answer = self.answers.pop_front().unwrap_or_else(|| b"{tag} OK\r\n".to_vec());
        self.hung_up |= answer.is_empty();
        let mut rest = answer.as_slice();
        while let Some(at) = rest.windows(TAG.len()).position(|word| word == TAG) {
            self.said.extend(rest.get(..at).unwrap_or_default());
            self.said.extend(&self.tag);
            rest = rest.get(at + TAG.len()..).unwrap_or_default();
        }
        self.said.extend(rest);
    }

    fn hear(&mut self) {
        let line = std::mem::take(&mut self.line);
        // What belongs to no command, as DONE does, is of the one before.
        let first = line.split(|byte| *byte == b' ').next().unwrap_or_default();
        if first.len() < line.len() && first.starts_with(b"p") {
            self.tag = first.to_vec();
        }
        self.answer();
    }
}

impl AsyncRead for Answers {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.said.is_empty() {
            // Nobody else writes: whoever waits here is woken by the time that is over.
            return if self.hung_up { Poll::Ready(Ok(())) } else { Poll::Pending };
        }
        let (front, _) = self.said.as_slices();
        let length = front.len().min(into.remaining());
        into.put_slice(front.get(..length).unwrap_or_default());
        self.said.drain(..length);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Answers {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        for byte in bytes {
            if *byte != b'\n' {
                self.line.push(*byte);
            } else if !self.hung_up {
                self.hear();
            }
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// A connection to such a server, greeted, with this mailbox open and news of all others wanted.
///
/// # Errors
/// When the first answer is no greeting.
pub async fn greeted(server: Answers, timeouts: Timeouts, open: Option<Selected>) -> Result<Connection> {
    let metrics = Arc::new(Metrics::default());
    let mut connection = Connection::new(Box::new(server), timeouts, Default::default(), metrics);
    connection.greeting().await?;
    connection.resyncs = open.is_some().then_some(true);
    connection.others = Some(Default::default());
    connection.set_selected(open);
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::{Answers, greeted};
    use crate::connect::Timeouts;
    use crate::error::Error;

    async fn noop(answers: &[&str]) -> Result<(), Error> {
        let answers = answers.iter().map(|answer| answer.as_bytes().to_vec());
        greeted(Answers::new(answers), Timeouts::default(), None).await?.noop().await
    }

    #[tokio::test(start_paused = true)]
    async fn answers_come_in_turn_with_the_tag_of_what_was_heard() {
        assert!(noop(&["* OK [CAPABILITY IMAP4rev1] hello\r\n", "{tag} OK {tag}\r\n"]).await.is_ok());
        assert!(noop(&["* OK\r\n"]).await.is_ok());
        assert!(matches!(noop(&["* OK\r\n", ""]).await, Err(Error::Closed { .. })));
        assert!(matches!(noop(&["* OK\r\n", "* OK not yet\r\n"]).await, Err(Error::Timeout { .. })));
        assert!(matches!(noop(&["p1 OK\r\n"]).await, Err(Error::Nonsense { .. })));
    }
}
