//! Everything that changes mail: done once, or not at all, and whoever can't know which is told so.

use std::time::Duration;

use imap::commands::store::Change;
use imap::lease::Lease;
use imap::{Error, Result};
use model::flag::Flag;
use model::mailbox::MailboxName;
use model::uid::Uid;
use testbed::client::{Append, Client};
use testbed::fault_proxy::Fault;
use testbed::people::Person;
use testbed::{Description, Options, Shared, Testbed, scratch};
use tokio::time::timeout;

use crate::faults::{HANG, Layer, Way, faults, in_the_end, is_clear, is_harmless, was_shorter, way};
use crate::steps::{Answering, archive, set};
use crate::{all, commands};

/// A change and what the mailboxes may be found to be, from before it to after it: the flags of the messages of the
/// Inbox, and how many are in the archive.
#[derive(Clone, Copy)]
struct Writing {
    name: &'static str,
    /// The commands after which nobody knows.
    commits: &'static [&'static str],
    write: for<'a> fn(&'a mut Lease) -> Answering<'a>,
    states: &'static [&'static str],
}

macro_rules! writing {
    ($name:literal, $commits:expr, $lease:ident => $write:expr, $states:expr) => {
        Writing {
            name: $name,
            commits: &$commits,
            write: |$lease| {
                Box::pin(async move {
                    $lease.select(&MailboxName::inbox()).await?;
                    $write;
                    Ok(String::new())
                })
            },
            states: &$states,
        }
    };
}

const BEFORE: &str = "[[], [], []] 0";

const APPEND: Writing = writing!("append", ["APPEND"], lease => {
    let message = format!("Subject: new\r\n\r\n{}\r\n", "x".repeat(3_000)).into_bytes();
    lease.append(&archive(), &[Flag::Seen], None, message).await?
}, [BEFORE, "[[], [], []] 1"]);

