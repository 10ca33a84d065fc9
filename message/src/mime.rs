//! The tree of parts of a whole message (RFC 2045, RFC 2046), for when the mail server's own reading of it
//! (BODYSTRUCTURE) cannot be had. Headers are read by mail-parser; the bodies are cut here, in one pass over the lines
//! with the open boundaries on a stack. So nesting costs no recursion, and nothing is copied or decoded.

use mail_parser::parsers::MessageStream;
use mail_parser::{ContentType, HeaderValue};
use model::structure::{DEEPEST, Encoding, Part, PartNumber};

use crate::encoded_word;
use crate::header::{ended, is_separator, line_end, split};
use crate::limits::{MESSAGE_BYTES, MESSAGES, PARTS};

/// A message cut into its parts.
#[derive(Clone, Debug)]
pub struct Tree<'a> {
    raw: &'a [u8],
    root: Part,
    bodies: Vec<(PartNumber, usize, usize)>,
    complete: bool,
    cut_off: bool,
}

impl Tree<'_> {
    /// The root of the parts, with numbers as IMAP counts them.
    pub fn root(&self) -> &Part {
        &self.root
    }

    /// The bytes of a part, as packed for transport; of a multipart there are none.
    pub fn body(&self, number: &PartNumber) -> Option<&[u8]> {
        let (_, begin, end) = self.bodies.iter().find(|(known, _, _)| known == number)?;
        self.raw.get(*begin..*end)
    }

    /// Whether all of the message was cut: not where it is deeper than [`DEEPEST`], longer than [`MESSAGE_BYTES`] or has
    /// more than [`PARTS`] parts or [`MESSAGES`] messages inside. What is below stays one opaque part then.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether it ends before its last boundary, as what was cut off on its way does.
    pub fn is_cut_off(&self) -> bool {
        self.cut_off
    }
}

/// A part that is being read.
struct Open {
    part: Part,
    /// Where its body begins.
    begin: usize,
    /// What separates its parts, if it is a multipart.
    boundary: Option<Vec<u8>>,
    /// Whether parts without a type are messages (RFC 2046 §5.1.5).
    digest: bool,
}

/// Reads a message. Any bytes are a message, if only one of a single part.
pub fn read(raw: &[u8]) -> Tree<'_> {
    let mut reader = Reader {
        raw,
        last: line_end(raw),
        bodies: Vec::new(),
        open: Vec::new(),
        parts: 0,
        messages: 0,
        complete: true,
    };
    let mut at = reader.enter(0, None);
    while at < raw.len() && raw.len() <= MESSAGE_BYTES {
        let rest = raw.get(at..).unwrap_or_default();
        let end = at + rest.iter().position(|byte| *byte == reader.last).map_or(rest.len(), |at| at + 1);
        let line = raw.get(at..end).unwrap_or_default();
        at = match reader.boundary(line) {
            Some((level, last)) => reader.separate(level, last, at, end),
            None => end,
        };
    }
    reader.complete &= raw.len() <= MESSAGE_BYTES;
    let cut_off = reader.open.iter().any(|open| open.boundary.is_some());
    while reader.open.len() > 1 {
        reader.leave(raw.len());
    }
    reader.finish(cut_off)
}

struct Reader<'a> {
    raw: &'a [u8],
    /// What ends a line.
    last: u8,
    bodies: Vec<(PartNumber, usize, usize)>,
    open: Vec<Open>,
    parts: usize,
    messages: usize,
    complete: bool,
}

