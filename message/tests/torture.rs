//! Whole messages as nobody should write them, read as a page reads them: always something to show, never a crash,
//! on a stack as small as a worker's.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use std::fmt::Write as _;

use message::alternative::{Chosen, choose, has_attachment};
use message::html::{Dress, Picture, References, SafeDocument, TooMuch};
use message::{attachment, body, header, mime, transfer};
use model::message::{Line, Notice, Piece};
use proptest::prelude::*;

/// What a person would see.
#[derive(Debug, Default)]
struct Seen {
    header: header::Header,
    chosen: Chosen,
    html: Option<Result<String, TooMuch>>,
    lines: Vec<Line>,
    notices: Vec<Notice>,
}

impl Seen {
    fn words(&self) -> String {
        let pieces = self.lines.iter().flat_map(|line| &line.pieces);
        pieces
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Link { text, .. } => text.as_str(),
            })
            .collect()
    }
}

fn open(raw: &[u8]) -> Seen {
    let tree = mime::read(raw);
    let chosen = choose(tree.root());
    let mut seen = Seen { header: header::read(raw), ..Seen::default() };
    let texts: Vec<_> = chosen
        .texts
        .iter()
        .map(|text| body::words(tree.body(&text.part).unwrap_or_default(), text))
        .collect();
    seen.notices.extend(texts.iter().filter_map(|text| text.notice.clone()));
    if texts.iter().any(|text| text.html) {
        let mut pictures = References::default();
        for inline in &chosen.inline {
            let bytes = transfer::unpack(tree.body(&inline.part).unwrap_or_default(), inline.encoding);
            if let Some(picture) = Picture::new(bytes) {
                pictures.add(&inline.content_id, &picture);
            }
        }
        let sections = body::sections(&texts, &pictures);
        seen.html = Some(sections.map(|all| SafeDocument::of(&all.sections, Dress::Adapted).into_string()));
    } else {
        seen.lines = body::lines(&texts).0;
    }
    seen.chosen = chosen;
    seen
}

/// Opens a message on the stack that a worker has.
fn open_on_a_small_stack(raw: Vec<u8>) -> Seen {
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
    thread.spawn(move || open(&raw)).unwrap().join().unwrap()
}

#[test]
fn a_message_without_a_header_is_its_text() {
    let seen = open(b"\r\njust words\r\n");
    assert_eq!(seen.words(), "just words");
    assert_eq!(seen.header, header::Header::default());
    assert_eq!(open(b"").lines, []);
}

#[test]
fn an_unknown_character_set_is_guessed_and_said_so() {
    for stated in ["x-klingon", "utf-7", "\"\"; x"] {
        let raw = format!("Content-Type: text/plain; charset={stated}\n\n+ADw-script+AD4-alert(1) Grüße");
        let seen = open(raw.as_bytes());
        assert_eq!(seen.words(), "+ADw-script+AD4-alert(1) Grüße");
    }
    let seen = open(b"Content-Type: text/html; charset=utf-7\n\n+ADw-script+AD4-alert(1)+ADw-/script+AD4-");
    assert!(!seen.html.unwrap().unwrap().contains("<script"));
    assert_eq!(seen.notices, [Notice::Charset("utf-7".into())]);
}

#[test]
fn a_nul_hides_nothing() {
    let seen = open(b"Subject: a\0b\nContent-Type: text/html\n\n<scr\0ipt>x</scr\0ipt><p>a\0b");
    assert_eq!(seen.header.subject, "ab");
    let html = seen.html.unwrap().unwrap();
    assert!(html.ends_with("<body><p>ab</p></body></html>"), "{html}");
}

#[test]
fn two_thousand_parts_are_all_there() {
    let mut raw = "Content-Type: multipart/mixed; boundary=b\n\n".to_owned();
    for index in 0..2_000 {
        let _ = write!(raw, "--b\nContent-Type: application/pdf; name=\"{index}.pdf\"\n\nx\n");
    }
    let seen = open_on_a_small_stack(raw.into_bytes());
    assert_eq!(seen.chosen.attachments.len(), 2_000);
    assert_eq!(seen.chosen.attachments[1_999].name, "1999.pdf");
}

