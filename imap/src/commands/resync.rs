//! What changed since a moment: UID FETCH with CHANGEDSINCE and VANISHED (RFC 7162 §3.1.4.1, §3.2.6).

use model::changes::{Changed, Changes, Difference, MOST};
use model::mailbox::{MailboxName, PartialStatus};
use model::modseq::{ModSeq, Moment};
use model::uid_set::UidSet;

use super::fetch::Told;
use super::search::Esearch;
use super::status;
use crate::capability::Capability;
use crate::connection::{Completion, Connection, vanished};
use crate::error::{Error, Result};
use crate::wire::command::Command;
use crate::wire::frame::Frame;
use crate::wire::limits::Limits;
use crate::wire::response;
use crate::wire::token::Token;

const NOT_OPEN: Error = Error::Nonsense { what: "no mailbox is open" };

/// In a mailbox where messages come and go all the time, what is told last is told again next time.
const ATTEMPTS: usize = 3;

impl Connection {
    /// How the open mailbox differs from what it was at that moment, as far as the server told of news by now: as it does
    /// when a mailbox is opened, while one waits for news, and with NOOP.
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn changes(&mut self, since: Option<Moment>) -> Result<Changes> {
        let selected = self.opened()?;
        let (mailbox, validity) = (selected.name.clone(), selected.validity);
        let since = since.filter(|_| selected.modseq.is_some() && self.resyncs == Some(true));
        let counts = self.capabilities().await?.has(Capability::ESearch);
        let reset = since.is_some_and(|since| Some(since.validity) != validity);
        let mut commands = vec![unseen_command(&mailbox, counts)?];
        if let Some(since) = since.filter(|_| !reset)
            && !(counts && self.is_much(since).await?)
        {
            let with = format!("(CHANGEDSINCE {} VANISHED)", since.modseq);
            commands.push(Command::new("UID FETCH").word("1:* (UID FLAGS)").modifier(&with)?);
        }
        let asked = commands.len() > 1;
        for attempt in 0..ATTEMPTS {
            let before = self.selected().and_then(|selected| selected.modseq);
            let mut completions = self.run_all(&commands, Limits::LIST).await?;
            if asked && completions.last().is_some_and(Result::is_err) {
                return Err(completions.pop().and_then(Result::err).unwrap_or(NOT_OPEN));
            }
            let counted = completions.first().and_then(|counted| Some(counted.as_ref().ok()?.tag.clone()));
            let completions: Vec<Completion> = completions.into_iter().flatten().collect();
            // A server may work on both at once and mix what it tells.
            let told: Vec<&Frame> = completions.iter().flat_map(Completion::frames).collect();
            let newest = before.max(newest_modseq(&told));
            // What came or went while the server answered is not in the answer, though its count of changes is.
            let outdated = told.iter().any(|frame| comes_or_goes(frame));
            if outdated && attempt + 1 < ATTEMPTS {
                continue;
            }
            let unseen = match counted {
                Some(tag) if counts => Esearch::of(&tag, &completions)?.and_then(|found| found.count),
                _ => unseen(&told, &mailbox),
            };
            let selected = self.opened()?;
            let status = PartialStatus { messages: Some(selected.messages), unseen };
            let difference = match since {
                _ if reset => Difference::Reset,
                Some(since) if asked => read(since, &told),
                _ => Difference::Unknown,
            };
            let modseq = if outdated { before } else { newest };
            let now = selected.validity.zip(modseq.filter(|_| asked).or(selected.modseq));
            let now = now.map(|(validity, modseq)| Moment { validity, modseq });
            return Ok(Changes { mailbox, now, status, difference });
        }
        Err(NOT_OPEN)
    }

