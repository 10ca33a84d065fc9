//! What came with a message: each file to look at where that can be done, and to save; all of them at once.

use leptos::either::Either;
use leptos::prelude::*;
use model::file::Kind;
use model::message::{Attachment, Message};
use model::structure::PartNumber;
use model::uid::MessageKey;

use crate::components::icon::{Icon, drawn};
use crate::place::Place;
use crate::text::Language;

/// The attachments of a message; `offset` is that of the list beside it.
pub fn attachment_list(message: &Message, offset: u32) -> impl IntoView + use<> {
    let language = Language::current();
    let Message { key, within, attachments, .. } = message;
    let entries =
        attachments.iter().map(|attachment| entry(key, attachment, offset, language)).collect_view();
    let all = (attachments.len() > 1).then(|| {
        let href = Place::Archive { key: key.clone(), within: within.clone() }.to_string();
        let words = language.text_with("attachments-all", "about", about_all(attachments, language));
        // rel=external: a download is not a page of the application.
        view! {
            <a class="attachments-all" rel="external" download="" href=href>
                {drawn(Icon::Download)}<span>{words}</span>
            </a>
        }
    });
    view! {
        <section class="attachments" aria-labelledby="attachments">
            <h3 id="attachments" class="visually-hidden">{language.text("attachments")}</h3>
            <ul>{entries}</ul>
            {all}
        </section>
    }
}

/// Over a message that came attached to another: the way to that one.
pub fn attached_to(message: &Message, offset: u32) -> impl IntoView + use<> {
    message.within.is_some().then(|| {
        let language = Language::current();
        let outer = Place::Message { key: message.key.clone(), within: None, offset }.to_string();
        view! {
            <p class="notice">
                {drawn(Icon::File(Kind::Message))}
                <span>
                    {language.text("attached-message")} " " <a href=outer>{language.text("attached-message-outer")}</a>
                </span>
            </p>
        }
    })
}

fn entry(
    key: &MessageKey,
    attachment: &Attachment,
    offset: u32,
    language: Language,
) -> impl IntoView + use<> {
    let Attachment { part, inside, name, .. } = attachment;
    let kind = attachment.kind();
    let saved = Place::Attachment { key: key.clone(), part: part.clone(), inside: *inside }.to_string();
    let label = label(attachment, kind, language);
    let Some((place, verb)) = looked_at(key, part, *inside, kind, offset) else {
        let verb = language.text("attachment-download");
        return Either::Left(view! {
            <li>
                <a class="attachment" rel="external" download=name.clone() href=saved>
                    <span class="visually-hidden">{verb}" "</span>{label}{drawn(Icon::Download)}
                </a>
            </li>
        });
    };
    let verb = language.text(verb);
    let place = place.to_string();
    // A message is a page beside the list; everything else is a document of its own, which leaves this one where it is.
    let look = if kind == Kind::Message {
        Either::Left(view! {
            <a class="attachment" href=place><span class="visually-hidden">{verb}" "</span>{label}</a>
        })
    } else {
        Either::Right(view! {
            <a class="attachment" rel="external noopener" target="_blank" href=place>
                <span class="visually-hidden">{verb}" "</span>{label}
            </a>
        })
    };
    let (save, hint) = (language.text("attachment-download"), language.text("attachment-download"));
    Either::Right(view! {
        <li>
            {look}
            <a class="attachment-save" rel="external" download=name.clone() href=saved title=hint>
                {drawn(Icon::Download)}<span class="visually-hidden">{save}" "<bdi>{name.clone()}</bdi></span>
            </a>
        </li>
    })
}

/// Where a file is looked at, and what that is called, if it can be.
fn looked_at(
    key: &MessageKey,
    part: &PartNumber,
    inside: Option<u32>,
    kind: Kind,
    offset: u32,
) -> Option<(Place, &'static str)> {
    let (key, part) = (key.clone(), part.clone());
    match (kind, inside) {
        (Kind::Message, None) => {
            Some((Place::Message { key, within: Some(part), offset }, "attachment-open"))
        }
        (kind, inside) if kind.is_previewed() => {
            Some((Place::Preview { key, part, inside }, "attachment-preview"))
        }
        _ => None,
    }
}

/// Icon, name and size. A name that is too long for its place never loses its end, which says what the file is.
fn label(attachment: &Attachment, kind: Kind, language: Language) -> impl IntoView + use<> {
    let name = &attachment.name;
    let end = name.rfind('.').filter(|end| *end > 0 && name.len() - end <= LONGEST_END).unwrap_or(name.len());
    let (stem, extension) = name.split_at(end);
    let size = attachment.size.map(|bytes| size(bytes, language));
    view! {
        {drawn(Icon::File(kind))}
        <span class="visually-hidden">{language.text(word(kind))}" "</span>
        <bdi class="attachment-name"><span>{stem.to_owned()}</span><span>{extension.to_owned()}</span></bdi>
        " "
        <span class="attachment-about">{size}</span>
    }
}

/// Bytes of the longest end of a name that is shown however little room there is.
const LONGEST_END: usize = 11;

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Picture => "attachment-kind-picture",
        Kind::Pdf => "attachment-kind-pdf",
        Kind::Text => "attachment-kind-text",
        Kind::Table => "attachment-kind-table",
        Kind::Sound => "attachment-kind-sound",
        Kind::Film => "attachment-kind-film",
        Kind::Message => "attachment-kind-message",
        Kind::Calendar => "attachment-kind-calendar",
        Kind::Archive => "attachment-kind-archive",
        Kind::Other => "attachment-kind-other",
    }
}

/// How many, and how large together where that is known of each.
fn about_all(attachments: &[Attachment], language: Language) -> String {
    let count = attachments.len();
    let sizes: Option<Vec<u64>> = attachments.iter().map(|attachment| attachment.size).collect();
    match sizes {
        Some(sizes) => {
            let total = sizes.iter().fold(0_u64, |sum, size| sum.saturating_add(*size));
            format!("{count}, {}", size(total, language))
        }
        None => count.to_string(),
    }
}

/// Bytes in the largest unit that leaves a whole number.
fn size(bytes: u64, language: Language) -> String {
    let (key, number) = match bytes {
        0..1_000 => ("size-bytes", bytes),
        1_000..1_000_000 => ("size-kilobytes", bytes.div_ceil(1_000)),
        _ => ("size-megabytes", bytes.div_ceil(1_000_000)),
    };
    language.text_with(key, "number", number)
}
