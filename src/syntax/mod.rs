//! Stage 1, text → tree.
//!
//! `nesting` counts depth and puts brackets right, the grammar reads, `build` makes the tree and
//! refuses what the grammar lets through by intent, `faults` says why something could not be read;
//! `print` goes the way back.

mod build;
mod faults;
mod grammar;
mod layout;
mod nesting;
mod print;
mod scan;
pub(crate) mod tree;

#[cfg(test)]
mod tests;

use crate::diagnostics::Report;
use crate::limits::{Limits, OverLimit};
use crate::source::SourceId;

pub(crate) use print::print;

/// The comments of a text, in order: the byte where each starts, and what it says without the `//`.
pub(crate) fn comments(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let comments = scan::tokens(text).filter(|token| token.kind == scan::Kind::Comment);
    comments.map(|token| (token.start, token.text(text).trim_start_matches('/').trim()))
}

/// Whether the language uses a word itself, so that it is no value.
pub(crate) fn is_reserved(word: &str) -> bool {
    grammar::read(grammar::Rule::reserved, word).is_ok()
}

/// Reads one policy text.
///
/// The tree holds what is sound; everything else stands in the report. Where the report has errors
/// the tree may lack items, paragraphs and clauses that others refer to.
pub(crate) fn parse(id: SourceId, text: &str, limits: &Limits, report: &mut Report) -> Result<tree::File, OverLimit> {
    let most = report.len().saturating_add(limits.diagnostics);
    let prepared = nesting::prepare(id, text, limits, report)?;
    let mut file = tree::File::default();
    if prepared.readable {
        let length = text.len();
        let text = build::Text { id, read: &prepared.text, length, doubtful: &prepared.doubtful, most };
        match grammar::read(grammar::Rule::file, text.read) {
            Ok(node) => file = build::file(&node, text, report),
            // The rule `file` skips what it cannot read, so only the stack can have run out.
            Err(failure) => report.nested_too_deep(text.span(failure.at, failure.at), limits.nesting),
        }
    }
    file.comments = prepared.comments;
    report.sort();
    report.cap(limits.diagnostics);
    Ok(file)
}
