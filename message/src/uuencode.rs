//! Files in the text itself, as they were sent before MIME: uuencode (POSIX), and yEnc, which is only recognised.

use model::structure::Encoding;

use crate::charset;
use crate::inside::File;
use crate::limits::FILES_INSIDE;
use crate::transfer::unpack;

/// A text without the files that were in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    /// What is left to read.
    pub(crate) rest: Vec<u8>,
    /// The files, in order.
    pub(crate) files: Vec<File>,
    /// The name of a file in yEnc, which stays packed.
    pub(crate) yenc: Option<String>,
}

/// A file that was found.
struct Found<'a> {
    bytes: Vec<u8>,
    /// Whether its end was seen.
    complete: bool,
    /// What follows it.
    after: &'a [u8],
}

/// Takes files out of a text. What only looks like the beginning of one stays.
pub(crate) fn take_out(text: &[u8]) -> Text {
    let mut taken = Text::default();
    let mut rest = text;
    let mut yenc_ends = true;
    while !rest.is_empty() {
        let (line, after) = split_line(rest);
        let room = taken.files.len() < FILES_INSIDE;
        if room
            && let Some((name, base64)) = beginning(line)
            && let Some(found) = if base64 { base64_lines(after) } else { lines(after) }
        {
            taken.files.push(File::new(&charset::decode(name, None).0, None, found.bytes, found.complete));
            rest = found.after;
            continue;
        }
        // Where none ends, none has to be looked for again.
        if yenc_ends && let Some(name) = yenc(line) {
            let Some(after) = behind_yenc(after) else {
                yenc_ends = false;
                continue;
            };
            taken.yenc.get_or_insert(charset::decode(name, None).0);
            rest = after;
            continue;
        }
        taken.rest.extend_from_slice(rest.get(..rest.len() - after.len()).unwrap_or_default());
        rest = after;
    }
    taken
}

/// The first line without its end, and what follows it.
fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
    let (line, after) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    (line.strip_suffix(b"\r").unwrap_or(line), after)
}

/// `begin 644 name`, and whether what follows is base64.
fn beginning(line: &[u8]) -> Option<(&[u8], bool)> {
    let (rest, base64) = match line.strip_prefix(b"begin-base64 ") {
        Some(rest) => (rest, true),
        None => (line.strip_prefix(b"begin ")?, false),
    };
    let space = rest.iter().position(|byte| *byte == b' ')?;
    let (mode, name) = rest.split_at_checked(space)?;
    let octal = matches!(mode.len(), 3 | 4) && mode.iter().all(|byte| matches!(byte, b'0'..=b'7'));
    let name = name.trim_ascii();
    (octal && !name.is_empty()).then_some((name, base64))
}

/// The bytes of uuencoded lines, and what follows `end`. A file that was cut off ends with its last good line; `None`
/// where not even the first is good.
fn lines(bytes: &[u8]) -> Option<Found<'_>> {
    let mut decoded = Vec::new();
    let mut rest = bytes;
    loop {
        let (line, after) = split_line(rest);
        if line.trim_ascii() == b"end" {
            return Some(Found { bytes: decoded, complete: true, after });
        }
        if rest.is_empty() || !decode_line(line, &mut decoded) {
            let found = Found { bytes: decoded, complete: false, after: rest };
            return (!found.bytes.is_empty()).then_some(found);
        }
        rest = after;
    }
}

