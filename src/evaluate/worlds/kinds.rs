//! The kinds of records that a list of which nothing is known may hold.
//!
//! Nothing is known of such a record either: settled in every way, it answers what is asked of the list in this way or in
//! that. Records that answer alike are of one kind, and how many there are of each kind is all that the list can say.
//! There are very many kinds, but few that say something of their own: where it is only asked whether there is a record,
//! one that answers two questions is worth no more than two that answer one each.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::FxHashSet as HashSet;

use crate::check::program::{FieldId, RecordId};
use crate::diagram::table::{NO, OverBudget, Ref, Table, Var, YES};
use crate::facts::question::Facts;

use super::tested::{Body, FieldOf};
use super::{DEPTHS, Done, Rep, Site, Worlds};

/// What a list of which nothing is known may hold.
#[derive(Debug, Clone)]
pub(super) struct Kinds {
    /// A diagram whose leaf is the number of such records, and the different answers.
    pub kinds: Vec<(Ref, Vec<Ref>)>,
    /// By line that shares the list: which of the answers each body and each cover has there.
    pub of_line: BTreeMap<usize, Vec<usize>>,
}

/// What records of one kind answer to each question that is asked of their list.
type Kind = Vec<Ref>;

/// Nodes of the limit of a question for each step in which a fact of such a record is settled.
const NODES_PER_STEP: usize = 8;

impl<'a> Worlds<'a> {
    pub(super) fn kinds(&mut self, site: &Site<'a>, record: RecordId, field: FieldId, inner: RecordId) -> Done<Kinds> {
        let key = (self.key(site, field), field);
        if let Some(known) = self.lists.get(&key) {
            return Ok(known.clone());
        }
        let depth = self.depth(site);
        if depth + 1 >= DEPTHS {
            return Err(OverBudget);
        }
        // What is asked of one of these records may ask about all of them: then how many there are of a kind has no end.
        if !self.telling.insert(key.clone()) {
            return Err(OverBudget);
        }
        let kinds = self.tell_kinds(site, (record, field), inner, depth);
        self.telling.remove(&key);
        let kinds = kinds?;
        self.lists.insert(key, kinds.clone());
        Ok(kinds)
    }

    fn tell_kinds(&mut self, site: &Site<'a>, list: FieldOf, inner: RecordId, depth: usize) -> Done<Kinds> {
        let (record, field) = list;
        self.records += 1;
        let lines = self.seen_by(site, field);
        let here = Site::Any { id: self.records, record: inner, depth: depth + 1, lines: lines.clone() };
        let (bodies, most) = self.tested.bodies.get(&(record, field)).cloned().unwrap_or_default();
        let covers = self.covered_records(record, field);
        // Every record answers that there is one. Besides, it is one list for all lines, and its records may answer
        // differently on each.
        let mut asked = vec![YES];
        let mut of_line = BTreeMap::new();
        for &line in lines.iter() {
            let here = self.on_line(line, |worlds| worlds.answers(&here, inner, &bodies, &covers))?;
            let at = here.into_iter().map(|answer| {
                asked.iter().position(|known| *known == answer).unwrap_or_else(|| {
                    asked.push(answer);
                    asked.len() - 1
                })
            });
            of_line.insert(line, at.collect());
        }
        let most = most.max(1);
        let mut telling = Telling::new(&self.table, Self::first_of(depth));
        let kinds = if most == 1 { telling.least_kinds(&asked)? } else { telling.all_kinds(asked)? };
        let path = self.path(site, field, None, None);
        let mut all = Vec::new();
        for answers in kinds {
            let values = (0..=most).map(Rep::Count).collect();
            let var = self.fresh(depth, vec![path.clone()], values);
            let count = self.table.make(var, &(0..=most).map(Ref::leaf).collect::<Vec<_>>())?;
            all.push((count, answers));
        }
        Ok(Kinds { kinds: all, of_line })
    }

