//! What somebody may have meant.

/// The name that needs the fewest changes to become the other.
pub(super) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names.min_by_key(|name| distance(wanted, name))
}

/// How many letters must be added, removed or replaced (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.chars().enumerate() {
        let mut left = row + 1;
        let mut line = vec![left];
        for (column, expected) in other.iter().enumerate() {
            let replaced = above[column] + usize::from(letter != *expected);
            left = replaced.min(above[column + 1] + 1).min(left + 1);
            line.push(left);
        }
        above = line;
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn changes_are_counted() {
        assert_eq!(distance("", ""), 0);
        assert_eq!(distance("host", "host"), 0);
        assert_eq!(distance("hots", "host"), 2);
        assert_eq!(distance("prt", "port"), 1);
        assert_eq!(distance("", "port"), 4);
    }

    #[test]
    fn the_nearest_name_is_found() {
        let names = ["imap.host", "imap.port", "submission.port"];
        assert_eq!(nearest("imap.prot", names.into_iter()), Some("imap.port"));
        assert_eq!(nearest("anything", std::iter::empty()), None);
    }
}
