//! interdict

pub mod source;
pub mod limits;
pub mod diagnostics;
pub mod value;
mod syntax;
mod resolve;
mod check;
mod facts;
mod reference;
