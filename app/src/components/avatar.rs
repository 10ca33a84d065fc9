//! Initials on a colour: a face for an address that asks nobody.

use leptos::prelude::*;
use model::address::Address;

/// The circle beside a sender. Decoration: the name stands beside it.
#[component]
pub fn Avatar(
    /// Whose.
    address: Address,
) -> impl IntoView {
    // A style attribute would need a hole in the policy for styles, so colours come in twelve classes.
    let class = format!("avatar avatar-{}", address.hue() / 30);
    view! { <span class=class aria-hidden="true">{address.initials()}</span> }
}
