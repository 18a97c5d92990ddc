//! Leaves out of a joint program what cannot meet a norm that changed: most of a large policy, when little changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{Cond, ExitId, Fact, FieldId, Norm, NormId, Program, Set, Terms};

use super::joint::Pair;

/// Keeps the norms that changed, those that may reach the same activities, and their exits; all get new numbers.
pub(super) fn keep(program: &mut Program, pairs: &mut Vec<Pair>, twins: &mut BTreeMap<ExitId, ExitId>) {
    let changed: Vec<NormId> =
        pairs.iter().filter(|pair| !pair.is_same()).flat_map(|pair| pair.old.into_iter().chain(pair.new)).collect();
    let reach = |id: &NormId| Reach::of(program, *id);
    let reaches: Vec<Reach<'_>> = changed.iter().map(reach).collect();
    let is_relevant = |pair: &Pair| {
        let own = Reach::of(program, pair.any());
        !pair.is_same() || reaches.iter().any(|reach| !reach.is_apart(&own))
    };
    pairs.retain(is_relevant);

    let norms: BTreeSet<NormId> = pairs.iter().flat_map(|pair| pair.old.into_iter().chain(pair.new)).collect();
    let used: BTreeSet<ExitId> = norms.iter().flat_map(|id| program.norms[id.at()].exits.iter().copied()).collect();
    twins.retain(|id, twin| used.contains(id) && used.contains(twin));
    let norm_of: BTreeMap<NormId, NormId> = norms.iter().enumerate().map(|(at, id)| (*id, NormId(at as u32))).collect();
    let exit_of: BTreeMap<ExitId, ExitId> = used.iter().enumerate().map(|(at, id)| (*id, ExitId(at as u32))).collect();

    let mut at = 0;
    program.norms.retain(|_| {
        at += 1;
        norms.contains(&NormId(at - 1))
    });
    let mut at = 0;
    program.exits.retain(|_| {
        at += 1;
        used.contains(&ExitId(at - 1))
    });
    for norm in &mut program.norms {
        norm.exits.iter_mut().for_each(|exit| *exit = exit_of[exit]);
    }
    for exit in &mut program.exits {
        exit.of = exit.of.and_then(|norm| norm_of.get(&norm).copied());
    }
    for pair in pairs {
        pair.old = pair.old.map(|id| norm_of[&id]);
        pair.new = pair.new.map(|id| norm_of[&id]);
    }
    *twins = twins.iter().map(|(id, twin)| (exit_of[id], exit_of[twin])).collect();
}

/// Whether it stands on the face of two norms that no activity is reached by both.
pub(super) fn are_apart(program: &Program, one: NormId, other: NormId) -> bool {
    Reach::of(program, one).is_apart(&Reach::of(program, other))
}

/// What an activity must be for a norm to reach it, as far as that stands on the face of the norm.
struct Reach<'a> {
    norm: &'a Norm,
    asked: Vec<(FieldId, &'a Terms)>,
}

impl<'a> Reach<'a> {
    fn of(program: &'a Program, id: NormId) -> Reach<'a> {
        let norm = &program.norms[id.at()];
        let fields = &program.schema.activity().fields;
        let parts = match &norm.when {
            Cond::All(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        let asked = parts.iter().filter_map(|part| match part {
            // Of several values some may pass the one test and others the other.
            Cond::Test { fact: Fact::Activity(field), set: Set::Terms(terms) } if !fields[field.at()].many => {
                Some((*field, terms))
            }
            _ => None,
        });
        Reach { norm, asked: asked.collect() }
    }

    /// Whether no activity can be reached by both.
    fn is_apart(&self, other: &Reach<'_>) -> bool {
        let (one, two) = (self.norm.period, other.norm.period);
        let ends_before = |end: Option<crate::value::Date>, from| end.is_some_and(|end| end < from);
        if ends_before(one.through, two.from) || ends_before(two.through, one.from) {
            return true;
        }
        if let (Some(one), Some(two)) = (&self.norm.actions, &other.norm.actions)
            && are_disjoint(one, two)
        {
            return true;
        }
        let apart = |(field, terms): &(FieldId, &Terms)| {
            other.asked.iter().any(|(asked, others)| asked == field && are_disjoint(terms, others))
        };
        self.asked.iter().any(apart)
    }
}

fn are_disjoint(one: &Terms, two: &Terms) -> bool {
    one.0.iter().all(|(from, to)| two.0.iter().all(|(start, end)| to <= start || end <= from))
}
