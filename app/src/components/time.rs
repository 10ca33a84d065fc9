//! A point in time, as the reader's clock and language write it.

use leptos::prelude::*;
use model::time::Timestamp;

/// How much of a time is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// As little as tells: the hour today, the day this year.
    Brief,
    /// Date and time.
    Full,
}

/// A `<time>`. The server does not know the reader's zone, so without script the writer's clock is shown.
pub fn time(at: Timestamp, detail: Detail) -> impl IntoView {
    let shown = match detail {
        Detail::Brief => at.date(),
        Detail::Full => at.date_and_time(),
    };
    #[cfg(feature = "hydrate")]
    let shown = {
        let language = crate::text::Language::current();
        let shown = RwSignal::new(shown);
        Effect::new(move |_| shown.set(crate::browser::clock::local(at, detail, language)));
        move || shown.get()
    };
    view! { <time datetime=at.rfc3339()>{shown}</time> }
}
