//! A failure, where what failed would have been.

use leptos::prelude::*;

use crate::components::icon::{Icon, drawn};
use crate::failure::Failure;
use crate::place::Place;
use crate::text::Language;

/// What happened and what to do, with the mail server's own words as a quotation.
#[component]
pub fn FailureNotice(
    /// What went wrong.
    failure: Failure,
) -> impl IntoView {
    let language = Language::current();
    let words = failure.words().map(|words| {
        view! {
            <p class="failure-words">
                {language.text("failure-words")} " " <q><bdi>{words.to_owned()}</bdi></q>
            </p>
        }
    });
    let sign_in = (failure == Failure::SignedOut).then(|| {
        // A full page load on purpose: the sign-in form belongs to the server.
        view! {
            <p><a class="button" rel="external" href=Place::SignIn { next: None }.to_string()>
                {language.text("sign-in")}
            </a></p>
        }
    });
    view! {
        <div class="failure" role="alert">
            {drawn(Icon::Alert)}
            <div>
                <p class="failure-what">{language.failure(&failure)}</p>
                {words}
                <p class="failure-advice">{language.advice(&failure)}</p>
                {sign_in}
            </div>
        </div>
    }
}