impl<'a> Reader<'a> {
    /// Reads the header that begins here, and those of messages inside; gives where the body begins.
    fn enter(&mut self, begin: usize, number: Option<PartNumber>) -> usize {
        let (mut at, mut number) = (begin, number);
        loop {
            let rest = self.raw.get(at..).unwrap_or_default();
            let header = rest.get(..self.header_length(rest)).unwrap_or_default();
            at += header.len();
            let digest = self.open.last().is_some_and(|open| open.digest);
            let (mut part, boundary) = described(header, digest);
            let lone = boundary.is_none();
            part.number = match (number.take(), lone) {
                (Some(number), _) => number,
                (None, true) => self.beneath().child(1),
                (None, false) => self.beneath(),
            };
            self.parts += 1;
            let attached = part.is("message", "rfc822") || part.is("message", "global");
            let below = self.open.len() < DEEPEST && self.parts < PARTS;
            let inside = attached && part.encoding == Encoding::Identity && self.messages < MESSAGES && below;
            self.messages += usize::from(inside);
            self.complete &= below && (inside || !attached || part.encoding != Encoding::Identity);
            let digest = part.is("multipart", "digest");
            if boundary.is_some() && !below {
                (part.media, part.subtype) = ("application".to_owned(), "octet-stream".to_owned());
            }
            let boundary = boundary.filter(|_| below);
            self.open.push(Open { part, begin: at, boundary, digest });
            if !inside {
                return at;
            }
        }
    }

    /// Bytes of a header with the empty line that ends it. Where that is missing, the first line that is no field
    /// begins the body; and no header goes beyond the part that it belongs to.
    fn header_length(&self, bytes: &[u8]) -> usize {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let length = rest.iter().position(|byte| *byte == self.last).map_or(rest.len(), |at| at + 1);
            let line = rest.get(..length).unwrap_or_default();
            // A line of white space goes on with a field.
            let is_empty = matches!(line, b"\n" | b"\r\n" | b"\r");
            let is_field = is_field(line) || at == 0 && (line.contains(&b':') || is_separator(line));
            // One damaged line among fields ends nothing.
            let next = || bytes.get(at + length..).is_some_and(|next| is_field_line(next, self.last));
            if self.boundary(line).is_some() || !is_empty && !is_field && (at == 0 || !next()) {
                break;
            }
            at += length;
            if is_empty {
                break;
            }
        }
        at
    }

    /// The number of what is open, below which the next part counts.
    fn beneath(&self) -> PartNumber {
        self.open.last().map(|open| open.part.number.clone()).unwrap_or_default()
    }

    /// Which open multipart a line separates, and whether it ends it.
    fn boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let stated = line.strip_prefix(b"--")?.trim_ascii_end();
        self.open.iter().enumerate().rev().find_map(|(level, open)| {
            let rest = stated.strip_prefix(open.boundary.as_deref()?)?;
            match rest {
                b"" => Some((level, false)),
                b"--" => Some((level, true)),
                _ => None,
            }
        })
    }

    /// Ends what is open below a multipart, and begins its next part; gives where to read on.
    fn separate(&mut self, level: usize, last: bool, line: usize, end: usize) -> usize {
        // The line break before a boundary belongs to it.
        let before = self.raw.get(..line).unwrap_or_default();
        let before = before.strip_suffix(b"\n").unwrap_or(before);
        let body_end = before.strip_suffix(b"\r").unwrap_or(before).len();
        while self.open.len() > level + 1 {
            self.leave(body_end);
        }
        let Some(multipart) = self.open.last_mut() else { return end };
        if last {
            multipart.boundary = None;
            return end;
        }
        if self.parts >= PARTS {
            self.complete = false;
            return end;
        }
        let index = u32::try_from(multipart.part.parts.len() + 1).unwrap_or(u32::MAX);
        let number = multipart.part.number.child(index);
        self.enter(end, Some(number))
    }

    /// Ends the innermost part.
    fn leave(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let part = self.closed(open, end);
        if let Some(above) = self.open.last_mut() {
            above.part.parts.push(part);
        }
    }

    fn closed(&mut self, open: Open, end: usize) -> Part {
        let mut part = open.part;
        let (begin, end) = (open.begin.min(end), end);
        // A multipart in which no part begins is text as well.
        if part.media == "multipart" && part.parts.is_empty() {
            (part.media, part.subtype) = ("text".to_owned(), "plain".to_owned());
            if part.number.is_root() {
                part.number = part.number.child(1);
            }
        }
        if part.media != "multipart" {
            part.size = u64::try_from(end - begin).ok();
            self.bodies.push((part.number.clone(), begin, end));
        }
        part
    }

    fn finish(mut self, cut_off: bool) -> Tree<'a> {
        let end = self.raw.len();
        let root = match self.open.pop() {
            Some(open) => self.closed(open, end),
            None => Part::default(),
        };
        self.bodies.sort();
        Tree { raw: self.raw, root, bodies: self.bodies, complete: self.complete, cut_off }
    }
}

