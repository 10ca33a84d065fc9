//! An opened message.

use std::sync::Arc;

use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::address::Address;
use model::message::{Body, Message, Notice};

use crate::components::attachment_list::{attached_to, attachment_list};
use crate::components::avatar::avatar;
use crate::components::icon::{Icon, drawn};
use crate::components::invitation_card::invitation_card;
use crate::components::message_text::message_text;
use crate::components::message_tools::{copy_address, message_tools, source_links};
use crate::components::origin_panel::origin_panel;
use crate::components::protection_line::protection_line;
use crate::components::remote_content_bar::RemoteContentBar;
use crate::components::report_card::report_card;
use crate::components::time::{Detail, time};
use crate::components::unsubscribe_button::unsubscribe_button;
use crate::place::{Place, WITH_PICTURES};
use crate::text::Language;

/// What the frame of an HTML body may do: open links in new tabs, and nothing else. The document's own response
/// policy says the same, so that neither alone is the wall.
const SANDBOX: &str = "allow-popups allow-popups-to-escape-sandbox";

/// The name of the frame, by which links lead into it.
const FRAME: &str = "message-text";

/// A message with its header, text and attachments.
#[component]
pub fn MessageView(
    /// What to show.
    message: Arc<Message>,
    /// The list to go back to.
    back: Place,
) -> impl IntoView {
    let language = Language::current();
    let Message {
        key,
        within,
        subject,
        from,
        to,
        cc,
        reply_to,
        date,
        headers,
        body,
        attachments,
        notices,
        remote,
        ..
    } = &*message;
    let subject = if subject.trim().is_empty() { language.text("no-subject") } else { subject.clone() };
    let nobody = Address::default();
    let face = avatar(from.first().unwrap_or(&nobody));
    let plain =
        Place::Message { key: key.clone(), within: within.clone(), offset: back.offset() }.to_string();
    let show = format!("{plain}{}{WITH_PICTURES}", if plain.contains('?') { '&' } else { '?' });
    let shown = show.clone();
    let navigate = use_navigate();
    let kept = Callback::new(move |always: bool| {
        navigate(if always { &shown } else { &plain }, NavigateOptions::default());
    });
    // Whoever attached a message may have written its From: nothing is wished of it.
    let sender = within.is_none().then(|| key.clone());
    let bar = view! { <RemoteContentBar remote=*remote sender show kept /> };
    let source = Place::Source { key: key.clone(), within: within.clone() }.to_string();

    let body = match body {
        Body::Plain(lines) => EitherOf3::A(message_text(lines)),
        Body::Html => {
            let pictures = remote.shown;
            let body = |as_sent| {
                Place::Body { key: key.clone(), within: within.clone(), as_sent, pictures }.to_string()
            };
            EitherOf3::B(view! {
                // Both lead into the frame below, with and without script; there is nothing to choose where all is light.
                <p class="message-dress">
                    <a rel="external" target=FRAME href=body(true)>{language.text("looks-as-sent")}</a>
                    <a rel="external" target=FRAME href=body(false)>{language.text("looks-adapted")}</a>
                </p>
                <iframe class="message-frame" name=FRAME sandbox=SANDBOX src=body(false)
                    title=language.text("message-text") referrerpolicy="no-referrer">
                </iframe>
            })
        }
        Body::Empty => EitherOf3::C(view! { <p class="message-empty">{language.text("message-empty")}</p> }),
    };
    let attachments = (!attachments.is_empty()).then(|| attachment_list(&message, back.offset()));
    let headers = headers
        .iter()
        .map(|field| {
            let (name, value) = (field.name.clone(), field.value.clone());
            view! { <div><dt><bdi>{name}</bdi></dt><dd><bdi>{value}</bdi></dd></div> }
        })
        .collect::<Vec<_>>();
    view! {
        <article class="message">
            <header class="message-header">
                <a href=back.to_string() class="back">
                    {drawn(Icon::Back)}{language.text("back-to-list")}
                </a>
                <h2 class="message-subject"><bdi>{subject}</bdi></h2>
                <div class="message-sender">
                    {face}
                    <div class="message-people">
                        {people_line(language.text("from"), from, true)}
                        {people_line(language.text("to"), to, false)}
                        {people_line(language.text("cc"), cc, false)}
                        {people_line(language.text("reply-to"), reply_to, true)}
                    </div>
                    <span class="message-date">{date.map(|at| time(at, Detail::Full))}</span>
                </div>
                {message_tools(&message, &back)}
                {origin_panel(within.is_none().then_some(key), &message.origin)}
                {message.unsubscribe.as_ref().map(|ways| unsubscribe_button(key, ways))}
                {message.invitation.as_ref().map(invitation_card)}
                {bar}
                {attached_to(&message, back.offset())}
                {notices.iter().map(|notice| notice_line(notice, language)).collect::<Vec<_>>()}
                {message.protection.map(|protection| protection_line(protection, source.clone()))}
                {message.report.as_ref().map(report_card)}
                {attachments}
                <details class="message-headers">
                    <summary>{language.text("all-headers")}</summary>
                    <dl>{headers}</dl>
                    {source_links(&message)}
                </details>
            </header>
            {body}
        </article>
    }
}

fn people_line(label: String, people: &[Address], full: bool) -> impl IntoView + use<> {
    (!people.is_empty()).then(|| {
        let people = people
            .iter()
            .map(|person| {
                let address = (full && person.name.is_some()).then(|| {
                    view! { " " <bdi class="person-address">"<" {person.address.clone()} ">"</bdi> }
                });
                let hint = person.address.clone();
                let copy = (full && !person.address.is_empty()).then(|| copy_address(person.address.clone()));
                view! {
                    <li title=hint><bdi class="person-name">{person.label().to_owned()}</bdi>{address}{copy}</li>
                }
            })
            .collect::<Vec<_>>();
        view! { <div class="people"><span class="people-label">{label}</span><ul>{people}</ul></div> }
    })
}

fn notice_line(notice: &Notice, language: Language) -> impl IntoView + use<> {
    let words = match notice {
        Notice::Charset(charset) => language.text_with("notice-charset", "charset", charset.as_str()),
        Notice::Shortened => language.text("notice-shortened"),
        Notice::Newsgroup(name) => language.text_with("notice-newsgroup", "name", name.as_str()),
        Notice::Structure => language.text("notice-structure"),
    };
    view! { <p class="notice">{drawn(Icon::Info)}<span>{words}</span></p> }
}