    /// The lines that have a list in common with the one at hand. Only quotas look at other lines than their own.
    fn seen_by(&self, site: &Site<'_>, field: FieldId) -> Rc<[usize]> {
        let top = match site {
            Site::Any { lines, .. } => return lines.clone(),
            Site::Activity => field,
            Site::Stated { place, .. } => place.steps.first().map_or(field, |(list, _)| *list),
        };
        let lines = &self.question.lines;
        if self.tested.quotas.is_empty() || lines[self.line].own.contains(&top) {
            return Rc::new([self.line]);
        }
        (0..lines.len()).filter(|line| !lines[*line].own.contains(&top)).collect()
    }

    /// What a record answers on the line at hand: to each body, and whether each cover fits it.
    fn answers(&mut self, here: &Site<'a>, record: RecordId, bodies: &[Body], covers: &[&'a Facts]) -> Done<Kind> {
        let mut answers = Vec::new();
        for (role, body) in bodies {
            answers.push(self.body(here, record, role.as_ref(), body)?);
        }
        for covers in covers {
            answers.push(self.covered_record(here, record, covers)?);
        }
        Ok(answers)
    }
}

/// Records being told apart.
struct Telling<'t> {
    table: &'t Table,
    /// The first variable that is not of the record itself.
    outside: Var,
    /// Steps that are left.
    left: usize,
    /// What was settled further already.
    seen: HashSet<Kind>,
}

impl Telling<'_> {
    fn new(table: &Table, outside: Var) -> Telling<'_> {
        Telling { table, outside, left: table.limit() / NODES_PER_STEP, seen: HashSet::default() }
    }

    /// All kinds there are.
    fn all_kinds(&mut self, asked: Kind) -> Done<BTreeSet<Kind>> {
        self.seen.clear();
        let mut found = BTreeSet::new();
        let mut left = vec![asked];
        while let Some(kind) = left.pop() {
            if !self.is_new(&kind)? {
                continue;
            }
            match self.next(&kind) {
                Some(settled) => left.extend(settled),
                None => drop(found.insert(kind)),
            }
        }
        Ok(found)
    }

    /// As many kinds as say, together, what all kinds say of whether there is a record.
    ///
    /// A list answers what its records answer together. A kind that answers a question may be replaced by a lesser one that
    /// answers it in the same way, beside others that do so for what else it answers: of those that answer a question in
    /// some way the least are enough.
    fn least_kinds(&mut self, asked: &Kind) -> Done<BTreeSet<Kind>> {
        let mut all = BTreeSet::new();
        for of in 0..asked.len() {
            let ways = self.all_kinds(vec![asked[of]])?.into_iter().flatten().filter(|way| *way != NO).collect();
            let mut search = Search { of, ways, found: Vec::new() };
            self.seen.clear();
            self.least(asked.clone(), &mut search)?;
            all.extend(search.found);
        }
        Ok(all)
    }

    /// Finds the least of the kinds that do not deny a question.
    fn least(&mut self, kind: Kind, search: &mut Search) -> Done<()> {
        let of = search.of;
        let is_open = self.table.node(kind[of]).is_some_and(|(var, _)| var < self.outside);
        let ways = if is_open { &search.ways } else { &kind[of..=of] };
        let is_known = |way: &Ref| search.found.iter().any(|known| known[of] == *way && search.is_within(known, &kind));
        if kind[of] == NO || ways.iter().all(is_known) || !self.is_new(&kind)? {
            return Ok(());
        }
        let Some(mut settled) = self.next(&kind) else {
            search.found.retain(|known| known[of] != kind[of] || !is_within(&kind, known));
            search.found.push(kind);
            return Ok(());
        };
        // What says less comes first: most of what says more need not be settled any further then.
        settled.sort_by_cached_key(|kind| kind.iter().filter(|answer| **answer != NO).count());
        let mut least: Vec<Kind> = Vec::new();
        for kind in settled {
            if !least.iter().any(|known| known[of] == kind[of] && is_within(known, &kind)) {
                least.push(kind);
            }
        }
        least.into_iter().try_for_each(|kind| self.least(kind, search))
    }

    /// The answers for each value of the first fact of the record itself on which they depend.
    fn next(&self, kind: &Kind) -> Option<Vec<Kind>> {
        let nodes = kind.iter().filter_map(|&at| self.table.node(at));
        let first = nodes.map(|(var, children)| (var, children.len())).min();
        let (var, width) = first.filter(|(var, _)| *var < self.outside)?;
        let with = |value| kind.iter().map(|&at| self.table.child(at, var, value)).collect();
        Some((0..width).map(with).collect())
    }

    /// Whether what some record answers was not settled further before.
    fn is_new(&mut self, kind: &Kind) -> Done<bool> {
        if !self.seen.insert(kind.clone()) {
            return Ok(false);
        }
        self.left = self.left.checked_sub(1).ok_or(OverBudget)?;
        Ok(true)
    }
}

