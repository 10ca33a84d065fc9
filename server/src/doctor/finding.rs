//! What was found, what it means, and what to change, as lines for a person.

/// Longest line of a server's words that is printed.
const CHARACTERS: usize = 600;

/// Findings, printed as they are made, since some take long to be found.
#[derive(Default)]
pub(super) struct Report {
    faults: usize,
}

impl Report {
    /// Begins a group of findings.
    pub(super) fn section(&mut self, title: &str) {
        print("");
        print(title);
    }

    /// Something that is as it should be.
    pub(super) fn good(&mut self, words: &str) {
        print(&format!("  ✓ {words}"));
    }

    /// Something to know.
    pub(super) fn fact(&mut self, words: &str) {
        print(&format!("    {words}"));
    }

    /// Something that works, but could be better, and how.
    pub(super) fn note(&mut self, words: &str, change: &str) {
        print(&format!("  ! {words} {change}"));
    }

    /// Something that keeps mail from being read or sent, and what to change.
    pub(super) fn fault(&mut self, words: &str, change: &str) {
        self.faults += 1;
        print(&format!("  ✗ {words} {change}"));
    }

    /// How many faults were found.
    pub(super) fn faults(&self) -> usize {
        self.faults
    }
}

#[expect(clippy::print_stdout, reason = "that is what the command is for")]
fn print(line: &str) {
    println!("{}", printable(line));
}

/// Servers' words without what could command a terminal or hide in it.
fn printable(line: &str) -> String {
    let hidden = |c: char| ::message::header::is_hidden(c) || matches!(c, '\u{200c}' | '\u{200d}');
    line.chars().take(CHARACTERS).map(|c| if hidden(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn a_servers_words_command_no_terminal() {
        assert_eq!(printable("  ✓ a\u{1b}[2Jb\rc\u{202e}d"), "  ✓ a\u{fffd}[2Jb\u{fffd}c\u{fffd}d");
    }
}
