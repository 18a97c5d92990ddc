//! Stage 6, norms → index and decision diagram.

pub(crate) mod table;
