//! What HTML may cost, found out by reading it the way it will be read, without keeping a tree.
//!
//! Building a tree takes time that grows with the square of its depth, of the attributes of an element, and of the
//! siblings beside which a broken table throws its content; 128 KB of nested list items cost seconds. Counting tags
//! in the source does not tell: formatting that is left open comes back in every paragraph, and a comment inside of
//! a style, or a quote inside of a title, hides what follows from whoever does not switch as the parser does. So the
//! parser itself reads, fragment by fragment, into a tree that is not there ([`super::count`]), and is stopped as
//! soon as it is too much.

use std::cell::{Cell, RefCell};

use html5ever::interface::create_element;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{QualName, TokenizerResult, local_name, ns};

use super::count::{Handle, Open, Shade};
use super::survey::Survey;
use crate::limits::{
    HTML_ATTRIBUTES, HTML_ATTRIBUTES_OF_TAG, HTML_BYTES, HTML_DEPTH, HTML_ELEMENTS, HTML_WORK, TAG_BREAKS,
};

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
    /// More than [`HTML_ELEMENTS`].
    #[error("too many elements")]
    Elements,
    /// More than [`HTML_WORK`] steps to put misplaced elements where they belong.
    #[error("too broken")]
    Work,
}

/// Reads a document and counts. Gives what it says of itself.
///
/// # Errors
/// As soon as a limit is passed.
pub(super) fn check(html: &str) -> Result<Survey, TooMuch> {
    if html.len() > HTML_BYTES {
        return Err(TooMuch::Bytes);
    }
    let shade = Shade::default();
    // As ammonia does: a fragment inside of a div.
    let context = create_element(&shade, QualName::new(None, ns!(html), local_name!("div")), Vec::new());
    let builder = TreeBuilder::new_for_fragment(shade, context, None, TreeBuilderOpts::default());
    let tokenizer = Tokenizer::new(Gate::before(builder), TokenizerOpts::default());
    // A tag is only handed out when it is complete, and takes time by the square of its attributes. So each one is
    // fed alone, and what it may hold is counted while it is still open.
    let mut breaks = 0;
    let mut rest = html;
    while !rest.is_empty() {
        let end = rest.bytes().skip(1).position(|byte| byte == b'<').map_or(rest.len(), |at| at + 1);
        let (piece, after) = rest.split_at(end);
        rest = after;
        breaks += piece.bytes().filter(|byte| is_break(*byte)).count();
        let text = !piece.as_bytes().get(1).is_some_and(|byte| byte.is_ascii_alphabetic());
        if breaks > TAG_BREAKS && !text {
            return Err(TooMuch::Attributes);
        }
        tokenizer.sink.handed_out.set(false);
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from(piece));
        while let TokenizerResult::Script(_) = tokenizer.feed(&queue) {}
        if tokenizer.sink.handed_out.get() {
            breaks = 0;
        }
        tokenizer.sink.verdict()?;
    }
    tokenizer.end();
    tokenizer.sink.look();
    tokenizer.sink.verdict()?;
    let mut survey = tokenizer.sink.survey.take();
    survey.end();
    Ok(survey)
}

/// What may stand between two attributes.
fn is_break(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'')
}

/// Stands between the tokenizer and the tree builder, and lets nothing more through once it is too much.
struct Gate {
    builder: TreeBuilder<Handle, Shade>,
    attributes: Cell<usize>,
    tags: Cell<usize>,
    refused: Cell<Option<TooMuch>>,
    /// Whether something came out of the last piece.
    handed_out: Cell<bool>,
    survey: RefCell<Survey>,
}

impl Gate {
    fn before(builder: TreeBuilder<Handle, Shade>) -> Self {
        Self {
            builder,
            attributes: Cell::new(0),
            tags: Cell::new(0),
            refused: Cell::new(None),
            handed_out: Cell::new(false),
            survey: RefCell::default(),
        }
    }

    fn refuse(&self, reason: TooMuch) {
        self.refused.set(Some(self.refused.get().unwrap_or(reason)));
    }

    fn verdict(&self) -> Result<(), TooMuch> {
        self.refused.get().map_or(Ok(()), Err)
    }

    /// What the tree would have cost so far.
    fn look(&self) {
        let shade = &self.builder.sink;
        if shade.merged() > HTML_ATTRIBUTES_OF_TAG {
            self.refuse(TooMuch::Attributes);
        }
        if shade.elements() > HTML_ELEMENTS {
            self.refuse(TooMuch::Elements);
        }
        if shade.work() > HTML_WORK {
            self.refuse(TooMuch::Work);
        }
    }

