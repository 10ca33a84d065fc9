//! Hostile structure: headers, parts, encodings.

/// A message with neither header nor line breaks.
pub fn without_header() -> Vec<u8> {
    b"\r\njust text, no header\r\n".to_vec()
}

/// A text in a character set that does not exist.
pub fn unknown_charset() -> Vec<u8> {
    b"From: a@x.test\r\nSubject: charset\r\nContent-Type: text/plain; charset=x-klingon\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n".to_vec()
}

/// UTF-7, which may hide markup from whoever cleans before decoding, and a subject that claims it too.
pub fn broken_utf7() -> Vec<u8> {
    b"From: a@x.test\r\nSubject: =?utf-7?Q?+ADw-script+AD4-?=\r\nContent-Type: text/html; charset=utf-7\r\n\r\n\
      +ADw-script+AD4-alert(1)+ADw-/script+AD4-\r\n+AD\r\n"
        .to_vec()
}

/// Base64 with wrong letters, wrong length and padding in the middle, in an attachment and in the subject.
pub fn broken_base64() -> Vec<u8> {
    b"From: a@x.test\r\nSubject: =?utf-8?B?SGVsb?= =?utf-8?B?!!!?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
      --b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVs=bG8gd29ybGQ===\r\n--b\r\n\
      Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n\xff\xfe~~~~iVBOR\r\n--b--\r\n"
        .to_vec()
}

/// Two thousand parts.
pub fn many_parts() -> Vec<u8> {
    let mut message =
        b"From: a@x.test\r\nSubject: parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n".to_vec();
    for index in 0..2_000 {
        message.extend_from_slice(
            format!("--b\r\nContent-Type: text/plain; name=part-{index}.txt\r\n\r\npart {index}\r\n")
                .as_bytes(),
        );
    }
    message.extend_from_slice(b"--b--\r\n");
    message
}

/// NUL bytes in header and text.
pub fn with_nul() -> Vec<u8> {
    b"From: a@x.test\r\nSubject: nul\0here\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nbefore\0after\r\n".to_vec()
}

/// Parts in parts, so many levels deep.
pub fn nested(levels: usize) -> Vec<u8> {
    let mut message = b"From: a@x.test\r\nSubject: nested\r\n".to_vec();
    for level in 0..levels {
        message.extend_from_slice(
            format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n").as_bytes(),
        );
    }
    message.extend_from_slice(b"Content-Type: text/plain\r\n\r\nat the bottom\r\n");
    message
}

/// Boundaries that are opened and never closed, one of them empty, and a header without end.
pub fn unended() -> Vec<u8> {
    b"From: a@x.test\r\nSubject: unended\r\nContent-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n\
      Content-Type: multipart/alternative; boundary=\"a\r\n\r\n--a\r\nContent-Type: text/plain\r\nX-Last: header"
        .to_vec()
}

/// A header line of 100 KB without a break, and a thousand lines more.
pub fn long_header() -> Vec<u8> {
    let mut message = b"From: a@x.test\r\nSubject: ".to_vec();
    message.resize(message.len() + 100_000, b'x');
    for index in 0..1_000 {
        message.extend_from_slice(format!("\r\nX-Line-{index}: again and again").as_bytes());
    }
    message.extend_from_slice(b"\r\n\r\nshort text\r\n");
    message
}

/// Five thousand addressees in nested groups, some of them broken.
pub fn many_addresses() -> Vec<u8> {
    let mut message = b"From: a@x.test, b@x.test, \"c\r\nSubject: addresses\r\nTo: ".to_vec();
    for index in 0..5_000 {
        message
            .extend_from_slice(format!("group{index}: \"n\\\"{index}\" <p{index}@x.test>,\r\n ").as_bytes());
    }
    message.extend_from_slice(b"undisclosed-recipients:;\r\n\r\ntext\r\n");
    message
}

/// Attachments whose names are paths, commands, other lines, other directions, or markup.
pub fn file_names() -> Vec<u8> {
    const NAMES: [&str; 12] = [
        "filename=\"../../../../etc/passwd\"",
        "filename=\"C:\\\\Windows\\\\System32\\\\evil.exe\"",
        "filename=\"photo\u{202e}gpj.exe\"",
        "filename=\"with \\\"quotes\\\" and ; semicolons.txt\"",
        "filename*=utf-8''two%0D%0AX-Injected:%20lines.txt",
        "filename*=utf-8''nul%00.png",
        "filename=\"<img src=x onerror=alert(1)>.html\"",
        "filename*0*=utf-8''%3Cscript%3E; filename*2*=gap.txt",
        "filename=\"..\"",
        "filename=\"\"",
        "filename=\"CON\"",
        "filename*=x-unknown'xx'%FF%FE",
    ];
    let mut message =
        b"From: a@x.test\r\nSubject: names\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n".to_vec();
    for name in NAMES {
        message.extend_from_slice(
            format!("--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; {name}\r\n\r\nx\r\n")
                .as_bytes(),
        );
    }
    message.extend_from_slice(b"--b--\r\n");
    message
}
