//! Lint: what is sound and yet hardly meant.
//!
//! Nothing is guessed. What is said to be never so is proved, on the cells of the normal form (`witness/cells.rs`) or on all worlds of an
//! activity of which nothing is known (`open.rs`); what is said to be possible is shown by an activity that was decided. Where the
//! budget ends, nothing is said.

mod exits;
mod gaps;
mod holes;
mod never;
mod open;
mod presumed;
mod shadowed;
mod unread;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::check::program::{NormId, Program, Subject, Tolerance};
use crate::diagnostics::{Code, Located, Report};
use crate::explain::SourcePlace;
use crate::normal::Norms;
use crate::ruleset::Ruleset;
use crate::source::{Sources, Span};
use crate::witness::Witnesses;

use open::Open;

/// What lint has to say of a policy.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Lint {
    /// What was found, in the order of the texts: warnings, and information. Empty of a policy that is clean.
    pub findings: Report,
    /// What was found and the policy says why it stays, in the order of the texts.
    pub tolerated: Vec<Tolerated>,
    /// How many questions were over the budget. Of what they ask nothing is said.
    pub unsettled: usize,
}

/// A finding that a policy tolerates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Tolerated {
    /// The stable name of what was found.
    pub code: Code,
    /// Where the `tolerate` stands.
    pub place: SourcePlace,
    /// What was found.
    pub message: String,
    /// Why it stays, in the words of the policy.
    pub reason: String,
}

/// A [`Lint`] for tools, whose places are lines and columns of named files.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct LocatedLint<'a> {
    /// What was found.
    pub findings: Vec<Located<'a>>,
    /// What is tolerated.
    pub tolerated: &'a [Tolerated],
    /// How many questions were over the budget.
    pub unsettled: usize,
}

impl Lint {
    /// The findings as data with files, lines and columns.
    ///
    /// `sources` is the table that the texts were compiled from: [`Ruleset::sources`].
    pub fn located<'a>(&'a self, sources: &'a Sources) -> LocatedLint<'a> {
        LocatedLint { findings: self.findings.located(sources), tolerated: &self.tolerated, unsettled: self.unsettled }
    }
}

/// Most nodes of the diagrams of one norm, on cells and in worlds.
const MOST_NODES: usize = 20_000;

impl Ruleset {
    /// Looks for what is sound and yet hardly meant in the texts that were given (those that `use` brought in are left out):
    /// norms that can never apply, exceptions that can never lift, facts that nothing reads. `grammar/README.md` lists all codes.
    ///
    /// Every claim is proved or shown; what cannot be settled within a counted budget is left out. A finding that the policy
    /// `tolerate`s stands under [`Lint::tolerated`] with the reason. The same texts give the same findings. On a policy
    /// with hundreds of norms this takes seconds.
    ///
    /// # Examples
    ///
    /// ```
    /// let rules = interdict::Ruleset::compile("mine.interdict", r#"
    ///     use std
    ///     regime mine { authority office }
    ///     instrument M "Our own rules" of mine adopted 2020-01-01 {
    ///         paragraph 1 "Wigs" { prohibit import when item under wigs and item under arms }
    ///     }
    /// "#)?;
    /// let lint = rules.lint();
    /// let codes: Vec<&str> = lint.findings.iter().map(|finding| finding.code.id()).collect();
    /// assert_eq!(codes, ["never-applies"]);
    /// assert!(lint.findings.has_warnings());
    /// # Ok::<(), interdict::CompileError>(())
    /// ```
    pub fn lint(&self) -> Lint {
        let compiled = self.compiled();
        let open = Open::new(compiled);
        let mut linting = Linting {
            rules: self,
            program: self.program(),
            norms: compiled.norms,
            witnesses: Witnesses::new(self),
            open: &open,
            found: Vec::new(),
            unsure: BTreeSet::new(),
            idle: BTreeSet::new(),
        };
        linting.never_applies();
        linting.never_lifts();
        linting.never_read();
        linting.shadowed();
        linting.presumption_hides();
        linting.exits_of_one_norm();
        linting.gaps();
        linting.holes();
        linting.finish()
    }
}

/// What every lint needs.
struct Linting<'a> {
    rules: &'a Ruleset,
    program: &'a Program,
    norms: &'a Norms,
    witnesses: Witnesses<'a>,
    open: &'a Open<'a>,
    /// Each finding in a report of its own, and what it is of.
    found: Vec<(Subject, Report)>,
    /// What could not be settled within the budget.
    unsure: BTreeSet<(&'static str, Subject)>,
    /// Norms that never apply.
    idle: BTreeSet<NormId>,
}

impl Linting<'_> {
    /// Whether something stands in a text that was given.
    fn is_given(&self, span: Span) -> bool {
        self.rules.is_given(span.source())
    }

    /// The first line of what stands there: a norm with its exceptions may be long.
    fn head(&self, span: Span) -> Span {
        let text = self.rules.sources().snippet(span);
        let length = text.find('\n').map_or(text.len(), |end| text[..end].trim_end().len());
        Span::new(span.source(), span.range().start, span.range().start + length)
    }

    fn find(&mut self, of: Subject, say: impl FnOnce(&mut Report)) {
        let mut report = Report::default();
        say(&mut report);
        self.found.push((of, report));
    }

    /// Takes out what is tolerated, and reports what is tolerated and not there.
    fn finish(self) -> Lint {
        let given = |tolerance: &&Tolerance| self.rules.is_given(tolerance.span.source());
        let mut tolerances: Vec<&Tolerance> = self.program.tolerances.iter().filter(given).collect();
        tolerances.sort_by_key(|tolerance| tolerance.span);
        let mut used = vec![false; tolerances.len()];
        let mut lint = Lint { unsettled: self.unsure.len(), ..Lint::default() };
        let mut tolerated = Vec::new();
        for (of, report) in self.found {
            let Some(finding) = report.iter().next() else { continue };
            match tolerances.iter().position(|it| it.of == of && it.code == finding.code) {
                Some(at) => {
                    used[at] = true;
                    tolerated.push((tolerances[at].span, tolerances[at], finding.message.clone()));
                }
                None => lint.findings.extend(report),
            }
        }
        for (tolerance, used) in tolerances.iter().zip(used) {
            if !used && !self.unsure.contains(&(tolerance.code.id(), tolerance.of)) {
                lint.findings.unused_tolerance(tolerance.span, tolerance.code.id());
            }
        }
        lint.findings.sort();
        tolerated.sort_by(|a, b| (a.0, &a.2).cmp(&(b.0, &b.2)));
        lint.tolerated = tolerated
            .into_iter()
            .map(|(span, tolerance, message)| Tolerated {
                code: tolerance.code,
                place: self.rules.place_of(span),
                message,
                reason: tolerance.reason.clone(),
            })
            .collect();
        lint
    }
}
