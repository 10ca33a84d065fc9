//! Mailboxes of any size, written to disk as Dovecot would have: 300,000 messages in less time than they would take to
//! be sent. The same number and seed make the same mail.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{chown, fchown};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use crate::mailgen::{PEOPLE, SUBJECTS};
use crate::people::Person;
use crate::place::{ids_of, is_root, own_ids};
use crate::{Description, Error, Result, letters};

/// Changed with anything below, so that what an older one wrote is not taken for this.
const FORMAT: u32 = 1;

/// A word in the subject of about one message in a hundred, and in no other.
pub const SEARCHED: &str = "Kardamom";

/// When the newest message arrived: 1 June 2026.
const NEWEST: u64 = 1_780_300_800;

/// From the first message to the last: three years.
const SPAN: u64 = 3 * 365 * 24 * 3600;

/// Fills the Inbox of somebody who has no other mail, unless that was done before; tells whether it was done now. Nobody
/// may be signed in as them meanwhile.
///
/// # Errors
/// When the files cannot be written.
pub fn inbox(testbed: &Description, person: &Person, messages: u32, seed: u64) -> Result<bool> {
    let home = home(testbed, person);
    let done = home.join(format!("written-{FORMAT}-{seed}-{messages}"));
    if done.exists() {
        return Ok(false);
    }
    if home.exists() {
        fs::remove_dir_all(&home).map_err(Error::io("remove", &home))?;
    }
    let owner = if is_root() { ids_of("mail").unwrap_or((8, 8)) } else { own_ids() };
    let maildir = home.join("Maildir");
    for part in ["cur", "new", "tmp"] {
        let path = maildir.join(part);
        fs::create_dir_all(&path).map_err(Error::io("create", &path))?;
    }
    for path in [home.parent().unwrap_or(&home), &home, &maildir] {
        give(path, owner)?;
    }
    for part in ["cur", "new", "tmp"] {
        give(&maildir.join(part), owner)?;
    }
    let (folder, workers) =
        (maildir.join("cur"), std::thread::available_parallelism().map_or(2, usize::from));
    let share = messages.div_ceil(u32::try_from(workers).unwrap_or(2)).max(1);
    std::thread::scope(|scope| {
        let begun: Vec<_> = (0..messages)
            .step_by(usize::try_from(share).unwrap_or(1))
            .map(|first| {
                let (mailbox, folder) = (Mailbox { messages, seed, person }, &folder);
                scope.spawn(move || mailbox.write(folder, first..(first + share).min(messages), owner))
            })
            .collect();
        begun
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or(Err(Error::Waited("a thread that writes".into()))))
    })?;
    fs::write(&done, "").map_err(Error::io("write", &done))?;
    Ok(true)
}

/// Where Dovecot keeps what somebody has.
fn home(testbed: &Description, person: &Person) -> PathBuf {
    let (name, domain) = person.address.split_once('@').unwrap_or((&person.address, ""));
    testbed.folder.join("mail").join(domain).join(name)
}

fn give(path: &Path, (uid, gid): (u32, u32)) -> Result<()> {
    chown(path, Some(uid), Some(gid)).map_err(Error::io("change the owner of", path))
}

#[derive(Clone, Copy)]
struct Mailbox<'a> {
    messages: u32,
    seed: u64,
    person: &'a Person,
}

