//! Translations: every word that a person reads stands in `locales/<language>/main.ftl` (Fluent).

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use leptos::prelude::{provide_context, use_context};
use unic_langid::LanguageIdentifier;

use crate::failure::Failure;

/// A language that Pennypost speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, also for everyone whose language is not here yet.
    #[default]
    English,
    /// German.
    German,
}

const SOURCES: [(Language, &str, &str); 2] = [
    (Language::English, "en", include_str!("../locales/en/main.ftl")),
    (Language::German, "de", include_str!("../locales/de/main.ftl")),
];

static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> = LazyLock::new(|| {
    SOURCES
        .iter()
        .map(|(_, tag, source)| {
            // A broken line costs that line: the parser returns what it understood with the errors, and a test
            // reads every file strictly.
            let resource =
                FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
            let locale = tag.parse::<LanguageIdentifier>().unwrap_or_default();
            let mut bundle = FluentBundle::new_concurrent(vec![locale]);
            // Strangers' words are isolated by <bdi> on the page; invisible marks would also land in titles.
            bundle.set_use_isolating(false);
            bundle.add_resource_overriding(resource);
            bundle
        })
        .collect()
});

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The language of the page that is being made or brought to life.
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// Makes it the language of everything below in the tree of components.
    pub fn provide(self) {
        provide_context(self);
    }

    /// The best language for an `Accept-Language` header (RFC 9110 §12.5.4); English when none fits.
    pub fn of_accept_language(header: &str) -> Self {
        let mut best = (0.0, Self::default());
        for entry in header.split(',').take(20) {
            let mut pieces = entry.trim().split(';');
            let Some(language) = pieces.next().and_then(Self::of_tag) else { continue };
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q="))
                .map_or(1.0, |weight| weight.parse::<f32>().unwrap_or(0.0));
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }

    /// The language of a tag such as `de-AT`.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split('-').next()?.to_ascii_lowercase();
        SOURCES.iter().find(|(_, known, _)| *known == primary).map(|(language, _, _)| *language)
    }

    /// Its tag, for the `lang` attribute.
    pub fn tag(self) -> &'static str {
        SOURCES.iter().find(|(language, _, _)| *language == self).map_or("en", |(_, tag, _)| tag)
    }

    /// The text with this name.
    pub fn text(self, key: &str) -> String {
        self.format(key, None, None)
    }

    /// The text with this name, with one variable filled in.
    pub fn text_with<'a>(self, key: &str, name: &'a str, value: impl Into<FluentValue<'a>>) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set(name, value);
        self.format(key, None, Some(&arguments))
    }

    /// What happened, in a sentence.
    pub fn failure(self, failure: &Failure) -> String {
        self.text_with(failure.key(), "subject", failure.subject())
    }

    /// What to do about it.
    pub fn advice(self, failure: &Failure) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("subject", failure.subject());
        self.format(failure.key(), Some("advice"), Some(&arguments))
    }

    fn format(self, key: &str, attribute: Option<&str>, arguments: Option<&FluentArgs<'_>>) -> String {
        // English stands in for what a translation lacks, and the name itself for what nobody wrote: a visible
        // mistake, never an empty button.
        for language in [self, Self::English] {
            let position = SOURCES.iter().position(|(known, _, _)| *known == language);
            let Some(bundle) = position.and_then(|position| BUNDLES.get(position)) else { continue };
            let Some(message) = bundle.get_message(key) else { continue };
            let pattern = match attribute {
                Some(attribute) => message.get_attribute(attribute).map(|attribute| attribute.value()),
                None => message.value(),
            };
            if let Some(pattern) = pattern {
                return bundle.format_pattern(pattern, arguments, &mut Vec::new()).into_owned();
            }
        }
        key.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_bundle::FluentResource;

    use super::{Language, SOURCES};

    fn keys(source: &str) -> BTreeSet<String> {
        source
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key.to_owned())
            .collect()
    }

    #[test]
    fn every_translation_is_well_formed_and_none_lacks_a_text() {
        let english = keys(SOURCES[0].2);
        for (_, tag, source) in SOURCES {
            assert!(FluentResource::try_new(source.to_owned()).is_ok(), "{tag}");
            assert_eq!(keys(source), english, "{tag}");
        }
    }

    #[test]
    fn the_browsers_wishes_are_heard_in_their_order() {
        assert_eq!(Language::of_accept_language("fr, de-AT;q=0.7, en;q=0.3"), Language::German);
        assert_eq!(Language::of_accept_language("en-GB,de;q=0.9"), Language::English);
        assert_eq!(Language::of_accept_language("zh;q=x, \u{0}"), Language::English);
        assert_eq!(Language::of_accept_language(""), Language::English);
    }
}
