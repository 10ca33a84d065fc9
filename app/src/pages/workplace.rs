//! The workplace: mailboxes, the list of one, and the message that is open.
//!
//! One component serves the list with and without an open message, so that opening one moves nothing else.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use model::mailbox::{Mailbox, MailboxName};
use model::messages::MessagesQuestion;
use model::special_use::Role;
use model::uid::{MessageKey, UidInEpoch};

use crate::api::{list_mailboxes, list_messages, open_message};
use crate::components::failure_notice::FailureNotice;
use crate::components::icon::{Drawn, Icon};
use crate::components::mailbox_list::{MailboxList, shown_name};
use crate::components::message_list::MessageList;
use crate::components::message_view::MessageView;
use crate::failure::Failure;
use crate::pages::not_found::NotFound;
use crate::place::{Place, mailbox_of_segment};
use crate::state::Opened;
use crate::text::Language;
use model::flag::Flag;

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    mailbox: MailboxName,
    offset: u32,
    open: Option<UidInEpoch>,
}

impl Asked {
    /// Reads the address; `None` when it is malformed.
    fn of_address(mailbox: &str, message: Option<&str>, offset: Option<&str>) -> Option<Self> {
        let open = match message {
            None | Some("") => None,
            Some(at) => Some(at.parse().ok()?),
        };
        let offset = offset.map_or(Some(0), |offset| offset.parse().ok())?;
        Some(Self { mailbox: mailbox_of_segment(mailbox)?, offset, open })
    }

    fn question(&self) -> MessagesQuestion {
        MessagesQuestion::newest(self.mailbox.clone(), self.offset)
    }

    fn key(&self) -> Option<MessageKey> {
        self.open.map(|at| MessageKey { mailbox: self.mailbox.clone(), at })
    }

    fn list(&self) -> Place {
        Place::Mailbox { mailbox: self.mailbox.clone(), offset: self.offset }
    }
}

/// The workplace at the address of a mailbox or a message, or a word that there is nothing there.
#[component]
pub fn Workplace() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        params.with(|params| {
            query.with(|query| {
                Asked::of_address(
                    params.get_str("mailbox").unwrap_or_default(),
                    params.get_str("message"),
                    query.get_str("offset"),
                )
            })
        })
    });
    let exists = Memo::new(move |_| asked.with(Option::is_some));
    move || {
        if exists.get() {
            // `asked` is never None below this line; the INBOX stands in while the page is being torn down.
            let asked = Memo::new(move |_| {
                asked.get().unwrap_or_else(|| Asked { mailbox: MailboxName::inbox(), offset: 0, open: None })
            });
            Either::Left(view! { <Panes asked /> })
        } else {
            Either::Right(view! { <NotFound /> })
        }
    }
}

