//! Stage 6, norms → index and decision diagram.
//!
//! This stage has never heard of texts, spans or files.

pub(crate) mod index;
mod order;
pub(crate) mod standing;
pub(crate) mod table;
pub(crate) mod whole;
