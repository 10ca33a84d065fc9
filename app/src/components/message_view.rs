//! An opened message.

use leptos::prelude::*;
use model::address::Address;
use model::message::{Body, Message, Notice};

use crate::components::attachment_list::AttachmentList;
use crate::components::avatar::Avatar;
use crate::components::icon::{Drawn, Icon};
use crate::components::message_text::MessageText;
use crate::components::time::{Detail, Time};
use crate::place::Place;
use crate::text::Language;

/// What the frame of an HTML body may do: open links in new tabs, and nothing else. The document's own response
/// policy says the same, so that neither alone is the wall.
const SANDBOX: &str = "allow-popups allow-popups-to-escape-sandbox";

/// A message with its header, text and attachments.
#[component]
pub fn MessageView(
    /// What to show.
    message: Message,
    /// The list to go back to.
    back: Place,
) -> AnyView {
    let language = Language::current();
    let Message { key, subject, from, to, cc, reply_to, date, headers, body, attachments, notices, .. } =
        message;
    let subject = if subject.trim().is_empty() { language.text("no-subject") } else { subject };
    let sender = from.first().cloned().unwrap_or_default();
    let source = Place::Source { key: key.clone() }.to_string();
    let frame_title = language.text("message-text");

    let body = match body {
        Body::Plain(lines) => view! { <MessageText lines /> }.into_any(),
        Body::Html => {
            let src = Place::Body { key: key.clone() }.to_string();
            view! {
                <iframe class="message-frame" sandbox=SANDBOX src=src title=frame_title referrerpolicy="no-referrer">
                </iframe>
            }
            .into_any()
        }
        Body::Empty => view! { <p class="message-empty">{language.text("message-empty")}</p> }.into_any(),
    };
    let attachments = (!attachments.is_empty()).then(|| view! { <AttachmentList key_of=key attachments /> });
    let headers = headers
        .into_iter()
        .map(|field| view! { <div><dt><bdi>{field.name}</bdi></dt><dd><bdi>{field.value}</bdi></dd></div> })
        .collect_view();
    view! {
        <article class="message">
            <header class="message-header">
                <a href=back.to_string() class="back">
                    <Drawn icon=Icon::Back />{language.text("back-to-list")}
                </a>
                <h2 class="message-subject"><bdi>{subject}</bdi></h2>
                <div class="message-sender">
                    <Avatar address=sender />
                    <div class="message-people">
                        <People label=language.text("from") people=from full=true />
                        <People label=language.text("to") people=to full=false />
                        <People label=language.text("cc") people=cc full=false />
                        <People label=language.text("reply-to") people=reply_to full=true />
                    </div>
                    <span class="message-date">{date.map(|at| view! { <Time at detail=Detail::Full /> })}</span>
                </div>
                {notices.into_iter().map(|notice| view! { <NoticeLine notice /> }).collect_view()}
                {attachments}
                <details class="message-headers">
                    <summary>{language.text("all-headers")}</summary>
                    <dl>{headers}</dl>
                    <p><a rel="external" download="message.eml" href=source>
                        <Drawn icon=Icon::Source />{language.text("download-source")}
                    </a></p>
                </details>
            </header>
            {body}
        </article>
    }
    .into_any()
}

#[component]
fn People(label: String, people: Vec<Address>, full: bool) -> AnyView {
    (!people.is_empty()).then(|| {
        let people = people
            .into_iter()
            .map(|person| {
                let address = (full && person.name.is_some()).then(|| {
                    view! { " " <bdi class="person-address">"<" {person.address.clone()} ">"</bdi> }
                });
                let hint = person.address.clone();
                view! { <li title=hint><bdi class="person-name">{person.label().to_owned()}</bdi>{address}</li> }
            })
            .collect_view();
        view! { <div class="people"><span class="people-label">{label}</span><ul>{people}</ul></div> }
    })
    .into_any()
}

#[component]
fn NoticeLine(notice: Notice) -> AnyView {
    let language = Language::current();
    let words = match &notice {
        Notice::Charset(charset) => language.text_with("notice-charset", "charset", charset.as_str()),
        Notice::Shortened => language.text("notice-shortened"),
        Notice::Structure => language.text("notice-structure"),
    };
    view! { <p class="notice"><Drawn icon=Icon::Info /><span>{words}</span></p> }.into_any()
}
