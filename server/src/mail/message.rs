//! One message: opened for a page, its HTML cleaned for the frame, its parts streamed as downloads.

use app::failure::Failure;
use imap::commands::fetch::RawMessage;
use message::alternative::{Chosen, Text, choose};
use message::html::{Picture, Pictures, SafeDocument, clean};
use message::limits::{HTML_BYTES, INLINE_BYTES, TEXT_BYTES};
use message::transfer::unpack;
use message::{attachment, charset, header, plain_text};
use model::flag::Flag;
use model::message::{Body, Message, Notice};
use model::structure::{Part, PartNumber};
use model::uid::MessageKey;

use super::{Person, addresses};

/// Pictures of one message that are asked for in one command.
const PICTURES_AT_A_TIME: usize = 50;

/// Where a message is fetched for reading. It counts as read from then on, where one has the right to say so.
///
/// # Errors
/// When it is gone or the mail server fails.
pub async fn open(person: &Person, key: MessageKey) -> Result<Message, Failure> {
    let raw = fetched(person, &key).await?;
    let header = header::read(&raw.header);
    // Who wrote it is for one reader to say, the same as in the list: where two read an address in two ways, somebody
    // passes for somebody else.
    let (from, reply_to) = match raw.envelope {
        Some(envelope) => (addresses(&envelope.from), addresses(&envelope.reply_to)),
        None => (header.from, header.reply_to),
    };
    let mut notices = Vec::new();
    if raw.structure.is_none() || !raw.whole {
        notices.push(Notice::Structure);
    }
    let chosen = raw.structure.as_ref().map_or_else(Chosen::default, choose);
    let body = match &chosen.text {
        Some(text) if text.html => Body::Html,
        Some(text) => {
            let (words, more) = words(person, &key, text, TEXT_BYTES).await?;
            notices.extend(more);
            let (flowed, delsp) = (text.flowed, text.delsp);
            // A megabyte of links costs more than a worker that serves others should spend at a time.
            let lines = tokio::task::spawn_blocking(move || plain_text::lines(&words, flowed, delsp));
            let (lines, shortened) = lines.await.map_err(|error| crate::failure::internal(&error))?;
            if shortened {
                notices.push(Notice::Shortened);
            }
            if lines.is_empty() { Body::Empty } else { Body::Plain(lines) }
        }
        None => Body::Empty,
    };
    if !raw.flags.has(&Flag::Seen) {
        // A message is opened even when the server will not remember it.
        let uid = key.at.uid;
        let _ = person.at_message(&key, move |lease| Box::pin(lease.store_seen(uid))).await;
    }
    let reply_to = if reply_to == from { Vec::new() } else { reply_to };
    Ok(Message {
        key,
        flags: raw.flags,
        subject: header.subject,
        from,
        to: header.to,
        cc: header.cc,
        reply_to,
        date: header.date,
        headers: header.fields,
        body,
        attachments: chosen.attachments,
        notices,
    })
}

/// What is known of a message before its text.
async fn fetched(person: &Person, key: &MessageKey) -> Result<RawMessage, Failure> {
    let uid = key.at.uid;
    let found = person.at_message(key, move |lease| Box::pin(lease.message(uid)));
    found.await?.ok_or(Failure::MessageGone)
}

/// The cleaned HTML of a message; `None` when it costs too much or there is none, with its source instead.
///
/// # Errors
/// When the message is gone or the mail server fails.
pub async fn document(person: &Person, key: &MessageKey) -> Result<Option<SafeDocument>, Failure> {
    let raw = fetched(person, key).await?;
    let chosen = raw.structure.as_ref().map(choose).unwrap_or_default();
    let Some(text) = chosen.text.as_ref().filter(|text| text.html) else { return Ok(None) };
    let (html, _) = words(person, key, text, HTML_BYTES + 1).await?;
    // Most HTML with pictures beside it refers to them; the one that does not is not worth asking for them.
    let refers = html.as_bytes().windows(4).any(|window| window.eq_ignore_ascii_case(b"cid:"));
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
    let mut pictures = Pictures::default();
    for ((inline, _), bytes) in wanted.iter().zip(fetched) {
        let picture = bytes.and_then(|bytes| Picture::new(unpack(&bytes, inline.encoding)));
        if let Some(picture) = picture {
            pictures.add(&inline.content_id, &picture);
        }
    }
    let cleaned = tokio::task::spawn_blocking(move || clean(&html, pictures)).await;
    match cleaned {
        Ok(Ok(cleaned)) => Ok(Some(cleaned.document)),
        Ok(Err(too_much)) => {
            tracing::info!(reason = %too_much, "a message's HTML costs too much to show");
            Ok(None)
        }
        Err(error) => Err(crate::failure::internal(&error)),
    }
}

/// A part of a message that can be downloaded, and a name for it.
///
/// # Errors
/// When there is no such message or part, or the mail server fails.
pub async fn part(person: &Person, key: &MessageKey, number: &PartNumber) -> Result<(Part, String), Failure> {
    let raw = fetched(person, key).await?;
    let part =
        raw.structure.as_ref().and_then(|root| root.find(number)).cloned().ok_or(Failure::MessageGone)?;
    let name = attachment::name(&part);
    Ok((part, name))
}

/// A range of a part, packed as it travelled, or of the message as it was received. No connection is held from one range
/// to the next, so that a browser that stops reading keeps nobody from their mail.
///
/// # Errors
/// When there is no such message or part any more, or the mail server fails.
pub async fn range(
    person: &Person,
    key: &MessageKey,
    part: Option<&PartNumber>,
    offset: u64,
    length: u64,
) -> Result<Vec<u8>, Failure> {
    let uid = key.at.uid;
    let read = person.at_message(key, |lease| {
        let part = part.cloned();
        Box::pin(async move {
            match part {
                Some(part) => lease.part(uid, &part, offset, length).await,
                None => lease.source(uid, offset, length).await,
            }
        })
    });
    read.await?.ok_or(Failure::MessageGone)
}

/// The text of a message, unpacked and decoded.
async fn words(
    person: &Person,
    key: &MessageKey,
    text: &Text,
    most: usize,
) -> Result<(String, Option<Notice>), Failure> {
    // Packed text is up to three times as long.
    let length = u64::try_from(most).unwrap_or(u64::MAX).saturating_mul(3);
    let packed = range(person, key, Some(&text.part), 0, length).await?;
    Ok(charset::decode(&unpack(&packed, text.encoding), text.charset.as_deref()))
}
