//! Parts of messages that can be shown without being saved: each a document of its own, of a type that its bytes say, under
//! a policy by which it can do nothing.

use ::message::attachment::shown_disposition;
use ::message::charset;
use ::message::inside;
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
use model::structure::{Part, PartNumber};
use model::uid::MessageKey;

use super::attachment::streamed;
use super::{answered, key_of};
use crate::mail::{Person, content, message};

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
    answered(request, async move |person, language| {
        let key = key_of(&mailbox, &at)?;
        let (number, inside) = app::place::part_of_segment(&part).ok_or(Failure::NoSuchPage)?;
        let file = match inside {
            Some(inside) => File::inside(content::file(&person, &key, &number, inside).await?),
            None => File::part(&person, &key, &number).await?,
        };
        let kind = Kind::of(&file.content_type, &file.name);
        let found = preview::of(kind, &file.first).ok_or(Failure::NoPreview)?;
        let (content_type, policy) = match found {
            Preview::Picture(content_type) => (content_type, table::CONTENT_SECURITY_POLICY),
            Preview::Pdf => ("application/pdf", table::CONTENT_SECURITY_POLICY),
            Preview::Player(content_type) => (content_type, PLAYER),
            Preview::Text => ("text/plain; charset=utf-8", table::CONTENT_SECURITY_POLICY),
            Preview::Table => ("text/html; charset=utf-8", table::CONTENT_SECURITY_POLICY),
        };
        let name = file.name.clone();
        let body = match found {
            Preview::Text => Body::from(text(&person, &key, &file, language).await?),
            Preview::Table => Body::from(rows(&person, &key, &file, language).await?),
            _ => match file.stored {
                Stored::Part(part) => streamed(person, key, Some(part.number), part.encoding).await?,
                Stored::Bytes(bytes) => Body::from(bytes),
            },
        };
        Ok(answer(&name, content_type, policy, body))
    })
    .await
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

/// A file that is to be shown.
struct File {
    name: String,
    content_type: String,
    /// Its first bytes.
    first: Vec<u8>,
    stored: Stored,
}

/// Where a file is.
enum Stored {
    Part(Part),
    Bytes(Vec<u8>),
}

impl File {
    async fn part(person: &Person, key: &MessageKey, number: &PartNumber) -> Result<Self, Failure> {
        let (part, name) = message::part(person, key, number).await?;
        let first = message::range(person, key, Some(number), 0, FIRST).await?;
        let first = unpack(&first, part.encoding);
        Ok(Self { name, content_type: part.content_type(), first, stored: Stored::Part(part) })
    }

    /// One that is packed in a part with others.
    fn inside(file: inside::File) -> Self {
        let inside::File { name, content_type, bytes, .. } = file;
        let first = bytes.iter().take(usize::try_from(FIRST).unwrap_or_default()).copied().collect();
        Self { name, content_type, first, stored: Stored::Bytes(bytes) }
    }
}

/// Text as it is written, markup and all: no browser reads it as anything else.
async fn text(person: &Person, key: &MessageKey, file: &File, language: Language) -> Result<String, Failure> {
    let (mut text, cut) = beginning(person, key, file).await?;
    if cut {
        text.push_str("\n\n");
        text.push_str(&language.text("preview-shortened"));
        text.push('\n');
    }
    Ok(text)
}

async fn rows(person: &Person, key: &MessageKey, file: &File, language: Language) -> Result<String, Failure> {
    let (text, cut) = beginning(person, key, file).await?;
    let name = file.name.clone();
    // A megabyte of cells costs more than a worker that serves others should spend at a time.
    let making = tokio::task::spawn_blocking(move || {
        let shortened = language.text("preview-shortened");
        let words = Words { language: language.tag(), name: &name, shortened: &shortened };
        table::document(&text, cut, &words)
    });
    making.await.map_err(|error| crate::failure::internal(&error))
}

/// The beginning of a file of text, decoded, and whether there is more.
async fn beginning(person: &Person, key: &MessageKey, file: &File) -> Result<(String, bool), Failure> {
    let (mut bytes, charset) = match &file.stored {
        Stored::Part(part) => {
            // Packed text is up to three times as long.
            let length = u64::try_from(PREVIEW_BYTES).unwrap_or(u64::MAX).saturating_add(1).saturating_mul(3);
            let packed = message::range(person, key, Some(&part.number), 0, length).await?;
            (unpack(&packed, part.encoding), part.parameter("charset"))
        }
        Stored::Bytes(bytes) => (bytes.iter().take(PREVIEW_BYTES + 1).copied().collect(), None),
    };
    let cut = bytes.len() > PREVIEW_BYTES;
    bytes.truncate(PREVIEW_BYTES);
    if cut {
        // Half a character at the end would make all of it look like another character set.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').unwrap_or(bytes.len());
        bytes.truncate(whole);
    }
    Ok((charset::decode(&bytes, charset).0, cut))
}
