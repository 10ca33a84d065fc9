//! Names of several files that are saved together.

use std::collections::HashMap;

/// Makes cleaned names differ, also where a file system does not tell capitals from small letters: the second `photo.jpg`
/// becomes `photo (2).jpg`.
pub fn distinct<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut taken: HashMap<String, u32> = HashMap::new();
    let mut given = Vec::new();
    for name in names {
        let mut candidate = name.to_owned();
        // Where a name was counted before, counting goes on from there: a thousand of one name cost a thousand steps.
        let mut number = taken.get(&name.to_lowercase()).copied().unwrap_or(0);
        while taken.contains_key(&candidate.to_lowercase()) {
            number = number.max(1).saturating_add(1);
            candidate = numbered(name, number);
        }
        taken.insert(name.to_lowercase(), number.max(1));
        taken.entry(candidate.to_lowercase()).or_insert(1);
        given.push(candidate);
    }
    given
}

fn numbered(name: &str, number: u32) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => format!("{stem} ({number}).{extension}"),
        _ => format!("{name} ({number})"),
    }
}

#[cfg(test)]
mod tests {
    use super::distinct;

    #[test]
    fn no_file_takes_the_place_of_another() {
        let names = ["a.txt", "A.TXT", "a.txt", "a (2).txt", "README", "readme", "a.tar.gz", "a.tar.gz"];
        assert_eq!(
            distinct(names),
            [
                "a.txt",
                "A (2).TXT",
                "a (3).txt",
                "a (2) (2).txt",
                "README",
                "readme (2)",
                "a.tar.gz",
                "a.tar (2).gz"
            ]
        );
    }

    #[test]
    fn thousands_of_one_name_differ() {
        let names = distinct(std::iter::repeat_n("x", 2_000));
        let different: std::collections::HashSet<_> = names.iter().collect();
        assert_eq!((different.len(), names[1_999].as_str()), (2_000, "x (2000)"));
    }
}
