//! `[trust]`: whose statements about senders are believed.

use std::sync::Arc;

use super::keys;
use super::load::Reader;
use super::value::Value;

/// Whose statements about senders are believed.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Names under which the own mail servers state what they checked (authserv-id, RFC 8601 §2.5).
    authserv_ids: Vec<AuthservId>,
}

impl Trust {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self { authserv_ids: reader.optional(&keys::TRUST_AUTHSERV_IDS).unwrap_or_default() }
    }

    /// The names, for whoever reads what they state.
    pub fn authserv_ids(&self) -> Arc<[String]> {
        self.authserv_ids.iter().map(|AuthservId(name)| name.clone()).collect()
    }
}

/// A name under which a server states what it checked: most often its host name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct AuthservId(String);

impl Value for AuthservId {
    const WANTED: &'static str = "a list of names, as they stand first in Authentication-Results";

    fn parse(text: &str) -> Option<Self> {
        let name = text.trim();
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
        (!name.is_empty() && name.len() <= 253 && name.chars().all(plain)).then(|| Self(name.to_lowercase()))
    }
}
