//! Fills the mailboxes of the demo.

use time::{Duration, OffsetDateTime};

use crate::client::Client;
use crate::letters::{Letter, text};
use crate::mailgen::{Posted, inbox, lunch};
use crate::people::{DEMO, DemoPerson};
use crate::{Description, Error, Result};

/// Mailboxes of the first person besides those that everybody has.
const FOLDERS: [&str; 5] =
    ["Projects", "Projects/2026", "Reisen & Büro", "Quotes \"and\" back\\slash", "日本語"];

/// Fills every mailbox, unless that was done before.
///
/// # Errors
/// When the mail server refuses.
pub async fn seed(testbed: &Description, now: OffsetDateTime) -> Result<()> {
    let done = testbed.folder.join("seeded");
    if done.exists() {
        return Ok(());
    }
    let [anna, ben, chloe, support] = &DEMO;
    for (person, count) in [(anna, 247), (ben, 80), (chloe, 60), (support, 45)] {
        let to = format!("{} <{}>", person.name, person.address);
        let mut client = Client::sign_in(testbed, &person.person()).await?;
        for posted in inbox(now, &to, count) {
            post(&mut client, "INBOX", &posted).await?;
        }
        for (index, posted) in sent(person, now).iter().enumerate() {
            post(&mut client, if index % 4 == 3 { "Archive" } else { "Sent" }, posted).await?;
        }
        if person.address == anna.address {
            folders(&mut client, now, &to).await?;
        }
        if person.address == support.address {
            client.command(&format!("SETACL INBOX {} lrswipkxte", anna.address)).await?;
            client.command(&format!("SETACL INBOX {} lrs", ben.address)).await?;
        }
        client.sign_out().await?;
    }
    std::fs::write(&done, "").map_err(Error::io("write", &done))?;
    Ok(())
}

async fn folders(client: &mut Client, now: OffsetDateTime, to: &str) -> Result<()> {
    for (index, name) in FOLDERS.iter().enumerate() {
        client.ensure(name).await?;
        for back in 0..4 {
            let date = now - Duration::days(i64::try_from(index * 9 + back).unwrap_or_default());
            let letter = Letter { subject: format!("Filed under {index}, number {back}"), ..lunch(date, to) };
            post(client, name, &Posted { letter, flags: if back == 3 { "()" } else { "(\\Seen)" } }).await?;
        }
    }
    let draft = Letter {
        from: to.to_owned(),
        to: "Óscar Peña <oscar@fincalaluz.example>".into(),
        subject: "Next year's harvest".into(),
        date: now - Duration::hours(3),
        more: Vec::new(),
        part: text("Hola Óscar,\n\n"),
    };
    post(client, "Drafts", &Posted { letter: draft, flags: "(\\Draft \\Seen)" }).await?;
    let junk = Letter {
        from: "Prize Office <win@lottery.example>".into(),
        to: to.to_owned(),
        subject: "You have won 1,000,000 €".into(),
        date: now - Duration::hours(5),
        more: Vec::new(),
        part: text("Dear winner,\n\nplease send your bank details.\n"),
    };
    post(client, "Junk", &Posted { letter: junk, flags: "()" }).await
}

fn sent(person: &DemoPerson, now: OffsetDateTime) -> Vec<Posted> {
    (1..=40)
        .map(|index| {
            let subjects = [
                "Re: Delivery window for the new grinder",
                "Thank you",
                "Re: Notes from our call 📞",
                "Order for next week",
            ];
            let letter = Letter {
                from: format!("{} <{}>", person.name, person.address),
                to: "Jonas Lindqvist <jonas@lindqvist-roasters.example>".into(),
                subject: subjects[index % subjects.len()].to_owned(),
                date: now - Duration::hours(i64::try_from(41 - index).unwrap_or_default() * 31),
                more: Vec::new(),
                part: text("Hi Jonas,\n\nsounds good, let's do it like that.\n\nBest\nAnna\n"),
            };
            Posted { letter, flags: "(\\Seen)" }
        })
        .collect()
}

async fn post(client: &mut Client, mailbox: &str, posted: &Posted) -> Result<()> {
    let date = posted.letter.internal_date();
    client.append(mailbox, Some(posted.flags), Some(&date), &posted.letter.bytes()).await.map(|_| ())
}
