//! A server that says what a test tells it to, over a pipe in memory: for what no real one does when asked to.

use std::sync::Arc;
use std::time::Duration;

use model::mailbox::{MailboxName, Selected};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::JoinHandle;

use crate::connect::Timeouts;
use crate::connection::Connection;
use crate::metrics::Metrics;

/// What the server answers to a line that holds this word; `{tag}` is filled in. An empty answer hangs up. A line that
/// nothing fits is answered with OK.
pub(crate) type Script = [(&'static str, &'static str)];

/// A connection to a server that greets with this response code, and what the server heard.
pub(crate) async fn greeted(greeting: &str, script: &Script) -> (Connection, JoinHandle<Vec<u8>>) {
    let (server, client) = tokio::io::duplex(1 << 16);
    let serving = tokio::spawn(serve(server, format!("* OK {greeting} ready\r\n"), script.to_vec()));
    let second = Duration::from_secs(1);
    let timeouts = Timeouts::new(second, second);
    let mut connection =
        Connection::new(Box::new(client), timeouts, Default::default(), Arc::new(Metrics::default()));
    connection.greeting().await.unwrap();
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
