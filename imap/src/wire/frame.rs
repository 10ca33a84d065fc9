//! The byte stream, cut into responses (RFC 9051 §2.2.2): a line, with the literals that it announces.

use std::io::ErrorKind;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};

use super::limits::Limits;

/// Anything that bytes can be read from and written to.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// One response as it came, literals inside, without the last line break.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    bytes: Vec<u8>,
    cut: bool,
}

impl Frame {
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether its end was forgotten, because it was longer than is kept.
    pub fn is_cut(&self) -> bool {
        self.cut
    }
}

impl From<Vec<u8>> for Frame {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, cut: false }
    }
}

impl std::fmt::Debug for Frame {
    /// It may be mail: only its size is printed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({} bytes)", self.bytes.len())
    }
}

/// Why there is no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The stream ended.
    End,
    /// A limit was passed.
    TooLarge(&'static str),
}

/// Bytes at the end of a line that can announce a literal: `~{18446744073709551615+}`, and a line break.
const ANNOUNCEMENT: usize = 32;

/// Cuts a stream into responses.
pub struct Frames<S> {
    stream: S,
    buffer: BytesMut,
    read: u64,
}

impl<S: Stream> Frames<S> {
    /// Over a stream from which nothing was read yet.
    pub fn new(stream: S) -> Self {
        Self { stream, buffer: BytesMut::new(), read: 0 }
    }

    /// The stream, for writing.
    pub fn stream(&mut self) -> &mut S {
        &mut self.stream
    }

    /// Bytes read so far.
    pub fn bytes_read(&self) -> u64 {
        self.read
    }

