//! What the workplace asks, and what it was told: by the server before the page is sent, by the program from then on.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::server::codee::string::JsonSerdeCodec;
use leptos::server::codee::{Decoder, Encoder};
use model::mailbox::Mailbox;
use model::message::Message;
use model::messages::Window;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::api::open_message;
use crate::api::{list_mailboxes, list_messages};
use crate::failure::Failure;
use crate::pages::workplace::Asked;
#[cfg(not(feature = "ssr"))]
use crate::pages::workplace::ahead::Ahead;
#[cfg(not(feature = "ssr"))]
use crate::session::Session;
#[cfg(not(feature = "ssr"))]
use crate::state::Opened;

/// An answer; `None` until it is there.
pub(super) type Told<T> = Option<Result<T, Failure>>;

/// How the answers are written into the page: as JSON with both quotation marks exchanged. The framework puts them into a
/// string of a script, where it looks at every quotation mark of JSON for long and writes a backslash before it.
pub(super) struct Exchanged;

impl Encoder<Answers> for Exchanged {
    type Error = <JsonSerdeCodec as Encoder<Answers>>::Error;
    type Encoded = String;

    fn encode(answers: &Answers) -> Result<String, Self::Error> {
        JsonSerdeCodec::encode(answers).map(exchanged)
    }
}

impl Decoder<Answers> for Exchanged {
    type Error = <JsonSerdeCodec as Decoder<Answers>>::Error;
    type Encoded = str;

    fn decode(written: &str) -> Result<Answers, Self::Error> {
        JsonSerdeCodec::decode(&exchanged(written.to_owned()))
    }
}

fn exchanged(text: String) -> String {
    let mut bytes = text.into_bytes();
    for byte in &mut bytes {
        *byte = match *byte {
            b'"' => b'\'',
            b'\'' => b'"',
            other => other,
        };
    }
    // One ASCII character in place of another leaves UTF-8 what it is.
    String::from_utf8(bytes).unwrap_or_default()
}

/// The answers that travel inside the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answers {
    message: Told<Option<Arc<Message>>>,
    window: Told<Arc<Window>>,
    mailboxes: Told<Arc<Vec<Mailbox>>>,
}

#[cfg(feature = "ssr")]
impl Answers {
    /// Asks one thing after another: they share one connection to the mail server then, and a second one would take longer
    /// to open than it saves. Counts are asked for after the message was opened, so that they already know of it. A mail
    /// server that failed is not asked on.
    pub(super) async fn of_server(asked: &Asked) -> Self {
        let message = match asked.message() {
            Some(question) => open_message(question).await.map(|message| Some(Arc::new(message))),
            None => Ok(None),
        };
        let window = match &message {
            Err(failure) if failure.is_of_server() => Err(failure.clone()),
            _ => list_messages(asked.question()).await.map(Arc::new),
        };
        let mailboxes = match &window {
            Err(failure) if failure.is_of_server() => Err(failure.clone()),
            _ => list_mailboxes().await.map(Arc::new),
        };
        Self { message: Some(message), window: Some(window), mailboxes: Some(mailboxes) }
    }
}

/// The answers as they are now. Each stays until the next one is there, so that nothing flickers meanwhile.
#[derive(Clone, Copy)]
pub(super) struct Answered {
    /// The message that is open.
    pub(super) message: RwSignal<Told<Option<Arc<Message>>>>,
    /// The messages of the mailbox. Who hears news of it sets a newer window, and the list follows.
    pub(super) window: RwSignal<Told<Arc<Window>>>,
    /// Every mailbox.
    pub(super) mailboxes: RwSignal<Told<Arc<Vec<Mailbox>>>>,
}

impl Answered {
    /// With what is known already.
    pub(super) fn new(answers: Answers) -> Self {
        Self {
            message: RwSignal::new(answers.message),
            window: RwSignal::new(answers.window),
            mailboxes: RwSignal::new(answers.mailboxes),
        }
    }

    /// Asks again whenever the address asks for something else.
    #[cfg(not(feature = "ssr"))]
    pub(super) fn follow(self, asked: Memo<Asked>) {
        let message = Memo::new(move |_| asked.with(Asked::message));
        let question = Memo::new(move |_| asked.with(Asked::question));
        let opened = Opened::of_page();
        let (ahead, window) = (Ahead::new(), self.window);
        ahead.follow(self.message, window);
        follow(message, self.message, move |question| {
            if let Some(question) = &question {
                opened.ask(question.key.clone());
            }
            async move {
                match question {
                    Some(question) => {
                        ahead.open(question, window).await.map(|message| Some(Arc::new(message)))
                    }
                    None => Ok(None),
                }
            }
        });
        follow(question, self.window, |question| async move { list_messages(question).await.map(Arc::new) });
        // Counts are asked for after the message was opened, so that they already know of it.
        let opened = Memo::new(move |_| self.message.with(Option::is_some));
        follow(opened, self.mailboxes, move |opened| async move {
            if opened { list_mailboxes().await.map(Arc::new) } else { std::future::pending().await }
        });
    }
}

/// Asks whenever the question changes, and once more when somebody signed in again. The first answer may be here already, as
/// it came with the page. What is shown stays when the answer is that the session has ended.
#[cfg(not(feature = "ssr"))]
fn follow<Q, T, F>(question: Memo<Q>, answer: RwSignal<Told<T>>, ask: impl Fn(Q) -> F + 'static)
where
    Q: Clone + PartialEq + Send + Sync + 'static,
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, Failure>> + 'static,
{
    let session = Session::of_page();
    Effect::new(move |before: Option<()>| {
        session.turn();
        let asked = question.get();
        if before.is_none() && answer.with_untracked(Option::is_some) {
            answer.with_untracked(|told| {
                if let Some(Err(failure)) = told {
                    session.hear(failure);
                }
            });
            return;
        }
        let told = ask(asked.clone());
        leptos::task::spawn_local(async move {
            let told = told.await;
            if told.as_ref().is_err_and(|failure| session.hear(failure)) {
                return;
            }
            // Whoever has gone on meanwhile does not want it any more.
            if question.try_get_untracked() == Some(asked) {
                answer.try_set(Some(told));
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use leptos::server::codee::{Decoder, Encoder};
    use model::mailbox::{MailboxName, Selected};
    use model::messages::Window;

    use super::{Answers, Exchanged};
    use crate::failure::Failure;

    #[test]
    fn answers_with_any_words_in_them_survive_the_way_through_the_page() {
        let words = "\"double\" 'single' \\ \\\" \\' </script> \u{2028} ü 日本";
        let name = MailboxName::new(words).unwrap();
        let mailbox = Selected {
            name,
            validity: None,
            modseq: None,
            id: None,
            messages: 0,
            read_only: false,
            rights: None,
        };
        let answers = Answers {
            message: Some(Err(Failure::SignInRefused { words: words.to_owned() })),
            window: Some(Ok(Arc::new(Window {
                mailbox,
                offset: 0,
                envelopes: Vec::new(),
                arrangement: Default::default(),
                total: None,
            }))),
            mailboxes: None,
        };
        let written = Exchanged::encode(&answers).unwrap();
        assert_eq!(Exchanged::decode(&written).unwrap(), answers);
    }
}
