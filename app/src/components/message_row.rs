//! One row of the list of messages.

use std::sync::Arc;

use leptos::either::Either;
use leptos::prelude::*;
use model::address::Address;
use model::envelope::Envelope;
use model::flag::Flag;
use model::messages::Window;
use model::uid::{MessageKey, UidInEpoch};

use crate::components::avatar::avatar;
use crate::components::followed::Followed;
use crate::components::icon::{Icon, drawn};
use crate::components::time::{Detail, time};
use crate::place::MessagePlaces;
use crate::state::Opened;
use crate::text::Language;

/// What all rows of a list have in common, looked up once.
#[derive(Clone)]
pub(super) struct Common {
    /// The messages, as they are now.
    pub(super) window: Signal<Arc<Window>>,
    /// The message that is open beside the list.
    pub(super) open: Signal<Option<UidInEpoch>>,
    /// Whether to show to whom a message went rather than who wrote it.
    pub(super) to_recipients: bool,
    /// Where the messages are; `None` without UIDVALIDITY, when no address could name one for good (RFC 9051 §2.3.1.1).
    pub(super) places: Option<MessagePlaces>,
    opened: Opened,
    words: Arc<Words>,
}

struct Words {
    no_sender: String,
    no_subject: String,
    unread: Arc<str>,
    answered: Arc<str>,
    attached: Arc<str>,
    starred: Arc<str>,
}

impl Common {
    /// For the rows of this window.
    pub(super) fn new(
        window: Signal<Arc<Window>>,
        open: Signal<Option<UidInEpoch>>,
        to_recipients: bool,
        places: Option<MessagePlaces>,
    ) -> Self {
        let language = Language::current();
        let words = Words {
            no_sender: language.text("no-sender"),
            no_subject: language.text("no-subject"),
            unread: format!("{}, ", language.text("unread")).into(),
            answered: language.text("answered").into(),
            attached: language.text("has-attachment").into(),
            starred: language.text("starred").into(),
        };
        Self { window, open, to_recipients, places, opened: Opened::of_page(), words: Arc::new(words) }
    }

    /// How a message looks now. One that has just gone looks like nothing: its row goes too.
    fn look(&self, key: Option<&MessageKey>, uid: model::uid::Uid) -> Look {
        let (seen, answered, starred) = self.window.with(|window| {
            let envelope = window.envelopes.iter().find(|envelope| envelope.uid == uid);
            let has = |flag: &Flag| envelope.is_some_and(|envelope| envelope.flags.has(flag));
            (has(&Flag::Seen), has(&Flag::Answered), has(&Flag::Flagged))
        });
        let open = key.is_some_and(|key| self.open.get() == Some(key.at));
        let unread = !seen && !open && !key.is_some_and(|key| self.opened.contains(key));
        Look { unread, open, answered, starred }
    }
}

/// What may change about a row while it is shown; everything else about a message stays as it is for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    unread: bool,
    open: bool,
    answered: bool,
    starred: bool,
}

/// A row: who, what, when. Unread is weight, and a word for those who hear the page.
pub(super) fn message_row(envelope: &Envelope, common: &Common) -> impl IntoView + use<> {
    let words = &common.words;
    let people = if common.to_recipients { &envelope.to } else { &envelope.from };
    let nobody = Address::default();
    let face = avatar(people.first().unwrap_or(&nobody));
    let names = match people.as_slice() {
        [] => words.no_sender.clone(),
        [one] => one.label().to_owned(),
        some => some.iter().map(Address::label).collect::<Vec<_>>().join(", "),
    };
    let (subject_class, subject) = match envelope.subject.trim() {
        "" => ("row-what row-bare", words.no_subject.clone()),
        _ => ("row-what", envelope.subject.clone()),
    };
    let when = envelope.received.map(|at| time(at, Detail::Brief));

    let key = common.places.as_ref().map(|places| places.key(envelope.uid));
    let href = common.places.as_ref().map(|places| places.of(envelope.uid));
    let look = {
        let (common, uid) = (common.clone(), envelope.uid);
        Followed::new(move || common.look(key.as_ref(), uid))
    };
    let unread = words.unread.clone();
    let unread = look.show(move |look| {
        look.unread.then(|| view! { <span class="visually-hidden">{unread.clone()}</span> })
    });
    let marked = |class, icon, words: &Arc<str>, is: fn(&Look) -> bool| {
        let words = words.clone();
        look.show(move |look| is(look).then(|| mark(class, icon, words.clone())))
    };
    let answered = marked("mark mark-answered", Icon::Answered, &words.answered, |look| look.answered);
    let starred = marked("mark mark-star", Icon::Star, &words.starred, |look| look.starred);
    let attached =
        envelope.has_attachment.then(|| mark("mark mark-attached", Icon::Attachment, words.attached.clone()));
    let class = look.show(|look| match (look.unread, look.open) {
        (true, _) => "row row-unread",
        (false, true) => "row row-open",
        (false, false) => "row",
    });
    let content = view! {
        {face}
        <span class="row-who">{unread}<bdi>{names}</bdi></span>
        <span class=subject_class><bdi>{subject}</bdi></span>
        <span class="row-marks">{answered}{attached}{starred}</span>
        <span class="row-when">{when}</span>
    };
    match href {
        Some(href) => {
            let current = look.show(|look| look.open.then_some("true"));
            Either::Left(view! { <li><a href=href class=class aria-current=current>{content}</a></li> })
        }
        None => Either::Right(view! { <li><span class=class>{content}</span></li> }),
    }
}

fn mark(class: &'static str, icon: Icon, words: Arc<str>) -> impl IntoView {
    let title = words.clone();
    view! {
        <span class=class title=title>{drawn(icon)}<span class="visually-hidden">{words}</span></span>
    }
}
