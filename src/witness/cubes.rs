//! Diagrams cut into cubes: a set of cells for each of a few slots, everything in which has leaves of one kind.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::diagram::table::{Ref, Var, YES};
use crate::normal::{Cells, Requirement, SlotId, SlotKind};

use super::cells::{Done, Sheet};

/// The leaf of what is of no interest.
pub(crate) const DEAD: u32 = (1 << 30) - 1;
/// The leaf of what does not matter: a cube may hold it, and nothing is looked for in it.
pub(crate) const FREE: u32 = (1 << 30) - 2;

/// Whether a leaf is neither dead nor free.
pub(crate) fn is_live(leaf: u32) -> bool {
    leaf < FREE
}

/// The diagrams under one from which a wanted leaf can be reached, and how unusual an activity is on the most usual way.
pub(crate) struct Leads {
    costs: HashMap<Ref, u32>,
    rare: Option<SlotId>,
}

/// What holds of some slots; of each, the cells in which it lies. No slot stands there twice.
pub(crate) type Cube = Vec<(SlotId, Cells)>;

impl Sheet<'_> {
    /// Combines two diagrams leaf by leaf where the first is live.
    pub fn masked(&mut self, a: Ref, b: Ref, op: &mut dyn FnMut(u32, u32) -> u32) -> Done<Ref> {
        self.table.apply_where(a, &is_live, b, op)
    }

    /// Combines two diagrams leaf by leaf.
    pub fn combined(&mut self, a: Ref, b: Ref, op: &mut dyn FnMut(u32, u32) -> u32) -> Done<Ref> {
        self.table.apply(a, b, op)
    }

    /// The number of nodes of a diagram, and of its leaves.
    pub fn size(&self, of: Ref) -> usize {
        self.table.reachable(of).len()
    }

    /// The number of nodes that were drawn.
    pub fn nodes(&self) -> usize {
        self.table.count()
    }

    /// Lets so many more nodes be drawn.
    pub fn allow(&mut self, nodes: usize) {
        self.table.allow(nodes);
    }

    /// The leaves of a diagram that are live.
    pub fn live(&self, of: Ref) -> Vec<u32> {
        self.table.leaves(of).into_iter().filter(|leaf| is_live(*leaf)).collect()
    }

    /// Where wanted leaves are. One slot may be rarely stated: tariff codes say less to a reader than words.
    pub fn leads(&self, of: Ref, rare: Option<SlotId>, wanted: impl Fn(u32) -> bool) -> Leads {
        let mut leads = Leads { costs: HashMap::default(), rare };
        let mut all = self.table.reachable(of);
        // Children are made before their parents, and leaves stand last.
        all.sort_unstable();
        leads.costs.extend(all.iter().filter(|at| at.as_leaf().is_some_and(&wanted)).map(|at| (*at, 0)));
        for &at in &all {
            if let Some((Var(slot), children)) = self.table.node(at) {
                let ways = children.iter().enumerate();
                let costs = ways.filter_map(|(value, child)| self.cost(&leads, SlotId(slot), value, *child));
                if let Some(least) = costs.min() {
                    leads.costs.insert(at, least);
                }
            }
        }
        leads
    }

    /// How unusual an activity is on the most usual way that goes on so; nothing when no way does.
    fn cost(&self, leads: &Leads, slot: SlotId, value: usize, next: Ref) -> Option<u32> {
        let cell = self.cells[slot.at()][value];
        let here = match &self.norms.slots[slot.at()].kind {
            SlotKind::Field { .. } if cell == 0 => 0,
            SlotKind::Field { .. } if leads.rare == Some(slot) => 3,
            SlotKind::Field { .. } => 1,
            // Nobody has acted, and there is time to; nothing is used up; no record says so.
            SlotKind::Requirement(..) if cell == Requirement::Open as usize => 0,
            SlotKind::Quotas(_) if cell == 1 => 0,
            SlotKind::Condition(_) | SlotKind::Compound(..) if cell == 0 => 0,
            SlotKind::Requirement(..) | SlotKind::Quotas(_) | SlotKind::Condition(_) | SlotKind::Compound(..) => 2,
        };
        Some(leads.costs.get(&next)? + here)
    }

    /// Some way to a wanted leaf, by the values that lead to the same: a cube, as large as leaving out slots makes it.
    pub fn some_cube(&self, of: Ref, leads: &Leads, wanted: impl Fn(u32) -> bool + Copy) -> Option<Cube> {
        leads.costs.get(&of)?;
        let mut cube: Cube = Vec::new();
        let mut at = of;
        while let Some((Var(slot), children)) = self.table.node(at) {
            // The most usual way; of equals the one that most values lead to.
            let ways = children.iter().enumerate().filter_map(|(value, child)| {
                let count = children.iter().filter(|other| *other == child).count();
                Some((self.cost(leads, SlotId(slot), value, *child)?, usize::MAX - count, value, child))
            });
            let (.., next) = ways.min()?;
            let mut cells = Cells::none(self.norms.slots[slot as usize].cells);
            let values = children.iter().enumerate().filter(|(_, child)| *child == next);
            values.for_each(|(value, _)| cells.insert(self.cells[slot as usize][value]));
            cube.push((SlotId(slot), cells));
            at = *next;
        }
        Some(self.widened(of, cube, wanted))
    }

    /// Leaves out of a cube what need not hold for all in it to have a wanted leaf.
    fn widened(&self, of: Ref, mut cube: Cube, wanted: impl Fn(u32) -> bool + Copy) -> Cube {
        for at in (0..cube.len()).rev() {
            let held = cube.remove(at);
            if !self.is_within(of, &cube, wanted) {
                cube.insert(at, held);
            }
        }
        cube
    }

    /// Whether all leaves of a diagram in a cube are wanted.
    fn is_within(&self, of: Ref, cube: &Cube, wanted: impl Fn(u32) -> bool) -> bool {
        let mut seen: HashSet<Ref> = HashSet::from_iter([of]);
        let mut open = vec![of];
        while let Some(at) = open.pop() {
            match self.table.node(at) {
                None if at.as_leaf() == Some(FREE) || at.as_leaf().is_some_and(&wanted) => {}
                None => return false,
                Some((Var(slot), children)) => {
                    let held = cube.iter().find(|(held, _)| held.0 == slot).map(|(_, cells)| cells);
                    let cells = &self.cells[slot as usize];
                    let ways = children.iter().zip(cells).filter(|(_, cell)| held.is_none_or(|held| held.has(**cell)));
                    open.extend(ways.map(|(child, _)| *child).filter(|child| seen.insert(*child)));
                }
            }
        }
        true
    }

    /// A diagram that is free in a cube.
    pub fn without(&mut self, of: Ref, cube: &Cube) -> Done<Ref> {
        let held: Vec<(SlotId, Vec<usize>)> =
            cube.iter().map(|(slot, cells)| (*slot, cells.iter().collect())).collect();
        let held: Vec<(SlotId, &[usize])> = held.iter().map(|(slot, cells)| (*slot, cells.as_slice())).collect();
        self.unless(of, &held)
    }

    /// Where a condition holds, what a diagram says; elsewhere it does not matter, and it asks no more for it.
    pub fn assuming(&mut self, of: Ref, care: Ref) -> Done<Ref> {
        self.table.assuming(of, care, FREE)
    }

    fn unless(&mut self, of: Ref, held: &[(SlotId, &[usize])]) -> Done<Ref> {
        let inside = self.held(held)?;
        self.masked(of, inside, &mut |leaf, inside| if inside == 1 { FREE } else { leaf })
    }

    /// That slots lie in some cells, each in its own.
    pub fn held(&mut self, held: &[(SlotId, &[usize])]) -> Done<Ref> {
        let mut inside = YES;
        for (slot, cells) in held {
            let holds: Vec<bool> = self.cells[slot.at()].iter().map(|cell| cells.contains(cell)).collect();
            let here = self.table.test(Var(slot.0), holds)?;
            inside = self.table.and(inside, here)?;
        }
        Ok(inside)
    }

    /// Cells on a way through a cube to a wanted leaf, the most usual first; another turn takes others.
    pub fn way_in(&self, of: Ref, leads: &Leads, cube: &Cube, turn: usize) -> Option<Vec<(SlotId, usize)>> {
        let mut way = Vec::new();
        let mut at = of;
        let mut depth = 0;
        while let Some((Var(slot), children)) = self.table.node(at) {
            let held = cube.iter().find(|(held, _)| held.0 == slot).map(|(_, cells)| cells);
            let cells = &self.cells[slot as usize];
            let is_held = |value: &usize| held.is_none_or(|held| held.has(cells[*value]));
            let cost = |value: usize| Some((self.cost(leads, SlotId(slot), value, children[value])?, value));
            let mut ways: Vec<(u32, usize)> = (0..children.len()).filter(is_held).filter_map(cost).collect();
            ways.sort_unstable();
            // Another way at one place after the other, then at several at once.
            let step = if turn == 0 { 0 } else { (turn >> (depth % 3)) + usize::from(depth % 5 == turn % 5) };
            let &(_, value) = ways.get(step % ways.len().max(1))?;
            way.push((SlotId(slot), cells[value]));
            at = children[value];
            depth += 1;
        }
        leads.costs.contains_key(&at).then_some(way)
    }
}
