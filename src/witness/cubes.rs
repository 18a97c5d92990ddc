//! Diagrams cut into cubes: a set of cells for each of a few slots, everything in which has leaves of one kind.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::diagram::table::{NO, OverBudget, Ref, Table, Var, YES};
use crate::normal::{Cells, Requirement, SlotId, SlotKind};

use super::cells::{Done, Sheet};

/// The leaf of what is of no interest.
pub(crate) const DEAD: u32 = (1 << 30) - 1;
/// The leaf of what does not matter: a cube may hold it, and nothing is looked for in it.
pub(crate) const FREE: u32 = (1 << 30) - 2;

/// Larger numbers than this are tariff codes: no term, day or answer has one.
const CODES: i64 = 10_000_000;

/// Whether a leaf is neither dead nor free.
pub(crate) fn is_live(leaf: u32) -> bool {
    leaf < FREE
}

/// The diagrams under one from which a wanted leaf can be reached, and how unusual an activity is on the most usual way.
pub(crate) struct Leads(HashMap<Ref, u32>);

/// What holds of some slots; of each, the cells in which it lies. No slot stands there twice.
pub(crate) type Cube = Vec<(SlotId, Cells)>;

impl Sheet<'_> {
    /// Combines two diagrams leaf by leaf where the first is live.
    pub fn masked(&mut self, a: Ref, b: Ref, op: &mut dyn FnMut(u32, u32) -> u32) -> Done<Ref> {
        masked(&mut self.table, a, b, op, &mut HashMap::default())
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

    /// Where wanted leaves are.
    pub fn leads(&self, of: Ref, wanted: impl Fn(u32) -> bool) -> Leads {
        let mut leads: HashMap<Ref, u32> = HashMap::default();
        let mut all = self.table.reachable(of);
        // Children are made before their parents, and leaves stand last.
        all.sort_unstable();
        leads.extend(all.iter().filter(|at| at.as_leaf().is_some_and(&wanted)).map(|at| (*at, 0)));
        for &at in &all {
            if let Some((Var(slot), children)) = self.table.node(at) {
                let ways = children.iter().enumerate();
                let costs = ways.filter_map(|(value, child)| Some(leads.get(child)? + self.cost(SlotId(slot), value)));
                if let Some(least) = costs.min() {
                    leads.insert(at, least);
                }
            }
        }
        Leads(leads)
    }

    /// How unusual it is that a slot has a value.
    fn cost(&self, slot: SlotId, value: usize) -> u32 {
        let cell = self.cells[slot.at()][value];
        match &self.norms.slots[slot.at()].kind {
            // A code says less to a reader than a word.
            SlotKind::Field { coding, .. } if cell != 0 => {
                if coding.cuts().iter().any(|cut| *cut > CODES) {
                    3
                } else {
                    1
                }
            }
            SlotKind::Field { .. } => 0,
            // Nobody has acted, and there is time to.
            SlotKind::Requirement(..) => {
                if cell == Requirement::Open as usize {
                    0
                } else {
                    2
                }
            }
            SlotKind::Quotas(_) => {
                if cell == 1 {
                    0
                } else {
                    2
                }
            }
            SlotKind::Condition(_) | SlotKind::Compound(..) => {
                if cell == 0 {
                    0
                } else {
                    2
                }
            }
        }
    }

    /// Some way to a wanted leaf, by the values that lead to the same: a cube, as large as leaving out slots makes it.
    pub fn some_cube(&self, of: Ref, Leads(leads): &Leads, wanted: impl Fn(u32) -> bool + Copy) -> Option<Cube> {
        leads.get(&of)?;
        let mut cube: Cube = Vec::new();
        let mut at = of;
        while let Some((Var(slot), children)) = self.table.node(at) {
            let ways = children.iter().enumerate().filter(|(_, child)| leads.contains_key(child));
            // The most usual way; of equals the one that most values lead to.
            let least = |(value, child): &(usize, &Ref)| {
                let count = children.iter().filter(|other| other == child).count();
                (leads[*child] + self.cost(SlotId(slot), *value), usize::MAX - count, *value)
            };
            let (_, next) = ways.min_by_key(least)?;
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
        restricted(&mut self.table, of, care, &mut HashMap::default())
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

    /// Cells on a way through a cube to a wanted leaf; another turn takes others.
    pub fn way_in(&self, of: Ref, Leads(leads): &Leads, cube: &Cube, turn: usize) -> Vec<(SlotId, usize)> {
        let mut way = Vec::new();
        let mut at = of;
        let mut depth = 0;
        while let Some((Var(slot), children)) = self.table.node(at) {
            let held = cube.iter().find(|(held, _)| held.0 == slot).map(|(_, cells)| cells);
            let cells = &self.cells[slot as usize];
            let is_way = |value: &usize| {
                leads.contains_key(&children[*value]) && held.is_none_or(|held| held.has(cells[*value]))
            };
            let mut ways: Vec<usize> = (0..children.len()).filter(is_way).collect();
            ways.sort_by_key(|value| leads[&children[*value]] + self.cost(SlotId(slot), *value));
            let step = if turn == 0 { 0 } else { (turn >> (depth % 3)) + usize::from(depth % 5 == turn % 5) };
            let Some(value) = ways.get(step % ways.len().max(1)) else { return way };
            way.push((SlotId(slot), cells[*value]));
            at = children[*value];
            depth += 1;
        }
        way
    }
}

fn masked(
    table: &mut Table,
    a: Ref,
    b: Ref,
    op: &mut dyn FnMut(u32, u32) -> u32,
    memo: &mut HashMap<(Ref, Ref), Ref>,
) -> Result<Ref, OverBudget> {
    if a.as_leaf().is_some_and(|leaf| !is_live(leaf)) {
        return Ok(a);
    }
    if let (Some(x), Some(y)) = (a.as_leaf(), b.as_leaf()) {
        return Ok(Ref::leaf(op(x, y)));
    }
    if let Some(&known) = memo.get(&(a, b)) {
        return Ok(known);
    }
    let (left, right) = (table.node(a), table.node(b));
    let var = left.iter().chain(&right).map(|(var, _)| *var).min().expect("one of the two is a node");
    let under = |at: Ref, node: Option<(Var, &[Ref])>| match node {
        Some((here, children)) if here == var => (children.to_vec(), true),
        _ => (vec![at], false),
    };
    let ((lefts, _), (rights, _)) = (under(a, left), under(b, right));
    let width = lefts.len().max(rights.len());
    let mut children = Vec::with_capacity(width);
    for value in 0..width {
        let of = |all: &[Ref]| all[if all.len() == 1 { 0 } else { value }];
        children.push(masked(table, of(&lefts), of(&rights), op, memo)?);
    }
    let made = table.make(var, &children)?;
    memo.insert((a, b), made);
    Ok(made)
}

/// A diagram that says the same where `care` holds, and asks nothing that it did not ask before.
fn restricted(table: &mut Table, of: Ref, care: Ref, memo: &mut HashMap<(Ref, Ref), Ref>) -> Result<Ref, OverBudget> {
    if care == NO {
        return Ok(Ref::leaf(FREE));
    }
    let Some((var, children)) = table.node(of) else { return Ok(of) };
    if care == YES {
        return Ok(of);
    }
    if let Some(&known) = memo.get(&(of, care)) {
        return Ok(known);
    }
    let children = children.to_vec();
    let cares = table.node(care).map(|(var, cares)| (var, cares.to_vec())).expect("leaves were left out");
    let made = if cares.0 < var {
        // What is not asked may be as it likes.
        let mut any = NO;
        for care in cares.1 {
            any = table.or(any, care)?;
        }
        restricted(table, of, any, memo)?
    } else {
        let mut kept = Vec::with_capacity(children.len());
        for (value, child) in children.into_iter().enumerate() {
            let care = if cares.0 == var { cares.1[value] } else { care };
            kept.push(restricted(table, child, care, memo)?);
        }
        let mut matters = kept.iter().filter(|child| child.as_leaf() != Some(FREE));
        match matters.next() {
            Some(&first) if matters.all(|other| *other == first) => first,
            _ => table.make(var, &kept)?,
        }
    };
    memo.insert((of, care), made);
    Ok(made)
}
