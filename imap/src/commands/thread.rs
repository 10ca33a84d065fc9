//! THREAD (RFC 5256 §3): conversations.
//!
//! No RFC lets a part of the threads be asked for, so what is asked for is bounded instead: a mailbox is cut into slabs
//! of [`SLAB`] messages, counted from the newest, and only those slabs are threaded that a window touches: one, or two at
//! an edge. A mailbox up to that size is threaded whole. In a larger one a conversation that reaches across an edge shows
//! its older part among the older messages.
//!
//! This bounds what travels and what we keep. Dovecot prepares the whole mailbox the first time it is asked for any
//! conversation (eight seconds for 130,000 messages), and after that answers for a slab in a tenth of one.

use std::cmp::Reverse;
use std::ops::Range;

use model::filter::Filter;
use model::uid::Uid;

use super::noop;
use super::search::criteria;
use crate::capability::Capability;
use crate::connection::{Completion, Connection};
use crate::error::{Error, Result};
use crate::wire::command::Command;
use crate::wire::frame::Frame;
use crate::wire::limits::{Limits, SLAB, THREAD_LEVEL};
use crate::wire::response;

/// A message and how many messages it answers stand above it.
pub(super) type Member = (Uid, u8);

/// A conversation, in the order in which it is shown: the first member has level 0 and no other has.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Thread(Vec<Member>);

impl Connection {
    /// A window of the messages of the open mailbox that a filter lets through, in conversations, the one with the newest
    /// message first. It takes one round trip, or one more when messages came or went meanwhile.
    ///
    /// `None` where the server knows no conversations, and for a filter on more than one slab: nobody knows how many
    /// messages of each slab it lets through.
    pub(super) async fn threaded(
        &mut self,
        filter: &Filter,
        offset: u32,
        count: u32,
    ) -> Result<Option<(Vec<Member>, u32)>> {
        let capabilities = self.capabilities().await?;
        let by = if capabilities.has(Capability::ThreadReferences) {
            "REFERENCES UTF-8"
        } else if capabilities.has(Capability::ThreadOrderedSubject) {
            "ORDEREDSUBJECT UTF-8"
        } else {
            return Ok(None);
        };
        for attempt in 0..3 {
            let before = self.messages()?;
            let stale = attempt > 0 || self.is_stale();
            if !filter.is_everything() && before > SLAB {
                return Ok(None);
            }
            let window = offset.min(before)..offset.saturating_add(count).min(before);
            let mut commands: Vec<_> = stale.then(noop::command).into_iter().collect();
            // Of a filter's matches all must be counted, wherever the window is.
            let slabs = if filter.is_everything() { slabs(&window) } else { 0..before.min(1) };
            for slab in slabs.clone() {
                let (oldest, newest) = numbers(before, slab);
                let command = Command::new("UID THREAD").word(by).value(format!("{oldest}:{newest}"))?;
                commands.push(if filter.is_everything() { command } else { criteria(command, filter)? });
            }
            let completions = self.run_all(&commands, Limits::SEARCH).await?;
            // Slabs are cut by sequence numbers, which hold only as long as nothing comes or goes.
            let changed = self.messages()? != before || noop::tells_of_removals(&completions);
            if attempt < 2 && changed {
                continue;
            }
            let completions = completions.into_iter().collect::<Result<Vec<_>>>()?;
            let members = members(&completions, slabs.len())?;
            let matching = u32::try_from(members.len()).unwrap_or(u32::MAX);
            let total = if filter.is_everything() { before } else { matching };
            let passed = window.start.saturating_sub(slabs.start.saturating_mul(SLAB));
            let (passed, length) = (usize::try_from(passed), usize::try_from(window.end - window.start));
            let (passed, length) = (passed.unwrap_or(usize::MAX), length.unwrap_or(usize::MAX));
            return Ok(Some((members.into_iter().skip(passed).take(length).collect(), total)));
        }
        Err(Error::Nonsense { what: "number of messages" })
    }
}

/// The members of all conversations of so many slabs. A server may work on several commands side by side, so nobody knows
/// which told what; but whatever is in a newer slab is newer.
fn members(completions: &[Completion], slabs: usize) -> Result<Vec<Member>> {
    let most = usize::try_from(SLAB).unwrap_or(usize::MAX).saturating_mul(slabs);
    let mut threads = Vec::new();
    for frame in completions.iter().flat_map(Completion::frames) {
        read(frame, most, &mut threads)?;
    }
    threads.sort_by_key(|Thread(members)| Reverse(members.iter().map(|(uid, _)| *uid).max()));
    Ok(threads.into_iter().flat_map(|Thread(members)| members).collect())
}

