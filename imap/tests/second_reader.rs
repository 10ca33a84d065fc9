//! A second opinion: whatever imap-proto reads of a FETCH response, ours reads the same.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

use imap::commands::{body_structure, envelope};
use imap::wire::frame::Frame;
use imap::wire::response;
use imap::wire::token::Token;
use imap_proto::{AttributeValue, BodyStructure, Response};
use model::structure::{Encoding, Part};
use proptest::prelude::*;

/// What stands behind a name of this response.
fn item<'a>(tokens: &'a [Token<'a>], name: &str) -> &'a Token<'a> {
    let list = tokens[0].list().unwrap();
    let at = list.iter().position(|token| token.word().as_deref() == Some(name));
    let at = at.unwrap_or_else(|| panic!("no {name} in {list:?}"));
    &list[at + 1]
}

fn owned(text: &Option<std::borrow::Cow<'_, [u8]>>) -> Option<Vec<u8>> {
    text.as_ref().map(|text| text.to_vec())
}

type Addresses = Vec<(Option<Vec<u8>>, Vec<u8>, Vec<u8>)>;

/// Those with a host, of which the others open and close groups.
fn theirs(addresses: &Option<Vec<imap_proto::Address<'_>>>) -> Addresses {
    let address = |address: &imap_proto::Address<'_>| {
        Some((owned(&address.name), owned(&address.mailbox).unwrap_or_default(), owned(&address.host)?))
    };
    addresses.iter().flatten().filter_map(address).collect()
}

fn ours(addresses: &[envelope::RawAddress]) -> Addresses {
    addresses.iter().cloned().map(|address| (address.name, address.mailbox, address.host)).collect()
}

/// Words of the protocol in one spelling. Blanks that a server leaves around them mean nothing to us; the other keeps them.
fn word(text: &str) -> String {
    text.trim().to_ascii_lowercase()
}

fn same_parts(ours: &Part, theirs: &BodyStructure<'_>) {
    let (common, single, below) = match theirs {
        BodyStructure::Basic { common, other, .. } | BodyStructure::Text { common, other, .. } => {
            (common, Some(other), vec![])
        }
        BodyStructure::Message { common, other, body, .. } => (common, Some(other), vec![&**body]),
        BodyStructure::Multipart { common, bodies, .. } => (common, None, bodies.iter().collect()),
    };
    assert_eq!(
        (ours.media.as_str(), ours.subtype.as_str()),
        (&*word(&common.ty.ty), &*word(&common.ty.subtype))
    );
    let lower = |parameters: &Option<Vec<(std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)>>| -> Vec<_> {
        parameters.iter().flatten().map(|(name, value)| (word(name), value.to_string())).collect()
    };
    assert_eq!(ours.parameters, lower(&common.ty.params));
    let disposition = common.disposition.as_ref();
    assert_eq!(ours.disposition, disposition.map(|disposition| word(&disposition.ty)));
    assert_eq!(
        ours.disposition_parameters,
        disposition.map(|disposition| lower(&disposition.params)).unwrap_or_default()
    );
    if let Some(single) = single {
        assert_eq!(ours.size, Some(u64::from(single.octets)));
        let encoding = match &single.transfer_encoding {
            imap_proto::ContentEncoding::Base64 => Encoding::Base64,
            imap_proto::ContentEncoding::QuotedPrintable => Encoding::QuotedPrintable,
            imap_proto::ContentEncoding::Other(name) => match word(name).as_str() {
                "base64" => Encoding::Base64,
                "quoted-printable" => Encoding::QuotedPrintable,
                _ => Encoding::Identity,
            },
            _ => Encoding::Identity,
        };
        assert_eq!(ours.encoding, encoding);
    }
    assert_eq!(ours.parts.len(), below.len());
    ours.parts.iter().zip(below).for_each(|(ours, theirs)| same_parts(ours, theirs));
}

/// Reads a response of so many items with both; tells whether the other could. Where it did not understand one of them it
/// begins again somewhere, and what it finds from there on is nothing to go by.
fn compare(line: &[u8], items: usize) -> bool {
    let Ok((b"", Response::Fetch(_, values))) = Response::parse(line) else { return false };
    let understood = |value: &&AttributeValue<'_>| {
        use AttributeValue as A;
        matches!(value, A::Envelope(_) | A::BodyStructure(_) | A::Rfc822Size(_) | A::Uid(_))
    };
    if values.iter().filter(understood).count() < items {
        return false;
    }
    let frame = Frame::from(line.strip_suffix(b"\r\n").unwrap().to_vec());
    let data = response::data(&frame).unwrap();
    for value in &values {
        match value {
            AttributeValue::Envelope(theirs_) => {
                let words = envelope::read(item(&data.tokens, "ENVELOPE"));
                assert_eq!(words.subject, owned(&theirs_.subject).unwrap_or_default());
                assert_eq!(ours(&words.from), theirs(&theirs_.from));
                assert_eq!(ours(&words.reply_to), theirs(&theirs_.reply_to));
                assert_eq!(ours(&words.to), theirs(&theirs_.to));
            }
            AttributeValue::BodyStructure(theirs) => {
                same_parts(&body_structure::read(item(&data.tokens, "BODYSTRUCTURE")).unwrap(), theirs);
            }
            AttributeValue::Rfc822Size(size) => {
                assert_eq!(item(&data.tokens, "RFC822.SIZE").number(), Some(u64::from(*size)));
            }
            AttributeValue::Uid(uid) => assert_eq!(item(&data.tokens, "UID").number(), Some(u64::from(*uid))),
            _ => {}
        }
    }
    true
}

