//! IDLE (RFC 2177): news of the open mailbox as it comes, and of others where NOTIFY asked for it. Servers without it are
//! asked now and then.

use std::time::Duration;

use model::changes::MOST;
use model::mailbox::{MailboxName, PartialStatus};

use super::noop;

use crate::capability::Capability;
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::wire::command::Command;
use crate::wire::frame::Frame;
use crate::wire::limits::Limits;
use crate::wire::response;

/// How news is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For how long more is gathered once there is some: two thousand changes come within it.
    pub gather: Duration,
    /// After how long a command that waits is begun anew: servers may hang up after half an hour (RFC 2177 §3), and what
    /// stands between may forget a connection much sooner.
    pub renew: Duration,
    /// How often a server is asked that does not tell by itself.
    pub poll: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            gather: Duration::from_millis(40),
            renew: Duration::from_secs(9 * 60),
            poll: Duration::from_secs(15),
        }
    }
}

/// What was told while one waited.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Whether the open mailbox changed.
    pub changed: bool,
    /// Whether so much of it did that it is not worth asking for one by one.
    pub much: bool,
    /// Mailboxes that are not open, as far as they were told of.
    pub others: Vec<(MailboxName, PartialStatus)>,
}

impl Connection {
    /// Waits for news of the open mailbox until `end`, and gives what there was, which may be nothing.
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn wait_for_news(&mut self, patience: Patience, end: impl Future<Output = ()>) -> Result<Told> {
        // Told while something else was asked.
        let others = self.told_of_others();
        if !others.is_empty() {
            return Ok(Told { others, ..Told::default() });
        }
        if !self.capabilities().await?.has(Capability::Idle) {
            tokio::select! {
                () = tokio::time::sleep(patience.poll) => {}
                () = end => return Ok(Told::default()),
            }
            return self.ask_for_news().await;
        }
        let idle = Command::new("IDLE");
        match self.listen(idle, patience.gather, patience.renew, end).await {
            Ok(heard) => {
                let mut told = read(heard.frames.iter(), heard.counted);
                told.much |= heard.more;
                told.others = self.told_of_others();
                Ok(told)
            }
            Err(Error::Refused { .. }) => {
                // It says that it can and then does not: the next best is to ask.
                tokio::time::sleep(patience.poll).await;
                self.ask_for_news().await
            }
            Err(error) => Err(error),
        }
    }

    fn told_of_others(&mut self) -> Vec<(MailboxName, PartialStatus)> {
        self.others.as_mut().map(std::mem::take).into_iter().flatten().collect()
    }

    async fn ask_for_news(&mut self) -> Result<Told> {
        let before = self.selected().cloned();
        let completion = self.run(noop::command(), Limits::LIST).await?;
        let after = self.selected();
        // Where changes are not counted, flags may change without a word.
        let uncounted = after.is_none_or(|selected| selected.modseq.is_none());
        let counted = uncounted || before.as_ref() != after;
        Ok(Told { others: self.told_of_others(), ..read(completion.frames(), counted) })
    }
}

