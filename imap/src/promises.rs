//! What whoever asks the engine may rely on, whatever the server does. Each sentence is one that other client libraries
//! break on ordinary servers; those about a single command stand in its own file.

use model::mailbox::MailboxName;
use model::uid::Uid;

use crate::error::{Error, Result};
use crate::scripted::{Journal, greeted, heard, opened, silent};
use crate::wire::command::Command;
use crate::wire::limits::Limits;

const USUAL: &str = "[CAPABILITY IMAP4rev1]";

fn name(text: &str) -> MailboxName {
    MailboxName::new(text).unwrap()
}

#[tokio::test]
async fn the_greeting_is_read_before_anything_is_said_and_nobody_is_signed_in_by_it() {
    let (mut connection, server) = silent("* PREAUTH [CAPABILITY IMAP4rev1] in\r\n".into(), &[]);
    assert!(matches!(connection.greeting().await, Err(Error::Nonsense { .. })));
    assert!(matches!(connection.noop().await, Err(Error::Closed { .. })));
    drop(connection);
    assert_eq!(heard(server).await, "");
    for (greeting, lives) in [("* OK\r\n", true), ("* ok \u{2013}\r\n", true), ("* BYE full\r\n", false)] {
        let (mut connection, _server) = silent(greeting.into(), &[]);
        assert_eq!(connection.greeting().await.is_ok(), lives, "{greeting}");
        assert_eq!(connection.is_broken(), !lives, "{greeting}");
    }
}

#[tokio::test]
async fn a_server_of_the_new_protocol_alone_is_used_to_the_full() {
    let script = &[
        ("CAPABILITY", "* CAPABILITY IMAP4rev2 AUTH=PLAIN\r\n{tag} OK\r\n"),
        ("NAMESPACE", "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n{tag} OK\r\n"),
        ("LIST", "* LIST () \"/\" INBOX\r\n* STATUS INBOX (MESSAGES 2 UNSEEN 1)\r\n{tag} OK\r\n"),
    ];
    let (mut connection, server) = greeted("", script).await;
    let all = connection.mailboxes().await.unwrap();
    assert_eq!(all[0].status.map(|status| status.unseen), Some(1));
    drop(connection);
    let heard = heard(server).await;
    assert!(heard.contains("RETURN (SUBSCRIBED STATUS (MESSAGES UNSEEN))"), "{heard}");
    assert_eq!(heard.lines().count(), 3, "{heard}");
}

#[tokio::test]
async fn of_a_thousand_mailboxes_none_loses_its_counts() {
    let mut list = String::new();
    for index in 0..1000 {
        list += &format!("* LIST () \"/\" \"box {index}\"\r\n");
    }
    for index in 0..1000 {
        list += &format!("* STATUS \"box {index}\" (UNSEEN {index} MESSAGES 1000)\r\n");
    }
    let list: &str = Box::leak((list + "{tag} OK\r\n").into_boxed_str());
    let script = &[("NAMESPACE", "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n{tag} OK\r\n"), ("LIST", list)];
    let greeting = "[CAPABILITY IMAP4rev1 NAMESPACE LIST-EXTENDED LIST-STATUS]";
    let (mut connection, _server) = greeted(greeting, script).await;
    let all = connection.mailboxes().await.unwrap();
    let sum: u32 = all.iter().filter_map(|mailbox| mailbox.status).map(|status| status.unseen).sum();
    assert_eq!((all.len(), sum), (1000, (0..1000).sum()));
}

#[tokio::test]
async fn news_that_nobody_asked_for_are_counted_to_the_last() {
    let mut news = "* 9000 EXISTS\r\n".to_owned();
    for _ in 0..5000 {
        news += "* 1 EXPUNGE\r\n* 2 FETCH (FLAGS (\\Seen))\r\n";
    }
    let news: &str = Box::leak((news + "{tag} OK\r\n").into_boxed_str());
    let (mut connection, _server) = opened(3, USUAL, &[("NOOP", news)]).await;
    connection.noop().await.unwrap();
    assert_eq!(connection.selected().map(|selected| selected.messages), Some(4000));
}

