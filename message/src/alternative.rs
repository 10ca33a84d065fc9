//! Which part of a message is its text, and which are attachments (RFC 2046 §5.1.4, RFC 2387).

use model::message::Attachment;
use model::structure::{Encoding, Part, PartNumber};

use crate::attachment;
use crate::limits::ATTACHMENTS;

/// The text of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Which part.
    pub part: PartNumber,
    /// Whether it is HTML.
    pub html: bool,
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
    /// What to show, if anything can be.
    pub text: Option<Text>,
    /// Pictures that the text may show.
    pub inline: Vec<Inline>,
    /// Everything else.
    pub attachments: Vec<Attachment>,
    /// How many more there are than are listed.
    pub unlisted: usize,
}

/// Chooses the text of a message: of alternatives HTML before plain text, since that is what the sender meant to
/// be seen; of several texts the first that is no file. Nothing vanishes: what is not shown is an attachment.
pub fn choose(root: &Part) -> Chosen {
    let text = text_of(root);
    let mut chosen = Chosen { text: text.map(describe), ..Chosen::default() };
    sort_out(root, &View::of(text), false, &mut |part, used| match used {
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
    sort_out(root, &View::of(text_of(root)), false, &mut |part, used| {
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
        charset: part.parameter("charset").map(str::to_owned),
        encoding: part.encoding,
        flowed: says("format", "flowed"),
        delsp: says("delsp", "yes"),
    }
}

fn is_text(part: &Part) -> bool {
    part.media == "text"
        && matches!(part.subtype.as_str(), "plain" | "html")
        && part.disposition.as_deref() != Some("attachment")
}

/// The part to show below this one. The depth of the tree was limited by whoever read it.
fn text_of(part: &Part) -> Option<&Part> {
    if part.media != "multipart" {
        return is_text(part).then_some(part);
    }
    // Every part is asked once: to ask again for each wish would double the work with every level.
    let mut texts: Vec<&Part> = part.parts.iter().filter_map(text_of).collect();
    let alternative = part.subtype == "alternative";
    if alternative {
        // The last is the best (RFC 2046 §5.1.4), unless it is empty.
        texts.reverse();
    }
    let best = |text: &Part| {
        // Words with a file name are the text only where there are no others.
        let wanted = if alternative { text.subtype == "html" } else { text.stated_name().is_none() };
        wanted && !is_empty(text)
    };
    let wishes: [&dyn Fn(&Part) -> bool; 3] = [&best, &|text| !is_empty(text), &|_| true];
    wishes.iter().find_map(|wished| texts.iter().copied().find(|text| wished(text)))
}

/// Nothing, or a line break.
fn is_empty(text: &Part) -> bool {
    text.size.is_some_and(|size| size <= 2)
}

/// What is shown of the message.
struct View<'a> {
    shown: Option<&'a PartNumber>,
    html: bool,
}

impl<'a> View<'a> {
    fn of(text: Option<&'a Part>) -> Self {
        Self { shown: text.map(|part| &part.number), html: text.is_some_and(|text| text.subtype == "html") }
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
        let here = part.parts.iter().any(|child| holds(child, view.shown));
        // Of alternatives, the other texts say the same once more; a calendar or a PDF among them does not.
        let alternative = part.subtype == "alternative" && here;
        let related = related || part.subtype == "related" && here;
        for child in &part.parts {
            if !(alternative && is_text(child) && Some(&child.number) != view.shown) {
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
    let is_shown = if Some(&part.number) == view.shown {
        // A file that is shown for want of another text is still a file.
        part.stated_name().is_none()
    } else {
        inline.is_some() && related && !file
    };
    if !is_shown {
        found(part, Used::Attached);
    }
}

/// Whether what is shown is this part or below it.
fn holds(part: &Part, shown: Option<&PartNumber>) -> bool {
    shown.is_some_and(|shown| part.find(shown).is_some())
}

#[cfg(test)]
mod tests {
    use model::structure::{Part, PartNumber};

    use super::{choose, has_attachment};

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
        assert_eq!(chosen.text.map(|text| text.part.to_string()).as_deref(), Some("2"));
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
        assert_eq!(listed, ["1.3", "2", "3", "4"]);
        assert!(has_attachment(&root));
    }

    #[test]
    fn an_empty_alternative_is_not_chosen() {
        let empty = Part { size: Some(2), ..leaf("text/html") };
        let root = root(multipart("alternative", vec![leaf("text/plain"), empty, leaf("text/enriched")]));
        assert_eq!(choose(&root).text.map(|text| text.part.to_string()).as_deref(), Some("1"));
    }

    #[test]
    fn a_log_file_is_not_taken_for_the_letter() {
        let log = || Part { parameters: vec![("name".into(), "build.log".into())], ..leaf("text/plain") };
        let both = root(multipart("mixed", vec![log(), leaf("text/plain")]));
        assert_eq!(choose(&both).text.map(|text| text.part.to_string()).as_deref(), Some("2"));
        let alone = root(multipart("mixed", vec![log()]));
        let chosen = choose(&alone);
        assert!(chosen.text.is_some());
        assert_eq!(chosen.attachments[0].name, "build.log");
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
        assert!(chosen.text.is_none());
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
        assert!(chosen.text.is_none());
        assert_eq!(chosen.attachments[0].part.to_string(), "1");
        assert!(choose(&root(multipart("mixed", Vec::new()))).text.is_none());
    }

    #[test]
    fn a_text_that_is_an_attachment_is_not_shown() {
        let mut file = leaf("text/plain");
        file.disposition = Some("attachment".into());
        let chosen = choose(&root(multipart("mixed", vec![file])));
        assert!(chosen.text.is_none() && chosen.attachments.len() == 1);
    }
}
