//! Cells that no condition tells apart are one: countries by the hundred become members, others, and the few that are named.

use rustc_hash::FxHashSet as HashSet;

use super::slots::{Cells, SlotKind};
use super::{Expr, Norms};

/// Merges the cells of the slots of fields, and renames them in every condition.
pub(super) fn cells(norms: &mut Norms) {
    let mut sets: Vec<HashSet<Cells>> = vec![HashSet::default(); norms.slots.len()];
    norms.each_condition(&mut |condition| collect(condition, &mut sets));
    let mut renamed: Vec<Option<Vec<usize>>> = vec![None; norms.slots.len()];
    for ((slot, sets), renamed) in norms.slots.iter_mut().zip(sets).zip(&mut renamed) {
        if let SlotKind::Field { coding, .. } = &mut slot.kind {
            *renamed = coding.merge(&sets.into_iter().collect::<Vec<_>>());
            slot.cells = coding.cells();
        }
    }
    let counts: Vec<usize> = norms.slots.iter().map(|slot| slot.cells).collect();
    norms.each_condition(&mut |condition| rename(condition, &renamed, &counts));
}

fn collect(condition: &mut Expr, sets: &mut [HashSet<Cells>]) {
    match condition {
        Expr::In(slot, cells) => {
            if !sets[slot.at()].contains(cells) {
                sets[slot.at()].insert(cells.clone());
            }
        }
        Expr::All(parts) | Expr::Any(parts) => parts.iter_mut().for_each(|part| collect(part, sets)),
        Expr::Yes | Expr::No => {}
    }
}

fn rename(condition: &mut Expr, renamed: &[Option<Vec<usize>>], counts: &[usize]) {
    match condition {
        Expr::In(slot, cells) => {
            if let Some(new) = &renamed[slot.at()] {
                *cells = cells.renamed(new, counts[slot.at()]);
            }
        }
        Expr::All(parts) | Expr::Any(parts) => parts.iter_mut().for_each(|part| rename(part, renamed, counts)),
        Expr::Yes | Expr::No => {}
    }
}

impl Norms {
    fn each_condition(&mut self, then: &mut dyn FnMut(&mut Expr)) {
        for slot in &mut self.slots {
            if let SlotKind::Compound(_, says) = &mut slot.kind {
                then(says);
            }
        }
        for norm in &mut self.norms {
            then(&mut norm.reaches);
            then(&mut norm.omitted);
        }
        for exit in &mut self.exits {
            then(&mut exit.open);
        }
    }
}
