//! Declarations, in style attributes and in style sheets, read token by token and written anew: only properties that lay
//! out and colour, only values that fetch nothing from strangers, cover nothing and depend on nothing.

use cssparser::color::parse_named_color;
use cssparser::{Delimiter, ParseError, Parser, ToCss, Token};

use super::colour::{Purpose, both};
use super::property::{colours, computes, is_unfit, purpose, shows, stays};
use super::written::Written;
use crate::limits::STYLE_BYTES;

/// The largest number in a value, whatever its unit: colours and weights need a thousand, pages some thousand pixels.
const LARGEST: f32 = 10_000.0;

/// Functions inside of each other.
const DEEPEST: u8 = 5;

/// How declarations are written.
pub(super) struct Painter<'a> {
    /// Whether colours are written for dark surroundings too.
    pub(super) adapts: bool,
    /// The address under which a picture may be shown, if it may.
    pub(super) picture: &'a dyn Fn(&str) -> Option<String>,
}

/// Cleans a style attribute; `None` when nothing is left of it.
pub(super) fn clean(style: &str, painter: &Painter<'_>) -> Option<String> {
    if style.len() > STYLE_BYTES {
        return None;
    }
    let cleaned = declarations(&mut Parser::new(style), painter);
    (!cleaned.is_empty()).then_some(cleaned)
}

/// Cleans declarations up to the end of their block.
pub(super) fn declarations(parser: &mut Parser<'_>, painter: &Painter<'_>) -> String {
    let mut cleaned = String::new();
    while !parser.is_exhausted() {
        // One declaration at a time, so that a bad one costs nothing but itself.
        let declaration = parser.parse_until_after::<_, _, ()>(Delimiter::Semicolon, |parser| {
            let property = parser.expect_ident()?.to_ascii_lowercase();
            parser.expect_colon()?;
            if !stays(&property) {
                return Err(ParseError::custom(()));
            }
            let begin = parser.state();
            let writer = Writer { painter, property: &property, purpose: purpose(&property) };
            if let Some(value) = writer.value(parser, 0) {
                return Ok((property, value));
            }
            // Nearly always a colour and a picture. The picture goes.
            if property == "background" {
                parser.reset(&begin);
                let colour = writer.colour(parser).ok_or_else(|| ParseError::custom(()))?;
                return Ok(("background-color".to_owned(), colour));
            }
            Err(ParseError::custom(()))
        });
        let Ok((property, value)) = declaration else { continue };
        if value.is_empty() || is_unfit(&property, &value) {
            continue;
        }
        if !cleaned.is_empty() {
            cleaned.push(';');
        }
        cleaned.push_str(&property);
        cleaned.push(':');
        cleaned.push_str(&value);
    }
    cleaned
}

/// Writes the value of one property.
struct Writer<'a> {
    painter: &'a Painter<'a>,
    property: &'a str,
    purpose: Option<Purpose>,
}

