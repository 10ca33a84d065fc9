//! Parts of messages and their sources, streamed through as downloads: never whole in memory, never shown by us.

use app::failure::Failure;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use imap::lease::Lease;
use message::attachment::{content_disposition, download_type};
use message::transfer::Unpacker;
use model::structure::{Encoding, PartNumber};
use model::uid::Uid;

use super::{failed, key_of, language, person};

/// Bytes that are asked of the mail server at a time.
const RANGE: u64 = 256 * 1024;

/// A part.
pub async fn download(
    Path((mailbox, at, part)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let person = person(request.extensions());
    let language = language(request.headers());
    drop(request);
    let asked = async move {
        let person = person?;
        let key = key_of(&mailbox, &at)?;
        let number: PartNumber = part.parse().map_err(|_| Failure::NoSuchPage)?;
        let (part, name, lease) = crate::mail::message::part(&person, &key, &number).await?;
        let body = streamed(lease, key.at.uid, Some(number), part.encoding);
        Ok(answer(&name, download_type(&part), body))
    };
    asked.await.unwrap_or_else(|failure| failed(&failure, language))
}

/// The message as it was received.
pub async fn source(Path((mailbox, at)): Path<(String, String)>, request: Request) -> Response {
    let person = person(request.extensions());
    let language = language(request.headers());
    drop(request);
    let asked = async move {
        let person = person?;
        let key = key_of(&mailbox, &at)?;
        let lease = person.at_message(&key).await?;
        Ok(answer(
            "message.eml",
            "application/octet-stream",
            streamed(lease, key.at.uid, None, Encoding::Identity),
        ))
    };
    asked.await.unwrap_or_else(|failure| failed(&failure, language))
}

fn answer(name: &str, content_type: &'static str, body: Body) -> Response {
    let disposition = HeaderValue::from_str(&content_disposition(name))
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let content_type = HeaderValue::from_static(content_type);
    ([(header::CONTENT_TYPE, content_type), (header::CONTENT_DISPOSITION, disposition)], body).into_response()
}

fn streamed(lease: Lease, uid: Uid, part: Option<PartNumber>, encoding: Encoding) -> Body {
    let begin = (lease, Some(Unpacker::new(encoding)), 0_u64);
    let chunks = stream::try_unfold(begin, move |(mut lease, unpacker, offset)| {
        let part = part.clone();
        async move {
            let Some(mut unpacker) = unpacker else { return Ok(None) };
            let fetched = match &part {
                Some(part) => lease.part(uid, part, offset, RANGE).await,
                None => lease.source(uid, offset, RANGE).await,
            };
            // The answer has begun, so all that can be said is that it breaks off.
            let bytes =
                fetched.map_err(|error| std::io::Error::other(error.to_string()))?.unwrap_or_default();
            let read = u64::try_from(bytes.len()).unwrap_or_default();
            if read < RANGE {
                let mut last = unpacker.push(&bytes);
                last.extend(unpacker.finish());
                return Ok::<_, std::io::Error>(Some((Bytes::from(last), (lease, None, offset))));
            }
            Ok(Some((Bytes::from(unpacker.push(&bytes)), (lease, Some(unpacker), offset + read))))
        }
    });
    Body::from_stream(chunks)
}
