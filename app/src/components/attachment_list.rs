//! What came with a message.

use leptos::prelude::*;
use model::message::Attachment;
use model::uid::MessageKey;

use crate::components::icon::{Icon, drawn};
use crate::place::Place;
use crate::text::Language;

/// The attachments of a message, each a download.
pub fn attachment_list(key: &MessageKey, attachments: &[Attachment]) -> impl IntoView + use<> {
    let language = Language::current();
    let entries = attachments
        .iter()
        .map(|attachment| {
            let href = Place::Attachment {
                key: key.clone(),
                part: attachment.part.clone(),
                inside: attachment.inside,
            }
            .to_string();
            let (name, shown) = (attachment.name.clone(), attachment.name.clone());
            let size = attachment.size.map(|bytes| size(bytes, language));
            view! {
                <li>
                    // rel=external: a download is not a page of the application.
                    <a class="attachment" rel="external" download=name href=href>
                        {drawn(Icon::Download)}
                        <bdi class="attachment-name">{shown}</bdi>
                        <span class="attachment-about">{size}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="attachments" aria-labelledby="attachments">
            <h3 id="attachments" class="visually-hidden">{language.text("attachments")}</h3>
            <ul>{entries}</ul>
        </section>
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
