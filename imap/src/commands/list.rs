//! LIST with what extensions add (RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154), and what to do without them.

use std::collections::{BTreeMap, BTreeSet};

use model::mailbox::{Mailbox, MailboxName, Status};
use model::namespace::{Kind, Namespace, kind_of};
use model::special_use::{Role, Source};

use super::{namespace, status};
use crate::capability::Capability;
use crate::connection::{Completion, Connection};
use crate::error::{Error, Refusal, Result};
use crate::wire::command::Command;
use crate::wire::limits::{Limits, MAILBOXES, SINGLE_STATUS};
use crate::wire::mailbox_name;
use crate::wire::response::Data;
use crate::wire::token::Token;

mod order;

/// Which words LIST may hold on this server.
#[derive(Clone, Copy)]
struct Extensions {
    extended: bool,
    status: bool,
    special_use: bool,
}

impl Extensions {
    fn command(self) -> Command {
        Command::new("LIST")
    }

    fn options(self, command: Command) -> Command {
        match (self.extended, self.status, self.special_use) {
            (true, true, true) => command.word("RETURN (SUBSCRIBED SPECIAL-USE STATUS (MESSAGES UNSEEN))"),
            (true, true, false) => command.word("RETURN (SUBSCRIBED STATUS (MESSAGES UNSEEN))"),
            (true, false, true) => command.word("RETURN (SUBSCRIBED SPECIAL-USE)"),
            (true, false, false) => command.word("RETURN (SUBSCRIBED)"),
            (false, ..) => command,
        }
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
    /// # Errors
    /// When the server refuses or the connection is lost.
    pub async fn mailboxes(&mut self) -> Result<Vec<Mailbox>> {
        let capabilities = self.capabilities().await?;
        let with_namespace = capabilities.has(Capability::Namespace);
        let mut extensions = Extensions {
            extended: capabilities.has(Capability::ListExtended),
            status: capabilities.has(Capability::ListStatus),
            special_use: capabilities.has(Capability::SpecialUse),
        };
        let (namespaces, mut listing) = loop {
            match self.list(with_namespace, extensions).await {
                // Some servers promise extensions that they do not understand.
                Err(Error::Refused { status: Refusal::Bad, .. }) if extensions.extended => {
                    extensions = Extensions { extended: false, status: false, special_use: false };
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
        Ok(listing.into_mailboxes(&namespaces))
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
                "STATUS" => self.statuses.extend(
                    status::read(&data)
                        .and_then(|(name, status)| Some((MailboxName::new(name).ok()?, status))),
                ),
                _ => {}
            }
        }
    }

    fn into_mailboxes(mut self, namespaces: &[Namespace]) -> Vec<Mailbox> {
        let mut mailboxes: Vec<Mailbox> = std::mem::take(&mut self.mailboxes)
            .into_iter()
            .map(|(name, listed)| {
                let kind = kind_of(namespaces, name.as_str());
                let stated = listed.attributes.iter().find_map(|attribute| Role::from_attribute(attribute));
                let role = match kind {
                    _ if name == MailboxName::inbox() => Some(Role::Inbox),
                    Kind::Personal => stated,
                    // The roles of other people's mailboxes are theirs.
                    Kind::OtherUsers | Kind::Shared => None,
                };
                Mailbox {
                    kind,
                    role: role.map(|role| (role, Source::Server)),
                    selectable: listed.selectable(),
                    subscribed: listed.has("\\Subscribed") || self.subscribed.contains(&name),
                    status: self.statuses.get(&name).copied(),
                    delimiter: listed.delimiter,
                    name,
                }
            })
            .collect();
        order::give_roles(&mut mailboxes, namespaces);
        order::sort(&mut mailboxes, namespaces);
        mailboxes
    }
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
mod tests {
    use model::mailbox::Mailbox;
    use model::namespace::Kind;
    use model::special_use::{Role, Source};

    use super::{Listed, listed};
    use crate::error::Result;
    use crate::scripted::{Script, greeted, heard};
    use crate::wire::frame::Frame;
    use crate::wire::response::data;

    fn read(line: &str) -> Option<(String, Listed)> {
        let frame = Frame::from(line.as_bytes().to_vec());
        listed(&data(&frame)?).map(|(name, listed)| (name.to_string(), listed))
    }

    async fn mailboxes(capabilities: &str, script: &Script) -> (Result<Vec<Mailbox>>, String) {
        let (mut connection, server) =
            greeted(&format!("[CAPABILITY IMAP4rev1 {capabilities}]"), script).await;
        let outcome = connection.mailboxes().await;
        drop(connection);
        (outcome, heard(server).await)
    }

    #[test]
    fn extended_data_after_the_name_does_no_harm() {
        let line = "* LIST (\\Subscribed \\Sent) \"/\" \"Se\\\"nt\" (CHILDINFO (\"SUBSCRIBED\") OLDNAME (x))";
        let (name, listed) = read(line).unwrap();
        assert_eq!((name.as_str(), listed.has("\\SENT"), listed.delimiter), ("Se\"nt", true, Some('/')));
    }

    #[test]
    fn a_flat_hierarchy_and_a_literal_name_are_read_and_half_a_line_is_not() {
        let (name, listed) = read("* LIST () NIL {6}\r\nA \\\"b\"").unwrap();
        assert_eq!((listed.delimiter, name.as_str()), (None, "A \\\"b\""));
        assert_eq!(read("* LIST () \"/\" NIL").map(|(name, _)| name).as_deref(), Some("NIL"));
        assert!(read("* LIST () \"/\"").is_none() && read("* LIST").is_none());
        assert!(read("* LIST () \"/\" \"\"").is_none());
    }

    #[tokio::test]
    async fn one_round_trip_is_enough_where_the_server_can_all() {
        let script = &[
            ("NAMESPACE", "* NAMESPACE ((\"\" \"/\")) NIL ((\"shared/\" \"/\"))\r\n{tag} OK\r\n"),
            (
                "STATUS",
                "* LIST (\\Subscribed) \"/\" INBOX\r\n* STATUS inbox (MESSAGES 3 UNSEEN 1)\r\n\
                 * LIST (\\Sent) \"/\" \"Gesendet\"\r\n* LIST (\\NonExistent \\HasChildren) \"/\" shared\r\n\
                 * LIST (\\Trash) \"/\" shared/bin\r\n{tag} OK\r\n",
            ),
        ];
        let (all, heard) = mailboxes("NAMESPACE LIST-EXTENDED LIST-STATUS SPECIAL-USE", script).await;
        let all = all.unwrap();
        assert_eq!(heard.lines().count(), 2, "{heard}");
        let names: Vec<_> = all.iter().map(|mailbox| mailbox.name.as_str()).collect();
        assert_eq!(names, ["INBOX", "Gesendet", "shared", "shared/bin"]);
        assert_eq!(all[0].status.map(|status| status.unseen), Some(1));
        assert!(all[0].subscribed && !all[1].subscribed && !all[2].selectable);
        assert_eq!(all[1].role, Some((Role::Sent, Source::Server)));
        assert_eq!((all[3].kind, all[3].role), (Kind::Shared, None));
    }

    #[tokio::test]
    async fn a_namespace_of_which_nothing_was_listed_is_listed_by_itself() {
        let script = &[
            ("NAMESPACE", "* NAMESPACE ((\"\" \"/\")) ((\"user/\" \"/\")) NIL\r\n{tag} OK\r\n"),
            ("\"user/*\"", "* LIST () \"/\" user/ben\r\n{tag} OK\r\n"),
            ("\"*\"", "* LIST () \"/\" INBOX\r\n{tag} OK\r\n"),
        ];
        let all = mailboxes("NAMESPACE LIST-EXTENDED LIST-STATUS", script).await.0.unwrap();
        assert_eq!((all[1].name.as_str(), all[1].kind), ("user/ben", Kind::OtherUsers));
    }

    #[tokio::test]
    async fn a_server_that_can_little_is_asked_step_by_step() {
        let script = &[
            ("LIST \"\" \"*\"", "* LIST () \"/\" INBOX\r\n* LIST (\\Noselect) \"/\" a\r\n{tag} OK\r\n"),
            ("LSUB", "* LSUB () \"/\" inbox\r\n{tag} OK\r\n"),
            ("STATUS \"INBOX\"", "* STATUS inbox (MESSAGES 2 UNSEEN 2)\r\n{tag} OK\r\n"),
        ];
        let (all, heard) = mailboxes("", script).await;
        let all = all.unwrap();
        assert!(all[0].subscribed && !all[1].subscribed);
        assert_eq!(all[0].status.map(|status| status.unseen), Some(2));
        assert!(!heard.contains("STATUS \"a\""));
    }

    #[tokio::test]
    async fn a_promise_of_extensions_that_is_not_kept_is_forgiven_and_a_refusal_is_an_error() {
        let script = &[("RETURN", "{tag} BAD what\r\n"), ("\"*\"", "* LIST () \"/\" INBOX\r\n{tag} OK\r\n")];
        assert_eq!(mailboxes("LIST-EXTENDED", script).await.0.unwrap().len(), 1);
        let (refused, _) = mailboxes("", &[("\"*\"", "{tag} NO [SERVERBUG] not today\r\n")]).await;
        assert_eq!(refused.unwrap_err().text(), Some("not today"));
    }
}
