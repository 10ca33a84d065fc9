//! A few hundred varied messages, the same in every run but for their dates: what a small roastery and the web
//! agency next door write each other.

use time::{Duration, OffsetDateTime};

use crate::letters::{Letter, Part, attached, file, flowed, html, multipart, pdf, png, text};

/// A message and the flags that it has.
#[derive(Clone, Debug)]
pub struct Posted {
    /// The message.
    pub letter: Letter,
    /// Its flags as APPEND takes them, such as `(\Seen)`.
    pub flags: &'static str,
}

pub(crate) const PEOPLE: [&str; 12] = [
    "Ben Okafor <ben@demo.test>",
    "Chloé Martin <chloe@demo.test>",
    "Jonas Lindqvist <jonas@lindqvist-roasters.example>",
    "Mei Tanaka 田中 <mei@tanaka.example>",
    "Дарья Соколова <darya@studio.example>",
    "Óscar Peña <oscar@fincalaluz.example>",
    "Stadtwerke Köln <service@stadtwerke.example>",
    "Lena Vogt <lena@pixelbude.example>",
    "Amira Haddad أميرة <amira@haddad.example>",
    "GitFarm <notifications@gitfarm.example>",
    "Paula O'Neil <paula.oneil@oneil-logistics.example>",
    "Bäckerei Schröder <bestellung@schroeder.example>",
];

pub(crate) const SUBJECTS: [&str; 20] = [
    "Delivery window for the new grinder",
    "Photos for the product page",
    "Cupping notes from Tuesday",
    "Zählerstand bitte bis Freitag",
    "Re: Contract with Finca La Luz",
    "Your order 4471 is on its way",
    "Build failed: shop-frontend #312",
    "Two questions about the invoice",
    "Sommerfest: wer bringt was mit?",
    "Price list from January",
    "Draft of the wholesale page",
    "Brötchen für Montag",
    "Notes from our call 📞",
    "Sample roast, batch 17",
    "Holiday cover in August",
    "Reminder: fire inspection",
    "Re: Which scale do you use?",
    "Neue Etiketten, zweiter Versuch",
    "Visit to the harbour warehouse",
    "A long subject that goes on about the delivery, the invoice, the pallet that stood in the rain, and what we do about all of it next week",
];

const OPENINGS: [&str; 8] = [
    "Hi Anna,\n\nthe pallet arrived this morning and everything is dry.",
    "Hello,\n\nI had another look at the numbers and they add up now.",
    "Hallo Anna,\n\nanbei die Fotos, die besten drei habe ich markiert.",
    "Dear Anna,\n\nthank you for the samples. The washed one is our favourite.",
    "Moin,\n\nkönnen wir das Treffen auf 14 Uhr legen?",
    "Hi,\n\nquick one before the weekend: which bag size goes into the subscription?",
    "Anna,\n\nI moved the banner up and made the text shorter, see what you think.",
    "Hello Anna,\n\nthe scale drifts by two grams since Monday, I ordered a new cell.",
];

const MIDDLES: [&str; 6] = [
    "We roast on Wednesday, so tell me by tomorrow noon if you need more than twelve kilos.\nTracking is at https://parcels.example/track?id=8841 as usual.",
    "I would keep the old label until the stock is used up; nobody will notice the new green.\nCosts stay below 300 €.",
    "Der Bäcker bringt am Montag zwanzig Brötchen mehr, bitte gebt ihm den Schlüssel.",
    "There is one thing I don't understand: line seven counts the deposit twice.\nCould you ask oscar@fincalaluz.example?",
    "The page loads in 0.8 s now. Most of it was the font.\nIf you agree I put it live tonight.",
    "> Do we have room for another shelf?\n\nYes, if the boxes go upstairs.\n\n> And who carries them?\n\nNot me.",
];

const CLOSINGS: [&str; 4] = ["Best,", "Viele Grüße", "Cheers\n-- ", "Thanks!"];

fn first_name(person: &str) -> &str {
    person.split([' ', '<']).next().unwrap_or(person)
}

/// The Inbox of the first person, oldest first; the last three are the ones that tests and people look for.
pub fn inbox(now: OffsetDateTime, to: &str, count: usize) -> Vec<Posted> {
    let mut posted: Vec<Posted> = (0..count).map(|index| ordinary(index, count, now, to)).collect();
    posted.push(Posted { letter: invoice(now - Duration::minutes(95), to), flags: "()" });
    posted.push(Posted { letter: newsletter(now - Duration::minutes(40), to), flags: "()" });
    posted.push(Posted { letter: lunch(now - Duration::minutes(12), to), flags: "()" });
    posted
}

