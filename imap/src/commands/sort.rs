//! SORT (RFC 5256 §3): messages in another order than that of their arrival. A window of it is asked for as such where the
//! server can cut it out (PARTIAL, RFC 5267 §4.4); else all numbers come, and only those of the window are kept.

use model::filter::Filter;
use model::messages::{Direction, Key};

use super::noop;
use super::search::{Esearch, Matches, Part, criteria, in_order, numbers};
use crate::capability::{Capabilities, Capability};
use crate::connection::{Completion, Connection};
use crate::error::{Error, Refusal, Result};
use crate::wire::command::Command;

impl Connection {
    /// A window of the messages of the open mailbox that a filter lets through, in an order; `None` where the server
    /// orders nothing.
    ///
    /// Messages that are alike in this come in the order of their arrival, the oldest first (RFC 5256 §3). It takes one round trip.
    pub(super) async fn sorted(
        &mut self,
        (key, direction): (Key, Direction),
        filter: &Filter,
        offset: u32,
        count: u32,
    ) -> Result<Option<Matches>> {
        let capabilities = self.capabilities().await?;
        if !capabilities.has(Capability::Sort) {
            return Ok(None);
        }
        let keys = keys(key, direction, capabilities.has(Capability::SortDisplay));
        let part = cuts(capabilities).then(|| Part::at(&(offset..offset.saturating_add(count))));
        let matches = match self.sort(part, keys, filter, offset, count).await {
            // It is not quite clear which servers must take this (RFC 5267 §4.4); one that does not says so at once.
            Err(Error::Refused { status: Refusal::Bad, .. }) if part.is_some() => {
                self.sort(None, keys, filter, offset, count).await?
            }
            answered => answered?,
        };
        Ok(Some(matches))
    }

    async fn sort(
        &mut self,
        part: Option<Part>,
        keys: &'static str,
        filter: &Filter,
        offset: u32,
        count: u32,
    ) -> Result<Matches> {
        let command = Command::new("UID SORT");
        let command = match part {
            Some(part) => part.write(command)?,
            None => command,
        };
        let command = criteria(command.word(keys).word("UTF-8"), filter)?;
        let stale = self.is_stale();
        let mut commands: Vec<_> = stale.then(noop::command).into_iter().collect();
        commands.push(command);
        let completions = self.run_with_news(&commands, stale).await?;
        let completion = completions.last().ok_or(Error::Nonsense { what: "completion" })?;
        let length = usize::try_from(count).unwrap_or(usize::MAX);
        if let Some(esearch) = Esearch::of(&completion.tag, &completions)? {
            let uids = in_order(&esearch.partial).take(length).collect();
            return Ok(Matches { uids, total: esearch.count });
        }
        let (mut uids, mut total) = (Vec::new(), 0_u32);
        // Dovecot does a NOOP last, and so the numbers may come before it is done.
        let frames = completions.iter().flat_map(Completion::frames);
        for uid in frames.flat_map(|frame| numbers(frame, "SORT")) {
            if total >= offset && uids.len() < length {
                uids.push(uid);
            }
            total = total.saturating_add(1);
        }
        Ok(Matches { uids, total: Some(total) })
    }
}

/// Whether a part of an ordered result can be asked for. By the letter that is `CONTEXT=SORT`; Dovecot has it and names
/// only `CONTEXT=SEARCH`.
fn cuts(capabilities: &Capabilities) -> bool {
    let contexts = [Capability::ContextSort, Capability::ContextSearch, Capability::Partial];
    capabilities.has(Capability::ESort) && contexts.into_iter().any(|context| capabilities.has(context))
}

/// What to order by (RFC 5256 §3, RFC 5957): senders by the name that people see, where the server can.
///
/// By one thing alone: Dovecot has an index for each, and takes seconds instead of tenths of one for a hundred thousand
/// messages as soon as a second one must decide between those that are alike.
fn keys(key: Key, direction: Direction, display: bool) -> &'static str {
    use Direction::{Ascending, Descending};
    match (key, direction, display) {
        (Key::Arrival, Ascending, _) => "(ARRIVAL)",
        (Key::Arrival, Descending, _) => "(REVERSE ARRIVAL)",
        (Key::Date, Ascending, _) => "(DATE)",
        (Key::Date, Descending, _) => "(REVERSE DATE)",
        (Key::Sender, Ascending, true) => "(DISPLAYFROM)",
        (Key::Sender, Descending, true) => "(REVERSE DISPLAYFROM)",
        (Key::Sender, Ascending, false) => "(FROM)",
        (Key::Sender, Descending, false) => "(REVERSE FROM)",
        (Key::Subject, Ascending, _) => "(SUBJECT)",
        (Key::Subject, Descending, _) => "(REVERSE SUBJECT)",
        (Key::Size, Ascending, _) => "(SIZE)",
        (Key::Size, Descending, _) => "(REVERSE SIZE)",
    }
}

