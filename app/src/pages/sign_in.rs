//! The sign-in form. It is a plain form that the server answers, so it needs no script at all.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::components::failure_notice::FailureNotice;
use crate::contract::SignInAttempt;
use crate::failure::Failure;
use crate::text::Language;

/// Address and password of the mail account, and what went wrong the last time.
#[component]
pub fn SignIn() -> impl IntoView {
    let language = Language::current();
    let query = use_query_map();
    // The server knows of the attempt; the browser learns it from the page, so that both draw the same form.
    let attempt = SharedValue::new(|| use_context::<SignInAttempt>().unwrap_or_default()).into_inner();
    let SignInAttempt { login, next, failure } = attempt;
    let changed = query.with_untracked(|query| query.get("changed").is_some());
    let failure = failure.or(changed.then_some(Failure::PasswordChanged));
    let next = if next.is_empty() {
        query.with_untracked(|query| query.get("next").unwrap_or_default())
    } else {
        next
    };
    let ended = query.with_untracked(|query| query.get("ended").is_some()) && failure.is_none();
    let wrong = failure == Some(Failure::WrongPassword);
    view! {
        <Title text=language.text("title-sign-in") />
        <main class="sheet">
            <h1 class="brand">{language.text("product")}</h1>
            <p class="sheet-lead">{language.text("sign-in-lead")}</p>
            {failure.map(|failure| view! { <FailureNotice failure /> })}
            {ended.then(|| view! { <p class="notice" role="status">{language.text("signed-out")}</p> })}
            <form class="form" method="post" action="/sign-in">
                <input type="hidden" name="next" value=next />
                <label for="login">{language.text("address")}</label>
                <input
                    id="login" name="login" type="email" required autocomplete="username" autocapitalize="none"
                    spellcheck="false" inputmode="email" maxlength="320" value=login.clone()
                    autofocus=login.is_empty()
                />
                <label for="password">{language.text("password")}</label>
                <input
                    id="password" name="password" type="password" required autocomplete="current-password"
                    maxlength="1024" autofocus=!login.is_empty() aria-invalid=wrong.then_some("true")
                />
                <button class="button button-main" type="submit">{language.text("sign-in")}</button>
            </form>
        </main>
    }
}
