//! The whole policy as one decision diagram: the evaluable decision tree.
//!
//! Nodes test one slot; a leaf is an outcome, what every norm that reaches
//! says. Every path is one class of activities, and every outcome that any
//! activity can have is a leaf.

use std::collections::{BTreeSet, HashMap};

use crate::check::program::{Effect, NormId};
use crate::limits::Limits;
use crate::normal::{Cells, Expr, Norms, Requirement, SlotId};
use crate::value::Verdict;

use super::standing::{Standing, Way, better, join};
use super::table::{OverBudget, Ref, Table, Var, YES};

/// What norms say of one class of activities, in the order of the norms; those that do not reach are left out.
pub(crate) type Outcome = Vec<(NormId, Standing)>;

/// The decision diagram of a policy.
#[derive(Debug, Clone)]
pub(crate) struct Whole {
    pub table: Table,
    pub root: Ref,
    /// The slot that each variable tests.
    pub slots: Vec<SlotId>,
    pub outcomes: Vec<Outcome>,
}

impl Whole {
    /// Builds the diagram, or nothing when it would have more nodes than the limit.
    pub fn from_normal(norms: &Norms, limits: &Limits) -> Option<Whole> {
        let slots = super::order::slots(norms);
        let mut var_of = vec![Var(0); norms.slots.len()];
        for (at, slot) in slots.iter().enumerate() {
            var_of[slot.at()] = Var(at as u32);
        }
        let table = Table::new(limits.diagram_nodes);
        let mut build = Build { norms, var_of, table, outcomes: Outcomes::default() };
        let root = build.root().ok()?;
        Some(Whole { table: build.table, root, slots, outcomes: build.outcomes.all })
    }

    /// The outcomes that remain when slots may be in these cells only.
    pub fn walk(&self, mut possible: impl FnMut(SlotId) -> Cells) -> BTreeSet<u32> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![self.root];
        while let Some(at) = open.pop() {
            match self.table.node(at) {
                None => drop(found.insert(at.as_leaf().expect("what is no node is a leaf"))),
                Some((var, children)) => {
                    let cells = possible(self.slots[var.0 as usize]);
                    open.extend(cells.iter().map(|cell| children[cell]).filter(|child| seen.insert(*child)));
                }
            }
        }
        found
    }

    /// The nodes of the diagram itself, without what building it left behind.
    pub fn nodes(&self) -> usize {
        self.table.reachable(self.root).into_iter().filter(|at| at.as_leaf().is_none()).count()
    }
}

#[derive(Default)]
struct Outcomes {
    // INVARIANT: `ids[all[n]] == n`; outcome 0 is the empty one.
    all: Vec<Outcome>,
    ids: HashMap<Outcome, u32>,
}

impl Outcomes {
    fn id(&mut self, outcome: Outcome) -> u32 {
        if let Some(&known) = self.ids.get(&outcome) {
            return known;
        }
        self.ids.insert(outcome.clone(), self.all.len() as u32);
        self.all.push(outcome);
        self.all.len() as u32 - 1
    }

    fn join(&mut self, a: u32, b: u32) -> u32 {
        let mut both: Outcome = self.all[a as usize].iter().chain(&self.all[b as usize]).copied().collect();
        both.sort_unstable();
        self.id(both)
    }
}

struct Build<'a> {
    norms: &'a Norms,
    var_of: Vec<Var>,
    table: Table,
    outcomes: Outcomes,
}

impl Build<'_> {
    fn root(&mut self) -> Result<Ref, OverBudget> {
        let empty = self.outcomes.id(Vec::new());
        let mut layer = Vec::new();
        for id in NormId::all(self.norms.norms.len()) {
            let standing = self.standing(id)?;
            let outcomes = &mut self.outcomes;
            layer.push(self.table.map(standing, &mut |leaf| match Standing::from_leaf(leaf) {
                Standing::Out => empty,
                standing => outcomes.id(vec![(id, standing)]),
            })?);
        }
        // Neighbours first: norms of one paragraph and instrument share what they test.
        while layer.len() > 1 {
            let mut next = Vec::with_capacity(layer.len().div_ceil(2));
            for pair in layer.chunks(2) {
                next.push(match pair {
                    [a, b] => {
                        let outcomes = &mut self.outcomes;
                        self.table.apply(*a, *b, &mut |a, b| outcomes.join(a, b))?
                    }
                    _ => pair[0],
                });
            }
            layer = next;
        }
        Ok(layer.pop().unwrap_or(Ref::leaf(empty)))
    }

    fn standing(&mut self, id: NormId) -> Result<Ref, OverBudget> {
        let norm = &self.norms.norms[id.at()];
        let reaches = self.expr(&norm.reaches)?;
        let prohibits = Standing::Applies(Verdict::Prohibited);
        let said = match norm.effect {
            Effect::Prohibit => self.with_exits(id, prohibits, Standing::Lifted)?,
            Effect::Oblige => {
                let done = self.with_exits(id, Standing::Duty, Standing::Spared)?;
                let undone = self.with_exits(id, prohibits, Standing::Lifted)?;
                let omitted = self.expr(&norm.omitted)?;
                self.table.choose(omitted, undone, done)?
            }
            Effect::Advise | Effect::Caution => self.with_exits(id, Standing::Noted, Standing::Spared)?,
        };
        self.table.choose(reaches, said, Ref::leaf(Standing::Out.leaf()))
    }

    fn with_exits(
        &mut self,
        id: NormId,
        without: Standing,
        lifted: fn(crate::check::program::ExitId) -> Standing,
    ) -> Result<Ref, OverBudget> {
        let mut said = Ref::leaf(without.leaf());
        for &exit in &self.norms.norms[id.at()].exits {
            let way = self.way(exit)?;
            said = self.table.apply(said, way, &mut |said, way| {
                better(Standing::from_leaf(said), exit, Way::from_leaf(way), lifted).leaf()
            })?;
        }
        Ok(said)
    }

    fn way(&mut self, id: crate::check::program::ExitId) -> Result<Ref, OverBudget> {
        let exit = &self.norms.exits[id.at()];
        let open = self.expr(&exit.open)?;
        let mut way = Ref::leaf(Way::Lifts as u32);
        for (slot, &kind) in exit.requirements.iter().zip(&exit.kinds) {
            let var = self.var_of[slot.at()];
            let ways = Requirement::ALL.map(|status| Ref::leaf(Way::of([(kind, status)], exit.exceptional) as u32));
            let here = self.table.make(var, &ways)?;
            way = self.table.apply(way, here, &mut |a, b| join(Way::from_leaf(a), Way::from_leaf(b)) as u32)?;
        }
        self.table.choose(open, way, Ref::leaf(Way::Closed as u32))
    }

    fn expr(&mut self, expr: &Expr) -> Result<Ref, OverBudget> {
        match expr {
            Expr::Yes => Ok(YES),
            Expr::No => Ok(super::table::NO),
            Expr::In(slot, cells) => {
                let count = self.norms.slots[slot.at()].cells;
                self.table.test(self.var_of[slot.at()], (0..count).map(|cell| cells.has(cell)))
            }
            Expr::All(parts) => {
                let mut all = YES;
                for part in parts {
                    let part = self.expr(part)?;
                    all = self.table.and(all, part)?;
                }
                Ok(all)
            }
            Expr::Any(parts) => {
                let mut any = super::table::NO;
                for part in parts {
                    let part = self.expr(part)?;
                    any = self.table.or(any, part)?;
                }
                Ok(any)
            }
            Expr::Not(inner) => {
                let inner = self.expr(inner)?;
                self.table.not(inner)
            }
        }
    }
}
