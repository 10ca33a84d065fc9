//! Keeps what is being written in the Drafts mailbox, where every other mail program finds it.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use app::contract::mail::Saved;
use app::failure::Failure;
use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::text::Text;
use model::draft::Draft;
use model::flag::Flag;
use model::mailbox::MailboxName;
use model::special_use::Role;
use model::uid::MessageKey;
use model::uid_set::UidSet;

use super::Person;

/// Where the drafts of a person are, once that was asked.
#[derive(Default)]
pub(super) struct Drafts(Mutex<Option<MailboxName>>);

impl Drafts {
    fn set(&self, mailbox: Option<MailboxName>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = mailbox;
    }

    fn get(&self) -> Option<MailboxName> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Keeps a draft, and removes the older one that it stands for only when the newer one is there.
///
/// # Errors
/// [`Failure::NoDrafts`] where no mailbox is for drafts; otherwise when the mail server refuses or fails.
pub(super) async fn save(
    person: &Person,
    draft: Draft,
    replaces: Option<MessageKey>,
    now: i64,
) -> Result<Saved, Failure> {
    let bytes = written(&draft, &person.pool.credentials().login, now);
    let saved = match person.drafts.get() {
        Some(mailbox) => appended(person, &mailbox, &bytes, replaces.as_ref()).await,
        None => Err(Failure::NoDrafts),
    };
    match saved {
        // The mailbox may have another name by now, or was never asked for.
        Err(Failure::NoDrafts | Failure::MailboxGone { .. }) => {
            person.drafts.set(None);
            let mailbox = mailbox(person).await?;
            person.drafts.set(Some(mailbox.clone()));
            appended(person, &mailbox, &bytes, replaces.as_ref()).await
        }
        saved => saved,
    }
}

/// One's own mailbox for drafts.
async fn mailbox(person: &Person) -> Result<MailboxName, Failure> {
    let mailboxes = person.read(None, None, |lease| Box::pin(lease.mailboxes())).await?;
    let drafts = mailboxes.into_iter().find(|mailbox| {
        mailbox.account.is_own()
            && mailbox.selectable
            && matches!(mailbox.role, Some((role, _)) if role == Role::Drafts)
    });
    drafts.map(|mailbox| mailbox.name).ok_or(Failure::NoDrafts)
}

async fn appended(
    person: &Person,
    mailbox: &MailboxName,
    bytes: &[u8],
    replaces: Option<&MessageKey>,
) -> Result<Saved, Failure> {
    // Whatever a page names, nothing outside of Drafts is removed.
    let older = replaces.filter(|key| key.mailbox == *mailbox).map(|key| key.at);
    // Opening the mailbox proves the connection: an APPEND whose outcome is unknown is not sent again.
    let named = person.read(Some(mailbox), None, |lease| {
        let (mailbox, bytes) = (mailbox.clone(), bytes.to_vec());
        Box::pin(async move {
            let validity = lease.selected().and_then(|selected| selected.validity);
            let named = lease.append(&mailbox, &[Flag::Draft, Flag::Seen], None, bytes).await?;
            // Nobody loses words because the older draft stays beside the newer one.
            if let Some(older) = older.filter(|older| Some(older.validity) == validity) {
                match lease.expunge(&UidSet::range(older.uid, older.uid)).await {
                    Ok(removed) if removed.refused.is_none() => {}
                    Ok(_) => tracing::info!("an older draft stays: its removal was refused"),
                    Err(error) => tracing::info!(cause = %error, "an older draft stays"),
                }
            }
            Ok(named)
        })
    });
    let key = named.await?.map(|at| MessageKey { mailbox: mailbox.clone(), at });
    Ok(Saved { key })
}

/// The draft as a message (RFC 5322). Every word goes through the builder, which encodes or quotes what is no text.
fn written(draft: &Draft, login: &str, now: i64) -> Vec<u8> {
    let mut message = MessageBuilder::new().date(now).message_id(message_id(login, now));
    if is_address(login) {
        message = message.from(login);
    }
    for (name, typed) in [("To", &draft.to), ("Cc", &draft.cc)] {
        let typed = one_line(typed);
        if !typed.is_empty() {
            message = message.header(name, recipients(&typed));
        }
    }
    // No literal carries a NUL.
    let text = draft.text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}");
    let message = message.subject(one_line(&draft.subject)).text_body(text);
    let mut bytes = Vec::new();
    message.serialize(&mut bytes);
    bytes
}

