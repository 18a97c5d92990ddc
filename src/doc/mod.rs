//! A policy as a book: every norm in sentences, made from the checked program.
//!
//! `book` puts the chapters together, `norms` and `conditions` speak, `words` knows what things are called; `html` and
//! `markdown` write down the same blocks.

mod back;
mod block;
mod book;
mod conditions;
mod html;
mod markdown;
mod norms;
mod notes;
mod uses;
mod words;

#[cfg(test)]
mod tests;

use crate::check::program::{Cond, Program, RecordId};
use crate::ruleset::Ruleset;
use crate::value::Date;

/// How [`Ruleset::doc`] writes the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocFormat {
    /// One file, without network and script, for screen and print.
    Html,
    /// GitHub-flavoured Markdown.
    Markdown,
}

/// A condition on the activity or a record in words that fit into a sentence; `None` when it takes a list.
pub(crate) fn in_words(program: &Program, of: RecordId, cond: &Cond) -> Option<String> {
    match (words::Words { program }).condition_of(of, cond) {
        conditions::Phrase::Clause(clause) => Some(clause.line.plain()),
        conditions::Phrase::List { .. } => None,
    }
}

impl Ruleset {
    /// The policy as a page to read: instrument by instrument, each norm in sentences with its citation, days,
    /// exceptions and disputed readings, and what the words mean. The anchors are the ids of norms and exceptions.
    ///
    /// Of a date, norms and exceptions that are not in force on it are named and not spelled out.
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::{DocFormat, Ruleset};
    ///
    /// let rules = Ruleset::compile("house", r#"
    ///     use std
    ///     regime house "Export rules" { authority compliance "Compliance officer" }
    ///     instrument RULES "Export rules" of house adopted 2024-01-01 {
    ///         paragraph 1 "Radios" {
    ///             prohibit supply when purpose is military
    ///             except approved with approval by compliance
    ///         }
    ///     }
    /// "#)?;
    /// let page = rules.doc(DocFormat::Markdown, None);
    /// assert!(page.contains("**It is prohibited** to engage in"));
    /// assert!(page.contains(r#"<a id="RULES/1.approved"></a>"#));
    /// # Ok::<(), interdict::CompileError>(())
    /// ```
    pub fn doc(&self, format: DocFormat, on: Option<Date>) -> String {
        let book = book::Book::new(self, on);
        let blocks = book.blocks();
        match format {
            DocFormat::Html => html::page(&book.title(), &blocks),
            DocFormat::Markdown => markdown::page(&blocks),
        }
    }
}
