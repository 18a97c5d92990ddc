//! Stage 7, diagram and facts → decision.

pub(crate) mod worlds;
