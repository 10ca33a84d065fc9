//! What is made of answers to LIST, and what is asked besides.

use model::account::Account;
use model::mailbox::Mailbox;
use model::special_use::{Role, Source};

use super::{Listed, listed};
use crate::error::Result;
use crate::scripted::{Script, greeted, heard};
use crate::wire::frame::Frame;
use crate::wire::limits::SINGLE_RIGHTS;
use crate::wire::response::data;

fn read(line: &str) -> Option<(String, Listed)> {
    let frame = Frame::from(line.as_bytes().to_vec());
    listed(&data(&frame)?).map(|(name, listed)| (name.to_string(), listed))
}

async fn mailboxes(capabilities: &str, script: &Script) -> (Result<Vec<Mailbox>>, String) {
    let (mut connection, server) = greeted(&format!("[CAPABILITY IMAP4rev1 {capabilities}]"), script).await;
    let outcome = connection.mailboxes().await;
    drop(connection);
    (outcome, heard(server).await)
}

#[test]
fn extended_data_after_the_name_does_no_harm() {
    let line = "* LIST (\\Subscribed \\Sent) \"/\" \"Se\\\"nt\" (CHILDINFO (\"SUBSCRIBED\") OLDNAME (x))";
    let (name, listed) = read(line).unwrap();
    assert_eq!((name.as_str(), listed.has("\\SENT"), listed.delimiter), ("Se\"nt", true, Some('/')));
}

#[test]
fn a_flat_hierarchy_and_a_literal_name_are_read_and_half_a_line_is_not() {
    let (name, listed) = read("* LIST () NIL {6}\r\nA \\\"b\"").unwrap();
    assert_eq!((listed.delimiter, name.as_str()), (None, "A \\\"b\""));
    assert_eq!(read("* LIST () \"/\" NIL").map(|(name, _)| name).as_deref(), Some("NIL"));
    assert!(read("* LIST () \"/\"").is_none() && read("* LIST").is_none());
    assert!(read("* LIST () \"/\" \"\"").is_none());
}

#[tokio::test]
async fn one_round_trip_is_enough_where_the_server_can_all() {
    let script = &[
        ("NAMESPACE", "* NAMESPACE ((\"\" \"/\")) NIL ((\"shared/\" \"/\"))\r\n{tag} OK\r\n"),
        (
            "STATUS",
            "* LIST (\\Subscribed) \"/\" INBOX\r\n* STATUS inbox (MESSAGES 3 UNSEEN 1)\r\n\
             * LIST (\\Sent) \"/\" \"Gesendet\"\r\n* LIST (\\NonExistent \\HasChildren) \"/\" shared\r\n\
             * LIST (\\Trash) \"/\" shared/bin\r\n{tag} OK\r\n",
        ),
    ];
    let (all, heard) = mailboxes("NAMESPACE LIST-EXTENDED LIST-STATUS SPECIAL-USE", script).await;
    let all = all.unwrap();
    assert_eq!(heard.lines().count(), 2, "{heard}");
    let names: Vec<_> = all.iter().map(|mailbox| mailbox.name.as_str()).collect();
    // The level above what is shared is no mailbox, and its heading says its name.
    assert_eq!(names, ["INBOX", "Gesendet", "shared/bin"]);
    assert_eq!(all[0].status.map(|status| status.unseen), Some(1));
    assert!(all[0].subscribed && !all[1].subscribed);
    assert_eq!(all[1].role, Some((Role::Sent, Source::Server)));
    assert_eq!(all[2].account, Account::Shared { name: "shared".into() });
    // A sibling's roles are its own, and were not, when all shared mailboxes stood in one heap.
    assert_eq!(all[2].role, Some((Role::Trash, Source::Server)));
}

#[tokio::test]
async fn a_namespace_of_which_nothing_was_listed_is_listed_by_itself() {
    let script = &[
        ("NAMESPACE", "* NAMESPACE ((\"\" \"/\")) ((\"user/\" \"/\")) NIL\r\n{tag} OK\r\n"),
        ("\"user/*\"", "* LIST () \"/\" user/ben\r\n{tag} OK\r\n"),
        ("\"*\"", "* LIST () \"/\" INBOX\r\n{tag} OK\r\n"),
    ];
    let all = mailboxes("NAMESPACE LIST-EXTENDED LIST-STATUS", script).await.0.unwrap();
    let ben = Account::Person { prefix: "user/".into(), name: "ben".into() };
    assert_eq!((all[1].name.as_str(), &all[1].account), ("user/ben", &ben));
    assert_eq!(all[1].role, Some((Role::Inbox, Source::Name)));
}

#[tokio::test]
async fn a_server_that_can_little_is_asked_step_by_step() {
    let script = &[
        ("LIST \"\" \"*\"", "* LIST () \"/\" INBOX\r\n* LIST (\\Noselect) \"/\" a\r\n{tag} OK\r\n"),
        ("LSUB", "* LSUB () \"/\" inbox\r\n{tag} OK\r\n"),
        ("STATUS \"INBOX\"", "* STATUS inbox (MESSAGES 2 UNSEEN 2)\r\n{tag} OK\r\n"),
    ];
    let (all, heard) = mailboxes("", script).await;
    let all = all.unwrap();
    assert!(all[0].subscribed && !all[1].subscribed);
    assert_eq!(all[0].status.map(|status| status.unseen), Some(2));
    assert!(!heard.contains("STATUS \"a\""));
}

