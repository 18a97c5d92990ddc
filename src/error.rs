//! One error for each public operation.

use crate::diagnostics::Report;
use crate::facts::ListsError;
use crate::limits::OverLimit;
use crate::source::Sources;

/// Why a policy was not compiled.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum CompileError {
    /// The texts were read and found wrong; the refusal says where and why.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A bound of [`Limits`](crate::Limits) was reached. The text may be fine.
    #[error(transparent)]
    OverLimit(#[from] OverLimit),
    /// No pack of this name is shipped.
    #[error("no pack is called `{0}`")]
    UnknownPack(String),
    /// A loaded list does not fit the policy.
    #[error(transparent)]
    Lists(#[from] ListsError),
}

/// Policy texts that were found wrong, with everything found.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub(crate) report: Report,
    pub(crate) sources: Sources,
}

impl Refusal {
    /// What was found.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The texts, to draw the report on.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the policy was refused:\n{}", self.report.concise(&self.sources).trim_end())
    }
}

impl std::error::Error for Refusal {}
