//! The worked examples of `semantics.md`, section 14.
