//! The one test binary; each module says what it holds.

#[cfg(feature = "cli")]
mod cli;
mod diagnostics;
mod layering;
#[cfg(all(feature = "lists", feature = "json"))]
mod lists;
mod packs;
