//! Small things that the parts of the page share: what came of a change, a moment, and from where something came.

use leptos::either::EitherOf3;
use leptos::prelude::*;
use model::time::Timestamp;

use crate::components::failure_notice::FailureNotice;
use crate::components::followed::Followed;
use crate::components::time::{Detail, time};
use crate::contract::account::Origin;
use crate::pages::security::desk::{Desk, Part, Said};
use crate::text::Language;

/// What came of the last change in this part of the page.
pub(super) fn said(desk: Desk, part: Part) -> impl IntoView {
    let language = Language::current();
    let done = Followed::new(move || match desk.said_in(part) {
        Some(Said::Done) => Some("security-done"),
        Some(Said::FactorsChanged) => Some("security-factors-changed"),
        _ => None,
    });
    let failed = Followed::new(move || desk.said_in(part));
    view! {
        <div class="said" role="status">
            {done.show(move |words| words.map(|words| view! { <p class="notice">{language.text(words)}</p> }))}
        </div>
        {failed.show(move |said| match said.clone() {
            Some(Said::Failed(failure)) => EitherOf3::A(view! { <FailureNotice failure /> }),
            Some(Said::NoPasskey) => EitherOf3::B(no_passkey()),
            _ => EitherOf3::C(()),
        })}
    }
}

/// That the browser gave no passkey.
pub(crate) fn no_passkey() -> impl IntoView {
    view! { <p class="notice" role="alert">{Language::current().text("passkey-none")}</p> }
}

/// A moment that the server noted.
pub(super) fn moment(seconds: i64) -> impl IntoView {
    time(Timestamp { seconds, offset_minutes: 0 }, Detail::Full)
}

/// From where and with what: strangers' words.
pub(super) fn origin(origin: &Origin) -> impl IntoView + use<> {
    let language = Language::current();
    let browser = match origin.browser.trim() {
        "" => language.text("origin-unknown"),
        known => known.to_owned(),
    };
    let place = match &origin.country {
        Some(country) => format!("{} ({country})", origin.address),
        None => origin.address.clone(),
    };
    view! {
        <span class="entry-name"><bdi>{browser}</bdi></span>
        <span class="entry-about"><bdi>{place}</bdi></span>
    }
}
