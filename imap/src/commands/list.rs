//! LIST with what extensions add (RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154, RFC 8440), and what to do without them.

use std::collections::{BTreeMap, BTreeSet};

use model::account::Account;
use model::mailbox::{Mailbox, MailboxName, Status};
use model::namespace::Namespace;
use model::rights::Rights;
use model::special_use::{Role, Source};

use super::{acl, namespace, status};
use crate::capability::Capability;
use crate::connection::{Completion, Connection};
use crate::error::{Error, Refusal, Result};
use crate::wire::command::Command;
use crate::wire::limits::{Limits, MAILBOXES, RIGHTS_NAME, SINGLE_RIGHTS, SINGLE_STATUS};
use crate::wire::mailbox_name;
use crate::wire::response::Data;
use crate::wire::token::Token;

mod order;

/// Which words LIST may hold on this server; none of the others without the first.
#[derive(Clone, Copy, Default)]
struct Extensions {
    extended: bool,
    status: bool,
    special_use: bool,
    rights: bool,
}

impl Extensions {
    fn command(self) -> Command {
        Command::new("LIST")
    }

    fn options(self, command: Command) -> Command {
        if !self.extended {
            return command;
        }
        let options = [
            (true, "SUBSCRIBED"),
            (self.special_use, "SPECIAL-USE"),
            (self.rights, "MYRIGHTS"),
            (self.status, "STATUS (MESSAGES UNSEEN)"),
        ];
        let offered = options.into_iter().filter(|(offered, _)| *offered);
        command.options("RETURN", &offered.map(|(_, words)| words).collect::<Vec<_>>())
    }

    fn below(self, prefix: &str) -> Result<Command> {
        Ok(self.options(self.command().word("\"\"").everything_below(prefix)?))
    }
}

/// What was listed so far, each name once.
#[derive(Default)]
struct Listing {
    mailboxes: BTreeMap<MailboxName, Listed>,
    statuses: BTreeMap<MailboxName, Status>,
    subscribed: BTreeSet<MailboxName>,
    rights: BTreeMap<MailboxName, Rights>,
}

#[derive(Default)]
struct Listed {
    delimiter: Option<char>,
    attributes: Vec<String>,
}

