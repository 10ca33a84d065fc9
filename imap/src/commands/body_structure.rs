//! Reads BODYSTRUCTURE (RFC 9051 §7.5.2) leniently. One that can't be understood costs its own message the tree of
//! its parts, and nothing else.

use model::structure::{DEEPEST, Encoding, Part, PartNumber};

use crate::wire::limits::{PARAMETERS, PARTS};
use crate::wire::token::Token;

/// Reads the structure of a message; `None` when it is no structure at all.
pub fn read(token: &Token<'_>) -> Option<Part> {
    let mut count = 0;
    let list = token.list()?;
    // A lone part counts as the first of the message (RFC 9051 §6.4.5.1).
    let number = if is_multipart(list) { PartNumber::root() } else { PartNumber::root().child(1) };
    part(list, number, 0, &mut count)
}

/// Whether parts stand first, or nothing but a subtype: a multipart without parts is legal nowhere and sent all the
/// same, as `("MIXED" ("BOUNDARY" "x") …)` or with `NIL` before it.
fn is_multipart(list: &[Token<'_>]) -> bool {
    match (list.first(), list.get(1)) {
        (Some(Token::List(_)), _) => true,
        (Some(first), _) if first.is_nil() => list.len() < 7,
        (Some(_), Some(Token::List(_))) => true,
        _ => false,
    }
}

fn part(list: &[Token<'_>], number: PartNumber, depth: usize, count: &mut usize) -> Option<Part> {
    *count += 1;
    if depth > DEEPEST || *count > PARTS {
        return None;
    }
    if is_multipart(list) {
        multipart(list, number, depth, count)
    } else {
        single(list, number, depth, count)
    }
}

fn multipart(list: &[Token<'_>], number: PartNumber, depth: usize, count: &mut usize) -> Option<Part> {
    let children = list.iter().take_while(|token| matches!(token, Token::List(_))).count();
    let (below, after) = list.split_at(children);
    let after = after.strip_prefix(&[Token::Atom(b"NIL")]).unwrap_or(after);
    let mut parts = Vec::with_capacity(children.min(64));
    for (index, child) in below.iter().enumerate() {
        let child_number = number.child(u32::try_from(index + 1).ok()?);
        parts.extend(part(child.list()?, child_number, depth + 1, count));
    }
    let (disposition, disposition_parameters) = disposition(after.get(2));
    Some(Part {
        number,
        media: "multipart".to_owned(),
        subtype: lower(after.first()).unwrap_or_else(|| "mixed".to_owned()),
        parameters: parameters(after.get(1)),
        disposition,
        disposition_parameters,
        parts,
        ..Part::default()
    })
}

fn single(list: &[Token<'_>], number: PartNumber, depth: usize, count: &mut usize) -> Option<Part> {
    let media = lower(list.first())?;
    // A lone word is no structure; a NIL in place of the subtype is sloppy but one.
    let subtype = lower(Some(list.get(1)?)).unwrap_or_default();
    // Fields that only some types have stand before the extension data. An attached message has its envelope there, or
    // NIL for one that the server could not read, and then a number of lines where others have their language.
    let message = media == "message"
        && (matches!(list.get(7), Some(Token::List(_))) || list.get(9).and_then(Token::number).is_some())
        && list.len() > 8;
    let extensions = match (media.as_str(), message) {
        (_, true) => 10,
        ("text", _) => 8,
        _ => 7,
    };
    let inner = if message { list.get(8).and_then(Token::list) } else { None };
    // Those of an attached multipart count on from the message's own number, which both share; a lone part is its
    // first (RFC 9051 §6.4.5.1).
    let parts = inner
        .and_then(|inner| {
            let inner_number = if is_multipart(inner) { number.clone() } else { number.child(1) };
            part(inner, inner_number, depth + 1, count)
        })
        .into_iter()
        .collect();
    let (disposition, disposition_parameters) = disposition(list.get(extensions + 1));
    Some(Part {
        parameters: parameters(list.get(2)),
        content_id: list
            .get(3)
            .and_then(Token::characters)
            .map(|id| id.trim_matches(['<', '>', ' ']).to_owned()),
        encoding: list
            .get(5)
            .and_then(Token::characters)
            .map(|name| Encoding::from_name(&name))
            .unwrap_or_default(),
        size: list.get(6).and_then(Token::number),
        disposition,
        disposition_parameters,
        number,
        media,
        subtype,
        parts,
    })
}

fn lower(token: Option<&Token<'_>>) -> Option<String> {
    token.and_then(Token::characters).map(|text| text.trim().to_ascii_lowercase())
}

/// `("NAME" "value" …)`, `()` or `NIL`; a value may be `NIL`.
fn parameters(token: Option<&Token<'_>>) -> Vec<(String, String)> {
    token
        .and_then(Token::list)
        .unwrap_or_default()
        .chunks(2)
        .take(PARAMETERS)
        .filter_map(|pair| {
            Some((lower(pair.first())?, pair.get(1).and_then(Token::text).unwrap_or_default()))
        })
        .collect()
}

/// `("ATTACHMENT" (…))`, or a bare word as some servers send.
fn disposition(token: Option<&Token<'_>>) -> (Option<String>, Vec<(String, String)>) {
    match token {
        Some(Token::List(list)) => (lower(list.first()), parameters(list.get(1))),
        Some(word) => {
            (lower(Some(word)).filter(|word| matches!(word.as_str(), "inline" | "attachment")), Vec::new())
        }
        None => (None, Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use model::structure::{Encoding, Part};
    use proptest::prelude::*;

    use super::read;
    use crate::wire::token;

    fn structure(text: &str) -> Option<Part> {
        read(token::read(text.as_bytes()).first()?)
    }

    #[test]
    fn a_usual_message_is_read_with_its_numbers() {
        let root = structure(
            "((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") NIL NIL \"7BIT\" 12 1 NIL NIL NIL NIL)\
             (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 900 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) \
              ((\"TEXT\" \"HTML\" NIL NIL NIL \"BASE64\" 5 1)(\"IMAGE\" \"PNG\" (\"NAME\" \"a.png\") \"<x@y>\" NIL \
              \"BASE64\" 99 NIL (\"INLINE\" (\"FILENAME\" \"b.png\")) NIL) \"RELATED\") 30 NIL (\"ATTACHMENT\" NIL)) \
             \"MIXED\" (\"BOUNDARY\" \"x\") NIL NIL)",
        )
        .unwrap();
        assert!(root.number.is_root() && root.is("multipart", "mixed"));
        assert_eq!(root.parts[0].number.to_string(), "1");
        let message = &root.parts[1];
        assert_eq!(
            (message.number.to_string().as_str(), message.disposition.as_deref()),
            ("2", Some("attachment"))
        );
        let image = &message.parts[0].parts[1];
        assert_eq!(image.number.to_string(), "2.2");
        assert_eq!((image.content_id.as_deref(), image.stated_name()), (Some("x@y"), Some("b.png")));
        assert_eq!(image.encoding, Encoding::Base64);
    }

    #[test]
    fn a_lone_part_has_number_one() {
        assert_eq!(
            structure("(\"TEXT\" \"PLAIN\" NIL NIL NIL \"8BIT\" 3 1)").unwrap().number.to_string(),
            "1"
        );
    }

    #[test]
    fn oddities_that_servers_send_are_read() {
        for odd in [
            "(\"TEXT\" \"PLAIN\" () NIL NIL \"7BIT\" 1 1)",
            "(\"TEXT\" \"PLAIN\" (\"CHARSET\" NIL) NIL NIL NIL NIL NIL)",
            "(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" -1 99999999999999999999)",
            "(NIL \"MIXED\" (\"BOUNDARY\" \"x\"))",
            "(\"MIXED\" (\"BOUNDARY\" \"x\") NIL NIL NIL)",
            "(() \"MIXED\")",
            "(\"MESSAGE\" \"GLOBAL\" NIL NIL NIL \"8BIT\" 9 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) \
              (\"TEXT\" \"PLAIN\" NIL NIL NIL \"8BIT\" 3 1) 4)",
            "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 9 NIL NIL 0)",
            "(\"IMAGE\" \"PNG\" NIL NIL NIL \"BASE64\" 9 NIL \"attachment\")",
            "(\"APPLICATION\" \"X\" NIL NIL NIL \"BASE64\" 9 \"md5\" NIL NIL NIL (1 (2)) more)",
        ] {
            assert!(structure(odd).is_some(), "{odd}");
        }
        assert!(structure("NIL").is_none() && structure("()").is_none());
    }

    #[test]
    fn what_is_odd_costs_only_itself() {
        let empty = structure("(\"ALTERNATIVE\" (\"BOUNDARY\" \"x\") NIL NIL NIL)").unwrap();
        assert!(empty.is("multipart", "alternative") && empty.parts.is_empty());
        let bare =
            structure("(\"IMAGE\" \"PNG\" NIL NIL NIL \"BASE64\" 9 NIL \"attachment\" \"de\")").unwrap();
        assert_eq!(bare.disposition.as_deref(), Some("attachment"));
        let language =
            structure("(\"IMAGE\" \"PNG\" NIL NIL NIL \"BASE64\" 9 NIL NIL \"de\" NIL 1 (2))").unwrap();
        assert_eq!((language.disposition, language.size), (None, Some(9)));
        let unnamed =
            structure("(\"TEXT\" \"PLAIN\" (\"NAME\" NIL \"CHARSET\" \"x\") NIL NIL \"7BIT\" 1 NIL)")
                .unwrap();
        assert_eq!(unnamed.parameters.last(), Some(&("charset".to_owned(), "x".to_owned())));
        let global = structure(
            "(\"MESSAGE\" \"GLOBAL\" NIL NIL NIL \"8BIT\" 9 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) \
              (\"TEXT\" \"HTML\" NIL NIL NIL \"8BIT\" 3 1) 4)",
        );
        assert!(global.unwrap().parts[0].is("text", "html"));
    }

    #[test]
    fn a_thousand_messages_within_messages_cost_no_stack() {
        let (before, after) = ("(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 9 (NIL) ", " 4)");
        let inner = "(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1)";
        let deep = structure(&[&before.repeat(1000), inner, &after.repeat(1000)].concat()).unwrap();
        assert!(deep.is("message", "rfc822") && deep.parts[0].parts.len() == 1);
    }

    #[test]
    fn a_message_whose_envelope_could_not_be_read_keeps_its_parts() {
        let message = structure(
            "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 9 NIL (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 3 1) 4 NIL \
              (\"ATTACHMENT\" (\"FILENAME\" \"a.eml\")))",
        )
        .unwrap();
        assert_eq!(message.parts[0].number.to_string(), "1.1");
        assert_eq!(message.stated_name(), Some("a.eml"));
        let report = structure(
            "(\"MESSAGE\" \"DELIVERY-STATUS\" NIL NIL NIL \"7BIT\" 9 NIL (\"ATTACHMENT\" (\"FILENAME\" \"r\")) NIL NIL)",
        )
        .unwrap();
        assert_eq!((report.parts.len(), report.stated_name()), (0, Some("r")));
    }

    #[test]
    fn a_message_that_is_an_attached_multipart_counts_below_its_one_part() {
        let message = structure(
            "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 9 (NIL) \
              ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 3 1)(\"TEXT\" \"HTML\" NIL NIL NIL \"7BIT\" 3 1) \"MIXED\") 4)",
        )
        .unwrap();
        let numbers: Vec<_> = message.parts[0].parts.iter().map(|part| part.number.to_string()).collect();
        assert_eq!(
            (message.number.to_string().as_str(), numbers),
            ("1", vec!["1.1".to_owned(), "1.2".to_owned()])
        );
    }

    #[test]
    fn counts_that_are_no_counts_are_unknown() {
        for count in ["NIL", "-1", "18446744073709551616", "x"] {
            let part = structure(&format!("(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" {count} 1)")).unwrap();
            assert_eq!(part.size, None, "{count}");
        }
        let large = structure("(\"A\" \"B\" NIL NIL NIL \"7BIT\" 5000000000)").unwrap();
        assert_eq!(large.size, Some(5_000_000_000));
    }

    #[test]
    fn the_number_of_parts_is_capped() {
        let many = format!("({} \"MIXED\")", "(\"A\" \"B\" NIL NIL NIL \"7BIT\" 1)".repeat(12_000));
        assert!(structure(&many).unwrap().parts.len() < 10_001);
    }

    #[test]
    fn two_hundred_levels_end_in_no_more_than_is_kept() {
        let mut deep = "(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1)".to_owned();
        for _ in 0..200 {
            deep = format!("({deep} \"MIXED\")");
        }
        let mut depth = 0;
        let mut part = structure(&deep).as_ref().cloned();
        while let Some(inner) = part.and_then(|part| part.parts.into_iter().next()) {
            depth += 1;
            part = Some(inner);
        }
        assert!((50..=64).contains(&depth), "{depth}");
    }

    proptest! {
        #[test]
        fn nothing_that_looks_like_a_structure_makes_the_reader_fail(text in "[()\"A-C NIL0-9]{0,300}") {
            let _ = structure(&format!("({text})"));
        }
    }
}
