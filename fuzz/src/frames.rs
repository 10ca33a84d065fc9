//! The whole way of a response: bytes, frames, what they are, and the reader of each command.

use std::future::pending;
use std::time::Duration;

use imap::authenticate::Credentials;
use imap::commands::fetch::RawEnvelope;
use imap::commands::idle::Patience;
use imap::commands::metadata::{Entry, ServerEntry};
use imap::commands::section::{Section, Wanted};
use imap::commands::store::Change;
use imap::connect::Timeouts;
use imap::connection::Connection;
use imap::memory::{Answers, greeted};
use imap::{Error, Result};
use model::changes::{Difference, MOST};
use model::filter::{Filter, Place};
use model::flag::Flag;
use model::mailbox::{MailboxName, Selected};
use model::messages::{Arrangement, Direction, Key, WINDOW};
use model::modseq::{ModSeq, Moment};
use model::namespace::{Kind, Namespace};
use model::structure::PartNumber;
use model::uid::{Uid, UidValidity};
use model::uid_set::UidSet;
use tokio::runtime::{Builder, Runtime};

use crate::rows;

/// What a server may be asked for. An input begins with one of these and a line feed; what begins with anything else asks
/// for one by its first letter.
pub const COMMANDS: [&str; 31] = [
    "append",
    "capabilities",
    "changes",
    "copy",
    "expunge",
    "id",
    "idle",
    "mailboxes",
    "mailbox-ids",
    "message",
    "metadata",
    "move",
    "namespaces",
    "noop",
    "notify",
    "poll",
    "previews",
    "quotas",
    "rights",
    "sections",
    "select",
    "server-metadata",
    "sign-in",
    "status",
    "store",
    "token",
    "window",
    "window-date",
    "window-filter",
    "window-threads",
    "window-unread",
];

/// Messages in the mailbox that is open.
const MESSAGES: u32 = 300;

thread_local! {
    /// Its clock goes on by itself whenever everybody waits, so that time-outs cost none.
    static RUNTIME: Option<Runtime> = Builder::new_current_thread().enable_time().start_paused(true).build().ok();
}

/// Has a command answered. After its line, an input has what the server says: the greeting, and then an answer to each
/// line that it hears, with two line feeds between them.
pub fn frames(input: &[u8]) {
    let (word, said) = match input.iter().position(|byte| *byte == b'\n') {
        Some(end) => (input.get(..end).unwrap_or_default(), input.get(end + 1..).unwrap_or_default()),
        None => (input, &[][..]),
    };
    let known = COMMANDS.into_iter().find(|command| command.as_bytes() == word);
    let by_letter = || COMMANDS.get(usize::from(*word.first()?) % COMMANDS.len()).copied();
    let Some(command) = known.or_else(by_letter) else { return };
    RUNTIME.with(|runtime| {
        runtime.iter().for_each(|runtime| runtime.block_on(converse(command, answers(said))))
    });
}

fn answers(mut said: &[u8]) -> Answers {
    let mut answers = Vec::new();
    while let Some(end) = said.windows(2).position(|pair| pair == b"\n\n") {
        answers.push(said.get(..=end).unwrap_or_default().to_vec());
        said = said.get(end + 2..).unwrap_or_default();
        // Three in a row are an empty answer: the server hangs up.
        if let Some(after) = said.strip_prefix(b"\n") {
            answers.push(Vec::new());
            said = after;
        }
    }
    answers.push(said.to_vec());
    Answers::new(answers)
}

async fn converse(command: &str, server: Answers) {
    let second = Duration::from_secs(1);
    let signing_in = matches!(command, "sign-in" | "token" | "select" | "capabilities");
    let open = (!signing_in).then(inbox);
    let Ok(mut connection) = greeted(server, Timeouts::new(second, second), open).await else { return };
    let outcome = run(&mut connection, command).await;
    if outcome.is_ok() {
        assert!(!connection.is_broken(), "what went well leaves the connection clean");
    }
    if let Err(
        Error::Closed { .. } | Error::Bye { .. } | Error::Timeout { .. } | Error::LimitExceeded { .. },
    ) = outcome
    {
        assert!(connection.is_broken(), "what went wrong is never used again");
    }
    if let Err(error) = outcome {
        rows::one_line(&error.to_string());
        rows::one_line(error.text().unwrap_or_default());
    }
}

fn inbox() -> Selected {
    let name = MailboxName::inbox();
    let (validity, modseq) = (UidValidity::new(7), ModSeq::new(40));
    Selected { name, validity, modseq, id: None, messages: MESSAGES, read_only: false, rights: None }
}

fn uid(number: u32) -> Uid {
    Uid::new(number).unwrap_or_else(|| unreachable!("it is not zero"))
}

fn shown(window: &[RawEnvelope]) {
    assert!(window.len() <= WINDOW as usize, "a window has no more rows than were asked for");
    let uids: UidSet = window.iter().map(|row| row.uid).collect();
    assert!(uids.len() == window.len() as u64, "no message has two rows");
    window.iter().for_each(rows::shown_row);
}

async fn window(connection: &mut Connection, arrangement: Arrangement, filter: Filter) -> Result<()> {
    let window = connection.window(arrangement, &filter, 2, WINDOW).await?;
    shown(&window.rows);
    Ok(())
}

