//! Which norms matter to a line, by index or by diagram.

use std::collections::BTreeSet;

use crate::check::program::NormId;
use crate::diagram::index::Index;
use crate::diagram::standing::Standing;
use crate::diagram::whole::{Outcome, Whole};
use crate::normal::Norms;

use super::coded::Coded;

/// How a ruleset looks for the norms that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The whole-policy diagram where it was built, else the index.
    Best,
    /// The whole-policy diagram; the index when the policy has none.
    Diagram,
    /// The index.
    Index,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// The facts settle what every norm says.
    Settled(Outcome),
    /// What these norms say may differ from world to world; no others reach.
    Open(Vec<NormId>),
}

pub(crate) fn find(norms: &Norms, index: &Index, whole: Option<&Whole>, coded: &mut Coded<'_, '_>) -> Found {
    match whole {
        Some(whole) => by_diagram(norms, whole, coded),
        None => by_index(norms, index, coded),
    }
}

fn by_diagram(norms: &Norms, whole: &Whole, coded: &mut Coded<'_, '_>) -> Found {
    let outcomes = whole.walk(|slot| coded.cells(slot));
    if let Some(&only) = outcomes.first()
        && outcomes.len() == 1
    {
        let outcome = &whole.outcomes[only as usize];
        if !outcome.iter().any(|(id, _)| norms.norms[id.at()].has_readings) {
            return Found::Settled(outcome.clone());
        }
    }
    let ids: BTreeSet<NormId> =
        outcomes.iter().flat_map(|&at| whole.outcomes[at as usize].iter().map(|(id, _)| *id)).collect();
    Found::Open(ids.into_iter().collect())
}

fn by_index(norms: &Norms, index: &Index, coded: &mut Coded<'_, '_>) -> Found {
    let mut survivors = index.survivors(|slot| coded.cells(slot));
    survivors.sort_unstable();
    let mut outcome = Outcome::new();
    let mut open = Vec::new();
    let mut settled = true;
    for id in survivors {
        let standings = coded.standings(id);
        match standings.as_slice() {
            [Standing::Out] => continue,
            [only] => outcome.push((id, *only)),
            _ => settled = false,
        }
        settled &= !norms.norms[id.at()].has_readings;
        open.push(id);
    }
    if settled { Found::Settled(outcome) } else { Found::Open(open) }
}