#[tokio::test]
async fn answers_to_many_questions_stay_with_their_questions() {
    let script = &[
        ("box 77\"", "{tag} NO [NOPERM]\r\n"),
        ("STATUS", "* STATUS x (MESSAGES 1 UNSEEN 1)\r\n{tag} OK\r\n"),
    ];
    let (mut connection, _server) = greeted(USUAL, script).await;
    let names: Vec<_> = (0..100).map(|index| name(&format!("box {index}"))).collect();
    let told = connection.status(&names).await.unwrap();
    let silent: Vec<_> = (0..100).filter(|index| told[*index].is_none()).collect();
    assert_eq!((told.len(), silent), (100, vec![77]));
}

#[tokio::test]
async fn no_two_commands_have_the_same_tag() {
    let (mut connection, server) = greeted(USUAL, &[]).await;
    for _ in 0..10_500 {
        connection.noop().await.unwrap();
    }
    drop(connection);
    assert!(heard(server).await.ends_with("\r\np10500 NOOP\r\n"));
}

#[tokio::test]
async fn a_dead_connection_never_answers_again() {
    for end in
        ["", "* BYE\r\n", "(((\u{0}\r\n", "* 1 FETCH (BODY[] {99999999999}\r\n", "+ more\r\n", "p9 OK\r\n"]
    {
        let (mut connection, _server) = opened(3, USUAL, &[("NOOP", end)]).await;
        assert!(connection.noop().await.is_err(), "{end}");
        assert!(connection.is_broken() && !connection.is_alive());
        assert!(matches!(connection.noop().await, Err(Error::Closed { .. })), "{end}");
        assert!(matches!(connection.envelopes(0, 50).await, Err(Error::Closed { .. })), "{end}");
        assert!(matches!(connection.select(&name("Other")).await, Err(Error::Closed { .. })), "{end}");
    }
}

/// What became of a command with a string that only a literal can hold, and what the server heard.
async fn with_literal(greeting: &str, string: &str, asked: &'static str) -> (Result<()>, String) {
    let script = &[("STATUS", asked), ("", "p1 OK\r\n")];
    let (mut connection, server) = greeted(greeting, script).await;
    let command = Command::new("STATUS").string(string).unwrap();
    let outcome = connection.run(command, Limits::SMALL).await.map(drop);
    drop(connection);
    (outcome, heard(server).await)
}

#[tokio::test]
async fn a_literal_is_sent_when_the_server_is_ready_for_it_and_news_before_that_do_no_harm() {
    let long = "x".repeat(2000);
    for asked in
        ["+ ready\r\n", "+\r\n", "+ \r\n", "* 3 RECENT\r\n* OK [ALERT] hi\r\n* LIST () NIL a\r\n+ OK\r\n"]
    {
        let (outcome, heard) = with_literal(USUAL, &long, asked).await;
        assert!(outcome.is_ok(), "{asked}: {outcome:?}");
        assert_eq!(heard, format!("p1 STATUS {{2000}}\r\n{long}\r\n"));
    }
}

#[tokio::test]
async fn a_command_that_is_refused_before_its_literal_keeps_the_literal_to_itself() {
    let (outcome, heard) = with_literal(USUAL, &"x".repeat(2000), "p1 NO [OVERQUOTA] full\r\n").await;
    assert!(matches!(outcome, Err(Error::Refused { .. })), "{outcome:?}");
    assert_eq!(heard, "p1 STATUS {2000}\r\n");
}

#[tokio::test]
async fn a_literal_waits_for_nobody_where_the_server_allows_it() {
    let answer = "";
    for (stated, length, sign) in [("LITERAL+", 9000, "+"), ("LITERAL-", 2000, "+"), ("LITERAL-", 9000, "")] {
        let greeting = format!("[CAPABILITY IMAP4rev1 {stated}]");
        let (_, heard) = with_literal(&greeting, &"x".repeat(length), answer).await;
        assert_eq!(heard, format!("p1 STATUS {{{length}{sign}}}\r\n"));
    }
}

