//! The language that the server chose for this page.

use crate::text::Language;

/// Reads the `lang` attribute of the document.
pub fn of_document() -> Language {
    web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element())
        .and_then(|root| root.get_attribute("lang"))
        .and_then(|tag| Language::of_tag(&tag))
        .unwrap_or_default()
}

/// The browser's own variant of a language, such as `en-GB`, by which it writes times and numbers.
pub fn variant(language: Language) -> String {
    web_sys::window()
        .and_then(|window| window.navigator().language())
        .filter(|tag| Language::of_tag(tag) == Some(language))
        .unwrap_or_else(|| language.tag().to_owned())
}
