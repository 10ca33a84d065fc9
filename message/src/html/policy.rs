//! The list of what stays, as one table. Nothing is inherited from anybody's defaults.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use ammonia::{Builder, UrlRelative};
use model::message::Misleading;

use super::images::Gallery;
use super::links;
use super::style::{self, Painter};
use super::survey::Survey;
use crate::limits::LABEL_CHARACTERS;

/// Links with a warning that a person is told of one by one.
const MOST_TOLD: usize = 5;

/// Elements that stay: text, lists, tables, pictures, and the old ways to say how they look.
///
/// Never here, since filters and browsers disagree about them or they act: svg, math, style, title, noscript,
/// textarea, template, iframe, form and its controls, link, meta, base, object, embed, audio, video.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements that go with all that is in them.
const ELEMENTS_WITH_CONTENT: &[&str] = &[
    "script",
    "style",
    "title",
    "head",
    "noscript",
    "noframes",
    "noembed",
    "template",
    "textarea",
    "iframe",
    "object",
    "svg",
    "math",
    "select",
    "xmp",
    "plaintext",
    "audio",
    "video",
];

/// Attributes of any element.
const ATTRIBUTES: &[&str] = &[
    "dir", "lang", "title", "style", "class", "id", "role", "align", "valign", "bgcolor", "width", "height",
];

/// Attributes of some elements.
const ATTRIBUTES_OF: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("img", &["src", "alt", "border", "hspace", "vspace"]),
    ("table", &["background", "border", "cellpadding", "cellspacing", "rules", "frame"]),
    ("td", &["background", "colspan", "rowspan", "nowrap"]),
    ("th", &["background", "colspan", "rowspan", "nowrap", "scope"]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("font", &["color", "face", "size"]),
    ("ol", &["start", "type", "reversed"]),
    ("li", &["value", "type"]),
    ("hr", &["size", "noshade", "color"]),
    ("br", &["clear"]),
];

/// Cleans the body of a document; gives it with what was found of its links.
pub(super) fn clean(
    html: &str,
    survey: &Survey,
    gallery: &Arc<Gallery>,
    adapts: bool,
) -> (String, Vec<Misleading>) {
    let attributes: HashMap<&str, HashSet<&str>> =
        ATTRIBUTES_OF.iter().map(|(element, names)| (*element, names.iter().copied().collect())).collect();
    let suspects = Arc::new(suspects(survey, &gallery.references.known));
    let mut found: Vec<Misleading> = Vec::new();
    for suspect in suspects.values() {
        if found.len() < MOST_TOLD && !found.contains(suspect) {
            found.push(suspect.clone());
        }
    }
    let gallery = gallery.clone();
    let mut builder = Builder::empty();
    builder
        .tags(ELEMENTS.iter().copied().collect())
        .clean_content_tags(ELEMENTS_WITH_CONTENT.iter().copied().collect())
        .generic_attributes(ATTRIBUTES.iter().copied().collect())
        .tag_attributes(attributes)
        // Which scheme may stand where is decided below; here is only what may stand anywhere.
        .url_schemes(["http", "https", "mailto", "tel", "cid", "data"].into())
        // The filter below drops every relative link too, and counts those that would have fetched.
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .strip_comments(true)
        .attribute_filter(move |element, attribute, value| match (element, attribute) {
            ("a", "href") => {
                let url = links::target(value)?;
                let leaving = gallery.references.leaving.as_ref().zip(suspects.get(value));
                Some(Cow::Owned(
                    leaving.map_or_else(|| url.to_string(), |(leaving, why)| leaving(url.as_str(), why)),
                ))
            }
            ("a", "target" | "rel") => Some(Cow::Borrowed(value)),
            ("img", "src") | (_, "background") => gallery.address(value).map(Cow::Owned),
            (_, "style") => {
                style::clean(value, &Painter { adapts, picture: &|stated| gallery.address(stated) })
                    .map(Cow::Owned)
            }
            (_, "title" | "alt") => Some(value.chars().take(LABEL_CHARACTERS).collect()),
            (_, "class" | "id") => is_name(value).then_some(Cow::Borrowed(value)),
            (_, "role") => matches!(value, "presentation" | "none").then_some(Cow::Borrowed(value)),
            _ if is_sane(attribute, value) => Some(Cow::Borrowed(value)),
            _ => None,
        });
    (builder.clean(html).to_string(), found)
}

