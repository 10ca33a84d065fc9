//! APPEND (RFC 9051 §6.3.12): puts a message into a mailbox.

use model::flag::Flag;
use model::mailbox::MailboxName;
use model::time::Timestamp;
use model::uid::{Uid, UidInEpoch};
use time::{OffsetDateTime, UtcOffset};

use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::wire::command::Command;
use crate::wire::response::Code;

impl Connection {
    /// Puts a message into a mailbox, and tells how it is named there, where the server does (UIDPLUS, RFC 4315 §3).
    ///
    /// The message travels as a literal: at once where the server takes that (RFC 7888), else when the server is ready for
    /// it, so that one that has no room can say so before.
    ///
    /// # Errors
    /// When the server refuses: [`Error::is_mailbox_gone`] and [`Error::is_over_quota`] tell why. [`Error::Unwritable`] for
    /// a message with a NUL, which no literal can carry. [`Error::OutcomeUnknown`] when the connection is lost.
    pub async fn append(
        &mut self,
        to: &MailboxName,
        flags: &[Flag],
        received: Option<Timestamp>,
        message: Vec<u8>,
    ) -> Result<Option<UidInEpoch>> {
        // How a literal may travel is known only from what the server can.
        self.capabilities().await?;
        let command = Command::new("APPEND").mailbox(to)?.flags(flags)?;
        let command = match received {
            Some(received) => command.string(internal_date(received)?)?,
            None => command,
        };
        let mut completions = self.run_change(&[command.literal(message)?], "APPEND").await?;
        let lost = || Error::Nonsense { what: "completion" }.of_change("APPEND");
        let completion = completions.pop().ok_or_else(lost)??;
        let told = (completion.code == Some(Code::AppendUid)).then_some(&completion.arguments);
        Ok(told.and_then(|arguments| named(arguments)))
    }
}

/// Reads `38505 3955`.
fn named(arguments: &[u8]) -> Option<UidInEpoch> {
    let (validity, uid) = std::str::from_utf8(arguments).ok()?.trim().split_once(' ')?;
    let uid: Uid = uid.trim().parse().ok()?;
    Some(UidInEpoch { validity: validity.parse().ok()?, uid })
}

/// `" 7-Feb-1994 21:52:25 -0800"` (RFC 9051 §9 `date-time`).
fn internal_date(moment: Timestamp) -> Result<String> {
    let format = time::macros::format_description!(
        "[day padding:space]-[month repr:short]-[year] [hour]:[minute]:[second] \
         [offset_hour sign:mandatory][offset_minute]"
    );
    let written = || {
        let offset = UtcOffset::from_whole_seconds(i32::from(moment.offset_minutes) * 60).ok()?;
        let moment = OffsetDateTime::from_unix_timestamp(moment.seconds).ok()?.checked_to_offset(offset)?;
        (1..=9999).contains(&moment.year()).then(|| moment.format(&format).ok()).flatten()
    };
    written().ok_or(Error::Unwritable)
}

#[cfg(test)]
mod tests {
    use model::flag::Flag;
    use model::mailbox::MailboxName;
    use model::time::Timestamp;
    use model::uid::UidInEpoch;

    use super::internal_date;
    use crate::error::{Error, Result};
    use crate::scripted::{Script, heard, opened};

    const OLD: &str = "[CAPABILITY IMAP4rev1]";

    async fn appended(capabilities: &str, script: &Script) -> (Result<Option<UidInEpoch>>, bool, String) {
        let (mut connection, server) = opened(9, capabilities, script).await;
        let moment = Timestamp { seconds: 760_686_745, offset_minutes: -480 };
        let to = MailboxName::new("Sent").unwrap();
        let appended = connection.append(&to, &[Flag::Seen], Some(moment), b"hello".to_vec()).await;
        let broken = connection.is_broken();
        drop(connection);
        (appended, broken, heard(server).await)
    }

    #[tokio::test]
    async fn the_server_is_asked_before_the_message_is_sent_and_news_before_that_does_no_harm() {
        let script = &[
            ("{5}", "* 10 EXISTS\r\n* OK still here\r\n+ go on\r\n"),
            ("hello", "* 11 EXISTS\r\np1 OK [APPENDUID 38505 3955] done\r\n"),
        ];
        let (appended, broken, heard) = appended(OLD, script).await;
        assert_eq!(appended.unwrap().map(|named| named.to_string()).as_deref(), Some("38505.3955"));
        assert!(!broken);
        assert_eq!(heard, "p1 APPEND \"Sent\" (\\Seen) \" 7-Feb-1994 21:52:25 -0800\" {5}\r\nhello\r\n");
    }

    #[tokio::test]
    async fn a_message_travels_at_once_where_the_server_takes_that() {
        for capabilities in ["[CAPABILITY IMAP4rev1 LITERAL+]", "[CAPABILITY IMAP4rev1 LITERAL-]"] {
            let script = &[("{5+}", "* 10 EXISTS\r\n"), ("hello", "p1 OK done\r\n")];
            let (appended, ..) = appended(capabilities, script).await;
            assert_eq!(appended.unwrap(), None);
        }
        let (mut connection, server) = opened(9, "[CAPABILITY IMAP4rev1 LITERAL-]", &[("{4097}", "")]).await;
        let large = connection.append(&MailboxName::inbox(), &[], None, vec![b'x'; 4097]).await;
        assert!(matches!(large, Err(Error::OutcomeUnknown { .. })));
        drop(connection);
        assert_eq!(heard(server).await, "p1 APPEND \"INBOX\" () {4097}\r\n");
    }

    #[tokio::test]
    async fn why_a_message_was_refused_is_told_and_the_connection_lives_on() {
        let (full, broken, heard) = appended(OLD, &[("{5}", "{tag} NO [OVERQUOTA] full\r\n")]).await;
        assert!(full.unwrap_err().is_over_quota() && !broken && !heard.contains("hello"));
        let (gone, broken, _) = appended(OLD, &[("{5}", "{tag} NO [TRYCREATE] no such\r\n")]).await;
        assert!(gone.unwrap_err().is_mailbox_gone() && !broken);
        let script = &[("{5}", "+ go on\r\n"), ("hello", "p1 NO [OVERQUOTA] full\r\n")];
        let (full, broken, _) = appended(OLD, script).await;
        assert!(full.unwrap_err().is_over_quota() && !broken);
    }

    #[tokio::test]
    async fn a_connection_lost_during_an_append_leaves_the_outcome_open() {
        for script in [&[("{5}", ""), ("x", "x")], &[("{5}", "+ go on\r\n"), ("hello", "")]] {
            let (lost, broken, _) = appended(OLD, script).await;
            assert!(matches!(lost, Err(Error::OutcomeUnknown { command: "APPEND", .. })) && broken);
        }
    }

    #[tokio::test]
    async fn a_message_with_a_nul_is_not_begun() {
        let (mut connection, server) = opened(9, OLD, &[]).await;
        let nul = connection.append(&MailboxName::inbox(), &[], None, b"a\0b".to_vec()).await;
        assert!(matches!(nul, Err(Error::Unwritable)) && !connection.is_broken());
        drop(connection);
        assert_eq!(heard(server).await, "");
    }

    #[test]
    fn impossible_times_are_not_written() {
        assert!(internal_date(Timestamp { seconds: i64::MAX, offset_minutes: 0 }).is_err());
        assert!(internal_date(Timestamp { seconds: 0, offset_minutes: i16::MAX }).is_err());
    }
}
