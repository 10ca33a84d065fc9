//! What kind of file an attachment is, by what the message says of it: for its icon, and for whether it is worth trying to
//! show it. What is really shown is decided by its bytes.

use crate::message::Attachment;

/// A kind of file, as people tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A picture made of pixels. One that is made of instructions, such as SVG, is none.
    Picture,
    /// PDF.
    Pdf,
    /// Text without markup, or with some that is shown as it is written.
    Text,
    /// A table in text: CSV.
    Table,
    /// Something to hear.
    Sound,
    /// Something to watch.
    Film,
    /// A message.
    Message,
    /// An invitation or an event.
    Calendar,
    /// Files packed into one.
    Archive,
    /// Anything else.
    Other,
}

impl Kind {
    /// By the stated type in lower case, and by the end of the name where the type says nothing.
    pub fn of(content_type: &str, name: &str) -> Self {
        match content_type {
            "image/png" | "image/jpeg" | "image/jpg" | "image/pjpeg" | "image/gif" | "image/webp"
            | "image/avif" => Self::Picture,
            "application/pdf" | "application/x-pdf" => Self::Pdf,
            "text/csv" | "text/tab-separated-values" => Self::Table,
            "text/calendar" | "application/ics" => Self::Calendar,
            "message/rfc822" | "message/global" => Self::Message,
            "application/zip"
            | "application/x-zip-compressed"
            | "application/gzip"
            | "application/x-tar"
            | "application/x-7z-compressed"
            | "application/vnd.rar" => Self::Archive,
            // Not shown as what they are, and to show what they are made of helps nobody.
            "text/html" | "text/xml" | "text/rtf" | "text/vcard" | "image/svg+xml" => Self::Other,
            // What programs state that do not know better, and what spreadsheets state for their text.
            "text/plain" | "application/octet-stream" | "application/vnd.ms-excel" | "" => {
                let by_name = Self::of_name(name);
                match by_name {
                    Self::Other if content_type == "text/plain" => Self::Text,
                    kind => kind,
                }
            }
            "application/json" => Self::Text,
            other => match other.split('/').next() {
                Some("text" | "message") => Self::Text,
                Some("audio") => Self::Sound,
                Some("video") => Self::Film,
                _ => Self::Other,
            },
        }
    }

    fn of_name(name: &str) -> Self {
        let Some((_, extension)) = name.rsplit_once('.') else { return Self::Other };
        match extension.to_ascii_lowercase().as_str() {
            "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" => Self::Picture,
            "pdf" => Self::Pdf,
            "txt" | "log" | "md" | "json" | "diff" | "patch" => Self::Text,
            "csv" | "tsv" => Self::Table,
            "mp3" | "m4a" | "ogg" | "oga" | "opus" | "wav" | "flac" => Self::Sound,
            "mp4" | "m4v" | "webm" | "mov" | "ogv" => Self::Film,
            "ics" => Self::Calendar,
            "zip" | "gz" | "tgz" | "tar" | "7z" | "rar" => Self::Archive,
            _ => Self::Other,
        }
    }

    /// Whether it may be shown without being saved first.
    pub fn is_previewed(self) -> bool {
        matches!(self, Self::Picture | Self::Pdf | Self::Text | Self::Table | Self::Sound | Self::Film)
    }
}

impl Attachment {
    /// What kind of file it seems to be.
    pub fn kind(&self) -> Kind {
        Kind::of(&self.content_type, &self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn a_stated_type_counts_before_the_name_and_the_name_where_the_type_says_nothing() {
        for (content_type, name, kind) in [
            ("image/png", "drawing.svg", Kind::Picture),
            ("image/svg+xml", "picture.png", Kind::Other),
            ("text/html", "notes.txt", Kind::Other),
            ("application/octet-stream", "Scan.PDF", Kind::Pdf),
            ("application/octet-stream", "page.html", Kind::Other),
            ("application/octet-stream", "pdf", Kind::Other),
            ("application/vnd.ms-excel", "list.csv", Kind::Table),
            ("application/vnd.ms-excel", "list.xls", Kind::Other),
            ("text/plain", "list.csv", Kind::Table),
            ("text/plain", "page.html", Kind::Text),
            ("text/x-log", "x", Kind::Text),
            ("audio/ogg", "x", Kind::Sound),
            ("message/rfc822", "message.eml", Kind::Message),
            ("message/delivery-status", "attachment.txt", Kind::Text),
            ("text/calendar", "invite.ics", Kind::Calendar),
            ("application/msword", "letter.doc", Kind::Other),
        ] {
            assert_eq!(Kind::of(content_type, name), kind, "{content_type} {name}");
        }
    }

    #[test]
    fn what_may_hold_instructions_is_never_previewed() {
        for content_type in
            ["text/html", "text/xml", "application/xml", "application/xhtml+xml", "image/svg+xml", "text/rtf"]
        {
            assert!(!Kind::of(content_type, "x.png").is_previewed(), "{content_type}");
        }
    }
}
