//! In which order the diagram asks: what most norms ask comes first.

use std::collections::BTreeSet;

use crate::normal::{Expr, Norms, SlotId, SlotKind};

use super::rules::{Place, Rules};
use super::standing::Way;

/// The places in a row that binding norms and their exits ask.
///
/// What most norms ask comes first, and what is asked by few stands beside the rest of their conditions: so norms that have
/// nothing to do with each other meet as late as possible.
pub(crate) fn tests(norms: &Norms, rules: &Rules) -> Vec<SlotId> {
    let mut asked: Vec<(usize, usize)> = vec![(0, usize::MAX); rules.places()];
    for (at, (norm, rule)) in norms.norms.iter().zip(&rules.norms).enumerate() {
        if !norm.binds() || norm.reaches == Expr::No {
            continue;
        }
        let mut places = BTreeSet::new();
        slots_of(&norm.reaches, &mut places);
        slots_of(&norm.omitted, &mut places);
        for exit in rule.own.iter().map(|exit| &norms.exits[exit.at()]) {
            slots_of(&exit.open, &mut places);
            places.extend(&exit.requirements);
        }
        places.extend(rule.relief.map(|relief| rules.place_of_relief(relief)));
        for place in places {
            let (count, first) = asked[place.at()];
            asked[place.at()] = (count + 1, first.min(at));
        }
    }
    let all = asked.into_iter().enumerate().map(|(at, asked)| (asked, SlotId(at as u32)));
    let mut tests: Vec<((usize, usize), SlotId)> = all.filter(|((count, _), _)| *count > 0).collect();
    let lifts = |place: SlotId| match rules.place(place) {
        Place::Slot(slot) => matches!(norms.slots[slot.at()].kind, SlotKind::Quotas(_) | SlotKind::Requirement(..)),
        Place::Relief(_) | Place::Shared(_) => true,
    };
    tests.sort_by_key(|((count, first), place)| {
        (lifts(*place), usize::MAX - count, *first, usize::MAX - cells(norms, rules, *place))
    });
    tests.into_iter().map(|(_, place)| place).collect()
}

/// How many answers a place has.
pub(crate) fn cells(norms: &Norms, rules: &Rules, place: SlotId) -> usize {
    match rules.place(place) {
        Place::Slot(slot) => norms.slots[slot.at()].cells,
        Place::Relief(_) | Place::Shared(_) => Way::COUNT,
    }
}

/// The slots that a condition tests.
pub(super) fn slots_of(condition: &Expr, into: &mut BTreeSet<SlotId>) {
    match condition {
        Expr::Yes | Expr::No => {}
        Expr::In(slot, _) => {
            into.insert(*slot);
        }
        Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| slots_of(part, into)),
    }
}
