//! Stage 6, norms → index and decision diagram.
//!
//! This stage has never heard of texts, spans or files.

pub(crate) mod code;
pub(crate) mod few;
mod packing;
pub(crate) mod rules;
pub(crate) mod standing;
pub(crate) mod table;
pub(crate) mod drawn;
pub(crate) mod joined;
mod small;
pub(crate) mod index;
pub(crate) mod order;
pub(crate) mod whole;
