//! Which norms matter to a line: those that can reach it, and what they say as far as it is settled.

use std::ops::ControlFlow;

use crate::check::program::NormId;
use crate::diagram::index::{Index, Seen, Which};
use crate::diagram::rules::Rules;
use crate::diagram::standing::Outcome;
use crate::normal::Norms;

use super::coded::Coded;
use super::row::{Exits, Stand};

/// How a ruleset looks for the norms that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    /// The whole-policy diagram where it was built, is small, and the facts are known; else the index.
    #[default]
    Best,
    /// The whole-policy diagram where the facts are known; the index where they are not, or when the policy has none.
    Diagram,
    /// The index.
    Index,
    /// All norms one after the other: what the index is measured against.
    Scan,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// The facts settle what every norm says.
    Settled(Outcome),
    /// What these norms say may differ from world to world; no others reach.
    Open(Vec<NormId>),
}

pub(crate) fn find(norms: &Norms, rules: &Rules, index: &Index, coded: &mut Coded<'_, '_>) -> Found {
    let mut seen = Seen::default();
    let mut survivors = Vec::new();
    for which in [Which::Binding, Which::Noted] {
        let all = index.visit(which, rules, coded, &mut seen, &mut |_, norm, reaches| {
            survivors.push((norm, reaches));
            ControlFlow::Continue(())
        });
        debug_assert!(all.is_continue(), "all norms are visited");
    }
    survivors.sort_unstable_by_key(|(norm, _)| *norm);
    let mut outcome = Outcome::new();
    let mut open = Vec::new();
    let mut settled = true;
    let mut said = Vec::new();
    for (id, reaches) in survivors {
        said.clear();
        coded.standings(rules, Exits { norms, in_places: false }, id, reaches, &mut said);
        match said.as_slice() {
            [only] => outcome.push((id, *only)),
            _ => settled = false,
        }
        settled &= !norms.norms[id.at()].has_readings;
        open.push(id);
    }
    if settled { Found::Settled(outcome) } else { Found::Open(open) }
}