    /// Whether so much changed that it is not worth asking for one by one.
    async fn is_much(&mut self, since: Moment) -> Result<bool> {
        let after = since.modseq.get().saturating_add(1);
        let command = Command::new("UID SEARCH").word("RETURN (COUNT) MODSEQ").value(after)?;
        match self.run(command, Limits::SMALL).await {
            Ok(completion) => {
                let found = Esearch::of(&completion.tag, std::slice::from_ref(&completion))?;
                let count = found.and_then(|found| found.count).and_then(|count| usize::try_from(count).ok());
                Ok(count.is_some_and(|count| count > MOST))
            }
            Err(Error::Refused { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// STATUS is not meant for the mailbox that is open (RFC 9051 §6.3.11), and there is no other way to count without
/// ESEARCH.
fn unseen_command(mailbox: &MailboxName, counts: bool) -> Result<Command> {
    if counts { Ok(Command::new("SEARCH").word("RETURN (COUNT) UNSEEN")) } else { status::command(mailbox) }
}

/// The number in an answer to STATUS.
fn unseen(told: &[&Frame], mailbox: &MailboxName) -> Option<u32> {
    let mut told = told.iter().copied().filter_map(response::data).filter_map(|data| status::read(&data));
    // NOTIFY may tell of others at any time.
    told.find(|(name, _)| MailboxName::new(name.as_str()).as_ref() == Ok(mailbox))
        .map(|(_, status)| status.unseen)
}

fn read(since: Moment, frames: &[&Frame]) -> Difference {
    let gone = frames.iter().copied().filter_map(vanished).map(|(_, gone)| gone);
    let gone = gone.fold(UidSet::default(), |all, gone| all.union(&gone));
    let told = Told::read(frames.iter().copied());
    let mut changed: Vec<Changed> =
        told.all().filter_map(|items| Some(Changed { uid: items.uid()?, flags: items.flags() })).collect();
    changed.retain(|changed| !gone.contains(changed.uid));
    changed.sort_unstable_by_key(|changed| changed.uid);
    if changed.len() > MOST {
        return Difference::Unknown;
    }
    Difference::Since { since, changed, vanished: gone }
}

fn comes_or_goes(frame: &Frame) -> bool {
    response::name(frame).is_some_and(|(number, name)| match name.as_str() {
        "EXISTS" | "EXPUNGE" => number.is_some(),
        "VANISHED" => vanished(frame).is_some_and(|(earlier, _)| !earlier),
        _ => false,
    })
}

/// The highest modification sequence that FETCH responses tell.
fn newest_modseq(frames: &[&Frame]) -> Option<ModSeq> {
    let of_list = |list: &[Token<'_>]| {
        let at = list.iter().position(|token| token.word().as_deref() == Some("MODSEQ"))?;
        list.get(at + 1)?.list()?.first()?.number()
    };
    let fetches = frames.iter().copied().filter_map(response::data).filter(|data| data.name == "FETCH");
    fetches.filter_map(|data| of_list(data.tokens.first()?.list()?)).max().and_then(ModSeq::new)
}

#[cfg(test)]
mod tests {
    use model::changes::Difference;
    use model::modseq::Moment;

    use model::mailbox::MailboxName;

    use crate::connection::Connection;
    use crate::scripted::{Script, greeted, heard};

    const ALL: &str = "[CAPABILITY IMAP4rev1 ENABLE CONDSTORE QRESYNC]";
    const OPEN: (&str, &str) =
        ("SELECT", "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [HIGHESTMODSEQ 20] x\r\n{tag} OK\r\n");
    const COUNTS: (&str, &str) = ("STATUS", "* STATUS INBOX (MESSAGES 3 UNSEEN 2)\r\n{tag} OK\r\n");

    async fn open(capabilities: &str, script: &Script) -> (Connection, tokio::task::JoinHandle<Vec<u8>>) {
        let (mut connection, server) = greeted(capabilities, script).await;
        connection.select(&MailboxName::inbox()).await.unwrap();
        (connection, server)
    }

    fn moment(text: &str) -> Option<Moment> {
        Some(text.parse().unwrap())
    }

    #[tokio::test]
    async fn exactly_the_difference_comes_and_a_new_moment() {
        let fetch = "* VANISHED (EARLIER) 4:2,9\r\n* 2 FETCH (UID 5 FLAGS (\\Seen) MODSEQ (23))\r\n\
                     * 3 FETCH (UID 8 FLAGS () MODSEQ (22))\r\n{tag} OK\r\n";
        let (mut connection, server) = open(ALL, &[OPEN, COUNTS, ("CHANGEDSINCE", fetch)]).await;
        let changes = connection.changes(moment("7.20")).await.unwrap();
        assert_eq!(changes.now, moment("7.23"));
        assert_eq!((changes.status.messages, changes.status.unseen), (Some(3), Some(2)));
        let Difference::Since { changed, vanished, .. } = changes.difference else { panic!() };
        assert_eq!(changed.iter().map(|changed| changed.uid.get()).collect::<Vec<_>>(), [5, 8]);
        assert_eq!(vanished.to_string(), "2:4,9");
        drop(connection);
        let heard = heard(server).await;
        assert!(heard.contains("ENABLE QRESYNC"), "{heard}");
        assert!(heard.ends_with("UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 20 VANISHED)\r\n"), "{heard}");
    }

    #[tokio::test]
    async fn a_server_that_works_on_both_commands_at_once_is_understood() {
        let mixed =
            "* 2 FETCH (UID 5 FLAGS () MODSEQ (23))\r\n* STATUS INBOX (MESSAGES 3 UNSEEN 2)\r\n{tag} OK\r\n";
        let (mut connection, _server) = open(ALL, &[OPEN, ("STATUS", mixed)]).await;
        let changes = connection.changes(moment("7.20")).await.unwrap();
        let Difference::Since { changed, .. } = changes.difference else { panic!() };
        assert_eq!((changed.len(), changes.status.unseen, changes.now), (1, Some(2), moment("7.23")));
    }

    #[tokio::test]
    async fn what_vanished_just_now_counts_as_gone_even_if_its_flags_were_told() {
        let fetch = "* 2 FETCH (UID 5 FLAGS (\\Seen) MODSEQ (23))\r\n* VANISHED 5\r\n{tag} OK\r\n";
        let (mut connection, _server) = open(ALL, &[OPEN, COUNTS, ("CHANGEDSINCE", fetch)]).await;
        let changes = connection.changes(moment("7.20")).await.unwrap();
        let Difference::Since { changed, vanished, .. } = changes.difference else { panic!() };
        assert!(changed.is_empty() && vanished.to_string() == "5");
        assert_eq!(changes.status.messages, Some(0));
        // As long as something goes with every answer, no moment is claimed up to which all is told.
        assert_eq!(changes.now, moment("7.20"));
    }

    #[tokio::test]
    async fn a_mailbox_that_was_made_anew_says_so() {
        let (mut connection, _server) = open(ALL, &[OPEN, COUNTS]).await;
        assert_eq!(connection.changes(moment("6.20")).await.unwrap().difference, Difference::Reset);
    }

    #[tokio::test]
    async fn too_much_is_counted_before_it_is_asked_for() {
        let count = ("RETURN (COUNT)", "* ESEARCH (TAG \"{tag}\") UID COUNT 299999\r\n{tag} OK\r\n");
        let capabilities = "[CAPABILITY IMAP4rev1 ENABLE QRESYNC ESEARCH]";
        let (mut connection, server) = open(capabilities, &[OPEN, COUNTS, count]).await;
        assert_eq!(connection.changes(moment("7.20")).await.unwrap().difference, Difference::Unknown);
        drop(connection);
        assert!(!heard(server).await.contains("CHANGEDSINCE"));
    }

    #[tokio::test]
    async fn a_server_that_counts_no_changes_leaves_them_unknown() {
        let (mut connection, server) = open("[CAPABILITY IMAP4rev1]", &[OPEN, COUNTS]).await;
        let changes = connection.changes(moment("7.20")).await.unwrap();
        assert_eq!(changes.difference, Difference::Unknown);
        drop(connection);
        assert!(!heard(server).await.contains("ENABLE"));
    }
}
