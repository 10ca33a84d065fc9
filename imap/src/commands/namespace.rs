//! NAMESPACE (RFC 2342): where mailboxes stand.

use model::namespace::{Kind, Namespace};

use crate::capability::Capability;
use crate::connection::{Completion, Connection};
use crate::error::Result;
use crate::wire::command::Command;
use crate::wire::limits::Limits;
use crate::wire::mailbox_name;
use crate::wire::token::Token;

impl Connection {
    /// The namespaces of the account, asked for once. Without the extension there is one, personal and without prefix.
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn namespaces(&mut self) -> Result<&[Namespace]> {
        if self.namespaces.is_none() {
            let command = command(self.capabilities().await?.has(Capability::Namespace));
            let completion = self.run(command, Limits::SMALL).await?;
            self.namespaces = Some(read(&completion));
        }
        Ok(self.namespaces.as_deref().unwrap_or_default())
    }
}

/// NAMESPACE, or else a LIST that names no mailbox and tells the delimiter (RFC 9051 §6.3.9).
pub(super) fn command(extension: bool) -> Command {
    if extension { Command::new("NAMESPACE") } else { Command::new("LIST").word("\"\" \"\"") }
}

/// Reads the answer to either command.
pub(super) fn read(completion: &Completion) -> Vec<Namespace> {
    let mut root = Namespace { kind: Kind::Personal, prefix: String::new(), delimiter: None };
    for data in completion.data() {
        match data.name.as_str() {
            "NAMESPACE" => return groups(&data.tokens),
            "LIST" => root.delimiter = data.tokens.get(1).and_then(delimiter),
            _ => {}
        }
    }
    vec![root]
}

/// What separates levels; `None` when nothing does.
pub(super) fn delimiter(token: &Token<'_>) -> Option<char> {
    token.text().and_then(|text| text.chars().next())
}

fn groups(tokens: &[Token<'_>]) -> Vec<Namespace> {
    let kinds = [Kind::Personal, Kind::OtherUsers, Kind::Shared];
    let mut namespaces = Vec::new();
    for (kind, group) in kinds.into_iter().zip(tokens) {
        for entry in group.list().unwrap_or_default().iter().filter_map(Token::list).take(100) {
            let Some(prefix) = entry.first().and_then(Token::bytes) else { continue };
            let delimiter = entry.get(1).and_then(delimiter);
            namespaces.push(Namespace { kind, prefix: mailbox_name::decode(prefix), delimiter });
        }
    }
    namespaces
}

#[cfg(test)]
mod tests {
    use model::namespace::{Kind, Namespace};

    use super::groups;
    use crate::scripted::greeted;
    use crate::wire::token;

    #[test]
    fn three_groups_are_read_and_nil_ones_are_empty() {
        let namespaces = groups(&token::read(
            b"((\"\" \"/\")) NIL ((\"shared/\" \"/\" \"X\" (\"y\"))(\"#public.\" \".\"))",
        ));
        assert_eq!(namespaces.len(), 3);
        assert_eq!((namespaces[1].kind, namespaces[1].prefix.as_str()), (Kind::Shared, "shared/"));
        assert_eq!(namespaces[2].delimiter, Some('.'));
    }

    #[tokio::test]
    async fn without_the_extension_all_is_personal() {
        let script = &[("LIST \"\" \"\"", "* LIST (\\Noselect) \".\" \"\"\r\n{tag} OK\r\n")];
        let (mut connection, _server) = greeted("[CAPABILITY IMAP4rev1]", script).await;
        let all = connection.namespaces().await.unwrap();
        assert_eq!(all, [Namespace { kind: Kind::Personal, prefix: String::new(), delimiter: Some('.') }]);
    }
}