/// A header is one line, whatever was pasted into its field.
fn one_line(typed: &str) -> String {
    typed
        .split(char::is_control)
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Addresses, where every entry is one; else the words as they were typed, for whoever goes on writing.
fn recipients(typed: &str) -> HeaderType<'static> {
    let entries = entries(typed);
    let addresses: Option<Vec<_>> = entries.iter().map(|entry| address(entry)).collect();
    match addresses {
        Some(addresses) if !addresses.is_empty() => Address::new_list(addresses).into(),
        _ => Text::new(typed.to_owned()).into(),
    }
}

/// Between commas and semicolons that stand neither in quotation marks nor in an address.
fn entries(typed: &str) -> Vec<String> {
    let (mut quoted, mut pointed) = (false, false);
    let separates = |c: char| {
        match c {
            '"' => quoted = !quoted,
            '<' if !quoted => pointed = true,
            '>' if !quoted => pointed = false,
            _ => {}
        }
        matches!(c, ',' | ';') && !quoted && !pointed
    };
    typed.split(separates).map(|entry| entry.trim().to_owned()).filter(|entry| !entry.is_empty()).collect()
}

/// `anna@example.org` or `Anna <anna@example.org>`.
fn address(entry: &str) -> Option<Address<'static>> {
    let (name, address) = match entry.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        Some((name, address)) => (name.trim().trim_matches('"').to_owned(), address.trim()),
        None => (String::new(), entry),
    };
    let name = Some(name).filter(|name| !name.is_empty());
    is_address(address).then(|| Address::new_address(name, address.to_owned()))
}

/// Whether it can stand in a header as it is. Addresses in other scripts stay words until they can be sent (RFC 6532).
fn is_address(text: &str) -> bool {
    let plain =
        |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '"' | '\\');
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@') && text.chars().all(plain)
    })
}

/// A name that no other message has (RFC 5322 §3.6.4). It need not be hard to guess.
fn message_id(login: &str, now: i64) -> String {
    let chance = RandomState::new().hash_one(now);
    let domain =
        login.rsplit_once('@').map(|(_, domain)| domain).filter(|domain| is_address(&format!("a@{domain}")));
    format!("{now:x}.{chance:016x}@{}", domain.unwrap_or("pennypost.invalid"))
}

#[cfg(test)]
mod tests {
    use model::draft::Draft;

    use super::written;

    fn message(to: &str, subject: &str, text: &str) -> String {
        let draft = Draft { to: to.into(), cc: String::new(), subject: subject.into(), text: text.into() };
        String::from_utf8(written(&draft, "ada@example.org", 1_700_000_000)).unwrap()
    }

    fn header<'a>(message: &'a str, name: &str) -> Vec<&'a str> {
        let head = message.split("\r\n\r\n").next().unwrap_or_default();
        head.split("\r\n").filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).collect()
    }

    #[test]
    fn nothing_that_is_typed_becomes_a_header() {
        let evil = "a@example.org\r\nBcc: evil@example.org\r\n\r\nbody";
        for evil in [evil, &evil.replace('\r', ""), &evil.replace('\n', ""), &format!("{evil}\0ü")] {
            let message = message(evil, evil, "text");
            assert_eq!(header(&message, "Bcc"), Vec::<&str>::new(), "{message}");
            assert_eq!(header(&message, "To").len(), 1, "{message}");
            assert!(message.ends_with("\r\n\r\ntext"), "{message}");
            assert!(!message.contains('\0'));
        }
    }

    #[test]
    fn addresses_are_written_as_addresses_and_half_a_name_as_it_was_typed() {
        let whole = message("Bob <bob@example.org>, \"Doe, J\" <j@example.org>; c@example.org", "", "");
        assert_eq!(
            header(&whole, "To"),
            ["\"Bob\" <bob@example.org>, \"Doe, J\" <j@example.org>, <c@example.org>"]
        );
        assert_eq!(header(&message("bob@example.org, ann", "", ""), "To"), ["bob@example.org, ann"]);
        assert_eq!(header(&message(" ", "", ""), "To"), Vec::<&str>::new());
    }

    #[test]
    fn a_draft_has_what_a_message_needs() {
        let message = message("", "Grüße", "Zeile eins\nZeile zwei ü\n");
        assert_eq!(header(&message, "From"), ["<ada@example.org>"]);
        assert_eq!(header(&message, "Date"), ["Tue, 14 Nov 2023 22:13:20 +0000"]);
        assert_eq!(header(&message, "MIME-Version"), ["1.0"]);
        assert_eq!(header(&message, "Subject"), ["=?utf-8?B?R3LDvMOfZQ==?="]);
        assert!(header(&message, "Message-ID")[0].ends_with("@example.org>"), "{message}");
        assert!(header(&message, "Content-Type")[0].to_lowercase().contains("utf-8"), "{message}");
    }
}
