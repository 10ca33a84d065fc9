//! The workplace: mailboxes, the list of one, and the message that is open.
//!
//! One component serves the list with and without an open message, so that opening one moves nothing else.

#[cfg(not(feature = "ssr"))]
mod ahead;
mod answers;
#[cfg(feature = "hydrate")]
mod news;

use std::sync::Arc;

use leptos::either::{Either, EitherOf3, EitherOf4};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use model::flag::Flag;
use model::mailbox::MailboxName;
use model::message::{Message, MessageQuestion};
use model::messages::{MessagesQuestion, Window};
use model::special_use::Role;
use model::structure::PartNumber;
use model::uid::{MessageKey, UidInEpoch};

use crate::components::failure_notice::FailureNotice;
use crate::components::followed::Followed;
use crate::components::icon::{Icon, drawn};
use crate::components::mailbox_list::{MailboxList, name_with_account};
use crate::components::message_list::MessageList;
use crate::components::message_view::MessageView;
use crate::components::sign_out::sign_out;
use crate::pages::not_found::NotFound;
use crate::pages::workplace::answers::{Answered, Answers, Exchanged, Told};
use crate::place::{Place, mailbox_of_segment};
use crate::state::{Opened, Unseen};
use crate::text::Language;

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    mailbox: MailboxName,
    offset: u32,
    open: Option<UidInEpoch>,
    /// The part of the message whose attached message is meant.
    within: Option<PartNumber>,
    /// With the pictures from elsewhere of the message that is open.
    pictures: bool,
}

impl Asked {
    /// Reads the address; `None` when it is malformed.
    fn of_address(
        mailbox: &str,
        message: Option<&str>,
        within: Option<&str>,
        offset: Option<&str>,
        pictures: Option<&str>,
    ) -> Option<Self> {
        let open = match message {
            None | Some("") => None,
            Some(at) => Some(at.parse().ok()?),
        };
        let within = match within {
            None | Some("") => None,
            Some(part) => Some(part.parse().ok()?),
        };
        let offset = offset.map_or(Some(0), |offset| offset.parse().ok())?;
        let pictures = pictures == Some("show");
        Some(Self { mailbox: mailbox_of_segment(mailbox)?, offset, open, within, pictures })
    }

    fn question(&self) -> MessagesQuestion {
        MessagesQuestion::newest(self.mailbox.clone(), self.offset)
    }

    fn message(&self) -> Option<MessageQuestion> {
        let key = |at| MessageKey { mailbox: self.mailbox.clone(), at };
        self.open.map(|at| MessageQuestion {
            key: key(at),
            within: self.within.clone(),
            pictures: self.pictures,
        })
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
                    params.get_str("part"),
                    query.get_str("offset"),
                    query.get_str("pictures"),
                )
            })
        })
    });
    let exists = Memo::new(move |_| asked.with(Option::is_some));
    move || {
        if exists.get() {
            // `asked` is never None below this line; the INBOX stands in while the page is being torn down.
            let asked = Memo::new(move |_| {
                asked.get().unwrap_or_else(|| Asked {
                    mailbox: MailboxName::inbox(),
                    offset: 0,
                    open: None,
                    within: None,
                    pictures: false,
                })
            });
            Either::Left(view! { <Panes asked /> })
        } else {
            Either::Right(view! { <NotFound /> })
        }
    }
}

#[component]
fn Panes(asked: Memo<Asked>) -> impl IntoView {
    view! {
        <PageTitle asked />
        {panes(asked)}
    }
}

/// Nothing is drawn before everything is answered, and then once: boundaries that wait for one answer each would draw
/// what is in them twice, to learn what it waits for.
#[cfg(feature = "ssr")]
fn panes(asked: Memo<Asked>) -> impl IntoView {
    Suspend::new(async move {
        let answers = Answers::of_server(&asked.get_untracked()).await;
        let answers = SharedValue::<_, Exchanged>::new_with_encoding(move || answers).into_inner();
        whole(asked, Answered::new(answers))
    })
}

/// The first answers came with the page, unless the program itself led here. The type of the view ends here: the browser
/// draws it once, and a type of all its pieces would make the program larger.
#[cfg(not(feature = "ssr"))]
fn panes(asked: Memo<Asked>) -> AnyView {
    let answers = SharedValue::<_, Exchanged>::new_with_encoding(Answers::default).into_inner();
    let answered = Answered::new(answers);
    answered.follow(asked);
    whole(asked, answered).into_any()
}

