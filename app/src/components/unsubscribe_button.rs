//! The way out of a list.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::uid::MessageKey;
use model::unsubscribe::{Unsubscribe, Unsubscribed};

use crate::api::origin::leave_list;
use crate::place::{LEFT, Place};
use crate::session::Session;
use crate::text::Language;

/// A button that opens in place and says what will happen, with every way that the message offers: a plain form and links,
/// so that it needs no script.
pub fn unsubscribe_button(key: &MessageKey, ways: &Unsubscribe) -> impl IntoView + use<> {
    let language = Language::current();
    // Only a known word is taken from the address, and each says no more than what it stands for.
    let left =
        use_query_map().with_untracked(|query| query.get(LEFT).and_then(|word| Unsubscribed::of_word(&word)));
    let one_click = ways.one_click.as_ref().map(|host| one_click(key, host, left, language));
    let page = ways.page.clone().map(|to| {
        let href = match &ways.misleads {
            Some(why) => Place::Leaving { to, why: why.clone() }.to_string(),
            None => to,
        };
        view! {
            <a class="button" rel="external noopener noreferrer" target="_blank" href=href>
                {language.text("unsubscribe-page")}
            </a>
        }
    });
    let mail = ways.mail.clone().map(|href| {
        view! { <a class="button" rel="external noreferrer" href=href>{language.text("unsubscribe-mail")}</a> }
    });
    view! {
        <details class="unsubscribe" open=left.is_some()>
            <summary>{language.text("unsubscribe")}</summary>
            {one_click}
            <p class="unsubscribe-ways">{page}{mail}</p>
        </details>
    }
}

fn one_click(
    key: &MessageKey,
    host: &str,
    left: Option<Unsubscribed>,
    language: Language,
) -> impl IntoView + use<> {
    let session = Session::of_page();
    let outcome = RwSignal::new(left);
    let failed = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let action = Place::Unsubscribe { key: key.clone() }.to_string();
    let key = key.clone();
    let leave = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        let key = key.clone();
        leptos::task::spawn_local(async move {
            match leave_list(key).await {
                Ok(answer) => drop(outcome.try_set(Some(answer))),
                Err(failure) => {
                    if !session.hear(&failure) {
                        failed.try_set(Some(language.failure(&failure)));
                    }
                }
            }
            busy.try_set(false);
        });
    };
    let said = move || {
        let said = outcome.get().map(|outcome| {
            language.text(match outcome {
                Unsubscribed::Done => "unsubscribe-done",
                Unsubscribed::Refused => "unsubscribe-refused",
                Unsubscribed::Unreachable => "unsubscribe-unreachable",
                Unsubscribed::NotOffered => "unsubscribe-not-offered",
            })
        });
        failed.get().or(said)
    };
    // Who has left need not leave twice; whoever has not may try again.
    let done = move || busy.get() || outcome.get() == Some(Unsubscribed::Done);
    view! {
        <p>{language.text_with("unsubscribe-one-click", "host", format!("\u{2068}{host}\u{2069}"))}</p>
        <form method="post" action=action on:submit=leave>
            <button class="button button-main" type="submit" disabled=done>
                {language.text("unsubscribe-now")}
            </button>
        </form>
        <p aria-live="polite">{said}</p>
    }
}
