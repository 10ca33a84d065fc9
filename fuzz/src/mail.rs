//! A whole message, read here as when no server reads it.

use message::html::{Dress, Picture, References, SafeDocument, clean};
use message::{alternative, body, charset, header, mime, plain_text, transfer};
use model::message::Piece;
use model::structure::Encoding;

use crate::rows;

/// Opens bytes as a message, and shows them as each kind of text besides.
pub fn mail(bytes: &[u8]) {
    let header = header::read(bytes);
    rows::one_line(&header.subject);
    for address in header.from.iter().chain(&header.to).chain(&header.cc).chain(&header.reply_to) {
        rows::one_line(&address.address);
        rows::one_line(address.name.as_deref().unwrap_or_default());
    }
    for field in &header.fields {
        rows::one_line(&field.name);
        rows::one_line(&field.value);
    }
    if let Some(date) = header.date {
        let _ = (date.rfc3339(), date.date());
    }
    let tree = mime::read(bytes);
    rows::shown_parts(tree.root());
    let chosen = alternative::choose(tree.root());
    let mut pictures = References::default();
    for inline in &chosen.inline {
        let bytes = unpacked(tree.body(&inline.part).unwrap_or_default(), inline.encoding);
        if let Some(picture) = Picture::new(bytes) {
            pictures.add(&inline.content_id, &picture);
        }
    }
    let texts: Vec<_> = chosen
        .texts
        .iter()
        .map(|text| {
            unpacked(tree.body(&text.part).unwrap_or_default(), text.encoding);
            body::words(tree.body(&text.part).unwrap_or_default(), text)
        })
        .collect();
    if texts.iter().any(|text| text.html) {
        sections(&texts, &pictures);
    } else if texts.is_empty() {
        // Bytes without a header are shown all the same.
        html(&charset::decode(bytes, None).0, pictures);
    }
    for text in texts.iter().filter(|text| !text.html) {
        plain(&text.text, text.flowed, text.delsp);
    }
}

/// However the bytes arrive, the same comes out.
fn unpacked(bytes: &[u8], encoding: Encoding) -> Vec<u8> {
    let whole = transfer::unpack(bytes, encoding);
    let (one, other) = bytes.split_at(bytes.len() / 3);
    let mut unpacker = transfer::Unpacker::new(encoding);
    let mut pieces = unpacker.push(one);
    pieces.extend(unpacker.push(other));
    pieces.extend(unpacker.finish());
    assert!(pieces == whole, "pieces come out as the whole does");
    whole
}

fn plain(words: &str, flowed: bool, delsp: bool) {
    let (lines, _) = plain_text::lines(words, flowed, delsp);
    for piece in lines.iter().flat_map(|line| &line.pieces) {
        if let Piece::Link { href, .. } = piece {
            let known = ["http://", "https://", "mailto:"].iter().any(|scheme| href.starts_with(scheme));
            assert!(known, "a link goes where links may go");
        }
    }
}

/// A cleaned document runs nothing and asks nobody.
fn html(words: &str, pictures: References) {
    if let Ok(cleaned) = clean(words, pictures) {
        inert(cleaned.document());
    }
}

fn sections(texts: &[body::Words], pictures: &References) {
    if let Ok(shown) = body::sections(texts, pictures) {
        inert(SafeDocument::of(&shown.sections, Dress::AsSent));
    }
}

fn inert(document: SafeDocument) {
    let document = document.into_string();
    let body = document.split_once("<body").map_or("", |(_, body)| body);
    // Words are escaped, so that what looks like an element is one.
    for element in
        ["<script", "<style", "<svg", "<math", "<iframe", "<object", "<form", "<link", "<meta", "<base"]
    {
        assert!(!body.contains(element), "elements that do something are gone");
    }
    for (element, name, value) in attributes(body) {
        assert!(!name.starts_with("on"), "no attribute is a script");
        let source = matches!(name, "src" | "srcset" | "background" | "poster" | "data" | "action");
        assert!(
            !source || (element == "img" && value.starts_with("data:image/")),
            "pictures are in the document"
        );
    }
}

/// Element, name and value of each attribute, as a serializer writes them: a quote inside a value is escaped.
fn attributes(mut rest: &str) -> Vec<(&str, &str, &str)> {
    let mut found = Vec::new();
    while let Some((_, tag)) = rest.split_once('<') {
        let end = tag.find([' ', '>']).unwrap_or(tag.len());
        let (element, mut after) = tag.split_at(end);
        while let Some((name, value)) = after.strip_prefix(' ').and_then(|after| after.split_once("=\"")) {
            let Some((value, next)) = value.split_once('"') else { break };
            found.push((element, name, value));
            after = next;
        }
        rest = after;
    }
    found
}
