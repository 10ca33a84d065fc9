//! Initials on a colour: a face for an address that asks nobody.

use leptos::prelude::*;
use model::address::Address;

/// A style attribute would need a hole in the policy for styles, so colours come in twelve classes.
const COLOURS: [&str; 12] = [
    "avatar avatar-0",
    "avatar avatar-1",
    "avatar avatar-2",
    "avatar avatar-3",
    "avatar avatar-4",
    "avatar avatar-5",
    "avatar avatar-6",
    "avatar avatar-7",
    "avatar avatar-8",
    "avatar avatar-9",
    "avatar avatar-10",
    "avatar avatar-11",
];

/// The circle beside a sender. Decoration: the name stands beside it.
pub fn avatar(address: &Address) -> impl IntoView + use<> {
    let class = COLOURS.get(usize::from(address.hue() / 30)).copied().unwrap_or("avatar");
    view! { <span class=class aria-hidden="true">{address.initials()}</span> }
}
