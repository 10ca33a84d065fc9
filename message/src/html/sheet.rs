//! Style sheets: rules for elements of the message, and rules for narrow windows and dark surroundings.
//!
//! The document is the message's own, so that its selectors reach nothing else; they are read and written anew all the
//! same, since what a filter and a browser read differently is where filters fail. Whatever fetches (`@import`,
//! `@font-face`), moves (`@keyframes`) or writes words (`::before`) is left out with all that is in it.

use cssparser::{
    AtRuleParser, BasicParseErrorKind, CowRcStr, ParseError, Parser, ParserState, QualifiedRuleParser,
    StyleSheetParser, Token,
};

use super::style::{Painter, declarations};
use super::survey::Sheet;
use super::written::Written;
use crate::limits::{SHEET_RULES, SHEET_SELECTORS};

/// Conditions inside of conditions.
const DEEPEST: u8 = 3;

/// Pseudo-classes that stay: where an element stands among others, and what a pointer does.
const PSEUDO_CLASSES: [&str; 10] = [
    "active",
    "any-link",
    "first-child",
    "first-of-type",
    "hover",
    "last-child",
    "last-of-type",
    "link",
    "only-child",
    "visited",
];

/// Cleans the style sheets of a document, each of which counts for some media if that is stated beside it.
pub(super) fn clean(sheets: &[Sheet], painter: &Painter<'_>) -> String {
    let mut left = SHEET_RULES;
    let mut cleaned = String::new();
    for Sheet { media, text } in sheets {
        let mut parser = Parser::new(text);
        match media.as_deref().map(str::trim).filter(|media| !media.is_empty()) {
            None => cleaned.push_str(&rules(&mut parser, painter, &mut left, 0)),
            Some(media) => {
                if let Some(media) = condition(&mut Parser::new(media), 0) {
                    cleaned.push_str(&wrapped(&media, &rules(&mut parser, painter, &mut left, 1)));
                }
            }
        }
    }
    cleaned
}

/// Whether a sheet says itself how it looks in the dark.
pub(super) fn minds_the_dark(sheet: &str) -> bool {
    sheet.to_ascii_lowercase().contains("prefers-color-scheme")
}

fn rules(parser: &mut Parser<'_>, painter: &Painter<'_>, left: &mut usize, depth: u8) -> String {
    let mut reader = Reader { painter, left, depth };
    let mut cleaned = String::new();
    // A bad rule costs nothing but itself.
    for rule in StyleSheetParser::new(parser, &mut reader).flatten() {
        cleaned.push_str(&rule);
    }
    cleaned
}

fn wrapped(media: &str, rules: &str) -> String {
    if rules.is_empty() { String::new() } else { format!("@media {media}{{{rules}}}") }
}

struct Reader<'a> {
    painter: &'a Painter<'a>,
    left: &'a mut usize,
    depth: u8,
}

impl<'i> AtRuleParser<'i> for Reader<'_> {
    type Prelude = String;
    type AtRule = String;
    type Error = ();

    fn parse_prelude(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
    ) -> Result<String, ParseError<()>> {
        if !name.eq_ignore_ascii_case("media") || self.depth >= DEEPEST {
            return Err(ParseError::from_basic_kind(BasicParseErrorKind::AtRuleInvalid));
        }
        condition(input, 0).ok_or_else(|| ParseError::custom(()))
    }

    fn parse_block(
        &mut self,
        media: String,
        _: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<String, ParseError<()>> {
        Ok(wrapped(&media, &rules(input, self.painter, self.left, self.depth + 1)))
    }
}

