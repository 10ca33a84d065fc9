//! What was answered about several mailboxes that were asked about together.

use std::collections::{BTreeMap, BTreeSet};

use model::mailbox::MailboxName;

use crate::connection::Completion;
use crate::error::Result;
use crate::wire::response::Data;

/// All that was told of each mailbox, in the order of the questions, one question for each.
///
/// A server may work on questions side by side, so the name in an answer says what it is about, in whatever spelling of
/// INBOX. Some servers spell other names as they like, too: an answer with a name that nobody asked about belongs to the
/// question during which it came, if nothing else was told of that.
pub(super) fn by_name<T>(
    asked: &[MailboxName],
    completions: Vec<Result<Completion>>,
    read: impl Fn(&Data<'_>) -> Option<(String, T)>,
) -> Vec<Vec<T>> {
    let known: BTreeSet<&MailboxName> = asked.iter().collect();
    let mut named: BTreeMap<MailboxName, Vec<T>> = BTreeMap::new();
    let mut unknown = Vec::with_capacity(completions.len());
    for completion in completions {
        let mut of_this = Vec::new();
        for (name, told) in completion.iter().flat_map(Completion::data).filter_map(|data| read(&data)) {
            match MailboxName::new(name) {
                Ok(name) if known.contains(&name) => named.entry(name).or_default().push(told),
                _ => of_this.push(told),
            }
        }
        unknown.push(of_this);
    }
    asked.iter().zip(unknown).map(|(name, of_this)| named.remove(name).unwrap_or(of_this)).collect()
}
