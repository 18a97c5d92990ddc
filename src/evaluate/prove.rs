//! Whether there is a world in which a condition holds and the verdict is one of some: what proves a property, or refutes it.

use std::borrow::Cow;

use crate::check::program::{Cond, Effect, NormId, Program};
use crate::diagram::standing::{Standing, verdict_of};
use crate::diagram::table::{NO, OverBudget, Ref, Table, Var, YES};
use crate::facts::path::FactPath;
use crate::facts::question::Question;
use crate::value::Verdict;

use super::decide::{Compiled, Granted};
use super::worlds::{Mode, Rep, Tested, Worlds};

/// The verdicts that are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sought {
    Below(Verdict),
    Above(Verdict),
}

/// Worlds that may be what is sought.
struct Found {
    worlds: Ref,
    /// All norms were looked at, so that each of these worlds is.
    all: bool,
}

/// The facts of one world that matter, each with the values that it has.
pub(crate) type World = Vec<(Vec<FactPath>, Rep)>;

/// What was found.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub worlds: Vec<World>,
    /// These worlds are what was sought; otherwise they may be.
    pub exact: bool,
}

impl<'a> Compiled<'a> {
    /// Worlds of the open question in which a condition holds and the verdict is one that is sought, at most so many;
    /// nothing is presumed. None when there is none.
    ///
    /// A rough look lets everything that is asked of lists hold or fail, each for itself: there may be too many worlds then,
    /// never too few.
    pub fn worlds_with(
        &self,
        question: &'a Question,
        granted: &'a Granted,
        when: &Cond,
        sought: Sought,
        rough: bool,
        most: usize,
    ) -> Result<Shown, OverBudget> {
        let mode = Mode { complete: false, presume: false, rough };
        let mut ids = self.on_line(question, 0, mode, &Granted::new(), |coded| self.reaching(coded));
        ids.retain(|id| matches!(self.norms.norms[id.at()].effect, Effect::Prohibit | Effect::Oblige));
        // What asks little says most at little cost.
        ids.sort_by_cached_key(|id| weight(self.ground.program, *id));
        let mut tested = Tested::of(self.ground.program, self.with_quota_norms(&ids));
        tested.add_condition(self.ground.program, when);
        let limit = self.limits.question_nodes;
        let mut worlds = Worlds::new(self.ground, question, 0, mode, granted, Cow::Owned(tested), limit);
        let found = match sought {
            Sought::Below(verdict) => below(&mut worlds, &ids, when, verdict, limit)?,
            Sought::Above(verdict) => above(&mut worlds, &ids, when, verdict)?,
        };
        let mut paths = Vec::new();
        walk(&worlds.table, found.worlds, &mut Vec::new(), most, &mut paths);
        let told = |path: Vec<(Var, usize)>| {
            let of = |(var, value): (Var, usize)| {
                let info = worlds.info(var);
                (info.paths.clone(), info.values[value].clone())
            };
            path.into_iter().map(of).collect()
        };
        Ok(Shown { worlds: paths.into_iter().map(told).collect(), exact: found.all && !rough })
    }
}

/// How much a norm and its exits ask.
fn weight(program: &Program, id: NormId) -> usize {
    let norm = &program.norms[id.at()];
    let exits: usize = norm.exits.iter().map(|exit| program.exits[exit.at()].when.weight(program)).sum();
    norm.when.weight(program) + exits
}

/// A part of the limit that one norm may take.
const OF_THE_LIMIT: usize = 16;

/// Where the condition holds and no norm makes the verdict that strict. Norms that are over their part of the budget are left
/// out, which leaves more worlds, not fewer.
fn below(
    worlds: &mut Worlds<'_>,
    ids: &[NormId],
    when: &Cond,
    verdict: Verdict,
    limit: usize,
) -> Result<Found, OverBudget> {
    let mut worlds_left = worlds.within(when, YES)?;
    let mut all = true;
    for &id in ids {
        if worlds_left == NO || worlds.table.count() > limit {
            break;
        }
        worlds.table.allow(limit / OF_THE_LIMIT);
        match worlds.milder_within(id, worlds_left, verdict) {
            Ok(milder) => worlds_left = milder,
            Err(OverBudget) => all = false,
        }
    }
    worlds.table.allow(limit);
    all &= worlds.table.count() <= limit;
    Ok(Found { worlds: in_taken_readings(worlds, worlds_left)?, all })
}

/// Where the condition holds and some norm makes the verdict stricter.
fn above(worlds: &mut Worlds<'_>, ids: &[NormId], when: &Cond, verdict: Verdict) -> Result<Found, OverBudget> {
    let holds = worlds.within(when, YES)?;
    for &id in ids {
        let standing = worlds.standing(id)?;
        let stricter = worlds.table.map(standing, &mut |leaf| u32::from(says(leaf) > verdict))?;
        let both = worlds.table.and(holds, stricter)?;
        let found = in_taken_readings(worlds, both)?;
        if found != NO {
            return Ok(Found { worlds: found, all: true });
        }
    }
    Ok(Found { worlds: NO, all: true })
}

fn says(leaf: u32) -> Verdict {
    verdict_of(Standing::from_leaf(leaf))
}

/// Readings that the question leaves closed are as the policy takes them.
fn in_taken_readings(worlds: &mut Worlds<'_>, dd: Ref) -> Result<Ref, OverBudget> {
    let closed = worlds.closed_readings();
    if closed.is_empty() { Ok(dd) } else { worlds.table.restrict(dd, &|var| closed.get(&var).copied()) }
}

/// Ways to *yes*. Of values that lead to the same place the last is taken: *none* comes first.
fn walk(table: &Table, at: Ref, path: &mut Vec<(Var, usize)>, most: usize, into: &mut Vec<Vec<(Var, usize)>>) {
    if into.len() >= most || at == NO {
        return;
    }
    let Some((var, children)) = table.node(at) else {
        debug_assert_eq!(at, YES);
        into.push(path.clone());
        return;
    };
    for (value, child) in children.iter().enumerate() {
        if children[value + 1..].contains(child) {
            continue;
        }
        path.push((var, value));
        walk(table, *child, path, most, into);
        path.pop();
    }
}
