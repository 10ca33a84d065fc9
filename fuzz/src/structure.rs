//! BODYSTRUCTURE and ENVELOPE, read from tokens, and what a page makes of them.

use imap::commands::{body_structure, envelope};
use imap::wire::token::{self, Token};

use crate::rows;

/// Reads bytes as tokens, and each of these as a structure and as an envelope.
pub fn structure(bytes: &[u8]) {
    let tokens = token::read(bytes);
    assert!(count(&tokens) <= bytes.len(), "there are no more tokens than bytes");
    for token in tokens.iter().take(16) {
        if let Some(root) = body_structure::read(token) {
            rows::shown_parts(&root);
        }
        rows::shown_words(&envelope::read(token));
    }
}

fn count(tokens: &[Token<'_>]) -> usize {
    tokens.iter().map(|token| 1 + token.list().map_or(0, count)).sum()
}
