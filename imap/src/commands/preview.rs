//! PREVIEW (RFC 8970): the first words of messages. They are asked for apart from rows, since a server that has none yet
//! makes them by reading the message.

use std::collections::BTreeMap;

use model::uid::Uid;
use model::uid_set::UidSet;

use super::fetch::Told;
use crate::capability::Capability;
use crate::connection::Connection;
use crate::error::Result;
use crate::wire::command::Command;
use crate::wire::limits::Limits;

impl Connection {
    /// The first words of messages of the open mailbox in one line each; empty for one without words. None at all where the
    /// server can't, or states the form from before the standard alone (`PREVIEW=FUZZY`).
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn previews(&mut self, uids: &UidSet) -> Result<BTreeMap<Uid, String>> {
        if uids.is_empty() || !self.capabilities().await?.has(Capability::Preview) {
            return Ok(BTreeMap::new());
        }
        let command = Command::new("UID FETCH").value(uids)?.word("(UID PREVIEW)");
        let completion = self.run(command, Limits::ENVELOPES).await?;
        let told = Told::read(completion.frames());
        Ok(told.all().filter_map(|items| Some((items.uid()?, items.preview()?))).collect())
    }
}

#[cfg(test)]
mod tests {
    use model::uid_set::UidSet;

    use crate::scripted::{heard, opened};

    #[tokio::test]
    async fn first_words_are_read_in_the_form_of_the_standard_and_in_the_older_one() {
        let answer = "* 3 FETCH (UID 3 PREVIEW {5}\r\n\u{20ac} ()\r\n* 2 FETCH (UID 2 PREVIEW NIL)\r\n\
             * 1 FETCH (UID 1 PREVIEW (FUZZY \"old\u{7} form\"))\r\n{tag} OK\r\n";
        let (mut connection, _server) =
            opened(3, "[CAPABILITY IMAP4rev1 PREVIEW]", &[("FETCH", answer)]).await;
        let words = connection.previews(&UidSet::from_wire("1:3").unwrap()).await.unwrap();
        assert_eq!(words.values().collect::<Vec<_>>(), ["old form", "\u{20ac} ("]);
    }

    #[tokio::test]
    async fn the_older_form_alone_is_not_asked_for_and_long_words_are_cut() {
        let long: &str = Box::leak(
            format!("* 1 FETCH (UID 1 PREVIEW \"{}\")\r\n{{tag}} OK\r\n", "x".repeat(9000)).into_boxed_str(),
        );
        let one = UidSet::from_wire("1").unwrap();
        let (mut connection, _server) = opened(1, "[CAPABILITY PREVIEW]", &[("FETCH", long)]).await;
        assert_eq!(connection.previews(&one).await.unwrap().values().next().map(String::len), Some(256));
        let (mut connection, server) = opened(1, "[CAPABILITY PREVIEW=FUZZY]", &[]).await;
        assert!(connection.previews(&one).await.unwrap().is_empty());
        drop(connection);
        assert_eq!(heard(server).await, "");
    }
}
