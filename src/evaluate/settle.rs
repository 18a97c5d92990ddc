//! Which answers would settle an open question: the smallest sets of facts that, answered so, leave one verdict.
//!
//! All other facts are taken out of the verdict's diagram: where their values lead to different verdicts, a place is open.
//! What is left tells for each combination of answers whether it settles.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap as HashMap;

use crate::check::program::{FieldId, NormId, RecordId};
use crate::diagram::table::{OverBudget, Ref, Table, Var};
use crate::facts::path::FactPath;
use crate::facts::question::Question;
use crate::value::Verdict;

use super::decide::{Compiled, Granted};
use super::find::{Found, find};
use super::worlds::{Mode, Rep, Worlds, roots};

/// Answers that settle the verdict.
#[derive(Debug, Clone)]
pub(crate) struct Settle {
    pub verdict: Verdict,
    pub given: Vec<Given>,
}

/// The answers to one fact that are part of it.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    /// One fact, or the two facts of goods.
    pub paths: Vec<FactPath>,
    /// All values of the fact that are told apart, and whether each will do.
    pub choices: Vec<(Choice, bool)>,
    /// Of a fact whose values are terms: for each term whether it will do.
    pub terms: Option<Vec<bool>>,
}

impl Settle {
    /// Takes in what another says, if the two differ in the terms of one fact at most. Where nothing is the answer too,
    /// they stay apart.
    pub fn join(&mut self, other: &Settle) -> bool {
        let is_alike = self.verdict == other.verdict && self.given.len() == other.given.len();
        if !is_alike || self.given.iter().zip(&other.given).any(|(one, two)| one.paths != two.paths) {
            return false;
        }
        let pairs = || self.given.iter().zip(&other.given).enumerate();
        let differ: Vec<usize> = pairs().filter(|(_, (one, two))| !one.says_as(two)).map(|(at, _)| at).collect();
        let [at] = differ[..] else { return differ.is_empty() };
        let (one, two) = (&mut self.given[at], &other.given[at]);
        if one.has_none() || two.has_none() {
            return false;
        }
        let (Some(terms), Some(more)) = (&mut one.terms, &two.terms) else { return false };
        terms.iter_mut().zip(more).for_each(|(term, other)| *term |= other);
        true
    }
}

impl Settle {
    /// Whether whoever answers so has answered as another set asks, too.
    pub fn says_more_than(&self, other: &Settle) -> bool {
        let is_said = |wanted: &Given| self.given.iter().any(|given| given.is_within(wanted));
        self.verdict == other.verdict && self.given.len() > other.given.len() && other.given.iter().all(is_said)
    }
}

impl Given {
    fn is_within(&self, other: &Given) -> bool {
        let terms = || Some(self.terms.as_ref()?.iter().zip(other.terms.as_ref()?));
        let is_within = || match terms() {
            Some(mut pairs) => pairs.all(|(mine, theirs)| !mine || *theirs) && (!self.has_none() || other.has_none()),
            None => self.choices == other.choices,
        };
        self.paths == other.paths && is_within()
    }

    /// Whether the same answers will do.
    fn says_as(&self, other: &Given) -> bool {
        match (&self.terms, &other.terms) {
            (Some(one), Some(two)) => one == two && self.has_none() == other.has_none(),
            _ => self.choices == other.choices,
        }
    }

