//! A watch that is disturbed comes back and has told everything in the end, and nothing that did not happen.

use std::collections::{BTreeMap, BTreeSet};
use std::future::pending;
use std::time::Duration;

use imap::commands::idle::Patience;
use imap::watch::Watch;
use model::changes::{Difference, News};
use model::mailbox::MailboxName;
use testbed::client::Client;
use testbed::fault_proxy::Fault;
use testbed::people::Person;
use testbed::{Description, Shared};
use tokio::time::{sleep, timeout};

use crate::faults::{HANG, Layer, Way, faults, way};
use crate::{all, commands};

const MAIL: &[u8] = b"From: a@demo.test\r\nSubject: x\r\n\r\nx\r\n";

/// A connection that says nothing is found out when the wait is renewed.
const PATIENCE: Patience = Patience {
    gather: Duration::from_millis(40),
    renew: Duration::from_secs(1),
    poll: Duration::from_millis(300),
};

/// The messages of the Inbox, by UID, and whether each is flagged; and how many there are in the archive.
#[derive(Debug, Default, PartialEq, Eq)]
struct Known {
    inbox: BTreeMap<u32, bool>,
    archived: u32,
}

/// UIDs that something happened to.
type Touched = BTreeSet<u32>;

fn learn(known: &mut Known, touched: &Touched, news: Vec<News>) {
    for news in news {
        match news {
            News::Changes(changes) => {
                let Difference::Since { changed, vanished, .. } = changes.difference else {
                    panic!("{:?}", changes.difference)
                };
                for changed in changed {
                    assert!(touched.contains(&changed.uid.get()), "nothing happened to {}", changed.uid);
                    known.inbox.insert(changed.uid.get(), changed.flags.has(&model::flag::Flag::Flagged));
                }
                known.inbox.retain(|uid, _| !vanished.contains(model::uid::Uid::new(*uid).unwrap()));
                assert_eq!(
                    changes.status.messages.map(|messages| messages as usize),
                    Some(known.inbox.len())
                );
            }
            News::Gone(mailbox) => panic!("{mailbox} is there"),
            News::Status { mailbox, status } => {
                if mailbox == MailboxName::new("Archive").unwrap() {
                    known.archived = status.messages.unwrap_or(known.archived);
                }
            }
        }
    }
}

async fn watcher(testbed: &Description) -> (Person, Client, Known) {
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed, &person).await.unwrap();
    other.ensure("Archive").await.unwrap();
    for _ in 0..3 {
        other.append("INBOX", Some("()"), None, MAIL).await.unwrap();
    }
    other.flags("INBOX").await.unwrap();
    (person, other, Known { inbox: (1..=3).map(|uid| (uid, false)).collect(), archived: 0 })
}

/// Whether the watch waits for news on some connection.
fn waits(way: &Way) -> bool {
    (0..way.proxy.connections())
        .flat_map(|connection| way.proxy.turns(connection))
        .any(|turn| turn.words.contains("IDLE") && turn.answered > 0)
}

/// Watches while another program changes things, until everything was told; gives how long the first connection was used.
async fn watched(way: &Way, other: &mut Client, mut known: Known, what: &str) {
    let mut watch = Watch::new(way.pool.clone(), MailboxName::inbox(), true, None, PATIENCE);
    let touched = Touched::from([1, 3, 4, 5]);
    let truth = Known { inbox: BTreeMap::from([(2, false), (3, true), (4, false), (5, true)]), archived: 1 };
    let changing = async {
        // What happens before is no news.
        while !waits(way) {
            sleep(Duration::from_millis(5)).await;
        }
        let uid = other.append("INBOX", Some("()"), None, MAIL).await.unwrap();
        other.store(3, "+FLAGS", &["\\Flagged"]).await.unwrap();
        sleep(Duration::from_millis(150)).await;
        other.store(1, "+FLAGS", &["\\Deleted"]).await.unwrap();
        other.expunge(1).await.unwrap();
        other.append("Archive", Some("()"), None, MAIL).await.unwrap();
        sleep(Duration::from_millis(150)).await;
        let last = other.append("INBOX", Some("(\\Flagged)"), None, MAIL).await.unwrap();
        assert_eq!((uid, last), (4, 5));
    };
    let mut told = Vec::new();
    let learning = async {
        while known != truth {
            let news = watch.next(pending()).await.unwrap();
            told.push(format!("{news:?}"));
            learn(&mut known, &touched, news);
        }
    };
    let both = timeout(HANG, async { tokio::join!(changing, learning) }).await;
    assert!(both.is_ok(), "{what}: not everything was told: {told:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watch_tells_everything_in_the_end_wherever_it_is_disturbed() {
    let testbed = Shared::find().unwrap().description();
    let (person, mut other, known) = watcher(testbed).await;
    let calm = way(testbed, Layer::Words, &person, 3).await;
    watched(&calm, &mut other, known, "without a fault").await;
    let turns = calm.proxy.turns(0);
    let seen = commands(&turns);
    for name in ["AUTHENTICATE", "SELECT", "NOTIFY", "IDLE", "UID FETCH", "SEARCH"] {
        assert!(seen.contains(name), "{name} not among {seen:?}");
    }
    let cases = faults(Layer::Words, &turns).into_iter().map(|fault| async move {
        let (person, mut other, known) = watcher(testbed).await;
        let way = way(testbed, Layer::Words, &person, 0).await;
        way.proxy.set(fault);
        watched(&way, &mut other, known, &format!("{fault:?}")).await;
        way.proxy.set(Fault::None);
    });
    println!("{} cases in the {} turns of a watch", all(cases).await, turns.len());
}
