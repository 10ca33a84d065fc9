//! Messages that nobody else keeps, each with words that must be seen, or the name of a file that must be listed.

/// A name, a message, and what must be seen of it.
pub(crate) type Case = (&'static str, Vec<u8>, &'static [&'static str]);

/// All of them.
pub(crate) fn all() -> Vec<Case> {
    let mut all: Vec<Case> =
        texts().into_iter().map(|(name, raw, seen)| (name, raw.as_bytes().to_vec(), seen)).collect();
    all.extend(large());
    all.push(("Outlook's envelope", outlook(), &["inside.txt", "words of Outlook"]));
    all
}

fn texts() -> Vec<(&'static str, &'static str, &'static [&'static str])> {
    vec![
        ("carriage returns alone", "Subject: mac\rFrom: a@x.test\r\rfirst\rsecond", &["first", "second"]),
        ("two carriage returns", "Subject: x\r\n\r\nfirst\r\r\nsecond", &["first", "second"]),
        (
            "a line of a mailbox file",
            "From a@x.test Mon Nov 23 15:10:00 2026\nSubject: x\n\nwords",
            &["words"],
        ),
        (
            "no empty line after the header",
            "Subject: x\nwords of a letter\nand more",
            &["words of a letter", "and more"],
        ),
        ("no header", "\nwords", &["words"]),
        ("a header alone", "Subject: only this\n", &[]),
        (
            "white space behind boundaries",
            "Content-Type: multipart/mixed; boundary=b\n\n--b  \t\n\nwords\n--b-- \n",
            &["words"],
        ),
        (
            "a multipart without parts",
            "Content-Type: multipart/mixed; boundary=b\n\nwords without a part",
            &["words without"],
        ),
        (
            "a multipart with another boundary",
            "Content-Type: multipart/mixed; boundary=b\n\n--c\n\nwords\n--c--",
            &["words"],
        ),
        (
            "a multipart without a boundary",
            "Content-Type: multipart/mixed\n\n--b\n\nwords\n--b--",
            &["words"],
        ),
        ("an empty multipart", "Content-Type: multipart/alternative; boundary=b\n\n--b\n--b--", &[]),
        (
            "cut off",
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b\nContent-Type: x/y; name=f.bin\n\nAAAA",
            &["words", "f.bin"],
        ),
        (
            "base64 that is none",
            "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nDear Anna, plain words.\nB.",
            &["Dear Anna, plain words."],
        ),
        (
            "base64 with a footer",
            "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSGVsbG8gQW5uYSwgdGhpcyBpcyBwYWNrZWQu\n",
            &["Hello Anna, this is packed."],
        ),
        (
            "quoted-printable that is broken",
            "Content-Transfer-Encoding: quoted-printable\n\n100= =ZZ Gr=C3=BC=C3=9Fe",
            &["Grüße"],
        ),
        ("an unknown encoding", "Content-Transfer-Encoding: x-what\n\nwords", &["words"]),
        (
            "Apple Mail",
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nabove\n--b\nContent-Type: image/png; name=p.png\n\
             Content-Disposition: inline; filename=p.png\n\nx\n--b\n\nbelow\n--b--",
            &["above", "below", "p.png"],
        ),
        (
            "HTML and the words of a list",
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>letter\n--b\n\n<footer> & more\n--b--",
            &["letter", "&lt;footer&gt; &amp; more"],
        ),
        (
            "enriched",
            "Content-Type: text/enriched\n\n<bold>strong</bold>\n\n<<words>",
            &["strong", "<words>"],
        ),
        (
            "richtext",
            "Content-Type: text/richtext\n\n<bold>strong</bold><nl>words<lt>",
            &["strong", "words<"],
        ),
        (
            "a calendar after words",
            "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nwords\n--b\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n--b--",
            &["words", "attachment.ics"],
        ),
        (
            "a uuencoded file",
            "Subject: x\n\nabove\nbegin 644 cat.txt\n#0V%T\n`\nend\nbelow",
            &["above", "below", "cat.txt"],
        ),
        (
            "a file in yEnc",
            "Subject: x\n\nabove\n=ybegin line=128 size=3 name=c\n\x01\x02\n=yend size=3\nbelow",
            &["above", "below"],
        ),
        (
            "PGP in the text",
            "Subject: x\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----",
            &["BEGIN PGP MESSAGE"],
        ),
        (
            "PGP in parts",
            "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\n\
             Version: 1\n--b\nContent-Type: application/octet-stream; name=encrypted.asc\n\nx\n--b--",
            &["encrypted.asc"],
        ),
        (
            "S/MIME",
            "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nAAAA",
            &["smime.p7m"],
        ),
        (
            "a report without words",
            "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n\
             Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@x.test\nAction: failed\nStatus: 5.1.1\n--b--",
            &["attachment.txt"],
        ),
        ("UTF-7", "Content-Type: text/html; charset=utf-7\n\n+ADw-script+AD4-words", &["words"]),
        ("eight bits without a name", "Subject: K\u{f6}ln\n\nGr\u{fc}\u{df}e", &["Grüße"]),
        (
            "a name in pieces, out of order",
            "Content-Type: x/y\nContent-Disposition: attachment; filename*1*=.pdf; filename*0*=iso-8859-1'de'K%E4nder\n\nx",
            &["Känder.pdf"],
        ),
        (
            "a name in encoded words",
            "Content-Type: x/y; name=\"=?utf-8?q?Gr=C3=BC=C3?=\n =?utf-8?q?=9Fe.pdf?=\"\n\nx",
            &["Grüße.pdf"],
        ),
        ("an attached message", "Content-Type: message/rfc822\n\nSubject: inner\n\nwords", &["message.eml"]),
        ("nothing", "", &[]),
        ("a NUL", "Subject: \0\n\nwo\0rds", &["words"]),
        ("headers of HTML", "Content-Type: TEXT/HTML; CHARSET=\"UTF-8\n\n<p>words", &["words"]),
        (
            "a comment in the type",
            "Content-Type: text/html (really); charset=(x) utf-8\n\n<p>words",
            &["words"],
        ),
        ("two types", "Content-Type: text/html\nContent-Type: application/pdf\n\n<p>words", &["words"]),
        ("a type without a subtype", "Content-Type: text\n\nwords", &["words"]),
    ]
}

fn large() -> Vec<Case> {
    let nested = |depth: usize| {
        let open: String = (0..depth)
            .map(|at| format!("Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n"))
            .collect();
        (open + "\nwords").into_bytes()
    };
    let huge_header =
        format!("{}Subject: end\n\nwords", "X-Filler: abcdefghijklmnopqrstuvwxyz\n".repeat(40_000));
    let long_field = format!("Subject: {}\n\nwords", "long ".repeat(400_000));
    let recipients = format!("To: {}\n\nwords", "a@x.test, ".repeat(100_000));
    let mut body = b"Subject: long\n\n".to_vec();
    body.extend(b"A line of a very long letter.\n".repeat(50 * 1024 * 1024 / 30 - 10));
    let mut html = b"Content-Type: text/html\n\n<p>words".to_vec();
    html.extend(b"<b>x</b>".repeat(1_000_000));
    let parts = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nwords\n".repeat(9_000));
    let uuencoded = format!("Subject: x\n\nwords\n{}", "begin 644 cat.txt\n#0V%T\nend\n".repeat(30_000));
    let report = format!(
        "Content-Type: message/delivery-status\n\n{}",
        "Final-Recipient: rfc822; a@x.test\nAction: failed\n\n".repeat(50_000)
    );
    vec![
        ("forty multiparts in each other", nested(40), &["words"]),
        ("thirty thousand multiparts in each other", nested(30_000), &["attachment.bin"]),
        (
            "thirty thousand messages in each other",
            "Content-Type: message/rfc822\n\n".repeat(30_000).into_bytes(),
            &["message.eml"],
        ),
        ("a huge header", huge_header.into_bytes(), &["words"]),
        ("a field of two megabytes", long_field.into_bytes(), &["words"]),
        ("a hundred thousand recipients", recipients.into_bytes(), &["words"]),
        ("a body of fifty megabytes", body, &["A line of a very long letter."]),
        ("HTML of eight megabytes", html, &[]),
        ("nine thousand texts", parts.into_bytes(), &["words"]),
        ("thirty thousand uuencoded files", uuencoded.into_bytes(), &["words", "cat.txt"]),
        ("a report about fifty thousand", report.into_bytes(), &["attachment.txt"]),
    ]
}

/// A message whose text and file are in TNEF alone.
fn outlook() -> Vec<u8> {
    let attribute = |level: u8, id: u32, data: &[u8]| {
        let mut bytes = vec![level];
        bytes.extend(id.to_le_bytes());
        bytes.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        bytes.extend(data);
        bytes.extend([0, 0]);
        bytes
    };
    let mut raw =
        b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: binary\n\n"
            .to_vec();
    raw.extend(0x223e_9f78_u32.to_le_bytes());
    raw.extend([1, 0]);
    raw.extend(attribute(1, 0x0002_800c, b"words of Outlook\0"));
    raw.extend(attribute(2, 0x0006_9002, &[0; 14]));
    raw.extend(attribute(2, 0x0001_8010, b"inside.txt\0"));
    raw.extend(attribute(2, 0x0006_800f, b"file"));
    raw
}
