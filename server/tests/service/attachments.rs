//! What came with a message: looked at, opened and saved.

use axum::body::to_bytes;
use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::browser::{Answer, Browser, links};
use crate::message::{inbox, opened};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR rest of it";
const HTML: &[u8] = b"<!DOCTYPE html><script>alert(1)</script>";
const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";

/// A part with this header, packed in base64.
fn file(header: &str, bytes: &[u8]) -> Vec<u8> {
    let mut part = format!("{header}\r\nContent-Transfer-Encoding: base64\r\n\r\n").into_bytes();
    for line in BASE64_STANDARD.encode(bytes).as_bytes().chunks(76) {
        part.extend_from_slice(line);
        part.extend_from_slice(b"\r\n");
    }
    part
}

fn named(content_type: &str, name: &str, bytes: &[u8]) -> Vec<u8> {
    let header =
        format!("Content-Type: {content_type}\r\nContent-Disposition: attachment; filename=\"{name}\"");
    file(&header, bytes)
}

/// A message with a text and these parts; each boundary is a word of its own.
fn letter(subject: &str, boundary: &str, parts: &[Vec<u8>]) -> Vec<u8> {
    let mut letter = format!(
        "From: {boundary}@x.test\r\nSubject: {subject}\r\nDate: Mon, 23 Nov 2026 14:10:00 +0000\r\n\
         Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n--{boundary}\r\n\r\ntext of {subject}\r\n"
    )
    .into_bytes();
    for part in parts {
        letter.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        letter.extend_from_slice(part);
        letter.extend_from_slice(b"\r\n");
    }
    letter.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    letter
}

fn attached(letter: &[u8]) -> Vec<u8> {
    [b"Content-Type: message/rfc822\r\n\r\n", letter].concat()
}

async fn preview(browser: &mut Browser, link: &str, part: &str) -> Answer {
    browser.get(&format!("{link}/preview/{part}")).await
}

