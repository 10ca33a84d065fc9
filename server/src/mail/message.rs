//! One message: opened for a page, its HTML cleaned for the frame, its parts streamed as downloads.

use app::failure::Failure;
use imap::lease::Lease;
use message::alternative::{Chosen, Text, choose};
use message::html::{Picture, Pictures, SafeDocument, clean};
use message::limits::{HTML_BYTES, INLINE_BYTES, TEXT_BYTES};
use message::transfer::unpack;
use message::{attachment, charset, header, plain_text};
use model::flag::Flag;
use model::message::{Body, Message, Notice};
use model::structure::{Part, PartNumber};
use model::uid::MessageKey;

use super::Person;
use crate::failure::of_imap;

/// Where a message is fetched for reading. It counts as read from then on, where one has the right to say so.
///
/// # Errors
/// When it is gone or the mail server fails.
pub async fn open(person: &Person, key: MessageKey) -> Result<Message, Failure> {
    let mut lease = person.at_message(&key).await?;
    let raw = lease.message(key.at.uid).await.map_err(of_imap)?.ok_or(Failure::MessageGone)?;
    let header = header::read(&raw.header);
    let mut notices = Vec::new();
    let chosen = match &raw.structure {
        Some(root) => choose(root),
        None => {
            notices.push(Notice::Structure);
            Chosen::default()
        }
    };
    let body = match &chosen.text {
        Some(text) if text.html => Body::Html,
        Some(text) => {
            let (words, more) = words(&mut lease, &key, text, TEXT_BYTES).await?;
            notices.extend(more);
            let (lines, shortened) = plain_text::lines(&words, text.flowed, text.delsp);
            if shortened {
                notices.push(Notice::Shortened);
            }
            if lines.is_empty() { Body::Empty } else { Body::Plain(lines) }
        }
        None => Body::Empty,
    };
    if !raw.flags.has(&Flag::Seen) {
        // A message is opened even when the server will not remember it.
        let _ = lease.store_seen(key.at.uid).await;
    }
    let reply_to = if header.reply_to == header.from { Vec::new() } else { header.reply_to };
    Ok(Message {
        key,
        flags: raw.flags,
        subject: header.subject,
        from: header.from,
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

/// The cleaned HTML of a message; `None` when it costs too much or there is none, with its source instead.
///
/// # Errors
/// When the message is gone or the mail server fails.
pub async fn document(person: &Person, key: &MessageKey) -> Result<Option<SafeDocument>, Failure> {
    let mut lease = person.at_message(key).await?;
    let raw = lease.message(key.at.uid).await.map_err(of_imap)?.ok_or(Failure::MessageGone)?;
    let chosen = raw.structure.as_ref().map(choose).unwrap_or_default();
    let Some(text) = chosen.text.as_ref().filter(|text| text.html) else { return Ok(None) };
    let (html, _) = words(&mut lease, key, text, HTML_BYTES + 1).await?;
    let mut wanted = Vec::new();
    let mut weight = 0;
    for inline in &chosen.inline {
        // As packed, base64 weighs a third more.
        let size = inline.size.unwrap_or(0);
        if size > 0 && weight + size <= INLINE_BYTES as u64 * 3 / 2 {
            weight += size;
            wanted.push((inline, size));
        }
    }
    let parts: Vec<(PartNumber, u64)> =
        wanted.iter().map(|(inline, size)| (inline.part.clone(), *size)).collect();
    let fetched = lease.parts(key.at.uid, &parts).await.map_err(of_imap)?;
    // The connection is free for others while the cleaning works.
    drop(lease);
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

/// A part of a message that can be downloaded.
///
/// # Errors
/// When there is no such message or part, or the mail server fails.
pub async fn part(
    person: &Person,
    key: &MessageKey,
    number: &PartNumber,
) -> Result<(Part, String, Lease), Failure> {
    let mut lease = person.at_message(key).await?;
    let raw = lease.message(key.at.uid).await.map_err(of_imap)?.ok_or(Failure::MessageGone)?;
    let part =
        raw.structure.as_ref().and_then(|root| root.find(number)).cloned().ok_or(Failure::MessageGone)?;
    let name = attachment::name(&part);
    Ok((part, name, lease))
}

/// The text of a message, unpacked and decoded.
async fn words(
    lease: &mut Lease,
    key: &MessageKey,
    text: &Text,
    most: usize,
) -> Result<(String, Option<Notice>), Failure> {
    // Packed text is up to three times as long.
    let length = u64::try_from(most).unwrap_or(u64::MAX).saturating_mul(3);
    let packed =
        lease.part(key.at.uid, &text.part, 0, length).await.map_err(of_imap)?.ok_or(Failure::MessageGone)?;
    Ok(charset::decode(&unpack(&packed, text.encoding), text.charset.as_deref()))
}
