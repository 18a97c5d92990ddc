//! Stage 1, text → tree.

pub(crate) mod tree;
