//! Pictures from elsewhere: asked for once for all readers, looked at, and kept in memory for a while.

use std::sync::Arc;

use axum::body::Bytes;
use database::PersonId;
use message::raster::Raster;
use quick_cache::Weighter;
use quick_cache::sync::{Cache, EntryAction, EntryResult};
use sha2::{Digest, Sha256};

use super::turns::Turns;
use crate::outside::{Outside, Refused};

/// Most bytes that are kept.
const KEPT_BYTES: u64 = 64 * 1024 * 1024;

/// How long a picture is kept, in seconds. Whoever sent it does not learn that it is looked at again.
const PICTURE: i64 = 3_600;

/// How long it is remembered that there is none, in seconds.
const NONE: i64 = 60;

/// Bytes that an entry takes beside its picture.
const ENTRY: u64 = 256;

/// A picture that is what it says.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The type that it is to be served as.
    pub content_type: &'static str,
    /// All of it.
    pub bytes: Bytes,
}

#[derive(Clone, Debug)]
struct Kept {
    until: i64,
    picture: Option<Picture>,
}

#[derive(Clone, Debug)]
struct Weigh;

impl Weighter<Name, Kept> for Weigh {
    fn weight(&self, _: &Name, kept: &Kept) -> u64 {
        ENTRY + kept.picture.as_ref().map_or(0, |picture| picture.bytes.len() as u64)
    }
}

/// A hash of the address: a picture may have a long one.
type Name = [u8; 32];

/// Pictures from elsewhere.
pub struct Elsewhere {
    outside: Arc<Outside>,
    kept: Cache<Name, Kept, Weigh>,
    turns: Turns,
}

impl Elsewhere {
    /// By this way.
    pub fn new(outside: Arc<Outside>) -> Self {
        // By so few expected entries all of it is one piece, in which a large picture has room.
        Self { outside, kept: Cache::with_weighter(32, KEPT_BYTES, Weigh), turns: Turns::default() }
    }

    /// The picture at this address, for a person who wishes to see it. Whatever may be the reason that there is none, it
    /// is the same.
    pub async fn picture(&self, person: PersonId, url: &str, now: i64) -> Option<Picture> {
        let name: Name = Sha256::digest(url).into();
        let known = self.kept.entry_async(&name, |_, kept| {
            if now < kept.until {
                EntryAction::Retain(kept.picture.clone())
            } else {
                EntryAction::ReplaceWithGuard
            }
        });
        let place = match known.await {
            EntryResult::Retained(picture) => return picture,
            EntryResult::Vacant(place) | EntryResult::Replaced(place, _) => place,
            EntryResult::Removed(..) | EntryResult::Timeout => return None,
        };
        // From here on others who want it wait; where this one is dropped, the next of them asks.
        let _turn = self.turns.take(person, now).await?;
        let picture = self.fetch(url).await;
        let lasts = if picture.is_some() { PICTURE } else { NONE };
        // What is too heavy, or was put there meanwhile, is not kept.
        let _ = place.insert(Kept { until: now + lasts, picture: picture.clone() });
        picture
    }

    async fn fetch(&self, url: &str) -> Option<Picture> {
        let fetched = self.outside.picture(url).await.and_then(|bytes| {
            let raster = Raster::of(&bytes).ok_or(Refused::Answer)?;
            Ok(Picture { content_type: raster.content_type, bytes })
        });
        fetched.inspect_err(|refused| tracing::debug!(%refused, "a picture from elsewhere is not shown")).ok()
    }
}

impl std::fmt::Debug for Elsewhere {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Elsewhere")
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::Router;
    use axum::extract::State;
    use axum::http::header;
    use axum::routing::get;
    use database::{PersonId, ServerKey};
    use tokio::net::TcpListener;

    use super::{Elsewhere, NONE, PICTURE};
    use crate::http::listen;
    use crate::outside::resolver::{Resolve, Resolving};
    use crate::outside::{Outside, Reach};

    const NOW: i64 = 1_800_000_000;
    const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";

    struct Nobody;

    impl Resolve for Nobody {
        fn resolve<'a>(&'a self, _: &'a str) -> Resolving<'a> {
            Box::pin(async { Err(std::io::ErrorKind::NotFound.into()) })
        }
    }

    /// A server with pictures of every kind, how often it was asked, and a way to it.
    async fn stranger() -> (SocketAddr, Arc<AtomicUsize>, Elsewhere) {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = |State(asked): State<Arc<AtomicUsize>>| async move {
            asked.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            ([(header::CONTENT_TYPE, "text/html")], b"GIF89a\x02\x00\x03\x00\x80\0\0".as_slice())
        };
        let router = Router::new()
            .route("/a.gif", get(count))
            .route("/svg", get(|| async { ([(header::CONTENT_TYPE, "image/png")], SVG) }))
            .route("/html", get(|| async { ([(header::CONTENT_TYPE, "image/gif")], "<html>") }))
            .with_state(asked.clone());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(listen::serve(listener, router, std::future::pending()));
        let outside = Outside::reaching(None, Box::new(Nobody), Reach::for_tests(vec![address]));
        (address, asked, Elsewhere::new(Arc::new(outside)))
    }

    #[tokio::test]
    async fn one_question_serves_all_readers_for_an_hour() {
        let (address, asked, elsewhere) = stranger().await;
        let key = ServerKey::generate().unwrap();
        let [ada, bob] = ["ada@x.test", "bob@x.test"].map(|login| PersonId::of(login, &key).unwrap());
        let url = format!("http://{address}/a.gif");
        let many =
            (0..20).map(|number| elsewhere.picture(if number % 2 == 0 { ada } else { bob }, &url, NOW));
        let shown = futures_util::future::join_all(many).await;
        assert!(shown.iter().all(|picture| picture.as_ref().unwrap().content_type == "image/gif"));
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        elsewhere.picture(ada, &url, NOW + PICTURE - 1).await.unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        elsewhere.picture(ada, &url, NOW + PICTURE).await.unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 2);
        elsewhere.picture(ada, &format!("{url}?2"), NOW).await.unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn what_only_says_that_it_is_a_picture_is_none_and_so_is_what_may_not_be_asked() {
        let (address, _, elsewhere) = stranger().await;
        let key = ServerKey::generate().unwrap();
        let ada = PersonId::of("ada@x.test", &key).unwrap();
        for url in [
            format!("http://{address}/svg"),
            format!("http://{address}/html"),
            format!("http://{address}/missing"),
            "http://127.0.0.1/a.gif".to_owned(),
            "http://nobody.test/".to_owned(),
            "file:///etc/passwd".to_owned(),
            "".to_owned(),
        ] {
            assert!(elsewhere.picture(ada, &url, NOW).await.is_none(), "{url}");
            assert!(elsewhere.picture(ada, &url, NOW + NONE).await.is_none(), "{url}");
        }
    }
}
