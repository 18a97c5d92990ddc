//! The laws of `semantics.md`, section 13, on random policies and on the shipped ones.