#[tokio::test]
async fn a_promise_of_extensions_that_is_not_kept_is_forgiven_and_a_refusal_is_an_error() {
    let script = &[("RETURN", "{tag} BAD what\r\n"), ("\"*\"", "* LIST () \"/\" INBOX\r\n{tag} OK\r\n")];
    assert_eq!(mailboxes("LIST-EXTENDED", script).await.0.unwrap().len(), 1);
    let (refused, _) = mailboxes("", &[("\"*\"", "{tag} NO [SERVERBUG] not today\r\n")]).await;
    assert_eq!(refused.unwrap_err().text(), Some("not today"));
}

const NAMESPACES: &str = "* NAMESPACE ((\"\" \"/\")) ((\"user/\" \"/\")) NIL\r\n{tag} OK\r\n";
const LISTED: &str = "* LIST () \"/\" INBOX\r\n* LIST (\\Noselect) \"/\" user\r\n* LIST () \"/\" user/ben\r\n\
     * LIST () \"/\" user/ben/Sent\r\n* LIST (\\Noselect) \"/\" user/eva\r\n* LIST () \"/\" user/eva/Plans\r\n{tag} OK\r\n";

fn rights(all: &[Mailbox]) -> Vec<(&str, Option<String>)> {
    let told = |mailbox: &Mailbox| mailbox.rights.map(|rights| rights.to_string());
    all.iter().map(|mailbox| (mailbox.name.as_str(), told(mailbox))).collect()
}

#[tokio::test]
async fn rights_in_mailboxes_of_others_are_asked_for_together_and_told_apart_by_their_names() {
    // The answer about one comes while another is answered, and one that is refused costs the others nothing.
    let script = &[
        ("NAMESPACE", NAMESPACES),
        ("LIST", LISTED),
        ("MYRIGHTS \"user/ben\"", "* MYRIGHTS user/eva/Plans lr\r\n{tag} NO [NOPERM]\r\n"),
        ("MYRIGHTS \"user/ben/Sent\"", "{tag} OK\r\n"),
        ("MYRIGHTS \"user/eva/Plans\"", "* MYRIGHTS user/ben/Sent lrs\r\n{tag} OK\r\n"),
    ];
    let (all, heard) = mailboxes("NAMESPACE LIST-EXTENDED LIST-STATUS ACL", script).await;
    let all = all.unwrap();
    let told = |letters: &str| Some(letters.to_owned());
    assert_eq!(
        rights(&all),
        [("INBOX", None), ("user/ben", None), ("user/ben/Sent", told("lrs")), ("user/eva/Plans", told("lr"))]
    );
    assert_eq!(heard.lines().count(), 5, "{heard}");
}

#[tokio::test]
async fn rights_come_along_with_the_list_where_the_server_can() {
    let listed: &str = Box::leak(
        LISTED.replace("{tag}", "* MYRIGHTS INBOX lr\r\n* MYRIGHTS user/ben lrsw\r\n{tag}").into_boxed_str(),
    );
    let script = &[
        ("NAMESPACE", NAMESPACES),
        ("RETURN (SUBSCRIBED MYRIGHTS STATUS (MESSAGES UNSEEN))", listed),
        ("MYRIGHTS", "* BYE\r\n"),
    ];
    // Nobody is asked again about those of which the server told nothing, without ACL.
    let all = mailboxes("NAMESPACE LIST-EXTENDED LIST-STATUS LIST-MYRIGHTS", script).await.0.unwrap();
    assert_eq!(rights(&all)[..2], [("INBOX", None), ("user/ben", Some("lrsw".to_owned()))]);
}

#[tokio::test]
async fn who_sees_no_mailboxes_of_others_asks_for_no_rights_and_who_sees_many_asks_once() {
    let script = &[("NAMESPACE", NAMESPACES), ("LIST", "* LIST () \"/\" INBOX\r\n{tag} OK\r\n")];
    let (all, heard) = mailboxes("NAMESPACE LIST-EXTENDED LIST-STATUS ACL", script).await;
    assert!(all.is_ok() && !heard.contains("MYRIGHTS"), "{heard}");
    let many: String = (0..150).map(|index| format!("* LIST () \"/\" user/ben/{index}\r\n")).collect();
    let many: &str = Box::leak((many + "{tag} OK\r\n").into_boxed_str());
    let script = &[("NAMESPACE", NAMESPACES), ("LIST", many)];
    let greeting = "[CAPABILITY IMAP4rev1 NAMESPACE LIST-EXTENDED LIST-STATUS ACL]";
    let (mut connection, server) = greeted(greeting, script).await;
    assert_eq!(connection.mailboxes().await.unwrap().len(), 150);
    assert_eq!(connection.metrics().round_trips.get(), 2);
    drop(connection);
    assert_eq!(heard_of(server).await, SINGLE_RIGHTS);
}

async fn heard_of(server: tokio::task::JoinHandle<Vec<u8>>) -> usize {
    heard(server).await.matches("MYRIGHTS").count()
}
