//! The page on which a message is written. No word of it is lost: each is kept in this browser as it is typed, and all of
//! them in Drafts after every pause.

#[cfg(feature = "hydrate")]
mod keeping;

use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use model::draft::Draft;

use crate::components::failure_notice::FailureNotice;
use crate::components::icon::{Icon, drawn};
use crate::failure::Failure;
use crate::place::Place;
use crate::session::Session;
use crate::text::Language;

/// How far the words have come.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "the server knows only the first"))]
enum Progress {
    /// What was written before is being looked for. Nobody types yet: it would be written over.
    Opening,
    /// Nothing is written, or not yet saved.
    Waiting,
    /// Words that some page did not save are back, from this time.
    Restored(String),
    /// They are on their way.
    Saving,
    /// They are in Drafts since this time.
    Saved(String),
    /// They are not.
    NotSaved(Failure),
}

/// What stands in the fields.
#[derive(Clone, Copy)]
struct Words {
    to: RwSignal<String>,
    cc: RwSignal<String>,
    subject: RwSignal<String>,
    text: RwSignal<String>,
}

#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "nobody types on the server"))]
impl Words {
    fn none() -> Self {
        let none = || RwSignal::new(String::new());
        Self { to: none(), cc: none(), subject: none(), text: none() }
    }

    fn set(self, draft: &Draft) {
        self.to.set(draft.to.clone());
        self.cc.set(draft.cc.clone());
        self.subject.set(draft.subject.clone());
        self.text.set(draft.text.clone());
    }

    fn draft(self) -> Draft {
        let word = |signal: RwSignal<String>| signal.get_untracked();
        Draft { to: word(self.to), cc: word(self.cc), subject: word(self.subject), text: word(self.text) }
    }
}

/// The page, for whoever is signed in.
#[component]
pub fn Write() -> impl IntoView {
    let language = Language::current();
    let session = Session::of_page();
    let body = match session.login() {
        Some(login) => Either::Left(sheet_of_paper(session, login, language)),
        None => Either::Right(
            view! { <main class="writing-refused"><FailureNotice failure=Failure::SignedOut /></main> },
        ),
    };
    view! {
        <Title text=language.text("title-write") />
        {body}
    }
}

fn sheet_of_paper(session: Session, login: String, language: Language) -> impl IntoView {
    let words = Words::none();
    let progress = RwSignal::new(Progress::Opening);
    let kept_here = RwSignal::new(true);
    let text = NodeRef::<leptos::html::Textarea>::new();
    let to = NodeRef::<leptos::html::Input>::new();
    #[cfg(feature = "hydrate")]
    let keeping = keeping::begin(words, progress, kept_here, session, login);
    #[cfg(not(feature = "hydrate"))]
    let _ = (session, login);
    let typed = move || {
        #[cfg(feature = "hydrate")]
        keeping.typed();
    };
    let opening = Memo::new(move |_| progress.with(|progress| *progress == Progress::Opening));
    // The first field, or where the words go on that came back.
    Effect::new(move |_| {
        if opening.get() {
            return;
        }
        let goes_on = words.text.with_untracked(|text| !text.is_empty());
        // The fields are free only when this round of changes is on the page.
        set_timeout(
            move || {
                let _ = match (to.get_untracked(), text.get_untracked()) {
                    (_, Some(text)) if goes_on => text.focus(),
                    (Some(to), _) => to.focus(),
                    _ => Ok(()),
                };
            },
            std::time::Duration::ZERO,
        );
    });
    let line = move |id: &'static str, label: String, word: RwSignal<String>, node| {
        view! {
            <label for=id>{label}</label>
            <input
                id=id node_ref=node type="text" autocomplete="off" maxlength="10000" prop:value=move || word.get()
                on:input=move |event| {
                    word.set(event_target_value(&event));
                    typed();
                }
            />
        }
    };
    view! {
        <div class="writing">
            <header class="bar">
                <a class="writing-back" href=Place::inbox().to_string()>
                    {drawn(Icon::Back)}<span class="visually-hidden">{language.text("write-back")}</span>
                </a>
                <h1 class="writing-heading">{language.text("write-heading")}</h1>
                <p class="writing-progress" role="status">{move || said(&progress.get(), language)}</p>
            </header>
            <main class="writing-paper">
                <noscript><p class="notice">{language.text("write-needs-script")}</p></noscript>
                {move || (!kept_here.get()).then(|| view! { <p class="notice">{language.text("write-not-kept-here")}</p> })}
                <form class="writing-form" on:submit=|event| event.prevent_default()>
                    <fieldset disabled=move || opening.get()>
                        <div class="writing-lines">
                            {line("write-to", language.text("to"), words.to, to)}
                            {line("write-cc", language.text("cc"), words.cc, NodeRef::new())}
                            {line("write-subject", language.text("write-subject"), words.subject, NodeRef::new())}
                        </div>
                        <label class="visually-hidden" for="write-text">{language.text("message-text")}</label>
                        // Empty in the document: the framework does not escape what stands here on the server.
                        <textarea
                            id="write-text" node_ref=text dir="auto" prop:value=move || words.text.get()
                            on:input=move |event| {
                                words.text.set(event_target_value(&event));
                                typed();
                            }
                        ></textarea>
                    </fieldset>
                </form>
            </main>
        </div>
    }
}

/// How far the words have come, in words.
fn said(progress: &Progress, language: Language) -> String {
    match progress {
        Progress::Opening | Progress::Waiting => String::new(),
        Progress::Restored(time) => language.text_with("write-restored", "time", time.as_str()),
        Progress::Saving => language.text("write-saving"),
        Progress::Saved(time) => language.text_with("write-saved", "time", time.as_str()),
        Progress::NotSaved(failure) => {
            language.text_with("write-not-saved", "why", language.failure(failure))
        }
    }
}
