//! How a message is encrypted or signed, and that nothing of it was checked.

use leptos::prelude::*;
use model::protection::Protection;

use crate::components::icon::{Icon, drawn};
use crate::text::Language;

/// One sentence, and the source, with which programs that have the keys can do more.
pub fn protection_line(protection: Protection, source: String) -> impl IntoView {
    let language = Language::current();
    let words = match protection {
        Protection::Encrypted(standard) => {
            language.text_with("protection-encrypted", "standard", standard.name())
        }
        Protection::Signed(standard) => language.text_with("protection-signed", "standard", standard.name()),
        Protection::Enclosed(standard) => {
            language.text_with("protection-enclosed", "standard", standard.name())
        }
    };
    view! {
        <p class="notice">
            {drawn(Icon::Key)}
            <span>
                {words} " "
                <a rel="external" download="message.eml" href=source>{language.text("download-source")}</a>
            </span>
        </p>
    }
}
