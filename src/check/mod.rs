//! Stage 3, program → checked program: types, units, dates, citations.

pub(crate) mod program;
