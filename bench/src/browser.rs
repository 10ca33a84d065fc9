//! A browser without a window: one connection that stays open, one cookie.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, COOKIE, HOST, HeaderMap, LOCATION, ORIGIN, SET_COOKIE,
};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use model::mailbox::MailboxName;
use model::message::MessageQuestion;
use model::uid::{MessageKey, UidInEpoch};
use testbed::people::Person;
use tokio::net::TcpStream;

use crate::Result;

/// The list of the Inbox, where everybody lands.
pub(crate) const INBOX: &str = "/mail/me/INBOX";

/// Where the program asks for a message.
const OPEN: &str = "/api/message/open";

/// Longer than any answer should take; then it is an error and the next is asked for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody's browser.
pub(crate) struct Browser {
    origin: String,
    connection: Option<SendRequest<Full<Bytes>>>,
    cookie: String,
}

impl Browser {
    /// One that was never here.
    pub(crate) fn new(origin: &str) -> Self {
        Self { origin: origin.trim_end_matches('/').to_owned(), connection: None, cookie: String::new() }
    }

    /// Signs in by the form of the page.
    pub(crate) async fn sign_in(&mut self, person: &Person) -> Result {
        let fields =
            [("login", person.address.as_str()), ("password", person.password.as_str()), ("next", "")];
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.request(Method::POST, "/sign-in")?;
        let request = request
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ORIGIN, &self.origin)
            .body(Full::from(form))?;
        let response = self.send(request).await?;
        let (status, cookie) = (response.status(), cookie(response.headers()));
        let signed_in = status == StatusCode::SEE_OTHER && response.headers().contains_key(LOCATION);
        response.into_body().collect().await?;
        match cookie {
            Some(cookie) if signed_in => self.cookie = cookie,
            _ => return Err(format!("{} cannot sign in: {status}", person.address).into()),
        }
        Ok(())
    }

    /// A page as it travels, compressed.
    pub(crate) async fn page(&mut self, path: &str) -> Result<Bytes> {
        let request = self.request(Method::GET, path)?.header(ACCEPT_ENCODING, "gzip, deflate, br, zstd");
        self.whole(path, request.body(Full::default())?).await
    }

    /// A message of the Inbox by the path of its page, as the program asks for it.
    pub(crate) async fn open(&mut self, path: &str) -> Result<Bytes> {
        let at: UidInEpoch =
            path.rsplit('/').next().unwrap_or_default().parse().map_err(|_| "no path of a message")?;
        let key = MessageKey { mailbox: MailboxName::inbox(), at };
        let question =
            serde_json::json!({ "question": MessageQuestion { key, within: None, pictures: false } });
        let request = self
            .request(Method::POST, OPEN)?
            .header(CONTENT_TYPE, "application/json")
            .header(ORIGIN, &self.origin)
            .header(ACCEPT_ENCODING, "gzip, deflate, br, zstd")
            .body(Full::from(question.to_string()))?;
        self.whole(OPEN, request).await
    }

    /// A page to look for something in.
    pub(crate) async fn text(&mut self, path: &str) -> Result<String> {
        let request = self.request(Method::GET, path)?;
        let bytes = self.whole(path, request.body(Full::default())?).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// An answer that goes on for as long as the browser listens.
    pub(crate) async fn stream(&mut self, path: &str) -> Result<Response<Incoming>> {
        let request = self.request(Method::GET, path)?.header(ACCEPT, "text/event-stream");
        self.send(request.body(Full::default())?).await
    }

    /// Closes the connection; the cookie stays.
    pub(crate) fn hang_up(&mut self) {
        self.connection = None;
    }

    async fn whole(&mut self, path: &str, request: Request<Full<Bytes>>) -> Result<Bytes> {
        let response = self.send(request).await?;
        let status = response.status();
        let body = tokio::time::timeout(PATIENCE, response.into_body().collect()).await;
        let Ok(Ok(body)) = body else {
            self.connection = None;
            return Err(format!("{path}: the answer broke off").into());
        };
        if status != StatusCode::OK {
            return Err(format!("{path}: {status}").into());
        }
        Ok(body.to_bytes())
    }

    fn request(&self, method: Method, path: &str) -> Result<hyper::http::request::Builder> {
        let host = self.origin.split_once("://").map_or(self.origin.as_str(), |(_, host)| host);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, host)
            .header("sec-fetch-site", "same-origin");
        Ok(if self.cookie.is_empty() { request } else { request.header(COOKIE, &self.cookie) })
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>> {
        let mut connection = match self.connection.take().filter(|connection| !connection.is_closed()) {
            Some(connection) => connection,
            None => connect(&self.origin).await?,
        };
        connection.ready().await?;
        let response = tokio::time::timeout(PATIENCE, connection.send_request(request)).await??;
        self.connection = Some(connection);
        Ok(response)
    }
}

async fn connect(origin: &str) -> Result<SendRequest<Full<Bytes>>> {
    let (_, address) = origin.split_once("://").ok_or("the server's address has no scheme")?;
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    // How it ends is seen by whoever asks next.
    tokio::spawn(async { drop(connection.await) });
    Ok(sender)
}

/// The session of an answer, as a browser sends it back.
fn cookie(headers: &HeaderMap) -> Option<String> {
    let mut all = headers.get_all(SET_COOKIE).iter();
    all.find_map(|cookie| Some(cookie.to_str().ok()?.split(';').next()?.to_owned()))
}