/// Whether a line is a field, or goes on with one (RFC 5322 §2.2).
fn is_field(line: &[u8]) -> bool {
    let folded = matches!(line.first(), Some(b' ' | b'\t'));
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    let named =
        name.len() < line.len() && name.trim_ascii_end().iter().all(|byte| !byte.is_ascii_whitespace());
    folded || named
}

/// Whether the first line of this is a field of its own.
fn is_field_line(bytes: &[u8], last: u8) -> bool {
    let line = bytes.split(|byte| *byte == last).next().unwrap_or_default();
    is_field(line) && line.first().is_some_and(|byte| !byte.is_ascii_whitespace())
}

/// What a header says of its part, and the boundary if that is a multipart.
fn described(header: &[u8], in_digest: bool) -> (Part, Option<Vec<u8>>) {
    let mut part = Part::default();
    let mut boundary = None;
    let mut typed = false;
    for (name, value) in split(header) {
        let text = || String::from_utf8_lossy(value);
        if name.eq_ignore_ascii_case(b"content-type") && !typed {
            typed = true;
            let Some(stated) = content_type(&text()) else { continue };
            part.media = stated.ctype().to_ascii_lowercase();
            part.subtype = stated.subtype().unwrap_or_default().to_ascii_lowercase();
            part.parameters = parameters(&stated);
        } else if name.eq_ignore_ascii_case(b"content-disposition") && part.disposition.is_none() {
            let Some(stated) = content_type(&text()) else { continue };
            part.disposition = Some(stated.ctype().to_ascii_lowercase());
            part.disposition_parameters = parameters(&stated);
        } else if name.eq_ignore_ascii_case(b"content-transfer-encoding") {
            part.encoding = Encoding::from_name(&text());
        } else if name.eq_ignore_ascii_case(b"content-id") {
            part.content_id = Some(text().trim().trim_matches(['<', '>', ' ']).to_owned());
        }
    }
    if part.media == "multipart" {
        boundary =
            part.parameter("boundary").filter(|boundary| !boundary.is_empty()).map(|b| b.as_bytes().to_vec());
    }
    // Text of no kind is plain (RFC 2045 §5.2), a multipart that nothing separates is text, and so is what states no type.
    if part.media == "text" && part.subtype.is_empty() {
        part.subtype.push_str("plain");
    }
    if part.media.is_empty() || part.media == "multipart" && boundary.is_none() {
        let (media, subtype) = if in_digest && !typed { ("message", "rfc822") } else { ("text", "plain") };
        (part.media, part.subtype) = (media.to_owned(), subtype.to_owned());
    }
    (part, boundary)
}

fn content_type(text: &str) -> Option<ContentType<'static>> {
    match MessageStream::new(ended(&encoded_word::rewrite(text)).as_bytes()).parse_content_type().into_owned()
    {
        HeaderValue::ContentType(stated) => Some(stated),
        _ => None,
    }
}

fn parameters(stated: &ContentType<'_>) -> Vec<(String, String)> {
    let all = stated.attributes().unwrap_or_default();
    all.iter().map(|known| (known.name.to_ascii_lowercase(), encoded_word::decode(&known.value))).collect()
}

#[cfg(test)]
mod tests {
    use model::structure::{Encoding, Part};

    use super::{Tree, read};

