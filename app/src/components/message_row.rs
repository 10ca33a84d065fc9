//! One row of the list of messages.

use std::sync::Arc;

use leptos::prelude::*;
use model::address::Address;
use model::envelope::Envelope;
use model::flag::Flag;
use model::mailbox::Selected;
use model::uid::{MessageKey, UidInEpoch};

use crate::components::avatar::Avatar;
use crate::components::icon::{Drawn, Icon};
use crate::components::time::{Detail, Time};
use crate::place::Place;
use crate::state::Opened;
use crate::text::Language;

/// A row: who, what, when. Unread is weight, and a word for those who hear the page.
#[component]
pub fn MessageRow(
    /// What to show.
    envelope: Envelope,
    /// The mailbox that holds it.
    mailbox: Selected,
    /// The offset of the window, which stays while the message is read.
    offset: u32,
    /// Whether to show to whom it went rather than who wrote it.
    to_recipients: bool,
    /// The message that is open beside the list.
    open: Signal<Option<UidInEpoch>>,
) -> impl IntoView {
    let language = Language::current();
    let opened = Opened::of_page();
    let Envelope { uid, flags, received, subject, from, to, has_attachment, .. } = envelope;
    let people = if to_recipients { to } else { from };
    let face = people.first().cloned().unwrap_or_default();
    let names = match people.as_slice() {
        [] => language.text("no-sender"),
        some => some.iter().map(Address::label).collect::<Vec<_>>().join(", "),
    };
    let bare = subject.trim().is_empty();
    let subject = if bare { language.text("no-subject") } else { subject };
    let starred = flags.has(&Flag::Flagged).then(|| mark(Icon::Star, "star", language.text("starred")));
    let answered =
        flags.has(&Flag::Answered).then(|| mark(Icon::Answered, "answered", language.text("answered")));
    let attached =
        has_attachment.then(|| mark(Icon::Attachment, "attached", language.text("has-attachment")));

    let at = mailbox.validity.map(|validity| UidInEpoch { validity, uid });
    let key = at.map(|at| MessageKey { mailbox: mailbox.name, at });
    let seen = flags.has(&Flag::Seen);
    let of_row = key.clone();
    // Plain questions: a memo for each would cost every row more than asking again does.
    let is_open = move || at.is_some() && open.get() == at;
    let unread =
        Arc::new(move || !seen && !is_open() && !of_row.as_ref().is_some_and(|key| opened.contains(key)));
    let unread_of_class = unread.clone();
    let class = move || match (unread_of_class(), is_open()) {
        (true, _) => "row row-unread",
        (false, true) => "row row-open",
        (false, false) => "row",
    };
    let unread_word = move || {
        unread().then(|| view! { <span class="visually-hidden">{language.text("unread")} ", "</span> })
    };
    let content = view! {
        <Avatar address=face />
        <span class="row-who">{unread_word}<bdi>{names}</bdi></span>
        <span class="row-what" class:row-bare=bare><bdi>{subject}</bdi></span>
        <span class="row-marks">{answered}{attached}{starred}</span>
        <span class="row-when">{received.map(|at| view! { <Time at detail=Detail::Brief /> })}</span>
    };
    match key {
        Some(key) => {
            let href = Place::Message { key, offset }.to_string();
            view! {
                <li>
                    <a href=href class=class aria-current=move || is_open().then_some("true")>
                        {content}
                    </a>
                </li>
            }
            .into_any()
        }
        // Without UIDVALIDITY no address could name the message for good (RFC 9051 §2.3.1.1).
        None => view! { <li><span class=class>{content}</span></li> }.into_any(),
    }
}

fn mark(icon: Icon, kind: &'static str, words: String) -> impl IntoView {
    let title = words.clone();
    view! {
        <span class=format!("mark mark-{kind}") title=title>
            <Drawn icon /><span class="visually-hidden">{words}</span>
        </span>
    }
}