/// The slabs that a window touches.
fn slabs(window: &Range<u32>) -> Range<u32> {
    if window.is_empty() { 0..0 } else { window.start / SLAB..(window.end - 1) / SLAB + 1 }
}

/// The sequence numbers of a slab, oldest and newest.
fn numbers(messages: u32, slab: u32) -> (u32, u32) {
    let newest = messages - slab.saturating_mul(SLAB).min(messages);
    (newest.saturating_sub(SLAB - 1).max(1), newest)
}

/// Reads `* THREAD (2)(3 6 (4 23)(44 7 96))` byte by byte, however deep a stranger nests it: what is kept of a level is
/// one number, and levels beyond [`THREAD_LEVEL`] count as that. More messages than `most` in all are no answer.
fn read(frame: &Frame, most: usize, threads: &mut Vec<Thread>) -> Result<()> {
    if response::name(frame).is_none_or(|(_, name)| name != "THREAD") {
        return Ok(());
    }
    let mut count: usize = threads.iter().map(|Thread(members)| members.len()).sum();
    // The level below each open parenthesis, and how many are open beyond what is kept.
    let (mut open, mut beyond): (Vec<u8>, usize) = (Vec::new(), 0);
    let mut level = 0_u8;
    let mut members: Vec<Member> = Vec::new();
    let mut number: Option<u32> = None;
    for byte in response::rest(frame).unwrap_or_default().iter().chain(b" ") {
        if let b'0'..=b'9' = byte {
            let digit = u32::from(byte - b'0');
            number = Some(number.unwrap_or_default().saturating_mul(10).saturating_add(digit));
            continue;
        }
        if let Some(uid) = number.take().and_then(Uid::new) {
            count += 1;
            if count > most {
                return Err(Error::LimitExceeded { which: "messages in threads" });
            }
            members.push((uid, level));
            level = level.saturating_add(1).min(THREAD_LEVEL);
        }
        match byte {
            b'(' if open.len() > usize::from(THREAD_LEVEL) => beyond += 1,
            b'(' => open.push(level),
            b')' if beyond > 0 => beyond -= 1,
            b')' => {
                level = open.pop().unwrap_or_default();
                if open.is_empty() {
                    level = 0;
                    threads.extend(thread(std::mem::take(&mut members)));
                }
            }
            _ => {}
        }
    }
    threads.extend(thread(members));
    Ok(())
}

/// A conversation whose first message is missing has several that answer it: the first of them stands for it, and the
/// others stand below.
fn thread(mut members: Vec<Member>) -> Option<Thread> {
    let next = members.iter().skip(1).position(|(_, level)| *level == 0);
    if let Some(next) = next {
        for (_, level) in members.iter_mut().skip(next + 1) {
            *level = level.saturating_add(1).min(THREAD_LEVEL);
        }
    }
    (!members.is_empty()).then_some(Thread(members))
}

#[cfg(test)]
mod tests {
    use model::filter::Filter;
    use model::uid::Uid;
    use proptest::prelude::*;

    use super::{Member, Thread, numbers, read, slabs};
    use crate::error::{Error, Result};
    use crate::scripted::{Script, heard, opened};
    use crate::wire::frame::Frame;

    const THREADS: &str = "[CAPABILITY IMAP4rev1 THREAD=ORDEREDSUBJECT THREAD=REFERENCES]";

    fn told(text: &str) -> Vec<Vec<(u32, u8)>> {
        let mut threads = Vec::new();
        read(&Frame::from(format!("* THREAD {text}").into_bytes()), 10_000, &mut threads).unwrap();
        threads.into_iter().map(|Thread(members)| plain(&members)).collect()
    }

    fn plain(members: &[Member]) -> Vec<(u32, u8)> {
        members.iter().map(|(uid, level)| (uid.get(), *level)).collect()
    }

    #[test]
    fn levels_say_how_many_messages_stand_above() {
        assert_eq!(
            told("(2)(3 6 (4 23)(44 7 96))"),
            [vec![(2, 0)], vec![(3, 0), (6, 1), (4, 2), (23, 3), (44, 2), (7, 3), (96, 4)]]
        );
    }

