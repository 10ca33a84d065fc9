//! A server that says what a test tells it to, over a pipe in memory: for what no real one does when asked to.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::mailbox::{MailboxName, Selected};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::JoinHandle;
use tracing::field::{Field, Visit};
use tracing::span;

use crate::connect::Timeouts;
use crate::connection::Connection;
use crate::metrics::Metrics;

/// What the server answers to a line that holds this word; `{tag}` is filled in. An empty answer hangs up. A line that
/// nothing fits is answered with OK.
pub(crate) type Script = [(&'static str, &'static str)];

/// A connection to a server that greets with this response code, and what the server heard.
pub(crate) async fn greeted(greeting: &str, script: &Script) -> (Connection, JoinHandle<Vec<u8>>) {
    let (mut connection, serving) = silent(format!("* OK {greeting} ready\r\n"), script);
    connection.greeting().await.unwrap();
    (connection, serving)
}

/// A connection on which this line waits to be read as the greeting.
pub(crate) fn silent(greeting: String, script: &Script) -> (Connection, JoinHandle<Vec<u8>>) {
    let (server, client) = tokio::io::duplex(1 << 16);
    let serving = tokio::spawn(serve(server, greeting, script.to_vec()));
    let second = Duration::from_secs(1);
    let timeouts = Timeouts::new(second, second);
    let connection =
        Connection::new(Box::new(client), timeouts, Default::default(), Arc::new(Metrics::default()));
    (connection, serving)
}

/// The same, with a mailbox open that has so many messages.
pub(crate) async fn opened(
    messages: u32,
    greeting: &str,
    script: &Script,
) -> (Connection, JoinHandle<Vec<u8>>) {
    let (mut connection, serving) = greeted(greeting, script).await;
    connection.set_selected(Some(Selected {
        name: MailboxName::inbox(),
        validity: None,
        modseq: None,
        id: None,
        messages,
        read_only: false,
        rights: None,
    }));
    (connection, serving)
}

/// Everything that the server heard, once the connection was dropped.
pub(crate) async fn heard(server: JoinHandle<Vec<u8>>) -> String {
    String::from_utf8(server.await.unwrap()).unwrap()
}

async fn serve(
    mut stream: DuplexStream,
    greeting: String,
    script: Vec<(&'static str, &'static str)>,
) -> Vec<u8> {
    let mut heard = Vec::new();
    let mut line = Vec::new();
    if stream.write_all(greeting.as_bytes()).await.is_err() {
        return heard;
    }
    while let Ok(byte) = stream.read_u8().await {
        heard.push(byte);
        line.push(byte);
        if byte != b'\n' {
            continue;
        }
        let text = String::from_utf8_lossy(&line).into_owned();
        line.clear();
        let tag = text.split(' ').next().unwrap_or_default();
        let answer = script.iter().find(|(word, _)| text.contains(word)).map_or("{tag} OK\r\n", |(_, a)| a);
        if answer.is_empty() || stream.write_all(answer.replace("{tag}", tag).as_bytes()).await.is_err() {
            return heard;
        }
    }
    heard
}

/// Everything that this thread logs, at every level.
#[derive(Clone, Default)]
pub(crate) struct Journal(Arc<Mutex<String>>);

impl Journal {
    /// Begins to listen, until the guard is dropped.
    pub(crate) fn begin() -> (Self, tracing::subscriber::DefaultGuard) {
        let journal = Self::default();
        let guard = tracing::subscriber::set_default(journal.clone());
        (journal, guard)
    }

    pub(crate) fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }
}

impl tracing::Subscriber for Journal {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        span.record(&mut Words(&mut self.0.lock().unwrap()));
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut Words(&mut self.0.lock().unwrap()));
    }
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut Words(&mut self.0.lock().unwrap()));
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

struct Words<'a>(&'a mut String);

impl Visit for Words<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = writeln!(self.0, "{field}={value:?}");
    }
}
