//! The plain text of a message, as lines, quotations and links.

use leptos::either::Either;
use leptos::prelude::*;
use model::message::{Line, Piece};

use crate::text::Language;

/// A quotation of more lines is folded where it comes last: most have read it where it was written.
const SHORT_QUOTATION: usize = 4;

/// Plain text. Every piece becomes a text node or a checked link: no markup is ever built from a message. Quotations can be
/// folded, and letters be all of one width, without script.
pub fn message_text(lines: &[Line]) -> impl IntoView + use<> {
    let language = Language::current();
    let runs: Vec<&[Line]> = lines.chunk_by(|one, other| (one.quoted > 0) == (other.quoted > 0)).collect();
    // Below the last quotation there may be a signature, and what a list adds.
    let last = lines.iter().rposition(|line| line.quoted == 0 && !line.signature && !line.pieces.is_empty());
    let mut passed = 0;
    let mut drawn = Vec::with_capacity(runs.len());
    for run in runs {
        let begin = passed;
        passed += run.len();
        let lines = run.iter().map(line).collect::<Vec<_>>();
        let is_quoted = run.first().is_some_and(|line| line.quoted > 0);
        drawn.push(if is_quoted {
            let words = language.text_with("quotation", "count", run.len());
            let folded = run.len() > SHORT_QUOTATION && last.is_some_and(|last| last < begin);
            Either::Left(view! {
                <details class="quotation" open=!folded><summary>{words}</summary>{lines}</details>
            })
        } else {
            Either::Right(lines)
        });
    }
    view! {
        <label class="message-letters">
            <input type="checkbox" autocomplete="off" />
            {language.text("letters-of-one-width")}
        </label>
        <div class="message-text">{drawn}</div>
    }
}

fn line(line: &Line) -> impl IntoView + use<> {
    let class = match (line.quoted, line.signature) {
        (0, false) => "line",
        (0, true) => "line line-signature",
        (1, _) => "line line-quoted quoted-1",
        (2, _) => "line line-quoted quoted-2",
        (3, _) => "line line-quoted quoted-3",
        (4, _) => "line line-quoted quoted-4",
        _ => "line line-quoted quoted-5",
    };
    view! { <div class=class dir="auto">{line.pieces.iter().map(piece).collect::<Vec<_>>()}</div> }
}

fn piece(piece: &Piece) -> impl IntoView + use<> {
    match piece.clone() {
        Piece::Text(text) => Either::Left(text),
        Piece::Link { text, href } => Either::Right(view! {
            <a href=href target="_blank" rel="noopener noreferrer nofollow">{text}</a>
        }),
    }
}

#[cfg(feature = "ssr")]
#[cfg(test)]
mod tests {
    use leptos::prelude::*;
    use model::message::{Line, Piece};

    use super::message_text;

    fn drawn(lines: &[(u8, &str)]) -> String {
        let line = |(quoted, text): &(u8, &str)| Line {
            quoted: *quoted,
            signature: false,
            pieces: vec![Piece::Text((*text).to_owned())],
        };
        let lines: Vec<Line> = lines.iter().map(line).collect();
        Owner::new().with(|| message_text(&lines).to_html())
    }

    #[test]
    fn a_long_quotation_is_folded_where_it_comes_last_and_nowhere_else() {
        let quoted = [(1, "a"), (1, "b"), (2, "c"), (1, "d"), (1, "e")];
        let is_open = |lines: &[(u8, &str)]| drawn(lines).contains("<details open");
        assert!(!is_open(&[&[(0, "answer")][..], &quoted].concat()));
        assert!(is_open(&[&quoted[..], &[(0, "answer")]].concat()));
        assert!(is_open(&[(0, "answer"), (1, "a")]));
        assert!(is_open(&quoted), "where there is nothing else to read");
    }
}
