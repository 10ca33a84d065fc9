//! The sheet that asks to sign in again when the session has ended. It lies over the page, which stays as it is: whoever
//! was reading goes on reading, and whoever was writing loses no word.

use leptos::prelude::*;

use crate::api::arrival::{arrival_step, prove_factor, prove_password, sign_in_passkey_question};
use crate::browser::caret::Caret;
use crate::browser::{passkey, presence};
use crate::contract::arrival::{FactorKinds, Proof, Step};
use crate::failure::Failure;
use crate::place::Place;
use crate::session::Session;
use crate::text::Language;

/// How long to wait before looking again whether the fingers rest.
const LOOK: std::time::Duration = std::time::Duration::from_millis(300);

/// What the sheet asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Password,
    Factor(FactorKinds),
    /// A second factor must be set up first, on a page of its own.
    Enrol,
}

/// What the pieces of the sheet share.
#[derive(Clone, Copy)]
struct Asking {
    session: Session,
    language: Language,
    stage: RwSignal<Stage>,
    failure: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
    dialog: NodeRef<leptos::html::Dialog>,
    /// Where somebody was on the page.
    caret: StoredValue<Option<Caret>, LocalStorage>,
}

/// The sheet, while the session of the page has ended.
pub fn sign_in_sheet(session: Session) -> impl IntoView {
    let shown = RwSignal::new(false);
    Effect::new(
        move |_| {
            if session.ended().is_some() { when_fingers_rest(session, shown) } else { shown.set(false) }
        },
    );
    move || shown.get().then(|| sheet(session))
}

/// Nobody is interrupted in the middle of a word, the rest of which would land in the field of the password.
fn when_fingers_rest(session: Session, shown: RwSignal<bool>) {
    if session.holds() {
        return;
    }
    if presence::is_typing() {
        set_timeout(move || when_fingers_rest(session, shown), LOOK);
    } else {
        shown.set(true);
    }
}

fn sheet(session: Session) -> AnyView {
    let language = Language::current();
    let asking = Asking {
        session,
        language,
        stage: RwSignal::new(Stage::Password),
        failure: RwSignal::new(None),
        busy: RwSignal::new(false),
        dialog: NodeRef::new(),
        caret: StoredValue::new_local(Caret::of_page()),
    };
    Effect::new(move |_| {
        if let Some(dialog) = asking.dialog.get() {
            // It fails only for one that is shown already.
            let _ = dialog.show_modal();
        }
    });
    // Perhaps somebody signed in again on another page meanwhile, or is half way.
    leptos::task::spawn_local(async move {
        if let Ok(step) = arrival_step().await
            && asking.busy.try_get_untracked() == Some(false)
        {
            asking.arrive(step);
        }
    });
    let stage = Memo::new(move |_| asking.stage.get());
    let why = session.ended().unwrap_or(Failure::SignedOut);
    view! {
        <dialog
            node_ref=asking.dialog class="sheet sheet-over" aria-labelledby="sheet-heading" aria-describedby="sheet-lead"
            closedby="none"
            on:cancel=|event: leptos::ev::Event| event.prevent_default()
            on:keydown=|event: leptos::ev::KeyboardEvent| if event.key() == "Escape" { event.prevent_default() }
        >
            <h2 id="sheet-heading">{language.text("sheet-heading")}</h2>
            <div id="sheet-lead" class="sheet-lead">
                <p>{language.failure(&why)}</p>
                <p>{language.text("sheet-nothing-lost")}</p>
            </div>
            <div role="alert">{move || asking.failure.get().map(|failure| failed(&failure, language))}</div>
            {move || match stage.get() {
                Stage::Password => password(asking).into_any(),
                Stage::Factor(kinds) => factor(asking, kinds).into_any(),
                Stage::Enrol => enrol(asking).into_any(),
            }}
        </dialog>
    }
    .into_any()
}

impl Asking {
    /// Asks, and goes where the answer leads.
    fn go(self, ask: impl Future<Output = Result<Step, Failure>> + 'static) {
        // One press is one attempt.
        if self.busy.try_get_untracked() != Some(false) {
            return;
        }
        self.busy.set(true);
        leptos::task::spawn_local(async move {
            let told = ask.await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            self.failure.set(told.as_ref().err().cloned());
            match told {
                Ok(step) => self.arrive(step),
                // The password was proven too long ago.
                Err(Failure::SignedOut) => self.stage.set(Stage::Password),
                Err(_) => {}
            }
        });
    }

