//! What is inside of messages on a real mail server: files inside of parts, reports, protection, several texts.

use axum::http::StatusCode;

use crate::browser::links;
use crate::message::opened;

#[tokio::test]
async fn a_uuencoded_file_is_listed_and_can_be_had() {
    let raw = b"Subject: old\r\n\r\nabove\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nbelow\r\n";
    let (mut browser, link, answer) = opened(raw).await;
    let words = answer.words();
    assert!(words.contains("above") && words.contains("below") && words.contains("cat.txt"), "{words}");
    assert!(!words.contains("begin 644"), "{words}");
    assert_eq!(links(&answer.text(), "/attachment/").len(), 1);
    let file = browser.get(&format!("{link}/attachment/1-1")).await;
    assert_eq!((file.status, file.text().as_str()), (StatusCode::OK, "Cat"));
    assert!(file.header("content-disposition").contains("cat.txt"));
    assert_eq!(browser.get(&format!("{link}/attachment/1-2")).await.status, StatusCode::NOT_FOUND);
}

/// An attribute of TNEF.
fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![level];
    bytes.extend(id.to_le_bytes());
    bytes.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    bytes.extend(data);
    bytes.extend([0, 0]);
    bytes
}

#[tokio::test]
async fn the_text_and_the_files_in_the_envelope_of_outlook_are_shown() {
    let mut tnef = 0x223e_9f78_u32.to_le_bytes().to_vec();
    tnef.extend([1, 0]);
    tnef.extend(attribute(1, 0x0002_800c, b"words of Outlook\0"));
    tnef.extend(attribute(2, 0x0006_9002, &[0; 14]));
    tnef.extend(attribute(2, 0x0001_8010, b"inside.txt\0"));
    tnef.extend(attribute(2, 0x0006_800f, b"file"));
    let mut raw = "Subject: x\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".to_owned();
    raw.extend(tnef.iter().map(|byte| format!("={byte:02X}")));
    let (mut browser, link, answer) = opened(raw.as_bytes()).await;
    let words = answer.words();
    assert!(words.contains("words of Outlook") && words.contains("inside.txt"), "{words}");
    assert_eq!(links(&answer.text(), "/attachment/"), [format!("{link}/attachment/1-1")]);
    let looked_at = browser.get(&format!("{link}/preview/1-1")).await;
    assert_eq!((looked_at.status, looked_at.text().as_str()), (StatusCode::OK, "file"));
    let file = browser.get(&format!("{link}/attachment/1-1")).await;
    assert_eq!((file.status, file.text().as_str()), (StatusCode::OK, "file"));
}

#[tokio::test]
async fn a_delivery_report_is_said_in_sentences() {
    let raw = b"Subject: Undelivered\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
        --b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n\
        Final-Recipient: rfc822; <anna@demo.test>\r\nAction: failed\r\nStatus: 5.1.1\r\n\
        Diagnostic-Code: smtp; 550 <script>no such user\r\n--b--\r\n";
    let (_, _, answer) = opened(raw).await;
    let words = answer.words();
    for said in
        ["Sorry.", "anna@demo.test", "was not delivered", "Nobody has this address", "no such user", "5.1.1"]
    {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert!(!answer.text().contains("<script>no"));
}

#[tokio::test]
async fn what_is_encrypted_says_so_and_offers_the_source() {
    let raw = b"Subject: x\r\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n\r\n\
        --b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\
        --b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\nx\r\n--b--\r\n";
    let (_, _, answer) = opened(raw).await;
    let words = answer.words();
    assert!(words.contains("is encrypted (") && words.contains("OpenPGP"), "{words}");
    assert!(words.contains("encrypted.asc") && answer.text().contains("/source"), "{words}");
}
