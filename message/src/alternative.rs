//! Which part of a message is its text, and which are attachments (RFC 2046 §5.1.4, RFC 2387).

use model::message::Attachment;
use model::structure::{Encoding, Part, PartNumber};

use crate::attachment;
use crate::limits::{ATTACHMENTS, TEXTS};

/// One of the texts of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Which part.
    pub part: PartNumber,
    /// Whether it is HTML.
    pub html: bool,
    /// Whether it is enriched text (RFC 1896).
    pub enriched: bool,
    /// Whether it is its ancestor `text/richtext` (RFC 1341 §7.1.3).
    pub richtext: bool,
    /// Its stated character set.
    pub charset: Option<String>,
    /// How it is packed.
    pub encoding: Encoding,
    /// Whether lines flow (RFC 3676).
    pub flowed: bool,
    /// Whether the space before a soft break goes (RFC 3676 §4.2).
    pub delsp: bool,
}

/// A picture that the text shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inline {
    /// Which part.
    pub part: PartNumber,
    /// Its Content-ID.
    pub content_id: String,
    /// How it is packed.
    pub encoding: Encoding,
    /// Bytes as packed, as far as known.
    pub size: Option<u64>,
}

/// What is what in a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// What to show, in this order; at most [`TEXTS`].
    pub texts: Vec<Text>,
    /// Pictures that the text may show.
    pub inline: Vec<Inline>,
    /// Everything else.
    pub attachments: Vec<Attachment>,
    /// How many more there are than are listed.
    pub unlisted: usize,
}

/// Chooses the texts of a message: of alternatives HTML before plain text, since that is what the sender meant to
/// be seen; of several texts all that are no files. Nothing vanishes: what is not shown is an attachment.
pub fn choose(root: &Part) -> Chosen {
    let texts = shown(root);
    let mut chosen = Chosen { texts: texts.iter().map(|text| describe(text)).collect(), ..Chosen::default() };
    sort_out(root, &View::of(&texts), false, &mut |part, used| match used {
        Used::Inline(content_id) if chosen.inline.len() < ATTACHMENTS => chosen.inline.push(Inline {
            part: part.number.clone(),
            content_id: content_id.to_owned(),
            encoding: part.encoding,
            size: part.size,
        }),
        Used::Inline(_) => {}
        Used::Attached if chosen.attachments.len() < ATTACHMENTS => {
            chosen.attachments.push(attachment::describe(part));
        }
        Used::Attached => chosen.unlisted += 1,
    });
    chosen
}

/// Whether people would say that this message has attachments. A signature is listed, but nobody attached it.
pub fn has_attachment(root: &Part) -> bool {
    let mut found = false;
    sort_out(root, &View::of(&shown(root)), false, &mut |part, used| {
        let signature = SIGNATURES.iter().any(|(media, subtype)| part.is(media, subtype));
        found |= matches!(used, Used::Attached) && !signature;
    });
    found
}

/// Types of detached signatures (RFC 3156 §5, RFC 8551 §3.5.3).
const SIGNATURES: [(&str, &str); 3] = [
    ("application", "pgp-signature"),
    ("application", "pkcs7-signature"),
    ("application", "x-pkcs7-signature"),
];

fn describe(part: &Part) -> Text {
    let says = |name: &str, value: &str| {
        part.parameter(name).is_some_and(|stated| stated.eq_ignore_ascii_case(value))
    };
    Text {
        part: part.number.clone(),
        html: part.subtype == "html",
        enriched: part.subtype == "enriched",
        richtext: part.subtype == "richtext",
        charset: part.parameter("charset").map(str::to_owned),
        encoding: part.encoding,
        flowed: says("format", "flowed"),
        delsp: says("delsp", "yes"),
    }
}

fn is_text(part: &Part) -> bool {
    let known = matches!(part.subtype.as_str(), "plain" | "html") || is_enriched(part);
    part.media == "text" && known && part.disposition.as_deref() != Some("attachment")
}

fn is_enriched(part: &Part) -> bool {
    part.is("text", "enriched") || part.is("text", "richtext")
}

/// The texts of a message, in order.
fn shown(root: &Part) -> Vec<&Part> {
    let mut texts = texts_of(root);
    texts.truncate(TEXTS);
    texts
}

