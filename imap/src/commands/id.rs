//! ID (RFC 2971): who one is talking to. For people who look for a fault; nothing is decided by it.
//!
//! Only `doctor` sends it. On every connection it would cost a round trip of its own, or need a command whose answer nobody
//! waits for, which everything that reads answers would have to know; and sent along with the sign-in, it would meet proxies
//! that read one command at a time until somebody is signed in.

use crate::capability::Capability;
use crate::connection::Connection;
use crate::error::Result;
use crate::wire::command::Command;
use crate::wire::limits::Limits;
use crate::wire::token::Token;

impl Connection {
    /// Tells who we are, as pairs of field and value, and asks who the server is; nothing on a server without ID.
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn id(&mut self, ours: &[&str]) -> Result<Vec<(String, String)>> {
        if !self.capabilities().await?.has(Capability::Id) {
            return Ok(Vec::new());
        }
        let completion = self.run(Command::new("ID").strings(ours)?, Limits::SMALL).await?;
        let data = completion.data().find(|data| data.name == "ID");
        let list =
            data.as_ref().and_then(|data| data.tokens.first()).and_then(Token::list).unwrap_or_default();
        // The standard allows thirty fields.
        Ok(list.chunks(2).take(30).filter_map(pair).collect())
    }
}

fn pair(pair: &[Token<'_>]) -> Option<(String, String)> {
    let clean = |token: &Token<'_>| -> Option<String> {
        Some(token.text()?.chars().filter(|c| !c.is_control()).take(200).collect())
    };
    Some((clean(pair.first()?)?.to_lowercase(), clean(pair.get(1)?)?))
}

#[cfg(test)]
mod tests {
    use crate::scripted::greeted;

    #[tokio::test]
    async fn fields_without_a_value_are_left_out() {
        let script = &[("ID", "* ID (\"Name\" \"Dove\u{7}cot\" \"os\" NIL odd)\r\n{tag} OK\r\n")];
        let (mut connection, _server) = greeted("[CAPABILITY IMAP4rev1 ID]", script).await;
        let told = connection.id(&["name", "Test"]).await.unwrap();
        assert_eq!(told, [("name".to_owned(), "Dovecot".to_owned())]);
    }

    #[tokio::test]
    async fn a_server_without_id_is_not_asked() {
        let (mut connection, _server) = greeted("[CAPABILITY IMAP4rev1]", &[("ID", "")]).await;
        assert!(connection.id(&[]).await.unwrap().is_empty());
    }
}
