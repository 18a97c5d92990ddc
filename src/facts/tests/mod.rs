//! Binding against a small schema made by hand.

mod bound;
mod coded;
mod laws;
mod listed;
mod program;
mod refused;

use crate::value::Raw;

use super::lists::Lists;
use super::question::Question;
use super::{Activity, FactsError};

fn raw(json: &str) -> Raw {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

fn bind(json: &str) -> Result<Question, FactsError> {
    super::bind(&program::program(), &Lists::new(), &raw(json))
}
