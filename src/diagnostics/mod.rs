//! What is wrong with a policy text, where, and what would help.

pub mod code;
mod located;
#[cfg(feature = "render")]
mod render;
mod report;

mod cascade;
mod check;
mod lint;
mod resolve;
mod syntax;

pub use code::{Code, Severity};
pub use located::{Located, Place, Position, Seen};
pub use report::{Diagnostic, Label, Report};
