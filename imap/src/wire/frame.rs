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
pub struct Frame(Vec<u8>);

impl Frame {
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Frame {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl std::fmt::Debug for Frame {
    /// It may be mail: only its size is printed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({} bytes)", self.0.len())
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

    /// The next response.
    ///
    /// # Errors
    /// When the stream ends or fails, or a limit is passed; then the position in the stream is lost.
    pub async fn next(&mut self, limits: Limits) -> Result<Frame, Broken> {
        let mut frame = Vec::new();
        let mut line = 0;
        loop {
            let begun = frame.len();
            self.line(&mut frame, limits.line.saturating_sub(line)).await?;
            line += frame.len() - begun;
            // A literal can't follow a status line, whose words may end in anything.
            let announced =
                if is_status(&frame) { None } else { literal(frame.get(begun..).unwrap_or_default()) };
            let Some(announced) = announced else { return Ok(Frame(frame)) };
            let size = usize::try_from(announced?).map_err(|_| Broken::TooLarge("literal"))?;
            if size > limits.literal {
                return Err(Broken::TooLarge("literal"));
            }
            if frame.len().saturating_add(size) > limits.answer {
                return Err(Broken::TooLarge("answer"));
            }
            frame.extend_from_slice(b"\r\n");
            self.exactly(&mut frame, size).await?;
        }
    }

    /// Appends a line without its line break.
    async fn line(&mut self, into: &mut Vec<u8>, limit: usize) -> Result<(), Broken> {
        let mut searched = 0;
        loop {
            let found =
                self.buffer.get(searched..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n'));
            if let Some(position) = found {
                let line = self.buffer.split_to(searched + position + 1);
                let line = line.strip_suffix(b"\n").unwrap_or(&line);
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                if line.len() > limit {
                    return Err(Broken::TooLarge("line"));
                }
                into.extend_from_slice(line);
                return Ok(());
            }
            searched = self.buffer.len();
            if searched > limit {
                return Err(Broken::TooLarge("line"));
            }
            self.more().await?;
        }
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

    #[tokio::test]
    async fn a_stream_that_ends_inside_a_literal_is_no_response() {
        assert_eq!(read(b"* 1 FETCH (A {10}\r\nabc", Limits::SMALL).await, [Err(Broken::End)]);
    }
}
