//! The mailboxes of a person, with what is unread in them.

use leptos::prelude::*;
use model::mailbox::{Mailbox, MailboxName};
use model::namespace::Kind;
use model::special_use::Role;

use crate::components::icon::{Drawn, Icon};
use crate::place::Place;
use crate::state::Opened;
use crate::text::Language;

/// The list: one's own mailboxes, then those of others under a heading of their own.
#[component]
pub fn MailboxList(
    /// The mailboxes, in the order to show.
    mailboxes: Vec<Mailbox>,
    /// The mailbox whose messages are shown.
    #[prop(into)]
    current: Signal<Option<MailboxName>>,
) -> impl IntoView {
    let language = Language::current();
    let (own, others): (Vec<_>, Vec<_>) =
        mailboxes.into_iter().partition(|mailbox| mailbox.kind == Kind::Personal);
    let foreign = (!others.is_empty()).then(|| {
        view! {
            <h2 class="mailboxes-heading">{language.text("shared-mailboxes")}</h2>
            <ul>{entries(others, current)}</ul>
        }
    });
    view! {
        <ul>{entries(own, current)}</ul>
        {foreign}
    }
}

fn entries(mailboxes: Vec<Mailbox>, current: Signal<Option<MailboxName>>) -> Vec<impl IntoView> {
    mailboxes.into_iter().map(|mailbox| view! { <Entry mailbox current /> }).collect()
}

#[component]
fn Entry(mailbox: Mailbox, current: Signal<Option<MailboxName>>) -> impl IntoView {
    let language = Language::current();
    let opened = Opened::of_page();
    let icon = icon(&mailbox);
    let shown = shown_name(&mailbox, language);
    // Six classes rather than a style attribute, which the policy for styles forbids.
    let class = format!("mailbox depth-{}", if mailbox.role.is_some() { 0 } else { mailbox.depth().min(5) });
    let Mailbox { name, selectable, status, .. } = mailbox;

    if !selectable {
        return view! { <li><span class=class><Drawn icon /><bdi class="mailbox-name">{shown}</bdi></span></li> }
            .into_any();
    }
    let before = status.map_or(0, |status| status.unseen);
    let counted = name.clone();
    let unseen = Memo::new(move |_| before.saturating_sub(opened.newly_in(&counted)));
    let count = move || {
        let unseen = unseen.get();
        (unseen > 0).then(|| {
            view! {
                <span class="mailbox-unseen">
                    <span aria-hidden="true">{unseen}</span>
                    <span class="visually-hidden">{language.text_with("unread-count", "count", unseen)}</span>
                </span>
            }
        })
    };
    let href = Place::Mailbox { mailbox: name.clone(), offset: 0 }.to_string();
    let is_current = Signal::derive(move || current.with(|current| current.as_ref() == Some(&name)));
    view! {
        <li>
            <a href=href class=class aria-current=move || is_current.get().then_some("page")>
                <Drawn icon />
                <bdi class="mailbox-name">{shown}</bdi>
                {count}
            </a>
        </li>
    }
    .into_any()
}

/// What people read for a mailbox: the word for its role, else the last level of its name.
pub fn shown_name(mailbox: &Mailbox, language: Language) -> String {
    match mailbox.role {
        Some((role, _)) => language.text(match role {
            Role::Inbox => "mailbox-inbox",
            Role::Drafts => "mailbox-drafts",
            Role::Sent => "mailbox-sent",
            Role::Archive => "mailbox-archive",
            Role::Junk => "mailbox-junk",
            Role::Trash => "mailbox-trash",
        }),
        None => mailbox.name.leaf(mailbox.delimiter).to_owned(),
    }
}

fn icon(mailbox: &Mailbox) -> Icon {
    match mailbox.role {
        Some((Role::Inbox, _)) => Icon::Inbox,
        Some((Role::Drafts, _)) => Icon::Drafts,
        Some((Role::Sent, _)) => Icon::Sent,
        Some((Role::Archive, _)) => Icon::Archive,
        Some((Role::Junk, _)) => Icon::Junk,
        Some((Role::Trash, _)) => Icon::Trash,
        None if mailbox.kind == Kind::Personal => Icon::Folder,
        None => Icon::Shared,
    }
}
