//! The text of a message as a document of its own: for the frame, and for paper.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::failure::Failure;
use app::place::Place;
use app::text::Language;
use imap::commands::fetch::RawMessage;
use message::alternative::{Chosen, choose};
use message::body::{self, Shown, Words};
use message::header;
use message::html::{Dress, References, SafeDocument};
use message::limits::HTML_BYTES;
use model::address::Address;
use model::message::{MessageQuestion, RemoteContent};
use model::origin::Standing;

use super::content::texts;
use super::message::fetched;
use super::{Person, addresses};
use crate::picture::PictureTarget;

/// For so long a text that was cleaned when its message was opened serves the frame that asks for it next.
const FRESH: Duration = Duration::from_secs(120);

/// The message that is open, and those before and after it.
const KEPT: usize = 3;

/// Documents that are likely to be asked for, the newest last.
#[derive(Debug, Default)]
pub(super) struct Shelf(VecDeque<Arc<Prepared>>);

impl Shelf {
    fn find(&self, question: &MessageQuestion) -> Option<Arc<Prepared>> {
        self.0.iter().find(|kept| kept.question == *question && kept.since.elapsed() < FRESH).cloned()
    }

    fn keep(&mut self, prepared: Arc<Prepared>) {
        self.0.retain(|kept| kept.question != prepared.question && kept.since.elapsed() < FRESH);
        if self.0.len() >= KEPT {
            self.0.pop_front();
        }
        self.0.push_back(prepared);
    }
}

/// What a message shows as its document.
#[derive(Debug)]
pub struct Prepared {
    question: MessageQuestion,
    since: Instant,
    /// The texts, unless they cost too much.
    shown: Option<Shown>,
}

/// The cleaned HTML of a message; `None` when it costs too much or there is none, with its source instead.
///
/// # Errors
/// When the message is gone or the mail server fails.
pub async fn document(
    person: &Person,
    question: &MessageQuestion,
    dress: Dress,
) -> Result<Option<SafeDocument>, Failure> {
    let kept = person.prepared().find(question);
    let prepared = match kept {
        Some(kept) => kept,
        None => {
            let raw = fetched(person, &question.key, question.within.as_ref()).await?;
            let chosen = raw.structure.as_ref().map(choose).unwrap_or_default();
            let root = raw.structure.as_ref();
            let texts = texts(person, &question.key, root, &chosen, HTML_BYTES + 1).await?;
            if !texts.iter().any(|text| text.html) {
                return Ok(None);
            }
            prepare(person, question.clone(), &chosen, texts).await?
        }
    };
    Ok(prepared.shown.as_ref().map(|shown| SafeDocument::of(&shown.sections, dress)))
}

/// Prepares the document of a message that is opened, and tells what it would fetch from elsewhere.
///
/// # Errors
/// When the message is gone or the mail server fails.
pub(super) async fn opened(
    person: &Person,
    question: &MessageQuestion,
    chosen: &Chosen,
    texts: Vec<Words>,
    from: &[Address],
    standing: Standing,
) -> Result<RemoteContent, Failure> {
    let allowed = person.pictures().consent.is_allowed();
    // An attached message may say what it likes.
    let always =
        allowed && question.within.is_none() && person.pictures_wanted(from, standing.proven()).await?;
    let pictures = allowed && (question.pictures || always);
    let prepared = prepare(person, MessageQuestion { pictures, ..question.clone() }, chosen, texts).await?;
    let (withheld, trackers) =
        prepared.shown.as_ref().map_or((0, 0), |shown| (shown.withheld, shown.trackers));
    let shown = pictures && prepared.shown.as_ref().is_some_and(|shown| shown.shown > 0);
    Ok(RemoteContent { withheld, trackers, shown, always, allowed })
}

/// Any message on a sheet of paper: who wrote it, when and to whom, and its text below; `None` when that costs too much.
///
/// # Errors
/// When the message is gone or the mail server fails.
pub async fn paper(
    person: &Person,
    question: &MessageQuestion,
    language: Language,
) -> Result<Option<SafeDocument>, Failure> {
    let raw = fetched(person, &question.key, question.within.as_ref()).await?;
    let chosen = raw.structure.as_ref().map(choose).unwrap_or_default();
    let texts = texts(person, &question.key, raw.structure.as_ref(), &chosen, HTML_BYTES + 1).await?;
    let prepared = prepare(person, question.clone(), &chosen, texts).await?;
    let heading = heading(raw, language);
    Ok(prepared.shown.as_ref().map(|shown| SafeDocument::under(&shown.sections, Dress::AsSent, &heading)))
}

fn heading(raw: RawMessage, language: Language) -> Vec<(String, String)> {
    let header = header::read(&raw.header);
    let from = raw.envelope.map_or(header.from, |envelope| addresses(&envelope.from));
    let date = header.date.map(|date| date.date_and_time()).unwrap_or_default();
    let lines = [
        ("subject", header.subject),
        ("from", people(&from)),
        ("to", people(&header.to)),
        ("cc", people(&header.cc)),
        ("date", date),
    ];
    let said = lines.into_iter().filter(|(_, words)| !words.is_empty());
    said.map(|(label, words)| (language.text(label), words)).collect()
}

fn people(people: &[Address]) -> String {
    let one = |person: &Address| match &person.name {
        Some(name) => format!("{name} <{}>", person.address),
        None => person.address.clone(),
    };
    people.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Cleans the texts of a message, with links to the pictures that came with it, and to those from elsewhere if they are to
/// be seen. It is kept for the frame that will ask for it.
///
/// # Errors
/// When the message is gone or the mail server fails.
async fn prepare(
    person: &Person,
    question: MessageQuestion,
    chosen: &Chosen,
    texts: Vec<Words>,
) -> Result<Arc<Prepared>, Failure> {
    let references = references(person, &question, chosen)?;
    let cleaned = tokio::task::spawn_blocking(move || body::sections(&texts, &references)).await;
    let shown = match cleaned.map_err(|error| crate::failure::internal(&error))? {
        Ok(shown) => Some(shown),
        Err(too_much) => {
            tracing::info!(reason = %too_much, "a message's HTML costs too much to show");
            None
        }
    };
    let prepared = Arc::new(Prepared { question, since: Instant::now(), shown });
    person.prepared().keep(prepared.clone());
    Ok(prepared)
}

/// How a document names what is not in it: pictures by sealed links, and links that mislead by way of a warning.
fn references(person: &Person, question: &MessageQuestion, chosen: &Chosen) -> Result<References, Failure> {
    let linker = person.linker(crate::clock::now())?;
    let mut references = References::default();
    for inline in &chosen.inline {
        let (part, encoding) = (inline.part.clone(), inline.encoding);
        let target = PictureTarget::Part { key: question.key.clone(), part, encoding };
        references.add_link(&inline.content_id, linker.link(&target));
    }
    if question.pictures && person.pictures().consent.is_allowed() {
        references.remote =
            Some(Arc::new(move |url| Some(linker.link(&PictureTarget::Remote { url: url.to_owned() }))));
    }
    references.leaving = Some(Arc::new(|url, misleading| {
        Place::Leaving { to: url.to_owned(), why: misleading.why.clone() }.to_string()
    }));
    let login = &person.pool().credentials().login;
    references.known.extend(login.rsplit_once('@').map(|(_, domain)| domain.to_owned()));
    Ok(references)
}
