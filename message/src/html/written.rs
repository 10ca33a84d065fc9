//! Tokens of a style, written anew one after the other.

use cssparser::{ToCss, Token, TokenSerializationType};

/// What was written so far.
#[derive(Default)]
pub(super) struct Written {
    text: String,
    before: TokenSerializationType,
}

impl Written {
    /// Writes a token as it is.
    pub(super) fn token(&mut self, token: &Token<'_>) {
        self.token_as(token, &token.to_css_string());
    }

    /// Writes something in the place of a token; of one that opens a block, all of the block.
    pub(super) fn token_as(&mut self, token: &Token<'_>, text: &str) {
        let kind = token.serialization_type();
        // What comments kept apart must not grow together into something else.
        if self.before.needs_separator_when_before(kind) {
            self.text.push(' ');
        }
        self.before = match token {
            Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock => {
                TokenSerializationType::default()
            }
            _ => kind,
        };
        self.text.push_str(text);
    }

    /// Writes white space, however much there was.
    pub(super) fn space(&mut self, token: &Token<'_>) {
        self.token_as(token, " ");
    }

    /// All of it, without white space around; `None` when a word in it has an escape, and could come out as something else.
    pub(super) fn finish(self) -> Option<String> {
        (!self.text.contains('\\')).then(|| self.text.trim().to_owned())
    }
}
