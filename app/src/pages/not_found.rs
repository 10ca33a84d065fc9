//! The page for an address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::failure_notice::FailureNotice;
use crate::failure::Failure;
use crate::place::Place;
use crate::text::Language;

/// Says that there is nothing here, and where mail is.
#[component]
pub fn NotFound() -> impl IntoView {
    let language = Language::current();
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text=language.text("title-not-found") />
        <main class="sheet">
            <h1>{language.text("product")}</h1>
            <FailureNotice failure=Failure::NoSuchPage />
            <p><a class="button" rel="external" href=Place::inbox().to_string()>{language.text("to-inbox")}</a></p>
        </main>
    }
}
