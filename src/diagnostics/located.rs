//! Diagnostics with lines and columns, for tools that do not have the texts at hand.

use serde::Serialize;

use crate::source::{Sources, Span};

use super::code::{Code, Severity};
use super::report::Report;

/// A diagnostic whose places are lines and columns of named files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Located<'a> {
    /// Stable name of the kind of fault.
    pub code: Code,
    /// Whether the policy is unusable with it.
    pub severity: Severity,
    /// What is wrong.
    pub message: &'a str,
    /// Where.
    pub at: Place<'a>,
    /// Other places worth seeing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub see_also: Vec<Seen<'a>>,
    /// What would help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<&'a str>,
    /// An activity that shows it, as a `scenario`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness: Option<&'a str>,
}

/// A second place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Seen<'a> {
    /// What is to be seen there.
    pub says: &'a str,
    /// Where.
    pub at: Place<'a>,
}

/// From one character of a text to another; both counted from 1, and `to` stands behind the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Place<'a> {
    /// The name of the text.
    pub file: &'a str,
    /// The first character.
    pub from: Position,
    /// Behind the last character.
    pub to: Position,
}

/// A line and a column, each from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Report {
    /// The report for tools: what `Report::render` draws, as data with files, lines and columns.
    ///
    /// `sources` is the table that the texts were compiled from.
    pub fn located<'a>(&'a self, sources: &'a Sources) -> Vec<Located<'a>> {
        let located = self.iter().map(|d| Located {
            code: d.code,
            severity: d.code.severity(),
            message: &d.message,
            at: place(d.at, sources),
            see_also: d.see_also.iter().map(|l| Seen { says: &l.says, at: place(l.at, sources) }).collect(),
            help: d.help.as_deref(),
            witness: d.witness.as_deref(),
        });
        located.collect()
    }
}

fn place(span: Span, sources: &Sources) -> Place<'_> {
    let source = sources.get(span.source());
    let position = |offset| {
        let (line, column) = source.line_column(offset);
        Position { line, column }
    };
    let range = span.range();
    Place { file: source.name(), from: position(range.start), to: position(range.end) }
}
