//! Fills the mailboxes of the demo.

use time::{Duration, OffsetDateTime};

use crate::client::{Append, Client};
use crate::letters::{Letter, text};
use crate::mailgen::{Posted, inbox};
use crate::people::{DEMO, DemoPerson};
use crate::{Description, Error, Result, conversations, curiosities, gallery};

const READ: &str = "(\\Seen)";

/// Mailboxes of the first person besides those that everybody has, with the subjects in them.
const FOLDERS: [(&str, [&str; 3]); 5] = [
    ("Projects", ["What is where", "Budget, second round", "Contacts"]),
    (
        "Projects/2026",
        [
            "Second roaster: plan of the hall",
            "Fire safety: what the inspector wants",
            "Offer for the chimney",
        ],
    ),
    (
        "Reisen & Büro",
        ["Ihre Fahrkarte nach Malmö", "Zimmer mit Frühstück, 2 Nächte", "Neue Druckerpatronen"],
    ),
    (
        "Quotes \"and\" back\\slash",
        ["A folder that an import made", "Another one", "Who names folders like this?"],
    ),
    ("日本語", ["豆の注文", "Re: 豆の注文", "来年の予定"]),
];

/// Fills every mailbox, unless that was done before.
///
/// # Errors
/// When the mail server refuses.
pub async fn seed(testbed: &Description, now: OffsetDateTime) -> Result<()> {
    let done = testbed.folder.join("seeded");
    if done.exists() {
        return Ok(());
    }
    for (person, count) in DEMO.iter().zip([247, 80, 60, 45]) {
        let to = format!("{} <{}>", person.name, person.address);
        let mut mail = Vec::new();
        conversation_sides(person, now, &mut mail);
        if person.address == DEMO[0].address {
            own(now, &to, &mut mail);
        }
        for (index, letter) in sent(person, now).into_iter().enumerate() {
            put(&mut mail, if index % 4 == 3 { "Archive" } else { "Sent" }, letter, READ);
        }
        // As mail arrives: the oldest first, and the three known ones last.
        mail.extend(inbox(now, &to, count).into_iter().map(|posted| ("INBOX", posted)));
        mail.sort_by_key(|(_, posted)| posted.letter.date);
        fill(testbed, person, &mail).await?;
    }
    std::fs::write(&done, "").map_err(Error::io("write", &done))
}

async fn fill(testbed: &Description, person: &DemoPerson, mail: &[(&str, Posted)]) -> Result<()> {
    let mut client = Client::sign_in(testbed, &person.person()).await?;
    for mailbox in FOLDERS.map(|(mailbox, _)| mailbox).into_iter().chain([gallery::MAILBOX]) {
        if mail.iter().any(|(name, _)| *name == mailbox) {
            client.ensure(mailbox).await?;
        }
    }
    let ready: Vec<_> = mail
        .iter()
        .map(|(mailbox, posted)| {
            (*mailbox, posted.flags, posted.letter.internal_date(), posted.letter.bytes())
        })
        .collect();
    let appends: Vec<_> = ready
        .iter()
        .map(|(mailbox, flags, date, message)| Append {
            mailbox,
            flags: Some(flags),
            date: Some(date),
            message,
        })
        .collect();
    client.append_all(&appends).await?;
    client.sign_out().await
}

fn put(mail: &mut Vec<(&str, Posted)>, mailbox: &'static str, letter: Letter, flags: &'static str) {
    mail.push((mailbox, Posted { letter, flags }));
}

/// Of every conversation this person's side: what came, and what they wrote.
fn conversation_sides(person: &DemoPerson, now: OffsetDateTime, mail: &mut Vec<(&str, Posted)>) {
    let letters = conversations::all(now);
    for (index, letter) in letters.iter().enumerate() {
        let answered = letters
            .get(index + 1)
            .is_some_and(|next| next.from == letter.to && next.subject.starts_with("Re: "));
        if letter.from.contains(person.address) {
            put(mail, "Sent", letter.clone(), READ);
        } else if letter.to.contains(person.address) {
            put(mail, "INBOX", letter.clone(), if answered { "(\\Seen \\Answered)" } else { READ });
        }
    }
}