    #[test]
    fn answers_to_a_message_that_is_missing_stand_together() {
        assert_eq!(told("((3 4)(5 6))(7)"), [vec![(3, 0), (4, 1), (5, 1), (6, 2)], vec![(7, 0)]]);
        assert_eq!(told("((3)(5)(6))"), [[(3, 0), (5, 1), (6, 1)]]);
    }

    #[test]
    fn what_is_deeper_than_anybody_answers_is_flat() {
        let deep = format!("{}9{}(8)", "(1 ".repeat(5_000), ")".repeat(5_000));
        let threads = told(&deep);
        assert_eq!((threads.len(), threads[0].len(), threads[1].len()), (2, 5_001, 1));
        assert_eq!(threads[0][5_000], (9, 64));
        assert_eq!(told(&"(".repeat(1_000_000)), Vec::<Vec<(u32, u8)>>::new());
        assert_eq!(told("1 2)))(3"), [vec![(1, 0), (2, 1)], vec![(3, 0)]]);
    }

    #[test]
    fn a_server_that_tells_more_than_it_was_asked_for_is_not_listened_to() {
        let many = Frame::from(format!("* THREAD {}", "(1)".repeat(10_001)).into_bytes());
        assert!(matches!(read(&many, 10_000, &mut Vec::new()), Err(Error::LimitExceeded { .. })));
    }

    #[test]
    fn slabs_are_counted_from_the_newest() {
        assert_eq!((slabs(&(0..50)), slabs(&(9_990..10_040)), slabs(&(10_000..10_050))), (0..1, 0..2, 1..2));
        assert_eq!(slabs(&(7..7)), 0..0);
        assert_eq!((numbers(25_000, 0), numbers(25_000, 2)), ((15_001, 25_000), (1, 5_000)));
        assert_eq!(numbers(3, 0), (1, 3));
    }

    async fn threaded(
        messages: u32,
        capabilities: &str,
        script: &Script,
        offset: u32,
    ) -> (Result<Option<(Vec<Member>, u32)>>, String) {
        let (mut connection, server) = opened(messages, capabilities, script).await;
        let threaded = connection.threaded(&Filter::default(), offset, 3).await;
        drop(connection);
        (threaded, heard(server).await)
    }

    #[tokio::test]
    async fn the_conversation_with_the_newest_message_is_first() {
        let script = &[("UID THREAD REFERENCES UTF-8 1:5", "* THREAD (5)(4)(2)(1 9)\r\n{tag} OK\r\n")];
        let (rows, _) = threaded(5, THREADS, script, 0).await;
        assert_eq!(plain(&rows.unwrap().unwrap().0), [(1, 0), (9, 1), (5, 0)]);
        let (rows, _) = threaded(5, THREADS, script, 3).await;
        assert_eq!(plain(&rows.unwrap().unwrap().0), [(4, 0), (2, 0)]);
        let (rows, _) = threaded(5, THREADS, script, 5).await;
        assert_eq!(rows.unwrap().unwrap(), (vec![], 5));
    }

