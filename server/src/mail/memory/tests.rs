use std::sync::Arc;

use imap::commands::rows::Known;
use imap::metrics::Metrics;
use model::mailbox::MailboxName;
use model::messages::Direction;
use model::uid::{Uid, UidValidity};

use super::{Memory, Recall, Share, Words};

fn words(subject: &str) -> Arc<Words> {
    Arc::new(Words {
        received: None,
        size: 1,
        subject: subject.into(),
        from: Vec::new(),
        to: Vec::new(),
        has_attachment: false,
    })
}

fn recall(share: &Arc<Share>, mailbox: &str, validity: u32) -> Recall {
    share.recall(MailboxName::new(mailbox).unwrap(), UidValidity::new(validity))
}

const NEWEST: Option<(Direction, u32)> = Some((Direction::Descending, 0));

fn learn(share: &Arc<Share>, mailbox: &str, uids: std::ops::Range<u32>) {
    let rows: Vec<_> = uids.filter_map(Uid::new).map(|uid| (uid, words(&uid.to_string()))).collect();
    recall(share, mailbox, 7).learn(rows.iter().map(|(uid, words)| (*uid, words)), NEWEST);
}

fn knows(recall: &Recall, uid: u32) -> bool {
    let found = recall.row(Uid::new(uid).unwrap());
    assert!(found.as_ref().is_none_or(|words| words.subject == uid.to_string()));
    found.is_some()
}

#[test]
fn rows_are_known_in_their_mailbox_and_epoch_and_to_their_person() {
    let memory = Memory::new(1 << 20, Arc::default());
    let (one, other) = (memory.share(), memory.share());
    learn(&one, "INBOX", 1..51);
    assert!(
        knows(&recall(&one, "INBOX", 7), 50) && recall(&one, "INBOX", 7).expects(Direction::Descending, 0)
    );
    assert!(!recall(&one, "INBOX", 7).expects(Direction::Descending, 50));
    assert!(!knows(&recall(&one, "Drafts", 7), 50));
    assert!(!knows(&recall(&other, "INBOX", 7), 50));
    // A question that began before the mailbox was made anew neither knows nor teaches anything more.
    let early = recall(&one, "INBOX", 7);
    assert!(!knows(&recall(&one, "INBOX", 8), 50));
    assert!(!knows(&early, 50));
    assert!(!knows(&recall(&one, "INBOX", 7), 50));
    assert!(!knows(&one.recall(MailboxName::inbox(), None), 50));
}

#[test]
fn what_was_not_asked_for_for_longest_goes_first_and_bounds_hold() {
    let metrics = Arc::new(Metrics::default());
    let memory = Memory::new(256 * 1024, metrics.clone());
    let share = memory.share();
    learn(&share, "INBOX", 1..21);
    for mailbox in 0..40 {
        assert!(knows(&recall(&share, "INBOX", 7), 1));
        learn(&share, &format!("mailbox {mailbox}"), 1..21);
        assert!(metrics.cache.bytes.get() <= 32 * 1024);
    }
    assert!(metrics.cache.evicted_bytes.get() > 0);
    assert!(knows(&recall(&share, "mailbox 39", 7), 20));
    assert!(knows(&recall(&share, "INBOX", 7), 1) && !knows(&recall(&share, "INBOX", 7), 2));
    // Not all of that list is there, so it is not counted on.
    assert!(!recall(&share, "INBOX", 7).expects(Direction::Descending, 0));
    assert!(recall(&share, "mailbox 39", 7).expects(Direction::Descending, 0));
}

#[test]
fn the_share_that_was_not_asked_for_longest_makes_room_for_the_others() {
    let metrics = Arc::new(Metrics::default());
    let memory = Memory::new(256 * 1024, metrics.clone());
    let shares: Vec<_> = (0..40).map(|_| memory.share()).collect();
    for share in &shares {
        learn(share, "INBOX", 1..51);
        assert!(knows(&recall(&shares[0], "INBOX", 7), 1));
        assert!(metrics.cache.bytes.get() <= 256 * 1024);
    }
    assert!(!knows(&recall(&shares[1], "INBOX", 7), 1));
    assert!(knows(&recall(&shares[39], "INBOX", 7), 1));
}

#[test]
fn whoever_leaves_leaves_nothing_and_without_memory_nothing_is_kept() {
    let metrics = Arc::new(Metrics::default());
    let memory = Memory::new(1 << 20, metrics.clone());
    let (one, other) = (memory.share(), memory.share());
    learn(&one, "INBOX", 1..51);
    learn(&other, "INBOX", 1..51);
    assert_eq!((metrics.cache.hits.get(), metrics.cache.misses.get()), (0, 100));
    drop(one);
    other.forget();
    assert_eq!(metrics.cache.bytes.get(), 0);
    let metrics = Arc::new(Metrics::default());
    let none = Memory::new(0, metrics.clone()).share();
    learn(&none, "INBOX", 1..51);
    assert!(!knows(&recall(&none, "INBOX", 7), 1));
    assert_eq!((metrics.cache.misses.get(), metrics.cache.evicted_bytes.get()), (50, 0));
}