#[tokio::test]
async fn names_in_plain_utf8_and_odd_delimiters_are_read_and_written_back_as_they_were() {
    let script = &[
        ("LIST \"\" \"\"", "* LIST (\\Noselect) \"\\\\\" \"\"\r\n{tag} OK\r\n"),
        ("LIST", "* LIST () \"\\\\\" \"B\u{fc}ro\\\\\\\"a\\\"\"\r\n{tag} OK\r\n"),
        ("SELECT", "+ go\r\n"),
        ("B\u{fc}ro\\\"a\"", "* 1 EXISTS\r\np5 OK\r\n"),
    ];
    let (mut connection, server) = greeted(USUAL, script).await;
    let all = connection.mailboxes().await.unwrap();
    assert_eq!((all[0].delimiter, all.len()), (Some('\\'), 1));
    connection.select(&all[0].name).await.unwrap();
    drop(connection);
    let heard = heard(server).await;
    assert!(heard.ends_with("p5 SELECT {9}\r\nB\u{fc}ro\\\"a\"\r\n"), "{heard}");
}

#[tokio::test]
async fn rows_are_read_among_items_and_answers_of_every_extension() {
    let answer = "* ENABLED CONDSTORE\r\n* ACL INBOX anna lrs\r\n* LISTRIGHTS INBOX anna \"\" l r\r\n* COMPARATOR x\r\n\
         * METADATA INBOX /private/comment\r\n* QUOTAROOT INBOX\r\n* SORT\r\n* SEARCH 1 (MODSEQ 7)\r\n\
         * THREAD ((((1)(2))))\r\n* VANISHED (EARLIER) 3,1:2\r\n* URLFETCH \"x\" NIL\r\n* GENURLAUTH x\r\n\
         * 1 FETCH (MODSEQ (917162500000) X-GM-LABELS (\\Inbox \"a \\\"b\") X-GM-MSGID 1278455344230334865 \
         X-GM-THRID 9 SAVEDATE NIL SAVEDATE \"28-Oct-2015 23:59:59 +0000\" EMAILID (M1) THREADID NIL PREVIEW \"a (b\" \
         BINARY.SIZE[1.2] 9 BINARY[1] ~{3}\r\n\0)( BODY[HEADER.FIELDS (\"TO\" CC)] {2}\r\n\r\n \
         RFC822.SIZE 12 UNKNOWN (((x))) UID 5)\r\n{tag} OK\r\n";
    let (mut connection, _server) = opened(1, USUAL, &[("FETCH", answer)]).await;
    let rows = connection.envelopes(0, 50).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].uid, rows[0].size), (Uid::new(5).unwrap(), 12));
    assert!(!connection.is_broken());
}

#[tokio::test]
async fn neither_an_error_nor_a_log_carries_what_the_server_sent() {
    let (journal, _listening) = Journal::begin();
    for answer in [
        "* 1 FETCH (ENVELOPE (NIL \"Geheim\r\nGeheim)\r\n",
        "Geheim\r\n",
        "geheim OK geheim\r\n",
        "* (Geheim\r\n{tag} BAD Geheim\r\n",
        "{tag} NO [GEHEIM] Geheim\r\n",
        "* BYE Geheim\r\n",
        "* 1 FETCH (BODY[] {999999999}\r\nGeheim",
        "+ Geheim\r\n",
        "",
    ] {
        let (mut connection, _server) = opened(3, USUAL, &[("Geheim", answer), ("FETCH", answer)]).await;
        let select = connection.run(Command::new("UID FETCH").word("1"), Limits::SMALL).await;
        let error = select.map(drop).unwrap_err();
        let chain = format!("{error} {:?}", std::error::Error::source(&error));
        assert!(!chain.to_lowercase().contains("geheim"), "{chain}");
    }
    let log = journal.text();
    assert!(log.contains("UID FETCH") && !log.to_lowercase().contains("geheim"), "{log}");
}

#[tokio::test]
async fn nothing_that_is_remembered_passes_for_an_answer_of_a_connection_that_is_lost() {
    let (mut connection, _server) = opened(0, USUAL, &[("NOOP", "")]).await;
    assert!(connection.envelopes(0, 50).await.unwrap().is_empty());
    assert!(connection.noop().await.is_err());
    assert!(matches!(connection.envelopes(0, 50).await, Err(Error::Closed { .. })));
    assert!(matches!(connection.changes(None).await, Err(Error::Closed { .. })));
    assert!(matches!(connection.select(&MailboxName::inbox()).await, Err(Error::Closed { .. })));
}
