//! All worlds, by splitting into cases (`semantics.md`, section 10).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::facts::path::FactPath;

use super::world::{Asked, Assignment, Case, Cell, Key, Stop, World};

/// Every world and what comes out in it: a leaf is a set of worlds with one outcome.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tree<T> {
    Leaf(T),
    /// One case for each cell of a fact. No two subtrees are all alike.
    Split {
        key: Rc<Key>,
        cases: Vec<(Cell, Tree<T>)>,
        outcomes: BTreeSet<T>,
    },
}

impl<T: Ord + Clone> Tree<T> {
    pub fn outcomes(&self) -> BTreeSet<T> {
        match self {
            Tree::Leaf(outcome) => BTreeSet::from([outcome.clone()]),
            Tree::Split { outcomes, .. } => outcomes.clone(),
        }
    }

    fn only_outcome(&self) -> Option<&T> {
        match self {
            Tree::Leaf(outcome) => Some(outcome),
            Tree::Split { outcomes, .. } => outcomes.first().filter(|_| outcomes.len() == 1),
        }
    }

    fn shares_outcome(&self, other: &Tree<T>) -> bool {
        match (self, other) {
            (Tree::Leaf(a), Tree::Leaf(b)) => a == b,
            (Tree::Leaf(a), Tree::Split { outcomes, .. }) | (Tree::Split { outcomes, .. }, Tree::Leaf(a)) => {
                outcomes.contains(a)
            }
            (Tree::Split { outcomes: a, .. }, Tree::Split { outcomes: b, .. }) => !a.is_disjoint(b),
        }
    }
}

/// What a function of the world says in every world.
pub(super) fn all_worlds<T: Ord + Clone>(
    case: &Case<'_>,
    of: &dyn Fn(&World<'_, '_>) -> Asked<T>,
) -> Result<Tree<T>, Stop> {
    grow(case, &Assignment::new(), &mut Assignment::new(), of, &|_| false)
}

/// The tree of the worlds that agree with `own` and `given`. A question for a
/// fact that is `refused` is not split but handed back.
pub(super) fn grow<T: Ord + Clone>(
    case: &Case<'_>,
    own: &Assignment,
    given: &mut Assignment,
    of: &dyn Fn(&World<'_, '_>) -> Asked<T>,
    refused: &dyn Fn(&Key) -> bool,
) -> Result<Tree<T>, Stop> {
    case.spend()?;
    let (key, cells) = {
        let world = World::said(case, given, own);
        let key = match of(&world) {
            Ok(outcome) => return Ok(Tree::Leaf(outcome)),
            Err(Stop::Ask(key)) if !refused(&key) => key,
            Err(Stop::TellApart(list)) => {
                case.learn_kinds(&list.0, list.1)?;
                return grow(case, own, given, of, refused);
            }
            Err(stop) => return Err(stop),
        };
        let cells = world.cells(&key)?;
        (key, cells)
    };
    let mut cases = Vec::with_capacity(cells.len());
    for cell in cells.iter() {
        given.insert((*key).clone(), cell.clone());
        let tree = grow(case, own, given, of, refused);
        given.remove(&*key);
        cases.push((cell.clone(), tree?));
    }
    if cases.windows(2).all(|pair| pair[0].1 == pair[1].1)
        && let Some((_, tree)) = cases.pop()
    {
        return Ok(tree);
    }
    let outcomes = cases.iter().flat_map(|(_, tree)| tree.outcomes()).collect();
    Ok(Tree::Split { key, cases, outcomes })
}

