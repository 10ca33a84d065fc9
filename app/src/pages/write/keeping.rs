//! Keeps what is written: in this browser at every keystroke, in Drafts two seconds after a pause.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use model::draft::Draft;
use model::uid::MessageKey;

use super::{Progress, Words};
use crate::api::draft::{ask_local_key, save_draft};
use crate::browser::clock;
use crate::browser::safe::{Kept, Safe};
use crate::components::time::Detail;
use crate::session::Session;
use crate::text::Language;

/// So long a pause is.
const PAUSE: Duration = Duration::from_secs(2);

/// After so long what could not be saved is tried again, though nobody writes on.
const AGAIN: Duration = Duration::from_secs(20);

/// The handle of the page.
#[derive(Clone, Copy)]
pub(super) struct Keeping(StoredValue<Rc<Desk>, LocalStorage>);

/// All that must outlive the page, until the last words are saved.
struct Desk {
    language: Language,
    session: Session,
    login: String,
    words: Words,
    progress: RwSignal<Progress>,
    kept_here: RwSignal<bool>,
    safe: RefCell<Option<Safe>>,
    draft: RefCell<Draft>,
    /// What is in Drafts; at first it is nothing.
    saved: RefCell<Draft>,
    /// Under which name.
    key: RefCell<Option<MessageKey>>,
    timer: Cell<Option<TimeoutHandle>>,
    opening: Cell<bool>,
    saving: Cell<bool>,
    left: Cell<bool>,
}

/// Keeps from now on whatever stands in the fields, once what was kept before is back in them.
pub(super) fn begin(
    words: Words,
    progress: RwSignal<Progress>,
    kept_here: RwSignal<bool>,
    session: Session,
    login: String,
) -> Keeping {
    let desk = Rc::new(Desk {
        language: Language::current(),
        session,
        login,
        words,
        progress,
        kept_here,
        safe: RefCell::default(),
        draft: RefCell::default(),
        saved: RefCell::default(),
        key: RefCell::default(),
        timer: Cell::new(None),
        opening: Cell::new(false),
        saving: Cell::new(false),
        left: Cell::new(false),
    });
    let keeping = Keeping(StoredValue::new_local(desk.clone()));
    // At the beginning, and once more after every time that somebody signed in again.
    Effect::new(move |_| {
        session.turn();
        if keeping.0.with_value(|desk| desk.safe.borrow().is_none()) {
            keeping.0.with_value(Desk::open);
        } else {
            keeping.0.with_value(Desk::save);
        }
    });
    let leaving = StoredValue::new_local(desk);
    on_cleanup(move || leaving.with_value(Desk::leave));
    keeping
}

impl Keeping {
    /// Somebody typed.
    pub(super) fn typed(self) {
        self.0.with_value(|desk| {
            *desk.draft.borrow_mut() = desk.words.draft();
            desk.keep();
            desk.later(PAUSE);
        });
    }
}

impl Desk {
    /// Opens the safe, and puts back what is in it.
    fn open(self: &Rc<Self>) {
        if self.opening.replace(true) {
            return;
        }
        let desk = self.clone();
        leptos::task::spawn_local(async move {
            let told = ask_local_key(desk.login.clone()).await;
            desk.opening.set(false);
            if told.as_ref().is_err_and(|failure| desk.session.hear(failure)) {
                // Signing in again leads here once more.
                return;
            }
            let safe = match told {
                Ok(key) => Safe::open(&key).await.ok(),
                Err(_) => None,
            };
            desk.kept_here.try_set(safe.is_some());
            let found = match &safe {
                // What somebody has begun since, without a safe, is newer than what is in it.
                Some(safe) if desk.draft.borrow().is_empty() => safe.take_up().await,
                _ => None,
            };
            *desk.safe.borrow_mut() = safe;
            let progress = match found {
                Some(kept) => desk.put_back(kept),
                None => {
                    desk.keep();
                    Progress::Waiting
                }
            };
            desk.say(progress);
            desk.later(PAUSE);
        });
    }

    fn put_back(&self, kept: Kept) -> Progress {
        let Kept { draft, replaces, unsaved, at } = kept;
        if !unsaved {
            *self.saved.borrow_mut() = draft.clone();
        }
        if self.words.to.try_get_untracked().is_some() {
            self.words.set(&draft);
        }
        *self.draft.borrow_mut() = draft;
        *self.key.borrow_mut() = replaces;
        let time = self.time(at);
        if unsaved { Progress::Restored(time) } else { Progress::Saved(time) }
    }

    /// Keeps the words in this browser.
    fn keep(&self) {
        if let Some(safe) = &*self.safe.borrow() {
            if self.draft.borrow().is_empty() && self.key.borrow().is_none() {
                safe.forget();
                return;
            }
            safe.keep(Kept {
                draft: self.draft.borrow().clone(),
                replaces: self.key.borrow().clone(),
                unsaved: self.is_unsaved(),
                at: clock::now().seconds,
            });
        }
    }

    fn is_unsaved(&self) -> bool {
        *self.draft.borrow() != *self.saved.borrow()
    }

    /// Saves after so long, unless somebody types before.
    fn later(self: &Rc<Self>, pause: Duration) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
        if self.left.get() {
            return;
        }
        let desk = Rc::downgrade(self);
        let save = move || {
            if let Some(desk) = desk.upgrade() {
                desk.save();
            }
        };
        self.timer.set(set_timeout_with_handle(save, pause).ok());
    }

    /// Saves what is not saved, one save after another.
    fn save(self: &Rc<Self>) {
        if !self.is_unsaved() || !self.session.holds() || self.saving.replace(true) {
            return;
        }
        self.say(Progress::Saving);
        let desk = self.clone();
        leptos::task::spawn_local(async move {
            let (draft, replaces) = (desk.draft.borrow().clone(), desk.key.borrow().clone());
            let told = save_draft(desk.login.clone(), draft.clone(), replaces).await;
            desk.saving.set(false);
            match told {
                Ok(saved) => {
                    *desk.saved.borrow_mut() = draft;
                    *desk.key.borrow_mut() = saved.key;
                    desk.say(Progress::Saved(desk.time(clock::now().seconds)));
                    desk.keep();
                    if desk.left.get() {
                        desk.leave();
                    } else if desk.is_unsaved() {
                        desk.later(PAUSE);
                    }
                }
                Err(failure) => {
                    // Who signs in again saves at once; everything else is tried again.
                    if !desk.session.hear(&failure) {
                        desk.later(AGAIN);
                    }
                    desk.say(Progress::NotSaved(failure));
                }
            }
        });
    }

    /// The page is left for another one of ours. What is saved is in Drafts and needs not be kept here any more.
    fn leave(self: &Rc<Self>) {
        self.left.set(true);
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
        if self.is_unsaved() || self.saving.get() {
            self.save();
        } else if let Some(safe) = &*self.safe.borrow() {
            safe.forget();
        }
    }

    /// On the page, as long as it is there.
    fn say(&self, progress: Progress) {
        self.progress.try_set(progress);
    }

    fn time(&self, seconds: i64) -> String {
        let at = model::time::Timestamp { seconds, offset_minutes: 0 };
        clock::local(at, Detail::Brief, self.language)
    }
}
