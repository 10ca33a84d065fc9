//! Parts of messages and their sources, streamed through as downloads: never whole in memory, never shown by us.

use std::io;
use std::sync::Arc;

use ::message::attachment::{content_disposition, download_type, known_type};
use ::message::table;
use ::message::transfer::Unpacker;
use app::failure::Failure;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use model::structure::{Encoding, PartNumber};
use model::uid::MessageKey;
use tracing::{Instrument, Span};

use super::{Asked, answered, key_of};
use crate::mail::{Person, attached, content, message};

/// Bytes that are asked of the mail server at a time.
pub(super) const RANGE: u64 = 256 * 1024;

/// A part.
pub async fn download(
    Path((mailbox, at, part)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    answered(request, async move |person, _| {
        let key = key_of(&mailbox, &at)?;
        let (number, inside) = app::place::part_of_segment(&part).ok_or(Failure::NoSuchPage)?;
        if let Some(inside) = inside {
            let file = content::file(&person, &key, &number, inside).await?;
            return Ok(answer(&file.name, known_type(&file.content_type), Body::from(file.bytes)));
        }
        let (part, name) = message::part(&person, &key, &number).await?;
        let body = streamed(person, key, Some(number), part.encoding).await?;
        Ok(answer(&name, download_type(&part), body))
    })
    .await
}

/// The message as it was received, or one that is attached to it.
pub async fn source(Path(asked): Path<Asked>, request: Request) -> Response {
    answered(request, async move |person, _| {
        let (key, within) = asked.message()?;
        let name = attached::name(&person, &key, within.as_ref()).await?;
        let body = streamed(person, key, within, Encoding::Identity).await?;
        Ok(answer(&name, "application/octet-stream", body))
    })
    .await
}

/// The same as text to look at: no browser reads it as anything else.
pub async fn source_text(Path(asked): Path<Asked>, request: Request) -> Response {
    answered(request, async move |person, _| {
        let (key, within) = asked.message()?;
        let body = streamed(person, key, within, Encoding::Identity).await?;
        let headers = [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, table::CONTENT_SECURITY_POLICY),
            (header::CONTENT_DISPOSITION, "inline"),
        ];
        Ok((headers, body).into_response())
    })
    .await
}

pub(super) fn answer(name: &str, content_type: &'static str, body: Body) -> Response {
    let disposition = HeaderValue::from_str(&content_disposition(name))
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let content_type = HeaderValue::from_static(content_type);
    ([(header::CONTENT_TYPE, content_type), (header::CONTENT_DISPOSITION, disposition)], body).into_response()
}

/// The first range is here before the answer begins, so that its status is true. After that, all that can be said of a
/// failure is that the answer breaks off.
pub(super) async fn streamed(
    person: Arc<Person>,
    key: MessageKey,
    part: Option<PartNumber>,
    encoding: Encoding,
) -> Result<Body, Failure> {
    let first = message::range(&person, &key, part.as_ref(), 0, RANGE).await?;
    Ok(onward(person, key, part, encoding, first))
}

/// A part or a message, of which the first range is here.
pub(super) fn onward(
    person: Arc<Person>,
    key: MessageKey,
    part: Option<PartNumber>,
    encoding: Encoding,
    first: Vec<u8>,
) -> Body {
    let begin = (Some(first), Some(Unpacker::new(encoding)), 0_u64);
    // What is fetched later belongs to this request all the same.
    let span = Span::current();
    let chunks = stream::try_unfold(begin, move |(read, unpacker, offset)| {
        let (person, key, part) = (person.clone(), key.clone(), part.clone());
        let fetching = async move {
            let Some(mut unpacker) = unpacker else { return Ok(None) };
            let bytes = match read {
                Some(bytes) => bytes,
                None => message::range(&person, &key, part.as_ref(), offset, RANGE)
                    .await
                    .map_err(|failure| io::Error::other(failure.key()))?,
            };
            let length = u64::try_from(bytes.len()).unwrap_or_default();
            let mut unpacked = unpacker.push(&bytes);
            let unpacker = if length < RANGE {
                unpacked.extend(unpacker.finish());
                None
            } else {
                Some(unpacker)
            };
            Ok::<_, io::Error>(Some((Bytes::from(unpacked), (None, unpacker, offset + length))))
        };
        fetching.instrument(span.clone())
    });
    Body::from_stream(chunks)
}
