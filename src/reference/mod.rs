//! The reference evaluator: a decision by definition, written to be read.
//!
//! It is `semantics.md` in Rust and shares no code with the engine but what comes
//! before both: how facts are understood (`facts/`, also who stands behind a party
//! that is named, and which entry of a list an id is) and how days are counted
//! (`value/`). A fault there no law shows. Every section of that page has its file here:
//!
//! | file | section |
//! |---|---|
//! | `world.rs` | 2, 3: facts, their names, what a world says of each |
//! | `tested.rs`, `cells.rs` | 10: which values nothing tells apart, and one of each |
//! | `goods.rs` | 2: pairs of item and HS code |
//! | `conditions.rs`, `listed.rs`, `kinds.rs` | 4: conditions, lists of parties, records of a list nobody stated |
//! | `norms.rs` | 5, 6, 9: periods, reach, exits, the verdict |
//! | `acts.rs` | 7: acts and their times |
//! | `quotas.rs` | 8 |
//! | `cases.rs` | 10: all worlds, by splitting into cases |
//!
//! In a world everything is yes or no. A world is filled in on demand: a
//! question about a fact that the world does not say yet stops the evaluation
//! with [`Stop::Ask`]; the case is then split into one case for each cell of
//! that fact, and each is evaluated anew.

mod acts;
mod cases;
mod cells;
mod conditions;
mod goods;
mod kinds;
mod listed;
mod norms;
mod quotas;
mod tested;
mod world;

#[cfg(test)]
pub(crate) mod examples;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{Effect, ExitId, NormId, Program, RegimeId};
use crate::facts::lists::Lists;
use crate::facts::path::FactPath;
use crate::facts::question::Question;
use crate::value::Verdict;

use cases::Tree;
use world::{Case, Stop, World};

/// What the definitions say of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The verdicts of all worlds; never empty.
    pub possible: BTreeSet<Verdict>,
    /// The facts that alone can change the verdict; empty exactly when it is settled.
    pub missing: BTreeSet<FactPath>,
    /// The norms that decide in every world; empty when the verdict is not settled.
    pub deciding: BTreeSet<NormId>,
    /// One for each regime that has prohibitions or duties.
    pub findings: BTreeMap<RegimeId, Finding>,
}

/// What one regime says of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Finding {
    pub possible: BTreeSet<Verdict>,
    pub missing: BTreeSet<FactPath>,
}

/// Evaluations that it may take to confirm one activity.
pub(crate) const CONFIRMING: usize = 50_000;

/// Decides by trying every case. `None` when that takes more than `budget`
/// evaluations; nothing is timed.
pub(crate) fn decide(program: &Program, lists: &Lists, question: &Question, budget: usize) -> Option<Answer> {
    answer(program, lists, question, budget).ok()
}

fn answer(program: &Program, lists: &Lists, question: &Question, budget: usize) -> Result<Answer, Stop> {
    let near = near(program, lists, question);
    let case = Case::new(program, lists, question, &near, budget);

    let whole = over_the_lines(&case, &near.norms)?;
    let deciding = match whole.finding.possible.iter().collect::<Vec<_>>()[..] {
        [&verdict] => deciding(&case, &near.norms, verdict, &whole.lines)?,
        _ => BTreeSet::new(),
    };

    let mut findings = BTreeMap::new();
    for regime in regimes_with_findings(program) {
        let of_regime: Vec<NormId> =
            near.norms.iter().copied().filter(|&norm| regime_of(program, norm) == regime).collect();
        findings.insert(regime, over_the_lines(&case, &of_regime)?.finding);
    }
    Ok(Answer { possible: whole.finding.possible, missing: whole.finding.missing, deciding, findings })
}

/// The norms that may reach a line, and those of their exits that may be open.
///
/// Leaving out the others changes no answer; it keeps the cells few.
#[derive(Debug, Clone, Default)]
struct Near {
    norms: Vec<NormId>,
    exits: BTreeSet<ExitId>,
}

fn near(program: &Program, lists: &Lists, question: &Question) -> Near {
    let every_norm = (0..program.norms.len() as u32).map(NormId);
    let every_exit = (0..program.exits.len() as u32).map(ExitId);
    let all = Near {
        norms: every_norm.filter(|norm| binding(program.norms[norm.at()].effect)).collect(),
        exits: every_exit.collect(),
    };
    let case = Case::new(program, lists, question, &all, 0);
    let nothing_said = World::empty(&case);
    let lines = 0..question.lines.len();
    // What is settled without asking for any fact is settled in every world.
    let norms: Vec<NormId> = all
        .norms
        .iter()
        .copied()
        .filter(|&norm| lines.clone().any(|line| !matches!(nothing_said.reaches(norm, line), Ok(false))))
        .collect();
    let exits = norms
        .iter()
        .flat_map(|norm| &program.norms[norm.at()].exits)
        .copied()
        .filter(|&exit| lines.clone().any(|line| !matches!(nothing_said.exit_is_there(exit, line), Ok(false))))
        .collect();
    Near { norms, exits }
}

/// Whether norms of this effect count for a verdict.
fn binding(effect: Effect) -> bool {
    matches!(effect, Effect::Prohibit | Effect::Oblige)
}

fn regime_of(program: &Program, norm: NormId) -> RegimeId {
    let paragraph = &program.paragraphs[program.norms[norm.at()].paragraph.at()];
    program.instruments[paragraph.instrument.at()].regime
}

/// A regime without prohibitions and duties (cautions only) has no finding.
fn regimes_with_findings(program: &Program) -> BTreeSet<RegimeId> {
    (0..program.norms.len() as u32)
        .map(NormId)
        .filter(|norm| binding(program.norms[norm.at()].effect))
        .map(|norm| regime_of(program, norm))
        .collect()
}

struct Whole {
    finding: Finding,
    /// The possible verdicts of each line.
    lines: Vec<BTreeSet<Verdict>>,
}

/// Each line is decided on its own. The bounds of the whole are the greatest
/// `at_least` and the greatest `at_most` of the lines (`semantics.md`, section 11).
fn over_the_lines(case: &Case<'_>, norms: &[NormId]) -> Result<Whole, Stop> {
    let trees: Vec<Tree<Verdict>> = (0..case.question.lines.len())
        .map(|line| cases::all_worlds(case, &|world| world.verdict(norms, line)))
        .collect::<Result<_, _>>()?;
    let lines: Vec<BTreeSet<Verdict>> = trees.iter().map(Tree::outcomes).collect();
    let at_least = lines.iter().filter_map(|line| line.first().copied()).max();
    let possible: BTreeSet<Verdict> =
        lines.iter().flatten().copied().filter(|&verdict| Some(verdict) >= at_least).collect();
    let mut missing = BTreeSet::new();
    if possible.len() > 1 {
        for tree in &trees {
            missing.extend(cases::missing(case, tree)?);
        }
    }
    Ok(Whole { finding: Finding { possible, missing }, lines })
}

/// The norms that decide in every world, of a settled verdict.
fn deciding(
    case: &Case<'_>,
    norms: &[NormId],
    verdict: Verdict,
    lines: &[BTreeSet<Verdict>],
) -> Result<BTreeSet<NormId>, Stop> {
    let mut deciding = BTreeSet::new();
    for (line, possible) in lines.iter().enumerate() {
        if possible.len() != 1 || !possible.contains(&verdict) {
            continue;
        }
        for &norm in norms {
            let tree = cases::all_worlds(case, &|world| world.decides(norm, line, verdict))?;
            if tree.outcomes() == BTreeSet::from([true]) {
                deciding.insert(norm);
            }
        }
    }
    Ok(deciding)
}
