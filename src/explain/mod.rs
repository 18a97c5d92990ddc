//! Stage 8, answer → decision: provisions, reasons, and what would lawfully change the answer.

mod acts;
mod decision;
mod display;
mod from_answer;

pub(crate) use acts::judge;
pub use decision::{
    About, ActUse, Assumed, Bounds, Decision, Duty, Finding, LiftedBy, LineFinding, MissingFact, Need, NormEffect,
    NormFinding, NormStatus, Note, PolicyStamp, Proceed, ReadingUse, Route, SourcePlace, Widening,
};
pub(crate) use from_answer::{Explaining, about, best_first, from_answer, status};