    /// Whether the stream is still open and nobody said goodbye on it meanwhile, as far as this can be known without
    /// waiting.
    pub fn is_quiet(&mut self) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        let mut chunk = [0; 1024];
        // What a server says of itself between commands is little; more than this is looked at with the next command.
        for _ in 0..16 {
            let mut into = ReadBuf::new(&mut chunk);
            match Pin::new(&mut self.stream).poll_read(&mut context, &mut into) {
                Poll::Pending => break,
                Poll::Ready(Ok(())) if !into.filled().is_empty() => {
                    self.read += u64::try_from(into.filled().len()).unwrap_or_default();
                    self.buffer.extend_from_slice(into.filled());
                }
                Poll::Ready(_) => return false,
            }
        }
        let mut lines = self.buffer.as_ref().split(|byte: &u8| *byte == b'\n');
        !lines.any(|line| line.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"* BYE")))
    }

    /// Gives the stream back, unless bytes were read that nobody asked for yet.
    pub fn into_stream(self) -> Option<S> {
        self.buffer.is_empty().then_some(self.stream)
    }

    /// Whether bytes are here that nobody asked for yet.
    pub fn has_some(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// Waits until there are. Whoever stops waiting loses nothing.
    ///
    /// # Errors
    /// When the stream ends or fails.
    pub async fn some(&mut self) -> Result<(), Broken> {
        if self.buffer.is_empty() {
            // A connection that waits for hours keeps no room for what may come.
            self.buffer = BytesMut::new();
        }
        self.more().await
    }

    /// The next response. Where it may be cut and is longer than is kept, its end is read and forgotten, as is the end
    /// of a literal.
    ///
    /// # Errors
    /// When the stream ends or fails, or a limit is passed; then the position in the stream is lost.
    pub async fn next(&mut self, limits: Limits) -> Result<Frame, Broken> {
        let may_be_cut = limits.forgotten > 0;
        let mut budget = limits.forgotten;
        let (mut bytes, mut cut) = (Vec::new(), false);
        let mut line = 0;
        loop {
            let begun = bytes.len();
            let room = match (cut, may_be_cut) {
                (true, _) => 0,
                (false, true) => limits.line.saturating_sub(begun),
                (false, false) => limits.line.saturating_sub(line),
            };
            let end = self.line(&mut bytes, room, &mut budget).await?;
            line += bytes.len() - begun;
            cut |= end.is_some();
            let end = end.as_deref().unwrap_or(bytes.get(begun..).unwrap_or_default());
            // A literal can't follow a status line, whose words may end in anything.
            let announced = if is_status(&bytes) { None } else { literal(end) };
            let Some(announced) = announced else { return Ok(Frame { bytes, cut }) };
            let size = usize::try_from(announced?).map_err(|_| Broken::TooLarge("literal"))?;
            if cut {
                self.forget(size, &mut budget).await?;
                continue;
            }
            let kept = if may_be_cut {
                size.min(limits.literal).min(limits.line.saturating_sub(bytes.len()))
            } else {
                size
            };
            if kept > limits.literal {
                return Err(Broken::TooLarge("literal"));
            }
            if bytes.len().saturating_add(kept) > limits.answer {
                return Err(Broken::TooLarge("answer"));
            }
            if size - kept > budget {
                return Err(Broken::TooLarge("literal"));
            }
            if kept < size {
                // It announces what is left of it.
                bytes.truncate(bytes.iter().rposition(|byte| *byte == b'{').unwrap_or_default());
                bytes.extend_from_slice(format!("{{{kept}}}").as_bytes());
            }
            bytes.extend_from_slice(b"\r\n");
            self.exactly(&mut bytes, kept).await?;
            self.forget(size - kept, &mut budget).await?;
        }
    }

    /// Appends a line without its line break. Of one that is longer than there is room, the rest is forgotten and its end
    /// is given back, as far as it takes to know whether a literal follows.
    async fn line(
        &mut self,
        into: &mut Vec<u8>,
        mut room: usize,
        budget: &mut usize,
    ) -> Result<Option<Vec<u8>>, Broken> {
        let mut searched = 0;
        let mut tail: Option<Vec<u8>> = None;
        loop {
            let found =
                self.buffer.get(searched..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n'));
            let chunk = match found {
                Some(position) => self.buffer.split_to(searched + position + 1),
                // One more, since the first half of its line break does not count.
                None if self.buffer.len() > room.saturating_add(1) => self.buffer.split(),
                None => {
                    searched = self.buffer.len();
                    self.more().await?;
                    continue;
                }
            };
            searched = 0;
            let line = chunk.strip_suffix(b"\n").unwrap_or(&chunk);
            let line = if found.is_some() { line.strip_suffix(b"\r").unwrap_or(line) } else { line };
            if tail.is_none() && found.is_some() && line.len() <= room {
                into.extend_from_slice(line);
                return Ok(None);
            }
            *budget = budget.checked_sub(chunk.len()).ok_or(Broken::TooLarge("line"))?;
            into.extend_from_slice(line.get(..room).unwrap_or(line));
            room = 0;
            let kept = tail.get_or_insert_default();
            // The line break may come in two pieces.
            kept.extend_from_slice(&chunk);
            kept.drain(..kept.len().saturating_sub(ANNOUNCEMENT));
            if found.is_some() {
                kept.pop();
                kept.pop_if(|last| *last == b'\r');
                return Ok(tail);
            }
        }
    }

    /// Reads so many bytes and forgets them.
    async fn forget(&mut self, mut size: usize, budget: &mut usize) -> Result<(), Broken> {
        *budget = budget.checked_sub(size).ok_or(Broken::TooLarge("literal"))?;
        while size > 0 {
            if self.buffer.is_empty() {
                self.more().await?;
            }
            let chunk = self.buffer.split_to(size.min(self.buffer.len()));
            size -= chunk.len();
        }
        Ok(())
    }

    /// Appends so many bytes. Memory grows with what arrives, never with what was announced.
    async fn exactly(&mut self, into: &mut Vec<u8>, mut size: usize) -> Result<(), Broken> {
        while size > 0 {
            if self.buffer.is_empty() {
                self.more().await?;
            }
            let chunk = self.buffer.split_to(size.min(self.buffer.len()));
            size -= chunk.len();
            into.extend_from_slice(&chunk);
        }
        Ok(())
    }

    async fn more(&mut self) -> Result<(), Broken> {
        self.buffer.reserve(8 * 1024);
        match self.stream.read_buf(&mut self.buffer).await {
            Ok(0) => Err(Broken::End),
            Ok(count) => {
                self.read += u64::try_from(count).unwrap_or_default();
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(()),
            Err(_) => Err(Broken::End),
        }
    }
}

/// Whether this is a status response: `* OK …`, `a1 NO …`, or a continuation.
fn is_status(line: &[u8]) -> bool {
    let mut words = line.splitn(3, |byte| *byte == b' ');
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    first == b"+"
        || [&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUTH"]
            .iter()
            .any(|word| second.eq_ignore_ascii_case(word))
}

/// The size of the literal that a line announces at its end: `{12}`, `{12+}`, `~{12}`.
fn literal(line: &[u8]) -> Option<Result<u64, Broken>> {
    let inner = line.strip_suffix(b"}")?;
    let open = inner.iter().rposition(|byte| *byte == b'{')?;
    let digits = inner.get(open + 1..)?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
    Some(number.ok_or(Broken::TooLarge("literal")))
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::{Broken, Frame, Frames};
    use crate::wire::limits::Limits;

    async fn read(bytes: &[u8], limits: Limits) -> Vec<Result<Frame, Broken>> {
        let (mut server, client) = tokio::io::duplex(1 << 20);
        server.write_all(bytes).await.unwrap();
        drop(server);
        let mut frames = Frames::new(client);
        let mut read = Vec::new();
        loop {
            let frame = frames.next(limits).await;
            let end = frame.is_err();
            read.push(frame);
            if end {
                return read;
            }
        }
    }

    #[tokio::test]
    async fn literals_stay_with_the_line_that_announced_them() {
        let frames = read(b"* 1 FETCH (A {3}\r\nx\r\n B ~{2}\r\nyz)\r\n* 2 EXISTS\n", Limits::SMALL).await;
        assert_eq!(frames[0], Ok(Frame::from(b"* 1 FETCH (A {3}\r\nx\r\n B ~{2}\r\nyz)".to_vec())));
        assert_eq!(frames[1], Ok(Frame::from(b"* 2 EXISTS".to_vec())));
        assert_eq!(frames[2], Err(Broken::End));
    }

    #[tokio::test]
    async fn the_words_of_a_status_may_look_like_a_literal() {
        let frames = read(b"a1 OK done {400000000}\r\n* NO {5}\r\n", Limits::SMALL).await;
        assert!(frames[0].is_ok() && frames[1].is_ok());
    }

    #[tokio::test]
    async fn a_huge_literal_is_refused_when_it_is_announced() {
        let frames = read(b"* 1 FETCH (BODY[] {400000000}\r\n", Limits::SMALL).await;
        assert_eq!(frames[0], Err(Broken::TooLarge("literal")));
        let frames = read(b"* 1 FETCH (BODY[] {99999999999999999999999}\r\n", Limits::SMALL).await;
        assert_eq!(frames[0], Err(Broken::TooLarge("literal")));
    }

    #[tokio::test]
    async fn a_line_without_end_is_refused() {
        let frames = read(&vec![b'x'; 100_000], Limits::SMALL).await;
        assert_eq!(frames[0], Err(Broken::TooLarge("line")));
    }

    const CUT: Limits = Limits { line: 40, literal: 8, answer: 1000, forgotten: 500 };

    #[tokio::test]
    async fn what_is_longer_than_is_kept_is_cut_and_the_next_response_is_whole() {
        let long =
            format!("* 1 FETCH (UID 7 X \"{}\" Y {{5}}\r\na\r\n)b Z ~{{3+}}\r\nxyz)\r\n", "x".repeat(100));
        for text in [long.clone(), long.replace('x', "{")] {
            let frames = read(format!("{text}* 2 EXISTS\r\n").as_bytes(), CUT).await;
            let frame = frames[0].as_ref().unwrap();
            assert!(
                frame.is_cut()
                    && frame.bytes().starts_with(b"* 1 FETCH (UID 7 X \"")
                    && frame.bytes().len() == 40
            );
            assert_eq!(frames[1], Ok(Frame::from(b"* 2 EXISTS".to_vec())), "{text}");
        }
    }

    #[tokio::test]
    async fn a_line_that_is_cut_ends_where_another_would() {
        for end in ["{1}\r", "{1} "] {
            let frames = read(format!("* {}{end}\r\n* 2 EXISTS\r\n", "x".repeat(60)).as_bytes(), CUT).await;
            assert_eq!(frames[1], Ok(Frame::from(b"* 2 EXISTS".to_vec())), "{end:?}");
        }
    }

    #[tokio::test]
    async fn a_literal_that_is_longer_than_is_kept_is_shortened_and_what_follows_it_stays() {
        let frames = read(b"* 1 FETCH (A {100}\r\n0123456789", CUT).await;
        assert_eq!(frames[0], Err(Broken::End));
        let text = format!("* 1 FETCH (A {{100}}\r\n{} B 2)\r\n* 2 EXISTS\r\n", "0123456789".repeat(10));
        let frames = read(text.as_bytes(), CUT).await;
        assert_eq!(frames[0], Ok(Frame::from(b"* 1 FETCH (A {8}\r\n01234567 B 2)".to_vec())));
        assert_eq!(frames[1], Ok(Frame::from(b"* 2 EXISTS".to_vec())));
    }

    #[tokio::test]
    async fn what_is_longer_than_anybody_reads_ends_the_connection() {
        let line = format!("* 1 FETCH ({})\r\n", "x".repeat(1000));
        assert_eq!(read(line.as_bytes(), CUT).await[0], Err(Broken::TooLarge("line")));
        assert_eq!(read(b"* 1 FETCH (A {1000}\r\n", CUT).await[0], Err(Broken::TooLarge("literal")));
    }

    #[tokio::test]
    async fn a_stream_that_ends_inside_a_literal_is_no_response() {
        assert_eq!(read(b"* 1 FETCH (A {10}\r\nabc", Limits::SMALL).await, [Err(Broken::End)]);
    }
}
