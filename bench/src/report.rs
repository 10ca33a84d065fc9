//! What was measured, as Markdown for people and as JSON for programs.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::machine::Machine;

/// The figures of one part.
#[derive(Serialize)]
pub(crate) struct Report {
    part: &'static str,
    quick: bool,
    machine: Machine,
    load_after: String,
    tables: Vec<Table>,
    notes: Vec<String>,
}

/// Rows under one title. In JSON each is an object by the names of the columns.
#[derive(Serialize)]
pub(crate) struct Table {
    title: String,
    #[serde(skip)]
    columns: Vec<&'static str>,
    rows: Vec<Map<String, Value>>,
}

impl Report {
    pub(crate) fn begin(part: &'static str, quick: bool) -> Self {
        let machine = Machine::look();
        Self { part, quick, load_after: String::new(), machine, tables: Vec::new(), notes: Vec::new() }
    }

    pub(crate) fn end(&mut self) {
        self.load_after = crate::machine::load();
    }

    pub(crate) fn add(&mut self, table: Table) {
        self.tables.push(table);
    }

    /// What one must know to read the figures.
    pub(crate) fn note(&mut self, words: impl Into<String>) {
        self.notes.push(words.into());
    }

    pub(crate) fn markdown(&self) -> String {
        let quick = if self.quick { " (quick: too few repetitions to quote)" } else { "" };
        let mut text = format!("\n## {}{quick}\n\n{}", self.part, self.machine);
        let _ = writeln!(text, ", {} afterwards", self.load_after);
        for table in &self.tables {
            table.write(&mut text);
        }
        for note in &self.notes {
            let _ = write!(text, "\n- {note}");
        }
        text
    }
}

impl Table {
    pub(crate) fn new(title: impl Into<String>, columns: &[&'static str]) -> Self {
        Self { title: title.into(), columns: columns.to_vec(), rows: Vec::new() }
    }

    /// A row with a value for every column.
    pub(crate) fn row(&mut self, values: Vec<Value>) {
        self.rows.push(self.columns.iter().map(|column| (*column).to_owned()).zip(values).collect());
    }

    fn write(&self, text: &mut String) {
        // Words stand to the left, numbers to the right.
        let is_words =
            |column: &str| self.rows.iter().any(|row| matches!(row.get(column), Some(Value::String(_))));
        let rule: Vec<_> =
            self.columns.iter().map(|column| if is_words(column) { "---" } else { "---:" }).collect();
        let _ = write!(
            text,
            "\n### {}\n\n| {} |\n| {} |\n",
            self.title,
            self.columns.join(" | "),
            rule.join(" | ")
        );
        for row in &self.rows {
            let cells: Vec<_> = self.columns.iter().map(|column| shown(row.get(*column))).collect();
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
    }
}

/// A number of measurements, as exact as they were.
pub(crate) fn number(value: impl Into<Option<f64>>) -> Value {
    value.into().map_or(Value::Null, |value| {
        let digits = match value.abs() {
            100.0.. => 1.0,
            1.0.. => 100.0,
            _ => 1000.0,
        };
        Value::from((value * digits).round() / digits)
    })
}

/// How often one is the other.
pub(crate) fn ratio(one: Option<f64>, other: Option<f64>) -> Value {
    number(one.zip(other).filter(|(_, other)| *other > 0.0).map(|(one, other)| one / other))
}

fn shown(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(words)) => words.clone(),
        Some(Value::Number(number)) => match number.as_f64() {
            Some(value) if number.is_f64() && value.fract() == 0.0 => format!("{value:.0}"),
            _ => number.to_string(),
        },
        _ => "–".to_owned(),
    }
}
