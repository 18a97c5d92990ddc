//! The vocabulary of facts: dates, decimals with units, and the untyped form in which a host states them.

pub mod date;
pub(crate) mod decimal;
pub mod raw;
pub mod unit;
pub mod verdict;

pub use date::{Date, WorkingDays};
pub use raw::Raw;
pub use rust_decimal::Decimal;
pub use unit::{Currency, Unit, UnitId};
pub use verdict::Verdict;
