//! Where another reader (mail-parser) takes another text or another number of files out of a message than we do. Each
//! such message is named in `torture/differences.md` with the reason why ours is meant so; a new one fails here.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

#[allow(dead_code, reason = "the suite itself looks at more of a page")]
#[path = "torture/reading.rs"]
mod reading;

use mail_parser::MessageParser;
use mail_parser::decoders::html::html_to_text;

/// Letters and digits alone: how a text is laid out is not compared.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What differs in a message, in a word or two.
fn difference(raw: &[u8]) -> Option<String> {
    let ours = reading::read(raw);
    let Some(theirs) = MessageParser::default().parse(raw) else { return Some("unread".to_owned()) };
    // Of alternatives we show the richer one, and they may be asked for either.
    let plain: String = (0..theirs.text_body_count()).filter_map(|at| theirs.body_text(at)).collect();
    let rich: String = (0..theirs.html_body_count()).filter_map(|at| theirs.body_html(at)).collect();
    let rich = html_to_text(&rich);
    let words = match &ours.html {
        Some(Ok(html)) => html_to_text(reading::inside_of_body(html)),
        _ => ours.words(),
    };
    let mut differs = Vec::new();
    if bare(&words) != bare(&plain) && bare(&words) != bare(&rich) {
        differs.push(match (words.trim().is_empty(), plain.trim().is_empty()) {
            (true, false) => "no text",
            (false, true) => "more text",
            _ => "text",
        });
    }
    match (ours.attachments.len() + ours.inline).cmp(&theirs.attachment_count()) {
        std::cmp::Ordering::Less => differs.push("fewer files"),
        std::cmp::Ordering::Greater => differs.push("more files"),
        std::cmp::Ordering::Equal => {}
    }
    (!differs.is_empty()).then(|| differs.join(", "))
}

#[test]
fn every_difference_to_another_reader_is_known_and_has_a_reason() {
    let known = include_str!("torture/differences.md");
    let known: Vec<&str> = known.lines().filter(|line| line.starts_with("| `")).collect();
    let mut found = Vec::new();
    for (name, raw) in reading::kept() {
        if let Some(difference) = difference(&raw) {
            found.push(format!("| `{name}` | {difference} |"));
        }
    }
    let is_listed = |line: &String| known.iter().any(|known| known.starts_with(line.as_str()));
    let new: Vec<_> = found.iter().filter(|line| !is_listed(line)).collect();
    let gone: Vec<_> =
        known.iter().filter(|known| !found.iter().any(|line| known.starts_with(line.as_str()))).collect();
    println!("{} differences", found.len());
    assert!(new.is_empty() && gone.is_empty(), "new: {new:#?}\ngone: {gone:#?}");
    for line in known {
        let reason = line.rsplit('|').nth(1).unwrap_or_default().trim();
        assert!(reason.len() > 3, "without a reason: {line}");
    }
}
