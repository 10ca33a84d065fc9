//! Putting messages into mailboxes.

use async_imap::imap_proto::rfc4315::UidSetMember;
use async_imap::imap_proto::{RequestId, Response, ResponseCode};
use tokio::io::AsyncWriteExt as _;

use crate::{Error, Result, client::Client, mailbox_name};

/// A message to append.
#[derive(Clone, Copy, Debug)]
pub struct Append<'a> {
    /// Name of the mailbox, Unicode.
    pub mailbox: &'a str,
    /// Flags in parentheses, such as `(\\Seen $Work)`.
    pub flags: Option<&'a str>,
    /// INTERNALDATE in quotes, now if absent.
    pub date: Option<&'a str>,
    /// All bytes, with CRLF.
    pub message: &'a [u8],
}

impl Client {
    /// Puts a message into a mailbox and returns its UID. Flags as in IMAP, such as `(\\Seen)`; the date as
    /// INTERNALDATE writes it, in quotes.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn append(
        &mut self,
        mailbox: &str,
        flags: Option<&str>,
        date: Option<&str>,
        message: &[u8],
    ) -> Result<u32> {
        let uids = self.append_all(&[Append { mailbox, flags, date, message }]).await?;
        uids.first().copied().ok_or_else(|| Error::Imap("APPEND without APPENDUID".into()))
    }

    /// Puts many messages into mailboxes, without waiting for each answer before the next is sent.
    pub async fn append_all(&mut self, messages: &[Append<'_>]) -> Result<Vec<u32>> {
        // Few at a time: the answers must fit in the socket's buffer until they are read.
        const AT_A_TIME: usize = 50;
        let mut uids = Vec::with_capacity(messages.len());
        for some in messages.chunks(AT_A_TIME) {
            let mut tags = Vec::with_capacity(some.len());
            for message in some {
                tags.push(self.send(message).await?);
            }
            for tag in tags {
                let mut uid = |answer: &Response<'_>| {
                    if let Response::Done { outcome, .. } = answer
                        && let Some(ResponseCode::AppendUid(_, set)) = &outcome.code
                    {
                        uids.extend(set.first().map(|member| match member {
                            UidSetMember::Uid(uid) => *uid,
                            UidSetMember::UidRange(range) => *range.start(),
                        }));
                    }
                };
                self.finish(&tag, "APPEND", &mut uid).await?;
            }
        }
        Ok(uids)
    }

    /// Sends command and message at once (LITERAL+, RFC 7888), since async-imap's own `append` gives up when
    /// the server mentions a new message before it asks for this one.
    async fn send(&mut self, append: &Append<'_>) -> Result<RequestId> {
        let words = [Some(mailbox_name::quoted(append.mailbox).as_str()), append.flags, append.date]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let command = format!("APPEND {words} {{{}+}}", append.message.len());
        let tag = self.session.run_command(command).await.map_err(|error| Error::Imap(error.to_string()))?;
        let stream = self.session.get_mut();
        let sent = async {
            stream.write_all(append.message).await?;
            stream.write_all(b"\r\n").await?;
            stream.flush().await
        };
        sent.await.map_err(Error::doing("send a message"))?;
        Ok(tag)
    }
}
