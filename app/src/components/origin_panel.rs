//! Who wrote a message: one line that says how sure that is, warnings in plain words, and behind the line what was checked.

use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use model::origin::Acquaintance;
use model::origin::{Check, Checks, LastHop, LookAlike, Origin, Standing, Verdict, Warning};
use model::uid::MessageKey;

use crate::components::icon::{Icon, drawn};
use crate::text::Language;

/// The panel; with a key, the mail server is asked whether the sender is known. Warnings stand above it, so that nobody must open anything to see them.
pub fn origin_panel(key: Option<&MessageKey>, origin: &Origin) -> impl IntoView + use<> {
    let language = Language::current();
    let warnings = origin.warnings.iter().map(|warning| warning_line(warning, language)).collect::<Vec<_>>();
    let warnings = (!warnings.is_empty()).then(|| {
        view! { <ul class="origin-warnings" aria-label=language.text("origin-warnings")>{warnings}</ul> }
    });
    let class = match origin.standing {
        Standing::Confirmed => "origin origin-confirmed",
        Standing::Refuted => "origin origin-refuted",
        Standing::NotStated | Standing::Unconfirmed => "origin",
    };
    let opened = RwSignal::new(false);
    let acquaintance = key.map(|key| acquaintance(key, opened, language));
    let domain = origin.domain.as_ref().map(|domain| {
        let read = domain.read.clone().map(|read| view! { " (" <bdi>{read}</bdi> ")" });
        fact(language.text("origin-domain"), view! { <bdi>{domain.written.clone()}</bdi>{read} }.into_any())
    });
    view! {
        {warnings}
        <details class=class on:toggle=move |_| opened.set(true)>
            <summary>{drawn(Icon::Key)}<span>{verdict_line(origin, language)}</span></summary>
            <dl>
                {domain}
                {checks_of(origin.checks.as_ref(), language)}
                {fact(language.text("origin-last-hop"), last_hop(origin.last_hop, language).into_any())}
            </dl>
            {acquaintance}
        </details>
    }
}

/// Asked for once the panel is opened, since the mail server must search for it; without script nobody asks.
#[cfg(feature = "hydrate")]
fn acquaintance(key: &MessageKey, opened: RwSignal<bool>, language: Language) -> impl IntoView + use<> {
    let key = key.clone();
    let told = RwSignal::new(None::<Acquaintance>);
    Effect::new(move |asked: Option<bool>| {
        let asked = asked.unwrap_or(false);
        if opened.get() && !asked {
            let key = key.clone();
            leptos::task::spawn_local(async move {
                // What could not be found out is not said.
                if let Ok(answer) = crate::api::origin::ask_acquaintance(key).await {
                    told.try_set(Some(answer));
                }
            });
        }
        asked || opened.get_untracked()
    });
    let words = move || {
        let Acquaintance { earlier, written_to } = told.get()?;
        Some(language.text(match (earlier, written_to) {
            (_, Some(true)) => "origin-written-to",
            (Some(true), _) => "origin-earlier",
            (Some(false), Some(false)) => "origin-first",
            _ => return None,
        }))
    };
    view! { <p class="origin-acquaintance" aria-live="polite">{words}</p> }
}

#[cfg(not(feature = "hydrate"))]
fn acquaintance(_: &MessageKey, _: RwSignal<bool>, _: Language) -> impl IntoView + use<> {
    view! { <p class="origin-acquaintance" aria-live="polite">{|| None::<String>}</p> }
}

fn verdict_line(origin: &Origin, language: Language) -> String {
    let Some(domain) = &origin.domain else { return language.text("origin-nobody") };
    let key = match origin.standing {
        Standing::Confirmed => "origin-confirmed",
        Standing::NotStated => "origin-not-stated",
        Standing::Unconfirmed => "origin-unconfirmed",
        Standing::Refuted => "origin-refuted",
    };
    language.text_with(key, "domain", isolated(&domain.written))
}

/// A sentence, and what to do.
fn warning_line(warning: &Warning, language: Language) -> impl IntoView + use<> {
    let words = match warning {
        Warning::Refuted => language.text("origin-warning-refuted"),
        Warning::NameHoldsAddress { shown, .. } => {
            language.text_with("origin-warning-name-address", "shown", isolated(shown))
        }
        Warning::NameIsOurs { real, .. } => {
            language.text_with("origin-warning-name-ours", "real", isolated(real))
        }
        Warning::LookAlike { how, .. } => match how {
            LookAlike::Same { known } | LookAlike::OneLetter { known } => {
                language.text_with("origin-warning-like", "known", isolated(known))
            }
            LookAlike::Inside { known } => {
                language.text_with("origin-warning-inside", "known", isolated(known))
            }
            LookAlike::Scripts => language.text("origin-warning-scripts"),
        },
        Warning::SeveralSenders(number) => language.text_with("origin-warning-several", "number", *number),
        Warning::ReplyElsewhere { to } => language.text_with("origin-warning-reply", "address", isolated(to)),
    };
    view! { <li class="origin-warning">{drawn(Icon::Alert)}<span>{words}</span></li> }
}

/// A stranger's word in a sentence: its direction ends with it.
fn isolated(word: &str) -> String {
    format!("\u{2068}{word}\u{2069}")
}

fn checks_of(checks: Option<&Checks>, language: Language) -> impl IntoView + use<> {
    let Some(checks) = checks else {
        return vec![fact(
            language.text("origin-stated-by"),
            view! { {language.text("origin-stated-by-nobody")} }.into_any(),
        )];
    };
    let host = view! { <bdi>{checks.host.clone()}</bdi> }.into_any();
    let mut facts = vec![fact(language.text("origin-stated-by"), host)];
    facts.push(outcome("origin-spf", checks.spf.as_ref(), language));
    if checks.dkim.is_empty() {
        facts.push(outcome("origin-dkim", None, language));
    }
    facts.extend(checks.dkim.iter().map(|check| outcome("origin-dkim", Some(check), language)));
    facts.push(outcome("origin-dmarc", checks.dmarc.as_ref(), language));
    facts
}

fn outcome(key: &str, check: Option<&Check>, language: Language) -> AnyView {
    let words = language.text(match check.map(|check| check.verdict) {
        None => "origin-not-checked",
        Some(Verdict::Pass) => "origin-pass",
        Some(Verdict::Fail) => "origin-fail",
        Some(Verdict::SoftFail) => "origin-soft-fail",
        Some(Verdict::Nothing) => "origin-nothing",
        Some(Verdict::Error) => "origin-error",
    });
    let domain = check.and_then(|check| check.domain.clone());
    let domain = domain.map(|domain| view! { " (" <bdi>{domain}</bdi> ")" });
    fact(language.text(key), view! { {words}{domain} }.into_any())
}

fn fact(name: String, value: AnyView) -> AnyView {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }.into_any()
}

fn last_hop(last_hop: LastHop, language: Language) -> String {
    language.text(match last_hop {
        LastHop::Encrypted => "origin-encrypted",
        LastHop::Plain => "origin-plain",
        LastHop::Unknown => "origin-hop-unknown",
    })
}