/// The least kinds are looked for among those that do not deny one question.
struct Search {
    of: usize,
    /// What records may answer to it, but for no.
    ways: Vec<Ref>,
    found: Vec<Kind>,
}

impl Search {
    /// Whether another kind answers all that one answers, but for the question at hand.
    fn is_within(&self, less: &Kind, more: &Kind) -> bool {
        is_within(&less[..self.of], &more[..self.of]) && is_within(&less[self.of + 1..], &more[self.of + 1..])
    }
}

/// Whether all that one kind answers another answers too, whatever is still open of both.
fn is_within(less: &[Ref], more: &[Ref]) -> bool {
    less.iter().zip(more).all(|(less, more)| *less == NO || less == more || *more == YES)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Facts of a record, and after them facts of what it is in.
    const INSIDE: u32 = 4;
    const OUTSIDE: u32 = 2;

    /// A condition: tests of some facts, each joined to those before it by *and* or by *or*.
    fn condition(table: &mut Table, tests: &[(u32, [bool; 3], bool)]) -> Ref {
        let mut all = NO;
        for &(var, holds, both) in tests {
            let test = table.test(Var(var), holds).expect("small");
            all = if both { table.and(all, test) } else { table.or(all, test) }.expect("small");
        }
        all
    }

    /// All that lists of these kinds may answer where the facts outside are as given.
    fn lists(table: &mut Table, kinds: &BTreeSet<Kind>, outside: &[usize]) -> BTreeSet<Vec<bool>> {
        let mut answers: BTreeSet<Vec<bool>> = BTreeSet::new();
        for kind in kinds {
            let fixed = |var: Var| Some(outside[(var.0 - INSIDE) as usize]);
            let of_kind: Vec<bool> = kind.iter().map(|at| table.restrict(*at, &fixed).expect("small") == YES).collect();
            let together = |other: &Vec<bool>| other.iter().zip(&of_kind).map(|(one, two)| *one | *two).collect();
            let more: Vec<Vec<bool>> = answers.iter().map(together).collect();
            answers.extend(more);
            answers.insert(of_kind);
        }
        answers
    }

    proptest! {
        #[test]
        fn the_least_kinds_say_what_all_kinds_say(
            asked in prop::collection::vec(
                prop::collection::vec((0..INSIDE + OUTSIDE, any::<[bool; 3]>(), any::<bool>()), 1..5), 1..6),
        ) {
            let mut table = Table::new(100_000);
            let mut questions = vec![YES];
            questions.extend(asked.iter().map(|tests| condition(&mut table, tests)));
            let all = Telling::new(&table, Var(INSIDE)).all_kinds(questions.clone()).expect("small");
            let least = Telling::new(&table, Var(INSIDE)).least_kinds(&questions).expect("small");
            prop_assert!(least.is_subset(&all));
            for pick in 0..9 {
                let outside = [pick % 3, pick / 3];
                prop_assert_eq!(lists(&mut table, &least, &outside), lists(&mut table, &all, &outside));
            }
        }
    }
}
