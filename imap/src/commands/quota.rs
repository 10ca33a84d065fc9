//! GETQUOTAROOT (RFC 9208 §4.1.2): storage used and allowed.

use model::mailbox::MailboxName;
use model::quota::Quota;

use crate::capability::Capability;
use crate::connection::Connection;
use crate::error::Result;
use crate::wire::command::Command;
use crate::wire::limits::Limits;
use crate::wire::response::Data;
use crate::wire::token::Token;

/// Most quota roots of one mailbox.
const ROOTS: usize = 20;

impl Connection {
    /// The storage quotas that hold for a mailbox; none on a server without QUOTA.
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn quotas(&mut self, mailbox: &MailboxName) -> Result<Vec<Quota>> {
        if !self.capabilities().await?.has(Capability::Quota) {
            return Ok(Vec::new());
        }
        let completion = self.run(Command::new("GETQUOTAROOT").mailbox(mailbox)?, Limits::SMALL).await?;
        Ok(completion.data().filter_map(|data| read(&data)).take(ROOTS).collect())
    }
}

/// Reads `* QUOTA root (STORAGE used limit)`; the unit on the wire is 1024 bytes.
fn read(data: &Data<'_>) -> Option<Quota> {
    if data.name != "QUOTA" {
        return None;
    }
    let root = data.tokens.first()?.text()?;
    let resources = data.tokens.get(1)?.list()?;
    resources.chunks(3).find_map(|resource| {
        let [name, used, limit] = resource else { return None };
        let kib = |token: &Token<'_>| token.number().map(|number| number.saturating_mul(1024));
        (name.word()? == "STORAGE").then_some(())?;
        Some(Quota { root: root.clone(), used: kib(used)?, limit: kib(limit)? })
    })
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::wire::frame::Frame;
    use crate::wire::response::data;

    #[test]
    fn storage_is_found_among_other_resources_and_an_empty_list_is_none() {
        let frame = Frame::from(b"* QUOTA \"User quota\" (MESSAGE 3 9 STORAGE 10 1024)".to_vec());
        let quota = read(&data(&frame).unwrap()).unwrap();
        assert_eq!((quota.used, quota.limit), (10_240, 1_048_576));
        assert_eq!(read(&data(&Frame::from(b"* QUOTA \"\" ()".to_vec())).unwrap()), None);
    }
}
