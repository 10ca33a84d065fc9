//! How one signs in: second factors, recovery codes, sessions, trusted browsers, and what happened at the door.
//!
//! The server draws all of it, so that it is read without script. What changes something needs the program, since it may
//! ask for a fresh proof in between.

mod codes;
mod desk;
mod devices;
mod events;
mod factors;
mod proof;
mod said;
mod sessions;
mod setup;

use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_meta::Title;

pub(super) use self::codes::codes_sheet;
pub(super) use self::desk::{Desk, answered};
pub(super) use self::proof::proof_sheet;
pub(super) use self::said::no_passkey;
pub(super) use self::setup::setup;

#[cfg(feature = "ssr")]
use crate::api::account::read_security;
use crate::components::failure_notice::FailureNotice;
use crate::components::followed::Followed;
use crate::components::icon::{Icon, drawn};
use crate::components::sign_out::sign_out;
use crate::contract::account::Policy;
use crate::pages::security::codes::recovery_section;
use crate::pages::security::devices::device_section;
use crate::pages::security::events::event_section;
use crate::pages::security::factors::factor_section;
use crate::pages::security::sessions::session_section;
use crate::place::Place;
use crate::text::Language;

/// The page, or what went wrong on the way to it.
#[component]
pub fn SecurityPage() -> impl IntoView {
    let language = Language::current();
    view! {
        <Title text=language.text("title-security") />
        <div class="settings">
            <header class="bar">
                <a class="button button-quiet" href=Place::inbox().to_string()>
                    {drawn(Icon::Back)}<span>{language.text("to-mail")}</span>
                </a>
                {sign_out(language)}
            </header>
            {told()}
        </div>
    }
}

/// Drawn once everything is answered, as the workplace is.
#[cfg(feature = "ssr")]
fn told() -> impl IntoView {
    Suspend::new(async move {
        let told = Some(read_security().await);
        let told = SharedValue::new(move || told).into_inner();
        sections(Desk::new(told))
    })
}

/// The answer came with the page, unless the program itself led here.
#[cfg(not(feature = "ssr"))]
fn told() -> AnyView {
    let told = SharedValue::new(|| None).into_inner();
    let desk = Desk::new(told);
    if desk.security.with_untracked(Option::is_none) {
        desk.refresh();
    }
    sections(desk).into_any()
}

/// What there is to show.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    Waiting,
    Account { login: String, factors: bool, side_door: bool },
    Failed(crate::failure::Failure),
}

fn sections(desk: Desk) -> impl IntoView {
    let language = Language::current();
    let shown = Followed::new(move || {
        desk.security.with(|security| match security {
            None => Shown::Waiting,
            Some(Err(failure)) => Shown::Failed(failure.clone()),
            Some(Ok(security)) => Shown::Account {
                login: security.login.clone(),
                factors: security.policy != Policy::Off,
                side_door: security.side_door,
            },
        })
    });
    view! {
        <main class="settings-page">
            <h1>{language.text("security")}</h1>
            {shown.show(move |shown| match shown.clone() {
                Shown::Waiting => EitherOf3::A(view! { <p role="status">{language.text("loading")}</p> }),
                Shown::Failed(failure) => EitherOf3::B(view! { <FailureNotice failure /> }),
                Shown::Account { login, factors, side_door } => {
                    EitherOf3::C(account(desk, login, factors, side_door))
                }
            })}
        </main>
    }
}

fn account(desk: Desk, login: String, factors: bool, side_door: bool) -> impl IntoView {
    let language = Language::current();
    let factors = if factors {
        Either::Left(view! {
            {factor_section(desk)}
            {recovery_section(desk)}
        })
    } else {
        Either::Right(view! { <p>{language.text("factors-off")}</p> })
    };
    let side_door = side_door.then(|| {
        view! {
            <section aria-labelledby="side-door-heading">
                <h2 id="side-door-heading">{language.text("side-door")}</h2>
                <p>{language.text("side-door-what")}</p>
                <p>{language.text("side-door-app-passwords")}</p>
            </section>
        }
    });
    view! {
        <p class="settings-login"><bdi>{login.clone()}</bdi></p>
        <p class="needs-program">{language.text("times-in-utc")}</p>
        {codes_sheet(desk, login.clone())}
        {factors}
        {side_door}
        {session_section(desk)}
        {device_section(desk)}
        {event_section(desk)}
        {proof_sheet(desk, login)}
    }
}
