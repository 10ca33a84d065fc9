//! What comes back of a search: ESEARCH (RFC 4731 §3.1, RFC 4466 §2.6.2), or numbers as of old.

use model::uid::Uid;
use model::uid_set;

use crate::connection::Completion;
use crate::error::{Error, Result};
use crate::wire::frame::Frame;
use crate::wire::response::{self, Data};
use crate::wire::token::Token;

/// The items of an ESEARCH response that we ask for. Ranges are as they came, since in an ordered result the order says
/// something; absent ones are empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::commands) struct Esearch {
    pub(in crate::commands) count: Option<u32>,
    pub(in crate::commands) all: Vec<(Uid, Uid)>,
    pub(in crate::commands) partial: Vec<(Uid, Uid)>,
}

impl Esearch {
    /// The one that answers the command of this tag, wherever it came; one without a tag may answer it if it came there.
    ///
    /// # Errors
    /// When it tells sequence numbers although UIDs were asked for, or no numbers at all.
    pub(in crate::commands) fn of(tag: &str, completions: &[Completion]) -> Result<Option<Self>> {
        for completion in completions {
            for frame in completion.frames() {
                // Only what has this name is worth being read into tokens.
                if response::name(frame).is_none_or(|(_, name)| name != "ESEARCH") {
                    continue;
                }
                let Some(data) = response::data(frame) else { continue };
                if of_tag(&data).map_or(completion.tag == tag, |named| named == tag.as_bytes()) {
                    return Self::read(&data).map(Some);
                }
            }
        }
        Ok(None)
    }

    fn read(data: &Data<'_>) -> Result<Self> {
        let mut read = Self::default();
        let mut uids = false;
        let mut tokens =
            data.tokens.iter().skip(usize::from(data.tokens.first().is_some_and(|t| t.list().is_some())));
        while let Some(name) = tokens.next().and_then(Token::word) {
            match name.as_str() {
                "UID" => uids = true,
                "COUNT" => {
                    read.count = tokens.next().and_then(Token::number).and_then(|n| u32::try_from(n).ok());
                }
                "ALL" => read.all = set(tokens.next())?,
                "PARTIAL" => {
                    read.partial = set(tokens.next().and_then(Token::list).and_then(|list| list.get(1)))?;
                }
                // MODSEQ, MIN, MAX, and whatever comes to be: a name and one value (RFC 4466 §2.6.2).
                _ => drop(tokens.next()),
            }
        }
        let numbers = !(read.all.is_empty() && read.partial.is_empty());
        if numbers && !uids {
            return Err(Error::Nonsense { what: "ESEARCH without UID" });
        }
        Ok(read)
    }
}

fn of_tag<'a>(data: &'a Data<'_>) -> Option<&'a [u8]> {
    let correlator = data.tokens.first()?.list()?;
    correlator.first().filter(|name| name.word().as_deref() == Some("TAG"))?;
    correlator.get(1)?.bytes()
}

/// A set of UIDs in its own order; nothing is none.
fn set(token: Option<&Token<'_>>) -> Result<Vec<(Uid, Uid)>> {
    let Some(bytes) = token.and_then(Token::bytes) else { return Ok(Vec::new()) };
    let nonsense = Error::Nonsense { what: "set of UIDs" };
    let range = |bytes: &[u8]| uid_set::range(std::str::from_utf8(bytes).ok()?).ok();
    bytes.split(|byte| *byte == b',').map(range).collect::<Option<_>>().ok_or(nonsense)
}

/// The UIDs of ranges in the order that they say. A range may be four thousand million long: take what is needed.
pub(in crate::commands) fn in_order(ranges: &[(Uid, Uid)]) -> impl Iterator<Item = Uid> {
    ranges.iter().flat_map(|(one, other)| {
        let (one, other) = (one.get(), other.get());
        (0..=one.abs_diff(other)).filter_map(move |step| {
            Uid::new(if one <= other { one.saturating_add(step) } else { one.saturating_sub(step) })
        })
    })
}

