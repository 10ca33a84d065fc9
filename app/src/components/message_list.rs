//! The list of a mailbox's messages.

use std::sync::Arc;

use leptos::either::Either;
use leptos::prelude::*;
use model::mailbox::MailboxName;
use model::messages::Window;
use model::special_use::Role;
use model::uid::{UidInEpoch, UidValidity};

use crate::components::followed::Followed;
use crate::components::icon::{Icon, drawn};
use crate::components::message_row::{Common, message_row};
use crate::place::{MessagePlaces, Place};
use crate::text::Language;

/// What makes it another list: when any of this changes, everything is drawn anew.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stretch {
    mailbox: MailboxName,
    validity: Option<UidValidity>,
    offset: u32,
    empty: bool,
    to_recipients: bool,
}

/// A window of messages, and the ways to newer and older ones.
///
/// The window is followed. While it stays the same stretch of the same mailbox, rows are known by their UID: a message
/// that is new gets a row, one that is gone loses its own, one that moved takes its row along, and where only flags
/// changed, only what shows them is drawn anew. All other rows stay as they are in the document, with focus, scroll
/// position and the place of a screen reader. So whoever hears news of the mailbox just sets a newer window.
#[component]
pub fn MessageList(
    /// The messages.
    #[prop(into)]
    window: Signal<Arc<Window>>,
    /// The role of the mailbox, which decides whose name a row shows.
    #[prop(into)]
    role: Signal<Option<Role>>,
    /// The message that is open beside the list.
    #[prop(into)]
    open: Signal<Option<UidInEpoch>>,
) -> impl IntoView {
    let language = Language::current();
    let stretch = Followed::new(move || {
        window.with(|window| Stretch {
            mailbox: window.mailbox.name.clone(),
            validity: window.mailbox.validity,
            offset: window.offset,
            empty: window.envelopes.is_empty(),
            to_recipients: matches!(role.get(), Some(Role::Sent | Role::Drafts)),
        })
    });
    stretch.show(move |stretch| {
        if stretch.empty {
            let words = language.text(if stretch.offset == 0 { "mailbox-empty" } else { "window-empty" });
            return Either::Left(view! { <p class="empty">{drawn(Icon::Inbox)}{words}</p> });
        }
        let Stretch { mailbox, validity, offset, to_recipients, .. } = stretch.clone();
        let places = validity.map(|validity| MessagePlaces::new(mailbox.clone(), validity, offset));
        let common = Common::new(window, open, to_recipients, places);
        Either::Right(view! {
            <ul class="rows">
                <For
                    each=move || rows(&window.get())
                    key=|(window, index)| window.envelopes.get(*index).map(|envelope| envelope.uid)
                    children=move |(window, index)| {
                        window.envelopes.get(index).map(|envelope| message_row(envelope, &common))
                    }
                />
            </ul>
            {turns(window, mailbox, language)}
        })
    })
}

/// The rows of a window, which they share.
fn rows(window: &Arc<Window>) -> impl Iterator<Item = (Arc<Window>, usize)> + Send + use<> {
    let window = window.clone();
    (0..window.envelopes.len()).map(move |index| (window.clone(), index))
}

/// Where the window stands, and the ways to its neighbours.
fn turns(window: Signal<Arc<Window>>, mailbox: MailboxName, language: Language) -> impl IntoView {
    let turn = move |to: Followed<Option<u32>>, icon: Icon, key: &'static str| {
        let mailbox = mailbox.clone();
        to.show(move |to| match to {
            Some(offset) => {
                let href = Place::Mailbox { mailbox: mailbox.clone(), offset: *offset }.to_string();
                let words = language.text(key);
                let title = words.clone();
                Either::Left(view! {
                    <a href=href class="turn" title=title>
                        {drawn(icon)}<span class="visually-hidden">{words}</span>
                    </a>
                })
            }
            None => {
                Either::Right(view! { <span class="turn turn-off" aria-hidden="true">{drawn(icon)}</span> })
            }
        })
    };
    let newer = turn(Followed::new(move || window.with(|window| window.newer())), Icon::Newer, "newer");
    let older = turn(Followed::new(move || window.with(|window| window.older())), Icon::Older, "older");
    let range = Followed::new(move || window.with(|window| range(window)));
    view! {
        <nav class="turns" aria-label=language.text("turns")>
            {newer}
            <span class="turns-range">{range.show(String::clone)}</span>
            {older}
        </nav>
    }
}

/// `51–100 / 2034`.
fn range(window: &Window) -> String {
    let first = window.offset.saturating_add(1);
    let last = window.offset.saturating_add(u32::try_from(window.envelopes.len()).unwrap_or(u32::MAX));
    format!("{first}–{last} / {}", window.total.unwrap_or(window.mailbox.messages))
}
