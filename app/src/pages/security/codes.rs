//! Recovery codes: how many are left, new ones, and the only time that they are shown.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::clipboard;
use crate::components::followed::Followed;
use crate::pages::security::desk::{Change, Desk, Part};
use crate::pages::security::said::said;
use crate::text::Language;

/// How many are left, and the way to new ones.
pub(super) fn recovery_section(desk: Desk) -> impl IntoView {
    let language = Language::current();
    let left = Followed::new(move || desk.read(|security| (security.recovery_codes, security.factors.len())));
    let count = left.show(move |(left, factors)| match (left, factors) {
        (_, 0) => language.text("recovery-without-factor"),
        (left, _) => language.text_with("recovery-left", "count", *left),
    });
    let make = left.show(move |(_, factors)| {
        (*factors > 0).then(|| {
            view! {
                <button
                    class="button by-program" type="button" on:click=move |_| desk.change(Change::NewCodes)
                >
                    {language.text("recovery-make")}
                </button>
            }
        })
    });
    view! {
        <section aria-labelledby="codes-heading">
            <h2 id="codes-heading">{language.text("recovery-codes")}</h2>
            <p>{count}</p>
            {said(desk, Part::Codes)}
            {make}
        </section>
    }
}

/// The codes themselves, once. It stands right below `<main>`, so that paper can have it alone.
pub(crate) fn codes_sheet(desk: Desk, login: String) -> impl IntoView {
    let codes = Followed::new(move || desk.codes.get().map(|codes| codes.0));
    codes.show(move |codes| codes.clone().map(|codes| sheet(desk, &login, codes)))
}

fn sheet(desk: Desk, login: &str, codes: Vec<String>) -> impl IntoView + use<> {
    let language = Language::current();
    let heading = NodeRef::<html::H2>::new();
    // It is new on the page and above where somebody was: whoever hears the page is led to it.
    heading.on_load(|heading| drop(heading.focus()));
    let copied = RwSignal::new(None);
    let all = codes.join("\n");
    let copy = move |_| {
        let all = all.clone();
        spawn_local(async move {
            let done = if clipboard::copy(&all).await { "recovery-copied" } else { "recovery-not-copied" };
            copied.try_set(Some(done));
        });
    };
    let told = Followed::new(move || copied.get());
    view! {
        <section class="codes" aria-labelledby="codes-sheet-heading">
            <h2 id="codes-sheet-heading" tabindex="-1" node_ref=heading>
                {language.text("recovery-codes-new")}
            </h2>
            <p>{language.text("recovery-keep")}</p>
            <p class="codes-login">{language.text("product")} ", " <bdi>{login.to_owned()}</bdi></p>
            <ol class="codes-list">
                {codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect::<Vec<_>>()}
            </ol>
            <p class="actions">
                <button class="button" type="button" on:click=move |_| print()>{language.text("print")}</button>
                <button class="button" type="button" on:click=copy>{language.text("copy")}</button>
                <button class="button button-main" type="button" on:click=move |_| desk.codes.set(None)>
                    {language.text("recovery-kept")}
                </button>
            </p>
            <p class="codes-told" role="status">{told.show(move |told| told.map(|told| language.text(told)))}</p>
        </section>
    }
}

/// Prints the page. The server has no printer.
fn print() {
    #[cfg(feature = "hydrate")]
    crate::browser::handout::print();
}
