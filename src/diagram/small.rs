//! What many norms ask in common, as diagrams of its own: definitions with a slot, and sets of exits that norms share.
//!
//! Where the facts are known a walk down one of them takes the place of trying every part of a condition.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap as HashMap;

use crate::normal::{Expr, Norms, SlotId, SlotKind};

use super::code::{Code, Row};
use super::drawn::{Draw, Drawing};
use super::order::slots_of;
use super::rules::Rules;
use super::standing::Way;
use super::table::{OverBudget, Ref, Table, Var};

/// Diagrams by the place in a row that they work out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Small {
    /// Of a node: the place that it asks, then a step for each cell.
    flat: Box<[u32]>,
    /// By place: the first step; [`NOT_DRAWN`] where there is no diagram.
    first: Box<[u32]>,
}

/// A step that ends: the rest of it is the answer.
const ENDS: u32 = 1 << 31;
const NOT_DRAWN: u32 = u32::MAX;

/// Most nodes of one diagram; what is larger is tried part by part.
const MOST: usize = 2_000;
/// Most slots that a condition asks; what asks more is tried part by part.
const MOST_ASKED: usize = 64;
/// Most nodes of the table in which they are drawn, for each place.
const MOST_DRAWN: usize = 1_000;

impl Small {
    pub fn new(norms: &Norms, rules: &Rules) -> Small {
        let places = rules.places();
        let mut made = Vec::new();
        let mut first = vec![NOT_DRAWN; places];
        let wanted = norms.slots.iter().filter(|slot| matches!(slot.kind, SlotKind::Compound(..))).count();
        let limit = MOST + MOST_DRAWN * (wanted + rules.reliefs.len());
        let var_of = (0..places).map(|place| Some(Var(place as u32))).collect();
        let mut drawing = Drawing { norms, table: Table::new(limit), var_of, cells: None };
        let mut known = HashMap::default();
        let is_small = |says: &Expr| {
            let mut asked = BTreeSet::new();
            slots_of(says, &mut asked);
            asked.len() <= MOST_ASKED
        };
        let mut put = |drawing: &Drawing<'_>, place: SlotId, drawn: Result<Ref, OverBudget>| {
            if let Ok(drawn) = drawn
                && drawing.table.reachable(drawn).len() <= MOST
            {
                first[place.at()] = flatten(&drawing.table, drawn, &mut made, &mut known);
            }
        };
        for (at, slot) in norms.slots.iter().enumerate() {
            if let SlotKind::Compound(_, says) = &slot.kind
                && is_small(says)
            {
                let drawn = drawing.expr(says);
                put(&drawing, SlotId(at as u32), drawn);
            }
        }
        for (at, exits) in rules.reliefs.iter().enumerate() {
            if exits.len() > MOST_ASKED || exits.iter().any(|exit| !is_small(&norms.exits[exit.at()].open)) {
                continue;
            }
            let best = exits.iter().try_fold(Ref::leaf(Way::Closed as u32), |best, exit| {
                let way = drawing.way(*exit)?;
                drawing.table.apply(best, way, &mut |one, two| {
                    if Way::from_leaf(two).level() < Way::from_leaf(one).level() { two } else { one }
                })
            });
            put(&drawing, rules.place_of_relief(at as u32), best);
        }
        Small { flat: made.into(), first: first.into() }
    }

    /// What a place holds; `None` when it has no diagram, or the facts do not settle a test on the way.
    #[inline]
    pub fn code<R: Row>(&self, place: SlotId, row: &mut R) -> Option<Code> {
        let mut step = self.first[place.at()];
        if step == NOT_DRAWN {
            return None;
        }
        while step & ENDS == 0 {
            let cell = row.code(SlotId(self.flat[step as usize])).exact()?;
            step = self.flat[step as usize + 1 + cell];
        }
        Some(Code::cell((step & !ENDS) as usize))
    }

    /// Bytes of the diagrams.
    pub fn bytes(&self) -> usize {
        (self.flat.len() + self.first.len()) * size_of::<u32>()
    }
}

/// The step to a diagram, whose nodes are put behind what is there.
fn flatten(table: &Table, of: Ref, made: &mut Vec<u32>, known: &mut HashMap<Ref, u32>) -> u32 {
    if let Some(leaf) = of.as_leaf() {
        return leaf | ENDS;
    }
    if let Some(&step) = known.get(&of) {
        return step;
    }
    let (var, children) = table.node(of).expect("what is no leaf is a node");
    let steps: Vec<u32> = children.iter().map(|child| flatten(table, *child, made, known)).collect();
    let step = made.len() as u32;
    made.push(var.0);
    made.extend(steps);
    known.insert(of, step);
    step
}
