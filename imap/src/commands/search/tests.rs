use std::fmt::Write as _;

use model::filter::{Condition, Filter, Place};
use model::messages::Direction;
use model::uid::Uid;

use super::{Matches, Only, Search};
use crate::error::{Error, Result};
use crate::scripted::{Script, heard, opened};

const OLD: &str = "[CAPABILITY IMAP4rev1]";
const RANGES: &str = "[CAPABILITY IMAP4rev1 ESEARCH]";
const CONTEXT: &str = "[CAPABILITY IMAP4rev1 ESEARCH CONTEXT=SEARCH]";
const PARTIAL: &str = "[CAPABILITY IMAP4rev1 ESEARCH PARTIAL]";

async fn newest(greeting: &str, script: &Script, offset: u32) -> (Result<Matches>, String) {
    asked(greeting, script, &Filter::unread(), offset).await
}

async fn asked(greeting: &str, script: &Script, filter: &Filter, offset: u32) -> (Result<Matches>, String) {
    let (mut connection, server) = opened(9, greeting, script).await;
    let search = [Search { filter, only: None }];
    let matches = connection.matches(&search, Direction::Descending, offset, 2).await;
    drop(connection);
    (matches, heard(server).await)
}

fn found(matches: Result<Matches>) -> (Vec<u32>, Option<u32>) {
    let Matches { uids, total } = matches.unwrap();
    (uids.into_iter().map(Uid::get).collect(), total)
}

#[tokio::test]
async fn a_search_answered_with_no_is_an_error_and_not_an_empty_result() {
    for answer in ["{tag} NO\r\n", "{tag} BAD\r\n", "* SEARCH\r\n{tag} NO [BADCHARSET] x\r\n"] {
        let (matches, _) = newest(OLD, &[("SEARCH", answer)], 0).await;
        assert!(matches!(matches, Err(Error::Refused { .. })), "{answer}");
    }
}

#[tokio::test]
async fn a_connection_closed_during_a_search_is_an_error() {
    for greeting in [OLD, CONTEXT] {
        assert!(matches!(newest(greeting, &[("SEARCH", "")], 0).await.0, Err(Error::Closed { .. })));
    }
}

#[tokio::test]
async fn an_old_server_tells_numbers_in_any_order_and_lines() {
    let script =
        &[("UID SEARCH UNSEEN", "* SEARCH 7 3 (MODSEQ 9)\r\n* SEARCH 12\r\n* SEARCH\r\n{tag} OK\r\n")];
    let (matches, heard) = newest(OLD, script, 1).await;
    assert_eq!(found(matches), (vec![7, 3], Some(3)));
    assert_eq!(heard, "p1 UID SEARCH UNSEEN\r\n");
}

#[tokio::test]
async fn a_server_that_searches_before_it_has_done_the_noop_is_understood() {
    let script: &Script =
        &[("NOOP", "* OK wait\r\n"), ("UID SEARCH", "* SEARCH 3 7\r\np1 OK\r\n{tag} OK\r\n")];
    let (mut connection, _server) = opened(9, OLD, script).await;
    connection.expect_news();
    let filter = Filter::unread();
    let search = [Search { filter: &filter, only: None }];
    let matches = connection.matches(&search, Direction::Descending, 0, 2).await;
    assert_eq!(found(matches), (vec![7, 3], Some(2)));
}

#[tokio::test]
async fn half_a_million_uids_in_one_answer_cost_little() {
    let mut answer = String::from("* SEARCH");
    for uid in (1..=1_000_000).step_by(2) {
        let _ = write!(answer, " {uid}");
    }
    answer.push_str("\r\n{tag} OK\r\n");
    let (matches, _) = newest(OLD, &[("SEARCH", answer.leak())], 499_999).await;
    assert_eq!(found(matches), (vec![1], Some(500_000)));
}

#[tokio::test]
async fn ranges_are_enough_where_a_window_can_not_be_asked_for() {
    let answer = "* ESEARCH (TAG \"{tag}\") UID ALL 1:4294967200 COUNT 4294967200\r\n{tag} OK\r\n";
    let (matches, heard) = newest(RANGES, &[("RETURN (COUNT ALL) UNSEEN", answer)], 4_294_967_198).await;
    assert_eq!(found(matches), (vec![2, 1], Some(4_294_967_200)));
    assert_eq!(heard.lines().count(), 1);
}

#[tokio::test]
async fn a_window_from_the_end_takes_one_question() {
    let answer = "* ESEARCH (TAG \"{tag}\") UID PARTIAL (-4:-5 80,91) COUNT 99999\r\n{tag} OK\r\n";
    let (matches, heard) = newest(PARTIAL, &[("RETURN (COUNT PARTIAL -4:-5) UNSEEN", answer)], 3).await;
    assert_eq!(found(matches), (vec![91, 80], Some(99_999)));
    assert_eq!(heard.lines().count(), 1);
}

