//! What came with a message: messages inside of it, and files.

use ::message::alternative::choose;
use ::message::attachment::{is_openable, letter_name};
use ::message::header;
use app::failure::Failure;
use imap::commands::fetch::{LONGEST_HEADER, RawMessage};
use model::message::Attachment;
use model::structure::{Encoding, PartNumber};
use model::uid::MessageKey;

use super::Person;
use super::content;
use super::message::fetched;

/// A file that came with a message.
#[derive(Clone, Debug)]
pub struct File {
    /// A name for it, cleaned.
    pub name: String,
    /// Which part it is.
    pub part: PartNumber,
    /// Which file inside of it, where it packs several.
    pub inside: Option<u32>,
    /// How the part is packed.
    pub encoding: Encoding,
}

/// The message that is attached as this part, as if it had been fetched by itself; the message as it is where no part is
/// named.
///
/// # Errors
/// When there is no such part, it is no message, or the mail server fails.
pub(super) async fn entered(
    person: &Person,
    key: &MessageKey,
    within: Option<&PartNumber>,
    raw: RawMessage,
) -> Result<RawMessage, Failure> {
    let Some(within) = within else { return Ok(raw) };
    let part = raw.structure.as_ref().and_then(|root| root.find(within)).filter(|part| is_openable(part));
    let structure = part.and_then(|part| part.parts.first()).cloned().ok_or(Failure::MessageGone)?;
    let uid = key.at.uid;
    let read = person.at_message(key, |lease| {
        let within = within.clone();
        Box::pin(async move { lease.header_of_part(uid, &within, LONGEST_HEADER).await })
    });
    let header = read.await?.ok_or(Failure::MessageGone)?;
    // What the server read out of the outer header says nothing of this one.
    Ok(RawMessage { envelope: None, header, structure: Some(structure), ..raw })
}

/// Every file that is listed with a message, and a name for all of them together.
///
/// # Errors
/// When there is no such message or part, or the mail server fails.
pub async fn files(
    person: &Person,
    key: &MessageKey,
    within: Option<&PartNumber>,
) -> Result<(Vec<File>, String), Failure> {
    let raw = fetched(person, key, within).await?;
    let name = letter_name_of(&raw.header);
    let Some(root) = raw.structure.as_ref() else { return Ok((Vec::new(), name)) };
    let content = content::of_page(person, key, Some(root), &choose(root)).await?;
    let found = content.attachments.into_iter().filter_map(|attachment| {
        let encoding = root.find(&attachment.part)?.encoding;
        let Attachment { name, part, inside, .. } = attachment;
        Some(File { name, part, inside, encoding })
    });
    Ok((found.collect(), name))
}

/// A name under which a message is saved.
///
/// # Errors
/// When there is no such message or part, or the mail server fails.
pub async fn name(person: &Person, key: &MessageKey, within: Option<&PartNumber>) -> Result<String, Failure> {
    Ok(letter_name_of(&fetched(person, key, within).await?.header))
}

fn letter_name_of(bytes: &[u8]) -> String {
    let header = header::read(bytes);
    letter_name(&header.subject, header.date)
}