/// The numbers of `* SEARCH 2 84 882 (MODSEQ 917)`, or of SORT, read as they stand: as tokens, half a million would
/// weigh many times what they do.
pub(in crate::commands) fn numbers<'a>(frame: &'a Frame, name: &str) -> impl Iterator<Item = Uid> + use<'a> {
    let of_name = response::name(frame).is_some_and(|(number, found)| number.is_none() && found == name);
    let rest = response::rest(frame).filter(|_| of_name).unwrap_or_default();
    rest.split(|byte| *byte == b' ')
        .take_while(|word| !word.starts_with(b"("))
        .filter_map(|word| std::str::from_utf8(word).ok()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use model::uid::Uid;
    use proptest::prelude::*;

    use super::{Esearch, in_order, numbers};
    use crate::error::{Error, Result};
    use crate::wire::frame::Frame;
    use crate::wire::response::data;

    fn read(text: &str) -> Result<Esearch> {
        Esearch::read(&data(&Frame::from(text.as_bytes().to_vec())).unwrap())
    }

    fn uids(uids: impl Iterator<Item = Uid>) -> Vec<u32> {
        uids.map(Uid::get).collect()
    }

    #[test]
    fn items_come_in_any_order_among_others_that_nobody_knows() {
        let text = "* ESEARCH (TAG \"p7\") UID X-NEW (1 2) PARTIAL (-1:-50 9:7,3) MODSEQ 12 COUNT 70 MIN 1";
        let read = read(text).unwrap();
        assert_eq!((read.count, uids(in_order(&read.partial))), (Some(70), vec![9, 8, 7, 3]));
        assert!(read.all.is_empty());
    }

    #[test]
    fn nothing_found_is_nil_or_is_left_out() {
        for text in [
            "* ESEARCH (TAG \"p7\") UID PARTIAL (1:50 NIL) COUNT 0",
            "* ESEARCH (TAG \"p7\") UID PARTIAL NIL COUNT 0",
            "* ESEARCH (TAG \"p7\") UID COUNT 0",
            "* ESEARCH (TAG \"p7\") COUNT 0",
        ] {
            assert_eq!(read(text).unwrap(), Esearch { count: Some(0), ..Esearch::default() }, "{text}");
        }
    }

    #[test]
    fn sequence_numbers_are_never_taken_for_uids() {
        assert!(matches!(read("* ESEARCH (TAG \"p7\") ALL 1:3 COUNT 3"), Err(Error::Nonsense { .. })));
        assert!(matches!(read("* ESEARCH (TAG \"p7\") UID ALL 1:* COUNT 3"), Err(Error::Nonsense { .. })));
    }

    #[test]
    fn numbers_of_old_end_where_the_modification_sequence_begins() {
        let frame = Frame::from(b"* SEARCH 2 84 0 x 882 (MODSEQ 917162500)".to_vec());
        assert_eq!(uids(numbers(&frame, "SEARCH")), [2, 84, 882]);
        assert_eq!(uids(numbers(&frame, "SORT")), [0_u32; 0]);
    }

    #[test]
    fn a_range_of_everything_costs_what_is_taken_of_it() {
        let read = read("* ESEARCH (TAG \"p7\") UID ALL 1:4294967295,4294967295:1 COUNT 4294967295").unwrap();
        assert_eq!(uids(in_order(&read.all).take(2)), [1, 2]);
    }

    proptest! {
        #[test]
        fn a_result_is_read_in_the_order_in_which_it_stands(
            ranges in prop::collection::vec((1_u32..500, 1_u32..500), 1..8),
            count in any::<u32>(),
            others in prop::collection::vec("MODSEQ 9|MIN 1|X \\(1 \\(2\\)\\)|PARTIAL NIL", 0..3),
        ) {
            let text: Vec<_> = ranges.iter().map(|(one, other)| if one == other { one.to_string() } else { format!("{one}:{other}") }).collect();
            let expected: Vec<u32> = ranges.iter().flat_map(|(one, other)| -> Vec<u32> {
                if one <= other { (*one..=*other).collect() } else { (*other..=*one).rev().collect() }
            }).collect();
            let read = read(&format!("* ESEARCH (TAG \"p7\") UID {} ALL {} COUNT {count}", others.join(" "), text.join(","))).unwrap();
            prop_assert_eq!((uids(in_order(&read.all)), read.count), (expected.clone(), Some(count)));
            let numbers_text: Vec<_> = expected.iter().map(u32::to_string).collect();
            for name in ["SEARCH", "SORT"] {
                let frame = Frame::from(format!("* {name} {} (MODSEQ 9)", numbers_text.join(" ")).into_bytes());
                prop_assert_eq!(uids(numbers(&frame, name)), expected.clone());
            }
        }

        #[test]
        fn nothing_that_looks_like_a_result_makes_the_reader_fail(text in "(UID |COUNT |ALL |PARTIAL |[()0-9:,*\"-]{1,4} ?){0,12}") {
            if let Ok(read) = read(&format!("* ESEARCH {text}")) {
                let _ = in_order(&read.all).chain(in_order(&read.partial)).take(100).count();
            }
        }
    }
}