/// The facts in which alone two worlds with different outcomes differ.
///
/// Two such worlds take the same way down the tree until the fact is asked
/// for; so it is enough to compare the cases of each split with each other.
pub(super) fn missing<T: Ord + Clone>(case: &Case<'_>, tree: &Tree<T>) -> Result<BTreeSet<FactPath>, Stop> {
    let mut missing = BTreeSet::new();
    look_for_missing(case, tree, &mut BTreeMap::new(), &mut missing)?;
    if missing.is_empty() && tree.only_outcome().is_none() {
        // No fact alone changes the outcome. Item and code are the only facts
        // that are not independent: none of the possible codes of one item is
        // possible with the other, so they change together, or not at all.
        case.goods_together.set(true);
        let found = look_for_missing(case, tree, &mut BTreeMap::new(), &mut missing);
        case.goods_together.set(false);
        found?;
        missing.extend(case.goods_keys().iter().map(|key| key.path(case)));
    }
    Ok(case.question.told_by(missing))
}

fn look_for_missing<T: Ord + Clone>(
    case: &Case<'_>,
    tree: &Tree<T>,
    fixed: &mut BTreeMap<Key, Cell>,
    missing: &mut BTreeSet<FactPath>,
) -> Result<(), Stop> {
    let Tree::Split { key, cases, outcomes } = tree else { return Ok(()) };
    if outcomes.len() < 2 {
        return Ok(());
    }
    let fact = key.path(case);
    if !missing.contains(&fact) && some_two_differ(case, key, &fact, cases, fixed)? {
        missing.insert(fact);
    }
    for (cell, tree) in cases {
        fixed.insert((**key).clone(), cell.clone());
        look_for_missing(case, tree, fixed, missing)?;
        fixed.remove(&**key);
    }
    Ok(())
}

fn some_two_differ<T: Ord + Clone>(
    case: &Case<'_>,
    key: &Key,
    fact: &FactPath,
    cases: &[(Cell, Tree<T>)],
    fixed: &mut BTreeMap<Key, Cell>,
) -> Result<bool, Stop> {
    for (at, (left_cell, left)) in cases.iter().enumerate() {
        for (right_cell, right) in &cases[at + 1..] {
            if left == right {
                continue;
            }
            // An item and an HS code are not independent: the two worlds must
            // have a code in common that is possible with both items.
            let differ = match case.codes_possible_with_both(key, left_cell, right_cell) {
                None => differ(case, fact, left, right, fixed)?,
                Some((code_key, codes)) => {
                    let mut found = false;
                    for code in codes {
                        fixed.insert(code_key.clone(), code);
                        found = found || differ(case, fact, left, right, fixed)?;
                        fixed.remove(&code_key);
                    }
                    found
                }
            };
            if differ {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether a world of `left` and a world of `right` that agree on every fact
/// but `fact` have different outcomes.
fn differ<T: Ord + Clone>(
    case: &Case<'_>,
    fact: &FactPath,
    left: &Tree<T>,
    right: &Tree<T>,
    fixed: &mut BTreeMap<Key, Cell>,
) -> Result<bool, Stop> {
    case.step()?;
    if !left.shares_outcome(right) {
        return Ok(true);
    }
    if left.only_outcome().is_some() && left.only_outcome() == right.only_outcome() {
        return Ok(false);
    }
    let (key, cases, other, left_is_split) = match (left, right) {
        (Tree::Split { key, cases, .. }, other) => (key, cases, other, true),
        (other, Tree::Split { key, cases, .. }) => (key, cases, other, false),
        (Tree::Leaf(a), Tree::Leaf(b)) => return Ok(a != b),
    };
    let go_on = |tree: &Tree<T>, fixed: &mut BTreeMap<Key, Cell>| {
        if left_is_split { differ(case, fact, tree, other, fixed) } else { differ(case, fact, other, tree, fixed) }
    };
    if let Some(chosen) = fixed.get(&**key) {
        return match cases.iter().find(|(cell, _)| cell == chosen) {
            Some((_, tree)) => go_on(tree, fixed),
            // The code is not possible with this item.
            None => Ok(false),
        };
    }
    let shared = key.path(case) != *fact && !case.follows(key, fact);
    for (cell, tree) in cases {
        if shared {
            fixed.insert((**key).clone(), cell.clone());
        }
        let found = go_on(tree, fixed);
        if shared {
            fixed.remove(&**key);
        }
        if found? {
            return Ok(true);
        }
    }
    Ok(false)
}
