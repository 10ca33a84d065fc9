//! Rare but honest messages: old character sets, other directions, reports of failure, odd file names.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use time::{Duration, OffsetDateTime};

use crate::letters::{Letter, Part, attached, file, html, multipart, png, text};

/// One of each, days and weeks apart.
pub fn all(now: OffsetDateTime, to: &str) -> Vec<Letter> {
    let letters: [(&str, String, Part); 9] = [
        ("Дарья Соколова <darya@studio.example>", windows_1251_words("Фотографии с обжарки"), cyrillic()),
        (
            "Mei Tanaka 田中 <mei@tanaka.example>",
            // The subject says "こんにちは" in the encoding of Japanese mail.
            "=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=".into(),
            text("Anna さん、\n\nこんにちは。豆が届きました。ありがとうございます!\n\nMei\n"),
        ),
        (
            "Amira Haddad أميرة <amira@haddad.example>",
            "طلب عينات من البن".into(),
            text("مرحبا آنا،\n\nنود طلب 3 عينات (250 g) من La Luz قبل يوم الخميس.\n\nشكرا\nأميرة\n"),
        ),
        (
            "Noa Levi <noa@levi.example>",
            "שלום מתל אביב ☕".into(),
            html("<div dir=\"rtl\"><p>שלום אנה,</p><p>הקפה הגיע, <b>תודה רבה</b>!</p><p dir=\"ltr\">Noa</p></div>"),
        ),
        ("Mail Delivery System <mailer-daemon@mail.demo.test>", "Undelivered Mail Returned to Sender".into(), bounce()),
        ("Ben Okafor <ben@demo.test>", "Fwd: Your parcel".into(), forwarded(now, to)),
        (
            "Chloé Martin <chloe@demo.test>",
            "Photos 📸 and a very long file name".into(),
            multipart(
                "mixed",
                &[
                    text("Voilà!\n\nChloé\n"),
                    file(
                        "image/png",
                        // RFC 2231: continued and encoded.
                        "attachment;\r\n filename*0*=utf-8''D%C3%A9gustation%20du%20;\r\n filename*1*=mercredi%20%E2%98%95%20;\r\n filename*2=\"afternoon.png\"",
                        &png(96),
                    ),
                    file("image/png; name=\"=?utf-8?B?S2FmZmVlIDEucG5n?=\"", "attachment", &png(48)),
                ],
            ),
        ),
        (
            "GitFarm <notifications@gitfarm.example>",
            "[pixelbude/shop] Button is cut off on small screens (#87) – a subject that is much longer than any window is wide, because it repeats the title of the issue and then some of its first sentence, which nobody shortened".into(),
            html("<p><b>lenavogt</b> commented:</p><blockquote><p>On 320 px the button loses its right border.</p></blockquote><p>Can confirm. <code>min-width: 0</code> on the grid helps.</p><pre><code>.bag &gt; button { min-width: 0 }</code></pre><p><a href=\"https://gitfarm.example/pixelbude/shop/issues/87\">View it</a></p>"),
        ),
        (
            "Steuerbüro Hartmann <kanzlei@hartmann-steuer.example>",
            "Unterlagen für das dritte Quartal".into(),
            multipart(
                "mixed",
                &[
                    text("Sehr geehrte Frau Berger,\n\nbitte prüfen Sie die beigefügte Aufstellung und senden Sie uns die fehlenden Belege (Nr. 4, 9 und 17).\n\nMit freundlichen Grüßen\nHartmann\n"),
                    file("application/zip", "attachment; filename=\"Belege Q3.zip\"", EMPTY_ZIP),
                    file("text/plain; charset=utf-8", "attachment; filename=LIESMICH.txt", "Die Aufstellung ist vorläufig.\n".as_bytes()),
                ],
            ),
        ),
    ];
    letters
        .into_iter()
        .zip(1..)
        .map(|((from, subject, part), index)| Letter {
            from: from.into(),
            to: to.into(),
            subject,
            date: now - Duration::hours(index * index * 19),
            more: Vec::new(),
            part,
        })
        .collect()
}

/// An archive without files is complete with its last record.
const EMPTY_ZIP: &[u8] = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

fn windows_1251(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| match u32::from(c) {
            code @ 0x410..=0x44f => u8::try_from(code - 0x410 + 0xc0).unwrap_or(b'?'),
            0x401 => 0xa8,
            0x451 => 0xb8,
            code => u8::try_from(code).ok().filter(u8::is_ascii).unwrap_or(b'?'),
        })
        .collect()
}

fn windows_1251_words(text: &str) -> String {
    format!("=?windows-1251?B?{}?=", BASE64_STANDARD.encode(windows_1251(text)))
}

fn cyrillic() -> Part {
    let words = "Привет, Анна!\r\n\r\nФотографии готовы, их сорок две. Самая лучшая - с собакой на мешках.\r\n\r\nДаша\r\n";
    Part {
        header: vec![
            "Content-Type: text/plain; charset=windows-1251".into(),
            "Content-Transfer-Encoding: 8bit".into(),
        ],
        body: windows_1251(words),
    }
}

fn bounce() -> Part {
    let header = |content_type: &str| vec![format!("Content-Type: {content_type}")];
    multipart(
        "report; report-type=delivery-status",
        &[
            text("I could not deliver your message to <einkauf@kantine-nord.example>.\n\nThe server said: 550 5.1.1 User unknown.\n"),
            Part {
                header: header("message/delivery-status"),
                body: b"Reporting-MTA: dns; mail.demo.test\r\n\r\nFinal-Recipient: rfc822; einkauf@kantine-nord.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n".to_vec(),
            },
            Part {
                header: header("text/rfc822-headers"),
                body: b"From: Anna Berger <anna@demo.test>\r\nTo: einkauf@kantine-nord.example\r\nSubject: Our offer for 2027\r\n".to_vec(),
            },
        ],
    )
}

fn forwarded(now: OffsetDateTime, to: &str) -> Part {
    let inner = Letter {
        from: "Parcel Service <no-reply@parcels.example>".into(),
        to: to.into(),
        subject: "Your parcel 8841 waits for you".into(),
        date: now - Duration::days(26),
        more: Vec::new(),
        part: multipart(
            "alternative",
            &[
                text("Your parcel waits at the kiosk, Bergstraße 4, until Friday.\n"),
                html("<p>Your parcel waits at the <b>kiosk</b>, Bergstraße 4, until Friday.</p>"),
            ],
        ),
    };
    multipart("mixed", &[text("Is this ours?\n\nBen\n"), attached(&inner.bytes())])
}
