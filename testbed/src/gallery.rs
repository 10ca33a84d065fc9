//! Letters as shops, offices and machines write them: markup that is made by programs, all of it our own.

use time::{Duration, OffsetDateTime};

use crate::letters::{Letter, Part, file, html, multipart, pdf, text};

/// The mailbox of the demo that they lie in.
pub const MAILBOX: &str = "Gallery";

const HERO: &[u8] = include_bytes!("letters/hero.png");
const CODE: &[u8] = include_bytes!("letters/code.png");
const LOGO: &[u8] = include_bytes!("letters/logo.png");

/// All of them, written to somebody in the days before.
pub fn all(now: OffsetDateTime, to: &str) -> Vec<Letter> {
    let mut days = 0;
    let mut letter = |from: &str, subject: &str, more: &[&str], part: Part| {
        days += 1;
        Letter {
            from: from.into(),
            to: to.into(),
            subject: subject.into(),
            date: now - Duration::days(days),
            more: more.iter().map(|&line| line.to_owned()).collect(),
            part,
        }
    };
    vec![
        letter(
            "Hill & Kettle <letters@hillandkettle.example>",
            "Slow evenings need a good kettle",
            &[
                "List-Unsubscribe: <https://shop.hillandkettle.example/unsubscribe?u=8f31>",
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            ],
            multipart(
                "related",
                &[
                    both(include_str!("letters/shop.txt"), include_str!("letters/shop.html")),
                    picture("hero.png", "hero@hillandkettle.example", HERO),
                ],
            ),
        ),
        letter(
            "Morning Lines <news@morninglines.example>",
            "After nine years the tunnel opens on Friday",
            &["List-Unsubscribe: <https://www.morninglines.example/out>"],
            both(include_str!("letters/digest.txt"), include_str!("letters/digest.html")),
        ),
        letter(
            "Packwerk GmbH <rechnung@packwerk.example>",
            "Invoice R-2026-0471",
            &[],
            multipart(
                "mixed",
                &[
                    both(include_str!("letters/invoice.txt"), include_str!("letters/invoice.html")),
                    file(
                        "application/pdf; name=R-2026-0471.pdf",
                        "attachment; filename=R-2026-0471.pdf",
                        &pdf("Invoice R-2026-0471: EUR 225.51"),
                    ),
                ],
            ),
        ),
        letter(
            "Fjordpost <no-reply@fjordpost.example>",
            "Your parcel comes tomorrow",
            &[],
            both(include_str!("letters/parcel.txt"), include_str!("letters/parcel.html")),
        ),
        letter(
            "Nordlinje <tickets@nordlinje.example>",
            "Your ticket: Kassel – Malmö C, 3 December",
            &[],
            multipart(
                "related",
                &[
                    both(include_str!("letters/ticket.txt"), include_str!("letters/ticket.html")),
                    picture("code.png", "code@nordlinje.example", CODE),
                ],
            ),
        ),
        letter("Ben Okafor <ben@demo.test>", "Invitation: Cupping, the new harvest", &[], invitation()),
        letter(
            "wolkenkind <notifications@forge.example>",
            "Re: [roastlog/roastlog] The curve jumps (Issue #88)",
            &["List-ID: roastlog/roastlog <roastlog.roastlog.forge.example>", "Precedence: list"],
            both(include_str!("letters/forge.txt"), include_str!("letters/forge.html")),
        ),
        letter(
            "Beancloud <no-reply@accounts.beancloud.example>",
            "Security alert",
            &[],
            both(include_str!("letters/alert.txt"), include_str!("letters/alert.html")),
        ),
        letter(
            "Marit Solheim <marit@nordkontor.example>",
            "RE: Q3",
            &[],
            multipart(
                "related",
                &[
                    both(include_str!("letters/office.txt"), include_str!("letters/office.html")),
                    picture("image001.png", "image001.png@01DC5E2A.8F3B1C20", LOGO),
                ],
            ),
        ),
        letter(
            "نادي القهوة Kaffeeklub <post@kaffeeklub.example>",
            "أمسية القهوة · Ein Abend mit Kaffee",
            &[],
            both(include_str!("letters/club.txt"), include_str!("letters/club.html")),
        ),
    ]
}

fn both(words: &str, markup: &str) -> Part {
    multipart("alternative", &[text(words), html(markup)])
}

fn picture(name: &str, id: &str, bytes: &[u8]) -> Part {
    let mut part =
        file(&format!("image/png; name=\"{name}\""), &format!("inline; filename=\"{name}\""), bytes);
    part.header.push(format!("Content-ID: <{id}>"));
    part
}

fn invitation() -> Part {
    let mut calendar = text(include_str!("letters/event.ics"));
    calendar.header[0] = "Content-Type: text/calendar; charset=utf-8; method=REQUEST".into();
    let words = text(include_str!("letters/event.txt"));
    multipart("alternative", &[words, html(include_str!("letters/event.html")), calendar])
}
