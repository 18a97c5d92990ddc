//! Two versions of a policy compared: case by case, and altogether.

mod cases;
mod joint;
mod regions;
mod relevant;
mod responsible;
mod text;
mod understood;
mod words;

pub use cases::{Comparison, Flip, NotCompared, Said};
pub use responsible::{Because, Difference, Incomparable, Region, Shift};
