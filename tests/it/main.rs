//! The one test binary; each module says what it holds.

mod batch;
#[cfg(feature = "cli")]
mod cases;
#[cfg(feature = "cli")]
mod cli;
mod decisions;
mod diagnostics;
mod guide;
mod layering;
mod lint;
#[cfg(all(feature = "lists", feature = "json"))]
mod lists;
mod missing;
mod packs;
