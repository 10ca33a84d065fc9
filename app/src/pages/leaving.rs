//! The page before a place that a link does not name: where it really leads, and a way there for those who know it.
//!
//! It needs nobody to be signed in and asks nothing: whoever makes up its address makes a page that warns.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::pages::not_found::NotFound;
use crate::text::Language;

/// Longest address that is shown.
const LONGEST: usize = 8 * 1024;

/// Says where a link leads.
#[component]
pub fn Leaving() -> impl IntoView {
    let language = Language::current();
    let query = use_query_map().get_untracked();
    let to = query.get("to").filter(|to| to.len() <= LONGEST);
    let Some((to, host)) = to.and_then(|to| Some((to.clone(), host(&to)?.to_owned()))) else {
        return view! { <NotFound /> }.into_any();
    };
    let name = |name: &str| query.get(name).filter(|name| is_name(name));
    let what = match (name("named"), name("like")) {
        (Some(named), _) => language.text_with("leaving-named", "named", named),
        (_, Some(known)) => language.text_with("leaving-like", "known", known),
        _ => language.text("leaving-hides"),
    };
    view! {
        <Title text=language.text("title-leaving") />
        <main class="sheet leaving">
            <h1>{language.text("leaving-heading")}</h1>
            <p>{what}</p>
            <p class="leaving-host"><bdi>{host}</bdi></p>
            <p class="leaving-address"><bdi>{to.clone()}</bdi></p>
            <p>{language.text("leaving-advice")}</p>
            <a class="button" rel="external noopener noreferrer nofollow" referrerpolicy="no-referrer" href=to>
                {language.text("leaving-go")}
            </a>
        </main>
    }
    .into_any()
}

/// The host of an address of the web, as it stands there; `None` for anything that browsers might read otherwise.
fn host(to: &str) -> Option<&str> {
    let rest = to.strip_prefix("https://").or_else(|| to.strip_prefix("http://"))?;
    if to.contains('\\') || !to.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    (!host.is_empty()).then_some(host)
}

/// Whether this may be the name of a host, which leaves no room for anybody's sentences.
fn is_name(name: &str) -> bool {
    (1..=255).contains(&name.len())
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':'))
}

#[cfg(test)]
mod tests {
    use super::{host, is_name};

    #[test]
    fn nobody_writes_sentences_on_the_page() {
        assert!(is_name("www.paypal.com") && is_name("bücher.example"));
        for other in ["", "Pennypost says: this is safe", "a<b>", "x\u{a0}y"] {
            assert!(!is_name(other), "{other}");
        }
    }

    #[test]
    fn the_host_is_what_a_browser_would_ask() {
        assert_eq!(host("https://paypal.com@evil.test:8443/x@y?z"), Some("evil.test:8443"));
        assert_eq!(host("http://x.test?https://y.test/"), Some("x.test"));
        for other in [
            "javascript:alert(1)",
            "https://",
            "//x.test",
            "https://x.test\\@y.test",
            "https://x .test",
            "HTTPS://x",
        ] {
            assert_eq!(host(other), None, "{other}");
        }
    }
}
