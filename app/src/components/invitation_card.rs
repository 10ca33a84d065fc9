//! An invitation as a card.

use leptos::prelude::*;
use model::address::Address;
use model::invitation::{Answer, Clock, Every, Invitation, Purpose, Repeats, When};

use crate::components::time::{Detail, time};
use crate::text::Language;

/// The card: what, when, where and who.
pub fn invitation_card(invitation: &Invitation) -> impl IntoView + use<> {
    let language = Language::current();
    let Invitation { purpose, title, start, end, place, organiser, attendees, repeats, description, others } =
        invitation;
    let title = if title.is_empty() { language.text("invitation-untitled") } else { title.clone() };
    let when = start.as_ref().map(|start| {
        let end = end.as_ref().map(|end| view! { " – " {moment(end)} });
        let clock = clock(start, invitation.end.as_ref(), language);
        fact(language.text("invitation-when"), view! { {moment(start)}{end}{clock} }.into_any())
    });
    let repeats = repeats
        .as_ref()
        .map(|repeats| fact(language.text("invitation-repeats"), repetition(repeats, language).into_any()));
    let place = (!place.is_empty())
        .then(|| fact(language.text("invitation-where"), view! { <bdi>{place.clone()}</bdi> }.into_any()));
    let organiser =
        organiser.as_ref().map(|organiser| fact(language.text("invitation-organiser"), person(organiser)));
    let attendees = (*attendees > 0)
        .then(|| fact(language.text("invitation-attendees"), attendees.to_string().into_any()));
    let description = (!description.is_empty())
        .then(|| view! { <p class="invitation-about"><bdi>{description.clone()}</bdi></p> });
    let others =
        (*others > 0).then(|| view! { <p>{language.text_with("invitation-others", "number", *others)}</p> });
    let class = if *purpose == Purpose::Cancels { "invitation invitation-cancelled" } else { "invitation" };
    view! {
        <section class=class aria-labelledby="invitation">
            <p class="invitation-purpose">{purpose_line(purpose, language)}</p>
            <h3 id="invitation"><bdi>{title}</bdi></h3>
            <dl>{when}{repeats}{place}{organiser}{attendees}</dl>
            {description}
            {others}
        </section>
    }
}

fn purpose_line(purpose: &Purpose, language: Language) -> String {
    let key = match purpose {
        Purpose::Invites => "invitation-invites",
        Purpose::Updates => "invitation-updates",
        Purpose::Cancels => "invitation-cancels",
        Purpose::Proposes => "invitation-proposes",
        Purpose::Informs => "invitation-informs",
        Purpose::Answers { who, answer } => {
            let key = match answer {
                Answer::Accepted => "invitation-accepted",
                Answer::Maybe => "invitation-maybe",
                Answer::Declined => "invitation-declined",
                Answer::Open => "invitation-answered",
            };
            let who = who
                .as_ref()
                .map_or_else(|| language.text("invitation-somebody"), |who| who.label().to_owned());
            return language.text_with(key, "who", format!("\u{2068}{who}\u{2069}"));
        }
    };
    language.text(key)
}

/// A time of a known zone by the reader's clock, any other as it was written.
fn moment(when: &When) -> AnyView {
    match when.clock {
        Clock::Zone(_) => time(when.at, Detail::Full).into_any(),
        Clock::Wall(_) => when.at.date_and_time().into_any(),
        Clock::Day => when.at.date().into_any(),
    }
}

/// By which clock, and how late it is there.
fn clock(start: &When, end: Option<&When>, language: Language) -> Option<impl IntoView + use<>> {
    let words = match &start.clock {
        Clock::Day => return None,
        Clock::Wall(None) => language.text("invitation-wall"),
        Clock::Wall(Some(zone)) => {
            language.text_with("invitation-zone-unknown", "zone", format!("\u{2068}{zone}\u{2069}"))
        }
        Clock::Zone(zone) => {
            let end = end.map(|end| format!(" – {}", end.at.date_and_time())).unwrap_or_default();
            format!("{}{end} ({zone})", start.at.date_and_time())
        }
    };
    Some(view! { <span class="invitation-clock">{words}</span> })
}

fn repetition(repeats: &Repeats, language: Language) -> String {
    let key = match repeats.every {
        Every::Day => "invitation-every-day",
        Every::Week => "invitation-every-week",
        Every::Month => "invitation-every-month",
        Every::Year => "invitation-every-year",
        Every::Other => "invitation-every-other",
    };
    let mut words = language.text_with(key, "interval", repeats.interval);
    if let Some(times) = repeats.times {
        words = format!("{words}, {}", language.text_with("invitation-times", "times", times));
    }
    if let Some(until) = repeats.until {
        words = format!("{words}, {}", language.text_with("invitation-until", "date", until.date()));
    }
    words
}

fn person(person: &Address) -> AnyView {
    let address = (person.label() != person.address)
        .then(|| view! { " " <bdi class="person-address">"<" {person.address.clone()} ">"</bdi> });
    view! { <bdi>{person.label().to_owned()}</bdi>{address} }.into_any()
}

fn fact(name: String, value: AnyView) -> AnyView {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }.into_any()
}