    fn count(&self, tag: &Tag) {
        self.tags.set(self.tags.get() + 1);
        self.attributes.set(self.attributes.get() + tag.attrs.len());
        if tag.attrs.len() > HTML_ATTRIBUTES_OF_TAG || self.attributes.get() > HTML_ATTRIBUTES {
            self.refuse(TooMuch::Attributes);
        }
        if self.tags.get() > HTML_ELEMENTS * 2 {
            self.refuse(TooMuch::Elements);
        }
        self.look();
        // Looking costs as much as what is open.
        if self.tags.get().is_multiple_of(16) {
            let open = Open::default();
            self.builder.trace_handles(&open);
            if open.count() > HTML_DEPTH {
                self.refuse(TooMuch::Depth);
            }
        }
        self.survey.borrow_mut().tag(tag);
    }
}

impl TokenSink for Gate {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        if !matches!(token, Token::ParseError(_)) {
            self.handed_out.set(true);
        }
        match &token {
            Token::TagToken(tag) => self.count(tag),
            Token::CharacterTokens(text) => self.survey.borrow_mut().text(text),
            _ => {}
        }
        if self.refused.get().is_some() {
            return TokenSinkResult::Continue;
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

#[cfg(test)]
mod tests {
    use super::{TooMuch, check};

    fn verdict(html: &str) -> Result<(), TooMuch> {
        check(html).map(|_| ())
    }

    #[test]
    fn what_is_deep_is_refused_and_what_is_long_is_not() {
        assert_eq!(verdict(&"<div>".repeat(10_000)), Err(TooMuch::Depth));
        assert_eq!(verdict(&"<div></x>".repeat(10_000)), Err(TooMuch::Depth));
        assert_eq!(verdict(&"<p>paragraph<br>".repeat(10_000)), Ok(()));
        assert_eq!(verdict(&"<ul><li>a<li>b</ul>".repeat(5_000)), Ok(()));
        assert_eq!(verdict(&"<table><tr><td>a<td>b<tr><td>c</table>".repeat(1_000)), Ok(()));
    }

    #[test]
    fn formatting_that_is_left_open_counts_wherever_it_comes_back() {
        let open: String = (0..1_000).map(|index| format!("<p><font color={index}>x</p>")).collect();
        assert_eq!(verdict(&open), Err(TooMuch::Depth));
        // The same three times over is all that a browser brings back.
        assert_eq!(verdict(&"<p><b>forgotten</p>".repeat(5_000)), Ok(()));
    }

    #[test]
    fn nothing_hides_from_counting_by_how_it_is_read() {
        for hidden in [
            "<style><!--</style>",
            "<title><p a=\"</title>",
            "<textarea><p a=\"</textarea>",
            "<script><p a='</script>",
            "<xmp><!--</xmp>",
            "<noembed><!--</noembed>",
            "<svg><style><a title=\"</style><!--\"></a></style></svg>",
            "<svg><title><p a=\"</title></svg>\">",
            "<math><![CDATA[<!--]]></math>",
            "<!--><!--->",
            "<![CDATA[>",
            "<p a=1 a='>' a=\"'\">",
        ] {
            let html = format!("{hidden}{}", "<div>".repeat(10_000));
            assert_eq!(verdict(&html), Err(TooMuch::Depth), "{hidden}");
        }
    }

    #[test]
    fn too_many_attributes_elements_or_bytes_are_refused() {
        let attributes: String = (0..1_000).map(|index| format!(" a{index}=1")).collect();
        assert_eq!(verdict(&format!("<p{attributes}>")), Err(TooMuch::Attributes));
        let html: String = (0..1_000).map(|index| format!("<html a{index}>")).collect();
        assert_eq!(verdict(&html), Err(TooMuch::Attributes));
        assert_eq!(verdict(&"<br>".repeat(150_000)), Err(TooMuch::Elements));
        assert_eq!(verdict(&"x".repeat(2_000_000)), Err(TooMuch::Bytes));
    }

    #[test]
    fn letters_of_several_bytes_are_never_cut() {
        assert_eq!(verdict(&"ü€😀<ü€😀".repeat(20_000)), Ok(()));
    }

    #[test]
    fn the_attributes_of_the_body_are_found_where_it_really_is() {
        let html =
            "<!-- <body bgcolor=a> --><style><body bgcolor=b></style><BODY BGCOLOR='c'>x<body bgcolor=d>";
        assert_eq!(check(html).unwrap().body, [("bgcolor".to_owned(), "c".to_owned())]);
    }
}
