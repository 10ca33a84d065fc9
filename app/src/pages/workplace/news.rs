//! What other clients do shows on the page without anybody asking: what is on screen stays, and what changed changes.

use std::sync::Arc;

use leptos::prelude::*;
use model::changes::{Changes, News};
use model::mailbox::{MailboxName, PartialStatus};
use model::messages::Window;

use crate::api::list_messages_again;
use crate::browser::event_stream::{EventStream, Listener};
use crate::failure::Failure;
use crate::pages::workplace::Asked;
use crate::pages::workplace::answers::Answered;
use crate::place::Place;
use crate::session::Session;
use crate::state::{Opened, Unseen};

/// What news is about and what it changes.
#[derive(Clone, Copy)]
struct Listening {
    asked: Memo<Asked>,
    answered: Answered,
    opened: Opened,
    unseen: Unseen,
    session: Session,
    /// How many times the window was asked for by itself. Only the last answer counts.
    asking: StoredValue<u64>,
}

/// Follows the mailbox that is shown, from where its list is.
pub(super) fn listen(asked: Memo<Asked>, answered: Answered, opened: Opened, unseen: Unseen) {
    let session = Session::of_page();
    let listening = Listening { asked, answered, opened, unseen, session, asking: StoredValue::new(0) };
    // Another window of the same mailbox is told by the same stream.
    let shown = Memo::new(move |_| {
        answered.window.with(|told| match told {
            Some(Ok(window)) => Some(window.mailbox.name.clone()),
            _ => None,
        })
    });
    let stream = StoredValue::new_local(None::<EventStream>);
    Effect::new(move |_| {
        // After the end of a session there is nothing to hear; the next one goes on from where the list is.
        let mailbox = shown.get().filter(|_| session.ended().is_none());
        stream.set_value(mailbox.map(|mailbox| EventStream::new(OfMailbox { mailbox, listening })));
    });
    on_cleanup(move || stream.set_value(None));
}

struct OfMailbox {
    mailbox: MailboxName,
    listening: Listening,
}

impl Listener for OfMailbox {
    fn address(&self) -> Option<String> {
        let window = self.listening.window()?;
        let since = window.mailbox.moment().filter(|_| window.mailbox.name == self.mailbox);
        Some(Place::Live { mailbox: self.mailbox.clone(), since }.to_string())
    }

    fn told(&self, data: &str) {
        // A server that is newer than this page may say what the page does not know.
        let Ok(news) = serde_json::from_str::<News>(data) else { return };
        match news {
            News::Changes(changes) => self.listening.changed(changes),
            News::Status { mailbox, status } => self.listening.count(mailbox, status),
            News::Gone(_) => self.listening.ask_again(),
        }
    }

    fn ended(&self, data: &str) {
        let failure = serde_json::from_str(data).unwrap_or(Failure::SignedOut);
        self.listening.session.hear(&failure);
    }

    fn refused(&self) {
        // The answer says why: who is signed out is told so.
        self.listening.ask_again();
    }
}

impl Listening {
    fn window(&self) -> Option<Arc<Window>> {
        self.answered.window.try_get_untracked()??.ok()
    }

    fn count(&self, mailbox: MailboxName, status: PartialStatus) {
        let Some(unseen) = status.unseen else { return };
        self.opened.counted(&mailbox);
        self.unseen.note(mailbox, unseen);
    }

    fn changed(&self, changes: Changes) {
        self.count(changes.mailbox.clone(), changes.status);
        let Some(window) = self.window().filter(|window| window.mailbox.name == changes.mailbox) else {
            return;
        };
        self.opened.forget(|key| changes.tell_of(key));
        match changes.applied_to(&window) {
            Some(newer) => {
                self.answered.window.set(Some(Ok(Arc::new(newer))));
            }
            None => self.ask_again(),
        }
    }

    /// Asks for the same window, which may have other rows by now.
    fn ask_again(&self) {
        let Self { asked, answered, asking, session, .. } = *self;
        let Some(question) = asked.try_with_untracked(Asked::question) else { return };
        asking.update_value(|asking| *asking += 1);
        let number = asking.get_value();
        leptos::task::spawn_local(async move {
            let told = list_messages_again(question.clone()).await;
            let wanted = asked.try_with_untracked(Asked::question) == Some(question);
            if told.as_ref().is_err_and(|failure| session.hear(failure)) {
                return;
            }
            if wanted && asking.try_get_value() == Some(number) {
                answered.window.try_set(Some(told.map(Arc::new)));
            }
        });
    }
}
