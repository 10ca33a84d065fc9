//! What a message reports of another one, in sentences.

use leptos::either::Either;
use leptos::prelude::*;
use model::report::{Action, Delivery, Disposition, Reading, Reason, Report};

use crate::components::icon::{Icon, drawn};
use crate::text::Language;

/// A report of a mail server or a mail program.
pub fn report_card(report: &Report) -> impl IntoView + use<> {
    let language = Language::current();
    let told = match report {
        Report::Delivery(all) => {
            let entries = all.iter().map(|one| delivery(one, language)).collect_view();
            Either::Left(view! { <ul>{entries}</ul> })
        }
        Report::Reading(reading) => Either::Right(self::reading(reading, language)),
    };
    view! {
        <section class="report" aria-labelledby="report">
            <h3 id="report">{drawn(Icon::Info)}<span>{language.text("report")}</span></h3>
            {told}
        </section>
    }
}

fn delivery(one: &Delivery, language: Language) -> impl IntoView + use<> {
    let what = match one.action {
        Action::Failed => language.text("report-failed"),
        Action::Delayed => language.text("report-delayed"),
        Action::Delivered => language.text("report-delivered"),
        Action::Relayed => language.text("report-relayed"),
        Action::Expanded => language.text("report-expanded"),
    };
    let why =
        one.reason.map(|reason| view! { <p class="report-reason">{self::reason(reason, language)}</p> });
    let words = one.words.clone().map(|words| {
        let said = match &one.server {
            Some(server) => language.text_with("report-words-of", "server", server.as_str()),
            None => language.text("report-words"),
        };
        view! { <p class="report-words">{said} " " <q><bdi>{words}</bdi></q></p> }
    });
    let code = one.status.clone().map(|code| {
        view! { <p class="report-code">{language.text_with("report-code", "code", code)}</p> }
    });
    view! {
        <li>
            <p><bdi class="report-recipient">{one.recipient.clone()}</bdi> ": " {what}</p>
            {why}
            {words}
            {code}
        </li>
    }
}

fn reason(reason: Reason, language: Language) -> String {
    match reason {
        Reason::UnknownMailbox => language.text("report-unknown-mailbox"),
        Reason::UnknownDomain => language.text("report-unknown-domain"),
        Reason::MalformedAddress => language.text("report-malformed-address"),
        Reason::Moved => language.text("report-moved"),
        Reason::SenderRefused => language.text("report-sender-refused"),
        Reason::MailboxDisabled => language.text("report-mailbox-disabled"),
        Reason::MailboxFull => language.text("report-mailbox-full"),
        Reason::TooLarge => language.text("report-too-large"),
        Reason::SystemFull => language.text("report-system-full"),
        Reason::Unreachable => language.text("report-unreachable"),
        Reason::Loop => language.text("report-loop"),
        Reason::Expired => language.text("report-expired"),
        Reason::Protocol => language.text("report-protocol"),
        Reason::Content => language.text("report-content"),
        Reason::MailingList => language.text("report-mailing-list"),
        Reason::Policy => language.text("report-policy"),
        Reason::Unauthenticated => language.text("report-unauthenticated"),
    }
}

fn reading(reading: &Reading, language: Language) -> impl IntoView + use<> {
    let what = match reading.disposition {
        Disposition::Displayed => language.text("report-displayed"),
        Disposition::Deleted => language.text("report-deleted"),
        Disposition::Dispatched => language.text("report-dispatched"),
        Disposition::Processed => language.text("report-processed"),
        Disposition::Denied => language.text("report-denied"),
        Disposition::Failed => language.text("report-not-done"),
    };
    let automatic = reading.automatic.then(|| language.text("report-automatic"));
    view! {
        <p><bdi class="report-recipient">{reading.recipient.clone()}</bdi> ": " {what} " " {automatic}</p>
    }
}