/// Quoted without escapes, which the other does not take out again, or a literal, or nothing.
fn string() -> impl Strategy<Value = String> {
    let literal = "[ -~\r\nä]{0,9}".prop_map(|text| format!("{{{}}}\r\n{text}", text.len()));
    prop_oneof![3 => "\"[a-zA-Z0-9 =?(){}\\[\\]<>*%]{0,9}\"", 1 => literal, 2 => Just("NIL".to_owned())]
}

fn address_list() -> impl Strategy<Value = String> {
    let address = [string(), string(), string(), string()]
        .prop_map(|[name, route, mailbox, host]| format!("({name} {route} {mailbox} {host})"));
    prop::option::of(prop::collection::vec(address, 1..4))
        .prop_map(|list| list.map_or("NIL".into(), |list| format!("({})", list.concat())))
}

fn envelope_text() -> impl Strategy<Value = String> {
    let lists =
        [address_list(), address_list(), address_list(), address_list(), address_list(), address_list()];
    (string(), string(), lists, string(), string()).prop_map(|(date, subject, lists, reply, id)| {
        format!("({date} {subject} {} {reply} {id})", lists.join(" "))
    })
}

fn parameters() -> impl Strategy<Value = String> {
    let pairs = prop::collection::vec("\"[A-Z*0]{1,6}\" \"[a-z0-9=?'%. ]{0,9}\"", 1..4);
    prop::option::of(pairs)
        .prop_map(|pairs| pairs.map_or("NIL".into(), |pairs| format!("({})", pairs.join(" "))))
}

fn disposition() -> impl Strategy<Value = String> {
    (any::<bool>(), parameters()).prop_map(|(stated, parameters)| {
        if stated { format!("(\"ATTACHMENT\" {parameters})") } else { "NIL".into() }
    })
}

fn structure_text() -> impl Strategy<Value = String> {
    let encoding = prop_oneof![Just("7BIT"), Just("Base64"), Just("QUOTED-PRINTABLE"), Just("x-own")];
    let fields = (parameters(), encoding, any::<u32>(), disposition()).boxed();
    let leaf = (prop_oneof![Just(("TEXT", " 7")), Just(("image", ""))], fields.clone()).prop_map(|((media, lines), (parameters, encoding, size, disposition))| {
        format!("(\"{media}\" \"X-y\" {parameters} NIL NIL \"{encoding}\" {size}{lines} NIL {disposition} NIL NIL)")
    });
    leaf.prop_recursive(4, 20, 4, move |inner| {
        let message = (inner.clone(), envelope_text(), fields.clone()).prop_map(|(inner, envelope, (parameters, encoding, size, disposition))| {
            format!("(\"MESSAGE\" \"RFC822\" {parameters} NIL NIL \"{encoding}\" {size} {envelope} {inner} 3 NIL {disposition} NIL NIL)")
        });
        let multipart = (prop::collection::vec(inner, 1..4), parameters(), disposition())
            .prop_map(|(parts, parameters, disposition)| format!("({} \"MIXED\" {parameters} {disposition} NIL NIL)", parts.concat()));
        prop_oneof![message, multipart]
    })
}

proptest! {
    // Making up rows takes longer than reading them.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_are_read_as_another_reads_them(uid in 1_u32.., size in any::<u32>(), envelope in envelope_text(), structure in structure_text()) {
        let line = format!("* 3 FETCH (UID {uid} RFC822.SIZE {size} ENVELOPE {envelope} BODYSTRUCTURE {structure})\r\n");
        prop_assert!(compare(line.as_bytes(), 4), "{}", line);
    }

    #[test]
    fn rows_that_are_broken_are_read_as_another_reads_them_if_it_does(
        envelope in envelope_text(), structure in structure_text(), at in any::<prop::sample::Index>(), other in "[ ()\"NIL0-9]{0,2}",
    ) {
        let mut line = format!("* 3 FETCH (ENVELOPE {envelope} BODYSTRUCTURE {structure})\r\n").into_bytes();
        let at = at.index(line.len() - 20) + 12;
        line.splice(at..=at, other.into_bytes());
        compare(&line, 2);
    }
}