const WRITINGS: [Writing; 6] = [
    writing!("store", ["UID STORE"], lease => {
        lease.store(&set("1:2"), Change::Add, &[Flag::Flagged], None).await?
    }, [BEFORE, r#"[["Flagged"], ["Flagged"], []] 0"#]),
    writing!("mark as read", [], lease => lease.store_seen(Uid::new(3).unwrap(), true).await?,
        [BEFORE, r#"[[], [], ["Seen"]] 0"#]),
    writing!("copy", ["UID COPY"], lease => lease.copy(&set("1:2"), &archive()).await?,
        [BEFORE, "[[], [], []] 2"]),
    writing!("move", ["UID MOVE"], lease => lease.move_to(&set("1:2"), &archive()).await?,
        [BEFORE, "[[]] 2"]),
    writing!("expunge", ["UID EXPUNGE"], lease => lease.expunge(&set("2:3")).await?,
        [BEFORE, r#"[[], ["Deleted"], ["Deleted"]] 0"#, "[[]] 0"]),
    APPEND,
];

/// On a server without MOVE, and one that must be asked before a literal.
const POOR: [Writing; 2] = [
    writing!("move by copies", ["UID COPY", "UID EXPUNGE"], lease => {
        lease.move_to(&set("1:2"), &archive()).await?
    }, [BEFORE, "[[], [], []] 2", r#"[["Deleted"], ["Deleted"], []] 2"#, "[[]] 2"]),
    APPEND,
];

/// Somebody with three messages.
async fn writer(testbed: &Description) -> (Person, Client) {
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed, &person).await.unwrap();
    other.ensure("Archive").await.unwrap();
    let one = Append { mailbox: "INBOX", flags: Some("()"), date: None, message: b"Subject: x\r\n\r\nx\r\n" };
    other.append_all(&[one; 3]).await.unwrap();
    (person, other)
}

async fn state(other: &mut Client) -> String {
    other.command("NOOP").await.unwrap();
    let flags = other.flags("INBOX").await.unwrap();
    format!("{flags:?} {}", other.count("Archive").await.unwrap())
}

/// What it is once nothing goes on any more: a command that was held up may be at work while one looks.
async fn settled(other: &mut Client, states: &[&str]) -> String {
    for _ in 0..20 {
        let found = state(other).await;
        if states.contains(&found.as_str()) && found == state(other).await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    state(other).await
}

async fn written(way: &Way, writing: Writing) -> Result<()> {
    let mut lease = way.pool.lease(None).await?;
    let written = (writing.write)(&mut lease).await;
    assert_eq!(lease.is_broken(), written.is_err(), "{}: {written:?}", writing.name);
    written.map(drop)
}

async fn session(testbed: Description, writing: Writing, fault: Fault) {
    let what = format!("{} {fault:?}", writing.name);
    for attempt in 0.. {
        let (person, mut other) = writer(&testbed).await;
        let way = way(&testbed, Layer::Words, &person, attempt).await;
        way.proxy.set(fault);
        let written = timeout(HANG, written(&way, writing)).await;
        let written = written.unwrap_or_else(|_| panic!("{what} hangs"));
        let happened = way.proxy.happened();
        if (!happened || (is_harmless(fault) && written.is_err())) && attempt < 4 {
            continue;
        }
        let shorter = written.is_ok() && was_shorter(fault, &way.proxy.turns(0));
        assert!(happened || shorter, "{what} never happened: {written:?}");
        let last = way.proxy.turns(0).last().cloned().unwrap_or_default();
        // What was held up reaches the server yet, though nobody listens to its answer any more.
        way.proxy.set(Fault::None);
        let found = settled(&mut other, writing.states).await;
        let (before, after) = (writing.states[0], writing.states[writing.states.len() - 1]);
        match &written {
            Ok(()) => assert_eq!(found, after, "{what}"),
            Err(error) => {
                assert!(is_clear(error), "{what}: {error:?}");
                assert!(!is_harmless(fault), "{what}: {error:?}");
                assert!(writing.states.contains(&found.as_str()), "{what}: {found}");
                let asked = commands(std::slice::from_ref(&last));
                let open = matches!(error, Error::OutcomeUnknown { .. });
                if writing.commits.iter().any(|name| asked.contains(*name)) {
                    assert!(open, "{what}: {error:?}");
                }
                if !open && !writing.commits.is_empty() {
                    assert_eq!(found, before, "{what}: {error:?}");
                }
            }
        }
        // The same person goes on, and nothing is done that was not asked for again.
        let messages = in_the_end(|| async {
            let mut lease = way.pool.lease(None).await?;
            lease.status(&[archive()]).await
        });
        let messages = messages.await[0].unwrap().messages;
        let found = settled(&mut other, writing.states).await;
        assert!(writing.states.contains(&found.as_str()), "{what}: {found}");
        assert!(found.ends_with(&format!(" {messages}")), "{what}: {found}");
        return;
    }
}

async fn sweep(testbed: &Description, writings: &[Writing]) {
    let mut cases = Vec::new();
    for &writing in writings {
        let (person, mut other) = writer(testbed).await;
        assert_eq!(state(&mut other).await, BEFORE);
        let way = way(testbed, Layer::Words, &person, 3).await;
        written(&way, writing).await.unwrap();
        assert_eq!(state(&mut other).await, writing.states[writing.states.len() - 1], "{}", writing.name);
        let turns = way.proxy.turns(0);
        let seen = commands(&turns);
        assert!(writing.commits.iter().all(|name| seen.contains(*name)), "{seen:?}");
        // How one gets this far is disturbed elsewhere.
        let first = turns.iter().position(|turn| turn.words.contains("SELECT")).unwrap() + 1;
        let begun = |fault: &Fault| match fault {
            Fault::At(spot, _) => spot.turn() >= first,
            _ => false,
        };
        let faults = faults(Layer::Words, &turns);
        cases.extend(faults.into_iter().filter(begun).map(|fault| session(testbed.clone(), writing, fault)));
    }
    println!("{} cases of changes", all(cases).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_happen_once_or_not_at_all_wherever_they_are_disturbed() {
    sweep(Shared::find().unwrap().description(), &WRITINGS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_on_a_server_that_must_be_asked_first_and_can_only_copy() {
    let options = Options {
        capabilities: Some("IMAP4rev1 SASL-IR UIDPLUS"),
        without_postfix: true,
        ..Options::default()
    };
    let testbed = Testbed::start(&scratch("sweep-poor"), &options).unwrap();
    sweep(testbed.description(), &POOR).await;
}