async fn run(connection: &mut Connection, command: &str) -> Result<()> {
    let archive = MailboxName::new("Archive").unwrap_or_else(|_| MailboxName::inbox());
    let uids = UidSet::range(uid(3), uid(9));
    let patience = Patience {
        gather: Duration::from_millis(40),
        renew: Duration::from_secs(9),
        poll: Duration::from_secs(3),
    };
    match command {
        "append" => {
            connection.append(&archive, &[Flag::Seen], None, b"Subject: x\r\n\r\nx".to_vec()).await?;
        }
        "capabilities" => drop(connection.capabilities().await?.mechanisms().count()),
        "changes" => changes(connection).await?,
        "copy" | "move" => {
            let copied = if command == "copy" {
                connection.copy(&uids, &archive).await?
            } else {
                connection.move_to(&uids, &archive).await?.copied
            };
            for original in copied.pairs.originals().iter().take(100) {
                let copy = copied.pairs.copy_of(original);
                assert!(copy.is_some_and(|copy| copied.pairs.copies().contains(copy)), "each has its copy");
            }
        }
        "expunge" => drop(connection.expunge(&uids).await?),
        "id" => drop(connection.id(&["name", "Pennypost"]).await?),
        "idle" | "poll" => drop(connection.wait_for_news(patience, pending()).await?),
        "mailboxes" => {
            let mailboxes = connection.mailboxes().await?;
            let names: std::collections::BTreeSet<_> =
                mailboxes.iter().map(|mailbox| &mailbox.name).collect();
            assert!(names.len() == mailboxes.len(), "each mailbox is listed once");
        }
        "mailbox-ids" => drop(connection.mailbox_ids(&[archive, MailboxName::inbox()]).await?),
        "message" => message(connection).await?,
        "metadata" => drop(connection.metadata(&archive, Entry::PrivateComment).await?),
        "namespaces" => drop(connection.namespaces().await?.len()),
        "noop" => connection.noop().await?,
        "notify" => {
            let namespace = Namespace { kind: Kind::Shared, prefix: "shared/".into(), delimiter: Some('/') };
            connection.notify(&[namespace], imap::commands::notify::Telling::NowAndChanges).await?;
            drop(connection.wait_for_news(patience, pending()).await?);
        }
        "previews" => {
            for words in connection.previews(&uids).await?.values() {
                assert!(words.chars().count() <= 256, "first words are few");
            }
        }
        "quotas" => drop(connection.quotas(&archive).await?),
        "rights" => drop(connection.my_rights(&archive).await?),
        "sections" => sections(connection).await?,
        "select" => {
            let selected = connection.select(&archive).await?;
            assert!(connection.selected() == Some(&selected), "what was opened is open");
            connection.noop().await?;
        }
        "server-metadata" => drop(connection.server_metadata(ServerEntry::Admin).await?),
        "sign-in" => connection.authenticate(&Credentials::with_password("anna", "geheim".into())).await?,
        "token" => connection.authenticate(&Credentials::with_token("anna", "ya29".into())).await?,
        "status" => drop(connection.status(&[archive, MailboxName::inbox()]).await?),
        "store" => drop(connection.store(&uids, Change::Add, &[Flag::Seen], ModSeq::new(40)).await?),
        "window-date" => {
            window(connection, Arrangement::By(Key::Date, Direction::Descending), Filter::default()).await?;
        }
        "window-filter" => {
            let filter = Filter::with_words(Place::Subject, "Grüße").unwrap_or_default();
            window(connection, Arrangement::default(), filter).await?;
        }
        "window-threads" => window(connection, Arrangement::Threads, Filter::default()).await?,
        "window-unread" => window(connection, Arrangement::UnreadFirst, Filter::default()).await?,
        _ => window(connection, Arrangement::default(), Filter::default()).await?,
    }
    Ok(())
}

async fn changes(connection: &mut Connection) -> Result<()> {
    let since = UidValidity::new(7).zip(ModSeq::new(30));
    let changes = connection.changes(since.map(|(validity, modseq)| Moment { validity, modseq })).await?;
    if let Difference::Since { changed, vanished, .. } = changes.difference {
        assert!(changed.len() <= MOST, "what is told one by one is not much");
        assert!(changed.is_sorted_by_key(|changed| changed.uid), "changes come in order");
        assert!(
            !changed.iter().any(|changed| vanished.contains(changed.uid)),
            "what is gone has not changed"
        );
    }
    Ok(())
}

async fn message(connection: &mut Connection) -> Result<()> {
    let Some(message) = connection.message(uid(5)).await? else { return Ok(()) };
    message.structure.iter().for_each(rows::shown_parts);
    message.envelope.iter().for_each(rows::shown_words);
    rows::one_line(&message::header::read(&message.header).subject);
    Ok(())
}

async fn sections(connection: &mut Connection) -> Result<()> {
    let number = PartNumber::root().child(1);
    let wanted = [
        Wanted { section: Section::Part(number.clone()), offset: 0, length: 20 },
        Wanted { section: Section::Mime(number), offset: 3, length: 9 },
        Wanted { section: Section::Source, offset: 0, length: 5 },
    ];
    let read = connection.sections(uid(5), &wanted).await?;
    assert!(read.len() == wanted.len(), "each has its answer");
    for (wanted, read) in wanted.iter().zip(&read) {
        let length = read.as_ref().map_or(0, |bytes| bytes.len() as u64);
        assert!(length <= wanted.length, "no more comes than was asked for");
    }
    Ok(())
}
