//! What a browser says that it is, in a few words: `Firefox (Linux)`. It may say whatever it likes, so nothing is decided
//! by it but whether to tell somebody.
//!
//! A closed list instead of a library: those have hundreds of patterns of browsers that nobody has any more, and what they
//! do not know they repeat as it is.

/// Most characters of what is repeated.
const CHARACTERS: usize = 80;

/// Browsers by the word that gives them away. The first that is found counts: most say that they are others too.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];

/// Systems, likewise.
const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("FreeBSD", "FreeBSD"),
    ("OpenBSD", "OpenBSD"),
    ("Linux", "Linux"),
];

/// The words for a `User-Agent` (RFC 9110 §10.1.5). A browser that is not known is called by the beginning of what it says,
/// cleaned; one that says nothing is the empty text.
pub fn of_user_agent(said: &str) -> String {
    let known = |list: &[(&str, &'static str)]| {
        list.iter().find(|(word, _)| said.contains(word)).map(|(_, name)| *name)
    };
    match (known(BROWSERS), known(SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} ({system})"),
        (Some(browser), None) => browser.to_owned(),
        (None, system) => {
            let product = cleaned(said.split(['/', '(', ' ']).next().unwrap_or_default());
            match system {
                Some(system) if product.is_empty() || product == "Mozilla" => system.to_owned(),
                Some(system) => format!("{product} ({system})"),
                None => product,
            }
        }
    }
}

/// Without what could hide or turn other words around.
fn cleaned(text: &str) -> String {
    let seen = |c: &char| !::message::header::is_hidden(*c) && !matches!(c, '\u{200c}' | '\u{200d}');
    text.chars().filter(seen).take(CHARACTERS).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{CHARACTERS, of_user_agent};

    #[test]
    fn the_browsers_that_people_have_are_called_by_their_names() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        for (said, words) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(), "Firefox (Linux)"),
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/144.0.0.0 Safari/537.36"), "Chrome (Windows)"),
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/144.0.0.0 Safari/537.36 Edg/144.0.0.0"), "Edge (Windows)"),
            (format!("Mozilla/5.0 (Linux; Android 10; K) {webkit} Chrome/144.0.0.0 Mobile Safari/537.36"), "Chrome (Android)"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15".to_owned(), "Safari (macOS)"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/144.0 Mobile/15E148 Safari/604.1".to_owned(), "Chrome (iOS)"),
            ("curl/8.14.1".to_owned(), "curl"),
            ("Mozilla/5.0 (X11; Linux x86_64) Odd/1.0".to_owned(), "Linux"),
            (String::new(), ""),
        ] {
            assert_eq!(of_user_agent(&said), words, "{said}");
        }
    }

    #[test]
    fn a_hostile_one_is_short_and_hides_nothing() {
        assert_eq!(of_user_agent("a\u{202e}b\u{7}c\r\nd\u{200b}"), "abcd");
        assert!(of_user_agent(&"x".repeat(10_000)).chars().count() <= CHARACTERS);
        assert_eq!(of_user_agent("<script>alert(1)</script>"), "<script>alert");
    }
}