#[cfg(test)]
mod tests {
    use model::filter::{Filter, Place};
    use model::messages::{Direction, Key};
    use model::uid::Uid;

    use super::super::search::Matches;
    use crate::error::{Error, Result};
    use crate::scripted::{Script, heard, opened};

    const DOVECOT: &str = "[CAPABILITY IMAP4rev1 SORT SORT=DISPLAY ESEARCH ESORT CONTEXT=SEARCH LITERAL+]";

    async fn sorted(greeting: &str, script: &Script, filter: &Filter) -> (Result<Option<Matches>>, String) {
        let (mut connection, server) = opened(9, greeting, script).await;
        let sorted = connection.sorted((Key::Sender, Direction::Ascending), filter, 1, 3).await;
        drop(connection);
        (sorted, heard(server).await)
    }

    fn uids(matches: &Matches) -> Vec<u32> {
        matches.uids.iter().map(|uid| Uid::get(*uid)).collect()
    }

    #[tokio::test]
    async fn a_window_comes_in_the_order_that_the_server_says() {
        let answer = "* ESEARCH (TAG \"{tag}\") UID PARTIAL (2:4 9,3:4) COUNT 300000\r\n{tag} OK\r\n";
        let (matches, heard) = sorted(DOVECOT, &[("UID SORT", answer)], &Filter::default()).await;
        let matches = matches.unwrap().unwrap();
        assert_eq!((uids(&matches), matches.total), (vec![9, 3, 4], Some(300_000)));
        assert_eq!(heard, "p1 UID SORT RETURN (COUNT PARTIAL 2:4) (DISPLAYFROM) UTF-8 ALL\r\n");
    }

    #[tokio::test]
    async fn without_parts_all_numbers_are_counted_and_few_are_kept() {
        let script = &[
            ("RETURN", "{tag} BAD what?\r\n"),
            ("UID SORT (", "* SORT 9 3 4 1 5 (MODSEQ 7)\r\n{tag} OK\r\n"),
        ];
        let capabilities = ["[CAPABILITY IMAP4rev1 SORT]", DOVECOT, "[CAPABILITY IMAP4rev1 SORT ESORT]"];
        for (capabilities, questions) in capabilities.into_iter().zip([1, 2, 1]) {
            let (matches, heard) = sorted(capabilities, script, &Filter::default()).await;
            let matches = matches.unwrap().unwrap();
            assert_eq!((uids(&matches), matches.total), (vec![3, 4, 1], Some(5)));
            assert_eq!(heard.lines().count(), questions);
        }
    }

    #[tokio::test]
    async fn a_server_that_sorts_before_it_has_done_the_noop_is_understood() {
        let script: &Script =
            &[("NOOP", "* OK wait\r\n"), ("SORT", "* SORT 9 3 4 1 5\r\np1 OK\r\n{tag} OK\r\n")];
        let (mut connection, _server) = opened(9, "[CAPABILITY IMAP4rev1 SORT]", script).await;
        connection.expect_news();
        let sorted = connection.sorted((Key::Sender, Direction::Ascending), &Filter::default(), 1, 3).await;
        assert_eq!(uids(&sorted.unwrap().unwrap()), [3, 4, 1]);
    }

    #[tokio::test]
    async fn a_sort_that_is_refused_or_breaks_off_is_an_error() {
        let (matches, _) = sorted(DOVECOT, &[("UID SORT", "{tag} NO\r\n")], &Filter::default()).await;
        assert!(matches!(matches, Err(Error::Refused { .. })));
        let (matches, _) = sorted(DOVECOT, &[("UID SORT", "")], &Filter::default()).await;
        assert!(matches!(matches, Err(Error::Closed { .. })));
    }

    #[tokio::test]
    async fn a_server_that_orders_nothing_is_asked_for_nothing() {
        let (matches, heard) = sorted("[CAPABILITY IMAP4rev1]", &[], &Filter::default()).await;
        assert_eq!((matches.unwrap(), heard.as_str()), (None, ""));
    }

    #[tokio::test]
    async fn words_travel_as_strings() {
        let filter = Filter::with_words(Place::Sender, "Zoë").unwrap();
        let (_, heard) = sorted(DOVECOT, &[], &filter).await;
        assert!(heard.ends_with(" UTF-8 FROM {4+}\r\nZoë\r\n"), "{heard}");
    }
}