    /// Whether *none* will do: in all ways there are for it to be none, of goods with whatever code.
    fn has_none(&self) -> bool {
        let is_none = |choice: &Choice| {
            matches!(choice, Choice::Empty | Choice::Value(Rep::None) | Choice::Value(Rep::Goods(None, _)))
        };
        let mut nones = self.choices.iter().filter(|(choice, _)| is_none(choice)).peekable();
        nones.peek().is_some() && nones.all(|(_, will_do)| *will_do)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Choice {
    Value(Rep),
    /// An empty list, or one with nothing in it that matters.
    Empty,
    /// A list with this element.
    One(Rep),
}

/// What was found, and whether all that there is among the smallest was.
pub(crate) type Shortest = (Vec<Settle>, bool);

/// As many sets as are looked for.
const MOST: usize = 8;
/// Combinations of facts that are tried.
const MOST_TRIED: usize = 4_000;
/// Combinations of answers that are tried of each.
const MOST_ANSWERS: usize = 20_000;
/// The leaf of what other facts still decide.
const OPEN: u32 = Verdict::ALL.len() as u32;

/// A fact with the values it may have, each as values of variables.
struct Group {
    paths: Vec<FactPath>,
    vars: BTreeSet<Var>,
    choices: Vec<(Choice, Vec<(Var, usize)>)>,
}

impl<'a> Compiled<'a> {
    /// The smallest sets of answers that settle a question. Of a consignment of several lines none are looked for.
    pub fn settling(&self, question: &'a Question, granted: &'a Granted) -> Shortest {
        if question.lines.len() != 1 {
            return (Vec::new(), false);
        }
        let mode = Mode { complete: question.complete, presume: true, rough: false };
        let found = self.on_line(question, 0, mode, granted, |coded| find(self.norms, self.rules, self.index, coded));
        let Found::Open(ids) = found else { return (Vec::new(), true) };
        let mut worlds = self.local(question, 0, mode, granted, &ids);
        let mut settling = Vec::new();
        let all = self.settle(&mut worlds, &ids, &mut settling).unwrap_or(false);
        (settling, all)
    }

    /// Sets of answers after which one norm prohibits by itself, whatever the others say; of each norm the smallest, the
    /// smallest first. For questions over their budget: one norm asks for little, so that it can be looked at exactly.
    pub fn prohibiting(&self, question: &'a Question, granted: &'a Granted) -> Vec<Settle> {
        if question.lines.len() != 1 {
            return Vec::new();
        }
        let mode = Mode { complete: question.complete, presume: true, rough: false };
        let ids = self.on_line(question, 0, mode, granted, |coded| self.reaching(coded));
        let mut settling: Vec<Settle> = Vec::new();
        for id in ids {
            let mut worlds = self.local(question, 0, mode, granted, &[id]);
            let Ok(verdict) = self.verdict(&mut worlds, &[id]) else { continue };
            let prohibited = Verdict::Prohibited as u32;
            let only_that = |leaf: u32| if leaf == prohibited { leaf } else { OPEN };
            let Ok(verdict) = worlds.table.map(verdict, &mut { only_that }) else { continue };
            let mut of_norm = Vec::new();
            // What was found before the budget ended is found.
            let _ = self.smallest(&mut worlds, verdict, &mut of_norm, 1);
            settling.extend(of_norm);
        }
        settling.sort_by_key(|settle| settle.given.len());
        settling
    }

    fn settle(&self, worlds: &mut Worlds<'a>, ids: &[NormId], settling: &mut Vec<Settle>) -> Result<bool, OverBudget> {
        let verdict = self.verdict(worlds, ids)?;
        self.smallest(worlds, verdict, settling, MOST)
    }

    /// The smallest sets for the verdict of a diagram, until there are `enough`.
    fn smallest(
        &self,
        worlds: &mut Worlds<'a>,
        verdict: Ref,
        settling: &mut Vec<Settle>,
        enough: usize,
    ) -> Result<bool, OverBudget> {
        let groups = self.groups(worlds, verdict);
        let mut tried = 0;
        let mut left: HashMap<Vec<usize>, Ref> = HashMap::default();
        for size in 1..=groups.len() {
            for chosen in combinations(groups.len(), size) {
                tried += 1;
                if tried > MOST_TRIED {
                    return Ok(false);
                }
                let vars: BTreeSet<Var> = chosen.iter().flat_map(|at| groups[*at].vars.iter().copied()).collect();
                let dd = only(&mut worlds.table, verdict, &vars, &mut HashMap::default())?;
                left.insert(chosen.clone(), dd);
                let answers: usize = chosen.iter().map(|at| groups[*at].choices.len()).product();
                if worlds.table.leaves(dd).iter().all(|leaf| *leaf == OPEN) || answers > MOST_ANSWERS {
                    continue;
                }
                let found = settled(&worlds.table, &groups, &chosen, &left);
                for (verdict, answers) in found {
                    for answers in boxes(answers, &groups, &chosen) {
                        let given = chosen
                            .iter()
                            .zip(&answers)
                            .map(|(at, will_do)| given(worlds, &groups[*at], will_do, chosen.len() == 1));
                        settling.push(Settle { verdict, given: given.collect() });
                    }
                }
                if settling.len() >= MOST && size > 1 {
                    break;
                }
            }
            if settling.len() >= enough {
                break;
            }
        }
        Ok(true)
    }

    /// The facts on which the verdict depends, best question first.
    fn groups(&self, worlds: &mut Worlds<'a>, verdict: Ref) -> Vec<Group> {
        let elements = worlds.element_of_var();
        let mut by_paths: BTreeMap<Vec<FactPath>, BTreeSet<Var>> = BTreeMap::new();
        for at in worlds.table.reachable(verdict) {
            if let Some((var, _)) = worlds.table.node(at) {
                by_paths.entry(worlds.info(var).paths.clone()).or_default().insert(var);
            }
        }
        let order = self.ordered_missing(worlds, verdict);
        let rank = |group: &Group| order.iter().position(|path| group.paths.contains(path)).unwrap_or(order.len());
        let group = |(paths, vars): (Vec<FactPath>, BTreeSet<Var>)| {
            let choices = choices(worlds, &vars, &elements);
            Group { paths, vars, choices }
        };
        let mut groups: Vec<Group> = by_paths.into_iter().map(group).collect();
        groups.sort_by_key(rank);
        groups
    }
}

/// The values of the variables of one fact.
fn choices(
    worlds: &Worlds<'_>,
    vars: &BTreeSet<Var>,
    elements: &HashMap<Var, Rep>,
) -> Vec<(Choice, Vec<(Var, usize)>)> {
    let is_count = |var: &Var| worlds.info(*var).values.first() == Some(&Rep::Count(0));
    if let [var] = vars.iter().copied().collect::<Vec<_>>()[..]
        && !is_count(&var)
    {
        let values = worlds.info(var).values.iter().enumerate();
        return values.map(|(at, rep)| (Choice::Value(rep.clone()), vec![(var, at)])).collect();
    }
    if !vars.iter().all(is_count) {
        return Vec::new();
    }
    let none: Vec<(Var, usize)> = vars.iter().map(|var| (*var, 0)).collect();
    let one = |var: &Var| {
        let rep = elements.get(var)?;
        let with = none.iter().map(|(at, value)| (*at, if at == var { 1 } else { *value })).collect();
        Some((Choice::One(rep.clone()), with))
    };
    std::iter::once((Choice::Empty, none.clone())).chain(vars.iter().filter_map(one)).collect()
}

/// The diagram with all other variables taken out: open where they matter.
fn only(table: &mut Table, dd: Ref, vars: &BTreeSet<Var>, memo: &mut HashMap<Ref, Ref>) -> Result<Ref, OverBudget> {
    let Some((var, children)) = table.node(dd) else { return Ok(dd) };
    if let Some(&known) = memo.get(&dd) {
        return Ok(known);
    }
    let mut left = Vec::with_capacity(children.len());
    let children = children.to_vec();
    for child in children {
        left.push(only(table, child, vars, memo)?);
    }
    let made = if vars.contains(&var) {
        table.make(var, &left)?
    } else {
        let mut all = left[0];
        for &other in &left[1..] {
            all = table.apply(all, other, &mut |a, b| if a == b { a } else { OPEN })?;
        }
        all
    };
    memo.insert(dd, made);
    Ok(made)
}

/// The combinations of answers to the chosen facts that settle, and of which no part does.
fn settled(
    table: &Table,
    groups: &[Group],
    chosen: &[usize],
    left: &HashMap<Vec<usize>, Ref>,
) -> BTreeMap<Verdict, BTreeSet<Vec<usize>>> {
    let mut found: BTreeMap<Verdict, BTreeSet<Vec<usize>>> = BTreeMap::new();
    let parts: Vec<Vec<usize>> = (0..chosen.len())
        .map(|out| chosen.iter().enumerate().filter(|(at, _)| *at != out).map(|(_, group)| *group).collect())
        .filter(|part: &Vec<usize>| !part.is_empty())
        .collect();
    let mut answers = vec![0; chosen.len()];
    loop {
        let mut values: HashMap<Var, usize> = HashMap::default();
        let is_one = chosen.iter().zip(&answers).all(|(group, answer)| {
            let choice = groups[*group].choices.get(*answer);
            choice.is_some_and(|(_, with)| {
                values.extend(with.iter().copied());
                true
            })
        });
        let leaf = leaf(table, left[chosen], &values);
        let no_part = || parts.iter().all(|part| leaf_is_open(table, left.get(part), &values));
        if is_one && leaf != OPEN && no_part() {
            found.entry(Verdict::ALL[leaf as usize]).or_default().insert(answers.clone());
        }
        let Some(next) = (0..answers.len()).rev().find(|at| answers[*at] + 1 < groups[chosen[*at]].choices.len())
        else {
            return found;
        };
        answers[next] += 1;
        answers[next + 1..].fill(0);
    }
}

fn leaf_is_open(table: &Table, dd: Option<&Ref>, values: &HashMap<Var, usize>) -> bool {
    dd.is_none_or(|dd| leaf(table, *dd, values) == OPEN)
}

fn leaf(table: &Table, mut dd: Ref, values: &HashMap<Var, usize>) -> u32 {
    while let Some((var, children)) = table.node(dd) {
        let Some(value) = values.get(&var) else { return OPEN };
        dd = children[*value];
    }
    dd.as_leaf().unwrap_or(OPEN)
}

/// Puts combinations together: any answer to one fact goes with any to the others.
fn boxes(mut answers: BTreeSet<Vec<usize>>, groups: &[Group], chosen: &[usize]) -> Vec<Vec<BTreeSet<usize>>> {
    let mut boxes = Vec::new();
    while let Some(first) = answers.first().cloned() {
        let mut will_do: Vec<BTreeSet<usize>> = first.iter().map(|answer| BTreeSet::from([*answer])).collect();
        for (at, group) in chosen.iter().enumerate() {
            for answer in 0..groups[*group].choices.len() {
                let mut with = will_do.clone();
                with[at] = BTreeSet::from([answer]);
                if products(&with).iter().all(|one| answers.contains(one)) {
                    will_do[at].insert(answer);
                }
            }
        }
        for one in products(&will_do) {
            answers.remove(&one);
        }
        boxes.push(will_do);
    }
    boxes
}

fn products(of: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    of.iter().fold(vec![Vec::new()], |all, some| {
        all.iter().flat_map(|begun| some.iter().map(|one| begun.iter().copied().chain([*one]).collect())).collect()
    })
}

/// The sets of so many of the first numbers, in order.
fn combinations(of: usize, size: usize) -> impl Iterator<Item = Vec<usize>> {
    let mut next: Option<Vec<usize>> = (size <= of).then(|| (0..size).collect());
    std::iter::from_fn(move || {
        let now = next.take()?;
        let mut then = now.clone();
        if let Some(at) = (0..size).rev().find(|at| then[*at] < of - size + at) {
            then[at] += 1;
            for after in at + 1..size {
                then[after] = then[after - 1] + 1;
            }
            next = Some(then);
        }
        Some(now)
    })
}

/// Answers to one fact; `alone` where it is the only one that is asked.
fn given(worlds: &Worlds<'_>, group: &Group, will_do: &BTreeSet<usize>, alone: bool) -> Given {
    let choices = group.choices.iter().enumerate().map(|(at, (choice, _))| (choice.clone(), will_do.contains(&at)));
    let choices: Vec<(Choice, bool)> = choices.collect();
    Given { paths: group.paths.clone(), terms: worlds.terms_that_do(&group.paths[0], &choices, alone), choices }
}

impl Worlds<'_> {
    /// Of a fact whose values are terms: for each term whether all that it may stand for will do.
    fn terms_that_do(&self, path: &FactPath, choices: &[(Choice, bool)], alone: bool) -> Option<Vec<bool>> {
        let of: (RecordId, FieldId) = match path {
            FactPath::Field { .. } => path.field(self.program())?,
            _ => return None,
        };
        let mut known: BTreeMap<u32, bool> = BTreeMap::new();
        for (choice, will_do) in choices {
            let (Choice::Value(rep) | Choice::One(rep)) = choice else { continue };
            let term = match rep {
                Rep::Term(term) | Rep::Goods(Some(term), _) => *term,
                Rep::Reference(crate::facts::question::Reference::Country(term)) => *term,
                _ => continue,
            };
            *known.entry(term).or_insert(true) &= will_do;
        }
        let empty = choices.iter().any(|(choice, will_do)| *choice == Choice::Empty && *will_do);
        // Where facts are compared, a value that is stated of another one is unlike those of which nobody speaks; these are all alike,
        // unless the other fact is to be answered too.
        let (roots, stated) = match self.taxonomy_of(of) {
            Some(taxonomy) if alone && self.is_compared(of) => {
                (roots(&self.program().schema.taxonomies[taxonomy.at()]), self.stated_places(taxonomy))
            }
            _ => Default::default(),
        };
        let is_of_stated = |term: u32| roots.get(term as usize).filter(|root| stated.contains(root)).copied();
        let class = |term: u32| (self.term_signature(of, term), is_of_stated(term));
        let mut by_class: BTreeMap<_, bool> = BTreeMap::new();
        for (term, will_do) in known.iter().filter(|(term, _)| !stated.contains(term)) {
            *by_class.entry(class(*term)).or_insert(true) &= will_do;
        }
        let count = self.terms_of(of)?;
        let will_do = |term: u32| {
            let alike = || by_class.get(&class(term)).copied();
            known.get(&term).copied().or_else(alike).unwrap_or(empty)
        };
        Some((0..count).map(will_do).collect())
    }
}
