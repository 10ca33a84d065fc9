//! What a session asks, one step after the other. Each opens the mailbox it is about, so that it can be done on any
//! connection.

use std::pin::Pin;

use imap::Result;
use imap::commands::metadata::{Entry, ServerEntry};
use imap::commands::section::{Section, Wanted};
use imap::lease::Lease;
use model::filter::{Filter, Place};
use model::mailbox::MailboxName;
use model::messages::{Arrangement, Direction, Key};
use model::modseq::{ModSeq, Moment};
use model::structure::PartNumber;
use model::uid::Uid;
use model::uid_set::UidSet;
use testbed::Description;
use testbed::client::{Append, Client};
use testbed::people::Person;

/// An answer, as words that can be compared.
pub(crate) type Answering<'a> = Pin<Box<dyn Future<Output = Result<String>> + Send + 'a>>;

/// One question to the engine.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) ask: for<'a> fn(&'a mut Lease) -> Answering<'a>,
}

macro_rules! step {
    ($name:literal, $lease:ident => $answer:expr) => {
        Step { name: $name, ask: |$lease| Box::pin(async move { Ok(format!("{:?}", $answer)) }) }
    };
}

pub(crate) fn archive() -> MailboxName {
    MailboxName::new("Archive").unwrap()
}

pub(crate) fn set(text: &str) -> UidSet {
    UidSet::from_wire(text).unwrap()
}

fn uid(number: u32) -> Uid {
    Uid::new(number).unwrap()
}

async fn inbox(lease: &mut Lease) -> Result<&mut Lease> {
    lease.select(&MailboxName::inbox()).await?;
    Ok(lease)
}

async fn window(lease: &mut Lease, arrangement: Arrangement, filter: Filter) -> Result<String> {
    let rows = inbox(lease).await?.window(arrangement, &filter, 1, 4).await?;
    Ok(format!("{rows:?}"))
}

/// What is asked of an account.
pub(crate) const ACCOUNT: &[Step] = &[
    step!("id", lease => lease.id(&["name", "Pennypost"]).await?),
    step!("namespaces", lease => lease.namespaces().await?),
    step!("mailboxes", lease => lease.mailboxes().await?),
    step!("status", lease => lease.status(&[MailboxName::inbox(), archive()]).await?),
    step!("mailbox ids", lease => lease.mailbox_ids(&[archive()]).await?),
    step!("rights", lease => lease.my_rights(&archive()).await?),
    step!("quotas", lease => lease.quotas(&archive()).await?),
    step!("metadata", lease => lease.metadata(&archive(), Entry::PrivateComment).await?),
    step!("server metadata", lease => lease.server_metadata(ServerEntry::Comment).await?),
    step!("noop", lease => lease.noop().await?),
];

/// What is asked of a list. Other mailboxes come in between: none may be taken for another.
pub(crate) const LISTS: &[Step] = &[
    step!("select", lease => lease.select(&MailboxName::inbox()).await?),
    step!("envelopes", lease => inbox(lease).await?.envelopes(0, 5).await?),
    step!("sorted", lease => window(lease, Arrangement::by(Key::Date), Filter::default()).await?),
    step!("sorted and filtered", lease => {
        window(lease, Arrangement::by(Key::Subject), Filter::unread()).await?
    }),
    step!("filtered by words", lease => {
        let words = Filter::with_words(Place::Subject, "lettér").unwrap();
        window(lease, Arrangement::By(Key::Arrival, Direction::Ascending), words).await?
    }),
    step!("unread first", lease => window(lease, Arrangement::UnreadFirst, Filter::default()).await?),
    step!("threads", lease => window(lease, Arrangement::Threads, Filter::default()).await?),
    step!("another mailbox", lease => {
        let opened = lease.select(&archive()).await?;
        (opened, lease.envelopes(0, 5).await?)
    }),
    step!("the first mailbox again", lease => {
        let opened = lease.select_anew(&MailboxName::inbox()).await?;
        (opened, lease.envelopes(0, 5).await?)
    }),
    step!("looked at anew", lease => lease.select_anew(&MailboxName::inbox()).await?),
];

/// What is asked of messages.
pub(crate) const MESSAGES: &[Step] = &[
    step!("previews", lease => inbox(lease).await?.previews(&set("1:4")).await?),
    step!("message", lease => inbox(lease).await?.message(uid(3)).await?),
    step!("part", lease => {
        inbox(lease).await?.part(uid(3), &PartNumber::root().child(2), 0, 100_000).await?
    }),
    step!("parts", lease => {
        let parts = [1, 2].map(|number| (PartNumber::root().child(number), 30_000));
        inbox(lease).await?.parts(uid(3), &parts).await?
    }),
    step!("sections", lease => {
        let mime = Section::Mime(PartNumber::root().child(2));
        let wanted = [Section::Source, mime].map(|section| Wanted { section, offset: 10, length: 200 });
        inbox(lease).await?.sections(uid(3), &wanted).await?
    }),
    step!("source", lease => inbox(lease).await?.source(uid(2), 0, 10_000).await?),
    step!("a message that is not there", lease => inbox(lease).await?.message(uid(999)).await?.is_some()),
    step!("changes", lease => {
        let opened = inbox(lease).await?.select_anew(&MailboxName::inbox()).await?;
        let since = opened.moment().map(|now| Moment { modseq: ModSeq::new(3).unwrap(), ..now });
        lease.changes(since).await?
    }),
];

/// Somebody whose mail all sessions read: letters in the Inbox, the third with a picture, and other ones in the archive.
pub(crate) async fn reader(testbed: &Description) -> Person {
    let person = Person::fresh();
    let mut other = Client::sign_in(testbed, &person).await.unwrap();
    other.ensure("Archive").await.unwrap();
    let letter = |index: u32, kind: &str| {
        let head = format!(
            "Message-ID: <{index}@a.test>\r\nIn-Reply-To: <{}@a.test>\r\nSubject: {kind} lettér {index}\r\n\
             From: Zoe <z{index}@a.test>\r\nDate: Fri, {} May 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n",
            index / 2,
            10 + index * 7 % 11
        );
        let picture = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2\r\n".repeat(500);
        let body = if index == 3 {
            format!(
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nLook.\r\n--b\r\n\
                 Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n{picture}--b--\r\n"
            )
        } else {
            format!("Content-Type: text/plain\r\n\r\nThese are the words of {index}.\r\n")
        };
        (head + &body).into_bytes()
    };
    for index in 1..=8 {
        let flags = ["()", "(\\Seen)", "(\\Flagged)"][index as usize % 3];
        other.append("INBOX", Some(flags), None, &letter(index, "first")).await.unwrap();
    }
    let others: Vec<_> = (11..=14).map(|index| letter(index, "other")).collect();
    let appends = others.iter().map(|message| Append {
        mailbox: "Archive",
        flags: Some("(\\Seen)"),
        date: None,
        message,
    });
    other.append_all(&appends.collect::<Vec<_>>()).await.unwrap();
    // Who opens a mailbox first is told that its messages are recent; Dovecot keeps what it worked out.
    for mailbox in ["INBOX", "Archive"] {
        other.flags(mailbox).await.unwrap();
    }
    person
}
