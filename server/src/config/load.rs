//! Where values come from: the file and the environment, each value with the place where it was set.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{KEYS, Key, Kind, SECTIONS, Unset, VARIABLE};
use super::nearest::nearest;
use super::problem::{Place, Problem};
use super::value::Value;

/// The file that is read if it is there and no other was named.
const FILE: &str = "pennypost.toml";

/// Names that begin like ours and are not keys: the file itself, and what the tests tell each other.
const NOT_KEYS: &[&str] = &["PENNYPOST_CONFIG", "PENNYPOST_TESTBED"];

/// Container platforms announce a service called "pennypost" under such names to everything beside it.
const ANNOUNCED: &[&str] = &["PENNYPOST_SERVICE_", "PENNYPOST_PORT"];

/// The file to read: the named one, or `pennypost.toml` in the current folder if there is one.
pub fn find(named: Option<PathBuf>) -> Option<PathBuf> {
    named.or_else(|| Some(PathBuf::from(FILE)).filter(|file| file.exists()))
}

/// A value as it was set, before it is known to be right.
struct Raw {
    /// The value as text; `None` if it is of a kind that the key cannot have.
    text: Option<String>,
    /// As its writer would recognise it.
    shown: String,
    place: Place,
}

/// All that was set, and all that is wrong so far.
pub(super) struct Reader {
    values: BTreeMap<&'static str, Raw>,
    problems: Vec<Problem>,
    /// The file that was read, or would have been.
    named: String,
    /// Whether there is a file that could not be understood.
    unreadable: bool,
}

impl Reader {
    /// Nothing was set yet.
    pub(super) fn new() -> Self {
        Self { values: BTreeMap::new(), problems: Vec::new(), named: FILE.to_owned(), unreadable: false }
    }

