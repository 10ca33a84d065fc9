//! What one may do with an opened message besides reading it. Links and a plain form, so that it needs no script.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::message::Message;
use model::uid::MessageKey;

use crate::api::mark_message;
use crate::components::clipboard;
use crate::components::failure_notice::FailureNotice;
use crate::components::icon::{Icon, drawn};
use crate::failure::Failure;
use crate::place::Place;
use crate::session::Session;
use crate::state::Opened;
use crate::text::Language;

/// The tools of a message; `back` is its list.
pub fn message_tools(message: &Message, back: &Place) -> impl IntoView + use<> {
    let language = Language::current();
    let Message { key, within, remote, .. } = message;
    let (key, within) = (key.clone(), within.clone());
    let paper = Place::Paper { key: key.clone(), within: within.clone(), pictures: remote.shown }.to_string();
    // What is attached has no flags of its own.
    let unread = within.is_none().then(|| view! { <Unread key back=back.to_string() /> });
    view! {
        <div class="message-tools">
            {unread}
            <a class="button button-quiet" rel="external noopener" target="_blank" href=paper>
                {drawn(Icon::Print)}{language.text("print-view")}
            </a>
        </div>
    }
}

/// The source of a message, to look at and to save.
pub fn source_links(message: &Message) -> impl IntoView + use<> {
    let language = Language::current();
    let Message { key, within, .. } = message;
    let text = Place::SourceText { key: key.clone(), within: within.clone() }.to_string();
    let source = Place::Source { key: key.clone(), within: within.clone() }.to_string();
    view! {
        <p><a rel="external noopener" target="_blank" href=text>
            {drawn(Icon::Source)}{language.text("show-source")}
        </a></p>
        <p><a rel="external" download="" href=source>
            {drawn(Icon::Download)}{language.text("download-source")}
        </a></p>
    }
}

/// Puts an address into the clipboard, and says so.
pub fn copy_address(address: String) -> impl IntoView + use<> {
    let language = Language::current();
    let told = RwSignal::new(None::<&'static str>);
    let words = language.text_with("copy-address", "address", address.as_str());
    let hint = words.clone();
    let copy = move |_| {
        let address = address.clone();
        leptos::task::spawn_local(async move {
            let copied = clipboard::copy(&address).await;
            told.try_set(Some(if copied { "copied" } else { "not-copied" }));
        });
    };
    view! {
        <button class="copy-address" type="button" title=hint on:click=copy>
            {drawn(Icon::Copy)}<span class="visually-hidden">{words}</span>
        </button>
        <span class="copy-told" role="status">{move || told.get().map(|told| language.text(told))}</span>
    }
}

/// The form by which a message is unread again. Back in the list, where it shows.
#[component]
fn Unread(key: MessageKey, back: String) -> impl IntoView {
    let language = Language::current();
    let session = Session::of_page();
    let opened = Opened::of_page();
    let navigate = use_navigate();
    let failure = RwSignal::new(None::<Failure>);
    let action = Place::Unread { key: key.clone() }.to_string();
    let mark = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (key, back, navigate) = (key.clone(), back.clone(), navigate.clone());
        failure.set(None);
        leptos::task::spawn_local(async move {
            match mark_message(key.clone(), false).await {
                Ok(()) => {
                    opened.forget(|known| *known == key);
                    navigate(&back, NavigateOptions::default());
                }
                Err(failed) => {
                    if !session.hear(&failed) {
                        failure.try_set(Some(failed));
                    }
                }
            }
        });
    };
    view! {
        <form method="post" action=action on:submit=mark>
            <button class="button button-quiet" type="submit">
                {drawn(Icon::Unread)}{language.text("mark-unread")}
            </button>
        </form>
        {move || failure.get().map(|failure| view! { <FailureNotice failure /> })}
    }
}
