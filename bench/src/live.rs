//! The event stream by which the server tells a browser what happens in its mailbox. Everything that must be known of it
//! stands here.

use std::time::Instant;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::Result;
use crate::browser::Browser;

/// Where it is.
const PATH: &str = "/live/me/INBOX";

/// An open stream: when something was told.
pub(crate) struct Live {
    told: UnboundedReceiver<Instant>,
}

/// Opens the stream of somebody who has signed in; `None` when this server has none.
pub(crate) async fn open(browser: &mut Browser) -> Result<Option<Live>> {
    let response = browser.stream(PATH).await?;
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    match response.status() {
        StatusCode::OK if kind.starts_with("text/event-stream") => {}
        // The fallback is a page that says so.
        StatusCode::NOT_FOUND | StatusCode::OK => return Ok(None),
        status => return Err(format!("{PATH}: {status}").into()),
    }
    let (tell, told) = unbounded_channel();
    let mut body: Incoming = response.into_body();
    tokio::spawn(async move {
        while let Some(Ok(frame)) = body.frame().await {
            let news = frame.data_ref().is_some_and(tells);
            // Nobody waits any more: then the stream may end.
            if news && tell.send(Instant::now()).is_err() {
                break;
            }
        }
    });
    Ok(Some(Live { told }))
}

impl Live {
    /// Forgets what was told so far.
    pub(crate) fn forget(&mut self) {
        while self.told.try_recv().is_ok() {}
    }

    /// When the next thing is told; `None` when the stream ends before.
    pub(crate) async fn next(&mut self) -> Option<Instant> {
        self.told.recv().await
    }
}

/// Whether a piece of the stream says anything. Comments, which keep it open, do not.
fn tells(piece: &Bytes) -> bool {
    piece.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"data:") || line.starts_with(b"event:"))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::{Live, open};
    use crate::browser::Browser;

    /// What a browser sees of a server that says this and closes.
    async fn opened(answer: String) -> Option<Live> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 1024];
            let _ = stream.read(&mut request).await.unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
        });
        open(&mut Browser::new(&origin)).await.unwrap()
    }

    #[tokio::test]
    async fn an_event_tells_something_and_a_comment_does_not() {
        const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
        let comment = opened(format!("{HEAD}: still here\n\n")).await;
        assert!(comment.unwrap().next().await.is_none());
        let event = opened(format!("{HEAD}event: mail\ndata: 1\n\n")).await;
        assert!(event.unwrap().next().await.is_some());
    }

    #[tokio::test]
    async fn a_server_without_a_stream_has_none() {
        let answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
        assert!(opened(answer.to_owned()).await.is_none());
    }
}
