//! What a person sees, and the contract it needs from the server.
//!
//! The crate is compiled twice: with `ssr` into the server process, which renders every page whole, and with
//! `hydrate` into WebAssembly, which brings that page to life. Without the second, every page still works.
//!
//! Pages know mail only through [`contract`]; the server fulfils it. Strangers' words are shown as text nodes and
//! attributes alone: nothing in this crate builds markup from a string.

#![recursion_limit = "512"]

#[allow(
    missing_docs,
    reason = "the macro of server functions makes types without docs; the functions have theirs"
)]
pub mod api;
#[cfg(feature = "hydrate")]
pub mod browser;
pub mod components;
pub mod contract;
pub mod failure;
pub mod pages;
pub mod place;
pub mod session;
pub mod state;
pub mod text;

use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use crate::pages::factor::FactorPage;
use crate::pages::leaving::Leaving;
use crate::pages::not_found::NotFound;
use crate::pages::security::SecurityPage;
use crate::pages::sign_in::SignIn;
use crate::pages::workplace::Workplace;
use crate::pages::write::Write;
use crate::session::Session;
use crate::text::Language;

/// Where the browser finds what the page needs; the server provides it. Paths change with their content.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The style sheet.
    pub style: Option<String>,
    /// The script that loads the WebAssembly, and the WebAssembly.
    pub program: Option<(String, String)>,
    /// In development, what names this start of the server: a page of an earlier one loads itself anew.
    pub start: Option<String>,
}

/// Where a page in development asks which start of the server answers.
pub const START: &str = "/start";

/// The document around every page. Rendered by the server only.
pub fn shell() -> impl IntoView {
    let language = Language::current();
    let assets = use_context::<Assets>().unwrap_or_default();
    let style = assets.style.map(|path| view! { <link rel="stylesheet" href=path /> });
    let program = assets.program.map(|(script, wasm)| {
        // Both names are our own, hexadecimal digests and all: nothing of them can end a string or a script.
        let start = format!(
            "import start,{{hydrate}} from '{script}';await start({{module_or_path:'{wasm}'}});hydrate();\
             document.documentElement.dataset.ready='';"
        );
        view! {
            <link rel="modulepreload" href=script />
            <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
            <script type="module" nonce=leptos::nonce::use_nonce()>{start}</script>
        }
    });
    let reload = assets.start.map(|own| {
        let ask = format!(
            "setInterval(async()=>{{const now=await fetch('{START}').then(r=>r.text()).catch(()=>'');\
             if(now&&now!=='{own}')location.reload()}},500)"
        );
        view! { <script nonce=leptos::nonce::use_nonce()>{ask}</script> }
    });
    view! {
        <!DOCTYPE html>
        <html lang=language.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
                {style}
                {program}
                {reload}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Every page, by its address.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    #[cfg(feature = "hydrate")]
    browser::language::of_document().provide();
    let session = Session::provide();
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/sign-in") view=SignIn />
                <Route path=path!("/sign-in/factor") view=FactorPage />
                <Route path=path!("/settings/security") view=SecurityPage />
                <Route path=path!("/mail/me/:mailbox/:message?/:part?") view=Workplace />
                <Route path=path!("/write") view=Write />
                <Route path=path!("/leaving") view=Leaving />
            </Routes>
        </Router>
        {over_the_page(session)}
    }
}

/// What may come to lie over every page: in the browser, the sheet that asks to sign in again.
#[cfg(feature = "hydrate")]
fn over_the_page(session: Session) -> impl IntoView {
    browser::presence::watch(move || {
        if session.login().is_some() && session.holds() {
            leptos::task::spawn_local(async move {
                if let Err(failure) = api::arrival::here().await {
                    session.hear(&failure);
                }
            });
        }
    });
    components::sign_in_sheet::sign_in_sheet(session)
}

/// The server shows none: there a page is made for whoever is signed in.
#[cfg(not(feature = "hydrate"))]
fn over_the_page(_: Session) -> impl IntoView {
    None::<()>
}