#[tokio::test]
async fn few_matches_come_at_once_and_many_take_a_second_question() {
    let few = "* ESEARCH (TAG \"{tag}\") UID PARTIAL (1:2000 5,8:9) COUNT 3\r\n{tag} OK\r\n";
    let (matches, heard) = newest(CONTEXT, &[("PARTIAL 1:2000", few)], 1).await;
    assert_eq!((found(matches), heard.lines().count()), ((vec![8, 5], Some(3)), 1));
    let script = &[
        (
            "PARTIAL 1:2000",
            "* ESEARCH (TAG \"{tag}\") UID PARTIAL (1:2000 1:2000) COUNT 9000\r\n{tag} OK\r\n",
        ),
        (
            "PARTIAL 8998:8999",
            "* ESEARCH (TAG \"{tag}\") UID PARTIAL (8998:8999 70:71) COUNT 9000\r\n{tag} OK\r\n",
        ),
    ];
    let (matches, heard) = newest(CONTEXT, script, 1).await;
    assert_eq!((found(matches), heard.lines().count()), ((vec![71, 70], Some(9_000)), 2));
}

#[tokio::test]
async fn two_searches_follow_each_other_and_are_told_apart_by_their_tags() {
    // The answer to the second comes before the first is complete.
    let answers = "* ESEARCH (TAG \"p2\") UID PARTIAL (1:2000 1:3) COUNT 3\r\n\
         * ESEARCH (TAG \"p1\") UID PARTIAL (1:2000 4) COUNT 1\r\n{tag} OK\r\n";
    let script = &[("UNSEEN ALL", answers)];
    let (mut connection, server) = opened(4, CONTEXT, script).await;
    let filter = Filter::default();
    let searches = [Only::Unread, Only::Read].map(|only| Search { filter: &filter, only: Some(only) });
    let matches = connection.matches(&searches, Direction::Descending, 0, 2).await;
    assert_eq!(found(matches), (vec![4, 3], Some(4)));
    drop(connection);
    assert_eq!(heard(server).await.lines().count(), 2);
}

#[tokio::test(start_paused = true)]
async fn after_a_while_news_are_asked_for_along_the_way_and_if_there_are_any_the_search_is_repeated() {
    for (news, questions) in [("{tag} OK\r\n", 2), ("* 10 EXISTS\r\n{tag} OK\r\n", 4)] {
        let script = &[("NOOP", news)];
        let (mut connection, server) = opened(9, OLD, script).await;
        connection.capabilities().await.unwrap();
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        let filter = Filter::unread();
        let search = [Search { filter: &filter, only: None }];
        connection.matches(&search, Direction::Descending, 0, 2).await.unwrap();
        drop(connection);
        assert_eq!(heard(server).await.lines().count(), questions);
    }
}

#[tokio::test]
async fn an_answer_that_counts_nothing_is_no_answer() {
    for answer in ["* ESEARCH (TAG \"{tag}\") UID\r\n{tag} OK\r\n", "* ESEARCH\r\n{tag} OK\r\n"] {
        let (matches, _) = newest(CONTEXT, &[("SEARCH", answer)], 0).await;
        assert!(matches!(matches, Err(Error::Nonsense { .. })), "{answer}");
    }
}

#[tokio::test]
async fn words_of_people_are_strings_and_never_commands() {
    let words = |words| Filter::with_words(Place::Subject, words).unwrap();
    let (_, heard) = asked(OLD, &[], &words("a\" OR ALL \"\\"), 0).await;
    assert_eq!(heard, "p1 UID SEARCH SUBJECT \"a\\\" OR ALL \\\"\\\\\"\r\n");
    // Where the server must be asked for a literal, it gets exactly so many bytes.
    let (_, heard) = asked(OLD, &[("{7}", "+ go on\r\n")], &words("Grüße"), 0).await;
    assert_eq!(heard, "p1 UID SEARCH CHARSET UTF-8 SUBJECT {7}\r\nGrüße\r\n");
}

#[tokio::test]
async fn conditions_are_combined_and_a_recipient_is_anybody_it_went_to() {
    let conditions =
        [(Place::Recipient, "ann"), (Place::Sender, "ben"), (Place::Body, "x"), (Place::Anywhere, "y")]
            .map(|(place, words)| Condition::new(place, words).unwrap());
    let filter = Filter { unread: true, flagged: true, words: conditions.to_vec().try_into().unwrap() };
    let (_, heard) = asked(OLD, &[], &filter, 0).await;
    let criteria =
        "UNSEEN FLAGGED OR TO \"ann\" OR CC \"ann\" BCC \"ann\" FROM \"ben\" BODY \"x\" TEXT \"y\"";
    assert_eq!(heard, format!("p1 UID SEARCH {criteria}\r\n"));
}
