//! Plain text: flowed lines joined (RFC 3676), quotations, signature and links found. Pieces, never markup.

use linkify::{LinkFinder, LinkKind};
use model::message::{Line, Piece};
use url::Url;

use crate::header::is_hidden;
use crate::limits::{LINKED_LINE_BYTES, TEXT_BYTES, TEXT_LINES, TEXT_LINKS};

/// Lines of text, and whether some are missing because there were too many.
pub fn lines(text: &str, flowed: bool, delsp: bool) -> (Vec<Line>, bool) {
    let cut = text.len() > TEXT_BYTES;
    let text = if cut { text.get(..text.floor_char_boundary(TEXT_BYTES)).unwrap_or_default() } else { text };
    // Lines of old ends: a carriage return alone, or two of them.
    let mixed = text.replace("\r\r\n", "\n").replace("\r\n", "\n");
    let text = if mixed.contains('\r') { mixed.replace('\r', "\n") } else { mixed };
    let mut lines: Vec<Line> = Vec::new();
    let mut signature = false;
    // The line that flows on: its depth and its words so far.
    let mut open: Option<(u8, String)> = None;
    let mut shortened = cut;
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url, LinkKind::Email]);
    let mut linker = Linker { finder, left: TEXT_LINKS };
    for raw in text.split('\n') {
        if lines.len() >= TEXT_LINES {
            shortened = true;
            break;
        }
        let (quoted, rest) = quotation(raw, flowed);
        let rest = if flowed { rest.strip_prefix(' ').unwrap_or(rest) } else { rest };
        let separator = rest == "-- ";
        if let Some((depth, words)) = open.take_if(|(depth, _)| *depth != quoted || separator) {
            lines.push(linker.line(depth, signature, &words));
        }
        if separator && quoted == 0 {
            signature = true;
        } else if quoted > 0 {
            signature = false;
        }
        let flows = flowed && rest.ends_with(' ') && !separator;
        let words = if flows && delsp { rest.strip_suffix(' ').unwrap_or(rest) } else { rest };
        let joined = match open.take() {
            Some((_, before)) => before + words,
            None => words.to_owned(),
        };
        if flows {
            open = Some((quoted, joined));
        } else {
            lines.push(linker.line(quoted, signature, &joined));
        }
    }
    if let Some((depth, words)) = open {
        lines.push(linker.line(depth, signature, &words));
    }
    while lines.last().is_some_and(|line| line.pieces.is_empty()) {
        lines.pop();
    }
    (lines, shortened)
}

/// How deep a line is quoted, and its words. Without format=flowed, a space may stand between the marks.
fn quotation(line: &str, flowed: bool) -> (u8, &str) {
    let (mut depth, mut rest) = (0_u8, line);
    loop {
        let candidate = if flowed || depth == 0 { rest } else { rest.strip_prefix(' ').unwrap_or(rest) };
        let Some(after) = candidate.strip_prefix('>') else { break };
        depth = depth.saturating_add(1);
        rest = after;
    }
    if depth > 0 && !flowed {
        rest = rest.strip_prefix(' ').unwrap_or(rest);
    }
    (depth, rest)
}

/// Makes lines of words, with their links.
struct Linker {
    finder: LinkFinder,
    /// Links that may still be made.
    left: usize,
}

impl Linker {
    fn line(&mut self, quoted: u8, signature: bool, words: &str) -> Line {
        let words: String = words.chars().filter(|c| *c == '\t' || !is_hidden(*c)).collect();
        let words = words.trim_end();
        let mut pieces = Vec::new();
        if words.len() > LINKED_LINE_BYTES {
            return Line { quoted, signature, pieces: vec![Piece::Text(words.to_owned())] };
        }
        for span in self.finder.spans(words) {
            let text = span.as_str().to_owned();
            let href = if self.left > 0 { span.kind().and_then(|kind| target(kind, &text)) } else { None };
            match (href, pieces.last_mut()) {
                (Some(href), _) => {
                    self.left -= 1;
                    pieces.push(Piece::Link { text, href });
                }
                (None, Some(Piece::Text(before))) => before.push_str(&text),
                (None, _) => pieces.push(Piece::Text(text)),
            }
        }
        Line { quoted, signature, pieces }
    }
}