/// One line: how many bytes, then four characters for three of them. White space at its end may be lost, and a checksum
/// may follow.
fn decode_line(line: &[u8], decoded: &mut Vec<u8>) -> bool {
    let Some((first, packed)) = line.split_first() else { return true };
    let known = |byte: &u8| matches!(byte, b' '..=b'`');
    let value = |byte: u8| byte.wrapping_sub(b' ') & 63;
    let length = usize::from(value(*first));
    let width = length.div_ceil(3) * 4;
    if !known(first) || !packed.iter().all(known) || packed.len() > width + 2 || packed.len() + 8 < width {
        return false;
    }
    let begin = decoded.len();
    let mut values = packed.iter().map(|byte| value(*byte)).chain(std::iter::repeat(0)).take(width);
    while let (Some(a), Some(b), Some(c), Some(d)) =
        (values.next(), values.next(), values.next(), values.next())
    {
        decoded.extend([a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
    }
    decoded.truncate(begin + length);
    true
}

/// The bytes of base64 up to `====`.
fn base64_lines(bytes: &[u8]) -> Option<Found<'_>> {
    let mut rest = bytes;
    loop {
        let (line, after) = split_line(rest);
        if line.trim_ascii() == b"====" {
            let packed = bytes.get(..bytes.len() - rest.len())?;
            return Some(Found { bytes: unpack(packed, Encoding::Base64), complete: true, after });
        }
        let is_packed = line.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/= ".contains(byte));
        if rest.is_empty() || !is_packed {
            return None;
        }
        rest = after;
    }
}

/// The name in the first line of a file in yEnc.
fn yenc(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"=ybegin ")?;
    let at = rest.windows(6).position(|window| window == b" name=")?;
    rest.get(at + 6..).map(<[u8]>::trim_ascii)
}

/// What follows the last line of a file in yEnc.
fn behind_yenc(bytes: &[u8]) -> Option<&[u8]> {
    let at = bytes.windows(7).position(|window| window == b"\n=yend ")?;
    bytes.get(at + 1..).map(|last| split_line(last).1)
}

#[cfg(test)]
mod tests {
    use super::take_out;

    #[test]
    fn a_file_is_taken_out_of_the_text() {
        let taken = take_out(b"Hello\r\nbegin 644 ../cat.txt\r\n#0V%T\r\n`\r\nend\r\nBye\r\n");
        assert_eq!(taken.rest, b"Hello\r\nBye\r\n");
        assert_eq!((taken.files[0].name.as_str(), taken.files[0].bytes.as_slice()), ("cat.txt", &b"Cat"[..]));
        let taken = take_out(b"begin-base64 644 a.txt\nQ2F0\n====\nx");
        assert_eq!((taken.files[0].bytes.as_slice(), taken.rest.as_slice()), (&b"Cat"[..], &b"x"[..]));
    }

    #[test]
    fn what_was_cut_off_gives_what_arrived() {
        let taken = take_out(b"begin 644 cat.txt\n#0V%T\n#0V%");
        assert_eq!(taken.files[0].bytes.get(..3), Some(&b"Cat"[..]));
    }

    #[test]
    fn words_that_only_begin_like_a_file_stay() {
        for text in [
            "begin 644 words of a letter\nthat goes on like this, in small letters",
            "begin the day\n",
            "begin 999 x\n#0V%T\nend\n",
            "begin-base64 644 x\n",
            "=ybegin line=128 size=3 name=x\n no end",
        ] {
            let taken = take_out(text.as_bytes());
            assert_eq!((taken.rest.as_slice(), taken.files.len()), (text.as_bytes(), 0), "{text}");
        }
    }

    #[test]
    fn yenc_is_named() {
        let taken = take_out(b"a\n=ybegin line=128 size=3 name=cat.jpg\n\xff\xfe\n=yend size=3\nb");
        assert_eq!((taken.yenc.as_deref(), taken.rest.as_slice()), (Some("cat.jpg"), &b"a\nb"[..]));
    }

    #[test]
    fn a_thousand_beginnings_cost_no_more_than_their_length() {
        let taken = take_out("begin 644 x\n#0V%T\nend\n".repeat(1_000).as_bytes());
        assert_eq!(taken.files.len(), 200);
        for hostile in
            ["begin 644 x\n", "begin 644 x\nM\n", "=ybegin size=1 name=x\n", "begin-base64 644 x\nQQ\n"]
        {
            take_out(hostile.repeat(20_000).as_bytes());
        }
    }
}
