//! Times by the reader's clock, through the browser's own `Intl`.

use js_sys::{Date, Intl, Object, Reflect};
use model::time::Timestamp;
use wasm_bindgen::JsValue;

use crate::components::time::Detail;
use crate::text::Language;

/// The time by the reader's clock.
pub fn now() -> Timestamp {
    // Whole seconds of any date fit.
    #[allow(clippy::cast_possible_truncation, reason = "exact for every date a browser knows")]
    let seconds = (Date::now() / 1000.0) as i64;
    Timestamp { seconds, offset_minutes: 0 }
}

/// The time as the reader writes it: the hour today, day and month this year, else the whole date.
pub fn local(at: Timestamp, detail: Detail, language: Language) -> String {
    // A float holds every whole number of milliseconds that a date can have.
    #[allow(clippy::cast_precision_loss, reason = "exact for every date a browser knows")]
    let date = Date::new(&JsValue::from_f64(at.seconds as f64 * 1000.0));
    let now = Date::new_0();
    let same_year = date.get_full_year() == now.get_full_year();
    let same_day = same_year && date.get_month() == now.get_month() && date.get_date() == now.get_date();
    let options: &[(&str, &str)] = match detail {
        Detail::Full => &[("dateStyle", "medium"), ("timeStyle", "short")],
        Detail::Brief if same_day => &[("timeStyle", "short")],
        Detail::Brief if same_year => &[("day", "numeric"), ("month", "short")],
        Detail::Brief => &[("dateStyle", "short")],
    };
    let wanted = Object::new();
    for (name, value) in options {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&wanted, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    let locales = js_sys::Array::of1(&JsValue::from_str(&super::language::variant(language)));
    let format = Intl::DateTimeFormat::new(&locales, &wanted);
    format.format().call1(&JsValue::NULL, &date).ok().and_then(|text| text.as_string()).unwrap_or_default()
}
