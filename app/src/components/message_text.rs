//! The plain text of a message, as lines, quotations and links.

use leptos::prelude::*;
use model::message::{Line, Piece};

/// Plain text. Every piece becomes a text node or a checked link: no markup is ever built from a message.
#[component]
pub fn MessageText(
    /// The lines.
    lines: Vec<Line>,
) -> impl IntoView {
    let lines = lines
        .into_iter()
        .map(|line| {
            let class = match (line.quoted, line.signature) {
                (0, false) => "line".to_owned(),
                (0, true) => "line line-signature".to_owned(),
                (depth, _) => format!("line line-quoted quoted-{}", depth.min(5)),
            };
            view! { <div class=class dir="auto">{line.pieces.into_iter().map(piece).collect_view()}</div> }
        })
        .collect_view();
    view! { <div class="message-text">{lines}</div> }
}

fn piece(piece: Piece) -> AnyView {
    match piece {
        Piece::Text(text) => text.into_any(),
        Piece::Link { text, href } => {
            view! { <a href=href target="_blank" rel="noopener noreferrer nofollow">{text}</a> }.into_any()
        }
    }
}
