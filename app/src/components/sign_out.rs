//! The way out, on every page that has a bar. A plain form, so that it needs no script.

use leptos::prelude::*;

use crate::components::icon::{Icon, drawn};
use crate::place::Place;
use crate::text::Language;

/// The form, at the end of the bar.
pub fn sign_out(language: Language) -> impl IntoView {
    view! {
        <form class="bar-sign-out" method="post" action=Place::SignOut.to_string()>
            <button class="button button-quiet" type="submit">
                {drawn(Icon::SignOut)}<span>{language.text("sign-out")}</span>
            </button>
        </form>
    }
}
