//! Whether somebody is there. Who reads or writes for long asks for nothing, and is not gone.

use std::cell::Cell;

use js_sys::Date;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, Event};

/// Somebody who is there says so at most this often, in milliseconds.
const STEP: f64 = 60_000.0;

/// After so many milliseconds without a key the fingers rest.
const REST: f64 = 1_200.0;

/// What somebody does who is there.
const SIGNS: [&str; 5] = ["keydown", "pointerdown", "pointermove", "wheel", "scroll"];

thread_local! {
    /// When a key was last pressed.
    static KEY: Cell<f64> = const { Cell::new(0.0) };
}

/// Calls whenever somebody is there, at most once a minute, for as long as the page lives.
pub fn watch(here: impl Fn() + 'static) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    // Asking for the page was a sign of its own.
    let said = Cell::new(Date::now());
    let sign = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        let now = Date::now();
        if event.type_() == "keydown" {
            KEY.set(now);
        }
        if now - said.get() >= STEP {
            said.set(now);
            here();
        }
    });
    let options = AddEventListenerOptions::new();
    options.set_passive(true);
    // What scrolls inside the page tells nobody above it.
    options.set_capture(true);
    for name in SIGNS {
        let _ = document.add_event_listener_with_callback_and_add_event_listener_options(
            name,
            sign.as_ref().unchecked_ref(),
            &options,
        );
    }
    // It lives as long as the page.
    sign.forget();
}

/// Whether somebody is in the middle of a word, who had better not be interrupted.
pub fn is_typing() -> bool {
    Date::now() - KEY.get() < REST
}
