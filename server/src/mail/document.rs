//! The text of a message as a document of its own: for the frame, and for paper.

use std::sync::Arc;

use app::failure::Failure;
use app::place::Place;
use app::text::Language;
use imap::commands::fetch::RawMessage;
use message::alternative::{Chosen, choose};
use message::body;
use message::header;
use message::html::{Dress, Picture, References, SafeDocument, Section};
use message::limits::{HTML_BYTES, INLINE_BYTES};
use message::transfer::unpack;
use model::address::Address;
use model::structure::PartNumber;
use model::uid::MessageKey;

use super::message::{fetched, texts};
use super::{Person, addresses};

/// Pictures of one message that are asked for in one command.
const PICTURES_AT_A_TIME: usize = 50;

/// The cleaned HTML of a message; `None` when it costs too much or there is none, with its source instead.
///
/// # Errors
/// When the message is gone or the mail server fails.
pub async fn document(
    person: &Person,
    key: &MessageKey,
    dress: Dress,
) -> Result<Option<SafeDocument>, Failure> {
    let raw = fetched(person, key).await?;
    let chosen = raw.structure.as_ref().map(choose).unwrap_or_default();
    if !chosen.texts.iter().any(|text| text.html) {
        return Ok(None);
    }
    let sections = sections(person, key, &chosen).await?;
    Ok(sections.map(|sections| SafeDocument::of(&sections, dress)))
}

/// Any message on a sheet of paper: who wrote it, when and to whom, and its text below; `None` when that costs too much.
///
/// # Errors
/// When the message is gone or the mail server fails.
pub async fn paper(
    person: &Person,
    key: &MessageKey,
    language: Language,
) -> Result<Option<SafeDocument>, Failure> {
    let raw = fetched(person, key).await?;
    let chosen = raw.structure.as_ref().map(choose).unwrap_or_default();
    let sections = sections(person, key, &chosen).await?;
    let heading = heading(raw, language);
    Ok(sections.map(|sections| SafeDocument::under(&sections, Dress::AsSent, &heading)))
}

fn heading(raw: RawMessage, language: Language) -> Vec<(String, String)> {
    let header = header::read(&raw.header);
    let from = raw.envelope.map_or(header.from, |envelope| addresses(&envelope.from));
    let date = header.date.map(|date| date.date_and_time()).unwrap_or_default();
    let lines = [
        ("subject", header.subject),
        ("from", people(&from)),
        ("to", people(&header.to)),
        ("cc", people(&header.cc)),
        ("date", date),
    ];
    let said = lines.into_iter().filter(|(_, words)| !words.is_empty());
    said.map(|(label, words)| (language.text(label), words)).collect()
}

fn people(people: &[Address]) -> String {
    let one = |person: &Address| match &person.name {
        Some(name) => format!("{name} <{}>", person.address),
        None => person.address.clone(),
    };
    people.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The texts of a message, cleaned, with the pictures that came with it; `None` when that costs too much.
async fn sections(
    person: &Person,
    key: &MessageKey,
    chosen: &Chosen,
) -> Result<Option<Vec<Section>>, Failure> {
    let texts = texts(person, key, &chosen.texts, HTML_BYTES + 1).await?;
    // Most HTML with pictures beside it refers to them; the one that does not is not worth asking for them.
    let refers = texts.iter().any(|text| {
        text.html && text.text.as_bytes().windows(4).any(|window| window.eq_ignore_ascii_case(b"cid:"))
    });
    let mut wanted = Vec::new();
    let mut weight = 0_u64;
    for inline in &chosen.inline {
        // As packed, base64 weighs a third more.
        let size = inline.size.unwrap_or(0);
        let heavier = size.saturating_add(weight);
        if refers && size > 0 && heavier <= INLINE_BYTES as u64 * 3 / 2 {
            weight = heavier;
            wanted.push((inline, size));
        }
    }
    let mut fetched = Vec::with_capacity(wanted.len());
    for batch in wanted.chunks(PICTURES_AT_A_TIME) {
        let parts: Vec<(PartNumber, u64)> =
            batch.iter().map(|(inline, size)| (inline.part.clone(), *size)).collect();
        let uid = key.at.uid;
        let some = person.at_message(key, |lease| {
            let parts = parts.clone();
            Box::pin(async move { lease.parts(uid, &parts).await })
        });
        // The text is shown without the pictures that can't be had.
        let Ok(some) = some.await else { break };
        fetched.extend(some);
    }
    let mut references = references(person);
    for ((inline, _), bytes) in wanted.iter().zip(fetched) {
        let picture = bytes.and_then(|bytes| Picture::new(unpack(&bytes, inline.encoding)));
        if let Some(picture) = picture {
            references.add(&inline.content_id, &picture);
        }
    }
    let cleaned = tokio::task::spawn_blocking(move || body::sections(&texts, &references)).await;
    match cleaned {
        Ok(Ok(sections)) => Ok(Some(sections)),
        Ok(Err(too_much)) => {
            tracing::info!(reason = %too_much, "a message's HTML costs too much to show");
            Ok(None)
        }
        Err(error) => Err(crate::failure::internal(&error)),
    }
}

/// How a document names what is not in it: links that mislead go by way of a warning.
fn references(person: &Person) -> References {
    let mut references = References::default();
    references.leaving = Some(Arc::new(|url, misleading| {
        Place::Leaving { to: url.to_owned(), why: misleading.why.clone() }.to_string()
    }));
    let login = &person.pool().credentials().login;
    references.known.extend(login.rsplit_once('@').map(|(_, domain)| domain.to_owned()));
    references
}