fn whole(asked: Memo<Asked>, answered: Answered) -> impl IntoView {
    let language = Language::current();
    let opened = Opened::of_page();
    let unseen = Unseen::provide();
    #[cfg(feature = "hydrate")]
    news::listen(asked, answered, opened, unseen);
    #[cfg(not(feature = "hydrate"))]
    let _ = unseen;
    let Answered { message, window, mailboxes } = answered;
    Effect::new(move |_| {
        if let Some(Ok(Some(message))) = message.get() {
            // Counts that are still to come know of it.
            let counted_before = mailboxes.with_untracked(Option::is_some);
            opened.note(message.key.clone(), counted_before && !message.flags.has(&Flag::Seen));
        }
    });

    let current = Signal::derive(move || Some(asked.with(|asked| asked.mailbox.clone())));
    let open = Signal::derive(move || asked.with(|asked| asked.open));
    let known = Memo::new(move |_| {
        let mailbox = asked.with(|asked| asked.mailbox.clone());
        let known = mailboxes.get().and_then(Result::ok)?;
        known.iter().find(|known| known.name == mailbox).cloned()
    });
    let heading = Followed::new(move || match known.get() {
        Some(mailbox) => name_with_account(&mailbox, language),
        None => asked.with(|asked| asked.mailbox.to_string()),
    });
    let role = Signal::derive(move || known.with(|known| known.as_ref()?.role.map(|(role, _)| role)));
    let class = Followed::new(move || if open.get().is_some() { "workplace reading" } else { "workplace" });
    view! {
        <div class=class.show(|class| *class)>
            <a class="skip" rel="external" href="#list">{language.text("skip-to-list")}</a>
            <header class="bar">
                <a class="bar-menu" rel="external" href="#mailboxes">{drawn(Icon::Menu)}
                    <span class="visually-hidden">{language.text("mailboxes")}</span></a>
                <span class="brand">{language.text("product")}</span>
                <a class="button button-main bar-write" href=Place::Write.to_string()>
                    {drawn(Icon::Write)}<span>{language.text("write")}</span>
                </a>
                <a class="button button-quiet bar-end" href=Place::Security.to_string()>
                    {drawn(Icon::Key)}<span>{language.text("security")}</span>
                </a>
                {sign_out(language)}
            </header>
            <nav id="mailboxes" class="mailboxes" aria-label=language.text("mailboxes")>
                <a class="mailboxes-close" rel="external" href="#list">{language.text("close")}</a>
                {Followed::new(move || mailboxes.get()).show(move |mailboxes| match mailboxes.clone() {
                    None => EitherOf3::A(waiting(8)),
                    Some(Ok(mailboxes)) => EitherOf3::B(view! { <MailboxList mailboxes current /> }),
                    Some(Err(failure)) => EitherOf3::C(view! { <FailureNotice failure /> }),
                })}
            </nav>
            <main class="panes">
                <section id="list" class="list" tabindex="-1" aria-labelledby="list-heading">
                    <h1 id="list-heading" class="list-heading"><bdi>{heading.show(String::clone)}</bdi></h1>
                    {list(window, role, open)}
                </section>
                <section class="reading-pane" tabindex="0" aria-label=language.text("message")>
                    {Followed::new(move || message.get()).show(move |message| {
                        let back = asked.with_untracked(Asked::list);
                        reading(message.clone(), back, language)
                    })}
                </section>
            </main>
        </div>
    }
}

/// The list, which follows newer windows by itself; it makes room only for a failure.
fn list(
    window: RwSignal<Told<Arc<Window>>>,
    role: Signal<Option<Role>>,
    open: Signal<Option<UidInEpoch>>,
) -> impl IntoView {
    let failure =
        Followed::new(move || window.with(|told| told.as_ref().map(|told| told.as_ref().err().cloned())));
    failure.show(move |told| match told.clone() {
        None => EitherOf3::A(waiting(12)),
        Some(Some(failure)) => EitherOf3::C(view! { <FailureNotice failure /> }),
        Some(None) => EitherOf3::B(newest(window).map(|window| view! { <MessageList window role open /> })),
    })
}

/// The newest window that was told, which stays while there is none.
fn newest(window: RwSignal<Told<Arc<Window>>>) -> Option<Signal<Arc<Window>>> {
    let first = window.get_untracked()?.ok()?;
    let newest = Memo::new(move |before: Option<&Arc<Window>>| match window.get() {
        Some(Ok(window)) => window,
        _ => before.unwrap_or(&first).clone(),
    });
    Some(newest.into())
}

fn reading(message: Told<Option<Arc<Message>>>, back: Place, language: Language) -> impl IntoView {
    match message {
        None => EitherOf4::A(waiting(6)),
        Some(Ok(Some(message))) => EitherOf4::B(view! { <MessageView message back /> }),
        Some(Ok(None)) => EitherOf4::C(view! { <p class="empty">{language.text("nothing-open")}</p> }),
        Some(Err(failure)) => EitherOf4::D(view! {
            <div class="message-failed">
                <FailureNotice failure />
                <p><a href=back.to_string()>{language.text("back-to-list")}</a></p>
            </div>
        }),
    }
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
fn waiting(rows: usize) -> impl IntoView {
    let language = Language::current();
    view! {
        <div class="waiting" role="status">
            <span class="visually-hidden">{language.text("loading")}</span>
            {(0..rows).map(|_| view! { <span class="waiting-row" aria-hidden="true"></span> }).collect::<Vec<_>>()}
        </div>
    }
}
