//! What a page makes of the rows and messages that a server told of.

use imap::commands::envelope::{RawAddress, Words};
use imap::commands::fetch::RawEnvelope;
use message::{alternative, attachment, header};
use model::structure::{DEEPEST, Part, PartNumber};

/// Shows the words of an envelope.
pub(crate) fn shown_words(words: &Words) {
    one_line(&header::decode(&words.subject));
    shown_addresses(&words.from);
    shown_addresses(&words.reply_to);
    shown_addresses(&words.to);
}

/// Shows a row of a list.
pub(crate) fn shown_row(row: &RawEnvelope) {
    one_line(&header::decode(&row.subject));
    shown_addresses(&row.from);
    shown_addresses(&row.to);
    if let Some(received) = row.received {
        assert!(!received.rfc3339().is_empty(), "a time that was read can be written");
    }
    if let Some(root) = &row.structure {
        shown_parts(root);
    }
}

/// Shows the parts of a message.
pub(crate) fn shown_parts(root: &Part) {
    let chosen = alternative::choose(root);
    let _ = alternative::has_attachment(root);
    for file in &chosen.attachments {
        assert!(!file.name.is_empty(), "an attachment has a name");
        one_line(&file.name);
        let line = attachment::content_disposition(&file.name);
        assert!(line.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "a header is one line of ASCII");
    }
    numbered(root, 0);
}

/// A part is asked for by the text of its number, which the browser sends back.
fn numbered(part: &Part, depth: usize) {
    assert!(depth <= DEEPEST, "a tree is not deeper than its numbers may be");
    let text = String::from(part.number.clone());
    assert!(PartNumber::try_from(text).as_ref() == Ok(&part.number), "a number survives its text");
    part.parts.iter().for_each(|part| numbered(part, depth + 1));
}

fn shown_addresses(addresses: &[RawAddress]) {
    for RawAddress { name, mailbox, host } in addresses {
        let address = header::address(name.as_deref(), mailbox, host);
        one_line(&address.address);
        one_line(&address.name.unwrap_or_default());
    }
}

/// Words for people have nothing in them that people can't see.
pub(crate) fn one_line(text: &str) {
    let hidden = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!text.contains(hidden), "words for people stay in one line");
}