#[tokio::test]
async fn a_file_is_shown_as_what_its_bytes_are_and_can_do_nothing() {
    let long = "line of a log\n".repeat(100_000);
    let files = [
        named("image/png", "drawing.svg", PNG),
        named("application/octet-stream", "scan.pdf", b"%PDF-1.7\nrest"),
        named("text/plain; charset=iso-8859-1", "page.html", b"<script>alert(1)</script> \xfc"),
        named("application/vnd.ms-excel", "list.csv", b"name;price\r\n<b>tea</b>;1,50\r\n"),
        named("audio/mpeg", "song.mp3", b"ID3\x04\0rest"),
        named("text/x-log", "long.log", long.as_bytes()),
    ];
    let (mut browser, link, page) = opened(&letter("files", "b", &files)).await;
    assert_eq!(links(&page.text(), "/preview/").len(), 6);
    for (part, content_type, body) in [
        ("2", "image/png", PNG),
        ("3", "application/pdf", b"%PDF-1.7\nrest"),
        ("4", "text/plain; charset=utf-8", "<script>alert(1)</script> ü".as_bytes()),
        ("6", "audio/mpeg", b"ID3\x04\0rest"),
    ] {
        let shown = preview(&mut browser, &link, part).await;
        assert_eq!(shown.status, StatusCode::OK, "{part}");
        assert_eq!(shown.header("content-type"), content_type);
        assert_eq!(shown.body, body, "{part}");
        assert_eq!(shown.header("x-content-type-options"), "nosniff");
        assert_eq!(shown.header("cross-origin-resource-policy"), "same-origin");
        let policy = shown.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("script"), "{policy}");
        // A player asks once more from the origin that a sandbox takes away.
        assert_eq!(policy.starts_with("sandbox;"), part != "6", "{policy}");
        assert!(shown.header("content-disposition").starts_with("inline; filename="));
    }
    let table = preview(&mut browser, &link, "5").await;
    assert!(table.header("content-security-policy").starts_with("sandbox; default-src 'none'"));
    let text = table.text();
    assert!(text.contains("<td>&lt;b&gt;tea&lt;/b&gt;</td><td>1,50</td>"), "{text}");
    let log = preview(&mut browser, &link, "7").await.text();
    assert!(log.len() < 1_100_000 && log.ends_with("download the file to see all of it.\n"), "{}", log.len());
    let here = preview(&mut browser, &link, "2-1").await;
    assert_eq!(here.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_could_act_is_never_shown_whatever_it_is_called() {
    let files = [
        named("image/svg+xml", "drawing.svg", SVG),
        named("image/png", "picture.png", SVG),
        named("text/html", "page.html", HTML),
        named("image/gif", "picture.gif", HTML),
        named("application/pdf", "paper.pdf", HTML),
        named("application/xhtml+xml", "page.xhtml", HTML),
        named("video/mp4", "film.mp4", HTML),
        named("application/octet-stream", "letter.docx", b"PK\x03\x04 rest"),
        named("text/calendar", "invite.ics", b"BEGIN:VCALENDAR\r\n"),
    ];
    let (mut browser, link, page) = opened(&letter("acts", "b", &files)).await;
    let offered = links(&page.text(), "/preview/");
    assert_eq!(offered.len(), 4, "{offered:?}");
    for part in 2..=10 {
        let refused = preview(&mut browser, &link, &part.to_string()).await;
        assert_eq!(refused.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{part}");
        assert!(refused.text().contains("cannot be shown here"), "{part}: {}", refused.text());
        assert!(refused.header("content-security-policy").starts_with("sandbox; default-src 'none'"));
        let saved = browser.get(&format!("{link}/attachment/{part}")).await;
        assert!(saved.header("content-disposition").starts_with("attachment;"), "{part}");
    }
}

#[tokio::test]
async fn all_files_are_saved_at_once_byte_for_byte_and_none_takes_the_place_of_another() {
    let large: Vec<u8> = (0..=255).cycle().take(900_000).collect();
    let files = [
        named("image/png", "photo.png", PNG),
        named("image/png", "PHOTO.png", HTML),
        named("application/octet-stream", "../large.bin", &large),
        named("text/plain", "=?utf-8?q?gr=C3=BC=C3=9Fe.txt?=", b""),
        attached(&letter("inner", "i", &[])),
    ];
    let (mut browser, link, page) = opened(&letter("Re: all/of it", "b", &files)).await;
    assert!(page.words().contains("Download all (5, "), "{}", page.words());
    let archive = browser.get(&format!("{link}/attachments.zip")).await;
    assert_eq!(archive.status, StatusCode::OK);
    assert_eq!(archive.header("content-type"), "application/zip");
    let disposition = archive.header("content-disposition");
    assert!(disposition.contains("filename=\"2026-11-23 Re all-of it.zip\""), "{disposition}");
    let inner = letter("inner", "i", &[]);
    let wanted: [(&str, &[u8]); 5] = [
        ("photo.png", PNG),
        ("PHOTO (2).png", HTML),
        ("large.bin", &large),
        ("grüße.txt", b""),
        ("message.eml", inner.strip_suffix(b"\r\n").unwrap_or(&inner)),
    ];
    let found = unpacked(&archive.body);
    assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), wanted.map(|(name, _)| name));
    for ((name, found), (_, wanted)) in found.iter().zip(wanted) {
        let found = found.strip_suffix(b"\r\n").filter(|_| name == "message.eml").unwrap_or(found);
        assert!(found == wanted, "{name}: {} bytes", found.len());
    }
}

/// The files of an archive, as another program reads it that checks every sum.
fn unpacked(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    std::fs::write(&path, archive).unwrap();
    let script = "import sys,zipfile,base64\nfor i in zipfile.ZipFile(sys.argv[1]).infolist():\n  \
                  print(i.filename, base64.b64encode(zipfile.ZipFile(sys.argv[1]).read(i)).decode(), sep='\\t')";
    let output = std::process::Command::new("python3")
        .env("PYTHONIOENCODING", "utf-8")
        .args(["-c", script])
        .arg(&path)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let files = lines.lines().map(|line| line.split_once('\t').unwrap());
    files.map(|(name, bytes)| (name.to_owned(), BASE64_STANDARD.decode(bytes).unwrap())).collect()
}

