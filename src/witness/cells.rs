//! Norms as diagrams over the cells of their slots, and what those show.
//!
//! Slots are taken as independent of each other, which they are not: `links is empty` and `links is arms` are two. So a
//! diagram has every activity there can be, and some that there cannot. What holds of all its paths is proved; that
//! there is a path shows nothing.

use rustc_hash::FxHashSet as HashSet;

use crate::check::program::{ExitId, NormId};
use crate::diagram::drawn::Draw;
use crate::diagram::table::{NO, OverBudget, Ref, Table, Var, YES};
use crate::normal::{Cells, Norms, SlotId, SlotKind};
use crate::value::Verdict;

use super::cubes::Cube;

pub(crate) type Done<T> = Result<T, OverBudget>;

/// Some norms and exits, drawn.
pub(crate) struct Sheet<'a> {
    pub(super) norms: &'a Norms,
    pub(super) table: Table,
    /// By slot: the cells in which a value can lie. The variable of a slot has one value for each.
    pub(super) cells: &'a [Vec<usize>],
    /// By slot: what a definition says that has one.
    compounds: Vec<Option<Ref>>,
}

impl<'a> Sheet<'a> {
    /// An empty sheet of at most so many nodes.
    pub fn new(norms: &'a Norms, cells: &'a [Vec<usize>], limit: usize) -> Sheet<'a> {
        Sheet { norms, table: Table::new(limit), cells, compounds: vec![None; norms.slots.len()] }
    }

    /// Where a norm reaches.
    pub fn reaches(&mut self, id: NormId) -> Done<Ref> {
        let norms = self.norms;
        self.expr(&norms.norms[id.at()].reaches)
    }

    /// Where an exit is open: in force, its condition holds, its quotas are kept.
    pub fn open(&mut self, id: ExitId) -> Done<Ref> {
        let norms = self.norms;
        self.expr(&norms.exits[id.at()].open)
    }

    /// Where a norm reaches and an exit of it is open.
    pub fn meet(&mut self, norm: NormId, exit: ExitId) -> Done<Ref> {
        let reaches = self.reaches(norm)?;
        let open = self.open(exit)?;
        self.and(reaches, open)
    }

    /// What a prohibition or a duty alone makes of the verdict; the leaves are verdicts.
    pub fn verdict(&mut self, id: NormId) -> Done<Ref> {
        let norms = self.norms;
        let barred = self.barred(&norms.norms[id.at()].exits)?;
        self.level(id, barred)
    }

    /// Where a norm alone makes the verdict the strictest.
    pub fn prohibits(&mut self, id: NormId) -> Done<Ref> {
        let level = self.verdict(id)?;
        self.table.map(level, &mut |leaf| u32::from(leaf == Verdict::Prohibited as u32))
    }

    /// Whether on no path a leaf of `a` is greater than the one of `b`: of conditions, that `b` holds wherever `a` does.
    pub fn at_most(&self, a: Ref, b: Ref) -> Done<bool> {
        Ok(!self.some_path(a, b, |a, b| a > b)?)
    }

    /// Whether some path leads to such a pair of leaves. Nothing is drawn for it.
    fn some_path(&self, a: Ref, b: Ref, is: impl Fn(u32, u32) -> bool) -> Done<bool> {
        let mut seen = HashSet::from_iter([(a, b)]);
        let mut open = vec![(a, b)];
        while let Some((a, b)) = open.pop() {
            let (left, right) = (self.table.node(a), self.table.node(b));
            let var = match (left, right) {
                (None, None) => {
                    if is(a.as_leaf().unwrap_or_default(), b.as_leaf().unwrap_or_default()) {
                        return Ok(true);
                    }
                    continue;
                }
                (Some((var, _)), None) | (None, Some((var, _))) => var,
                (Some((one, _)), Some((other, _))) => one.min(other),
            };
            if seen.len() > MOST_PAIRS {
                return Err(OverBudget);
            }
            let below = |at: Ref, node: Option<(Var, &[Ref])>, value: usize| match node {
                Some((here, children)) if here == var => children[value],
                _ => at,
            };
            let here = |node: &Option<(Var, &[Ref])>| node.filter(|(here, _)| *here == var).map(|(_, all)| all.len());
            let width = here(&left).or(here(&right)).unwrap_or_default();
            for value in 0..width {
                let next = (below(a, left, value), below(b, right, value));
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        Ok(false)
    }

    /// Some paths to leaves that are wanted: slots and cells. The first is the most usual; others turn elsewhere.
    pub fn paths(&self, of: Ref, wanted: impl Fn(u32) -> bool, most: usize) -> Vec<Vec<(SlotId, usize)>> {
        let leads = self.leads(of, None, wanted);
        let mut paths: Vec<Vec<(SlotId, usize)>> = Vec::new();
        for turn in 0..most {
            let Some(path) = self.way_in(of, &leads, &Cube::new(), turn) else { break };
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        paths
    }

    /// Whether a diagram asks a slot.
    pub fn asks(&self, of: Ref, slot: SlotId) -> bool {
        self.table.reachable(of).into_iter().any(|at| self.table.node(at).is_some_and(|(here, _)| here == var(slot)))
    }

    /// A diagram as it is where a slot lies in some cells, and 0 elsewhere.
    pub fn keep(&mut self, of: Ref, slot: SlotId, holds: impl Fn(usize) -> bool) -> Done<Ref> {
        let holds: Vec<bool> = self.cells[slot.at()].iter().map(|cell| holds(*cell)).collect();
        let here = self.table.test(var(slot), holds)?;
        self.table.choose(here, of, NO)
    }

    pub fn and(&mut self, a: Ref, b: Ref) -> Done<Ref> {
        self.table.and(a, b)
    }

    pub fn but_not(&mut self, a: Ref, b: Ref) -> Done<Ref> {
        let rest = self.table.not(b)?;
        self.table.and(a, rest)
    }
}

impl<'a> Draw<'a> for Sheet<'a> {
    fn norms(&self) -> &'a Norms {
        self.norms
    }

    fn table(&mut self) -> &mut Table {
        &mut self.table
    }

    fn var(&self, slot: SlotId) -> Var {
        Var(slot.0)
    }

    fn cells(&self, place: SlotId, _count: usize) -> Box<dyn Iterator<Item = usize> + 'a> {
        Box::new(self.cells[place.at()].iter().copied())
    }

    /// Definitions are drawn as what they say, other slots with one value for each cell that is real.
    fn test(&mut self, slot: SlotId, cells: &Cells) -> Done<Ref> {
        if let SlotKind::Compound(_, says) = &self.norms.slots[slot.at()].kind {
            let says = match self.compounds[slot.at()] {
                Some(known) => known,
                None => self.expr(says)?,
            };
            self.compounds[slot.at()] = Some(says);
            return match (cells.has(0), cells.has(1)) {
                (true, true) => Ok(YES),
                (false, true) => Ok(says),
                (true, false) => self.table.not(says),
                (false, false) => Ok(NO),
            };
        }
        let holds: Vec<bool> = self.cells[slot.at()].iter().map(|cell| cells.has(*cell)).collect();
        // A slot without any value is of a field that nothing can be stated of.
        if holds.is_empty() { Ok(NO) } else { self.table.test(self.var(slot), holds) }
    }
}

/// Most pairs of nodes that a comparison of two diagrams looks at.
const MOST_PAIRS: usize = 50_000;

/// The variable of a slot. Definitions have none: what they say is drawn.
fn var(slot: SlotId) -> Var {
    Var(slot.0)
}
