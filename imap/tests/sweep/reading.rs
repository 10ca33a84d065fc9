//! Everything that only reads.

use std::sync::Arc;

use imap::lease::Lease;
use imap::pool::Pool;
use imap::{Error, Result};
use testbed::fault_proxy::Fault;
use testbed::people::Person;
use testbed::{Description, Shared};
use tokio::time::timeout;

use crate::faults::{HANG, Layer, faults, in_the_end, is_clear, is_harmless, was_shorter, way};
use crate::steps::{ACCOUNT, LISTS, MESSAGES, Step, reader};
use crate::{all, commands};

/// What a session without a fault is told.
type Right = Arc<Vec<String>>;

async fn asked(pool: &Arc<Pool>, lease: &mut Option<Lease>, step: &Step) -> Result<String> {
    if lease.is_none() {
        *lease = Some(pool.lease(None).await?);
    }
    match lease {
        Some(lease) => (step.ask)(lease).await,
        None => Err(Error::Busy),
    }
}

/// A session with a fault in it.
async fn session(
    testbed: &'static Description,
    layer: Layer,
    person: Arc<Person>,
    steps: &'static [Step],
    right: Right,
    fault: Fault,
) {
    // A machine that is busy may be slower than our patience: then the same again.
    for attempt in 0.. {
        let way = way(testbed, layer, &person, attempt).await;
        way.proxy.set(fault);
        let mut lease = None;
        let mut failed = None;
        for (index, (step, right)) in steps.iter().zip(right.iter()).enumerate() {
            let told = timeout(HANG, asked(&way.pool, &mut lease, step)).await;
            match told.unwrap_or_else(|_| panic!("{fault:?}: {} hangs", step.name)) {
                Ok(told) => assert_eq!(told, *right, "{fault:?}: {}", step.name),
                Err(error) => {
                    assert!(is_clear(&error), "{fault:?}: {}: {error:?}", step.name);
                    failed = Some((index, error));
                    break;
                }
            }
        }
        let happened = way.proxy.happened();
        if (!happened || (is_harmless(fault) && failed.is_some())) && attempt < 4 {
            continue;
        }
        let shorter = failed.is_none() && was_shorter(fault, &way.proxy.turns(0));
        assert!(happened || shorter, "{fault:?} never happened: {failed:?}");
        assert!(!is_harmless(fault) || failed.is_none(), "{fault:?}: {failed:?}");
        let Some((index, _)) = failed else { return };
        let connections = way.proxy.connections();
        // What was stalled comes now, to a connection that nobody listens to any more.
        way.proxy.set(Fault::None);
        if let Some(mut lost) = lease.take() {
            let said = way.proxy.turns(connections - 1);
            assert!(lost.is_broken(), "{fault:?}");
            for step in steps {
                let told = (step.ask)(&mut lost).await;
                // What was told once and is kept, and what Dovecot can't, is not asked for.
                let unasked = ["namespaces", "mailbox ids"].contains(&step.name);
                assert!(told.is_err() || unasked, "{fault:?}: {}", step.name);
            }
            let still = way.proxy.turns(connections - 1);
            assert_eq!(still.len(), said.len(), "{fault:?}: a broken connection was used");
        }
        let step = &steps[index];
        let again = in_the_end(|| async {
            let mut lease = way.pool.lease(None).await?;
            assert!(!lease.is_broken());
            (step.ask)(&mut lease).await
        });
        assert_eq!(again.await, right[index], "{fault:?}: {}", step.name);
        assert!(way.proxy.connections() > connections, "{fault:?}");
        return;
    }
}

async fn sweep(layer: Layer, steps: &'static [Step], expected: &[&str]) {
    let testbed = Shared::find().unwrap().description();
    let person = Arc::new(reader(testbed).await);
    let way = way(testbed, layer, &person, 3).await;
    let mut lease = None;
    let mut right = Vec::new();
    for step in steps {
        right.push(asked(&way.pool, &mut lease, step).await.unwrap());
    }
    let turns = way.proxy.turns(0);
    if layer == Layer::Words {
        let seen = commands(&turns);
        let expected = expected.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(seen, expected);
    }
    let right = Arc::new(right);
    let cases = faults(layer, &turns);
    let cases =
        cases.into_iter().map(|fault| session(testbed, layer, person.clone(), steps, right.clone(), fault));
    let count = all(cases).await;
    println!("{count} cases in {} turns, {layer:?}", turns.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_of_an_account_is_answered_rightly_or_clearly_not_wherever_it_is_disturbed() {
    let commands = [
        "AUTHENTICATE",
        "GETMETADATA",
        "GETQUOTAROOT",
        "ID",
        "LIST",
        "MYRIGHTS",
        "NAMESPACE",
        "NOOP",
        "STATUS",
    ];
    sweep(Layer::Words, ACCOUNT, &commands).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_of_lists_is_answered_rightly_or_clearly_not_wherever_it_is_disturbed() {
    let commands = [
        "AUTHENTICATE",
        "ENABLE",
        "FETCH",
        "MYRIGHTS",
        "NOOP",
        "SELECT",
        "UID FETCH",
        "UID SEARCH",
        "UID SORT",
        "UID THREAD",
    ];
    sweep(Layer::Words, LISTS, &commands).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_of_messages_is_answered_rightly_or_clearly_not_wherever_it_is_disturbed() {
    let commands =
        ["AUTHENTICATE", "ENABLE", "MYRIGHTS", "NOOP", "SEARCH", "SELECT", "UID FETCH", "UID SEARCH"];
    sweep(Layer::Words, MESSAGES, &commands).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_of_tls_that_break_off_are_no_answers() {
    for steps in [ACCOUNT, LISTS, MESSAGES] {
        sweep(Layer::Tcp, steps, &[]).await;
    }
}
