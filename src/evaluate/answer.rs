//! The answer to a question, in ids: what `explain` puts into words.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ExitId, NormId, ReadingId, RegimeId};
use crate::diagram::standing::Standing;
use crate::facts::path::FactPath;
use crate::value::Verdict;

/// The verdicts of all worlds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Possible {
    // INVARIANT: not empty.
    pub verdicts: BTreeSet<Verdict>,
}

impl Possible {
    pub fn between(at_least: Verdict, at_most: Verdict) -> Possible {
        Possible { verdicts: Verdict::ALL.into_iter().filter(|v| at_least <= *v && *v <= at_most).collect() }
    }

    /// What is possible of some lines together: the strictest of them is the whole.
    pub fn of_lines<'p>(lines: impl IntoIterator<Item = &'p Possible>) -> Possible {
        let mut together = BTreeSet::from([Verdict::NotCovered]);
        for line in lines {
            together =
                together.iter().flat_map(|so_far| line.verdicts.iter().map(|verdict| *so_far.max(verdict))).collect();
        }
        Possible { verdicts: together }
    }

    pub fn at_least(&self) -> Verdict {
        *self.verdicts.first().expect("some verdict is possible")
    }

    pub fn at_most(&self) -> Verdict {
        *self.verdicts.last().expect("some verdict is possible")
    }

    pub fn settled(&self) -> Option<Verdict> {
        (self.verdicts.len() == 1).then(|| self.at_least())
    }
}

/// The answer for one line of a consignment.
#[derive(Debug, Clone)]
pub(crate) struct LineAnswer {
    pub possible: Possible,
    pub exact: bool,
    /// Best question first.
    pub missing: Vec<FactPath>,
    /// Of regimes with prohibitions or duties.
    pub regimes: BTreeMap<RegimeId, RegimeAnswer>,
    /// Of every norm that reaches in some world, in order.
    pub norms: Vec<NormAnswer>,
    /// Readings on which the verdict depends.
    pub readings: BTreeSet<ReadingId>,
}

#[derive(Debug, Clone)]
pub(crate) struct RegimeAnswer {
    pub possible: Possible,
    pub missing: Vec<FactPath>,
}

#[derive(Debug, Clone)]
pub(crate) struct NormAnswer {
    pub id: NormId,
    /// What it says in some world.
    pub standings: BTreeSet<Standing>,
    /// It decides in every world.
    pub decides: bool,
    /// The facts on which it depends whether it applies, is lifted, or does not reach.
    pub needs: BTreeSet<FactPath>,
    /// Acts that may follow, of exits that lift it.
    pub due: Vec<Due>,
}

/// An act that may follow the activity: until its last day the exit holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    pub exit: ExitId,
    pub requirement: usize,
    /// The facts on which it depends whether it is owed.
    pub needs: BTreeSet<FactPath>,
}

/// The answer to a whole question.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub possible: Possible,
    pub exact: bool,
    pub missing: Vec<FactPath>,
    pub lines: Vec<LineAnswer>,
}

impl Answer {
    /// Puts the lines together.
    pub fn of_lines(lines: Vec<LineAnswer>) -> Answer {
        let possible = Possible::of_lines(lines.iter().map(|line| &line.possible));
        let exact = lines.iter().all(|line| line.exact);
        let mut missing = Vec::new();
        if possible.settled().is_none() {
            for path in lines.iter().flat_map(|line| &line.missing) {
                if !missing.contains(path) {
                    missing.push(path.clone());
                }
            }
        }
        Answer { possible, exact, missing, lines }
    }
}
