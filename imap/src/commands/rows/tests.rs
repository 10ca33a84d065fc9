use std::collections::BTreeMap;

use model::filter::Filter;
use model::flag::Flag;
use model::messages::{Arrangement, Direction, Key};
use model::uid::Uid;

use super::{Known, Row, window};
use crate::connection::Connection;
use crate::scripted::{Script, heard, opened};

/// Keeps these, and expects them wherever it is asked.
struct Kept(BTreeMap<u32, &'static str>);

impl Known for Kept {
    type Row = &'static str;

    fn row(&self, uid: Uid) -> Option<&'static str> {
        self.0.get(&uid.get()).copied()
    }

    fn expects(&self, _: Direction, _: u32) -> bool {
        true
    }
}

fn kept(uids: &[u32]) -> Kept {
    Kept(uids.iter().map(|uid| (*uid, "kept")).collect())
}

/// Each row as its UID, where it came from, and whether it was read.
fn told(rows: Vec<Row<&'static str>>) -> Vec<(u32, &'static str, bool)> {
    let seen = |flags: &model::flag::Flags| flags.has(&Flag::Seen);
    let told = |row| match row {
        Row::Known { uid, flags, kept, .. } => (uid.get(), kept, seen(&flags)),
        Row::Told(row) => (row.uid.get(), "told", seen(&row.flags)),
    };
    rows.into_iter().map(told).collect()
}

async fn newest(connection: &mut Connection, kept: &Kept) -> Vec<(u32, &'static str, bool)> {
    told(connection.arrivals(kept, Direction::Descending, 0, 50).await.unwrap())
}

async fn open(messages: u32, script: &Script) -> (Connection, tokio::task::JoinHandle<Vec<u8>>) {
    opened(messages, "[CAPABILITY IMAP4rev1 SORT]", script).await
}

#[test]
fn a_window_counts_from_either_end() {
    let newest = |messages, offset, count| window(messages, Direction::Descending, offset, count);
    assert_eq!(newest(7, 0, 3), Some((5, 7)));
    assert_eq!(newest(7, 5, 3), Some((1, 2)));
    assert_eq!(newest(7, 7, 3), None);
    assert_eq!(newest(0, 0, 3), None);
    assert_eq!(newest(7, 0, 0), None);
    assert_eq!(newest(u32::MAX, 0, u32::MAX), Some((1, u32::MAX)));
    assert_eq!(window(7, Direction::Ascending, 0, 3), Some((1, 3)));
    assert_eq!(window(7, Direction::Ascending, 5, 3), Some((6, 7)));
    assert_eq!(window(7, Direction::Ascending, 7, 3), None);
}

#[tokio::test]
async fn known_rows_cost_their_flags_and_one_round_trip() {
    let answer = "* 1 FETCH (UID 5 FLAGS ())\r\n* 2 FETCH (UID 7 FLAGS (\\Seen))\r\n{tag} OK\r\n";
    let (mut connection, server) = open(2, &[("FETCH", answer)]).await;
    let rows = newest(&mut connection, &kept(&[5, 7])).await;
    assert_eq!(rows, [(7, "kept", true), (5, "kept", false)]);
    drop(connection);
    assert!(heard(server).await.ends_with(" FETCH 1:2 (UID FLAGS)\r\n"));
}

#[tokio::test]
async fn missing_rows_are_asked_for_by_uid_and_one_that_went_is_left_out() {
    let script = &[
        (
            " FETCH 1:3 (UID FLAGS)",
            "* 1 FETCH (UID 5 FLAGS ())\r\n* 2 FETCH (UID 7 FLAGS ())\r\n* 3 FETCH (UID 8 FLAGS (\\Seen))\r\n{tag} OK\r\n",
        ),
        (
            "UID FETCH 7:8 (UID FLAGS INTERNALDATE",
            "* 3 FETCH (UID 8 FLAGS (\\Seen) RFC822.SIZE 1)\r\n{tag} OK\r\n",
        ),
    ];
    let (mut connection, _server) = open(3, script).await;
    assert_eq!(newest(&mut connection, &kept(&[5])).await, [(8, "told", true), (5, "kept", false)]);
}

#[tokio::test]
async fn what_comes_or_goes_while_missing_rows_are_asked_for_makes_the_window_be_counted_anew() {
    let script = &[
        (
            "p1 FETCH 1:2 (UID FLAGS)",
            "* 1 FETCH (UID 5 FLAGS ())\r\n* 2 FETCH (UID 7 FLAGS ())\r\n{tag} OK\r\n",
        ),
        (
            "UID FETCH 7 ",
            "* 2 FETCH (UID 7 FLAGS () RFC822.SIZE 1)\r\n* 1 EXPUNGE\r\n* 2 EXISTS\r\n{tag} OK\r\n",
        ),
        (
            "p4 FETCH 1:2 (UID FLAGS)",
            "* 1 FETCH (UID 7 FLAGS (\\Seen))\r\n* 2 FETCH (UID 9 FLAGS ())\r\n{tag} OK\r\n",
        ),
        ("UID FETCH 9 ", "* 2 FETCH (UID 9 FLAGS () RFC822.SIZE 1)\r\n{tag} OK\r\n"),
    ];
    let (mut connection, _server) = open(2, script).await;
    assert_eq!(newest(&mut connection, &kept(&[5])).await, [(9, "told", false), (7, "told", true)]);
}

#[tokio::test]
async fn in_another_order_known_and_missing_rows_come_in_one_packet() {
    let script = &[
        ("UID SORT", "* SORT 8 5 7\r\n{tag} OK\r\n"),
        (
            "UID FETCH 5,8 (UID FLAGS)",
            "* 1 FETCH (UID 5 FLAGS ())\r\n* 3 FETCH (UID 8 FLAGS (\\Seen))\r\n{tag} OK\r\n",
        ),
        (
            "UID FETCH 7 (UID FLAGS INTERNALDATE",
            "* 2 FETCH (UID 7 FLAGS () RFC822.SIZE 1)\r\n* 1 FETCH (UID 5 FLAGS (\\Seen))\r\n{tag} OK\r\n",
        ),
    ];
    let (mut connection, _server) = open(3, script).await;
    let (by_size, everything) = (Arrangement::by(Key::Size), Filter::default());
    let trips = connection.metrics().round_trips.get();
    let rows = connection.window_beyond(&kept(&[5, 8]), by_size, &everything, 0, 50).await.unwrap();
    assert_eq!(connection.metrics().round_trips.get() - trips, 2);
    assert_eq!(told(rows.rows), [(8, "kept", true), (5, "kept", true), (7, "told", false)]);
}