    #[tokio::test]
    async fn a_window_at_an_edge_asks_for_two_slabs_in_one_packet() {
        let newer: String = (20_002..=30_000).map(|uid| format!("({uid})")).collect();
        let newer = format!("* THREAD {newer}(20001)\r\n{{tag}} OK\r\n");
        let script =
            &[("15001:25000", &*newer.leak()), ("5001:15000", "* THREAD (7 15)(16)\r\n{tag} OK\r\n")];
        let script: Vec<_> = script.iter().map(|(word, answer)| (*word, *answer as &'static str)).collect();
        let (rows, heard) = threaded(25_000, THREADS, &script, 9_999).await;
        assert_eq!(plain(&rows.unwrap().unwrap().0), [(20_001, 0), (16, 0), (7, 0)]);
        assert_eq!(heard.lines().count(), 2);
    }

    #[tokio::test]
    async fn messages_that_come_meanwhile_make_the_slabs_be_cut_anew() {
        let script = &[
            ("1:5", "* 6 EXISTS\r\n* THREAD (1)\r\n{tag} OK\r\n"),
            ("1:6", "* THREAD (1 6)\r\n{tag} OK\r\n"),
        ];
        let (rows, _) = threaded(5, THREADS, script, 0).await;
        assert_eq!(plain(&rows.unwrap().unwrap().0), [(1, 0), (6, 1)]);
    }

    #[tokio::test]
    async fn a_server_that_works_on_both_slabs_or_on_a_noop_at_once_is_understood() {
        let noop: &Script =
            &[("NOOP", "* OK wait\r\n"), ("THREAD", "* THREAD (1 4)(3)\r\np1 OK\r\n{tag} OK\r\n")];
        let (mut connection, _server) = opened(4, THREADS, noop).await;
        connection.expect_news();
        let (rows, _) = connection.threaded(&Filter::default(), 0, 3).await.unwrap().unwrap();
        assert_eq!(plain(&rows), [(1, 0), (4, 1), (3, 0)]);

        let newer: String = (15_001..=25_000).map(|uid| format!("({uid})")).collect();
        let older: String = (5_001..=15_000).map(|uid| format!("({uid})")).collect();
        let both = format!("* THREAD {newer}\r\n* THREAD {older}\r\np1 OK\r\n{{tag}} OK\r\n");
        let script: &Script = &[("15001:25000", "* OK wait\r\n"), ("5001:15000", both.leak())];
        let (rows, _) = threaded(25_000, THREADS, script, 9_999).await;
        assert_eq!(plain(&rows.unwrap().unwrap().0), [(15_001, 0), (15_000, 0), (14_999, 0)]);
    }

    #[tokio::test]
    async fn a_filter_has_conversations_in_one_slab_and_in_no_more() {
        let filter = Filter::unread();
        let script = &[("UTF-8 1:5 UNSEEN", "* THREAD (1 4)(3)\r\n{tag} OK\r\n")];
        let (mut connection, _server) = opened(5, THREADS, script).await;
        let (rows, total) = connection.threaded(&filter, 0, 2).await.unwrap().unwrap();
        assert_eq!((plain(&rows), total), (vec![(1, 0), (4, 1)], 3));
        let (mut connection, _server) = opened(10_001, THREADS, &[]).await;
        assert_eq!(connection.threaded(&filter, 0, 2).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_refusal_is_an_error_and_a_server_without_threads_is_not_asked() {
        let (rows, _) = threaded(5, THREADS, &[("THREAD", "{tag} NO\r\n")], 0).await;
        assert!(matches!(rows, Err(Error::Refused { .. })));
        let (rows, heard) = threaded(5, "[CAPABILITY IMAP4rev1]", &[], 0).await;
        assert_eq!((rows.unwrap(), heard.as_str()), (None, ""));
        let (_, heard) = threaded(5, "[CAPABILITY IMAP4rev1 THREAD=ORDEREDSUBJECT]", &[], 0).await;
        assert!(heard.starts_with("p1 UID THREAD ORDEREDSUBJECT UTF-8 1:5"));
    }

    /// A message with its answers, as it is written, and how many messages stand above each.
    #[derive(Clone, Debug)]
    struct Answered(u32, Vec<Answered>);

    impl Answered {
        fn write(&self, level: u8, text: &mut String, members: &mut Vec<(u32, u8)>) {
            let Self(uid, answers) = self;
            text.push_str(&uid.to_string());
            members.push((*uid, level));
            if let [answer] = answers.as_slice() {
                text.push(' ');
                answer.write(level + 1, text, members);
                return;
            }
            text.push_str(if answers.is_empty() { "" } else { " " });
            for answer in answers {
                text.push('(');
                answer.write(level + 1, text, members);
                text.push(')');
            }
        }
    }

    fn answered() -> impl Strategy<Value = Answered> {
        let alone = (1_u32..).prop_map(|uid| Answered(uid, Vec::new()));
        alone.prop_recursive(8, 40, 3, |answers| {
            (1_u32.., prop::collection::vec(answers, 0..4)).prop_map(|(uid, answers)| Answered(uid, answers))
        })
    }

    proptest! {
        #[test]
        fn conversations_are_read_as_they_were_written(written in prop::collection::vec(answered(), 0..5)) {
            let (mut text, mut all) = (String::new(), Vec::new());
            for thread in written {
                let mut members = Vec::new();
                text.push('(');
                thread.write(0, &mut text, &mut members);
                text.push(')');
                all.push(members);
            }
            prop_assert_eq!(told(&text), all);
        }

        #[test]
        fn nothing_that_looks_like_threads_makes_the_reader_fail(text in "[() 0-9a]{0,200}") {
            let mut threads = Vec::new();
            read(&Frame::from(format!("* THREAD {text}").into_bytes()), 10_000, &mut threads).unwrap();
            for Thread(members) in threads {
                prop_assert_eq!(members.iter().filter(|(_, level)| *level == 0).count(), 1);
                prop_assert!(members.iter().all(|(uid, _)| *uid >= Uid::new(1).unwrap()));
            }
        }
    }
}
