//! Writes messages as bytes, the good ones.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// A part of a message: header lines and a body that is packed already.
#[derive(Clone, Debug)]
pub struct Part {
    /// Header lines without their line breaks.
    pub header: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Plain text in UTF-8, as it is.
pub fn text(words: &str) -> Part {
    Part {
        header: vec![
            "Content-Type: text/plain; charset=utf-8".into(),
            "Content-Transfer-Encoding: 8bit".into(),
        ],
        body: words.replace('\n', "\r\n").into_bytes(),
    }
}

/// Plain text whose lines flow.
pub fn flowed(words: &str) -> Part {
    let mut part = text(words);
    part.header[0] = "Content-Type: text/plain; charset=utf-8; format=flowed".into();
    part
}

/// HTML in UTF-8.
pub fn html(markup: &str) -> Part {
    let mut part = text(markup);
    part.header[0] = "Content-Type: text/html; charset=utf-8".into();
    part
}

/// A file, packed in base64, with what stands after the type and the disposition.
pub fn file(content_type: &str, disposition: &str, bytes: &[u8]) -> Part {
    let encoded = BASE64_STANDARD.encode(bytes);
    let mut body = Vec::with_capacity(encoded.len() / 76 * 78);
    for line in encoded.as_bytes().chunks(76) {
        body.extend_from_slice(line);
        body.extend_from_slice(b"\r\n");
    }
    Part {
        header: vec![
            format!("Content-Type: {content_type}"),
            "Content-Transfer-Encoding: base64".into(),
            format!("Content-Disposition: {disposition}"),
        ],
        body,
    }
}

/// Another message, attached whole.
pub fn attached(message: &[u8]) -> Part {
    Part {
        header: vec!["Content-Type: message/rfc822".into(), "Content-Disposition: attachment".into()],
        body: message.to_vec(),
    }
}

/// Several parts as one.
pub fn multipart(subtype: &str, parts: &[Part]) -> Part {
    // Unlike anything in a part, and the same in every run.
    let weight: usize = parts.iter().map(|part| part.body.len() * 31 + part.header.len()).sum();
    let boundary = format!("=_part_{weight}_{}", parts.len());
    let mut body = Vec::new();
    for part in parts {
        body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        body.extend_from_slice(&whole(part));
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Part { header: vec![format!("Content-Type: multipart/{subtype}; boundary=\"{boundary}\"")], body }
}

/// Header lines, an empty line and the body.
pub fn whole(part: &Part) -> Vec<u8> {
    let mut bytes = part.header.join("\r\n").into_bytes();
    bytes.extend_from_slice(b"\r\n\r\n");
    bytes.extend_from_slice(&part.body);
    bytes
}

/// A letter: who, what, when.
#[derive(Clone, Debug)]
pub struct Letter {
    /// `Name <address>`, in Unicode.
    pub from: String,
    /// `Name <address>`, in Unicode.
    pub to: String,
    /// The subject, in Unicode.
    pub subject: String,
    /// When it was written.
    pub date: OffsetDateTime,
    /// More header lines.
    pub more: Vec<String>,
    /// Its text and whatever comes with it.
    pub part: Part,
}

impl Letter {
    /// The message as it travels.
    pub fn bytes(&self) -> Vec<u8> {
        let mut part = self.part.clone();
        let mut header = vec![
            format!("From: {}", person(&self.from)),
            format!("To: {}", person(&self.to)),
            format!("Subject: {}", words(&self.subject)),
            format!("Date: {}", self.date.format(&Rfc2822).unwrap_or_default()),
            format!("Message-ID: {}", self.message_id()),
            "MIME-Version: 1.0".to_owned(),
        ];
        header.extend(self.more.iter().cloned());
        header.append(&mut part.header);
        part.header = header;
        whole(&part)
    }

    /// Its Message-ID.
    pub fn message_id(&self) -> String {
        let hash =
            self.subject.bytes().chain(self.from.bytes()).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        format!("<{hash:x}.{}@demo.test>", self.date.unix_timestamp())
    }

    /// INTERNALDATE as APPEND takes it.
    pub fn internal_date(&self) -> String {
        let format = time::macros::format_description!(
            "\"[day padding:space]-[month repr:short]-[year] [hour]:[minute]:[second] [offset_hour sign:mandatory][offset_minute]\""
        );
        self.date.format(&format).unwrap_or_default()
    }
}

/// Encoded words where letters need them (RFC 2047).
pub fn words(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut encoded = Vec::new();
    let mut piece = String::new();
    for c in text.chars() {
        if piece.len() + c.len_utf8() > 40 {
            encoded.push(std::mem::take(&mut piece));
        }
        piece.push(c);
    }
    encoded.push(piece);
    let encoded: Vec<String> =
        encoded.iter().map(|piece| format!("=?utf-8?B?{}?=", BASE64_STANDARD.encode(piece))).collect();
    encoded.join("\r\n ")
}

pub(crate) fn person(text: &str) -> String {
    match text.split_once(" <") {
        Some((name, address)) if name.is_ascii() => format!("\"{name}\" <{address}"),
        Some((name, address)) => format!("{} <{address}", words(name)),
        None => text.to_owned(),
    }
}

/// A small picture: a coffee-brown square of so many pixels, as PNG without compression.
pub fn png(side: u16) -> Vec<u8> {
    let mut raw = Vec::new();
    for row in 0..side {
        raw.push(0);
        for column in 0..side {
            let shade = u8::try_from((row + column) * 90 / (2 * side)).unwrap_or(0);
            raw.extend([110 + shade, 70 + shade, 40 + shade]);
        }
    }
    let mut zlib = vec![0x78, 0x01];
    let mut chunks = raw.chunks(65_535).peekable();
    while let Some(chunk) = chunks.next() {
        let size = u16::try_from(chunk.len()).unwrap_or(u16::MAX);
        zlib.push(u8::from(chunks.peek().is_none()));
        zlib.extend(size.to_le_bytes());
        zlib.extend((!size).to_le_bytes());
        zlib.extend_from_slice(chunk);
    }
    let (a, b) = raw.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    zlib.extend(((b << 16) | a).to_be_bytes());
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let side = u32::from(side).to_be_bytes();
    chunk(&mut png, *b"IHDR", &[&side[..], &side, &[8, 2, 0, 0, 0]].concat());
    chunk(&mut png, *b"IDAT", &zlib);
    chunk(&mut png, *b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    png.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    let body = [&name[..], data].concat();
    png.extend_from_slice(&body);
    let crc = body.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 },
        )
    });
    png.extend((!crc).to_be_bytes());
}

/// A page of PDF with one line on it.
pub fn pdf(line: &str) -> Vec<u8> {
    let content = format!("BT /F1 18 Tf 72 720 Td ({}) Tj ET", line.replace(['(', ')', '\\'], ""));
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        pdf.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let xref = pdf.len();
    pdf.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        pdf.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    pdf.extend_from_slice(
        format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n", objects.len() + 1).as_bytes(),
    );
    pdf
}