#[test]
fn a_message_of_too_many_parts_is_cut_and_says_so() {
    let raw = "Content-Type: multipart/mixed; boundary=b\n\n".to_owned() + &"--b\n\nx\n".repeat(50_000);
    let tree = mime::read(raw.as_bytes());
    assert!(!tree.is_complete());
    assert!(tree.root().parts.len() <= 10_000);
    assert!(has_attachment(tree.root()));
}

#[test]
fn messages_in_messages_end_somewhere() {
    for depth in [40, 100, 30_000] {
        let raw = "Content-Type: message/rfc822\n\n".repeat(depth) + "Subject: innermost\n\nwords";
        let seen = open_on_a_small_stack(raw.into_bytes());
        assert_eq!(seen.chosen.attachments.len(), 1, "{depth}");
        assert_eq!(seen.chosen.attachments[0].name, "message.eml");
    }
}

#[test]
fn multiparts_in_multiparts_end_somewhere() {
    for depth in [40, 100, 30_000] {
        let mut raw = String::new();
        for index in 0..depth {
            let _ = write!(raw, "Content-Type: multipart/mixed; boundary=b{index}\n\n--b{index}\n");
        }
        raw.push_str("Content-Type: text/plain\n\nwords");
        let seen = open_on_a_small_stack(raw.into_bytes());
        if depth < 64 {
            assert_eq!(seen.words(), "words");
        } else {
            assert_eq!(seen.chosen.attachments.len(), 1);
        }
    }
}

#[test]
fn deep_html_is_refused_and_the_message_is_still_listed() {
    let raw = "Subject: deep\nContent-Type: text/html\n\n".to_owned() + &"<div>".repeat(10_000);
    let seen = open_on_a_small_stack(raw.into_bytes());
    assert_eq!(seen.html, Some(Err(TooMuch::Depth)));
    assert_eq!(seen.header.subject, "deep");
}

#[test]
fn the_deepest_html_that_is_shown_needs_no_more_than_a_small_stack() {
    for (open, close) in [("<div>", "</div>"), ("<ul><li>", "</li></ul>"), ("<table><tr><td>", "</table>")] {
        let html = format!("{}x{}", open.repeat(90), close.repeat(90));
        let raw = format!("Content-Type: text/html\n\n{html}");
        let seen = open_on_a_small_stack(raw.into_bytes());
        assert!(seen.html.unwrap().is_ok(), "{open}");
    }
}

#[test]
fn damage_costs_what_is_damaged() {
    let part = "Content-Type: text/plain\nContent-Transfer-Encoding: ";
    assert_eq!(open(format!("{part}base64\n\nSGVs*bG8\n=\n").as_bytes()).words(), "Hello");
    assert_eq!(
        open(format!("{part}quoted-printable\n\nGr=C3=BC=C3=9Fe =XY =").as_bytes()).words(),
        "Grüße =XY ="
    );
    assert_eq!(open(format!("{part}x-what\n\nas it is").as_bytes()).words(), "as it is");
}

#[test]
fn a_message_that_was_cut_off_shows_what_arrived() {
    let whole = "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nplain\r\n\
                 --b\r\nContent-Type: text/html\r\n\r\n<p>rich</p>\r\n--b--\r\n";
    for end in 0..=whole.len() {
        open(&whole.as_bytes()[..end]);
    }
    let seen = open(whole.split("</p>").next().unwrap().as_bytes());
    assert!(seen.html.unwrap().unwrap().contains("<p>rich</p>"));
}

#[test]
fn a_picture_of_the_message_is_shown_inside_of_it() {
    let seen = open(
        b"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src=\"cid:logo@x\" alt=Logo>\n\
          --b\nContent-Type: text/plain\nContent-ID: <logo@x>\n\nno picture\n\
          --b\nContent-Type: image/svg+xml\nContent-ID: <logo@x>\nContent-Transfer-Encoding: base64\n\nR0lGODlhLi4u\n--b--\n",
    );
    let html = seen.html.unwrap().unwrap();
    assert!(html.contains("<img src=\"data:image/gif;base64,R0lGODlhLi4u\" alt=\"Logo\">"), "{html}");
}

