//! Browsers that are spared the second factor.

use leptos::either::Either;
use leptos::prelude::*;

use crate::components::followed::Followed;
use crate::contract::account::Device;
use crate::pages::security::desk::{Change, Desk, Part};
use crate::pages::security::said::{moment, origin, said};
use crate::text::Language;

/// The trusted browsers.
pub(super) fn device_section(desk: Desk) -> impl IntoView {
    let language = Language::current();
    let devices = Followed::new(move || desk.read(|security| security.devices.clone()));
    view! {
        <section aria-labelledby="devices-heading">
            <h2 id="devices-heading">{language.text("devices")}</h2>
            {devices.show(move |devices| if devices.is_empty() {
                Either::Left(view! { <p>{language.text("devices-none")}</p> })
            } else {
                let entries = devices.iter().map(|device| entry(desk, device));
                Either::Right(view! { <ul class="entries">{entries.collect::<Vec<_>>()}</ul> })
            })}
            {said(desk, Part::Devices)}
        </section>
    }
}

fn entry(desk: Desk, device: &Device) -> impl IntoView + use<> {
    let language = Language::current();
    let handle = device.handle.clone();
    let label = language.text_with("device-distrust-named", "name", device.origin.browser.as_str());
    let this = device.this.then(|| view! { <span class="badge">{language.text("device-this")}</span> });
    view! {
        <li class="entry">
            <div class="entry-words">
                {origin(&device.origin)}
                <span class="entry-about">
                    {language.text("device-since")} " " {moment(device.created_at)} " · "
                    {language.text("device-until")} " " {moment(device.until)}
                </span>
                {this}
            </div>
            <button
                class="button by-program" type="button" aria-label=label
                on:click=move |_| desk.change(Change::Distrust(handle.clone()))
            >
                {language.text("device-distrust")}
            </button>
        </li>
    }
}
