//! A report is what a compilation has to say to the author of a policy.

use std::fmt;

use crate::source::{Sources, Span};

use super::code::{Code, Severity};

/// One thing that is wrong with a policy text.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Stable name of the kind of fault.
    pub code: Code,
    /// What is wrong: lower case, one line, the author's words in backticks.
    pub message: String,
    /// Where.
    pub at: Span,
    /// Other places worth seeing, in the order to look at them.
    pub see_also: Vec<Label>,
    /// What would help, when that is known.
    pub help: Option<String>,
    /// An activity that shows it, as a `scenario` to be pasted into a policy.
    pub witness: Option<String>,
}

/// A second place that a diagnostic points at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Label {
    /// Where.
    pub at: Span,
    /// What is to be seen there.
    pub says: String,
}

impl Diagnostic {
    /// Adds help.
    pub(crate) fn help(&mut self, help: impl Into<String>) -> &mut Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Adds help if there is any.
    pub(crate) fn maybe_help(&mut self, help: Option<String>) -> &mut Diagnostic {
        self.help = help.or(self.help.take());
        self
    }

    /// Adds a second place.
    pub(crate) fn see(&mut self, at: Span, says: impl Into<String>) -> &mut Diagnostic {
        self.see_also.push(Label { at, says: says.into() });
        self
    }
}

/// Everything found, in the order of the texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Report {
    all: Vec<Diagnostic>,
}

impl Report {
    /// Adds a diagnostic; the returned reference takes help and further places.
    ///
    /// Stages do not call this: they call the function for the message, in
    /// `syntax.rs`, `resolve.rs` or `check.rs` of this folder.
    pub(crate) fn add(&mut self, code: Code, at: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.all.push(Diagnostic {
            code,
            message: message.into(),
            at,
            see_also: Vec::new(),
            help: None,
            witness: None,
        });
        self.all.last_mut().expect("one was just pushed")
    }

    /// True when nothing was found.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The number of diagnostics, warnings included.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// True when something makes the policy unusable; warnings do not.
    pub fn has_errors(&self) -> bool {
        self.all.iter().any(|d| d.code.severity() == Severity::Error)
    }

    /// True when there is something that the author should look at, or an error.
    pub fn has_warnings(&self) -> bool {
        self.all.iter().any(|d| d.code.severity() <= Severity::Warning)
    }

    /// All diagnostics.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.all.iter()
    }

    /// Puts diagnostics in the order of their places and drops exact repetitions.
    pub(crate) fn sort(&mut self) {
        self.all.sort_by(|a, b| (a.at, a.code.id()).cmp(&(b.at, b.code.id())));
        self.all.dedup();
    }

    /// Takes over what another report holds.
    pub(crate) fn extend(&mut self, other: Report) {
        self.all.extend(other.all);
    }

    /// Keeps some.
    pub(crate) fn keep(&mut self, which: impl Fn(&Diagnostic) -> bool) {
        self.all.retain(which);
    }

    /// Keeps at most `most` errors of each text, and as many of what is less.
    pub(crate) fn cap(&mut self, most: usize) {
        let mut seen = std::collections::BTreeMap::new();
        self.all.retain(|d| {
            let count = seen.entry((d.at.source(), d.code.severity() == Severity::Error)).or_insert(0usize);
            *count += 1;
            *count <= most
        });
    }

    /// One line per diagnostic: `file:line:column: severity[code]: message`, without the place if `sources` does not
    /// have the text.
    pub fn concise(&self, sources: &Sources) -> String {
        let mut out = String::new();
        for d in &self.all {
            if let Some(source) = sources.find(d.at.source()) {
                let (line, column) = source.line_column(d.at.range().start);
                out += &format!("{}:{line}:{column}: ", source.name());
            }
            out += &format!("{}[{}]: {}\n", d.code.severity(), d.code.id(), d.message);
        }
        out
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, d) in self.all.iter().enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            write!(f, "{}[{}]: {}", d.code.severity(), d.code.id(), d.message)?;
        }
        Ok(())
    }
}
