//! What is in a message besides its header: its texts, the files inside of parts, what it reports and how it is protected.

use app::failure::Failure;
use message::alternative::{Chosen, Text};
use message::body::{self, Words};
use message::inside::{self, File};
use message::limits::{ATTACHMENTS, HTML_BYTES, INSIDE_BYTES, REPORT_BYTES, TEXT_BYTES};
use message::tnef::{self, Tnef};
use message::transfer::unpack;
use message::{protection, reference, report};
use model::message::{Attachment, Notice};
use model::protection::Protection;
use model::report::Report;
use model::structure::{Encoding, Part, PartNumber};
use model::uid::MessageKey;

use super::Person;
use super::message::{part, range};

/// What a page shows of the content of a message.
pub(super) struct Content {
    /// The texts, HTML as it was sent.
    pub(super) texts: Vec<Words>,
    /// What can be downloaded, with the files inside of parts.
    pub(super) attachments: Vec<Attachment>,
    /// What is to be said of how it was read.
    pub(super) notices: Vec<Notice>,
    /// How it is protected.
    pub(super) protection: Option<Protection>,
    /// What it reports.
    pub(super) report: Option<Report>,
}

/// Reads what a page shows.
///
/// # Errors
/// When the message is gone or the mail server fails.
pub(super) async fn of_page(
    person: &Person,
    key: &MessageKey,
    root: Option<&Part>,
    chosen: &Chosen,
) -> Result<Content, Failure> {
    let html = chosen.texts.iter().any(|text| text.html);
    let most = if html { HTML_BYTES + 1 } else { TEXT_BYTES };
    let texts = stated(person, key, &chosen.texts, most).await?;
    let mut content = Content {
        notices: texts.iter().filter_map(|text| text.notice.clone()).collect(),
        attachments: chosen.attachments.clone(),
        protection: root.and_then(protection::of_parts),
        report: None,
        texts,
    };
    if let Some(root) = root {
        list_unreferred(root, chosen, &mut content);
    }
    for (text, words) in chosen.texts.iter().zip(&content.texts) {
        content.attachments.extend(inside::describe(&text.part, &words.files));
    }
    if content.protection.is_none() {
        content.protection =
            content.texts.iter().filter(|text| !text.html).find_map(|text| protection::of_text(&text.text));
    }
    if let Some(root) = root
        && let Some((number, tnef)) = outlook(person, key, root, &content.attachments).await?
    {
        let text = tnef.text.map(words_of_tnef).filter(|_| chosen.texts.is_empty());
        // What was read takes the place of its envelope.
        if text.is_some() || !tnef.files.is_empty() {
            content.attachments.retain(|listed| listed.part != number);
        }
        content.attachments.extend(inside::describe(&number, &tnef.files));
        content.texts.extend(text);
    }
    if let Some(part) = root.and_then(report::part) {
        let packed = range(person, key, Some(&part.number), 0, REPORT_BYTES as u64).await?;
        content.report = report::read(part, &packed);
    }
    Ok(content)
}

/// Adds to what is listed the pictures beside the HTML that it does not refer to.
fn list_unreferred(root: &Part, chosen: &Chosen, content: &mut Content) {
    let html = content.texts.iter().filter(|text| text.html).map(|text| text.text.as_str());
    let more = reference::unreferred(html, root, &chosen.inline, &content.attachments);
    let room = ATTACHMENTS.saturating_sub(content.attachments.len());
    content.attachments.extend(more.into_iter().take(room));
}

/// The texts of a message, unpacked and decoded; of all of them together about `most` bytes. Where it has none, the text
/// in the TNEF of Outlook.
///
/// # Errors
/// When the message is gone or the mail server fails.
pub(super) async fn texts(
    person: &Person,
    key: &MessageKey,
    root: Option<&Part>,
    chosen: &Chosen,
    most: usize,
) -> Result<Vec<Words>, Failure> {
    if let (true, Some(root)) = (chosen.texts.is_empty(), root) {
        let tnef = outlook(person, key, root, &chosen.attachments).await?;
        return Ok(tnef.and_then(|(_, tnef)| tnef.text).map(words_of_tnef).into_iter().collect());
    }
    stated(person, key, &chosen.texts, most).await
}