impl Mailbox<'_> {
    fn write(&self, folder: &Path, which: std::ops::Range<u32>, (uid, gid): (u32, u32)) -> Result<()> {
        for index in which {
            let message = self.message(index);
            let arrived = self.arrived(index);
            // Dovecot reads both sizes out of the name; the second counts every line break as two bytes.
            let lines = message.bytes().filter(|byte| *byte == b'\n').count();
            let flags = match self.chance(index, 1) % 100 {
                0..10 => "",
                10..14 => "FS",
                14..24 => "RS",
                _ => "S",
            };
            let path = folder.join(format!(
                "{arrived}.M{index:06}P1.large,S={},W={}:2,{flags}",
                message.len(),
                message.len() + lines
            ));
            File::create(&path)
                .and_then(|mut file| {
                    file.write_all(message.as_bytes())?;
                    fchown(&file, Some(uid), Some(gid))?;
                    file.set_modified(UNIX_EPOCH + Duration::from_secs(arrived))
                })
                .map_err(Error::io("write", &path))?;
        }
        Ok(())
    }

    /// A number that looks like chance and is the same in every run (SplitMix64).
    fn chance(&self, index: u32, what: u64) -> usize {
        let mut state = self.seed ^ (u64::from(index) << 20) ^ what.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((state ^ (state >> 31)) & 0xffff_ffff).unwrap_or_default()
    }

    /// Seconds since 1970; later for every message.
    fn arrived(&self, index: u32) -> u64 {
        let back = u64::from(self.messages - 1 - index.min(self.messages - 1));
        NEWEST - back * (SPAN / u64::from(self.messages)).max(1)
    }

    /// What a message answers: a third of them answer one of the twenty before.
    fn answered(&self, index: u32) -> Option<u32> {
        let back = u32::try_from(self.chance(index, 2) % 20).unwrap_or_default() + 1;
        (self.chance(index, 3).is_multiple_of(3)).then(|| index.checked_sub(back)).flatten()
    }

    fn message_id(&self, index: u32) -> String {
        format!("<{index}.{}@large.test>", self.seed)
    }

    fn message(&self, index: u32) -> String {
        let mut thread = Vec::new();
        let mut first = index;
        while let Some(before) = self.answered(first) {
            thread.push(self.message_id(before));
            first = before;
        }
        let mut subject = format!(
            "{} {}",
            SUBJECTS[self.chance(first, 4) % SUBJECTS.len()].trim_start_matches("Re: "),
            self.chance(first, 5) % 10_000
        );
        if self.chance(first, 6).is_multiple_of(100) {
            subject = format!("{SEARCHED}: {subject}");
        }
        // Some clocks are wrong and some mail is late: the order of dates is not that of arrival.
        let written =
            self.arrived(index) - u64::try_from(self.chance(index, 7) % 200_000).unwrap_or_default();
        let date =
            i64::try_from(written).ok().and_then(|time| OffsetDateTime::from_unix_timestamp(time).ok());
        let date = date.and_then(|date| date.format(&Rfc2822).ok()).unwrap_or_default();
        let from = match self.chance(index, 8) % 600 {
            known if known < PEOPLE.len() * 20 => letters::person(PEOPLE[known % PEOPLE.len()]),
            other => format!("Correspondent {other} <c{other}@domain{}.example>", other % 37),
        };
        let mut message = String::with_capacity(4096);
        // Writing into a string does not fail.
        let _ = write!(
            message,
            "Return-Path: <bounce@large.test>\nReceived: from mx.large.test by mail.test with ESMTPS id {index:x}; {date}\n\
             From: {from}\nTo: {}\nSubject: {}{}\nDate: {date}\nMessage-ID: {}\nMIME-Version: 1.0\n",
            self.person.address,
            if thread.is_empty() { "" } else { "Re: " },
            letters::words(&subject).replace('\r', ""),
            self.message_id(index)
        );
        if let Some(before) = thread.first() {
            let all: Vec<&str> = thread.iter().rev().map(String::as_str).collect();
            let _ = write!(message, "In-Reply-To: {before}\nReferences: {}\n", all.join("\n "));
        }
        self.body(index, &mut message);
        message
    }

    /// Mostly a few lines; some letters with HTML beside the text, a few with a file.
    fn body(&self, index: u32, message: &mut String) {
        let line = |number: usize| LINES[self.chance(index, 100 + number as u64) % LINES.len()];
        let text: String =
            (0..3 + self.chance(index, 9) % 20).flat_map(|number| [line(number), "\n"]).collect();
        let plain = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n";
        let kind = match self.chance(index, 10) % 100 {
            0..80 => {
                message.push_str(plain);
                message.push_str(&text);
                return;
            }
            80..99 => "alternative",
            _ => "mixed",
        };
        let _ = write!(
            message,
            "Content-Type: multipart/{kind}; boundary=\"=_large\"\n\n--=_large\n{plain}{text}\n--=_large\n"
        );
        if kind == "alternative" {
            message.push_str(
                "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n<html><body>",
            );
            for number in 0..12 + self.chance(index, 11) % 60 {
                let _ = writeln!(message, "<p style=\"margin:4px 0;color:#5d5148\">{}</p>", line(number));
            }
            message.push_str("</body></html>");
        } else {
            message.push_str(
                "Content-Type: application/pdf; name=plan.pdf\nContent-Transfer-Encoding: base64\n\
                 Content-Disposition: attachment; filename=plan.pdf\n\n",
            );
            for _ in 0..200 + self.chance(index, 12) % 400 {
                message.push_str(&"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVph".repeat(2));
                message.push('\n');
            }
        }
        message.push_str("\n--=_large--\n");
    }
}

const LINES: [&str; 10] = [
    "the pallet arrived this morning and everything is dry.",
    "I had another look at the numbers and they add up now.",
    "Anbei die Fotos, die besten drei habe ich markiert. Grüße aus Köln!",
    "",
    "We roast on Wednesday, so tell me by tomorrow noon if you need more than twelve kilos.",
    "Tracking is at https://parcels.example/track?id=8841 as usual.",
    "> Do we have room for another shelf?",
    "Yes, if the boxes go upstairs.",
    "There is one thing I do not understand: line seven counts the deposit twice.",
    "The page loads in 0.8 s now. Most of it was the font.",
];

#[cfg(test)]
mod tests {
    use super::{Mailbox, SEARCHED};
    use crate::people::Person;

    #[test]
    fn mail_is_varied_and_the_same_in_every_run() {
        let person = Person { address: "a@test.test".into(), password: String::new() };
        let mailbox = Mailbox { messages: 2000, seed: 1, person: &person };
        let all: Vec<String> = (0..2000).map(|index| mailbox.message(index)).collect();
        assert_eq!(all[777], Mailbox { messages: 2000, seed: 1, person: &person }.message(777));
        assert_ne!(all[777], Mailbox { messages: 2000, seed: 2, person: &person }.message(777));
        let holding = |word: &str| all.iter().filter(|message| message.contains(word)).count();
        assert!((5..60).contains(&holding(SEARCHED)), "{}", holding(SEARCHED));
        assert!((500..900).contains(&holding("In-Reply-To:")), "{}", holding("In-Reply-To:"));
        assert!((200..600).contains(&holding("multipart/")), "{}", holding("multipart/"));
        assert!((1..2000).all(|index| mailbox.arrived(index) > mailbox.arrived(index - 1)));
    }
}
