//! A table in text (RFC 4180, and what spreadsheets write instead) as a document of its own.

use csv::{ByteRecord, ReaderBuilder};

use crate::header::shown;
use crate::html::escaped;
use crate::limits::{CELL_CHARACTERS, TABLE_COLUMNS, TABLE_ROWS};

/// The policy under which the document is served: nothing runs, nothing is fetched, nothing is sent.
pub const CONTENT_SECURITY_POLICY: &str =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// Bytes and lines by which it is told what separates cells.
const DELIMITER_BYTES: usize = 64 * 1024;
const DELIMITER_LINES: usize = 20;

const STYLE: &str = ":root{color-scheme:light dark}\
body{margin:0;font:15px/1.4 system-ui,sans-serif;font-variant-numeric:tabular-nums}\
p{margin:0;padding:8px 12px}\
table{border-collapse:collapse}\
td,th{max-width:24rem;padding:4px 12px;border:1px solid color-mix(in srgb,currentColor 25%,transparent);\
text-align:start;vertical-align:top;overflow-wrap:anywhere;white-space:pre-line}\
th{position:sticky;top:0;background:Canvas}";

/// Which words go around a table, in the language of whoever reads it.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    /// The tag of their language.
    pub language: &'a str,
    /// The name of the file, cleaned.
    pub name: &'a str,
    /// What is said where not all is shown.
    pub shortened: &'a str,
}

/// The document of a table: the first row as headings, each cell as text, and no more of them than the limits allow. A text
/// that was cut before it was given is said to be `cut`.
pub fn document(text: &str, cut: bool, words: &Words<'_>) -> String {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut shortened = cut;
    let mut rows = String::new();
    let mut record = ByteRecord::new();
    let mut count = 0;
    // From memory nothing fails to be read, and records may be of any length.
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        if count >= TABLE_ROWS {
            shortened = true;
            break;
        }
        shortened |= record.len() > TABLE_COLUMNS;
        let (open, close) = if count == 0 { ("<th scope=\"col\">", "</th>") } else { ("<td>", "</td>") };
        rows.push_str("<tr>");
        for cell in record.iter().take(TABLE_COLUMNS) {
            rows.push_str(open);
            rows.push_str(&escaped(&cell_of(cell, &mut shortened)));
            rows.push_str(close);
        }
        rows.push_str("</tr>");
        count += 1;
    }
    let mut page = String::with_capacity(rows.len() + 1024);
    page.push_str("<!DOCTYPE html><html lang=\"");
    page.push_str(&escaped(words.language));
    page.push_str("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
    page.push_str(&escaped(words.name));
    page.push_str("</title><style>");
    page.push_str(STYLE);
    page.push_str("</style></head><body>");
    if shortened {
        page.push_str("<p role=\"note\">");
        page.push_str(&escaped(words.shortened));
        page.push_str("</p>");
    }
    page.push_str("<table>");
    page.push_str(&rows);
    page.push_str("</table></body></html>");
    page
}

/// What separates cells: what stands in every one of the first lines, and most often. Where a comma stands in numbers,
/// spreadsheets write semicolons.
fn delimiter(text: &str) -> u8 {
    let counts = |wanted: u8| {
        let (mut quoted, mut count, mut lines) = (false, 0_usize, Vec::new());
        for byte in text.bytes().take(DELIMITER_BYTES) {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => lines.push(std::mem::take(&mut count)),
                _ => count += usize::from(!quoted && byte == wanted),
            }
        }
        lines.push(count);
        lines.truncate(DELIMITER_LINES);
        // A last line that is empty is none.
        let full = lines.len().saturating_sub(usize::from(lines.len() > 1 && lines.last() == Some(&0)));
        let least = lines.iter().take(full).min().copied().unwrap_or(0);
        (least, lines.iter().sum::<usize>())
    };
    // Of equals the last counts: a comma.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(|known| counts(*known)).unwrap_or(b',')
}

/// The words of a cell, its line breaks kept.
fn cell_of(cell: &[u8], shortened: &mut bool) -> String {
    let text = String::from_utf8_lossy(cell);
    *shortened |= text.chars().nth(CELL_CHARACTERS).is_some();
    let cut: String = text.chars().take(CELL_CHARACTERS).collect();
    cut.lines().map(|line| shown(line, usize::MAX)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Words, document};
    use crate::limits::{CELL_CHARACTERS, TABLE_COLUMNS, TABLE_ROWS};

    fn made(text: &str) -> String {
        document(text, false, &Words { language: "en", name: "a<b>.csv", shortened: "not all" })
    }

    fn table(text: &str) -> String {
        let made = made(text);
        let (_, table) = made.split_once("<table>").unwrap();
        table.split_once("</table>").unwrap().0.to_owned()
    }

    #[test]
    fn whatever_separates_cells_is_found() {
        let wanted =
            "<tr><th scope=\"col\">a</th><th scope=\"col\">1,5</th></tr><tr><td>b</td><td>2</td></tr>";
        for text in ["a,\"1,5\"\r\nb,2\r\n", "a;1,5\nb;2", "\u{feff}a\t1,5\nb\t2\n", "a|\"1,5\"\nb|2"] {
            assert_eq!(table(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn cells_are_words_and_never_markup() {
        let made =
            made("\"<script>alert(1)</script>\",\"\"\"x\"\"\"\n=cmd|'/c calc'!A0,\"two\nlines\u{202e}\"\n");
        assert!(!made.contains("<script") && !made.contains("\u{202e}"), "{made}");
        assert!(made.contains("&quot;x&quot;") && made.contains("two\nlines</td>"), "{made}");
        assert!(made.contains("<title>a&lt;b&gt;.csv</title>") && !made.contains("not all"), "{made}");
    }

    #[test]
    fn a_table_of_any_size_is_shown_as_far_as_the_limits_go_and_says_so() {
        let many = made(&"x\n".repeat(TABLE_ROWS + 1));
        assert_eq!(many.matches("<tr>").count(), TABLE_ROWS);
        let wide = made(&"x,".repeat(TABLE_COLUMNS * 2));
        assert_eq!(wide.matches("<th").count(), TABLE_COLUMNS);
        let long = made(&"ü".repeat(CELL_CHARACTERS + 1));
        for made in [many, wide, long] {
            assert!(made.contains("<p role=\"note\">not all</p>"));
        }
    }

    #[test]
    fn quotes_that_never_end_and_bytes_of_no_meaning_are_a_table_too() {
        assert_eq!(table("a,\"b\nc"), "<tr><th scope=\"col\">a</th><th scope=\"col\">b\nc</th></tr>");
        assert_eq!(table(""), "");
        assert!(table("\u{0}\u{1},\u{fffd}").starts_with("<tr>"));
    }
}