#[component]
fn Panes(asked: Memo<Asked>) -> impl IntoView {
    let language = Language::current();
    let opened = Opened::provide();

    let key = Memo::new(move |_| asked.with(Asked::key));
    let question = Memo::new(move |_| asked.with(Asked::question));
    let message = Resource::new(
        move || key.get(),
        |key| async move {
            match key {
                Some(key) => open_message(key).await.map(Some),
                None => Ok(None),
            }
        },
    );
    // A whole page asks for one thing after another: they share one connection to the mail server then, and a second one
    // would take longer to open than it saves.
    let window = Resource::new(
        move || question.get(),
        move |question| async move {
            if cfg!(feature = "ssr")
                && let Err(failure) = message.await
                && failure.is_of_server()
            {
                return Err(failure);
            }
            list_messages(question).await
        },
    );
    // Counts are asked for after the message was opened, so that they already know of it.
    let mailboxes = Resource::new(
        || (),
        move |()| async move {
            let _ = message.await;
            if cfg!(feature = "ssr")
                && let Err(failure) = window.await
                && failure.is_of_server()
            {
                return Err(failure);
            }
            list_mailboxes().await
        },
    );
    // The first message came with the page, and with counts that know of it; the later ones did not.
    Effect::new(move |before: Option<()>| {
        if let Some(Ok(Some(message))) = message.get() {
            opened.note(message.key.clone(), before.is_some() && !message.flags.has(&Flag::Seen));
        }
    });

    let current = Signal::derive(move || Some(asked.with(|asked| asked.mailbox.clone())));
    let open = Signal::derive(move || asked.with(|asked| asked.open));
    let heading = move || {
        let mailbox = asked.with(|asked| asked.mailbox.clone());
        mailboxes
            .get()
            .and_then(Result::ok)
            .and_then(|mailboxes| {
                mailboxes.iter().find(|known| known.name == mailbox).map(|m| shown_name(m, language))
            })
            .unwrap_or_else(|| mailbox.to_string())
    };
    let role = move || {
        let mailbox = asked.with(|asked| asked.mailbox.clone());
        mailboxes.get().and_then(Result::ok).and_then(|mailboxes| role_of(&mailboxes, &mailbox))
    };
    view! {
        <PageTitle asked />
        <div class="workplace" class:reading=move || open.get().is_some()>
            <a class="skip" rel="external" href="#list">{language.text("skip-to-list")}</a>
            <header class="bar">
                <a class="bar-menu" rel="external" href="#mailboxes"><Drawn icon=Icon::Menu />
                    <span class="visually-hidden">{language.text("mailboxes")}</span></a>
                <span class="brand">{language.text("product")}</span>
                <form class="bar-sign-out" method="post" action=Place::SignOut.to_string()>
                    <button class="button button-quiet" type="submit">
                        <Drawn icon=Icon::SignOut /><span>{language.text("sign-out")}</span>
                    </button>
                </form>
            </header>
            <nav id="mailboxes" class="mailboxes" aria-label=language.text("mailboxes")>
                <a class="mailboxes-close" rel="external" href="#list">{language.text("close")}</a>
                <Transition fallback=move || view! { <Waiting rows=8 /> }>
                    {move || Suspend::new(async move {
                        match mailboxes.await {
                            Ok(mailboxes) => Either::Left(view! { <MailboxList mailboxes current /> }),
                            Err(failure) => Either::Right(view! { <FailureNotice failure /> }),
                        }
                    })}
                </Transition>
            </nav>
            <main class="panes">
                <section id="list" class="list" tabindex="-1" aria-labelledby="list-heading">
                    <h1 id="list-heading" class="list-heading">
                        <Transition fallback=move || asked.with(|asked| asked.mailbox.to_string())>
                            <bdi>{heading}</bdi>
                        </Transition>
                    </h1>
                    <Transition fallback=move || view! { <Waiting rows=12 /> }>
                        {move || Suspend::new(async move {
                            let role = role();
                            match window.await {
                                Ok(window) => Either::Left(view! { <MessageList window role open /> }),
                                Err(failure) => Either::Right(view! { <FailureNotice failure /> }),
                            }
                        })}
                    </Transition>
                </section>
                <section class="reading-pane" tabindex="0" aria-label=language.text("message")>
                    <Transition fallback=move || view! { <Waiting rows=6 /> }>
                        {move || Suspend::new(async move {
                            let back = asked.with_untracked(Asked::list);
                            reading(message.await, back, language)
                        })}
                    </Transition>
                </section>
            </main>
        </div>
    }
}

fn reading(
    message: Result<Option<model::message::Message>, Failure>,
    back: Place,
    language: Language,
) -> AnyView {
    match message {
        Ok(Some(message)) => view! { <MessageView message back /> }.into_any(),
        Ok(None) => view! { <p class="empty">{language.text("nothing-open")}</p> }.into_any(),
        Err(failure) => view! {
            <div class="message-failed">
                <FailureNotice failure />
                <p><a href=back.to_string()>{language.text("back-to-list")}</a></p>
            </div>
        }
        .into_any(),
    }
}

fn role_of(mailboxes: &[Mailbox], name: &MailboxName) -> Option<Role> {
    mailboxes.iter().find(|mailbox| mailbox.name == *name)?.role.map(|(role, _)| role)
}

/// The title of the page. On the server it has fixed words only: the framework does not escape titles there, and it
/// reads them when the signals of this request are out of reach, or another's are in it. The browser adds the name of
/// the mailbox once the page lives.
#[component]
fn PageTitle(asked: Memo<Asked>) -> impl IntoView {
    let language = Language::current();
    let fixed = language.text("title-mail");
    if cfg!(feature = "ssr") {
        return view! { <Title text=fixed /> };
    }
    let alive = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    let product = language.text("product");
    let title = move || {
        if alive.get() {
            asked.with(|asked| format!("{} – {product}", asked.mailbox))
        } else {
            fixed.clone()
        }
    };
    view! { <Title text=title /> }
}

/// Grey rows while nothing is known yet.
#[component]
fn Waiting(rows: usize) -> impl IntoView {
    let language = Language::current();
    view! {
        <div class="waiting" role="status">
            <span class="visually-hidden">{language.text("loading")}</span>
            {(0..rows).map(|_| view! { <span class="waiting-row" aria-hidden="true"></span> }).collect_view()}
        </div>
    }
}