/// A file inside of a part, counted from 1.
///
/// # Errors
/// When there is none, or the mail server fails.
pub async fn file(
    person: &Person,
    key: &MessageKey,
    number: &PartNumber,
    inside: u32,
) -> Result<File, Failure> {
    let files = files(person, key, number).await?;
    numbered(&files, inside).cloned().ok_or(Failure::MessageGone)
}

/// The file of this number, counted from 1.
pub fn numbered(files: &[File], inside: u32) -> Option<&File> {
    files.get(usize::try_from(inside).ok()?.checked_sub(1)?)
}

/// All files inside of a part.
///
/// # Errors
/// When there is no such part, or the mail server fails.
pub async fn files(person: &Person, key: &MessageKey, number: &PartNumber) -> Result<Vec<File>, Failure> {
    let (part, _) = part(person, key, number).await?;
    let packed = packed(person, key, &part).await?;
    let files = tokio::task::spawn_blocking(move || {
        if inside::is_tnef(&part) {
            tnef::read(&unpack(&packed, part.encoding)).map(|tnef| tnef.files).unwrap_or_default()
        } else if part.is("text", "plain") {
            body::files(&packed, part.encoding)
        } else {
            Vec::new()
        }
    });
    files.await.map_err(|error| crate::failure::internal(&error))
}

/// What Outlook packed into TNEF, and which part that is.
async fn outlook(
    person: &Person,
    key: &MessageKey,
    root: &Part,
    listed: &[Attachment],
) -> Result<Option<(PartNumber, Tnef)>, Failure> {
    let part = listed.iter().find(|listed| inside::is_listed_tnef(listed));
    let Some(part) = part.and_then(|listed| root.find(&listed.part)).cloned() else { return Ok(None) };
    if part.size.is_some_and(|size| size > length(part.encoding)) {
        return Ok(None);
    }
    let packed = packed(person, key, &part).await?;
    let encoding = part.encoding;
    let read = tokio::task::spawn_blocking(move || tnef::read(&unpack(&packed, encoding)));
    let read = read.await.map_err(|error| crate::failure::internal(&error))?;
    Ok(read.map(|tnef| (part.number, tnef)))
}

/// The bytes of a part in which files are looked for, as they travelled.
async fn packed(person: &Person, key: &MessageKey, part: &Part) -> Result<Vec<u8>, Failure> {
    range(person, key, Some(&part.number), 0, length(part.encoding)).await
}

/// Bytes that travel at most for [`INSIDE_BYTES`].
fn length(encoding: Encoding) -> u64 {
    let bytes = INSIDE_BYTES as u64;
    match encoding {
        Encoding::Identity => bytes,
        Encoding::QuotedPrintable => bytes * 3,
        Encoding::Base64 => bytes * 3 / 2,
    }
}

fn words_of_tnef(text: tnef::Text) -> Words {
    match text {
        tnef::Text::Plain(text) => Words { text, ..Words::default() },
        tnef::Text::Html(text) => Words { text, html: true, ..Words::default() },
    }
}

/// Texts that parts state.
async fn stated(
    person: &Person,
    key: &MessageKey,
    chosen: &[Text],
    most: usize,
) -> Result<Vec<Words>, Failure> {
    let mut texts = Vec::with_capacity(chosen.len());
    let mut left = most;
    for text in chosen {
        // Packed text is up to three times as long.
        let length = u64::try_from(left).unwrap_or(u64::MAX).saturating_mul(3);
        let packed = range(person, key, Some(&text.part), 0, length).await?;
        let words = body::words(&packed, text);
        left = left.saturating_sub(words.text.len());
        texts.push(words);
        if left == 0 {
            break;
        }
    }
    Ok(texts)
}
