//! The sheet that asks for a fresh proof before the account is changed.

use leptos::either::Either;
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use crate::components::followed::Followed;
use crate::contract::arrival::{FactorKinds, Proof};
use crate::pages::security::desk::{Desk, Part};
use crate::pages::security::said::said;
use crate::text::Language;

/// Opens while something waits for a proof; closing it lets go of what waits.
pub(crate) fn proof_sheet(desk: Desk, login: String) -> impl IntoView {
    let language = Language::current();
    let sheet = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let waits = desk.waiting.with(Option::is_some);
        let Some(sheet) = sheet.get() else { return };
        match (waits, sheet.open()) {
            // A sheet that is not in the page any more can't be opened, and need not be.
            (true, false) => drop(sheet.show_modal()),
            (false, true) => sheet.close(),
            _ => {}
        }
    });
    let waits = Followed::new(move || desk.waiting.with(Option::is_some).then(|| desk.proofs()));
    view! {
        <dialog
            class="proof-sheet" node_ref=sheet aria-labelledby="proof-heading"
            on:close=move |_| desk.waiting.set(None)
        >
            <h2 id="proof-heading">{language.text("proof-heading")}</h2>
            {waits.show(move |kinds| kinds.map(|kinds| asked(desk, &login, kinds)))}
            {said(desk, Part::Proof)}
            <button class="button button-quiet" type="button" on:click=move |_| desk.waiting.set(None)>
                {language.text("cancel")}
            </button>
        </dialog>
    }
}

fn asked(desk: Desk, login: &str, kinds: FactorKinds) -> impl IntoView + use<> {
    if kinds == FactorKinds::default() {
        Either::Left(password(desk, login.to_owned()))
    } else {
        Either::Right(factor(desk, kinds))
    }
}

/// Who has no second factor is known by the password alone.
fn password(desk: Desk, login: String) -> impl IntoView {
    let language = Language::current();
    let typed = RwSignal::new(String::new());
    let show = move |event: SubmitEvent| {
        event.prevent_default();
        desk.prove(Proof::Password(typed.get_untracked()));
    };
    view! {
        <p class="sheet-lead">{language.text("proof-by-password")}</p>
        <form class="form" method="dialog" on:submit=show>
            // For password managers, which keep several.
            <input type="text" hidden autocomplete="username" value=login />
            <label for="proof-password">{language.text("password")}</label>
            <input
                id="proof-password" type="password" required autofocus autocomplete="current-password"
                maxlength="1024" prop:value=typed on:input=move |event| typed.set(event_target_value(&event))
            />
            <button class="button button-main" type="submit">{language.text("confirm")}</button>
        </form>
    }
}

fn factor(desk: Desk, kinds: FactorKinds) -> impl IntoView {
    let language = Language::current();
    let passkey = kinds.passkey.then(|| {
        view! {
            <button class="button button-main" type="button" on:click=move |_| desk.prove_by_passkey()>
                {language.text("passkey-use")}
            </button>
        }
    });
    let totp = kinds.totp.then(|| {
        let typed = RwSignal::new(String::new());
        let show = move |event: SubmitEvent| {
            event.prevent_default();
            desk.prove(Proof::Totp(typed.get_untracked()));
        };
        view! {
            <form class="form" method="dialog" on:submit=show>
                <label for="proof-code">{language.text("factor-code")}</label>
                <input
                    id="proof-code" required autofocus autocomplete="one-time-code" inputmode="numeric"
                    maxlength="10" prop:value=typed on:input=move |event| typed.set(event_target_value(&event))
                />
                <button class="button button-main" type="submit">{language.text("confirm")}</button>
            </form>
        }
    });
    let recovery = kinds.recovery.then(|| {
        let typed = RwSignal::new(String::new());
        let show = move |event: SubmitEvent| {
            event.prevent_default();
            desk.prove(Proof::Recovery(typed.get_untracked()));
        };
        view! {
            <details open=!(kinds.totp || kinds.passkey)>
                <summary>{language.text("recovery-use")}</summary>
                <form class="form" method="dialog" on:submit=show>
                    <label for="proof-recovery">{language.text("recovery-code")}</label>
                    <input
                        id="proof-recovery" required autocomplete="off" autocapitalize="none" spellcheck="false"
                        maxlength="64" prop:value=typed
                        on:input=move |event| typed.set(event_target_value(&event))
                    />
                    <button class="button" type="submit">{language.text("confirm")}</button>
                </form>
            </details>
        }
    });
    view! {
        <p class="sheet-lead">{language.text("proof-by-factor")}</p>
        {passkey}
        {totp}
        {recovery}
    }
}
