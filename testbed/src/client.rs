//! A second IMAP client, to act from outside: what another mail program of the same person would do.
//!
//! It stands on async-imap, which the product does not use: what both understand alike is probably so.
//! Mailbox names are Unicode here and modified UTF-7 on the wire.

use async_imap::Session;
use async_imap::imap_proto::{RequestId, Response, Status};
use async_imap::types::Capability;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

mod append;
mod mailboxes;
mod messages;

pub use append::Append;
pub use mailboxes::Listed;

use crate::people::Person;
use crate::{Description, Error, Result, tls};

/// A signed-in connection.
#[derive(Debug)]
pub struct Client {
    session: Session<TlsStream<TcpStream>>,
}

impl Client {
    /// Connects with TLS and signs in.
    ///
    /// # Errors
    /// When anything on the way fails.
    pub async fn sign_in(testbed: &Description, person: &Person) -> Result<Self> {
        // Dovecot listens before it serves: who comes right after a restart may be hung up on.
        for _ in 0..5 {
            if let Ok(stream) = tls::connect(&testbed.host, testbed.imap, &testbed.ca_file).await {
                return Self::sign_in_over(stream, person).await;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        let stream = tls::connect(&testbed.host, testbed.imap, &testbed.ca_file).await?;
        Self::sign_in_over(stream, person).await
    }

    /// Signs in on a connection that was opened in some other way.
    pub async fn sign_in_over(stream: TlsStream<TcpStream>, person: &Person) -> Result<Self> {
        let mut client = async_imap::Client::new(stream);
        // async-imap takes the greeting for the answer to its first command unless it is read before.
        match client.read_response().await.map_err(Error::doing("read the greeting"))? {
            Some(greeting) if matches!(greeting.parsed(), Response::Data { status: Status::Ok, .. }) => {}
            other => return Err(Error::Imap(format!("no greeting but {other:?}"))),
        }
        Self::authenticate(client, person).await
    }

    /// Signs in where the greeting has been read already: after STARTTLS.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn sign_in_after_greeting(stream: TlsStream<TcpStream>, person: &Person) -> Result<Self> {
        Self::authenticate(async_imap::Client::new(stream), person).await
    }

    async fn authenticate(client: async_imap::Client<TlsStream<TcpStream>>, person: &Person) -> Result<Self> {
        let session = client
            .authenticate("PLAIN", Plain(person))
            .await
            .map_err(|(error, _)| Error::Imap(error.to_string()))?;
        Ok(Self { session })
    }

    /// Runs a command as written and shows every untagged answer. NO and BAD are errors.
    pub async fn run(&mut self, command: &str, mut seen: impl FnMut(&Response<'_>)) -> Result<()> {
        let tag = self.session.run_command(command).await.map_err(|error| Error::Imap(error.to_string()))?;
        self.finish(&tag, command, &mut seen).await
    }

    async fn finish(
        &mut self,
        tag: &RequestId,
        command: &str,
        seen: &mut impl FnMut(&Response<'_>),
    ) -> Result<()> {
        loop {
            let answer = self.session.read_response().await.map_err(Error::doing("read an IMAP answer"))?;
            let Some(answer) = answer else {
                return Err(Error::Imap(format!("{command}: the connection was closed")));
            };
            match answer.parsed() {
                Response::Done { tag: of, status, outcome } if of == tag => {
                    seen(answer.parsed());
                    let text = outcome.information.as_deref().unwrap_or("");
                    return match status {
                        Status::Ok => Ok(()),
                        other => Err(Error::Imap(format!("{command}: {other:?} {text}"))),
                    };
                }
                Response::Continue(_) => {
                    return Err(Error::Imap(format!("{command}: the server waits for more")));
                }
                other => seen(other),
            }
        }
    }

    /// Sends a command as it is written here; its untagged answers do not matter.
    pub async fn command(&mut self, command: &str) -> Result<()> {
        self.run(command, |_| {}).await
    }

    /// What the server can do.
    pub async fn capabilities(&mut self) -> Result<Vec<String>> {
        let found = self.session.capabilities().await.map_err(|error| Error::Imap(error.to_string()))?;
        Ok(found
            .iter()
            .map(|capability| match capability {
                Capability::Imap4rev1 => "IMAP4rev1".to_owned(),
                Capability::Auth(name) => format!("AUTH={name}"),
                Capability::Atom(name) => name.clone(),
            })
            .collect())
    }

    /// Says goodbye.
    pub async fn sign_out(mut self) -> Result<()> {
        // The server may close the connection before or after its answer; we are done either way.
        let _ = self.command("LOGOUT").await;
        Ok(())
    }
}

/// SASL PLAIN (RFC 4616): carries every password, also one that is not ASCII, which LOGIN cannot quote.
struct Plain<'a>(&'a Person);

impl async_imap::Authenticator for Plain<'_> {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        format!("\0{}\0{}", self.0.address, self.0.password)
    }
}
