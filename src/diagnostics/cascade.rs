//! A text that could not be read whole hides names that others use. What such
//! a gap alone explains is left out of the report: the author mends the gap first.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap as HashMap;

use crate::source::{SourceId, Sources, Span};

use super::code::{self, Code, Severity};
use super::report::Report;

/// Faults that a declaration which could not be read brings about elsewhere.
const FOLLOWS: &[Code] = &[
    code::UNKNOWN_NAME,
    code::UNKNOWN_TYPE,
    code::DANGLING_REFERENCE,
    code::WRONG_TARGET,
    code::ACTIVITY_INCOMPLETE,
    code::NOT_A_CONDITION,
    code::NOT_COUNTABLE,
    code::UNUSED_DEFINITION,
    code::EXEMPTS_NOTHING,
];

/// Words after which a name is declared.
const DECLARES: &[&str] = &[
    "activity",
    "as",
    "authority",
    "define",
    "except",
    "group",
    "instrument",
    "list",
    "paragraph",
    "reading",
    "record",
    "regime",
    "taxonomy",
    "unit",
];

impl Report {
    /// Leaves out what the gaps in the texts explain.
    pub(crate) fn drop_cascades(&mut self, sources: &Sources) {
        let unread = |code: Code| code.info().stage == "syntax" && code.severity() == Severity::Error;
        let is_gap = |code: Code| unread(code) || code == code::UNKNOWN_PACK;
        let gaps: BTreeSet<SourceId> = self.iter().filter(|d| is_gap(d.code)).map(|d| d.at.source()).collect();
        if gaps.is_empty() {
            return;
        }
        let gaps: Vec<Declared<'_>> = gaps.into_iter().map(|gap| Declared::of(gap, sources.get(gap).text())).collect();
        let follows = |d: &super::report::Diagnostic| {
            FOLLOWS.contains(&d.code)
                && (d.code == code::ACTIVITY_INCOMPLETE
                    || d.code == code::UNUSED_DEFINITION
                    || gaps.iter().any(|gap| gap.has(sources.snippet(d.at), d.at)))
        };
        self.keep(|d| !follows(d));
    }
}

/// The places of a text where something seems to be declared, by the word that begins there.
struct Declared<'t> {
    source: SourceId,
    text: &'t str,
    places: HashMap<&'t str, Vec<usize>>,
}

impl<'t> Declared<'t> {
    /// What stands at the start of a line, or behind a word that declares.
    fn of(source: SourceId, text: &'t str) -> Declared<'t> {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let mut before = None;
            for token in line.split_whitespace() {
                if before.is_none_or(|word| DECLARES.contains(&word)) {
                    let at = start + (token.as_ptr() as usize - line.as_ptr() as usize);
                    places.entry(first_word(token)).or_default().push(at);
                }
                before = Some(token);
            }
            start += line.len();
        }
        Declared { source, text, places }
    }

    /// Whether a name seems to be declared somewhere else than at the place itself.
    fn has(&self, wanted: &str, at: Span) -> bool {
        let name = wanted.rsplit(['/', '.']).next().unwrap_or(wanted).trim();
        if name.is_empty() {
            return false;
        }
        self.places.get(first_word(name)).into_iter().flatten().any(|&start| {
            let end = start + name.len();
            let inside = at.source() == self.source && at.range().start <= start && end <= at.range().end;
            self.text[start..].starts_with(name) && !self.text[end..].starts_with(is_word) && !inside
        })
    }
}

/// The letters and digits with which a text begins.
fn first_word(text: &str) -> &str {
    text.split(|c| !is_word(c)).next().unwrap_or_default()
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
