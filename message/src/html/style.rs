//! Style attributes, read token by token and written anew: only properties that lay out and colour text, only
//! values that fetch nothing, cover nothing and depend on nothing.

use cssparser::{ParseError, Parser, ToCss, Token};

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
    while let Ok(token) = parser.next_including_whitespace() {
        let token = token.clone();
        match &token {
            Token::WhiteSpace(_) => written.push(' '),
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
                written.push_str(&name.to_ascii_lowercase());
                written.push('(');
                let inside = parser
                    .parse_nested_block::<_, _, ()>(|parser| {
                        value(parser, depth + 1).ok_or_else(|| ParseError::custom(()))
                    })
                    .ok()?;
                written.push_str(inside.trim());
                written.push(')');
            }
            _ => return None,
        }
    }
    // Plain words only: a word with an escape in it could come out as something else.
    (!written.contains('\\')).then_some(written)
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
    fn a_bad_declaration_costs_only_itself() {
        assert_eq!(
            clean("color:red;background:url(x;y);;;width:10px;{};height:2px").as_deref(),
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
