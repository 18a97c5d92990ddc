//! Why an activity gave no question.

use std::fmt;

/// What is wrong with an activity: everything that was found, not the first fault only.
///
/// No decision is made on an activity that has a fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[serde(transparent)]
pub struct FactsError {
    // INVARIANT: never empty.
    problems: Vec<Problem>,
}

/// One fault of an activity.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    path: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

impl FactsError {
    pub(crate) fn one(path: impl Into<String>, message: impl Into<String>) -> FactsError {
        FactsError { problems: vec![Problem::new(path, message)] }
    }

    /// `None` when nothing is wrong.
    pub(crate) fn of(problems: Vec<Problem>) -> Option<FactsError> {
        (!problems.is_empty()).then_some(FactsError { problems })
    }

    pub(crate) fn with_help(mut self, help: Option<String>) -> FactsError {
        self.problems[0].help = help;
        self
    }

    /// All faults, in the order of the facts; at least one, at most 100.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Where the first fault is; see [`Problem::path`].
    pub fn path(&self) -> &str {
        self.problems[0].path()
    }

    /// What was found there, and what is accepted.
    pub fn message(&self) -> &str {
        self.problems[0].message()
    }

    /// What would help with it, when that is known.
    pub fn help(&self) -> Option<&str> {
        self.problems[0].help()
    }
}

impl Problem {
    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem { path: path.into(), message: message.into(), help: None }
    }

    pub(crate) fn set_help(&mut self, help: Option<String>) {
        self.help = help;
    }

    /// The same, of what stands under a name.
    pub(crate) fn below(&self, name: &str) -> Problem {
        let joint = if name.is_empty() || self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        Problem { path: format!("{name}{joint}{}", self.path), ..self.clone() }
    }

    /// The field: `quantity`, `parties[0].nationality`; empty when it is the activity as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was found, and what is accepted.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What would help, when that is known.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for FactsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.problems.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            fmt::Display::fmt(problem, f)?;
        }
        Ok(())
    }
}