/// The parts to show below this one. The depth of the tree was limited by whoever read it.
fn texts_of(part: &Part) -> Vec<&Part> {
    if part.media != "multipart" {
        return if is_text(part) { vec![part] } else { Vec::new() };
    }
    // Every part is asked once: to ask again for each wish would double the work with every level.
    let branches = part.parts.iter().map(texts_of).filter(|texts| !texts.is_empty());
    match part.subtype.as_str() {
        "alternative" => {
            // The last is the best (RFC 2046 §5.1.4), unless it is empty. Of enriched text the words are shown and no
            // more, so plain text is never worse.
            let mut branches: Vec<_> = branches.collect();
            branches.reverse();
            let has = |wish: fn(&Part) -> bool| {
                move |texts: &&Vec<&Part>| texts.iter().any(|text| wish(text) && !is_empty(text))
            };
            let best = branches.iter().find(has(|text| text.subtype == "html"));
            let best = best.or_else(|| branches.iter().find(has(|text| !is_enriched(text))));
            best.or_else(|| branches.iter().find(has(|_| true)))
                .or(branches.first())
                .cloned()
                .unwrap_or_default()
        }
        // One document and what belongs to it (RFC 2387).
        "related" => {
            let branches: Vec<_> = branches.collect();
            let filled = branches.iter().find(|texts| texts.iter().any(|text| !is_empty(text)));
            filled.or(branches.first()).cloned().unwrap_or_default()
        }
        _ => {
            let all: Vec<&Part> = branches.flatten().collect();
            // A word or nothing at all costs no line; an empty document would hide the words beside it.
            let written =
                |text: &&&Part| text.stated_name().is_none() && !(is_empty(text) && text.subtype == "html");
            let written: Vec<_> = all.iter().filter(written).copied().collect();
            if !written.is_empty() {
                return written;
            }
            // Words with a file name are the text only where there are no others.
            let one = all.iter().find(|text| !is_empty(text)).or(all.first());
            one.copied().into_iter().collect()
        }
    }
}

/// Nothing, or a line break.
fn is_empty(text: &Part) -> bool {
    text.size.is_some_and(|size| size <= 2)
}

/// What is shown of the message.
struct View<'a> {
    shown: Vec<&'a PartNumber>,
    html: bool,
}

impl<'a> View<'a> {
    fn of(texts: &[&'a Part]) -> Self {
        Self {
            shown: texts.iter().map(|part| &part.number).collect(),
            html: texts.iter().any(|text| text.subtype == "html"),
        }
    }

    /// Whether something of what is shown is below this part.
    fn is_below(&self, part: &Part) -> bool {
        part.parts.iter().any(|child| self.shown.iter().any(|shown| child.find(shown).is_some()))
    }
}

/// What becomes of a part that is not the text. A picture may be both.
enum Used<'a> {
    /// The text may show it, by this Content-ID.
    Inline(&'a str),
    /// It is listed.
    Attached,
}

fn sort_out(part: &Part, view: &View<'_>, related: bool, found: &mut dyn FnMut(&Part, Used<'_>)) {
    if part.media == "multipart" {
        // Of alternatives, the other texts say the same once more; a calendar or a PDF among them does not.
        let alternative = part.subtype == "alternative" && view.is_below(part);
        let related = related || part.subtype == "related" && view.is_below(part);
        for child in &part.parts {
            if !(alternative && is_text(child) && !view.shown.contains(&&child.number)) {
                sort_out(child, view, related, found);
            }
        }
        return;
    }
    let file = part.disposition.as_deref() == Some("attachment");
    // A picture that the HTML can show. Only beside it (RFC 2387) is it certain to be no more than that.
    let content_id = part.content_id.as_deref().filter(|id| !id.is_empty());
    let inline = content_id.filter(|_| view.html && part.media == "image" && (related || !file));
    if let Some(content_id) = inline {
        found(part, Used::Inline(content_id));
    }
    let is_shown = if view.shown.contains(&&part.number) {
        // A file that is shown for want of another text is still a file.
        part.stated_name().is_none()
    } else {
        inline.is_some() && related && !file
    };
    if !is_shown {
        found(part, Used::Attached);
    }
}

#[cfg(test)]
mod tests {
    use model::structure::{Part, PartNumber};

    use super::{Chosen, choose, has_attachment};

    fn numbers(chosen: &Chosen) -> Vec<String> {
        chosen.texts.iter().map(|text| text.part.to_string()).collect()
    }

    fn leaf(content_type: &str) -> Part {
        let (media, subtype) = content_type.split_once('/').unwrap();
        Part { media: media.into(), subtype: subtype.into(), ..Part::default() }
    }

    fn multipart(subtype: &str, parts: Vec<Part>) -> Part {
        Part { media: "multipart".into(), subtype: subtype.into(), parts, ..Part::default() }
    }

    fn numbered(mut part: Part, number: PartNumber) -> Part {
        part.parts =
            (1_u32..).zip(part.parts).map(|(index, child)| numbered(child, number.child(index))).collect();
        part.number = number;
        part
    }

    fn root(part: Part) -> Part {
        let lone = part.media != "multipart";
        numbered(part, if lone { PartNumber::root().child(1) } else { PartNumber::root() })
    }

    #[test]
    fn html_is_shown_before_plain_text_and_neither_is_an_attachment() {
        let root = root(multipart("alternative", vec![leaf("text/plain"), leaf("text/html")]));
        let chosen = choose(&root);
        assert_eq!(numbers(&chosen), ["2"]);
        assert!(chosen.attachments.is_empty());
    }

    #[test]
    fn nothing_among_alternatives_vanishes() {
        let related = multipart("related", vec![leaf("text/html"), leaf("application/pdf")]);
        let root = root(multipart("alternative", vec![leaf("text/plain"), related, leaf("text/calendar")]));
        let names: Vec<_> =
            choose(&root).attachments.into_iter().map(|attachment| attachment.content_type).collect();
        assert_eq!(names, ["application/pdf", "text/calendar"]);
    }

