//! Stage 7, diagram and facts → decision.

pub(crate) mod answer;
pub(crate) mod applying;
pub(crate) mod brief;
pub(crate) mod coded;
pub(crate) mod decide;
pub(crate) mod find;
mod places;
pub(crate) mod prove;
pub(crate) mod row;
pub(crate) mod routes;
pub(crate) mod settle;
mod touched;
mod widened;
pub(crate) mod worlds;
