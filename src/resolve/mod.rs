//! Stage 2, tree → declarations: everything that has a name, across all files, in one table.
//!
//! The order of files and of items in them has no meaning. What is wrong is
//! left out of the tables and stands in the report.

pub(crate) mod codes;
pub(crate) mod days;
pub(crate) mod declarations;
mod from_syntax;
mod law;
pub(crate) mod nearest;
mod records;
pub(crate) mod schema;
mod taxonomies;
mod units;

pub(crate) use declarations::Declarations;
pub(crate) use from_syntax::from_syntax;
