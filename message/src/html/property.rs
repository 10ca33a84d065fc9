//! What a style may say: properties that lay out and colour, functions that compute, and what a colour in them is for.

use super::colour::Purpose;

/// Properties that stay.
///
/// Never here: what fetches (`border-image`, `mask`, `filter`, `content`, `cursor`), what takes a box out of its place
/// (`position`, `z-index`, `transform`, `inset`), what moves (`animation`, `transition`), and what only a program reads.
const PROPERTIES: &[&str] = &[
    "align-content",
    "align-items",
    "align-self",
    "aspect-ratio",
    "background",
    "background-blend-mode",
    "background-clip",
    "background-color",
    "background-image",
    "background-origin",
    "background-position",
    "background-repeat",
    "background-size",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-left-radius",
    "border-bottom-right-radius",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-inline-end",
    "border-inline-start",
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
    "box-shadow",
    "box-sizing",
    "caption-side",
    "clear",
    "color",
    "column-count",
    "column-gap",
    "column-width",
    "direction",
    "display",
    "empty-cells",
    "flex",
    "flex-basis",
    "flex-direction",
    "flex-flow",
    "flex-grow",
    "flex-shrink",
    "flex-wrap",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "gap",
    "grid-template-columns",
    "height",
    "hyphens",
    "justify-content",
    "justify-items",
    "justify-self",
    "letter-spacing",
    "line-break",
    "line-height",
    "list-style",
    "list-style-position",
    "list-style-type",
    "margin",
    "margin-block",
    "margin-bottom",
    "margin-inline",
    "margin-inline-end",
    "margin-inline-start",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "object-fit",
    "object-position",
    "opacity",
    "order",
    "orphans",
    "outline",
    "outline-color",
    "outline-style",
    "outline-width",
    "overflow",
    "overflow-wrap",
    "overflow-x",
    "overflow-y",
    "padding",
    "padding-block",
    "padding-bottom",
    "padding-inline",
    "padding-inline-end",
    "padding-inline-start",
    "padding-left",
    "padding-right",
    "padding-top",
    "page-break-after",
    "page-break-before",
    "page-break-inside",
    "row-gap",
    "tab-size",
    "table-layout",
    "text-align",
    "text-align-last",
    "text-decoration",
    "text-decoration-color",
    "text-decoration-line",
    "text-decoration-style",
    "text-indent",
    "text-overflow",
    "text-rendering",
    "text-shadow",
    "text-transform",
    "unicode-bidi",
    "vertical-align",
    "visibility",
    "white-space",
    "widows",
    "width",
    "word-break",
    "word-spacing",
    "word-wrap",
];

/// How a box may be laid out.
const DISPLAYS: &[&str] = &[
    "block",
    "flex",
    "grid",
    "inline",
    "inline-block",
    "inline-flex",
    "inline-grid",
    "inline-table",
    "list-item",
    "none",
    "table",
    "table-caption",
    "table-cell",
    "table-footer-group",
    "table-header-group",
    "table-row",
    "table-row-group",
];

/// Functions that may stand in a value besides those of colours.
const FUNCTIONS: &[&str] = &[
    "calc",
    "clamp",
    "linear-gradient",
    "max",
    "min",
    "minmax",
    "radial-gradient",
    "repeat",
    "repeating-linear-gradient",
];

/// Functions that make a colour.
const COLOURS: &[&str] = &["hsl", "hsla", "rgb", "rgba"];

/// Whether a property stays. Both in lower case.
pub(super) fn stays(property: &str) -> bool {
    PROPERTIES.binary_search(&property).is_ok()
}

/// Whether a function may stand in a value.
pub(super) fn computes(function: &str) -> bool {
    FUNCTIONS.binary_search(&function).is_ok()
}

/// Whether a function makes a colour.
pub(super) fn colours(function: &str) -> bool {
    COLOURS.binary_search(&function).is_ok()
}

/// Whether a property may show a picture.
pub(super) fn shows(property: &str) -> bool {
    matches!(property, "background" | "background-image")
}

/// What a colour in a property is for.
pub(super) fn purpose(property: &str) -> Option<Purpose> {
    match property {
        "color" => Some(Purpose::Words),
        _ if property.starts_with("background") => Some(Purpose::Background),
        _ if property.starts_with("text-decoration") => Some(Purpose::Words),
        _ if property.starts_with("border") || property.starts_with("outline") => Some(Purpose::Line),
        _ => None,
    }
}

/// Values of harmless properties that are not harmless: words that take a box out of its place.
pub(super) fn is_unfit(property: &str, value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    match property {
        "display" => !DISPLAYS.contains(&value.trim_end_matches("!important").trim()),
        // A negative margin moves a box over what stands beside it.
        _ if property.starts_with("margin") || property == "text-indent" => value.contains('-'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{COLOURS, FUNCTIONS, PROPERTIES};

    #[test]
    fn what_is_looked_up_by_halves_is_in_order() {
        assert!(PROPERTIES.is_sorted() && FUNCTIONS.is_sorted() && COLOURS.is_sorted());
    }
}
