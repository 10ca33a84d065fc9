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
}

/// Chooses the text of a message: of alternatives HTML before plain text, since that is what the sender meant to
/// be seen; of several texts the first. Nothing vanishes: what is not shown is an attachment.
pub fn choose(root: &Part) -> Chosen {
    let text = text_of(root);
    let mut chosen = Chosen { text: text.map(describe), ..Chosen::default() };
    let shown = text.map(|part| &part.number);
    sort_out(root, shown, chosen.text.as_ref().is_some_and(|text| text.html), &mut chosen);
    chosen
}

/// Whether people would say that this message has attachments.
pub fn has_attachment(root: &Part) -> bool {
    !choose(root).attachments.is_empty()
}

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
    match (part.media.as_str(), part.subtype.as_str()) {
        ("multipart", "alternative") => {
            let texts = || part.parts.iter().rev().filter_map(text_of);
            texts().find(|text| text.subtype == "html").or_else(|| texts().next())
        }
        ("multipart", _) => part.parts.iter().find_map(text_of),
        _ if is_text(part) => Some(part),
        _ => None,
    }
}

fn sort_out(part: &Part, shown: Option<&PartNumber>, html: bool, chosen: &mut Chosen) {
    if part.media == "multipart" {
        // Of alternatives, the other texts say the same once more; a calendar or a PDF among them does not.
        let alternative = part.subtype == "alternative" && part.parts.iter().any(|child| holds(child, shown));
        for child in &part.parts {
            if alternative && is_text(child) && Some(&child.number) != shown {
                continue;
            }
            sort_out(child, shown, html, chosen);
        }
        return;
    }
    if Some(&part.number) == shown || chosen.attachments.len() >= ATTACHMENTS {
        return;
    }
    // A picture that the HTML can show is part of it, unless it was meant to be saved.
    if let (true, Some(content_id), "image", false) = (
        html,
        part.content_id.as_deref().filter(|id| !id.is_empty()),
        part.media.as_str(),
        part.disposition.as_deref() == Some("attachment"),
    ) {
        chosen.inline.push(Inline {
            part: part.number.clone(),
            content_id: content_id.to_owned(),
            encoding: part.encoding,
            size: part.size,
        });
        return;
    }
    chosen.attachments.push(attachment::describe(part));
}

fn holds(part: &Part, number: Option<&PartNumber>) -> bool {
    number.is_some() && (Some(&part.number) == number || part.parts.iter().any(|child| holds(child, number)))
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

    #[test]
    fn pictures_of_the_html_are_no_attachments_and_others_are() {
        let mut shown = leaf("image/png");
        shown.content_id = Some("x".into());
        let root =
            root(multipart("mixed", vec![leaf("text/html"), shown, leaf("image/png"), leaf("text/plain")]));
        let chosen = choose(&root);
        assert_eq!((chosen.inline.len(), chosen.attachments.len()), (1, 2));
        assert!(has_attachment(&root));
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
