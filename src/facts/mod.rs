//! Stage 4, a host's activity → a typed question.

mod error;
mod near;
mod serialize;
mod activity;
pub(crate) mod question;
pub(crate) mod tape;
pub(crate) mod path;
pub(crate) mod lists;
pub(crate) mod bind;
pub(crate) mod code;
#[cfg(test)]
mod tests;

pub use activity::Activity;
pub use error::{FactsError, Problem};
pub use lists::{Entry, Lists, ListsError, Snapshot};
pub use serialize::to_raw;

pub(crate) use bind::{bind, bind_field};