fn read<'a>(frames: impl Iterator<Item = &'a Frame>, counted: bool) -> Told {
    let (mut changed, mut count) = (counted, 0);
    for frame in frames {
        count += 1;
        changed |= response::name(frame).is_some_and(|(number, name)| match name.as_str() {
            "EXISTS" | "EXPUNGE" | "FETCH" => number.is_some(),
            "VANISHED" => true,
            _ => false,
        });
    }
    Told { changed, much: count > MOST, others: Vec::new() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::future::pending;
    use std::time::Duration;

    use model::mailbox::{MailboxName, PartialStatus};

    use super::Patience;
    use crate::error::Error;
    use crate::scripted::{Script, heard, opened};

    const IDLE: &str = "[CAPABILITY IMAP4rev1 IDLE]";

    fn quick() -> Patience {
        let short = Duration::from_millis(20);
        Patience { gather: short, renew: Duration::from_millis(200), poll: short }
    }

    #[tokio::test]
    async fn news_of_the_open_mailbox_and_of_others_come_as_one() {
        let script: &Script = &[
            (
                "IDLE",
                "+ idling\r\n* OK Still here\r\n* 4 EXISTS\r\n* STATUS Archive (MESSAGES 3 UNSEEN 1)\r\n\
                 * 2 FETCH (UID 9 FLAGS ())\r\n* STATUS {3}\r\nA b (UNSEEN 0)\r\n\
                 * STATUS Archive (UNSEEN 0)\r\n",
            ),
            ("DONE", "p1 OK done\r\n"),
        ];
        let (mut connection, server) = opened(3, IDLE, script).await;
        connection.others = Some(BTreeMap::new());
        let told = connection.wait_for_news(quick(), pending()).await.unwrap();
        assert!(told.changed && !told.much && !connection.is_broken());
        assert_eq!(connection.selected().unwrap().messages, 4);
        let archive = PartialStatus { messages: Some(3), unseen: Some(0) };
        assert_eq!(told.others[1], (MailboxName::new("Archive").unwrap(), archive));
        assert_eq!(told.others[0].1, PartialStatus { messages: None, unseen: Some(0) });
        drop(connection);
        assert_eq!(heard(server).await, "p1 IDLE\r\nDONE\r\n");
    }

    #[tokio::test]
    async fn still_here_is_no_news_and_the_wait_is_renewed() {
        let script: &Script = &[("IDLE", "+\r\n* OK Still here\r\n"), ("DONE", "p1 OK\r\n")];
        let (mut connection, _server) = opened(3, IDLE, script).await;
        let told = connection.wait_for_news(quick(), pending()).await.unwrap();
        assert_eq!(told, super::Told::default());
    }

    #[tokio::test]
    async fn whoever_no_longer_wants_to_wait_gets_the_connection_back() {
        let script: &Script = &[("IDLE", "+\r\n"), ("DONE", "p1 OK\r\n")];
        let (mut connection, _server) = opened(3, IDLE, script).await;
        let soon = tokio::time::sleep(Duration::from_millis(10));
        connection.wait_for_news(quick(), soon).await.unwrap();
        connection.noop().await.unwrap();
    }

    #[tokio::test]
    async fn an_end_or_goodbye_while_waiting_is_a_lost_connection() {
        let (mut connection, _server) = opened(3, IDLE, &[("IDLE", "")]).await;
        let error = connection.wait_for_news(quick(), pending()).await.unwrap_err();
        assert!(matches!(error, Error::Closed { .. }) && connection.is_broken());
        let script: &Script = &[("IDLE", "+\r\n* BYE restarting\r\n")];
        let (mut connection, _server) = opened(3, IDLE, script).await;
        let error = connection.wait_for_news(quick(), pending()).await.unwrap_err();
        assert!(error.is_connection_lost() && connection.is_broken());
    }

    #[tokio::test]
    async fn a_refusal_with_or_without_words_does_not_wait_for_ever() {
        for refusal in ["{tag} NO not now\r\n", "{tag} BAD\r\n"] {
            let script: &Script = &[("IDLE", refusal)];
            let (mut connection, _server) = opened(3, IDLE, script).await;
            assert!(connection.wait_for_news(quick(), pending()).await.unwrap().changed);
        }
    }

    #[tokio::test]
    async fn a_server_that_never_consents_is_a_time_out() {
        tokio::time::pause();
        let (mut connection, _server) = opened(3, IDLE, &[("IDLE", "* OK wait\r\n")]).await;
        let error = connection.wait_for_news(quick(), pending()).await.unwrap_err();
        assert!(matches!(error, Error::Timeout { .. }));
    }

    #[tokio::test]
    async fn without_the_extension_the_server_is_asked_now_and_then() {
        let script: &Script = &[("NOOP", "* 9 EXISTS\r\n{tag} OK\r\n")];
        let (mut connection, _server) = opened(3, "[CAPABILITY IMAP4rev1]", script).await;
        assert!(connection.wait_for_news(quick(), pending()).await.unwrap().changed);
        assert_eq!(connection.selected().unwrap().messages, 9);
    }
}