fn target(kind: &LinkKind, text: &str) -> Option<String> {
    let url = match kind {
        LinkKind::Email => Url::parse(&format!("mailto:{text}")),
        _ => Url::parse(text),
    }
    .ok()?;
    let is_safe = match url.scheme() {
        "http" | "https" => url.has_host(),
        "mailto" => *kind == LinkKind::Email,
        _ => false,
    };
    is_safe.then(|| url.to_string())
}

#[cfg(test)]
mod tests {
    use model::message::{Line, Piece};

    use super::lines;

    fn words(line: &Line) -> String {
        line.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Link { text, .. } => text.as_str(),
            })
            .collect()
    }

    #[test]
    fn flowed_lines_are_joined_and_quotations_kept_apart() {
        let (lines, _) = lines("> one \r\n> two\r\nthree \r\nfour\r\n-- \r\nAnna\r\n", true, false);
        let read: Vec<_> = lines.iter().map(|line| (line.quoted, line.signature, words(line))).collect();
        assert_eq!(read[0], (1, false, "one two".into()));
        assert_eq!(read[1], (0, false, "three four".into()));
        assert_eq!(read[2], (0, true, "--".into()));
        assert_eq!(read[3], (0, true, "Anna".into()));
    }

    #[test]
    fn delsp_removes_the_space_of_a_soft_break() {
        assert_eq!(words(&lines("日本 \r\n語", true, true).0[0]), "日本語");
    }

    #[test]
    fn quotation_marks_may_have_spaces_between() {
        let (lines, _) = lines("> > deep\n>also\nno > quote", false, false);
        assert_eq!(lines.iter().map(|line| line.quoted).collect::<Vec<_>>(), [2, 1, 0]);
        assert_eq!(words(&lines[0]), "deep");
    }

    #[test]
    fn links_are_found_and_only_safe_ones() {
        let (lines, _) = lines(
            "see https://x.test/a?b=1. or javascript:alert(1) or anna@demo.test, file:///etc",
            false,
            false,
        );
        let links: Vec<_> = lines[0]
            .pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Link { href, .. } => Some(href.as_str()),
                Piece::Text(_) => None,
            })
            .collect();
        assert_eq!(links, ["https://x.test/a?b=1", "mailto:anna@demo.test"]);
    }

    #[test]
    fn markup_stays_what_it_was_typed_as() {
        let (lines, _) = lines("<script>alert(1)</script>\u{202e}", false, false);
        assert_eq!(words(&lines[0]), "<script>alert(1)</script>");
    }

    #[test]
    fn a_text_of_nothing_but_links_costs_a_limited_number_of_them() {
        let (lines, _) = lines(&"a@b.test ".repeat(50_000), false, false);
        assert_eq!(lines[0].pieces.len(), 1, "a line too long to look for links");
        let (lines, _) = super::lines(&"a@b.test c@d.test\n".repeat(15_000), false, false);
        let links = lines
            .iter()
            .flat_map(|line| &line.pieces)
            .filter(|piece| matches!(piece, Piece::Link { .. }))
            .count();
        assert_eq!(links, 10_000);
        for hostile in ["@", "a@", "://", "http://(", "http://a.b/(((", "x:", "."] {
            super::lines(&hostile.repeat(8_000), false, false);
        }
    }

    #[test]
    fn an_endless_text_is_shortened() {
        let (lines, shortened) = lines(&"x\n".repeat(30_000), false, false);
        assert!(shortened && lines.len() <= 20_000);
        assert!(super::lines(&"ü".repeat(2_000_000), false, false).1);
    }
}
