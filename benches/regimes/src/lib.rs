//! Synthetic sanctions regimes for measuring `interdict`.
//!
//! A [`Regime`] is the one abstract description of a rule set. From it come the policy text, activities, a compiled
//! linear scan and, for the standard sizes, a Rust match as one would write it by hand. All say the same. The
//! [`families`] are rule sets made to be hard.
//!
//! Everything is seeded: the same numbers give the same rules and activities on every machine. This crate does not
//! depend on `interdict`.

mod random;
mod verdict;
mod taxonomy;
mod regime;
mod policy;
mod deal;
mod purchase;
mod scan;
#[allow(clippy::all)]
mod straight;
pub mod families;

pub use deal::{Deal, DealCodes, activities};
pub use purchase::{Purchase, TANKS};
pub use random::Random;
pub use regime::{ACTIONS, COUNTRIES, Exception, FACTS, Fact, Place, Regime, Rule, SIZES, iso_date, subtree_of_action};
pub use scan::{Line, Scan, Test, Way, slot};
pub use straight::*;
pub use taxonomy::Taxonomy;
pub use verdict::Verdict;
