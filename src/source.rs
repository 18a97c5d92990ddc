//! Policy texts, places in them, and the way from a byte to a line.

use std::ops::Range;

/// Names one text of one [`Sources`] table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct SourceId(pub(crate) u32);

/// A half-open range of **bytes** in one source text, `start..end`.
///
/// Offsets count from 0 and fall on UTF-8 character boundaries. Lines and
/// columns are for people and are computed when a report is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Span {
    // INVARIANT: start <= end; texts longer than u32::MAX bytes are refused by `Limits`.
    source: SourceId,
    start: u32,
    end: u32,
}

impl Span {
    pub(crate) fn new(source: SourceId, start: usize, end: usize) -> Span {
        debug_assert!(start <= end);
        Span { source, start: start as u32, end: end as u32 }
    }

    /// The text this is a place in.
    pub fn source(self) -> SourceId {
        self.source
    }

    /// The bytes covered.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that covers both. Both lie in the same text.
    pub(crate) fn to(self, other: Span) -> Span {
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// One policy text and its name.
#[derive(Debug, Clone)]
pub struct Source {
    name: String,
    text: String,
    // INVARIANT: sorted; the byte at which each line starts; the first is 0.
    lines: Vec<u32>,
}

impl Source {
    /// A text under the name that messages and citations show, usually its file name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Source {
        let text = text.into();
        let lines = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at as u32 + 1))
            .collect();
        Source { name: name.into(), text, lines }
    }

    /// The name it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column, both from 1, of a byte offset; the column counts characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|&start| start as usize <= offset).max(1);
        let start = self.lines.get(line - 1).map_or(0, |&start| start as usize);
        let end = offset.min(self.text.len());
        let column = self.text.get(start..end).map_or(1, |before| before.chars().count() + 1);
        (line, column)
    }
}

/// What the id of another table names.
static NOTHING: Source = Source { name: String::new(), text: String::new(), lines: Vec::new() };

/// The texts of one compilation, in the order they were given.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    // INVARIANT: `SourceId(n)` was handed out for `all[n]`; texts are never removed.
    all: Vec<Source>,
}

impl Sources {
    pub(crate) fn add(&mut self, source: Source) -> SourceId {
        self.all.push(source);
        SourceId(self.all.len() as u32 - 1)
    }

    /// The text an id names; empty and without a name for the id of another table.
    pub fn get(&self, id: SourceId) -> &Source {
        self.find(id).unwrap_or(&NOTHING)
    }

    /// The text an id names, if there is one.
    pub(crate) fn find(&self, id: SourceId) -> Option<&Source> {
        self.all.get(id.0 as usize)
    }

    /// All texts, in order.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.all.iter().enumerate().map(|(at, source)| (SourceId(at as u32), source))
    }

    /// The words at a place.
    pub fn snippet(&self, span: Span) -> &str {
        self.get(span.source()).text().get(span.range()).unwrap_or("")
    }
}