#[tokio::test]
async fn a_message_that_is_attached_to_an_attached_message_is_opened_with_all_that_it_has() {
    let innermost = letter("innermost", "c", &[named("image/png", "deep.png", PNG)]);
    let html =
        b"From: html@x.test\r\nSubject: html\r\nContent-Type: text/html\r\n\r\n<p>words of html</p>\r\n";
    let inner = letter("inner", "b", &[attached(&innermost), attached(html)]);
    let (mut browser, link, page) = opened(&letter("outer", "a", &[attached(&inner)])).await;
    let mail = link.replace("/message/", "/mail/");
    assert_eq!(links(&page.text(), &format!("{mail}/")), [format!("{mail}/2")]);

    let page = browser.get(&format!("{mail}/2")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.words());
    let words = page.words();
    assert!(words.contains("text of inner") && !words.contains("text of outer"), "{words}");
    assert!(
        words.contains("b@x.test") && words.contains("This message came attached to another."),
        "{words}"
    );
    assert_eq!(links(&page.text(), &format!("{mail}/2.")), [format!("{mail}/2.2"), format!("{mail}/2.3")]);

    let page = browser.get(&format!("{mail}/2.2")).await;
    assert!(page.words().contains("text of innermost") && page.words().contains("c@x.test"));
    assert_eq!(links(&page.text(), "/preview/"), [format!("{link}/preview/2.2.2")]);
    assert_eq!(preview(&mut browser, &link, "2.2.2").await.body, PNG);
    let source = browser.get(&format!("{link}/source/2.2")).await;
    assert_eq!(source.text().trim_end(), String::from_utf8_lossy(&innermost).trim_end());
    assert!(source.header("content-disposition").contains("filename=\"2026-11-23 innermost.eml\""));

    let page = browser.get(&format!("{mail}/2.3")).await;
    assert!(page.text().contains(&format!("src=\"{link}/body/2.3\"")), "{}", page.text());
    assert!(browser.get(&format!("{link}/body/2.3")).await.text().contains("words of html"));

    // What is no message is no page, and what is not there either.
    for part in ["1", "2.2.2", "3", "2.9"] {
        assert_eq!(browser.get(&format!("{mail}/{part}")).await.status, StatusCode::NOT_FOUND, "{part}");
    }
    assert_eq!(browser.get(&format!("{mail}/x")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_picture_beside_the_text_that_it_does_not_show_is_an_attachment() {
    let picture =
        |id: &str| file(&format!("Content-Type: image/png; name={id}.png\r\nContent-ID: <{id}@x>"), PNG);
    let html = b"Content-Type: text/html\r\n\r\n<p>see <img src=\"cid:shown@x\"></p>".to_vec();
    let mut message =
        b"From: a@x.test\r\nSubject: pictures\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
            .to_vec();
    for part in [html, picture("shown"), picture("hidden")] {
        message.extend_from_slice(b"--r\r\n");
        message.extend_from_slice(&part);
        message.extend_from_slice(b"\r\n");
    }
    message.extend_from_slice(b"--r--\r\n");
    let (mut browser, link, page) = opened(&message).await;
    assert_eq!(links(&page.text(), "/attachment/"), [format!("{link}/attachment/3")]);
    let names: Vec<_> = unpacked(&browser.get(&format!("{link}/attachments.zip")).await.body)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["hidden.png"]);
}

#[tokio::test]
async fn an_archive_of_a_message_that_goes_meanwhile_breaks_off() {
    let large: Vec<u8> = (0..=255).cycle().take(2_000_000).collect();
    let one = named("application/octet-stream", "large.bin", &large);
    let (_served, mut browser, links, mut other) = inbox(&[&letter("large", "b", &[one.clone(), one])]).await;
    let path = format!("{}/attachments.zip", links[0].replace("/mail/", "/message/"));
    let own = [("sec-fetch-site", "same-origin")];
    let answer = browser.begin(Method::GET, &path, &own, String::new()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let uid = links[0].rsplit('.').next().unwrap().parse().unwrap();
    other.select("INBOX").await.unwrap();
    other.store(uid, "+FLAGS", &["\\Deleted"]).await.unwrap();
    other.expunge(uid).await.unwrap();
    assert!(to_bytes(answer.into_body(), 64 * 1024 * 1024).await.is_err());
}
