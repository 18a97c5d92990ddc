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
use crate::diagram::table::{NO, OverBudget, Ref, Var, YES};
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
        let left = self.limit / NODES_PER_STEP;
        let mut telling = Telling { outside: Self::first_of(depth), left, seen: HashSet::default() };
        let kinds =
            if most == 1 { self.least_kinds(&asked, &mut telling)? } else { self.all_kinds(asked, &mut telling)? };
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

    /// All kinds there are.
    fn all_kinds(&mut self, asked: Kind, telling: &mut Telling) -> Done<BTreeSet<Kind>> {
        let mut found = BTreeSet::new();
        let mut left = vec![asked];
        while let Some(kind) = left.pop() {
            if !telling.is_new(&kind)? {
                continue;
            }
            match self.next(&kind, telling.outside) {
                Some(var) => left.extend(self.settled(&kind, var)),
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
    fn least_kinds(&mut self, asked: &Kind, telling: &mut Telling) -> Done<BTreeSet<Kind>> {
        let mut all = BTreeSet::new();
        for of in 0..asked.len() {
            telling.seen.clear();
            let mut ways = self.all_kinds(vec![asked[of]], telling)?;
            ways.remove(&vec![NO]);
            let mut search = Search { of, ways: ways.into_iter().flatten().collect(), found: Vec::new() };
            telling.seen.clear();
            self.least(asked.clone(), telling, &mut search)?;
            all.extend(search.found);
        }
        Ok(all)
    }

    /// Finds the least of the kinds that do not deny a question.
    fn least(&mut self, kind: Kind, telling: &mut Telling, search: &mut Search) -> Done<()> {
        let is_open = self.table.node(kind[search.of]).is_some_and(|(var, _)| var < telling.outside);
        let ways = if is_open { &search.ways } else { &kind[search.of..=search.of] };
        let is_known =
            |way: &Ref| search.found.iter().any(|known| known[search.of] == *way && search.is_within(known, &kind));
        if kind[search.of] == NO || ways.iter().all(is_known) || !telling.is_new(&kind)? {
            return Ok(());
        }
        let Some(var) = self.next(&kind, telling.outside) else {
            let Search { of, found, .. } = search;
            found.retain(|known| known[*of] != kind[*of] || !is_within(&kind, known));
            found.push(kind);
            return Ok(());
        };
        // What says less comes first: most of what says more need not be settled any further then.
        let mut settled = self.settled(&kind, var);
        settled.sort_by_cached_key(|kind| kind.iter().filter(|answer| **answer != NO).count());
        let mut least: Vec<Kind> = Vec::new();
        for kind in settled {
            if !least.iter().any(|known| known[search.of] == kind[search.of] && is_within(known, &kind)) {
                least.push(kind);
            }
        }
        least.into_iter().try_for_each(|kind| self.least(kind, telling, search))
    }

    /// The first fact of the record itself on which the answers depend.
    fn next(&self, kind: &Kind, outside: Var) -> Option<Var> {
        let tops = kind.iter().filter_map(|&at| self.table.node(at).map(|(var, _)| var));
        tops.min().filter(|&var| var < outside)
    }

    /// The answers for each value of a fact; no other that they depend on comes before it.
    fn settled(&self, kind: &Kind, var: Var) -> Vec<Kind> {
        let with = |value: usize| {
            let settle = |&at: &Ref| match self.table.node(at) {
                Some((here, children)) if here == var => children[value],
                _ => at,
            };
            kind.iter().map(settle).collect()
        };
        (0..self.infos[&var].values.len()).map(with).collect()
    }
}

/// Whether all that one kind answers another answers too, whatever is still open of both.
fn is_within(less: &[Ref], more: &[Ref]) -> bool {
    less.iter().zip(more).all(|(less, more)| *less == NO || less == more || *more == YES)
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

/// Records being told apart.
struct Telling {
    /// The first variable that is not of the record itself.
    outside: Var,
    /// Steps that are left.
    left: usize,
    /// What was settled further already.
    seen: HashSet<Kind>,
}

impl Telling {
    fn is_new(&mut self, kind: &Kind) -> Done<bool> {
        if !self.seen.insert(kind.clone()) {
            return Ok(false);
        }
        self.left = self.left.checked_sub(1).ok_or(OverBudget)?;
        Ok(true)
    }
}
