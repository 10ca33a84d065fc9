//! The mailboxes of a person, with what is unread in them.

use std::sync::Arc;

use leptos::either::Either;
use leptos::prelude::*;
use model::account::Account;
use model::mailbox::{Mailbox, MailboxName};
use model::special_use::Role;

use crate::components::followed::Followed;
use crate::components::icon::{Icon, drawn};
use crate::place::Place;
use crate::state::{Opened, Unseen};
use crate::text::Language;

/// The list: one's own mailboxes, then each account of others under a heading of its own.
#[component]
pub fn MailboxList(
    /// The mailboxes, in the order to show.
    mailboxes: Arc<Vec<Mailbox>>,
    /// The mailbox whose messages are shown.
    #[prop(into)]
    current: Signal<Option<MailboxName>>,
) -> impl IntoView {
    let language = Language::current();
    let (opened, told) = (Opened::of_page(), Unseen::of_page());
    let accounts = mailboxes.chunk_by(|one, next| one.account == next.account);
    accounts
        .map(|account| {
            let heading = account
                .first()
                .filter(|first| !first.account.is_own())
                .map(|first| view! { <h2 class="mailboxes-heading"><bdi>{heading(&first.account, language)}</bdi></h2> });
            let entries = account.iter().map(|mailbox| entry(mailbox, current, (opened, told), language));
            view! {
                {heading}
                <ul>{entries.collect::<Vec<_>>()}</ul>
            }
        })
        .collect::<Vec<_>>()
}

/// What stands above the mailboxes of an account of others.
fn heading(account: &Account, language: Language) -> String {
    match (account, account.name()) {
        (Account::Person { .. }, Some(name)) => language.text_with("mailboxes-of-person", "owner", name),
        (_, Some(name)) => language.text_with("mailboxes-shared-as", "name", name),
        (_, None) => language.text("mailboxes-shared"),
    }
}

fn entry(
    mailbox: &Mailbox,
    current: Signal<Option<MailboxName>>,
    (opened, told): (Opened, Unseen),
    language: Language,
) -> impl IntoView + use<> {
    let icon = icon(mailbox);
    let shown = shown_name(mailbox, language);
    // Six classes rather than a style attribute, which the policy for styles forbids.
    let class = format!("mailbox depth-{}", if mailbox.role.is_some() { 0 } else { mailbox.depth().min(5) });
    if !mailbox.selectable {
        return Either::Left(view! {
            <li><span class=class>{drawn(icon)}<bdi class="mailbox-name">{shown}</bdi></span></li>
        });
    }
    let before = mailbox.status.map_or(0, |status| status.unseen);
    let counted = mailbox.name.clone();
    let unseen =
        Followed::new(move || told.of(&counted).unwrap_or(before).saturating_sub(opened.newly_in(&counted)));
    let count = unseen.show(move |unseen| {
        (*unseen > 0).then(|| {
            view! {
                <span class="mailbox-unseen">
                    <span aria-hidden="true">{*unseen}</span>
                    <span class="visually-hidden">{language.text_with("unread-count", "count", *unseen)}</span>
                </span>
            }
        })
    });
    let href = Place::Mailbox { mailbox: mailbox.name.clone(), offset: 0 }.to_string();
    let name = mailbox.name.clone();
    let is_current = Followed::new(move || current.with(|current| current.as_ref() == Some(&name)));
    Either::Right(view! {
        <li>
            <a href=href class=class aria-current=is_current.show(|is| is.then_some("page"))>
                {drawn(icon)}
                <bdi class="mailbox-name">{shown}</bdi>
                {count}
            </a>
        </li>
    })
}

/// What people read above the messages of a mailbox: there it stands without the heading of its account.
pub fn name_with_account(mailbox: &Mailbox, language: Language) -> String {
    let shown = shown_name(mailbox, language);
    match mailbox.account.name() {
        Some(account) => format!("{shown} – {account}"),
        None => shown,
    }
}

/// What people read for a mailbox: the word for its role, else the last level of its name.
fn shown_name(mailbox: &Mailbox, language: Language) -> String {
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
        None if mailbox.account.is_own() => Icon::Folder,
        None => Icon::Shared,
    }
}
