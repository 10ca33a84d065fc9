//! What a message would fetch from elsewhere: how much of it is not loaded, and the ways to see it. A link and a plain form,
//! so that it needs no script.

use leptos::prelude::*;
use model::message::RemoteContent;
use model::uid::MessageKey;

use crate::api::picture::always_show_pictures;
use crate::components::failure_notice::FailureNotice;
use crate::components::icon::{Icon, drawn};
use crate::failure::Failure;
use crate::place::Place;
use crate::session::Session;
use crate::text::Language;

/// The bar above a message; nothing where the message asks for nothing from elsewhere.
#[component]
pub fn RemoteContentBar(
    /// What there is.
    remote: RemoteContent,
    /// The message whose sender may be wished for; none where nobody vouches for its From.
    sender: Option<MessageKey>,
    /// The address of the same message with its pictures.
    show: String,
    /// Told once it is kept whether the pictures of the sender are always shown.
    #[prop(into)]
    kept: Callback<bool>,
) -> impl IntoView {
    let language = Language::current();
    let RemoteContent { withheld, trackers, shown, always, allowed } = remote;
    if withheld == 0 && trackers == 0 && !shown && !always {
        return None;
    }
    let showing = shown || always;
    let pictures = match (showing, withheld) {
        (true, _) => Some(language.text("remote-shown")),
        (false, 0) => None,
        (false, count) => Some(language.text_with("remote-withheld", "count", count)),
    };
    let blocked = (trackers > 0).then(|| language.text_with("remote-trackers", "count", trackers));
    let never = (!allowed && withheld > 0).then(|| language.text("remote-never"));
    let said = [pictures, blocked, never].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let link = (allowed && !showing && withheld > 0).then(|| {
        view! { <a class="button" href=show>{language.text("remote-show")}</a> }
    });
    // What was said of a sender may be taken back, whatever the operator says by now.
    let form = sender
        .filter(|_| (allowed && withheld > 0) || showing)
        .map(|key| view! { <AlwaysForm key always kept /> });
    Some(view! {
        <div class="notice remote-content" role="note">
            {drawn(Icon::Info)}
            <span class="remote-content-said">{said}</span>
            <div class="remote-content-ways">{link}{form}</div>
        </div>
    })
}

/// The form by which the pictures of a sender are always shown, or no longer.
#[component]
fn AlwaysForm(key: MessageKey, always: bool, kept: Callback<bool>) -> impl IntoView {
    let language = Language::current();
    let session = Session::of_page();
    let failure = RwSignal::new(None::<Failure>);
    let action = Place::Pictures { key: key.clone() }.to_string();
    let wish = !always;
    let keep = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let key = key.clone();
        failure.set(None);
        leptos::task::spawn_local(async move {
            match always_show_pictures(key, wish).await {
                Ok(()) => kept.run(wish),
                Err(failed) => {
                    if !session.hear(&failed) {
                        failure.try_set(Some(failed));
                    }
                }
            }
        });
    };
    view! {
        <form method="post" action=action on:submit=keep>
            <input type="hidden" name="always" value=if wish { "yes" } else { "no" } />
            <button class="button button-quiet" type="submit">
                {language.text(if wish { "remote-always" } else { "remote-no-longer" })}
            </button>
        </form>
        {move || failure.get().map(|failure| view! { <FailureNotice failure /> })}
    }
}

#[cfg(feature = "ssr")]
#[cfg(test)]
mod tests {
    use leptos::prelude::*;
    use model::mailbox::MailboxName;
    use model::message::RemoteContent;
    use model::uid::MessageKey;

    use super::RemoteContentBar;

    fn drawn(remote: RemoteContent) -> String {
        let owner = Owner::new();
        owner.with(|| {
            let key = MessageKey { mailbox: MailboxName::inbox(), at: "17.4".parse().unwrap() };
            let show = "/mail/me/INBOX/17.4?pictures=show".to_owned();
            view! { <RemoteContentBar remote sender=Some(key) show kept=|_| () /> }.to_html()
        })
    }

    #[test]
    fn it_says_what_is_not_loaded_and_offers_what_is_allowed() {
        let asked = RemoteContent { withheld: 12, trackers: 3, allowed: true, ..RemoteContent::default() };
        let bar = drawn(asked);
        assert!(bar.contains("not loaded · ") && bar.contains("trackers blocked"), "{bar}");
        assert!(bar.contains("href=\"/mail/me/INBOX/17.4?pictures=show\""), "{bar}");
        assert!(
            bar.contains("action=\"/message/me/INBOX/17.4/pictures\"") && bar.contains("value=\"yes\""),
            "{bar}"
        );
        let never = drawn(RemoteContent { allowed: false, ..asked });
        assert!(!never.contains("<form") && !never.contains("<a "), "{never}");
        let always = drawn(RemoteContent { always: true, ..asked });
        assert!(always.contains("value=\"no\"") && !always.contains("pictures=show"), "{always}");
        let trackers = drawn(RemoteContent { withheld: 0, ..asked });
        assert!(trackers.contains("trackers blocked") && !trackers.contains("<form"), "{trackers}");
        assert!(
            !drawn(RemoteContent { allowed: true, ..RemoteContent::default() }).contains("remote-content")
        );
    }
}
