//! interdict

pub mod source;
pub mod limits;
pub mod diagnostics;
pub mod value;
mod syntax;
mod resolve;
mod check;
mod facts;

pub use facts::{Activity, Entry, FactsError, Lists, ListsError, Problem, Snapshot, to_raw};
pub use value::{Date, Decimal, Raw};