#[test]
fn file_names_do_no_harm_however_they_are_written() {
    for stated in [
        "filename=\"../../../etc/passwd\"",
        "filename*=utf-8''..%2F..%2F%2Fetc%2Fpasswd",
        "filename*0*=utf-8''..%5C; filename*1*=..%5Cpasswd",
        "filename=\"=?utf-8?q?=2E=2E=2Fetc=2Fpasswd?=\"",
        "filename=\"passwd\\u{202e}\\u{0}\"",
        "filename=\"/etc/passwd. . .\"",
    ] {
        let stated = stated.replace("\\u{202e}", "\u{202e}").replace("\\u{0}", "\0");
        let seen =
            open(format!("Content-Type: x/y\nContent-Disposition: attachment; {stated}\n\nx").as_bytes());
        assert_eq!(seen.chosen.attachments[0].name, "passwd", "{stated}");
    }
}

/// Everything a stranger may write, in every place where it is shown.
#[test]
fn no_field_that_is_shown_holds_what_should_not_be_shown() {
    let mark = "<i>\"'&\u{202e}\u{7}\u{200b}\r\n\tx\u{2066}=?utf-8?q?=00=E2=80=AE=0D=0Ay?=";
    let raw = format!(
        "From: {mark} <a{mark}@x.test>\nTo: {mark}\nCc: \"{mark}\" <b@x.test>\nReply-To: {mark}:{mark};\nSubject: {mark}\nDate: {mark}\n\
         Message-ID: <{mark}>\nX-{mark}: {mark}\nContent-Type: multipart/mixed; boundary=b\n\n\
         --b\nContent-Type: text/plain\n\n{mark}\n--b\nContent-Type: a{mark}/b{mark}; name=\"{mark}\"\n\nx\n--b--\n"
    );
    let seen = open(raw.as_bytes());
    // A tab in the text of a message is white space that its writer laid out with.
    let mut shown = vec![seen.header.subject.clone(), seen.words().replace('\t', " ")];
    let people = [&seen.header.from, &seen.header.to, &seen.header.cc, &seen.header.reply_to];
    for address in people.into_iter().flatten() {
        shown.extend(address.name.clone());
        shown.push(address.address.clone());
    }
    shown.extend(seen.header.message_id);
    shown.extend(seen.header.fields.into_iter().flat_map(|field| [field.name, field.value]));
    shown.extend(seen.chosen.attachments.into_iter().flat_map(|file| [file.name, file.content_type]));
    assert!(shown.iter().any(|text| text.contains("<i>")), "words stay words");
    for text in shown {
        let hidden = |c: char| {
            c.is_control() || matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!text.contains(hidden), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_a_message(raw in prop::collection::vec(any::<u8>(), 0..400)) {
        open(&raw);
    }

    #[test]
    fn any_lines_are_a_message(lines in prop::collection::vec(prop_oneof![
        Just("Content-Type: multipart/mixed; boundary=a".to_owned()),
        Just("Content-Type: multipart/alternative; boundary=\"b\"".to_owned()),
        Just("Content-Type: multipart/digest; boundary=".to_owned()),
        Just("Content-Type: message/rfc822".to_owned()),
        Just("Content-Type: text/html; charset=utf-16".to_owned()),
        Just("Content-Type: text/plain; format=flowed; delsp=yes".to_owned()),
        Just("Content-Transfer-Encoding: base64".to_owned()),
        Just("Content-ID: <x>".to_owned()),
        Just("--a".to_owned()), Just("--a--".to_owned()), Just("--b".to_owned()), Just("--b--".to_owned()),
        Just(String::new()), Just("> quoted ".to_owned()), Just("-- ".to_owned()),
        "[ -~]{0,30}", "\\PC{0,20}",
    ], 0..40)) {
        let raw = lines.join("\r\n");
        let seen = open(raw.as_bytes());
        let tree = mime::read(raw.as_bytes());
        prop_assert!(tree.is_complete());
        for file in seen.chosen.attachments {
            prop_assert!(tree.body(&file.part).is_some(), "{}", file.part);
            prop_assert!(!file.name.is_empty());
        }
    }

    #[test]
    fn any_words_make_a_header_that_is_one_line(name in "\\PC{0,40}", text in any::<String>()) {
        for text in [name, text] {
            let cleaned = attachment::clean(&text);
            let line = attachment::content_disposition(&cleaned);
            prop_assert!(line.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{}", line);
            prop_assert_eq!(attachment::clean(&cleaned), cleaned.clone());
            prop_assert!(cleaned.len() <= 200 && !cleaned.contains(['/', '\\', '"', '\0']));
            let shown = header::decode(text.as_bytes());
            prop_assert!(!shown.contains(char::is_control));
        }
    }
}
