//! The messages before and after the one that is open, read ahead, so that going on costs no wait. They count as read when
//! they are opened.

use std::collections::VecDeque;
use std::sync::Arc;

use leptos::prelude::*;
use model::flag::Flag;
use model::message::{Message, MessageQuestion};
use model::messages::Window;

use super::answers::Told;
use crate::api::{mark_message, open_message, peek_message};
use crate::failure::Failure;

/// Both neighbours of the message that is open, and those of the one before.
const KEPT: usize = 4;

/// What was read ahead.
#[derive(Clone, Copy)]
pub(super) struct Ahead(StoredValue<VecDeque<(MessageQuestion, Message)>>);

impl Ahead {
    /// With nothing yet.
    pub(super) fn new() -> Self {
        Self(StoredValue::new(VecDeque::new()))
    }

    /// Opens a message: at once when it was read ahead and is in the list still.
    ///
    /// # Errors
    /// As [`open_message`].
    pub(super) async fn open(
        self,
        question: MessageQuestion,
        window: RwSignal<Told<Arc<Window>>>,
    ) -> Result<Message, Failure> {
        let known = self.0.try_update_value(|kept| {
            let at = kept.iter().position(|(known, _)| *known == question)?;
            kept.remove(at)
        });
        let row = window.with_untracked(|told| match told {
            Some(Ok(window)) => window.row(&question.key).map(|(_, envelope)| envelope.flags.clone()),
            _ => None,
        });
        let (Some((_, mut message)), Some(flags)) = (known.flatten(), row) else {
            return open_message(question).await;
        };
        // The list hears of what others do meanwhile.
        message.flags = flags;
        if !message.flags.has(&Flag::Seen) {
            let key = message.key.clone();
            // Where one lacks the right it stays unread, as when the server opens it.
            leptos::task::spawn_local(async move {
                let _ = mark_message(key, true).await;
            });
        }
        Ok(message)
    }

    /// Reads the neighbours of the open message, once that is shown.
    pub(super) fn follow(
        self,
        message: RwSignal<Told<Option<Arc<Message>>>>,
        window: RwSignal<Told<Arc<Window>>>,
    ) {
        Effect::new(move |_| {
            let Some(Ok(Some(open))) = message.get() else { return };
            let neighbours = window.with(|told| match told {
                Some(Ok(window)) if open.within.is_none() => window.neighbours(&open.key),
                _ => Vec::new(),
            });
            leptos::task::spawn_local(async move {
                for key in neighbours {
                    self.read(MessageQuestion { key, within: None, pictures: false }).await;
                }
            });
        });
    }

    async fn read(self, question: MessageQuestion) {
        let is_known =
            self.0.try_with_value(|kept| kept.iter().any(|(known, _)| *known == question)).unwrap_or(true);
        if is_known {
            return;
        }
        // What can't be read ahead is asked for when it is wanted, and says then why not.
        let Ok(message) = peek_message(question.clone()).await else { return };
        let _ = self.0.try_update_value(|kept| {
            kept.retain(|(known, _)| *known != question);
            if kept.len() >= KEPT {
                kept.pop_front();
            }
            kept.push_back((question, message));
        });
    }
}