    /// Takes what the file sets.
    pub(super) fn file(&mut self, path: &Path) {
        let text = match std::fs::read(path) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|_| "is not text in UTF-8".to_owned()),
            Err(error) => Err(format!("cannot be read: {error}")),
        };
        self.named = path.display().to_string();
        let file = File { path, text: text.as_deref().unwrap_or_default() };
        let read = text.as_ref().map(|text| DeTable::parse(text));
        match read {
            Ok(Ok(document)) => self.sections(&file, document.get_ref()),
            Ok(Err(error)) => {
                let place = file.place(error.span().map(|span| span.start));
                self.unreadable(place, format!("is not TOML: {}", error.message().replace('\n', "; ")));
            }
            Err(why) => self.unreadable(file.place(None), why.clone()),
        }
    }

    /// The file says nothing we understand, so that nobody can be blamed for what it does not set.
    fn unreadable(&mut self, place: Place, why: String) {
        self.unreadable = true;
        self.problem(place, why);
    }

    fn sections(&mut self, file: &File<'_>, document: &DeTable<'_>) {
        for (section, value) in document {
            let place = file.place(Some(section.span().start));
            let section: &str = section.get_ref().as_ref();
            let known = SECTIONS.iter().any(|(name, _)| *name == section);
            match value.get_ref().as_table() {
                Some(table) if known => self.section(file, section, table),
                _ if known => {
                    let what = format!("{section} is {}, but must be a section: [{section}]", shown(value));
                    self.problem(place, what);
                }
                Some(_) => {
                    let near = nearest(section, SECTIONS.iter().map(|(name, _)| *name)).unwrap_or_default();
                    self.problem(place, format!("there is no section [{section}]; did you mean [{near}]?"));
                }
                None => self.unknown(place, section),
            }
        }
    }

    fn section(&mut self, file: &File<'_>, section: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let name = format!("{section}.{}", key.get_ref());
            match KEYS.iter().find(|known| known.name == name) {
                Some(known) => {
                    let place = file.place(Some(value.span().start));
                    let raw = Raw { text: text(known.kind, value.get_ref()), shown: shown(value), place };
                    self.values.insert(known.name, raw);
                }
                None => self.unknown(file.place(Some(key.span().start)), &name),
            }
        }
    }

    fn unknown(&mut self, place: Place, name: &str) {
        // A key without its section may belong to several.
        let mut meant: Vec<&str> =
            KEYS.iter().filter(|key| key.parts().1 == name).map(|key| key.name).collect();
        if meant.is_empty() {
            meant.extend(nearest(name, KEYS.iter().map(|key| key.name)));
        }
        self.problem(place, format!("there is no key {name}; did you mean {}?", meant.join(" or ")));
    }

    /// Takes what environment variables set. An empty one sets nothing.
    pub(super) fn environment(&mut self, variables: impl Iterator<Item = (OsString, OsString)>) {
        let variables: BTreeMap<_, _> = variables
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(name, value)| name.starts_with(VARIABLE) && !value.is_empty())
            .collect();
        for (name, value) in variables {
            let place = Place::Variable(name.clone());
            let key = KEYS.iter().find(|key| key.variable() == name);
            match (key, value.into_string()) {
                (Some(key), Ok(text)) => {
                    let shown = format!("{text:?}");
                    self.values.insert(key.name, Raw { text: Some(text), shown, place });
                }
                (Some(key), Err(_)) => {
                    let shown = "not text in UTF-8".to_owned();
                    self.values.insert(key.name, Raw { text: None, shown, place });
                }
                (None, _) if is_of_others(&name) => {}
                (None, _) => {
                    let names: Vec<String> = KEYS.iter().map(|key| key.variable()).collect();
                    let near = nearest(&name, names.iter().map(String::as_str)).unwrap_or_default();
                    self.problem(place, format!("there is no key of this name; did you mean {near}?"));
                }
            }
        }
    }

    /// The value of a key, if it was set and is right.
    pub(super) fn optional<T: Value>(&mut self, key: &Key) -> Option<T> {
        let raw = self.values.get(key.name)?;
        let value = raw.text.as_deref().and_then(T::parse);
        if value.is_none() {
            self.refuse(key, &format!("must be {}, for example {}", T::WANTED, key.example));
        }
        value
    }

    /// The value of a key that must be set; `None` is a problem already noted.
    pub(super) fn required<T: Value>(&mut self, key: &Key) -> Option<T> {
        if !self.is_set(key) && !self.unreadable {
            let (section, name) = key.parts();
            self.problems.push(Problem {
                place: None,
                what: format!(
                    "{} is not set: set {name} in the section [{section}] of {}, or the environment variable {}, \
                     for example to {}",
                    key.name,
                    self.named,
                    key.variable(),
                    key.example
                ),
            });
        }
        self.optional(key)
    }

    /// The value of a key, or its default; `None` is a problem already noted.
    pub(super) fn default<T: Value>(&mut self, key: &Key) -> Option<T> {
        match key.default {
            Unset::Value(text) if !self.is_set(key) => T::parse(text),
            _ => self.optional(key),
        }
    }

    /// Whether somebody set it, rightly or not.
    pub(super) fn is_set(&self, key: &Key) -> bool {
        self.values.contains_key(key.name)
    }

    /// Notes that the value of a key cannot stay as it is.
    pub(super) fn refuse(&mut self, key: &Key, but: &str) {
        let raw = self.values.get(key.name);
        let what = match (raw, key.default) {
            (Some(raw), _) => format!("{} is {}, but {but}", key.name, raw.shown),
            (None, Unset::Value(text)) => format!("{} is {text:?} by default, but {but}", key.name),
            (None, _) => format!("{} {but}", key.name),
        };
        let place = raw.map(|raw| raw.place.clone());
        self.problems.push(Problem { place, what });
    }

    fn problem(&mut self, place: Place, what: String) {
        self.problems.push(Problem { place: Some(place), what });
    }

    /// All that is wrong: line by line in the file, then in the environment, then what is missing.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| match &problem.place {
            Some(Place::File { line, .. }) => (0, line.unwrap_or_default()),
            Some(Place::Variable(_)) => (1, 0),
            None => (2, 0),
        });
        self.problems
    }
}

/// The file that is being read.
struct File<'a> {
    path: &'a Path,
    text: &'a str,
}

impl File<'_> {
    /// The place of a byte of the file.
    fn place(&self, byte: Option<usize>) -> Place {
        let line = |byte| self.text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1;
        Place::File { path: self.path.to_owned(), line: byte.map(line) }
    }
}

/// Whether a variable that begins like ours belongs to somebody else.
fn is_of_others(name: &str) -> bool {
    NOT_KEYS.contains(&name) || ANNOUNCED.iter().any(|start| name.starts_with(start))
}

/// A value of the file as text, unless it is not of the kind that the key wants.
fn text(kind: Kind, value: &DeValue<'_>) -> Option<String> {
    match (kind, value) {
        (_, DeValue::String(text)) => Some(text.to_string()),
        (Kind::Number, DeValue::Integer(number)) if number.radix() == 10 => Some(number.to_string()),
        (Kind::List, DeValue::Array(items)) => {
            let texts: Option<Vec<&str>> = items.iter().map(|item| item.get_ref().as_str()).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}

/// A value of the file as its writer would recognise it.
fn shown(value: &Spanned<DeValue<'_>>) -> String {
    match value.get_ref() {
        DeValue::String(text) => format!("{:?}", text.as_ref()),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(switch) => switch.to_string(),
        DeValue::Datetime(date) => date.to_string(),
        DeValue::Array(items) => {
            format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
        DeValue::Table(_) => "a section".to_owned(),
    }
}