    fn picture(disposition: Option<&str>) -> Part {
        let disposition = disposition.map(str::to_owned);
        Part { content_id: Some("x".into()), disposition, ..leaf("image/png") }
    }

    #[test]
    fn pictures_beside_the_html_are_no_attachments_and_others_are() {
        let related =
            multipart("related", vec![leaf("text/html"), picture(None), picture(Some("attachment"))]);
        let root = root(multipart(
            "mixed",
            vec![related, picture(Some("inline")), leaf("image/png"), leaf("text/plain")],
        ));
        let chosen = choose(&root);
        let listed: Vec<_> =
            chosen.attachments.iter().map(|attachment| attachment.part.to_string()).collect();
        assert_eq!(chosen.inline.len(), 3);
        assert_eq!(listed, ["1.3", "2", "3"]);
        assert_eq!(numbers(&chosen), ["1.1", "4"]);
        assert!(has_attachment(&root));
    }

    #[test]
    fn an_empty_alternative_is_not_chosen() {
        let empty = Part { size: Some(2), ..leaf("text/html") };
        let root = root(multipart("alternative", vec![leaf("text/plain"), empty, leaf("text/enriched")]));
        assert_eq!(numbers(&choose(&root)), ["1"]);
    }

    #[test]
    fn a_log_file_is_not_taken_for_the_letter() {
        let log = || Part { parameters: vec![("name".into(), "build.log".into())], ..leaf("text/plain") };
        let both = root(multipart("mixed", vec![log(), leaf("text/plain")]));
        assert_eq!(numbers(&choose(&both)), ["2"]);
        let alone = root(multipart("mixed", vec![log()]));
        let chosen = choose(&alone);
        assert!(chosen.texts.len() == 1);
        assert_eq!(chosen.attachments[0].name, "build.log");
    }

    #[test]
    fn words_around_a_picture_and_below_a_letter_are_all_shown() {
        let apple = root(multipart("mixed", vec![leaf("text/plain"), leaf("image/png"), leaf("text/plain")]));
        assert_eq!(numbers(&choose(&apple)), ["1", "3"]);
        let letter = multipart("alternative", vec![leaf("text/plain"), leaf("text/html")]);
        let list = root(multipart("mixed", vec![letter, leaf("text/plain")]));
        assert_eq!(numbers(&choose(&list)), ["1.2", "2"]);
        assert!(choose(&list).attachments.is_empty());
        let many = root(multipart("mixed", (0..30).map(|_| leaf("text/plain")).collect()));
        assert_eq!((choose(&many).texts.len(), choose(&many).attachments.len()), (20, 10));
    }

    #[test]
    fn enriched_text_is_shown_where_there_is_no_other_and_a_calendar_never_hides_words() {
        for (types, number) in [
            (["text/plain", "text/enriched"], "1"),
            (["text/enriched", "text/html"], "2"),
            (["text/richtext", "text/calendar"], "1"),
            (["text/plain", "text/calendar"], "1"),
        ] {
            let root = root(multipart("alternative", types.into_iter().map(leaf).collect()));
            assert_eq!(numbers(&choose(&root)), [number], "{types:?}");
        }
    }

    #[test]
    fn a_signature_is_listed_but_makes_no_paper_clip() {
        let signed = root(multipart("signed", vec![leaf("text/plain"), leaf("application/pgp-signature")]));
        assert_eq!(choose(&signed).attachments.len(), 1);
        assert!(!has_attachment(&signed));
    }

    #[test]
    fn an_attached_message_is_one_attachment_and_none_of_its_texts_is_shown() {
        let attached = Part { parts: vec![leaf("text/html")], ..leaf("message/rfc822") };
        let chosen = choose(&root(multipart("mixed", vec![attached])));
        assert!(chosen.texts.is_empty());
        assert_eq!(chosen.attachments[0].name, "message.eml");
    }

    #[test]
    fn thousands_of_parts_are_counted_where_they_are_not_listed() {
        let root = root(multipart("mixed", (0..2_500).map(|_| leaf("image/png")).collect()));
        let chosen = choose(&root);
        assert_eq!((chosen.attachments.len(), chosen.unlisted), (2_000, 500));
    }

    #[test]
    fn a_message_that_is_nothing_but_a_file_has_no_text() {
        let chosen = choose(&root(leaf("application/pdf")));
        assert!(chosen.texts.is_empty());
        assert_eq!(chosen.attachments[0].part.to_string(), "1");
        assert!(choose(&root(multipart("mixed", Vec::new()))).texts.is_empty());
    }

    #[test]
    fn a_text_that_is_an_attachment_is_not_shown() {
        let mut file = leaf("text/plain");
        file.disposition = Some("attachment".into());
        let chosen = choose(&root(multipart("mixed", vec![file])));
        assert!(chosen.texts.is_empty() && chosen.attachments.len() == 1);
    }
}
