//! Connections of browsers: how many, how long they may take to ask, and how they end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use socket2::SockRef;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

/// Connections at a time. Further ones wait until one of them ends.
const CONNECTIONS: usize = 8_192;

/// Longest time for the head of a request to arrive, and for a connection to wait for its next one.
const HEAD_LIMIT: Duration = Duration::from_secs(30);

/// For how long a browser may take nothing of what is sent to it.
const READ_LIMIT: Duration = Duration::from_secs(60);

/// Bytes of the head of a request.
const HEAD_SIZE: usize = 32 * 1024;

/// For how long answers under way may go on when the server ends.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// Serves until `end`, and then what is under way.
pub async fn serve(listener: TcpListener, router: Router, end: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let ending = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_LIMIT).max_header_size(HEAD_SIZE);
    tokio::pin!(end);
    loop {
        let accepted = async {
            let place = places.clone().acquire_owned().await.ok()?;
            Some((listener.accept().await, place))
        };
        let (accepted, place) = tokio::select! {
            accepted = accepted => match accepted {
                Some(accepted) => accepted,
                None => break,
            },
            () = &mut end => break,
        };
        let (tcp, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Most often there are no descriptors left: trying again at once would only burn time.
                tracing::warn!(cause = %error, "no connection could be accepted");
                sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let _ = tcp.set_nodelay(true);
        // Who asks and then reads nothing would keep a place for ever.
        let _ = SockRef::from(&tcp).set_tcp_user_timeout(Some(READ_LIMIT));
        let router = router.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer));
            router.clone().oneshot(request)
        });
        let connection = ending.watch(http.serve_connection(TokioIo::new(tcp), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(cause = %error, "a browser's connection broke off");
            }
            drop(place);
        });
    }
    drop(listener);
    if timeout(LAST_ANSWERS, ending.shutdown()).await.is_err() {
        tracing::info!("ended before all answers were read");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::Router;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::oneshot;

    use super::serve;

    #[tokio::test]
    async fn who_never_finishes_asking_is_let_go_and_others_are_served() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (end, ended) = oneshot::channel::<()>();
        let router = Router::new().route("/", get(|| async { "here" }));
        let serving = tokio::spawn(serve(listener, router, async { drop(ended.await) }));

        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(b"GET / HTTP/1.1\r\nHost: a").await.unwrap();
        let mut other = TcpStream::connect(address).await.unwrap();
        other.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        other.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("here"), "{answer}");

        // From here on the clock runs as fast as everybody waits.
        tokio::time::pause();
        let mut rest = Vec::new();
        let waited = tokio::time::timeout(Duration::from_secs(60), slow.read_to_end(&mut rest)).await;
        assert!(waited.is_ok(), "still open");
        end.send(()).unwrap();
        serving.await.unwrap();
    }
}
