//! What happened at the door, in words, newest first.

use leptos::either::Either;
use leptos::prelude::*;

use crate::components::followed::Followed;
use crate::contract::account::{Event, EventKind};
use crate::pages::security::desk::Desk;
use crate::pages::security::said::{moment, origin};
use crate::text::Language;

/// The events.
pub(super) fn event_section(desk: Desk) -> impl IntoView {
    let language = Language::current();
    let events = Followed::new(move || desk.read(|security| security.events.clone()));
    view! {
        <section aria-labelledby="events-heading">
            <h2 id="events-heading">{language.text("events")}</h2>
            {events.show(move |events| if events.is_empty() {
                Either::Left(view! { <p>{language.text("events-none")}</p> })
            } else {
                let entries = events.iter().map(entry).collect::<Vec<_>>();
                Either::Right(view! { <ol class="entries events">{entries}</ol> })
            })}
        </section>
    }
}

fn entry(event: &Event) -> impl IntoView + use<> {
    let class = if is_bad(event.kind) { "entry-what event-bad" } else { "entry-what" };
    view! {
        <li class="entry">
            <div class="entry-words">
                <span class=class>{Language::current().text(key(event.kind))}</span>
                <span class="entry-about">{moment(event.at)}</span>
                {origin(&event.origin)}
            </div>
        </li>
    }
}

/// What somebody else may have done.
fn is_bad(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::SignedInUnusually
            | EventKind::WrongPassword
            | EventKind::WrongFactor
            | EventKind::TooManyAttempts
    )
}

/// The name of its words in the translation files.
fn key(kind: EventKind) -> &'static str {
    match kind {
        EventKind::SignedIn => "event-signed-in",
        EventKind::SignedInUnusually => "event-signed-in-unusually",
        EventKind::WrongPassword => "event-wrong-password",
        EventKind::WrongFactor => "event-wrong-factor",
        EventKind::TooManyAttempts => "event-too-many-attempts",
        EventKind::SignedOut => "event-signed-out",
        EventKind::SessionEnded => "event-session-ended",
        EventKind::PasswordChanged => "event-password-changed",
        EventKind::FactorAdded => "event-factor-added",
        EventKind::FactorRenamed => "event-factor-renamed",
        EventKind::FactorRemoved => "event-factor-removed",
        EventKind::RecoveryCodesMade => "event-recovery-codes-made",
        EventKind::RecoveryCodeUsed => "event-recovery-code-used",
        EventKind::DeviceTrusted => "event-device-trusted",
        EventKind::DeviceDistrusted => "event-device-distrusted",
        EventKind::FactorsReset => "event-factors-reset",
    }
}

#[cfg(test)]
mod tests {
    use super::{EventKind, key};
    use crate::text::Language;

    const ALL: [EventKind; 16] = [
        EventKind::SignedIn,
        EventKind::SignedInUnusually,
        EventKind::WrongPassword,
        EventKind::WrongFactor,
        EventKind::TooManyAttempts,
        EventKind::SignedOut,
        EventKind::SessionEnded,
        EventKind::PasswordChanged,
        EventKind::FactorAdded,
        EventKind::FactorRenamed,
        EventKind::FactorRemoved,
        EventKind::RecoveryCodesMade,
        EventKind::RecoveryCodeUsed,
        EventKind::DeviceTrusted,
        EventKind::DeviceDistrusted,
        EventKind::FactorsReset,
    ];

    #[test]
    fn every_event_has_words_in_every_language() {
        for language in Language::ALL {
            for kind in ALL {
                let words = language.text(key(kind));
                assert!(words.contains(' '), "{language:?} {kind:?}: {words}");
            }
        }
    }
}
