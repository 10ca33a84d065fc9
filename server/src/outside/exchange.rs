//! One question and its answer, over a connection of its own.

use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use url::Url;

use super::Refused;

/// What every browser begins with, and the whole of what we say about ourselves.
const USER_AGENT: &str = "Mozilla/5.0";

/// What can be shown.
const ACCEPT: &str = "image/webp,image/png,image/jpeg,image/gif";

/// Bytes of the head of an answer.
const HEAD_BYTES: usize = 64 * 1024;

/// Header fields of an answer.
const FIELDS: usize = 100;

/// What is asked.
pub(super) struct Request {
    /// How.
    pub(super) method: Method,
    /// The form that is posted.
    pub(super) form: Option<&'static str>,
}

/// An answer that begins. The connection closes when it is dropped.
pub(super) struct Answer {
    response: hyper::Response<Incoming>,
    /// Drives the connection.
    _driver: JoinSet<()>,
}

impl Answer {
    pub(super) fn status(&self) -> StatusCode {
        self.response.status()
    }

    pub(super) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }

    /// All of it, if it is no more than so many bytes.
    pub(super) async fn bytes(self, most: usize) -> Result<Bytes, Refused> {
        let Self { response, _driver } = self;
        let mut body = response.into_body();
        if body.size_hint().lower() > most as u64 {
            return Err(Refused::TooLarge);
        }
        let mut read = Vec::new();
        while let Some(frame) = body.frame().await {
            if let Ok(bytes) = frame.map_err(|_| Refused::Answer)?.into_data() {
                if read.len().saturating_add(bytes.len()) > most {
                    return Err(Refused::TooLarge);
                }
                read.extend_from_slice(&bytes);
            }
        }
        // Room that nothing is in would be kept along.
        Ok(read.into_boxed_slice().into())
    }
}

/// Asks over this connection, by TLS where there is a connector.
pub(super) async fn exchange(
    stream: TcpStream,
    tls: Option<&TlsConnector>,
    url: &Url,
    request: Request,
) -> Result<Answer, Refused> {
    let request = written(url, request)?;
    let Some(tls) = tls else { return converse(stream, request).await };
    // An address in brackets, and the dot behind a name, are no part of what a certificate is for.
    let name = url.host_str().unwrap_or_default().trim_matches(['[', ']']).trim_end_matches('.');
    let name = ServerName::try_from(name.to_owned()).map_err(|_| Refused::Url)?;
    converse(tls.connect(name, stream).await.map_err(|_| Refused::Tls)?, request).await
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: hyper::Request<Full<Bytes>>,
) -> Result<Answer, Refused> {
    let connecting = http1::Builder::new().max_buf_size(HEAD_BYTES).max_headers(FIELDS).to_owned();
    let (mut sender, connection) =
        connecting.handshake(TokioIo::new(stream)).await.map_err(|_| Refused::Unreachable)?;
    let mut driver = JoinSet::new();
    driver.spawn(async {
        // Whoever waits for the answer is told.
        let _ = connection.await;
    });
    let response = sender.send_request(request).await.map_err(|_| Refused::Answer)?;
    Ok(Answer { response, _driver: driver })
}

/// The question as it travels: nothing in it is about the person who asks.
fn written(url: &Url, request: Request) -> Result<hyper::Request<Full<Bytes>>, Refused> {
    let path = url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => return Err(Refused::Url),
    };
    let mut written = hyper::Request::builder()
        .method(request.method)
        .uri(path)
        .header(header::HOST, HeaderValue::from_str(&host).map_err(|_| Refused::Url)?)
        .header(header::USER_AGENT, USER_AGENT)
        .header(header::CONNECTION, "close");
    written = match request.form {
        Some(_) => written.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
        None => written.header(header::ACCEPT, ACCEPT),
    };
    let body = Full::new(Bytes::from_static(request.form.unwrap_or_default().as_bytes()));
    written.body(body).map_err(|_| Refused::Url)
}