    #[test]
    fn one_damaged_line_ends_no_header_and_two_do() {
        let root = |raw: &str| read(raw.as_bytes()).root().content_type();
        assert_eq!(root("Subject: x\nbroken line\nContent-Type: text/html\n\nx"), "text/html");
        assert_eq!(
            root("Subject: x\nwords of a letter\nContent: y z\n\nContent-Type: text/html\n"),
            "text/plain"
        );
        let tree = read(b"Subject: x\nwords of a letter\nand more: words\n\n");
        assert_eq!(body(&tree, "1"), Some("words of a letter\nand more: words\n\n"));
    }

    /// Types and numbers, in order.
    fn outline(part: &Part) -> Vec<String> {
        let mut lines = vec![format!("{} {}", part.number, part.content_type())];
        lines.extend(part.parts.iter().flat_map(outline));
        lines
    }

    fn body<'a>(tree: &'a Tree<'_>, number: &str) -> Option<&'a str> {
        tree.body(&number.parse().ok()?).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }

    #[test]
    fn parts_have_the_numbers_that_imap_gives_them() {
        let tree = read(
            b"Content-Type: multipart/mixed; boundary=\"a\"\r\n\r\npreamble\r\n--a\r\n\r\nfirst\r\n--a\r\n\
              Content-Type: message/rfc822\r\n\r\nSubject: x\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
              --b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: BASE64\r\n\r\nPGI+\r\n--b--\r\n\
              --a\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\nlone\r\n\
              --a\r\nContent-Type: image/png; name*=utf-8''%C3%BC.png\r\nContent-ID: <c@x>\r\nContent-Disposition: inline\r\n\r\n\
              png\r\n--a--\r\nepilogue\r\n",
        );
        assert_eq!(
            outline(tree.root()),
            [
                " multipart/mixed",
                "1 text/plain",
                "2 message/rfc822",
                "2 multipart/alternative",
                "2.1 text/html",
                "3 message/rfc822",
                "3.1 text/plain",
                "4 image/png"
            ]
        );
        assert_eq!(body(&tree, "1"), Some("first"));
        assert_eq!(body(&tree, "2.1"), Some("PGI+"));
        assert_eq!(body(&tree, "3"), Some("Subject: y\r\n\r\nlone"));
        assert_eq!(body(&tree, "3.1"), Some("lone"));
        assert_eq!(body(&tree, "5"), None);
        let picture = &tree.root().parts[3];
        assert_eq!(picture.stated_name(), Some("ü.png"));
        assert_eq!((picture.content_id.as_deref(), picture.size), (Some("c@x"), Some(3)));
        assert_eq!(tree.root().parts[1].parts[0].parts[0].encoding, Encoding::Base64);
        assert!(tree.is_complete());
    }

    #[test]
    fn a_message_of_one_part_has_number_one() {
        for raw in ["Subject: x\n\nhello", "hello", "\n\nhello", "Content-Type: multipart/mixed\n\nhello"] {
            let tree = read(raw.as_bytes());
            assert_eq!(outline(tree.root()), ["1 text/plain"], "{raw:?}");
            assert!(body(&tree, "1").is_some_and(|body| body.ends_with("hello")), "{raw:?}");
        }
        assert_eq!(outline(read(b"").root()), ["1 text/plain"]);
    }

    #[test]
    fn what_ends_too_early_is_kept() {
        let tree =
            read(b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: text/html\n\n<p>cut off");
        assert_eq!(body(&tree, "1"), Some("<p>cut off"));
        let tree = read(
            b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: text/html\n--a\n\nx\n--a--\n",
        );
        assert_eq!(outline(tree.root()), [" multipart/mixed", "1 text/html", "2 text/plain"]);
        assert_eq!((body(&tree, "1"), body(&tree, "2")), (Some(""), Some("x")));
    }

    #[test]
    fn parts_of_a_digest_are_messages() {
        let tree = read(b"Content-Type: multipart/digest; boundary=a\n\n--a\n\nSubject: x\n\nbody\n--a--\n");
        assert_eq!(outline(tree.root()), [" multipart/digest", "1 message/rfc822", "1.1 text/plain"]);
        assert_eq!(body(&tree, "1.1"), Some("body"));
    }
}
