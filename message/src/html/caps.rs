//! What HTML may cost, found out by reading its tags without building a tree.
//!
//! Building the tree takes time that grows with the square of its depth and of the attributes of a tag (128 KB of
//! nested list items cost seconds), so what is too deep must never get there.

use std::cell::{Cell, RefCell};

use html5ever::LocalName;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use crate::limits::{HTML_ATTRIBUTES, HTML_ATTRIBUTES_OF_TAG, HTML_BYTES, HTML_DEPTH, HTML_TAGS};

/// Why HTML is not cleaned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// More than [`HTML_BYTES`].
    #[error("too long")]
    Bytes,
    /// More than [`HTML_DEPTH`] elements open at a time.
    #[error("too deep")]
    Depth,
    /// More than [`HTML_ATTRIBUTES_OF_TAG`] or [`HTML_ATTRIBUTES`].
    #[error("too many attributes")]
    Attributes,
    /// More than [`HTML_TAGS`].
    #[error("too many tags")]
    Tags,
}

/// Reads the tags of a document and counts.
///
/// # Errors
/// As soon as a limit is passed.
pub fn check(html: &str) -> Result<(), TooMuch> {
    if html.len() > HTML_BYTES {
        return Err(TooMuch::Bytes);
    }
    let tokenizer = Tokenizer::new(Counter::default(), TokenizerOpts::default());
    // In pieces, so that what is too much is left soon.
    let mut rest = html;
    while !rest.is_empty() && tokenizer.sink.verdict.get().is_ok() {
        let (piece, after) = rest.split_at(
            rest.floor_char_boundary(16 * 1024)
                .max(rest.chars().next().map_or(1, char::len_utf8))
                .min(rest.len()),
        );
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from(piece));
        let _ = tokenizer.feed(&queue);
        rest = after;
    }
    if tokenizer.sink.verdict.get().is_ok() {
        tokenizer.end();
    }
    tokenizer.sink.verdict.get()
}

struct Counter {
    open: RefCell<Vec<LocalName>>,
    tags: Cell<usize>,
    attributes: Cell<usize>,
    verdict: Cell<Result<(), TooMuch>>,
}

impl Default for Counter {
    fn default() -> Self {
        Self {
            open: RefCell::new(Vec::new()),
            tags: Cell::new(0),
            attributes: Cell::new(0),
            verdict: Cell::new(Ok(())),
        }
    }
}

impl Counter {
    fn count(&self, tag: &Tag) -> Result<(), TooMuch> {
        self.tags.set(self.tags.get() + 1);
        self.attributes.set(self.attributes.get() + tag.attrs.len());
        if self.tags.get() > HTML_TAGS {
            return Err(TooMuch::Tags);
        }
        if tag.attrs.len() > HTML_ATTRIBUTES_OF_TAG || self.attributes.get() > HTML_ATTRIBUTES {
            return Err(TooMuch::Attributes);
        }
        let mut open = self.open.borrow_mut();
        match tag.kind {
            TagKind::StartTag if is_void(&tag.name) => {}
            TagKind::StartTag => {
                // Where the same element can't be inside itself, the next one closes the one before.
                if open.last().is_some_and(|last| closes(last, &tag.name)) {
                    open.pop();
                }
                open.push(tag.name.clone());
                if open.len() > HTML_DEPTH {
                    return Err(TooMuch::Depth);
                }
            }
            // Only what is open can be closed: a stray end tag must not make room.
            TagKind::EndTag => {
                if let Some(position) = open.iter().rposition(|name| *name == tag.name) {
                    // What stands between may stay open in a tree, as formatting does; then it is counted again.
                    open.truncate(position);
                }
            }
        }
        Ok(())
    }
}

impl TokenSink for Counter {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token
            && self.verdict.get().is_ok()
        {
            self.verdict.set(self.count(&tag));
        }
        // The content of script and style is read as tags too: that counts too much, never too little.
        TokenSinkResult::Continue
    }
}

fn is_void(name: &LocalName) -> bool {
    matches!(
        name.as_ref(),
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

fn closes(open: &LocalName, next: &LocalName) -> bool {
    matches!(
        (open.as_ref(), next.as_ref()),
        ("p", "p")
            | ("li", "li")
            | ("dd" | "dt", "dd" | "dt")
            | ("td" | "th", "td" | "th" | "tr")
            | ("tr", "tr")
            | ("option", "option")
    )
}

#[cfg(test)]
mod tests {
    use super::{TooMuch, check};

    #[test]
    fn what_is_deep_is_refused_and_what_is_long_is_not() {
        assert_eq!(check(&"<div>".repeat(10_000)), Err(TooMuch::Depth));
        assert_eq!(check(&"<div></x>".repeat(10_000)), Err(TooMuch::Depth));
        assert_eq!(check(&"<p>paragraph<br>".repeat(10_000)), Ok(()));
        assert_eq!(check(&"<ul><li>a<li>b</ul>".repeat(5_000)), Ok(()));
        assert_eq!(check(&"<table><tr><td>a<td>b<tr><td>c</table>".repeat(1_000)), Ok(()));
    }

    #[test]
    fn too_many_attributes_tags_or_bytes_are_refused() {
        let attributes: String = (0..1_000).map(|index| format!(" a{index}=1")).collect();
        assert_eq!(check(&format!("<p{attributes}>")), Err(TooMuch::Attributes));
        assert_eq!(check(&"<br>".repeat(150_000)), Err(TooMuch::Tags));
        assert_eq!(check(&"x".repeat(2_000_000)), Err(TooMuch::Bytes));
    }

    #[test]
    fn letters_of_several_bytes_are_never_cut() {
        assert_eq!(check(&"ü€😀".repeat(20_000)), Ok(()));
    }
}
