//! Style attributes, read token by token and written anew: only properties that lay out and colour text, only
//! values that fetch nothing, cover nothing and depend on nothing.

use cssparser::color::parse_named_color;
use cssparser::{ParseError, Parser, ToCss, Token, TokenSerializationType};

use crate::limits::STYLE_BYTES;

/// Properties that stay.
const PROPERTIES: &[&str] = &[
    "background-color",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-left-radius",
    "border-bottom-right-radius",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-left-radius",
    "border-top-right-radius",
    "border-top-style",
    "border-top-width",
    "border-width",
    "box-sizing",
    "caption-side",
    "clear",
    "color",
    "direction",
    "display",
    "empty-cells",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "overflow-wrap",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "table-layout",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-overflow",
    "text-transform",
    "unicode-bidi",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
    "word-spacing",
    "word-wrap",
];

/// Functions that may stand in a value.
const FUNCTIONS: &[&str] = &["rgb", "rgba", "hsl", "hsla"];

/// The largest number in a value, whatever its unit: colours and weights need a thousand, pages some thousand pixels.
const LARGEST: f32 = 10_000.0;

/// Cleans a style attribute; `None` when nothing is left of it.
pub(super) fn clean(style: &str) -> Option<String> {
    if style.len() > STYLE_BYTES {
        return None;
    }
    let mut parser = Parser::new(style);
    let mut cleaned = String::new();
    while !parser.is_exhausted() {
        // One declaration at a time, so that a bad one costs nothing but itself.
        let declaration = parser.parse_until_after::<_, _, ()>(cssparser::Delimiter::Semicolon, |parser| {
            let property = parser.expect_ident()?.to_ascii_lowercase();
            parser.expect_colon()?;
            if property == "background" {
                // Nearly always a colour and a picture. The picture goes.
                let colour = colour(parser).ok_or_else(|| ParseError::custom(()))?;
                return Ok(("background-color".to_owned(), colour));
            }
            let value = value(parser, 0).ok_or_else(|| ParseError::custom(()))?;
            Ok((property, value))
        });
        let Ok((property, value)) = declaration else { continue };
        let value = value.trim();
        if !PROPERTIES.contains(&property.as_str()) || value.is_empty() || is_unfit(&property, value) {
            continue;
        }
        if !cleaned.is_empty() {
            cleaned.push(';');
        }
        cleaned.push_str(&property);
        cleaned.push(':');
        cleaned.push_str(value);
    }
    (!cleaned.is_empty()).then_some(cleaned)
}

/// Writes a value anew; `None` when there is anything in it that may not be.
fn value(parser: &mut Parser<'_>, depth: u8) -> Option<String> {
    let mut written = String::new();
    let mut before = TokenSerializationType::default();
    while let Ok(token) = parser.next_including_whitespace() {
        let token = token.clone();
        // What comments kept apart must not grow together into something else.
        let kind = token.serialization_type();
        if before.needs_separator_when_before(kind) {
            written.push(' ');
        }
        before = kind;
        match &token {
            Token::WhiteSpace(_) => written.push(' '),
            Token::Number { value, .. } | Token::Dimension { value, .. } if value.abs() > LARGEST => {
                return None;
            }
            Token::Percentage { unit_value, .. } if unit_value.abs() * 100.0 > LARGEST => return None,
            Token::Ident(_)
            | Token::Number { .. }
            | Token::Percentage { .. }
            | Token::Dimension { .. }
            | Token::Hash(_)
            | Token::IDHash(_)
            | Token::Comma
            | Token::Delim('/' | '!') => written.push_str(&token.to_css_string()),
            // Names of fonts.
            Token::QuotedString(text)
                if text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')) =>
            {
                written.push_str(&token.to_css_string());
            }
            Token::Function(name) if depth < 2 && FUNCTIONS.contains(&name.to_ascii_lowercase().as_str()) => {
                written.push_str(&function(parser, name, depth)?);
                before = TokenSerializationType::default();
            }
            _ => return None,
        }
    }
    // Plain words only: a word with an escape in it could come out as something else.
    (!written.contains('\\')).then_some(written)
}

fn function(parser: &mut Parser<'_>, name: &str, depth: u8) -> Option<String> {
    let inside = parser
        .parse_nested_block::<_, _, ()>(|parser| {
            value(parser, depth + 1).ok_or_else(|| ParseError::custom(()))
        })
        .ok()?;
    Some(format!("{}({})", name.to_ascii_lowercase(), inside.trim()))
}

/// The first colour of a `background`; everything else of it is left out.
fn colour(parser: &mut Parser<'_>) -> Option<String> {
    let mut found = None;
    while let Ok(token) = parser.next() {
        let token = token.clone();
        let colour = match &token {
            Token::Hash(_) | Token::IDHash(_) => Some(token.to_css_string()),
            Token::Ident(name) if parse_named_color(name).is_ok() => Some(name.to_ascii_lowercase()),
            Token::Function(name) if FUNCTIONS.contains(&name.to_ascii_lowercase().as_str()) => {
                function(parser, name, 0)
            }
            _ => None,
        };
        found = found.or(colour);
    }
    found.filter(|colour| !colour.contains('\\'))
}

/// Values of harmless properties that are not harmless: words that take a box out of its place.
fn is_unfit(property: &str, value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    match property {
        "display" => !matches!(
            value.trim_end_matches("!important").trim(),
            "block"
                | "inline"
                | "inline-block"
                | "none"
                | "table"
                | "table-cell"
                | "table-row"
                | "inline-table"
                | "list-item"
                | "table-row-group"
                | "table-header-group"
                | "table-footer-group"
                | "table-caption"
        ),
        // A negative margin moves a box over what stands beside it.
        _ if property.starts_with("margin") || property == "text-indent" => value.contains('-'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::clean;

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
            "width:calc(1px)",
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
            "display:flex",
            "margin-top:-500px",
            "@import 'x'",
        ] {
            let cleaned = clean(style).unwrap_or_default();
            assert!(cleaned.is_empty(), "{style} → {cleaned}");
        }
    }

    #[test]
    fn a_background_keeps_its_colour_and_loses_its_picture() {
        for (background, kept) in [
            ("background:#FFF", Some("background-color:#FFF")),
            (
                "background: url(https://x.test/a.png) no-repeat center / cover navy",
                Some("background-color:navy"),
            ),
            ("background:rgb(1,2,3) url(x)", Some("background-color:rgb(1,2,3)")),
            ("background:url(x)", None),
            ("background:none", None),
            ("background:image-set('x' 1x) \\72 ed", Some("background-color:red")),
        ] {
            assert_eq!(clean(background).as_deref(), kept, "{background}");
        }
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
