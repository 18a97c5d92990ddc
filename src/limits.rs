//! Bounds on what a caller is ready to read and to spend.

/// Bounds on size and work. All are counted and none is timed, so the same
/// input gives the same answer on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Longest source text, in bytes.
    pub source_bytes: usize,
    /// Deepest nesting of brackets and braces, in levels.
    pub nesting: usize,
    /// Longest run of prefix operators (`not not not …`).
    pub prefixes: usize,
    /// Longest chain of operators of one kind in one condition.
    pub chain: usize,
    /// Most errors that are reported of one text when it is refused, and as many warnings.
    pub diagnostics: usize,
    /// Most norms of which a whole-policy decision diagram is built; of more, decisions use the index, which grows with
    /// their number and no faster.
    pub diagram_norms: usize,
    /// Most nodes of the whole-policy decision diagram; beyond it decisions use the index.
    pub diagram_nodes: usize,
    /// Most nodes of the local diagram of one question, and eight times the most steps in which it is told which records an
    /// unknown list may hold; beyond them an answer says `exact: false`.
    pub question_nodes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            source_bytes: 4 << 20,
            nesting: 128,
            prefixes: 128,
            chain: 4096,
            diagnostics: 20,
            diagram_norms: 500,
            diagram_nodes: 200_000,
            question_nodes: 200_000,
        }
    }
}

/// A bound that the input went over. The text may be fine; the caller may raise the bound.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} is over the limit of {limit} {unit}")]
pub struct OverLimit {
    pub(crate) what: String,
    pub(crate) unit: &'static str,
    pub(crate) limit: usize,
}

impl OverLimit {
    /// What went over.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// The bound, in [`OverLimit::unit`].
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// What the bound counts.
    pub fn unit(&self) -> &str {
        self.unit
    }
}
