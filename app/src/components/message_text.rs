//! The plain text of a message, as lines, quotations and links.

use leptos::either::Either;
use leptos::prelude::*;
use model::message::{Line, Piece};

/// Plain text. Every piece becomes a text node or a checked link: no markup is ever built from a message.
pub fn message_text(lines: &[Line]) -> impl IntoView + use<> {
    let lines = lines
        .iter()
        .map(|line| {
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
        })
        .collect::<Vec<_>>();
    view! { <div class="message-text">{lines}</div> }
}

fn piece(piece: &Piece) -> impl IntoView + use<> {
    match piece.clone() {
        Piece::Text(text) => Either::Left(text),
        Piece::Link { text, href } => Either::Right(view! {
            <a href=href target="_blank" rel="noopener noreferrer nofollow">{text}</a>
        }),
    }
}
