//! After the password: the second factor, or setting one up where one is required.
//!
//! The form is a plain one that the server answers. A passkey needs the program, as the browser gives it to scripts alone.

use leptos::either::{EitherOf3, EitherOf4};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::api::arrival::{prove_factor, sign_in_passkey_question};
use crate::components::failure_notice::FailureNotice;
use crate::components::followed::Followed;
use crate::contract::arrival::{FactorAttempt, FactorKinds, Proof, Step};
use crate::failure::Failure;
use crate::pages::security::{Desk, answered, codes_sheet, no_passkey, proof_sheet, setup};
use crate::place::Place;
use crate::text::Language;

/// The form for the second factor, the way to set one up, or the way to where it is asked for.
#[component]
pub fn FactorPage() -> impl IntoView {
    let language = Language::current();
    let query = use_query_map();
    // The server knows; the browser learns it from the page.
    let attempt = SharedValue::new(|| use_context::<FactorAttempt>().unwrap_or_default());
    let FactorAttempt { step, next, failure } = attempt.into_inner();
    let next = if next.is_empty() {
        query.with_untracked(|query| query.get("next").unwrap_or_default())
    } else {
        next
    };
    let onward = Place::of_next(&next).unwrap_or_else(Place::inbox);
    let heading =
        language.text(if matches!(step, Step::Enrol { .. }) { "enrol-heading" } else { "factor-heading" });
    let content = match step {
        Step::Factor { login, kinds } => EitherOf4::A(view! { <Form login kinds next onward failure /> }),
        Step::Enrol { login } => EitherOf4::B(view! { <Enrolment login onward /> }),
        Step::Password => EitherOf4::C(view! { <FailureNotice failure=Failure::SignedOut /> }),
        Step::Inside { .. } => EitherOf4::D(to_mail(&onward)),
    };
    view! {
        <Title text=language.text("title-factor") />
        <main class="sheet">
            <h1>{heading}</h1>
            {content}
            <form method="post" action=Place::SignOut.to_string()>
                <button class="button button-quiet" type="submit">{language.text("start-over")}</button>
            </form>
        </main>
    }
}

/// What came of showing a passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    Nothing,
    NoPasskey,
    Failed(Failure),
}

#[component]
fn Form(
    login: String,
    kinds: FactorKinds,
    next: String,
    onward: Place,
    failure: Option<Failure>,
) -> impl IntoView {
    let language = Language::current();
    let wrong = failure == Some(Failure::WrongFactor);
    let trust = RwSignal::new(false);
    let shown = RwSignal::new(failure.map_or(Shown::Nothing, Shown::Failed));
    let notice = Followed::new(move || shown.get());
    let only_recovery = !kinds.totp;
    let code = kinds.totp.then(|| {
        view! {
            <label for="code">{language.text("factor-code")}</label>
            <p class="hint" id="code-hint">{language.text("factor-code-hint")}</p>
            <input
                id="code" name="code" autocomplete="one-time-code" inputmode="numeric" maxlength="10" autofocus
                aria-describedby="code-hint" aria-invalid=wrong.then_some("true")
            />
        }
    });
    let passkey = kinds.passkey.then(|| view! { <PasskeyButton onward trust shown /> });
    view! {
        <p class="sheet-lead"><bdi>{login}</bdi></p>
        {notice.show(|shown| match shown.clone() {
            Shown::Nothing => EitherOf3::A(()),
            Shown::NoPasskey => EitherOf3::B(no_passkey()),
            Shown::Failed(failure) => EitherOf3::C(view! { <FailureNotice failure /> }),
        })}
        {passkey}
        <form class="form" method="post" action=Place::Factor { next: None }.to_string()>
            <input type="hidden" name="next" value=next />
            {code}
            <details open=only_recovery && !kinds.passkey>
                <summary>{language.text("recovery-use")}</summary>
                <label for="recovery">{language.text("recovery-code")}</label>
                <input
                    id="recovery" name="recovery" autocomplete="off" autocapitalize="none" spellcheck="false"
                    maxlength="64"
                />
            </details>
            <label class="choice">
                <input
                    type="checkbox" name="trust" value="yes"
                    on:change=move |event| trust.set(event_target_checked(&event))
                />
                <span>{language.text("trust-browser")}</span>
            </label>
            <p class="hint">{language.text("trust-hint")}</p>
            <button class="button button-main" type="submit">{language.text("go-on")}</button>
        </form>
    }
}

/// Signs in by a passkey, and goes on to where one wanted to go.
#[component]
fn PasskeyButton(onward: Place, trust: RwSignal<bool>, shown: RwSignal<Shown>) -> impl IntoView {
    let language = Language::current();
    let navigate = use_navigate();
    let show = move |_| {
        let (navigate, onward) = (navigate.clone(), onward.to_string());
        let trust = trust.get_untracked();
        shown.set(Shown::Nothing);
        spawn_local(async move {
            let came = match by_passkey(trust).await {
                Ok(Step::Inside { .. }) => {
                    navigate(&onward, NavigateOptions { replace: true, ..NavigateOptions::default() });
                    return;
                }
                Ok(_) => Shown::Failed(Failure::SignedOut),
                Err(came) => came,
            };
            shown.try_set(came);
        });
    };
    view! {
        <button class="button button-main by-program" type="button" on:click=show>
            {language.text("passkey-use")}
        </button>
        <p class="needs-program notice">{language.text("passkey-needs-program")}</p>
    }
}

async fn by_passkey(trust: bool) -> Result<Step, Shown> {
    let options = sign_in_passkey_question().await.map_err(Shown::Failed)?;
    let credential = answered(&options).await.ok_or(Shown::NoPasskey)?;
    prove_factor(Proof::Passkey(credential), trust).await.map_err(Shown::Failed)
}

/// Setting up the first factor. Its recovery codes are shown before the way to mail.
#[component]
fn Enrolment(login: String, onward: Place) -> impl IntoView {
    let language = Language::current();
    let desk = Desk::new(None);
    let stage = Followed::new(move || (desk.kept.get(), desk.codes.with(Option::is_some)));
    view! {
        <p class="sheet-lead"><bdi>{login.clone()}</bdi></p>
        {codes_sheet(desk, login.clone())}
        {stage.show(move |stage| match stage {
            (false, _) => EitherOf3::A(view! {
                <p>{language.text("enrol-lead")}</p>
                {setup(desk)}
            }),
            (true, true) => EitherOf3::B(()),
            (true, false) => EitherOf3::C(to_mail(&onward)),
        })}
        {proof_sheet(desk, login)}
    }
}

fn to_mail(onward: &Place) -> impl IntoView + use<> {
    // A full page load on purpose: the session is another one now.
    view! {
        <p><a class="button button-main" rel="external" href=onward.to_string()>
            {Language::current().text("to-your-mail")}
        </a></p>
    }
}
