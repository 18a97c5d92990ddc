#![doc = include_str!("../README.md")]

pub mod source;
pub mod limits;
mod value;
pub mod diagnostics;
mod syntax;
mod resolve;
mod check;
mod facts;
#[cfg(feature = "lists")]
pub mod lists;
mod normal;
mod diagram;
mod evaluate;
mod explain;
mod phrase;
mod reference;
pub mod packs;
mod error;
mod format;
mod ruleset;
mod clerk;
mod batch;
mod vocabulary;
mod interview;
mod paint;
mod timeline;
mod scenarios;
mod doc;
mod fates;
mod witness;
mod draw;
mod coverage;
mod diff;
mod lint;
#[cfg(any(test, feature = "proptest"))]
pub mod strategy;
mod properties;
#[cfg(test)]
mod laws;

pub use batch::{Current, Reader};
pub use clerk::{
    Applying, Brief, Clerk, Coded, ExitName, ExitRef, FieldRef, NormName, NormRef, NormStanding, Sheet, TermRef,
    UnitRef,
};
pub use coverage::{BoundaryCovered, BranchCovered, Coverage, Covered, Gap, Missing, MissingScenario, NotShown};
pub use diff::{Because, Comparison, Difference, Flip, Incomparable, NotCompared, Region, Said, Shift};
pub use doc::DocFormat;
pub use draw::{Decides, DrawError, Drawing, DrawnEdge, DrawnPart, DrawnPlace, Meaning, OnPath};
pub use error::{CompileError, Refusal};
pub use evaluate::find::Engine;
pub use explain::*;
pub use facts::{Activity, Entry, FactsError, Lists, ListsError, Problem, Snapshot, to_raw};
pub use fates::{Fate, FateRow, Fates};
pub use format::format;
pub use interview::{AnswerKind, Asked, Interview, Offer, Settled, SettledBy, Settling, Why};
pub use limits::{Limits, OverLimit};
pub use lint::{Lint, LocatedLint, Tolerated};
#[cfg(any(test, feature = "proptest"))]
pub use properties::{Broken, Law, LawRun, PropertyRun};
pub use properties::{Counterexample, Proof, Proved};
pub use ruleset::{Builder, Ruleset, Size};
pub use scenarios::{ScenarioInfo, ScenarioRun};
pub use source::{Source, Sources};
pub use timeline::{Change, ChangeKind, Deciding, Period, Timeline};
pub use value::Verdict;
pub use value::{Date, Decimal, Raw};
pub use vocabulary::{FieldInfo, ListInfo, Named, QuotaInfo, ReadingInfo, RecordInfo, Vocabulary, Word};
