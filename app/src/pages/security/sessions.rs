//! Where somebody is signed in, and the way to end it.

use leptos::either::Either;
use leptos::prelude::*;

use crate::components::followed::Followed;
use crate::contract::account::Session;
use crate::pages::security::desk::{Change, Desk, Part};
use crate::pages::security::said::{moment, origin, said};
use crate::text::Language;

/// The sessions, this one first.
pub(super) fn session_section(desk: Desk) -> impl IntoView {
    let language = Language::current();
    let sessions = Followed::new(move || desk.read(|security| security.sessions.clone()));
    let others = Followed::new(move || desk.read(|security| security.sessions.iter().any(|one| !one.this)));
    view! {
        <section aria-labelledby="sessions-heading">
            <h2 id="sessions-heading">{language.text("sessions")}</h2>
            <p class="section-lead">{language.text("sessions-lead")}</p>
            <ul class="entries">
                {sessions.show(move |sessions| sessions.iter().map(|one| entry(desk, one)).collect::<Vec<_>>())}
            </ul>
            {said(desk, Part::Sessions)}
            {others.show(move |others| others.then(|| view! {
                <button
                    class="button by-program" type="button" on:click=move |_| desk.change(Change::EndOthers)
                >
                    {language.text("sessions-end-others")}
                </button>
            }))}
        </section>
    }
}

fn entry(desk: Desk, session: &Session) -> impl IntoView + use<> {
    let language = Language::current();
    let handle = session.handle.clone();
    let label = language.text_with("session-end-named", "name", session.origin.browser.as_str());
    let action = if session.this {
        Either::Left(view! { <span class="badge">{language.text("session-this")}</span> })
    } else {
        Either::Right(view! {
            <button
                class="button by-program" type="button" aria-label=label
                on:click=move |_| desk.change(Change::EndSession(handle.clone()))
            >
                {language.text("session-end")}
            </button>
        })
    };
    view! {
        <li class="entry">
            <div class="entry-words">
                {origin(&session.origin)}
                <span class="entry-about">
                    {language.text("session-since")} " " {moment(session.created_at)} " · "
                    {language.text("session-seen")} " " {moment(session.seen_at)}
                </span>
            </div>
            {action}
        </li>
    }
}