/// What only the first person has.
fn own(now: OffsetDateTime, to: &str, mail: &mut Vec<(&str, Posted)>) {
    for (index, letter) in curiosities::all(now, to).into_iter().enumerate() {
        put(mail, "INBOX", letter, if index % 3 == 0 { "()" } else { READ });
    }
    let letter = |from: &str, subject: &str, days: i64, words: &str| Letter {
        from: from.into(),
        to: to.into(),
        subject: subject.into(),
        date: now - Duration::days(days) - Duration::minutes(17 * days),
        more: Vec::new(),
        part: text(words),
    };
    for letter in gallery::all(now, to) {
        put(mail, gallery::MAILBOX, letter, READ);
    }
    for (folder, subjects) in FOLDERS {
        for (subject, days) in subjects.into_iter().zip([2, 33, 71]) {
            let words = "Hi Anna,\n\nhere it is, so that we find it again when somebody asks.\n\nBen\n";
            let flags = if days == 2 { "()" } else { READ };
            put(mail, folder, letter("Ben Okafor <ben@demo.test>", subject, days, words), flags);
        }
    }
    let draft = |receiver: &str, subject: &str, words: &str, days| Letter {
        from: to.into(),
        to: receiver.into(),
        ..letter(to, subject, days, words)
    };
    let oscar = "Óscar Peña <oscar@fincalaluz.example>";
    put(mail, "Drafts", draft(oscar, "Next year's harvest", "Hola Óscar,\n\n", 1), "(\\Draft \\Seen)");
    let words = "Liebe Nachbarn,\n\nam Samstag rösten wir ab sechs Uhr früh. Es wird";
    put(mail, "Drafts", draft("", "Rösten am Samstag", words, 4), "(\\Draft \\Seen)");
    for (subject, days) in [
        "You have won 1,000,000 €",
        "Ihre Rechnung ist gesperrt!!!",
        "Cheap coffee pills",
        "Re: Re: URGENT transfer",
    ]
    .into_iter()
    .zip(1..)
    {
        let words = "Dear winner,\n\nplease send your bank details to http://prize.example/claim today.\n";
        put(mail, "Junk", letter("Prize Office <win@lottery.example>", subject, days * 3, words), "()");
    }
    for (subject, days) in
        ["Your cart misses you", "Webinar: disrupt your beans", "Parkplatz am Freitag"].into_iter().zip(1..)
    {
        let words = "Hello Anna,\n\nthis was not worth keeping.\n";
        put(mail, "Trash", letter("Newsletter <hello@bulk.example>", subject, days * 5, words), READ);
    }
}

fn sent(person: &DemoPerson, now: OffsetDateTime) -> Vec<Letter> {
    const WRITTEN: [(&str, &str); 5] = [
        (
            "Re: Delivery window for the new grinder",
            "Tuesday between nine and eleven suits us. Please use the gate in the yard.",
        ),
        ("Thank you", "thank you for the tour last week. We still talk about the smell in the drying hall."),
        ("Re: Notes from our call 📞", "I added the two prices that were missing and marked them in green."),
        (
            "Order for next week",
            "please put us down for four boxes of oat milk and one of the paper filters, size 4.",
        ),
        ("Re: Holiday cover in August", "sounds good, let's do it like that."),
    ];
    let first = person.name.split(' ').next().unwrap_or(person.name);
    WRITTEN
        .iter()
        .cycle()
        .zip(1..=40)
        .map(|((subject, words), index)| Letter {
            from: format!("{} <{}>", person.name, person.address),
            to: "Jonas Lindqvist <jonas@lindqvist-roasters.example>".into(),
            subject: (*subject).to_owned(),
            date: now - Duration::hours((41 - index) * 31),
            more: Vec::new(),
            part: text(&format!("Hi Jonas,\n\n{words}\n\nBest\n{first}\n")),
        })
        .collect()
}