/// Links that deserve a warning, by their targets as they are written.
fn suspects(survey: &Survey, known: &[String]) -> BTreeMap<String, Misleading> {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let suspect = |(target, words): (&String, &Vec<String>)| {
        let why = links::misleads(&links::target(target)?, words, &known)?;
        Some((target.clone(), why))
    };
    survey.links.iter().filter_map(suspect).collect()
}

/// How the body wants to look, as the value of a style attribute: it is no part of the fragment that is cleaned.
pub(super) fn looks(body: &[(String, String)], painter: &Painter<'_>) -> Option<String> {
    let said = |wanted: &str| {
        body.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let (background, text) = (hashed(said("bgcolor")), hashed(said("text")));
    style::clean(&format!("background-color:{background};color:{text};{}", said("style")), painter)
}

/// Rules that paint what old attributes paint, for dark surroundings too. They weigh as little as the attributes.
pub(super) fn palette(survey: &Survey) -> String {
    let mut rules = String::new();
    let old = [("bgcolor", &survey.backgrounds, "background-color"), ("color", &survey.colours, "color")];
    for (attribute, values, property) in old {
        for value in values.iter().filter(|value| is_plain(value) && !value.contains(['"', '\''])) {
            let painter = Painter { adapts: true, picture: &|_| None };
            let painted = style::clean(&format!("{property}:{}", hashed(value.trim())), &painter);
            // What looks the same in both is painted by the attribute itself.
            if let Some(painted) = painted.filter(|painted| painted.contains("light-dark(")) {
                rules.push_str(&format!(":where([{attribute}=\"{value}\"]){{{painted}}}"));
            }
        }
    }
    rules
}

/// Colours may lack their hash in old attributes.
fn hashed(value: &str) -> String {
    if matches!(value.len(), 3 | 6) && value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        format!("#{value}")
    } else {
        value.to_owned()
    }
}

/// Names that rules of a style sheet can refer to.
fn is_name(value: &str) -> bool {
    value.len() <= 200
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '\n' | '\r' | '\t'))
}

/// Values of the old attributes are words, numbers, percentages and colours; numbers have a measure.
fn is_sane(attribute: &str, value: &str) -> bool {
    let most = match attribute {
        "width" | "height" => 10_000,
        "colspan" | "rowspan" | "span" => 1_000,
        "border" | "cellpadding" | "cellspacing" | "hspace" | "vspace" => 500,
        "size" => 100,
        _ => return is_plain(value),
    };
    let value = value.trim();
    let digits = value.trim_start_matches(['+', '-']);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (number, rest) = digits.split_at(end);
    is_plain(value) && number.parse::<u32>().is_ok_and(|number| number <= most) && rest.len() <= 8
}

fn is_plain(value: &str) -> bool {
    value.len() <= 100
        && value.chars().all(|c| {
            c.is_ascii_alphanumeric() || matches!(c, ' ' | '#' | '%' | '.' | ',' | '-' | '+' | '\'' | '"')
        })
}

#[cfg(test)]
mod tests {
    use super::super::style::Painter;
    use super::is_sane;

    fn looks(body: &[(String, String)]) -> Option<String> {
        super::looks(body, &Painter { adapts: false, picture: &|_| None })
    }

    #[test]
    fn sizes_have_a_measure() {
        for (attribute, value) in
            [("width", "600"), ("height", " 50% "), ("size", "+1"), ("colspan", "3"), ("align", "center")]
        {
            assert!(is_sane(attribute, value), "{attribute}={value}");
        }
        for (attribute, value) in [
            ("width", "99999999999"),
            ("rowspan", "65534"),
            ("size", "wide"),
            ("height", "1e9999999999"),
            ("align", "a;b"),
        ] {
            assert!(!is_sane(attribute, value), "{attribute}={value}");
        }
    }

    #[test]
    fn the_looks_of_the_body_are_kept_and_nothing_else_of_it() {
        let body = [
            ("bgcolor", "f5efe6"),
            ("text", "red"),
            ("background", "https://x.test"),
            ("onload", "x"),
            ("style", "margin:0;position:fixed;font-family:\"A B\""),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            looks(&body).as_deref(),
            Some("background-color:#f5efe6;color:red;margin:0;font-family:\"A B\"")
        );
        assert_eq!(looks(&body[2..4]), None);
        let tricks = [("text", "}x{"), ("bgcolor", "red\"><script>")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(looks(&tricks), None);
    }
}
