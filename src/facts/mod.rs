//! Stage 4, a host's activity → a typed question.

pub(crate) mod question;
pub(crate) mod path;
pub(crate) mod lists;