impl Connection {
    /// Every mailbox that the account sees, own, other people's and shared, with counts, in the order in which people
    /// see them.
    ///
    /// One round trip where the server has LIST-EXTENDED and LIST-STATUS, and another where shared mailboxes are not
    /// among the others. Without them LSUB travels along, and then STATUS for the first [`SINGLE_STATUS`] mailboxes.
    ///
    /// Rights in mailboxes of others come along with LIST-MYRIGHTS; without it, and only where there are such mailboxes, one
    /// more round trip asks for those in the first [`SINGLE_RIGHTS`].
    ///
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn mailboxes(&mut self) -> Result<Vec<Mailbox>> {
        let capabilities = self.capabilities().await?;
        let with_namespace = capabilities.has(Capability::Namespace);
        let mut extensions = Extensions {
            extended: capabilities.has(Capability::ListExtended),
            status: capabilities.has(Capability::ListStatus),
            special_use: capabilities.has(Capability::SpecialUse),
            rights: capabilities.has(Capability::ListMyRights),
        };
        let (namespaces, mut listing) = loop {
            match self.list(with_namespace, extensions).await {
                // Some servers promise extensions that they do not understand.
                Err(Error::Refused { status: Refusal::Bad, .. }) if extensions.extended => {
                    extensions = Extensions::default();
                }
                listed => break listed?,
            }
        };
        let missing: Vec<_> = namespaces
            .iter()
            .filter(|namespace| !namespace.prefix.is_empty())
            .filter(|namespace| !listing.mailboxes.keys().any(|name| namespace.holds(name.as_str())))
            .map(|namespace| extensions.below(&namespace.prefix))
            .collect::<Result<_>>()?;
        if !missing.is_empty() {
            for completion in self.run_all(&missing, Limits::LIST).await? {
                match completion {
                    Ok(completion) => listing.read(&completion),
                    // A namespace that can't be looked into is one in which nothing is seen.
                    Err(Error::Refused { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        if !(extensions.extended && extensions.status) {
            self.ask_statuses(&mut listing).await?;
        }
        let mut mailboxes = listing.into_mailboxes(&namespaces);
        self.ask_rights(&mut mailboxes).await?;
        Ok(mailboxes)
    }

    /// The first round trip: namespaces, all mailboxes, and where LIST can't tell it, which are subscribed.
    async fn list(
        &mut self,
        with_namespace: bool,
        extensions: Extensions,
    ) -> Result<(Vec<Namespace>, Listing)> {
        let known = self.namespaces.clone();
        let mut commands = Vec::with_capacity(3);
        if known.is_none() {
            commands.push(namespace::command(with_namespace));
        }
        commands.push(extensions.below("")?);
        if !extensions.extended {
            commands.push(Command::new("LSUB").word("\"\" \"*\""));
        }
        let mut completions = self.run_all(&commands, Limits::LIST).await?.into_iter();
        let missing = || Error::Nonsense { what: "LIST" };
        let namespaces = match known {
            Some(known) => known,
            None => {
                let told = namespace::read(&completions.next().ok_or_else(missing)??);
                self.namespaces.insert(told).clone()
            }
        };
        let mut listing = Listing::default();
        for completion in completions {
            listing.read(&completion?);
        }
        Ok((namespaces, listing))
    }

    async fn ask_rights(&mut self, mailboxes: &mut [Mailbox]) -> Result<()> {
        let mut unknown: Vec<&mut Mailbox> = mailboxes
            .iter_mut()
            .filter(|mailbox| !mailbox.account.is_own() && mailbox.selectable && mailbox.rights.is_none())
            .filter(|mailbox| mailbox.name.as_str().len() <= RIGHTS_NAME)
            .take(SINGLE_RIGHTS)
            .collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let names: Vec<MailboxName> = unknown.iter().map(|mailbox| mailbox.name.clone()).collect();
        for (mailbox, rights) in unknown.iter_mut().zip(self.rights(&names).await?) {
            mailbox.rights = rights;
        }
        Ok(())
    }

    async fn ask_statuses(&mut self, listing: &mut Listing) -> Result<()> {
        let unknown: Vec<MailboxName> = listing
            .mailboxes
            .iter()
            .filter(|(name, listed)| listed.selectable() && !listing.statuses.contains_key(name))
            .map(|(name, _)| name.clone())
            .take(SINGLE_STATUS)
            .collect();
        let told = self.status(&unknown).await?;
        listing
            .statuses
            .extend(unknown.into_iter().zip(told).filter_map(|(name, status)| Some((name, status?))));
        Ok(())
    }
}

impl Listing {
    fn read(&mut self, completion: &Completion) {
        for data in completion.data() {
            match data.name.as_str() {
                "LIST" if self.mailboxes.len() < MAILBOXES => self.mailboxes.extend(listed(&data)),
                "LSUB" if self.subscribed.len() < MAILBOXES => {
                    self.subscribed.extend(listed(&data).map(|(name, _)| name));
                }
                "STATUS" => self.statuses.extend(status::read(&data).and_then(named)),
                "MYRIGHTS" => self.rights.extend(acl::in_data(&data).and_then(named)),
                _ => {}
            }
        }
    }

    fn into_mailboxes(mut self, namespaces: &[Namespace]) -> Vec<Mailbox> {
        let mut mailboxes: Vec<Mailbox> = std::mem::take(&mut self.mailboxes)
            .into_iter()
            .map(|(name, listed)| {
                let account = Account::of(namespaces, name.as_str());
                let stated = listed.attributes.iter().find_map(|attribute| Role::from_attribute(attribute));
                let role = if name == MailboxName::inbox() { Some(Role::Inbox) } else { stated };
                Mailbox {
                    role: role.map(|role| (role, Source::Server)),
                    selectable: listed.selectable(),
                    subscribed: listed.has("\\Subscribed") || self.subscribed.contains(&name),
                    status: self.statuses.get(&name).copied(),
                    rights: self.rights.get(&name).copied().filter(|_| !account.is_own()),
                    delimiter: listed.delimiter,
                    account,
                    name,
                }
            })
            // A mere level above another account is what its heading stands for.
            .filter(|mailbox| mailbox.selectable || !mailbox.below_the_top().is_empty())
            .collect();
        order::give_roles(&mut mailboxes, namespaces);
        order::sort(&mut mailboxes, namespaces);
        mailboxes
    }
}

/// What was told of a mailbox, by a name that we could keep.
fn named<T>((name, told): (String, T)) -> Option<(MailboxName, T)> {
    Some((MailboxName::new(name).ok()?, told))
}

impl Listed {
    fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|known| known.eq_ignore_ascii_case(attribute))
    }

    fn selectable(&self) -> bool {
        !self.has("\\Noselect") && !self.has("\\NonExistent")
    }
}

/// Reads `* LIST (attributes) delimiter name …`. A name that we could not keep is left out.
fn listed(data: &Data<'_>) -> Option<(MailboxName, Listed)> {
    let [attributes, delimiter, name, ..] = data.tokens.as_slice() else { return None };
    let name = MailboxName::new(mailbox_name::decode(name.astring()?)).ok()?;
    let attributes = attributes.list()?.iter().filter_map(Token::text).take(50).collect();
    Some((name, Listed { attributes, delimiter: namespace::delimiter(delimiter) }))
}

#[cfg(test)]
mod tests;
