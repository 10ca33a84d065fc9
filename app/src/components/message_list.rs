//! The list of a mailbox's messages.

use leptos::prelude::*;
use model::messages::Window;
use model::special_use::Role;
use model::uid::UidInEpoch;

use crate::components::icon::{Drawn, Icon};
use crate::components::message_row::MessageRow;
use crate::place::Place;
use crate::text::Language;

/// A window of messages, and the ways to newer and older ones.
#[component]
pub fn MessageList(
    /// The rows.
    window: Window,
    /// The role of the mailbox, which decides whose name a row shows.
    role: Option<Role>,
    /// The message that is open beside the list.
    #[prop(into)]
    open: Signal<Option<UidInEpoch>>,
) -> impl IntoView {
    let language = Language::current();
    let (newer, older) = (window.newer(), window.older());
    let Window { mailbox, offset, envelopes, total, .. } = window;
    let total = total.unwrap_or(mailbox.messages);
    if envelopes.is_empty() {
        return view! {
            <p class="empty">
                <Drawn icon=Icon::Inbox />
                {language.text(if offset == 0 { "mailbox-empty" } else { "window-empty" })}
            </p>
        }
        .into_any();
    }
    let first = offset.saturating_add(1);
    let last = offset.saturating_add(u32::try_from(envelopes.len()).unwrap_or(u32::MAX));
    let to_recipients = matches!(role, Some(Role::Sent | Role::Drafts));
    let name = mailbox.name.clone();
    let rows = envelopes
        .into_iter()
        .map(|envelope| {
            let mailbox = mailbox.clone();
            view! { <MessageRow envelope mailbox offset to_recipients open /> }
        })
        .collect_view();
    let turn = |offset: Option<u32>, icon: Icon, key: &'static str| {
        let words = language.text(key);
        let title = words.clone();
        match offset {
            Some(offset) => {
                let href = Place::Mailbox { mailbox: name.clone(), offset }.to_string();
                view! {
                    <a href=href class="turn" title=title>
                        <Drawn icon /><span class="visually-hidden">{words}</span>
                    </a>
                }
                .into_any()
            }
            None => view! { <span class="turn turn-off" aria-hidden="true"><Drawn icon /></span> }.into_any(),
        }
    };
    view! {
        <ul class="rows">{rows}</ul>
        <nav class="turns" aria-label=language.text("turns")>
            {turn(newer, Icon::Newer, "newer")}
            <span class="turns-range">{format!("{first}–{last}")} " / " {total}</span>
            {turn(older, Icon::Older, "older")}
        </nav>
    }
    .into_any()
}
