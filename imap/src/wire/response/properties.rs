//! What holds of responses whatever a server sends.

use proptest::prelude::*;

use super::{Code, Kind, Response, classify, data, name, rest};
use crate::wire::frame::Frame;

proptest! {
    #[test]
    fn a_status_keeps_its_tag_code_and_words(
        tag in "p[0-9]{1,4}|\\*",
        (word, kind) in prop_oneof![Just(("OK", Kind::Ok)), Just(("no", Kind::No)), Just(("Bad", Kind::Bad))],
        code in prop::option::of(("[A-Za-z][A-Z0-9-]{0,20}", "( [A-Za-z0-9:,.()\"]{1,9}){0,3}")),
        words in "[A-Za-z0-9ü–][A-Za-z0-9ü– (){}]{0,20}",
        space in any::<bool>(),
    ) {
        let brackets = code.as_ref().map(|(name, arguments)| format!("[{name}{arguments}]")).unwrap_or_default();
        let space = if space || code.is_none() { " " } else { "" };
        let frame = Frame::from(format!("{tag} {word} {brackets}{space}{words}").into_bytes());
        let status = match classify(&frame) {
            Response::Tagged(read, status) if read == tag => status,
            Response::Status(status) if tag == "*" => status,
            other => return Err(TestCaseError::fail(format!("{other:?}"))),
        };
        prop_assert_eq!((status.kind, status.text.as_str()), (kind, words.trim()));
        prop_assert_eq!(&status.code, &code.as_ref().map(|(name, _)| Code::from_name(name)));
        let arguments = code.map(|(_, arguments)| arguments.trim_start().to_owned()).unwrap_or_default();
        prop_assert_eq!(String::from_utf8_lossy(&status.arguments), arguments);
    }

    #[test]
    fn nothing_that_looks_like_a_response_makes_the_reader_fail(text in "(\\* |p1 |\\+ )?[0-9]{0,11} ?(OK|no|BYE|FETCH|X)?[ \\[\\](){}a-zA-Zé\u{0}\"0-9]{0,40}") {
        let frame = Frame::from(text.into_bytes());
        let is_data = classify(&frame) == Response::Data;
        if is_data {
            let data = data(&frame).unwrap();
            prop_assert_eq!(name(&frame), Some((data.number, data.name)));
            prop_assert!(rest(&frame).is_some());
        }
    }

    #[test]
    fn no_bytes_make_the_reader_fail(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        if let Response::Status(status) | Response::Tagged(_, status) = classify(&Frame::from(bytes)) {
            prop_assert!(!status.text.chars().any(char::is_control));
        }
    }
}
