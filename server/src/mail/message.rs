//! One message: opened for a page, its parts streamed as downloads.

use app::failure::Failure;
use imap::commands::fetch::RawMessage;
use message::alternative::{Chosen, choose};
use message::body;
use message::{attachment, header};
use model::flag::Flag;
use model::message::{Body, Message, MessageQuestion, Notice, RemoteContent};
use model::structure::{Part, PartNumber};
use model::uid::MessageKey;

use super::attached::entered;
use super::{Person, addresses, content, document, invitation, origin};

/// Where a message is fetched for reading. It counts as read from then on, where one has the right to say so.
///
/// # Errors
/// When it is gone or the mail server fails.
pub async fn open(person: &Person, question: MessageQuestion) -> Result<Message, Failure> {
    let message = peek(person, question).await?;
    if !message.flags.has(&Flag::Seen) {
        // A message is opened even when the server will not remember it.
        let _ = mark(person, &message.key, true).await;
    }
    Ok(message)
}

/// Marks a message as read, or as unread.
///
/// # Errors
/// When one lacks the right, or the mail server fails.
pub async fn mark(person: &Person, key: &MessageKey, seen: bool) -> Result<(), Failure> {
    let uid = key.at.uid;
    person.at_message(key, move |lease| Box::pin(lease.store_seen(uid, seen))).await
}

/// The same message before anybody reads it.
///
/// # Errors
/// When it is gone or the mail server fails.
pub async fn peek(person: &Person, question: MessageQuestion) -> Result<Message, Failure> {
    let raw = fetched(person, &question.key, question.within.as_ref()).await?;
    let header = header::read(&raw.header);
    // Who wrote it is for one reader to say, the same as in the list: where two read an address in two ways, somebody
    // passes for somebody else.
    let (from, reply_to) = match raw.envelope {
        Some(envelope) => (addresses(&envelope.from), addresses(&envelope.reply_to)),
        None => (header.from, header.reply_to),
    };
    let reply_to = if reply_to == from { Vec::new() } else { reply_to };
    let (origin, unsubscribe) = origin::read(
        person,
        &raw.header,
        question.within.is_some(),
        &from,
        &reply_to,
        [&header.to, &header.cc],
    );
    let mut notices = Vec::new();
    if raw.structure.is_none() || !raw.whole {
        notices.push(Notice::Structure);
    }
    let chosen = raw.structure.as_ref().map_or_else(Chosen::default, choose);
    let content = content::of_page(person, &question.key, raw.structure.as_ref(), &chosen).await?;
    notices.extend(content.notices);
    let texts = content.texts;
    let mut remote = RemoteContent::default();
    let body = if texts.iter().any(|text| text.html) {
        remote = document::opened(person, &question, &chosen, texts, &from, origin.standing).await?;
        Body::Html
    } else {
        // A megabyte of links costs more than a worker that serves others should spend at a time.
        let lines = tokio::task::spawn_blocking(move || body::lines(&texts));
        let (lines, shortened) = lines.await.map_err(|error| crate::failure::internal(&error))?;
        if shortened {
            notices.push(Notice::Shortened);
        }
        if lines.is_empty() { Body::Empty } else { Body::Plain(lines) }
    };
    let MessageQuestion { key, within, .. } = question;
    let invitation = invitation::read(person, &key, raw.structure.as_ref()).await;
    Ok(Message {
        key,
        within,
        flags: raw.flags,
        subject: header.subject,
        from,
        to: header.to,
        cc: header.cc,
        reply_to,
        date: header.date,
        headers: header.fields,
        body,
        attachments: content.attachments,
        protection: content.protection,
        report: content.report,
        notices,
        origin,
        unsubscribe,
        invitation,
        remote,
    })
}

/// What is known of a message before its text, or of the one that is attached to it.
pub(super) async fn fetched(
    person: &Person,
    key: &MessageKey,
    within: Option<&PartNumber>,
) -> Result<RawMessage, Failure> {
    let uid = key.at.uid;
    let found = person.at_message(key, move |lease| Box::pin(lease.message(uid)));
    entered(person, key, within, found.await?.ok_or(Failure::MessageGone)?).await
}

/// A part of a message that can be downloaded, and a name for it.
///
/// # Errors
/// When there is no such message or part, or the mail server fails.
pub async fn part(person: &Person, key: &MessageKey, number: &PartNumber) -> Result<(Part, String), Failure> {
    let raw = fetched(person, key, None).await?;
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
