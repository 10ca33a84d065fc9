//! What a document says of itself, noted while its cost is counted: the looks of its body, its style sheets, the words of
//! its links, pictures that are there to be asked for and not to be seen, and colours in old attributes. The cleaning
//! sees one attribute at a time and would know none of it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use html5ever::tokenizer::{Tag, TagKind};
use html5ever::{LocalName, local_name};

use super::images::is_remote;
use super::sheet;
use crate::limits::{CHECKED_LINKS, LINK_BYTES, LINK_WORDS, OLD_COLOURS, SHEET_BYTES};

/// A style sheet as it is written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sheet {
    /// For which media it says to be.
    pub(super) media: Option<String>,
    pub(super) text: String,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// The attributes of the first `body`, which the cleaning of a fragment loses.
    pub(super) body: Vec<(String, String)>,
    pub(super) sheets: Vec<Sheet>,
    /// The words of links, by their targets as they are written.
    pub(super) links: BTreeMap<String, Vec<String>>,
    /// Addresses of pictures of which nothing is to be seen.
    pub(super) trackers: HashSet<String>,
    /// Values of `bgcolor`.
    pub(super) backgrounds: BTreeSet<String>,
    /// Values of `color`.
    pub(super) colours: BTreeSet<String>,
    /// Whether it says itself how it looks in the dark.
    pub(super) minds_the_dark: bool,
    sheet: Option<Sheet>,
    sheet_bytes: usize,
    link: Option<(String, String)>,
}

impl Survey {
    pub(super) fn tag(&mut self, tag: &Tag) {
        match (tag.kind, &tag.name) {
            (TagKind::StartTag, name) if *name == local_name!("body") && self.body.is_empty() => {
                let stated = |attribute: &html5ever::Attribute| {
                    (attribute.name.local.to_string(), attribute.value.to_string())
                };
                self.body = tag.attrs.iter().map(stated).collect();
            }
            (TagKind::StartTag, name) if *name == local_name!("style") => {
                self.end_sheet();
                let media = said(tag, local_name!("media")).map(str::to_owned);
                self.sheet = Some(Sheet { media, text: String::new() });
            }
            (TagKind::EndTag, name) if *name == local_name!("style") => self.end_sheet(),
            (TagKind::StartTag, name) if *name == local_name!("a") => {
                self.end_link();
                let target = said(tag, local_name!("href")).filter(|target| target.len() <= LINK_BYTES);
                self.link = target.map(|target| (target.to_owned(), String::new()));
            }
            (TagKind::EndTag, name) if *name == local_name!("a") => self.end_link(),
            (TagKind::StartTag, name) if *name == local_name!("img") => {
                if let Some(address) =
                    said(tag, local_name!("src")).filter(|address| is_tracker(tag, address))
                {
                    self.trackers.insert(address.to_owned());
                }
            }
            _ => {}
        }
        if tag.kind == TagKind::StartTag {
            note(&mut self.backgrounds, said(tag, local_name!("bgcolor")));
            note(&mut self.colours, said(tag, local_name!("color")));
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        if let Some(sheet) = &mut self.sheet {
            let room = SHEET_BYTES.saturating_sub(self.sheet_bytes);
            let some = text.get(..text.floor_char_boundary(room)).unwrap_or_default();
            self.sheet_bytes += some.len();
            sheet.text.push_str(some);
        } else if let Some((_, words)) = &mut self.link {
            let room = LINK_WORDS.saturating_sub(words.chars().count());
            words.extend(text.chars().take(room));
        }
    }

    /// Whatever is open at the end of the document ends with it.
    pub(super) fn end(&mut self) {
        self.end_sheet();
        self.end_link();
    }

    fn end_sheet(&mut self) {
        if let Some(sheet) = self.sheet.take() {
            self.minds_the_dark |= sheet::minds_the_dark(&sheet.text);
            self.sheets.push(sheet);
        }
    }

    fn end_link(&mut self) {
        let Some((target, words)) = self.link.take() else { return };
        if self.links.len() < CHECKED_LINKS || self.links.contains_key(&target) {
            let known = self.links.entry(target).or_default();
            if known.len() < 10 && !known.contains(&words) {
                known.push(words);
            }
        }
    }
}

fn note(all: &mut BTreeSet<String>, colour: Option<&str>) {
    if let Some(colour) = colour.filter(|colour| colour.len() <= 32)
        && all.len() < OLD_COLOURS
    {
        all.insert(colour.to_owned());
    }
}

fn said(tag: &Tag, wanted: LocalName) -> Option<&str> {
    tag.attrs.iter().find(|attribute| attribute.name.local == wanted).map(|attribute| &*attribute.value)
}

/// Parts of addresses that are made to tell who opened a mail.
const TRACKING: [&str; 8] =
    ["/wf/open", "/track/open", "/trk/open", "/open.php", "/open.aspx", "/pixel.gif", "/beacon.gif", "/e/o/"];

/// Whether nothing of a picture is to be seen: it is there to be asked for.
fn is_tracker(tag: &Tag, address: &str) -> bool {
    if !is_remote(address) {
        return false;
    }
    let tiny = |name: LocalName| {
        let stated = said(tag, name).map(|value| value.trim().trim_end_matches("px"));
        stated.and_then(|value| value.parse::<u32>().ok()).is_some_and(|pixels| pixels <= 3)
    };
    let style: String = said(tag, local_name!("style"))
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(1_000)
        .flat_map(char::to_lowercase)
        .collect();
    let declared = |property: &str| {
        style.split(';').any(|declaration| {
            let value = declaration.strip_prefix(property).and_then(|rest| rest.strip_prefix(':'));
            value.is_some_and(|value| {
                matches!(value.trim_end_matches("!important"), "0" | "0px" | "1px" | "2px")
            })
        })
    };
    let hidden = ["display:none", "visibility:hidden", "opacity:0;"].iter().any(|said| style.contains(said));
    (tiny(local_name!("width")) || declared("width")) && (tiny(local_name!("height")) || declared("height"))
        || hidden
        || TRACKING.iter().any(|part| address.contains(part))
}
