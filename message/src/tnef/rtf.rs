//! RTF as Outlook packs it (MS-OXRTFCP), and its words.
//!
//! The crate for this reserves as many bytes as the sender says there are; so it is unpacked here, where the stated size
//! is never asked.

use crate::limits::RTF_BYTES;

/// What every packed text may refer to (MS-OXRTFCP §2.1.2.1).
const DICTIONARY: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
    \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\
    \\b\\i\\u\\tab\\tx";

/// Bytes of the window that references reach back into.
const WINDOW: usize = 4096;

/// Unpacks RTF, at most [`RTF_BYTES`]; `None` when it is none. What was cut off gives what arrived.
pub(super) fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let (head, body) = packed.split_at_checked(16)?;
    match head.get(8..12)? {
        b"MELA" => Some(body.get(..RTF_BYTES).unwrap_or(body).to_vec()),
        b"LZFu" => Some(expand(body)),
        _ => None,
    }
}

fn expand(packed: &[u8]) -> Vec<u8> {
    // The dictionary stands before the text, so that a reference is always to bytes that are there.
    let mut out = DICTIONARY.to_vec();
    let most = DICTIONARY.len() + RTF_BYTES;
    let mut bytes = packed.iter().copied();
    'all: while let Some(control) = bytes.next() {
        for bit in 0..8 {
            let Some(first) = bytes.next() else { break 'all };
            if control & 1 << bit == 0 {
                out.push(first);
            } else {
                let Some(second) = bytes.next() else { break 'all };
                let offset = usize::from(first) << 4 | usize::from(second >> 4);
                // An offset counts in the window; one that is where writing goes on is the end.
                let back = (out.len() + WINDOW - offset) % WINDOW;
                if back == 0 {
                    break 'all;
                }
                for _ in 0..usize::from(second & 15) + 2 {
                    let byte = out.len().checked_sub(back).and_then(|at| out.get(at).copied());
                    out.push(byte.unwrap_or(b' '));
                }
            }
            if out.len() >= most {
                break 'all;
            }
        }
    }
    out.drain(..DICTIONARY.len());
    out
}

/// Groups whose words are not for reading.
const SILENT: [&[u8]; 8] =
    [b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer"];

/// Groups inside of groups that are followed.
const DEEPEST: usize = 1_000;

#[derive(Clone, Copy)]
struct Group {
    silent: bool,
    /// Characters that stand for each `\u`, for readers without Unicode.
    stand_ins: usize,
}

/// The words of RTF, one line for each paragraph; `None` when it is none.
pub(super) fn words(rtf: &[u8]) -> Option<String> {
    if !rtf.starts_with(b"{\\rtf") {
        return None;
    }
    let mut reader =
        Reader { rest: rtf, words: String::new(), held: Vec::new(), codepage: 1252, skip: 0, high: None };
    let mut groups = vec![Group { silent: false, stand_ins: 1 }];
    while let Some((first, after)) = reader.rest.split_first() {
        reader.rest = after;
        let now = groups.last().copied()?;
        match first {
            b'{' => {
                if groups.len() < DEEPEST {
                    groups.push(now);
                }
            }
            b'}' => {
                if groups.len() > 1 {
                    groups.pop();
                }
            }
            b'\\' => {
                let group = groups.last_mut()?;
                reader.control(group);
            }
            b'\r' | b'\n' => {}
            other => reader.byte(*other, now.silent),
        }
    }
    reader.flush();
    Some(reader.words)
}

struct Reader<'a> {
    rest: &'a [u8],
    words: String,
    /// Bytes in the code page that wait, since a character may have two.
    held: Vec<u8>,
    codepage: u32,
    /// Characters that stand in for one that was read already.
    skip: usize,
    /// The first half of a character beyond the first plane.
    high: Option<u16>,
}

impl Reader<'_> {
    fn byte(&mut self, byte: u8, silent: bool) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if !silent {
            self.held.push(byte);
        }
    }

    fn flush(&mut self) {
        if !self.held.is_empty() {
            self.words.push_str(&super::decoded(&std::mem::take(&mut self.held), self.codepage));
        }
    }

    fn say(&mut self, text: &str, silent: bool) {
        if !silent {
            self.flush();
            self.words.push_str(text);
        }
    }

    /// What follows a backslash.
    fn control(&mut self, group: &mut Group) {
        let Some((first, after)) = self.rest.split_first() else { return };
        if !first.is_ascii_alphabetic() {
            self.rest = after;
            match first {
                b'\'' => {
                    let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
                    if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                        self.rest = after.get(2..).unwrap_or_default();
                        self.byte(byte, group.silent);
                    }
                }
                b'{' | b'}' | b'\\' => self.byte(*first, group.silent),
                b'~' => self.say("\u{a0}", group.silent),
                b'_' => self.say("-", group.silent),
                b'*' => group.silent = true,
                b'\r' | b'\n' => self.say("\n", group.silent),
                _ => {}
            }
            return;
        }
        let length = self.rest.iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (word, mut after) = self.rest.split_at_checked(length).unwrap_or((self.rest, &[]));
        let digits = after
            .iter()
            .take(11)
            .enumerate()
            .take_while(|(at, byte)| byte.is_ascii_digit() || *at == 0 && **byte == b'-')
            .count();
        let number =
            after.get(..digits).and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<i64>().ok());
        after = after.get(digits..).unwrap_or_default();
        self.rest = after.strip_prefix(b" ").unwrap_or(after);
        self.obey(word, number, group);
    }

    fn obey(&mut self, word: &[u8], number: Option<i64>, group: &mut Group) {
        match word {
            b"par" | b"line" | b"row" | b"sect" | b"page" => self.say("\n", group.silent),
            b"tab" | b"cell" => self.say("\t", group.silent),
            b"emdash" => self.say("—", group.silent),
            b"endash" => self.say("–", group.silent),
            b"lquote" => self.say("‘", group.silent),
            b"rquote" => self.say("’", group.silent),
            b"ldblquote" => self.say("“", group.silent),
            b"rdblquote" => self.say("”", group.silent),
            b"bullet" => self.say("•", group.silent),
            b"ansicpg" => {
                self.flush();
                self.codepage = number.and_then(|number| u32::try_from(number).ok()).unwrap_or(1252);
            }
            b"uc" => {
                group.stand_ins = number.and_then(|number| usize::try_from(number).ok()).unwrap_or(1).min(10);
            }
            b"u" => {
                // Numbers above 32767 are written as negative ones; pairs of surrogates are two words.
                let unit = number
                    .map(|number| number.rem_euclid(0x1_0000))
                    .and_then(|unit| u16::try_from(unit).ok());
                if let Some(unit) = unit
                    && !group.silent
                {
                    self.unit(unit);
                }
                self.skip = group.stand_ins;
            }
            b"bin" => {
                let length = number.and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
                self.rest = self.rest.get(length..).unwrap_or_default();
            }
            _ if SILENT.contains(&word) => group.silent = true,
            _ => {}
        }
    }

    /// One unit of UTF-16.
    fn unit(&mut self, unit: u16) {
        self.flush();
        let high = self.high.take();
        let units: Vec<u16> = high.into_iter().chain([unit]).collect();
        if high.is_none() && matches!(unit, 0xd800..=0xdbff) {
            self.high = Some(unit);
        } else {
            self.words.push_str(&String::from_utf16_lossy(&units));
        }
    }
}
