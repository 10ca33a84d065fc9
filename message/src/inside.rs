//! Files that are packed inside of one part: uuencoded in its text, or in the TNEF of Outlook.

use model::message::Attachment;
use model::structure::{Part, PartNumber};

use crate::attachment;
use crate::header::shown;

/// A file inside of a part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// A name that is safe to show and to save under; never empty.
    pub name: String,
    /// Its stated type, or what its name says; to show, never to trust.
    pub content_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether its end was seen.
    pub complete: bool,
}

impl File {
    /// A file with the name and the type that a message states.
    pub(crate) fn new(name: &str, content_type: Option<&str>, bytes: Vec<u8>, complete: bool) -> Self {
        let name = Some(attachment::clean(name)).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| "attachment.bin".to_owned());
        let stated = content_type.map(|stated| shown(stated, 100).to_ascii_lowercase());
        let stated = stated.filter(|stated| stated.contains('/'));
        Self { content_type: stated.unwrap_or_else(|| type_of_name(&name).to_owned()), name, bytes, complete }
    }
}

/// Whether a part is the TNEF of Outlook, whose files and text are inside.
pub fn is_tnef(part: &Part) -> bool {
    is_tnef_type(&part.content_type(), part.stated_name())
}

/// Whether an attachment is the TNEF of Outlook.
pub fn is_listed_tnef(listed: &Attachment) -> bool {
    listed.inside.is_none() && is_tnef_type(&listed.content_type, Some(&listed.name))
}

fn is_tnef_type(content_type: &str, name: Option<&str>) -> bool {
    matches!(content_type, "application/ms-tnef" | "application/vnd.ms-tnef")
        || name.is_some_and(|name| name.eq_ignore_ascii_case("winmail.dat"))
}

/// Describes the files inside of a part, counted from 1 in their order.
pub fn describe(part: &PartNumber, files: &[File]) -> Vec<Attachment> {
    let numbered = (1_u32..).zip(files);
    let described = numbered.map(|(number, file)| Attachment {
        part: part.clone(),
        inside: Some(number),
        name: file.name.clone(),
        content_type: file.content_type.clone(),
        size: u64::try_from(file.bytes.len()).ok().filter(|_| file.complete),
    });
    described.collect()
}

/// What a name says of a file that states no type.
fn type_of_name(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("pdf") => "application/pdf",
        Some("zip") => "application/zip",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("txt" | "log") => "text/plain",
        Some("csv") => "text/csv",
        Some("ics") => "text/calendar",
        Some("htm" | "html") => "text/html",
        _ => "application/octet-stream",
    }
}
