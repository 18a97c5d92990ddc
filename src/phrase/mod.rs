//! What is evaluated, written in the language again: conditions, and the cells of a slot as the values that lie in them.
//!
//! A condition that is written here and read again is the same condition; `laws/phrases.rs` holds that to random ones.

mod cells;
mod conditions;
mod values;

use crate::check::program::Program;

pub(crate) use values::{prefixes, quoted};

/// Writes what one program says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Phrases<'a> {
    pub program: &'a Program,
}