impl<'i> QualifiedRuleParser<'i> for Reader<'_> {
    type Prelude = String;
    type QualifiedRule = String;
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<String, ParseError<()>> {
        // A selector that is not understood goes; the others of its rule stay.
        let mut selectors = input.parse_comma_separated_ignoring_errors::<_, _, ()>(|input| {
            selector(input).ok_or_else(|| ParseError::custom(()))
        });
        selectors.truncate(SHEET_SELECTORS);
        if selectors.is_empty() { Err(ParseError::custom(())) } else { Ok(selectors.join(",")) }
    }

    fn parse_block(
        &mut self,
        selectors: String,
        _: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<String, ParseError<()>> {
        if *self.left == 0 {
            return Ok(String::new());
        }
        let declarations = declarations(input, self.painter);
        if declarations.is_empty() {
            return Ok(String::new());
        }
        *self.left -= 1;
        Ok(format!("{selectors}{{{declarations}}}"))
    }
}

/// Writes a selector anew: elements, classes, identifiers, attributes, and how they stand to each other.
fn selector(input: &mut Parser<'_>) -> Option<String> {
    let mut written = Written::default();
    while let Ok(token) = input.next_including_whitespace() {
        let token = token.clone();
        match &token {
            Token::WhiteSpace(_) => written.space(&token),
            Token::Ident(_) | Token::IDHash(_) | Token::Delim('.' | '*' | '>' | '+' | '~') => {
                written.token(&token);
            }
            Token::Colon => {
                written.token(&token);
                let class = input.next_including_whitespace().ok()?.clone();
                let Token::Ident(name) = &class else { return None };
                let name = name.to_ascii_lowercase();
                if !PSEUDO_CLASSES.contains(&name.as_str()) {
                    return None;
                }
                written.token_as(&class, &name);
            }
            Token::SquareBracketBlock => {
                let inside = input.parse_nested_block::<_, _, ()>(|input| {
                    attribute(input).ok_or_else(|| ParseError::custom(()))
                });
                written.token_as(&token, &format!("[{}]", inside.ok()?));
            }
            _ => return None,
        }
    }
    written.finish().filter(|written| fits(written))
}

fn attribute(input: &mut Parser<'_>) -> Option<String> {
    let mut written = Written::default();
    while let Ok(token) = input.next() {
        match token {
            Token::Ident(_)
            | Token::Delim('=')
            | Token::IncludeMatch
            | Token::DashMatch
            | Token::PrefixMatch
            | Token::SuffixMatch
            | Token::SubstringMatch => written.token(token),
            Token::QuotedString(text)
                if text
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | ':' | '.' | '#')) =>
            {
                written.token(token);
            }
            _ => return None,
        }
    }
    written.finish().filter(|written| !written.is_empty())
}

/// Writes what a rule depends on: kinds of media, and measures of the window.
fn condition(input: &mut Parser<'_>, depth: u8) -> Option<String> {
    let mut written = Written::default();
    while let Ok(token) = input.next_including_whitespace() {
        let token = token.clone();
        match &token {
            Token::WhiteSpace(_) => written.space(&token),
            Token::Ident(_)
            | Token::Comma
            | Token::Colon
            | Token::Number { .. }
            | Token::Dimension { .. }
            | Token::Delim('/' | '<' | '>' | '=') => written.token(&token),
            Token::ParenthesisBlock if depth < DEEPEST => {
                let inside = input.parse_nested_block::<_, _, ()>(|input| {
                    condition(input, depth + 1).ok_or_else(|| ParseError::custom(()))
                });
                written.token_as(&token, &format!("({})", inside.ok()?));
            }
            _ => return None,
        }
    }
    // An angle bracket may compare measures, but what ends a sheet has one before a slash.
    written.finish().filter(|written| fits(written) && !written.contains("</"))
}

