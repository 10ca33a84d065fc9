//! What a page gives out of the browser: onto paper, or into the clipboard.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Prints the page, as its print style has it.
pub fn print() {
    if let Some(window) = web_sys::window() {
        // Browsers that print nothing say so themselves.
        let _ = window.print();
    }
}

/// Puts a text into the clipboard; whether it is there.
pub async fn copy(text: &str) -> bool {
    written(text).await.is_ok()
}

async fn written(text: &str) -> Result<(), JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &JsValue::from_str("navigator"))?;
    // There is none on pages that came over plain HTTP.
    let clipboard = Reflect::get(&navigator, &JsValue::from_str("clipboard"))?;
    let write: Function = Reflect::get(&clipboard, &JsValue::from_str("writeText"))?.dyn_into()?;
    let promise: Promise = write.call1(&clipboard, &JsValue::from_str(text))?.dyn_into()?;
    promise.await.map(drop)
}
