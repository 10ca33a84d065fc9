//! `docs/configuration.md` and `pennypost.example.toml`, made of [`super::keys`].

use std::fmt::Write;

use super::keys::{KEYS, Key, Kind, SECTIONS, Unset};

/// The reference for people: every key in a table.
pub fn reference() -> String {
    let mut page = String::from(
        "# Configuration\n\n\
         <!-- Made from server/src/config/keys.rs. A test fails when the two differ. -->\n\n\
         Pennypost reads one TOML file and the environment, once, when it starts. Every key is also an environment\n\
         variable, which overrules the file; the file overrules the default. Only `imap.host` and\n\
         `submission.host` have no default.\n\n\
         The file is the one named by `--config` or `PENNYPOST_CONFIG`, or else `pennypost.toml` in the current\n\
         folder if there is one. An empty variable sets nothing. A key that does not exist is an error, as is a\n\
         variable that begins with `PENNYPOST_` and names no key. Times are written `30s`, `15m`, `12h` or `7d`.\n\
         A list is `[\"one\", \"two\"]` in the file and `one, two` in a variable.\n\n\
         [`pennypost.example.toml`](../pennypost.example.toml) has every key with its default.\n",
    );
    for (section, about) in SECTIONS {
        let _ = write!(
            page,
            "\n## [{section}]\n\n{about}\n\n\
             | key | environment variable | default | example | meaning |\n|---|---|---|---|---|\n"
        );
        for key in keys_of(section) {
            let default = match key.default {
                Unset::Required => "**must be set**".to_owned(),
                Unset::Value(text) => format!("`{text}`"),
                Unset::Otherwise(words) => words.to_owned(),
            };
            let (variable, name) = (key.variable(), key.parts().1);
            let (example, meaning) = (written(key, key.example), key.meaning);
            let _ = writeln!(page, "| `{name}` | `{variable}` | {default} | `{example}` | {meaning} |");
        }
    }
    page
}

/// An example file: what must be set is set, every other key is a comment.
pub fn example() -> String {
    let mut file = String::from(
        "# An example of pennypost.toml. What must be set is set; everything else is a comment and shows what holds\n\
         # without it, or an example. docs/configuration.md says more.\n",
    );
    for (section, about) in SECTIONS {
        let _ = write!(file, "\n# {about}\n[{section}]\n");
        for key in keys_of(section) {
            let name = key.parts().1;
            file.push('\n');
            for line in wrapped(&key.meaning.replace('`', "")) {
                let _ = writeln!(file, "# {line}");
            }
            let _ = match key.default {
                Unset::Required => writeln!(file, "{name} = {}", written(key, key.example)),
                Unset::Value(text) => writeln!(file, "#{name} = {}", written(key, text)),
                Unset::Otherwise(words) => writeln!(
                    file,
                    "# Without it: {}.\n#{name} = {}",
                    words.replace('`', ""),
                    written(key, key.example)
                ),
            };
        }
    }
    file
}

fn keys_of(section: &str) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().copied().filter(move |key| key.parts().0 == section)
}

/// A value as it stands in the file.
fn written(key: &Key, text: &str) -> String {
    match key.kind {
        Kind::Text => format!("\"{text}\""),
        Kind::Number => text.to_owned(),
        Kind::List => {
            let items: Vec<String> = text.split(',').map(|item| format!("\"{}\"", item.trim())).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

/// Lines of at most 100 letters.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.len() + word.len() < 100 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Config;
    use super::{KEYS, example, reference};

    fn load(file: &str) -> Config {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pennypost.toml");
        std::fs::write(&path, file).unwrap();
        Config::load(Some(&path), [("", ""); 0]).unwrap()
    }

    #[test]
    fn the_example_file_is_right_and_so_is_every_comment_in_it_that_sets_a_key() {
        assert!(!load(&example()).http.is_secure());
        let every_key: String = example()
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(rest) if !rest.starts_with(' ') => format!("{rest}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let config = load(&every_key);
        assert!(config.http.is_secure() && !config.http.trusted_proxies.is_empty());
        assert!(KEYS.iter().all(|key| every_key.contains(&format!("\n{} = ", key.parts().1))), "{every_key}");
    }

    #[test]
    fn the_files_in_the_repository_are_made_of_the_keys() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for (file, made) in [("docs/configuration.md", reference()), ("pennypost.example.toml", example())] {
            let kept = std::fs::read_to_string(root.join(file)).unwrap_or_default();
            if kept != made {
                let fresh = std::env::temp_dir().join(Path::new(file).file_name().unwrap());
                std::fs::write(&fresh, made).unwrap();
                panic!("{file} is not what the keys say: copy {} over it", fresh.display());
            }
        }
    }
}
