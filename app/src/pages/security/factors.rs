//! The second factors: what they are called, when they were used, and the way to more or fewer.

use leptos::either::{Either, EitherOf3};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use crate::components::followed::Followed;
use crate::contract::account::{Factor, Policy};
use crate::pages::security::desk::{Change, Desk, Part};
use crate::pages::security::said::{moment, said};
use crate::pages::security::setup::{led_here, name_field, setup};
use crate::text::Language;

/// What is done with a factor at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Nothing,
    Renaming,
    Removing,
}

/// The factors, and setting up another.
pub(super) fn factor_section(desk: Desk) -> impl IntoView {
    let language = Language::current();
    let factors = Followed::new(move || desk.read(|security| security.factors.clone()));
    let required = Followed::new(move || {
        desk.read(|security| match security.policy {
            Policy::Required { from } if security.factors.is_empty() => Some(from),
            _ => None,
        })
    });
    view! {
        <section aria-labelledby="factors-heading">
            <h2 id="factors-heading">{language.text("factors")}</h2>
            {required.show(move |from| from.map(|from| view! {
                <p class="notice">
                    <span>{language.text("factors-required-until")} " " {moment(from)}</span>
                </p>
            }))}
            {factors.show(move |factors| if factors.is_empty() {
                Either::Left(view! { <p>{language.text("factors-none")}</p> })
            } else {
                let entries = factors.iter().map(|factor| entry(desk, factor.clone()));
                Either::Right(view! { <ul class="entries">{entries.collect::<Vec<_>>()}</ul> })
            })}
            {said(desk, Part::Factors)}
            {setup(desk)}
        </section>
    }
}

fn entry(desk: Desk, factor: Factor) -> impl IntoView {
    let language = Language::current();
    let kind = language.text(if factor.passkey { "factor-passkey" } else { "factor-app" });
    let used = match factor.used_at {
        Some(at) => Either::Left(view! { {language.text("used-at")} " " {moment(at)} }),
        None => Either::Right(language.text("used-never")),
    };
    let doing = RwSignal::new(Doing::Nothing);
    let shown = Followed::new(move || doing.get());
    let name = factor.name.clone();
    view! {
        <li class="entry">
            <div class="entry-words">
                <span class="entry-name"><bdi>{name}</bdi></span>
                <span class="entry-about">{kind}</span>
                <span class="entry-about">
                    {language.text("set-up-at")} " " {moment(factor.created_at)} " · " {used}
                </span>
            </div>
            {shown.show(move |now| match now {
                Doing::Nothing => EitherOf3::A(choices(&factor, doing)),
                Doing::Renaming => EitherOf3::B(renaming(desk, factor.clone(), doing)),
                Doing::Removing => EitherOf3::C(removing(desk, factor.clone(), doing)),
            })}
        </li>
    }
}

fn choices(factor: &Factor, doing: RwSignal<Doing>) -> impl IntoView + use<> {
    let language = Language::current();
    view! {
        <p class="actions by-program">
            <button
                class="button" type="button" aria-label=language.text_with("rename-named", "name", factor.name.as_str())
                on:click=move |_| doing.set(Doing::Renaming)
            >{language.text("rename")}</button>
            <button
                class="button" type="button" aria-label=language.text_with("remove-named", "name", factor.name.as_str())
                on:click=move |_| doing.set(Doing::Removing)
            >{language.text("remove")}</button>
        </p>
    }
}

fn renaming(desk: Desk, factor: Factor, doing: RwSignal<Doing>) -> impl IntoView {
    let language = Language::current();
    let name = RwSignal::new(factor.name);
    let rename = move |event: SubmitEvent| {
        event.prevent_default();
        doing.set(Doing::Nothing);
        desk.change(Change::Rename(factor.handle.clone(), name.get_untracked()));
    };
    view! {
        <form class="form entry-form" method="dialog" on:submit=rename>
            <label for="factor-name">{language.text("factor-name")}</label>
            {name_field("factor-name", name, led_here())}
            <p class="actions">
                <button class="button button-main" type="submit">{language.text("rename")}</button>
                {leave(doing)}
            </p>
        </form>
    }
}

/// Nothing brings a removed factor back, so this is asked for twice.
fn removing(desk: Desk, factor: Factor, doing: RwSignal<Doing>) -> impl IntoView {
    let language = Language::current();
    let question = language.text_with("remove-question", "name", factor.name.as_str());
    let label = question.clone();
    let answer = NodeRef::<html::Button>::new();
    answer.on_load(|answer| drop(answer.focus()));
    let remove = move |_| {
        doing.set(Doing::Nothing);
        desk.change(Change::Remove(factor.handle.clone()));
    };
    view! {
        <div class="entry-form" role="group" aria-label=label>
            <p>{question}</p>
            <p class="actions">
                <button class="button button-main" type="button" node_ref=answer on:click=remove>
                    {language.text("remove")}
                </button>
                {leave(doing)}
            </p>
        </div>
    }
}

fn leave(doing: RwSignal<Doing>) -> impl IntoView {
    view! {
        <button class="button button-quiet" type="button" on:click=move |_| doing.set(Doing::Nothing)>
            {Language::current().text("cancel")}
        </button>
    }
}