    fn arrive(self, step: Step) {
        let is_own = |login: &str| self.session.is_of(login);
        match step {
            Step::Inside { login } if is_own(&login) => self.close(),
            Step::Factor { login, kinds } if is_own(&login) => self.stage.set(Stage::Factor(kinds)),
            Step::Enrol { login } if is_own(&login) => self.stage.set(Stage::Enrol),
            // Whoever else is signed in in this browser has no business on this page.
            _ => self.stage.set(Stage::Password),
        }
    }

    /// Gives the page back, with the caret where it was.
    fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
        let caret = self.caret.try_update_value(Option::take).flatten();
        self.session.resume();
        // The page is within reach only once the sheet is gone.
        set_timeout(
            move || {
                if let Some(caret) = caret {
                    caret.put_back();
                }
            },
            std::time::Duration::ZERO,
        );
    }
}

/// What happened, without the way to another page: this one stays.
fn failed(failure: &Failure, language: Language) -> impl IntoView + use<> {
    let words = failure.words().map(|words| view! { <q><bdi>{words.to_owned()}</bdi></q> });
    view! {
        <div class="failure">
            <div>
                <p class="failure-what">{language.failure(failure)}</p>
                {words}
                <p class="failure-advice">{language.advice(failure)}</p>
            </div>
        </div>
    }
}

fn password(asking: Asking) -> impl IntoView {
    let Asking { session, language, failure, busy, .. } = asking;
    let login = session.login().unwrap_or_default();
    let typed = RwSignal::new(String::new());
    let asked = login.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (login, password) = (asked.clone(), typed.get_untracked());
        asking.go(async move { prove_password(login, password).await });
    };
    let wrong = move || (failure.get() == Some(Failure::WrongPassword)).then_some("true");
    view! {
        <form class="form" on:submit=submit>
            <label for="sheet-login">{language.text("address")}</label>
            <input id="sheet-login" type="email" readonly autocomplete="username" value=login />
            <label for="sheet-password">{language.text("password")}</label>
            <input
                id="sheet-password" type="password" required autofocus autocomplete="current-password" maxlength="1024"
                aria-invalid=wrong prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
            />
            <button class="button button-main" type="submit" aria-disabled=move || busy.get().then_some("true")>
                {language.text("sign-in")}
            </button>
        </form>
    }
}

fn factor(asking: Asking, kinds: FactorKinds) -> impl IntoView {
    let Asking { language, failure, busy, .. } = asking;
    let typed = RwSignal::new(String::new());
    let field = NodeRef::<leptos::html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let proof = proof(&typed.get_untracked());
        typed.set(String::new());
        asking.go(async move { prove_factor(proof, false).await });
    };
    let wrong = move || (failure.get() == Some(Failure::WrongFactor)).then_some("true");
    let code = (kinds.totp || kinds.recovery).then(|| {
        view! {
            <form class="form" on:submit=submit>
                <label for="sheet-code">
                    {language.text(if kinds.totp { "sheet-code" } else { "sheet-recovery-code" })}
                </label>
                <input
                    id="sheet-code" node_ref=field type="text" required autocomplete="one-time-code" autocapitalize="none"
                    spellcheck="false" maxlength="64" aria-invalid=wrong prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                />
                <button class="button button-main" type="submit" aria-disabled=move || busy.get().then_some("true")>
                    {language.text("sheet-confirm")}
                </button>
            </form>
        }
    });
    let passkey = kinds.passkey.then(|| {
        view! {
            <button class="button" type="button" on:click=move |_| asking.go(with_passkey())>
                {language.text("sheet-passkey")}
            </button>
        }
    });
    view! { {passkey} {code} }
}

async fn with_passkey() -> Result<Step, Failure> {
    let question = sign_in_passkey_question().await?;
    let signed = passkey::answer(&question).await.map_err(|()| Failure::WrongFactor)?;
    prove_factor(Proof::Passkey(signed), false).await
}

/// Six digits are the code of an app; recovery codes are longer.
fn proof(typed: &str) -> Proof {
    let code: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        Proof::Totp(code)
    } else {
        Proof::Recovery(typed.trim().to_owned())
    }
}

fn enrol(asking: Asking) -> impl IntoView {
    let language = asking.language;
    view! {
        <p>{language.text("sheet-enrol")}</p>
        <p><a rel="external" target="_blank" href=Place::Factor { next: None }.to_string()>
            {language.text("sheet-enrol-page")}
        </a></p>
        <button class="button button-main" type="button" on:click=move |_| asking.go(arrival_step())>
            {language.text("sheet-go-on")}
        </button>
    }
}
