//! The whole path of a message that is read here, as the server takes it: nothing but what a page would show comes out.

use std::path::Path;

use message::alternative::{Chosen, choose};
use message::body::{self, Words};
use message::html::{Dress, Picture, References, SafeDocument};
use message::limits::{HTML_BYTES, INSIDE_BYTES, TEXT_BYTES};
use message::{header, inside, mime, protection, report, tnef, transfer};
use model::message::{Attachment, Line, Piece};
use model::protection::Protection;
use model::report::Report;

/// What a page would show of a message.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) header: header::Header,
    pub(crate) html: Option<Result<String, String>>,
    pub(crate) lines: Vec<Line>,
    pub(crate) attachments: Vec<Attachment>,
    /// How many pictures the text may show.
    pub(crate) inline: usize,
    pub(crate) protection: Option<Protection>,
    pub(crate) report: Option<Report>,
    pub(crate) cut_off: bool,
}

impl Page {
    /// All words of the text, of HTML without its tags.
    pub(crate) fn words(&self) -> String {
        if let Some(Ok(html)) = &self.html {
            return inside_of_body(html)
                .split('<')
                .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text))
                .collect();
        }
        let pieces = self.lines.iter().flat_map(|line| line.pieces.iter().chain([&SPACE]));
        pieces
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Link { text, .. } => text.as_str(),
            })
            .collect()
    }

    /// Whether there is anything to see but the header.
    pub(crate) fn shows_something(&self) -> bool {
        let pictured = matches!(&self.html, Some(Ok(html)) if html.contains("<img"));
        let refused = matches!(self.html, Some(Err(_)));
        !self.words().trim().is_empty() || pictured || refused || !self.attachments.is_empty()
    }
}

/// What stands between the tags of the body.
pub(crate) fn inside_of_body(html: &str) -> &str {
    let (_, body) = html.split_once("<body").unwrap_or_default();
    body.split_once('>').map_or("", |(_, inside)| inside)
}

static SPACE: Piece = Piece::Text(String::new());

/// Reads a message.
pub(crate) fn read(raw: &[u8]) -> Page {
    let tree = mime::read(raw);
    let Chosen { texts: stated, inline, attachments, .. } = choose(tree.root());
    let mut page = Page {
        header: header::read(raw),
        attachments,
        inline: inline.len(),
        cut_off: tree.is_cut_off(),
        ..Page::default()
    };
    let mut texts = Vec::new();
    let mut left = HTML_BYTES.max(TEXT_BYTES) + 1;
    for text in &stated {
        // As much as the server asks for.
        let packed = tree.body(&text.part).unwrap_or_default();
        let words = body::words(packed.get(..left * 3).unwrap_or(packed), text);
        left = left.saturating_sub(words.text.len());
        page.attachments.extend(inside::describe(&text.part, &words.files));
        texts.push(words);
    }
    let outlook = page.attachments.iter().find(|listed| inside::is_listed_tnef(listed));
    if let Some(part) = outlook.and_then(|listed| tree.root().find(&listed.part)) {
        let packed = tree.body(&part.number).unwrap_or_default();
        let packed = packed.get(..INSIDE_BYTES).unwrap_or(packed);
        if let Some(read) = tnef::read(&transfer::unpack(packed, part.encoding)) {
            page.attachments.extend(inside::describe(&part.number, &read.files));
            if texts.is_empty() {
                texts.extend(read.text.map(|text| match text {
                    tnef::Text::Plain(text) => Words { text, ..Words::default() },
                    tnef::Text::Html(text) => Words { text, html: true, ..Words::default() },
                }));
            }
        }
    }
    page.protection = protection::of_parts(tree.root());
    page.protection =
        page.protection.or_else(|| texts.iter().find_map(|text| protection::of_text(&text.text)));
    if let Some(part) = report::part(tree.root()) {
        page.report = report::read(part, tree.body(&part.number).unwrap_or_default());
    }
    if texts.iter().any(|text| text.html) {
        let mut pictures = References::default();
        for inline in &inline {
            let bytes = transfer::unpack(tree.body(&inline.part).unwrap_or_default(), inline.encoding);
            if let Some(picture) = Picture::new(bytes) {
                pictures.add(&inline.content_id, &picture);
            }
        }
        let shown = body::sections(&texts, &pictures).map_err(|too_much| too_much.to_string());
        page.html = Some(shown.map(|shown| SafeDocument::of(&shown.sections, Dress::Adapted).into_string()));
    } else {
        page.lines = body::lines(&texts).0;
    }
    page
}

/// The messages of other projects, by name.
pub(crate) fn kept() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/torture");
    let mut all = Vec::new();
    for project in std::fs::read_dir(folder).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
        for file in std::fs::read_dir(project.path()).unwrap().flatten() {
            let name = file.file_name().into_string().unwrap();
            if !["LICENSE", "MIT", "Apache", "COPYING"].iter().any(|word| name.contains(word)) {
                let project = project.file_name().into_string().unwrap();
                all.push((format!("{project}/{name}"), std::fs::read(file.path()).unwrap()));
            }
        }
    }
    all.sort();
    all
}
