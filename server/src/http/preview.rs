//! Parts of messages that can be shown without being saved: each a document of its own, of a type that its bytes say, under
//! a policy by which it can do nothing.

use ::message::attachment::shown_disposition;
use ::message::charset;
use ::message::limits::PREVIEW_BYTES;
use ::message::preview::{self, Preview};
use ::message::table::{self, Words};
use ::message::transfer::unpack;
use app::failure::Failure;
use app::text::Language;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use model::file::Kind;
use model::structure::Part;
use model::uid::MessageKey;

use super::attachment::streamed;
use super::{failed, key_of, language, person};
use crate::mail::{Person, message};

/// Bytes of a part, as packed, by which it is told what it is.
const FIRST: u64 = 4096;

/// A player asks for its file once more by itself, which it could not from the origin of a sandbox. There is no markup in
/// what it plays, so that nothing in it can run, and it may ask for nothing else.
const PLAYER: &str = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

/// A part as a document.
pub async fn document(
    Path((mailbox, at, part)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let person = person(request.extensions());
    let language = language(request.headers());
    drop(request);
    let asked = async move {
        let person = person?;
        let key = key_of(&mailbox, &at)?;
        let (number, inside) = app::place::part_of_segment(&part).ok_or(Failure::NoSuchPage)?;
        if inside.is_some() {
            return Err(Failure::NoSuchPage);
        }
        let (part, name) = message::part(&person, &key, &number).await?;
        let first = message::range(&person, &key, Some(&number), 0, FIRST).await?;
        let kind = Kind::of(&part.content_type(), &name);
        let found = preview::of(kind, &unpack(&first, part.encoding)).ok_or(Failure::NoPreview)?;
        let (content_type, policy) = match found {
            Preview::Picture(content_type) => (content_type, table::CONTENT_SECURITY_POLICY),
            Preview::Pdf => ("application/pdf", table::CONTENT_SECURITY_POLICY),
            Preview::Player(content_type) => (content_type, PLAYER),
            Preview::Text => ("text/plain; charset=utf-8", table::CONTENT_SECURITY_POLICY),
            Preview::Table => ("text/html; charset=utf-8", table::CONTENT_SECURITY_POLICY),
        };
        let body = match found {
            Preview::Text => Body::from(text(&person, &key, &part, language).await?),
            Preview::Table => Body::from(rows(&person, &key, &part, name.clone(), language).await?),
            _ => streamed(person, key, Some(number), part.encoding).await?,
        };
        Ok(answer(&name, content_type, policy, body))
    };
    asked.await.unwrap_or_else(|failure| failed(&failure, language))
}

fn answer(name: &str, content_type: &'static str, policy: &'static str, body: Body) -> Response {
    let disposition = HeaderValue::from_str(&shown_disposition(name))
        .unwrap_or_else(|_| HeaderValue::from_static("inline"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, body).into_response()
}

/// Text as it is written, markup and all: no browser reads it as anything else.
async fn text(person: &Person, key: &MessageKey, part: &Part, language: Language) -> Result<String, Failure> {
    let (mut text, cut) = beginning(person, key, part).await?;
    if cut {
        text.push_str("\n\n");
        text.push_str(&language.text("preview-shortened"));
        text.push('\n');
    }
    Ok(text)
}

async fn rows(
    person: &Person,
    key: &MessageKey,
    part: &Part,
    name: String,
    language: Language,
) -> Result<String, Failure> {
    let (text, cut) = beginning(person, key, part).await?;
    // A megabyte of cells costs more than a worker that serves others should spend at a time.
    let making = tokio::task::spawn_blocking(move || {
        let shortened = language.text("preview-shortened");
        let words = Words { language: language.tag(), name: &name, shortened: &shortened };
        table::document(&text, cut, &words)
    });
    making.await.map_err(|error| crate::failure::internal(&error))
}

/// The beginning of a file of text, decoded, and whether there is more.
async fn beginning(person: &Person, key: &MessageKey, part: &Part) -> Result<(String, bool), Failure> {
    // Packed text is up to three times as long.
    let length = u64::try_from(PREVIEW_BYTES).unwrap_or(u64::MAX).saturating_add(1).saturating_mul(3);
    let packed = message::range(person, key, Some(&part.number), 0, length).await?;
    let mut bytes = unpack(&packed, part.encoding);
    let cut = bytes.len() > PREVIEW_BYTES;
    bytes.truncate(PREVIEW_BYTES);
    if cut {
        // Half a character at the end would make all of it look like another character set.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').unwrap_or(bytes.len());
        bytes.truncate(whole);
    }
    Ok((charset::decode(&bytes, part.parameter("charset")).0, cut))
}
