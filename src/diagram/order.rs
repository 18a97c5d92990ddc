//! In which order the diagram asks: what most norms ask comes first.

use std::collections::BTreeSet;

use crate::check::program::Effect;
use crate::normal::{Expr, Norms, SlotId};

use super::rules::Rules;
use super::standing::Way;

/// What a variable of the diagram tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Test {
    Slot(SlotId),
    /// What a set of exits offers that several norms share: one of `Rules::reliefs`.
    Relief(u32),
}

impl Test {
    /// How many answers it has.
    pub fn cells(self, norms: &Norms) -> usize {
        match self {
            Test::Slot(slot) => norms.slots[slot.at()].cells,
            Test::Relief(_) => Way::COUNT,
        }
    }
}

/// Everything that binding norms and their own exits test, and the sets of exits that they share.
///
/// What most norms ask comes first, and what is asked by few stands beside the rest of their conditions: so norms that have
/// nothing to do with each other meet as late as possible.
pub(crate) fn tests(norms: &Norms, rules: &Rules) -> Vec<Test> {
    let mut asked: Vec<(usize, usize)> = vec![(0, usize::MAX); norms.slots.len()];
    let mut reliefs: Vec<(usize, usize)> = vec![(0, usize::MAX); rules.reliefs.len()];
    for (at, (norm, rule)) in norms.norms.iter().zip(&rules.norms).enumerate() {
        if !matches!(norm.effect, Effect::Prohibit | Effect::Oblige) {
            continue;
        }
        let mut slots = BTreeSet::new();
        slots_of(&norm.reaches, &mut slots);
        slots_of(&norm.omitted, &mut slots);
        for exit in rule.own.iter().map(|exit| &norms.exits[exit.at()]) {
            slots_of(&exit.open, &mut slots);
            slots.extend(&exit.requirements);
        }
        for slot in slots {
            let (count, first) = asked[slot.at()];
            asked[slot.at()] = (count + 1, first.min(at));
        }
        if let Some(relief) = rule.relief {
            let (count, first) = reliefs[relief as usize];
            reliefs[relief as usize] = (count + 1, first.min(at));
        }
    }
    let slots = asked.into_iter().enumerate().map(|(at, asked)| (asked, Test::Slot(SlotId(at as u32))));
    let reliefs = reliefs.into_iter().enumerate().map(|(at, asked)| (asked, Test::Relief(at as u32)));
    let mut tests: Vec<((usize, usize), Test)> = slots.chain(reliefs).filter(|((count, _), _)| *count > 0).collect();
    tests.sort_by_key(|((count, first), test)| (usize::MAX - count, *first, usize::MAX - test.cells(norms)));
    tests.into_iter().map(|(_, test)| test).collect()
}

fn slots_of(condition: &Expr, into: &mut BTreeSet<SlotId>) {
    match condition {
        Expr::Yes | Expr::No => {}
        Expr::In(slot, _) => {
            into.insert(*slot);
        }
        Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| slots_of(part, into)),
    }
}
