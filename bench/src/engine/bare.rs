//! A connection that understands nothing: it sends lines that were written before and reads until the last of them is
//! answered. What the same commands cost here is what no client can be quicker than.

use testbed::Description;
use testbed::people::Person;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::Result;

/// The connection.
pub(crate) struct Bare {
    stream: TlsStream<TcpStream>,
    /// The answer to the last commands.
    answer: Vec<u8>,
    piece: Vec<u8>,
    tag: u32,
    /// Bytes read so far.
    pub(crate) bytes: u64,
}

/// Commands that travel together, ready to be sent.
pub(crate) struct Written {
    bytes: Vec<u8>,
    last_tag: String,
}

impl Bare {
    /// Connects and signs in.
    pub(crate) async fn sign_in(testbed: &Description, person: &Person) -> Result<Self> {
        let stream = testbed::tls::connect(&testbed.host, testbed.imap, &testbed.ca_file).await?;
        let piece = vec![0; 64 * 1024];
        let mut bare = Self { stream, answer: Vec::new(), piece, tag: 0, bytes: 0 };
        // The greeting is one line.
        bare.until(|answer| answer.ends_with(b"\r\n")).await?;
        bare.ask(&format!("LOGIN {} {}", person.address, person.password)).await?;
        Ok(bare)
    }

    /// Gives each round trip's commands their tags.
    pub(crate) fn write(&mut self, trips: &[Vec<String>]) -> Vec<Written> {
        trips
            .iter()
            .map(|lines| {
                let mut written = Written { bytes: Vec::new(), last_tag: String::new() };
                for line in lines {
                    self.tag += 1;
                    written.last_tag = format!("b{} ", self.tag);
                    written.bytes.extend_from_slice(format!("{}{line}\r\n", written.last_tag).as_bytes());
                }
                written
            })
            .collect()
    }

    /// Sends and waits for each round trip after the other.
    pub(crate) async fn say(&mut self, trips: &[Written]) -> Result {
        for trip in trips {
            self.stream.write_all(&trip.bytes).await?;
            self.stream.flush().await?;
            let tag = trip.last_tag.as_bytes();
            self.until(|answer| last_line(answer).is_some_and(|line| line.starts_with(tag))).await?;
            let end = last_line(&self.answer).and_then(|line| line.get(tag.len()..)).unwrap_or_default();
            if !end.starts_with(b"OK") {
                let (sent, told) = (String::from_utf8_lossy(&trip.bytes), String::from_utf8_lossy(end));
                return Err(format!("{}: {}", sent.trim(), told.trim()).into());
            }
        }
        Ok(())
    }

    /// One command, written now; gives the whole answer.
    pub(crate) async fn ask(&mut self, line: &str) -> Result<&str> {
        let written = self.write(&[vec![line.to_owned()]]);
        self.say(&written).await?;
        Ok(std::str::from_utf8(&self.answer)?)
    }

    /// The numbers that a search tells, in its order.
    pub(crate) async fn numbers(&mut self, line: &str) -> Result<Vec<u32>> {
        let answer = self.ask(line).await?;
        let told = answer
            .lines()
            .filter_map(|line| line.strip_prefix("* SEARCH").or_else(|| line.strip_prefix("* SORT")));
        Ok(told.flat_map(str::split_whitespace).filter_map(|number| number.parse().ok()).collect())
    }

    async fn until(&mut self, complete: impl Fn(&[u8]) -> bool) -> Result {
        self.answer.clear();
        while !complete(&self.answer) {
            let read = self.stream.read(&mut self.piece).await?;
            if read == 0 {
                return Err("the mail server closed the connection".into());
            }
            self.bytes += read as u64;
            self.answer.extend_from_slice(self.piece.get(..read).unwrap_or_default());
        }
        Ok(())
    }
}

/// The last line, if it is complete.
fn last_line(answer: &[u8]) -> Option<&[u8]> {
    let whole = answer.strip_suffix(b"\r\n")?;
    let begin = whole.iter().rposition(|byte| *byte == b'\n').map_or(0, |position| position + 1);
    whole.get(begin..)
}