/// One message of many; every kind comes up now and then.
fn ordinary(index: usize, count: usize, now: OffsetDateTime, to: &str) -> Posted {
    // The further back, the further apart.
    let back = i64::try_from(count - index).unwrap_or_default();
    let date = now - Duration::minutes(120 + back * 47 + back * back * 12);
    let pick = |list: &[&'static str], step: usize| list[(index * step + index / 7) % list.len()];
    // Nobody writes to themselves.
    let (subject, from) = match (pick(&SUBJECTS, 7), pick(&PEOPLE, 5)) {
        (subject, from) if from == to => (subject, PEOPLE[2]),
        others => others,
    };
    let (reader, writer) = (first_name(to), first_name(from));
    let opening = pick(&OPENINGS, 3).replace("Anna", reader);
    let words = format!("{opening}\n\n{}\n\n{}\n{writer}\n", pick(&MIDDLES, 5), pick(&CLOSINGS, 1));
    let mut more = Vec::new();
    let part = match index % 17 {
        1 => multipart(
            "alternative",
            &[text(&words), html(&format!("<p>{}</p>", words.replace('\n', "<br>")))],
        ),
        4 => flowed(&words.replace(". ", ". \n")),
        6 => multipart(
            "mixed",
            &[
                text(&words),
                file(
                    "text/csv; name=prices.csv",
                    "attachment; filename=prices.csv",
                    b"bean;price\nLa Luz;11,20\n",
                ),
            ],
        ),
        8 => latin1(&words),
        9 => multipart(
            "mixed",
            &[
                text(&words),
                file(
                    "application/pdf",
                    "attachment; filename*=utf-8''Angebot%20f%C3%BCr%20Anna.pdf",
                    &pdf("Angebot"),
                ),
            ],
        ),
        11 => {
            more.push(format!("In-Reply-To: <{}@demo.test>", index.saturating_sub(3)));
            more.push(format!("References: <a{index}@demo.test> <{}@demo.test>", index.saturating_sub(3)));
            text(&words)
        }
        12 => multipart("mixed", &[text(&words), attached(&lunch(date, to).bytes())]),
        13 => {
            more.push(
                "List-Unsubscribe: <https://lists.example/leave>, <mailto:leave@lists.example>".to_owned(),
            );
            more.push("List-Id: Coffee people <coffee.lists.example>".to_owned());
            newsletter(date, to).part
        }
        14 => multipart(
            "mixed",
            &[
                text(&words),
                file(
                    "text/calendar; method=REQUEST; charset=utf-8",
                    "attachment; filename=invite.ics",
                    INVITATION,
                ),
            ],
        ),
        15 => japanese(),
        _ => text(&words),
    };
    let part = if index % 97 == 50 {
        multipart(
            "mixed",
            &[
                part,
                file(
                    "application/zip; name=photos.zip",
                    "attachment; filename=photos.zip",
                    &noise(1_200_000),
                ),
            ],
        )
    } else {
        part
    };
    let flags = match index % 11 {
        0 if back < 60 => "()",
        3 => "(\\Seen \\Answered)",
        5 => "(\\Seen \\Flagged)",
        7 if back < 90 => "()",
        8 => "(\\Seen $Work)",
        _ => "(\\Seen)",
    };
    let subject = if index % 61 == 40 { String::new() } else { subject.to_owned() };
    Posted { letter: Letter { from: from.to_owned(), to: to.to_owned(), subject, date, more, part }, flags }
}

/// A plain message.
pub fn lunch(date: OffsetDateTime, to: &str) -> Letter {
    let words = "Hi,\n\nare you free on Thursday at half past twelve? The place at the corner has the pumpkin soup again:\n\
                 https://corner.example/menu\n\n> Last time you said Wednesdays are better.\n> Are they still?\n\nNo, they moved \
                 the cupping.\n\n-- \nBen Okafor\nRoastery Hall 3\n";
    Letter {
        from: "Ben Okafor <ben@demo.test>".into(),
        to: to.into(),
        subject: "Lunch on Thursday?".into(),
        date,
        more: Vec::new(),
        part: text(words),
    }
}

/// An HTML newsletter with pictures of its own and ones that would have to be asked for.
pub fn newsletter(date: OffsetDateTime, to: &str) -> Letter {
    let offers: String = [
        ("La Luz, Guatemala", "Cocoa, orange, a long finish. Washed, 1,650 m.", "11.20"),
        ("Kiunyu, Kenya", "Blackcurrant and brown sugar. The loud one.", "13.40"),
        ("Sítio da Torre, Brazil", "Hazelnut and milk chocolate. For espresso.", "9.80"),
        ("Decaf Huila, Colombia", "Caramel, plum. Sleeps well.", "10.90"),
    ]
    .iter()
    .map(|(name, words, price)| {
        format!(
            "<tr><td style=\"padding:16px;border-bottom:1px solid #e4d9c8\"><h2 style=\"margin:0;font-size:18px;color:#4a2f1b\">{name}</h2>\
             <p style=\"margin:4px 0 0;color:#5d5148\">{words}</p></td><td align=\"right\" style=\"padding:16px;border-bottom:1px solid #e4d9c8;\
             white-space:nowrap\"><b>€ {price}</b><br><a href=\"https://shop.example/bean\" style=\"color:#8a4b16\">Order</a></td></tr>"
        )
    })
    .collect();
    let markup = format!(
        "<html><head><title>x</title><style>@import url(https://tracker.example/s.css); td {{ font-family: sans-serif }}</style></head>\
         <body bgcolor=\"#f5efe6\"><table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" bgcolor=\"#f5efe6\"><tr><td align=\"center\">\
         <table width=\"600\" cellpadding=\"0\" cellspacing=\"0\" style=\"background-color:#fffdf9;font-family:Georgia,serif\">\
         <tr><td colspan=\"2\" align=\"center\" style=\"padding:24px;background-color:#4a2f1b;color:#fff\"><img src=\"cid:mark@demo.test\" \
         width=\"64\" height=\"64\" alt=\"Lindqvist\"><h1 style=\"margin:8px 0 0;font-weight:normal\">The November roast list</h1></td></tr>\
         {offers}<tr><td colspan=\"2\" style=\"padding:16px;font-size:13px;color:#6b6058\">You read this because you asked for it. \
         <a href=\"https://lists.example/leave\">Leave the list</a>.<img src=\"https://tracker.example/open.gif?who=anna\" width=\"1\" \
         height=\"1\" alt=\"\"><img src=\"https://shop.example/banner.jpg\" alt=\"Banner\"></td></tr></table></td></tr></table>\
         <script>fetch('https://tracker.example/js')</script></body></html>"
    );
    let related = multipart(
        "related",
        &[html(&markup), {
            let mut mark = file("image/png; name=mark.png", "inline; filename=mark.png", &png(64));
            mark.header.push("Content-ID: <mark@demo.test>".into());
            mark
        }],
    );
    Letter {
        from: "Lindqvist Roasters <news@lindqvist-roasters.example>".into(),
        to: to.into(),
        subject: "The November roast list".into(),
        date,
        more: vec!["List-Unsubscribe: <https://lists.example/leave>".into()],
        part: multipart(
            "alternative",
            &[text("The November roast list\n\nLa Luz 11.20\nKiunyu 13.40\n"), related],
        ),
    }
}

/// A message with two attachments.
pub fn invoice(date: OffsetDateTime, to: &str) -> Letter {
    let words = "Dear Anna,\n\nattached are invoice 2026-118 and its items as a table.\n\nKind regards\nPaula O'Neil\n";
    Letter {
        from: "Paula O'Neil <paula.oneil@oneil-logistics.example>".into(),
        to: to.into(),
        subject: "Invoice 2026-118 with attachment".into(),
        date,
        more: Vec::new(),
        part: multipart(
            "mixed",
            &[
                text(words),
                file(
                    "application/pdf; name=\"invoice-2026-118.pdf\"",
                    "attachment; filename=\"invoice-2026-118.pdf\"",
                    &pdf("Invoice 2026-118"),
                ),
                file(
                    "text/csv; name=items.csv",
                    "attachment; filename=items.csv",
                    b"item,amount\npallet,2\ntransport,1\n",
                ),
            ],
        ),
    }
}

const INVITATION: &[u8] = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//demo//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n\
UID:cupping@demo.test\r\nDTSTAMP:20261101T080000Z\r\nDTSTART:20261203T130000Z\r\nDTEND:20261203T140000Z\r\n\
SUMMARY:Cupping\r\nORGANIZER:mailto:ben@demo.test\r\nATTENDEE:mailto:anna@demo.test\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/// Text as programs of the nineties sent it.
fn latin1(words: &str) -> Part {
    let mut body = Vec::new();
    for c in words.replace('\n', "\r\n").chars() {
        match u8::try_from(u32::from(c)) {
            Ok(byte) if byte.is_ascii() && byte != b'=' => body.push(byte),
            Ok(byte) => body.extend_from_slice(format!("={byte:02X}").as_bytes()),
            Err(_) => body.push(b'?'),
        }
    }
    Part {
        header: vec![
            "Content-Type: text/plain; charset=iso-8859-1".into(),
            "Content-Transfer-Encoding: quoted-printable".into(),
        ],
        body,
    }
}

fn japanese() -> Part {
    Part {
        header: vec![
            "Content-Type: text/plain; charset=iso-2022-jp".into(),
            "Content-Transfer-Encoding: 7bit".into(),
        ],
        body: b"\x1b$B$3$s$K$A$O\x1b(B Anna,\r\n\r\n\x1b$B%3!<%R!<\x1b(B OK.\r\n".to_vec(),
    }
}

/// Bytes that no archive program knows and no compression shrinks.
fn noise(size: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut bytes = b"PK\x05\x06".to_vec();
    bytes.resize_with(size, || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    });
    bytes
}
