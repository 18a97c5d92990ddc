//! A text that could not be read whole hides names that others use. What such
//! a gap alone explains is left out of the report: the author mends the gap first.

use std::collections::BTreeSet;

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
        let follows = |d: &super::report::Diagnostic| {
            FOLLOWS.contains(&d.code)
                && (d.code == code::ACTIVITY_INCOMPLETE
                    || d.code == code::UNUSED_DEFINITION
                    || gaps.iter().any(|gap| declares(sources.get(*gap).text(), sources.snippet(d.at), d.at, *gap)))
        };
        self.keep(|d| !follows(d));
    }
}

/// Whether a text seems to declare a name somewhere else than at the place itself.
fn declares(text: &str, wanted: &str, at: Span, source: SourceId) -> bool {
    let name = wanted.rsplit(['/', '.']).next().unwrap_or(wanted).trim();
    if name.is_empty() {
        return false;
    }
    text.match_indices(name).any(|(start, _)| {
        let end = start + name.len();
        let inside = at.source() == source && at.range().start <= start && end <= at.range().end;
        let whole = !text[..start].ends_with(is_word) && !text[end..].starts_with(is_word);
        whole && !inside && is_declared(&text[..start])
    })
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether what stands before a name declares it: a word that declares, or the start of the line.
fn is_declared(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    match line.split_whitespace().next_back() {
        None => true,
        Some(word) => DECLARES.contains(&word),
    }
}
