//! Setting up a second factor: an app that shows codes, or a passkey.

use leptos::either::Either;
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use crate::components::followed::Followed;
use crate::pages::security::desk::{Change, Desk, Part};
use crate::pages::security::said::said;
use crate::text::Language;

/// Modules of white around a QR code (ISO/IEC 18004 §6.3.8).
const QUIET_ZONE: usize = 4;

/// Both ways to a factor, and what came of it.
pub(crate) fn setup(desk: Desk) -> impl IntoView {
    let language = Language::current();
    let asks_name = RwSignal::new(false);
    let begun = Followed::new(move || desk.totp.get().map(|totp| (totp.secret, totp.code)));
    // A passkey is asked for its name first, and once it is kept that is over.
    Effect::new(move |_| {
        if desk.totp.with(Option::is_some) || desk.kept.get() {
            asks_name.set(false);
        }
    });
    let naming = Followed::new(move || asks_name.get());
    view! {
        <div class="setup by-program">
            {begun.show(move |begun| match begun.clone() {
                Some((secret, code)) => Either::Left(app(desk, &secret, &code)),
                None => Either::Right(view! {
                    <p class="setup-ways">
                        <button class="button" type="button" on:click=move |_| desk.change(Change::NewTotp)>
                            {language.text("totp-add")}
                        </button>
                        <button class="button" type="button" on:click=move |_| asks_name.set(true)>
                            {language.text("passkey-add")}
                        </button>
                    </p>
                }),
            })}
            {naming.show(move |naming| naming.then(|| passkey(desk, asks_name)))}
            {said(desk, Part::Setup)}
        </div>
        <p class="needs-program notice">{language.text("needs-program")}</p>
    }
}

/// The picture and the secret for the app, and the first code from it.
fn app(desk: Desk, secret: &str, code: &[Vec<bool>]) -> impl IntoView + use<> {
    let language = Language::current();
    let name = RwSignal::new(language.text("totp-name"));
    let typed = RwSignal::new(String::new());
    // What was pressed is gone from the page: whoever uses the keyboard or hears the page is led to what came instead.
    let first = NodeRef::<html::P>::new();
    first.on_load(|first| drop(first.focus()));
    let keep = move |event: SubmitEvent| {
        event.prevent_default();
        desk.change(Change::KeepTotp { name: name.get_untracked(), code: typed.get_untracked() });
    };
    view! {
        <form class="form setup-app" method="dialog" on:submit=keep>
            <p tabindex="-1" node_ref=first>{language.text("totp-scan")}</p>
            {picture(code)}
            <p>{language.text("totp-type")}</p>
            <p class="setup-secret"><code>{in_fours(secret)}</code></p>
            <label for="totp-name">{language.text("factor-name")}</label>
            {name_field("totp-name", name, NodeRef::new())}
            <label for="totp-code">{language.text("factor-code")}</label>
            <input
                id="totp-code" required autocomplete="one-time-code" inputmode="numeric" maxlength="10"
                prop:value=typed on:input=move |event| typed.set(event_target_value(&event))
            />
            <p class="actions">
                <button class="button button-main" type="submit">{language.text("totp-keep")}</button>
                <button class="button button-quiet" type="button" on:click=move |_| desk.totp.set(None)>
                    {language.text("cancel")}
                </button>
            </p>
        </form>
    }
}

fn passkey(desk: Desk, asks_name: RwSignal<bool>) -> impl IntoView {
    let language = Language::current();
    let name = RwSignal::new(language.text("passkey-name"));
    let make = move |event: SubmitEvent| {
        event.prevent_default();
        desk.change(Change::NewPasskey(name.get_untracked()));
    };
    view! {
        <form class="form" method="dialog" on:submit=make>
            <p>{language.text("passkey-lead")}</p>
            <label for="passkey-name">{language.text("factor-name")}</label>
            {name_field("passkey-name", name, led_here())}
            <p class="actions">
                <button class="button button-main" type="submit">{language.text("passkey-make")}</button>
                <button class="button button-quiet" type="button" on:click=move |_| asks_name.set(false)>
                    {language.text("cancel")}
                </button>
            </p>
        </form>
    }
}

/// Where a factor is named.
pub(super) fn name_field(
    id: &'static str,
    name: RwSignal<String>,
    field: NodeRef<html::Input>,
) -> impl IntoView {
    view! {
        <input
            id=id node_ref=field required maxlength="64" autocomplete="off" prop:value=name
            on:input=move |event| name.set(event_target_value(&event))
        />
    }
}

/// A field that has the focus as soon as it is on the page.
pub(super) fn led_here() -> NodeRef<html::Input> {
    let field = NodeRef::<html::Input>::new();
    field.on_load(|field| drop(field.focus()));
    field
}

/// The secret as people read it out.
fn in_fours(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

/// Black on white in every theme, as cameras expect.
fn picture(code: &[Vec<bool>]) -> impl IntoView + use<> {
    let size = code.len() + 2 * QUIET_ZONE;
    let view_box = format!("0 0 {size} {size}");
    view! {
        <svg
            class="qr" viewBox=view_box role="img" aria-label=Language::current().text("totp-picture")
            shape-rendering="crispEdges"
        >
            <path class="qr-light" d=format!("M0 0h{size}v{size}H0z") />
            <path class="qr-dark" d=outline(code) />
        </svg>
    }
}

/// One path for all dark modules: a bar for each run of them.
fn outline(code: &[Vec<bool>]) -> String {
    let mut path = String::new();
    for (y, row) in code.iter().enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&true) {
                let length = run.len();
                path.push_str(&format!("M{} {}h{length}v1h-{length}z", x + QUIET_ZONE, y + QUIET_ZONE));
            }
            x += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::{in_fours, outline};

    #[test]
    fn dark_modules_become_bars_beside_the_quiet_zone() {
        let code = [vec![true, true, false, true], vec![false; 4]];
        assert_eq!(outline(&code), "M4 4h2v1h-2zM7 4h1v1h-1z");
    }

    #[test]
    fn a_secret_is_read_in_groups_of_four() {
        assert_eq!(in_fours("ABCDEFGHIJ"), "ABCD EFGH IJ");
    }
}
