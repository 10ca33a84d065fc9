//! Enriched text (RFC 1896) and its ancestor `text/richtext` (RFC 1341 §7.1.3): its words, without its formatting.

/// Characters of a command; RFC 1896 allows 60.
const COMMAND: usize = 60;

/// The words of enriched text. Its line breaks are as the standard wants them: one alone is a space, of several one goes
/// away. What is no command stays as it was typed.
pub(crate) fn words(text: &str) -> String {
    read(text, &Dialect::ENRICHED)
}

/// The words of `text/richtext`, where only commands break lines.
pub(crate) fn richtext_words(text: &str) -> String {
    read(text, &Dialect::RICHTEXT)
}

struct Dialect {
    /// Commands whose content is not for reading.
    silent: [&'static str; 2],
    /// Whether all of several line breaks but one count.
    breaks_count: bool,
}

impl Dialect {
    const ENRICHED: Self = Self { silent: ["param", "param"], breaks_count: true };
    const RICHTEXT: Self = Self { silent: ["comment", "comment"], breaks_count: false };
}

fn read(text: &str, dialect: &Dialect) -> String {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    let mut silent = 0_usize;
    let mut verbatim = false;
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        if first == '<' {
            if !verbatim && after.starts_with('<') {
                say(&mut words, silent, "<");
                rest = after.get(1..).unwrap_or_default();
                continue;
            }
            if let Some((command, behind)) = command(after) {
                let (name, closes) = match command.strip_prefix('/') {
                    Some(name) => (name, true),
                    None => (command, false),
                };
                let name = name.to_ascii_lowercase();
                if name == "verbatim" {
                    verbatim = !closes;
                    rest = behind;
                    continue;
                }
                if !verbatim {
                    if dialect.silent.contains(&name.as_str()) {
                        silent = if closes { silent.saturating_sub(1) } else { silent + 1 };
                    } else if !dialect.breaks_count {
                        match name.as_str() {
                            "lt" => say(&mut words, silent, "<"),
                            "nl" | "np" => say(&mut words, silent, "\n"),
                            "paragraph" if closes => say(&mut words, silent, "\n\n"),
                            _ => {}
                        }
                    }
                    rest = behind;
                    continue;
                }
            }
        }
        if matches!(first, '\r' | '\n') && !verbatim {
            let end = rest.find(|c| !matches!(c, '\r' | '\n')).unwrap_or(rest.len());
            let breaks = rest.get(..end).unwrap_or_default().matches('\n').count();
            match (dialect.breaks_count, breaks) {
                (true, 2..) => say(&mut words, silent, &"\n".repeat(breaks - 1)),
                _ => say(&mut words, silent, " "),
            }
            rest = rest.get(end..).unwrap_or_default();
            continue;
        }
        if silent == 0 {
            words.push(first);
        }
        rest = after;
    }
    words
}

fn say(words: &mut String, silent: usize, text: &str) {
    if silent == 0 {
        words.push_str(text);
    }
}

/// A command behind its opening angle, and what follows it.
fn command(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().take(COMMAND + 1).position(|byte| byte == b'>')?;
    let (command, behind) = text.split_at_checked(end)?;
    let name = command.strip_prefix('/').unwrap_or(command);
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_name.then_some((command, behind.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::{richtext_words, words};

    #[test]
    fn enriched_text_is_read_as_its_standard_wants() {
        assert_eq!(
            words(
                "<bold>Now</bold> is the time for <italic>all</italic>\ngood men\n\n<color><param>red</param>to</color> <<come>"
            ),
            "Now is the time for all good men\nto <come>"
        );
        assert_eq!(words("<verbatim>a <b>\n c</verbatim>\n\n\nd"), "a <b>\n c\n\nd");
    }

    #[test]
    fn richtext_breaks_lines_by_commands() {
        assert_eq!(
            richtext_words("a<nl>b\nc<comment>no</comment><lt>d<paragraph>e</paragraph>"),
            "a\nb c<de\n\n"
        );
    }

    #[test]
    fn what_is_no_command_stays_and_nothing_is_endless() {
        for text in ["1 < 2", "a <", "<a b>", "<>"] {
            assert_eq!(words(text), text);
        }
        for hostile in ["<", "<param>", "</param>", "<<", "<verbatim>", "\n", "<x"] {
            assert!(words(&hostile.repeat(50_000)).len() <= hostile.len() * 50_000);
        }
    }
}