impl Writer<'_> {
    /// Writes a value anew; `None` when there is anything in it that may not be.
    fn value(&self, parser: &mut Parser<'_>, depth: u8) -> Option<String> {
        let mut written = Written::default();
        while let Ok(token) = parser.next_including_whitespace() {
            let token = token.clone();
            match &token {
                Token::WhiteSpace(_) => written.space(&token),
                Token::Number { value, .. } | Token::Dimension { value, .. } if value.abs() > LARGEST => {
                    return None;
                }
                Token::Percentage { unit_value, .. } if unit_value.abs() * 100.0 > LARGEST => return None,
                Token::Ident(name) if parse_named_color(name).is_ok() => {
                    written.token_as(&token, &self.painted(token.to_css_string()));
                }
                Token::Hash(_) | Token::IDHash(_) => {
                    written.token_as(&token, &self.painted(token.to_css_string()));
                }
                Token::Ident(_)
                | Token::Number { .. }
                | Token::Percentage { .. }
                | Token::Dimension { .. }
                | Token::Comma
                | Token::Delim('/' | '!') => written.token(&token),
                Token::Delim('+' | '-' | '*') if depth > 0 => written.token(&token),
                // Names of fonts.
                Token::QuotedString(text)
                    if text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')) =>
                {
                    written.token(&token);
                }
                Token::UnquotedUrl(address) => written.token_as(&token, &self.picture(address)?),
                Token::ParenthesisBlock if depth > 0 && depth < DEEPEST => {
                    written.token_as(&token, &format!("({})", self.nested(parser, depth)?));
                }
                Token::Function(name) if depth < DEEPEST => {
                    let name = name.to_ascii_lowercase();
                    written.token_as(&token, &self.function(parser, &name, depth)?);
                }
                _ => return None,
            }
        }
        written.finish()
    }

    fn nested(&self, parser: &mut Parser<'_>, depth: u8) -> Option<String> {
        parser
            .parse_nested_block::<_, _, ()>(|parser| {
                self.value(parser, depth + 1).ok_or_else(|| ParseError::custom(()))
            })
            .ok()
    }

    fn function(&self, parser: &mut Parser<'_>, name: &str, depth: u8) -> Option<String> {
        if name == "url" {
            let address =
                parser.parse_nested_block::<_, _, ()>(|parser| Ok(parser.expect_string_cloned()?)).ok()?;
            return self.picture(&address);
        }
        if colours(name) {
            return Some(self.painted(format!("{name}({})", self.nested(parser, depth)?)));
        }
        computes(name).then(|| self.nested(parser, depth).map(|inside| format!("{name}({inside})")))?
    }

    /// A picture under the address that it may be shown under.
    fn picture(&self, address: &str) -> Option<String> {
        let address = shows(self.property).then(|| (self.painter.picture)(address))??;
        // Of our own making: nothing in it ends a string.
        let plain = address
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b'<' | b'>'));
        plain.then(|| format!("url(\"{address}\")"))
    }

    fn painted(&self, colour: String) -> String {
        let purpose = self.purpose.filter(|_| self.painter.adapts);
        purpose.and_then(|purpose| both(&colour, purpose)).unwrap_or(colour)
    }

    /// The first colour of a `background`; everything else of it is left out.
    fn colour(&self, parser: &mut Parser<'_>) -> Option<String> {
        let mut found = None;
        while let Ok(token) = parser.next() {
            let token = token.clone();
            let colour = match &token {
                Token::Hash(_) | Token::IDHash(_) => Some(self.painted(token.to_css_string())),
                Token::Ident(name) if parse_named_color(name).is_ok() => {
                    Some(self.painted(name.to_ascii_lowercase()))
                }
                Token::Function(name) if colours(&name.to_ascii_lowercase()) => {
                    self.function(parser, &name.to_ascii_lowercase(), 0)
                }
                _ => None,
            };
            found = found.or(colour);
        }
        found.filter(|colour| !colour.contains('\\'))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Painter;

    fn clean(style: &str) -> Option<String> {
        super::clean(style, &Painter { adapts: false, picture: &|_| None })
    }

    #[test]
    fn looks_stay() {
        assert_eq!(
            clean("COLOR: Red; font: bold 12px/1.5 'Open Sans', Arial; background-color:rgba(0, 0, 0, .5)!important").as_deref(),
            Some("color:Red;font:bold 12px/1.5 \"Open Sans\", Arial;background-color:rgba(0, 0, 0, 0.5)!important")
        );
    }

    #[test]
    fn nothing_that_fetches_covers_or_depends_stays() {
        for style in [
            "background-color:url(https://x.test/a)",
            "background:url(//x.test)",
            "background:var(--x) element(#x) attr(x)",
            "background-image:image-set('https://x.test' 1x)",
            "list-style-type:u\\72l(https://x.test)",
            "color:var(--x)",
            "color:expression(alert(1))",
            "color:env(x)",
            "position:fixed",
            "z-index:9",
            "content:'x'",
            "cursor:url(x)",
            "behavior:url(x)",
            "-moz-binding:url(x)",
            "animation:x 1s",
            "transform:scale(9)",
            "color:red}body{color:blue",
            "color:\"</style><script>\"",
            "font-family:'https://x.test'",
            "width:attr(x)",
            "margin-top:-500px",
            "display:contents",
            "display:run-in",
            "@import 'x'",
        ] {
            let cleaned = clean(style).unwrap_or_default();
            assert!(cleaned.is_empty(), "{style} → {cleaned}");
        }
    }

    #[test]
    fn a_background_keeps_its_colour_and_loses_its_picture() {
        for (background, kept) in [
            ("background:#FFF", Some("background:#FFF")),
            (
                "background: url(https://x.test/a.png) no-repeat center / cover navy",
                Some("background-color:navy"),
            ),
            ("background:rgb(1,2,3) url(x)", Some("background-color:rgb(1,2,3)")),
            ("background:url(x)", None),
            ("background:none", Some("background:none")),
            ("background:image-set('x' 1x) \\72 ed", Some("background-color:red")),
        ] {
            assert_eq!(clean(background).as_deref(), kept, "{background}");
        }
    }

    #[test]
    fn pictures_are_shown_under_our_own_address_or_not_at_all() {
        let picture = |address: &str| (address == "https://x.test/a.png").then(|| "/picture/abc".to_owned());
        let painter = Painter { adapts: true, picture: &picture };
        let clean = |style: &str| super::clean(style, &painter);
        assert_eq!(
            clean("background:#000 url('https://x.test/a.png') no-repeat").as_deref(),
            Some("background:#000 url(\"/picture/abc\") no-repeat")
        );
        assert_eq!(
            clean("background-image:url(https://x.test/a.png)").as_deref(),
            Some("background-image:url(\"/picture/abc\")")
        );
        assert_eq!(clean("background-image:url(https://x.test/b.png)"), None);
        assert_eq!(clean("list-style:url(https://x.test/a.png);width:url(https://x.test/a.png)"), None);
        let hostile = Painter { adapts: false, picture: &|_| Some("x\");}</style>".to_owned()) };
        assert_eq!(super::clean("background:url(x)", &hostile), None);
    }

    #[test]
    fn colours_are_written_for_both_surroundings() {
        let painter = Painter { adapts: true, picture: &|_| None };
        let clean = |style: &str| super::clean(style, &painter).unwrap_or_default();
        assert_eq!(clean("color:#000"), "color:light-dark(#000,#e8e8e8)");
        assert!(clean("border:1px solid #ccc").starts_with("border:1px solid light-dark(#ccc,#"));
        assert!(
            clean("background:linear-gradient(#fff,rgb(250,250,250))")
                .contains("linear-gradient(light-dark(#fff,")
        );
        assert_eq!(clean("font-family:red"), "font-family:red");
        assert_eq!(
            super::clean(&clean("color:#000"), &painter),
            None,
            "what was painted is not painted again"
        );
    }

    #[test]
    fn what_a_comment_keeps_apart_does_not_grow_together() {
        assert_eq!(clean("font:a/**/.0").as_deref(), Some("font:a 0.0"));
        assert_eq!(clean("color:r/**/ed").as_deref(), Some("color:r ed"));
        assert_eq!(clean("color:rgb/**/(1)"), None);
    }

    #[test]
    fn nothing_is_of_monstrous_size() {
        for style in
            ["width:99999px", "font-size:1e9em", "height:1000000%", "line-height:20000", "padding:-1e10px"]
        {
            assert_eq!(clean(style), None, "{style}");
        }
    }

    #[test]
    fn a_bad_declaration_costs_only_itself() {
        assert_eq!(
            clean("color:red;list-style:url(x;y);;;width:10px;{};height:2px").as_deref(),
            Some("color:red;width:10px;height:2px")
        );
    }

    #[test]
    fn thousands_of_brackets_cost_nothing() {
        assert_eq!(clean(&"(".repeat(200_000)), None);
        assert_eq!(clean(&format!("color:{}", "rgb(".repeat(900))), None);
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(style in "[a-z#():;,!/ '\"%0-9.\\\\-]{0,80}") {
            if let Some(once) = clean(&format!("color:red;font:{style}")) {
                prop_assert_eq!(clean(&once), Some(once.clone()));
            }
        }
    }
}