/// Something, not too long, without anything that markup is made of.
fn fits(text: &str) -> bool {
    (1..=500).contains(&text.len())
        && !text.contains(['{', '}', '@', ';'])
        && !text.contains("<!")
        && !text.contains("-->")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::style::Painter;
    use super::super::survey::Sheet;
    use super::clean;

    const PLAIN: Painter<'_> = Painter { adapts: false, picture: &|_| None };

    fn cleaned(sheet: &str) -> String {
        beside(sheet, None)
    }

    fn beside(sheet: &str, media: Option<&str>) -> String {
        clean(&[Sheet { media: media.map(str::to_owned), text: sheet.to_owned() }], &PLAIN)
    }

    #[test]
    fn rules_of_newsletters_stay() {
        for (sheet, kept) in [
            ("p{color:red}", "p{color:red}"),
            (
                "<!-- .a > td.b , #c [class~=\"x\"]:hover{width:100%!important} -->",
                ".a > td.b,#c [class~=\"x\"]:hover{width:100%!important}",
            ),
            (
                "@media only screen and (max-width:600px){.full{width:100%!important;display:block}}",
                "@media only screen and (max-width:600px){.full{width:100%!important;display:block}}",
            ),
            (
                "@media (prefers-color-scheme: dark){body{background:#000}}",
                "@media (prefers-color-scheme: dark){body{background:#000}}",
            ),
            ("@charset \"utf-8\";*{box-sizing:border-box}", "*{box-sizing:border-box}"),
            ("a,b::before,c{color:red}", "a,c{color:red}"),
            ("td/**/b{color:red}", "td b{color:red}"),
            ("p.MsoNormal{mso-style-unhide:no;margin:0cm}", "p.MsoNormal{margin:0cm}"),
        ] {
            assert_eq!(cleaned(sheet), kept, "{sheet}");
        }
    }

    #[test]
    fn whatever_fetches_moves_covers_or_writes_goes() {
        for sheet in [
            "@import 'https://x.test/a.css';",
            "@import url(https://x.test/a.css);",
            "@font-face{font-family:x;src:url(https://x.test/f)}",
            "@keyframes x{from{width:1px}}",
            "@supports (color:red){@import 'x';}",
            "@namespace x url(https://x.test);",
            "@page{background:url(https://x.test)}",
            "@layer x{p{background:url(https://x.test)}}",
            "@container (width>1px){p{background:url(https://x.test)}}",
            "p{background:url(https://x.test",
            "p{background-image:image-set('https://x.test' 1x)}",
            "p::before{content:url(https://x.test)}",
            "p::after{content:'Confirmed sender'}",
            "a:visited:not(b){color:red}",
            ":has(a){color:red}",
            ":root:is(a){color:red}",
            "p{position:fixed;z-index:9;transform:scale(9)}",
            "p\\3c /style{color:red}",
            "[x='</style>']{color:red}",
            "[x=\"a\\22 \"]{color:red}",
            "p{color:red\\}</style><script>}",
            "@media </style><script>{p{color:red}}",
            "@media x\\3c /style{p{color:red}}",
            "svg|a{color:red}",
        ] {
            let cleaned = cleaned(sheet);
            assert!(
                !cleaned.contains("x.test") && !cleaned.contains("</") && !cleaned.contains("::"),
                "{sheet} → {cleaned}"
            );
            assert!(cleaned.is_empty(), "{sheet} → {cleaned}");
        }
    }

    #[test]
    fn what_stands_beside_a_sheet_says_for_which_media_it_is() {
        assert_eq!(beside("p{color:red}", Some("print")), "@media print{p{color:red}}");
        assert_eq!(beside("p{color:red}", Some("</style>")), "");
    }

    #[test]
    fn too_many_rules_are_left_out() {
        let sheet = "p{color:red}".repeat(10_000);
        assert!(cleaned(&sheet).len() <= sheet.len() / 4);
    }

    proptest! {
        #[test]
        fn nothing_ends_the_sheet_or_asks_for_anything(sheet in "[a-z#.:;{}()<>/!@ '\"\\\\*,=\\[\\]-]{0,80}|(@media|@import|p|\\{|\\}|url\\(|'|\"|/\\*|\\*/|x:y;|</style>|<!--|-->| ){0,20}") {
            let cleaned = cleaned(&sheet);
            prop_assert!(!cleaned.contains("</") && !cleaned.contains("<!") && !cleaned.contains('\\'));
            prop_assert!(!cleaned.contains("url") && !cleaned.contains("@import"), "{}", cleaned);
            prop_assert_eq!(cleaned.matches('{').count(), cleaned.matches('}').count());
        }
    }
}
