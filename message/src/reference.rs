//! Which pictures beside HTML its text refers to (RFC 2392). One that it does not is an attachment: nothing vanishes.

use std::collections::HashSet;

use model::message::Attachment;
use model::structure::Part;
use percent_encoding::percent_decode_str;

use crate::alternative::Inline;
use crate::attachment;

/// Describes the pictures among `inline` that the HTML never names and that are not `listed` yet. A name anywhere in the
/// HTML counts, also where nothing shows it: what is listed needlessly costs a line.
pub fn unreferred<'a>(
    html: impl IntoIterator<Item = &'a str>,
    root: &Part,
    inline: &[Inline],
    listed: &[Attachment],
) -> Vec<Attachment> {
    let referred: HashSet<String> = html.into_iter().flat_map(referred).collect();
    let is_listed: HashSet<_> = listed.iter().map(|attachment| &attachment.part).collect();
    inline
        .iter()
        .filter(|inline| !referred.contains(&inline.content_id) && !is_listed.contains(&inline.part))
        .filter_map(|inline| root.find(&inline.part))
        .map(attachment::describe)
        .collect()
}

/// Every Content-ID that stands behind `cid:`, as it is written and as it is meant.
fn referred(html: &str) -> HashSet<String> {
    let mut found = HashSet::new();
    let mut rest = html;
    while let Some(at) = rest.as_bytes().windows(SCHEME.len()).position(|at| at.eq_ignore_ascii_case(SCHEME))
    {
        rest = rest.get(at + SCHEME.len()..).unwrap_or_default();
        let end = rest.find(|c: char| c.is_whitespace() || "\"'<>)".contains(c)).unwrap_or(rest.len());
        let (id, after) = rest.split_at(end);
        rest = after;
        let plain = id.replace("&amp;", "&");
        if let Ok(decoded) = percent_decode_str(&plain).decode_utf8() {
            found.insert(decoded.into_owned());
        }
        found.insert(plain);
    }
    found
}

const SCHEME: &[u8] = b"cid:";

#[cfg(test)]
mod tests {
    use model::structure::{Encoding, Part, PartNumber};

    use super::unreferred;
    use crate::alternative::Inline;

    fn listed(html: &str) -> Vec<String> {
        let ids = ["a@x", "b c@x", "d&e", "f"];
        let picture = |index: u32| Part {
            number: PartNumber::root().child(index),
            media: "image".into(),
            subtype: "png".into(),
            ..Part::default()
        };
        let root =
            Part { media: "multipart".into(), parts: (1..=4).map(picture).collect(), ..Part::default() };
        let inline: Vec<Inline> = (1_u32..)
            .zip(ids)
            .map(|(index, id)| Inline {
                part: PartNumber::root().child(index),
                content_id: id.to_owned(),
                encoding: Encoding::Identity,
                size: None,
            })
            .collect();
        let before = [crate::attachment::describe(&root.parts[3])];
        unreferred([html], &root, &inline, &before).into_iter().map(|found| found.part.to_string()).collect()
    }

    #[test]
    fn a_picture_that_is_named_in_any_spelling_is_in_the_text_and_others_are_attachments() {
        assert_eq!(listed("<p>no pictures"), ["1", "2", "3"]);
        assert_eq!(listed("<img src=\"CID:a@x\">"), ["2", "3"]);
        let all = "<img src='cid:a@x'><td background=cid:b%20c@x><p style=\"background:url(cid:d&amp;e)\">";
        assert!(listed(all).is_empty());
        assert_eq!(listed("cid:a@xx cid:"), ["1", "2", "3"]);
        assert_eq!(listed("ücid:a@x"), ["2", "3"]);
    }
}
