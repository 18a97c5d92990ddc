//! Deciding one question: find the norms that matter, then look at all worlds.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::Cond;
use crate::check::program::{Effect, ExitId, FieldId, NormId, Program, ReadingId, RecordId, RegimeId, Type};
use crate::diagram::index::Index;
use crate::diagram::rules::Rules;
use crate::diagram::standing::{Standing, Way, verdict_of};
use crate::diagram::table::{OverBudget, Ref};
use crate::facts::path::FactPath;
use crate::facts::question::Question;
use crate::facts::tape::Tape;
use crate::limits::Limits;
use crate::normal::{Norms, Requirement};
use crate::value::{Date, Verdict};

use super::answer::{Answer, Due, LineAnswer, NormAnswer, Possible, RegimeAnswer};
use super::coded::Coded;
use super::find::{Found, find};
use super::row::{Basis, Exits, FactRow, Fill, Reading, Stand, Tables};
use super::touched::touched;
use super::worlds::{Ground, Mode, Tested, Worlds};

/// A policy, ready to be asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Compiled<'a> {
    pub ground: Ground<'a>,
    pub norms: &'a Norms,
    pub rules: &'a Rules,
    pub tables: &'a Tables,
    pub index: &'a Index,
    /// The tests of all norms.
    pub tested: &'a Tested,
    pub limits: &'a Limits,
}

/// Requirements that a route takes as met.
pub(crate) type Granted = BTreeSet<(ExitId, usize)>;

impl<'a> Compiled<'a> {
    /// Decides a question as it was put.
    pub fn decide(&self, question: &'a Question, granted: &'a Granted) -> Answer {
        let mode = Mode { complete: question.complete, presume: true, rough: false };
        self.decide_in(question, mode, granted)
    }

    /// The open question without presumptions: what was assumed is missing there.
    pub fn decide_open(&self, question: &'a Question, granted: &'a Granted) -> Answer {
        self.decide_in(question, Mode { complete: false, presume: false, rough: false }, granted)
    }

    fn decide_in(&self, question: &'a Question, mode: Mode, granted: &'a Granted) -> Answer {
        let lines = 0..question.lines.len();
        Answer::of_lines(lines.map(|line| self.decide_line(question, line, mode, granted)).collect())
    }

    fn decide_line(&self, question: &'a Question, line: usize, mode: Mode, granted: &'a Granted) -> LineAnswer {
        self.on_line(question, line, mode, granted, |coded| match find(self.norms, self.rules, self.index, coded) {
            Found::Settled(outcome) => {
                let ids: Vec<NormId> = outcome.iter().map(|(id, _)| *id).collect();
                let mut worlds = self.local(question, line, mode, granted, &ids);
                let exact: Vec<(NormId, Ref)> =
                    outcome.iter().map(|(id, standing)| (*id, Ref::leaf(standing.leaf()))).collect();
                let all_due: Option<BTreeMap<NormId, Vec<Due>>> = outcome
                    .iter()
                    .map(|(id, standing)| {
                        Some((*id, due_of(self.ground.program, &mut worlds, &BTreeSet::from([*standing])).ok()?))
                    })
                    .collect();
                match (self.answer(&mut worlds, &exact, BTreeSet::new()), all_due) {
                    (Ok(mut answer), Some(all_due)) => {
                        for norm in &mut answer.norms {
                            norm.due = all_due[&norm.id].clone();
                        }
                        answer
                    }
                    _ => self.bounds(coded, &ids, question, line, mode),
                }
            }
            Found::Open(ids) => {
                let mut local = self.local(question, line, mode, granted, &ids);
                match self.exact(&mut local, &ids) {
                    Ok(answer) => answer,
                    Err(OverBudget) => self.bounds(coded, &ids, question, line, mode),
                }
            }
        })
    }

    /// What would be possible if one norm were not there, for each of some norms.
    pub fn possible_lacking(
        &self,
        question: &'a Question,
        granted: &'a Granted,
        each: &BTreeSet<NormId>,
    ) -> BTreeMap<NormId, Possible> {
        let mut lines = Vec::new();
        for line in 0..question.lines.len() {
            lines.push(self.possible_lacking_on(question, line, granted, each));
        }
        each.iter().map(|id| (*id, Possible::of_lines(lines.iter().map(|line| &line[id])))).collect()
    }

    fn possible_lacking_on(
        &self,
        question: &'a Question,
        line: usize,
        granted: &'a Granted,
        each: &BTreeSet<NormId>,
    ) -> BTreeMap<NormId, Possible> {
        let mode = Mode { complete: question.complete, presume: true, rough: false };
        self.on_line(question, line, mode, granted, |coded| {
            let ids = self.reaching(coded);
            let mut worlds = self.local(question, line, mode, granted, &ids);
            self.exact_lacking(&mut worlds, &ids, each).unwrap_or_else(|OverBudget| {
                let bounds = |id: &NormId| {
                    let rest: Vec<NormId> = ids.iter().copied().filter(|other| other != id).collect();
                    (*id, self.bounds(coded, &rest, question, line, mode).possible)
                };
                each.iter().map(bounds).collect()
            })
        })
    }

    fn exact_lacking(
        &self,
        worlds: &mut Worlds<'a>,
        ids: &[NormId],
        each: &BTreeSet<NormId>,
    ) -> Result<BTreeMap<NormId, Possible>, OverBudget> {
        let (standings, _) = self.standings(worlds, ids)?;
        let (asked, others): (Vec<_>, Vec<_>) = standings.into_iter().partition(|(id, _)| each.contains(id));
        let (base, _) = self.verdicts(worlds, &others)?;
        let mut lacking = BTreeMap::new();
        for id in each {
            let rest: Vec<_> = asked.iter().filter(|(other, _)| other != id).copied().collect();
            let (verdict, _) = self.verdicts(worlds, &rest)?;
            let verdict = worlds.table.max(base, verdict, Verdict::Prohibited as u32)?;
            lacking.insert(*id, possible(worlds, verdict));
        }
        Ok(lacking)
    }

    /// The norms that can reach a line.
    pub(super) fn reaching(&self, coded: &mut Coded<'_, 'a>) -> Vec<NormId> {
        match find(self.norms, self.rules, self.index, coded) {
            Found::Settled(outcome) => outcome.into_iter().map(|(id, _)| id).collect(),
            Found::Open(ids) => ids,
        }
    }

    /// How an exit may stand on some line.
    pub fn ways(&self, question: &'a Question, granted: &'a Granted, exit: ExitId) -> Vec<Way> {
        let mode = Mode { complete: question.complete, presume: true, rough: true };
        let of_line = |line| {
            self.on_line(question, line, mode, granted, |coded| {
                coded.ways(self.rules, exit).iter().collect::<Vec<Way>>()
            })
        };
        (0..question.lines.len()).flat_map(of_line).collect()
    }

    /// Days on which the answer to a question whose date is open may begin to be another one, in order; the first
    /// day of the calendar is among them. And whether days are compared with each other: then it may become another one
    /// near these days too.
    pub fn days(&self, question: &'a Question, granted: &'a Granted) -> (BTreeSet<Date>, bool) {
        let mode = Mode { complete: question.complete, presume: true, rough: false };
        let records = &self.ground.program.schema.records;
        let mut days = BTreeSet::from([Date::MIN]);
        let mut compared = false;
        for line in 0..question.lines.len() {
            let ids: Vec<NormId> = self.on_line(question, line, mode, granted, |coded| self.reaching(coded));
            days.extend(self.local(question, line, mode, granted, &ids).day_starts());
            let tested = Tested::of(self.ground.program, self.with_quota_norms(&ids));
            let is_date = |of: &(RecordId, FieldId)| records[of.0.at()].fields[of.1.at()].ty == Type::Date;
            compared |= tested.compared.iter().any(is_date);
        }
        (days, compared)
    }

    /// The worlds of a line, as far as some norms tell them apart.
    pub(super) fn local(
        &self,
        question: &'a Question,
        line: usize,
        mode: Mode,
        granted: &'a Granted,
        ids: &[NormId],
    ) -> Worlds<'a> {
        let tested = Tested::of(self.ground.program, self.with_quota_norms(ids));
        Worlds::new(self.ground, question, line, mode, granted, Cow::Owned(tested), self.limits.question_nodes)
    }

    /// Looks at a line slot by slot.
    pub(super) fn on_line<T>(
        &self,
        question: &'a Question,
        line: usize,
        mode: Mode,
        granted: &'a Granted,
        then: impl FnOnce(&mut Coded<'_, 'a>) -> T,
    ) -> T {
        self.on_line_as(question, line, mode, true, granted, then)
    }

    /// Likewise; disputed readings are open, or as the host chose.
    pub(super) fn on_line_as<T>(
        &self,
        question: &'a Question,
        line: usize,
        mode: Mode,
        weigh: bool,
        granted: &'a Granted,
        then: impl FnOnce(&mut Coded<'_, 'a>) -> T,
    ) -> T {
        let tape = Tape::of(&self.ground.program.schema, question, &question.lines[line]);
        let acts = !question.acts.is_empty();
        let how =
            Reading { complete: mode.complete, presume: mode.presume, fill: Fill::Open, acts, weigh, learning: false };
        let mut codes = vec![crate::diagram::code::Code::PENDING; self.rules.row_len()];
        let row = FactRow::new(self.basis(), &tape, how, &mut codes);
        let rest = (acts || !granted.is_empty() || question.lines.len() > 1).then(|| {
            let mode = Mode { rough: true, ..mode };
            Worlds::new(
                self.ground,
                question,
                line,
                mode,
                granted,
                Cow::Borrowed(self.tested),
                self.limits.question_nodes,
            )
        });
        then(&mut Coded::new(row, rest))
    }

    pub fn basis(&self) -> Basis<'a> {
        Basis { ground: self.ground, norms: self.norms, rules: self.rules, tables: self.tables }
    }

    /// The exits that can lift when some requirements are taken as met.
    pub(super) fn that_may_lift(
        &self,
        question: &'a Question,
        line: usize,
        exits: &BTreeSet<ExitId>,
        granted: &'a Granted,
    ) -> BTreeSet<ExitId> {
        let mode = Mode { complete: question.complete, presume: true, rough: true };
        let may_lift =
            |coded: &mut Coded<'_, 'a>, exit| coded.ways(self.rules, exit).iter().any(|way| way == Way::Lifts);
        self.on_line(question, line, mode, granted, |coded| {
            exits.iter().copied().filter(|exit| may_lift(coded, *exit)).collect()
        })
    }

    /// The worlds of every line, for telling what became of acts.
    pub fn worlds(&self, question: &'a Question, granted: &'a Granted) -> Vec<Worlds<'a>> {
        let mode = Mode { complete: question.complete, presume: true, rough: true };
        let limit = self.limits.question_nodes;
        let of_line = |line| Worlds::new(self.ground, question, line, mode, granted, Cow::Borrowed(self.tested), limit);
        (0..question.lines.len()).map(of_line).collect()
    }

    /// Whether a condition on the activity holds in every world of every line; `None` beyond the budget.
    pub fn holds(&self, question: &'a Question, cond: &Cond) -> Option<bool> {
        for line in 0..question.lines.len() {
            if !self.holds_on(question, line, cond)? {
                return Some(false);
            }
        }
        Some(true)
    }

    /// Whether a condition on the activity holds in every world of one line; `None` beyond the budget.
    pub(super) fn holds_on(&self, question: &'a Question, line: usize, cond: &Cond) -> Option<bool> {
        let mode = Mode { complete: question.complete, presume: true, rough: false };
        let granted = Granted::new();
        let mut tested = Tested::default();
        tested.add_condition(self.ground.program, cond);
        let mut worlds =
            Worlds::new(self.ground, question, line, mode, &granted, Cow::Owned(tested), self.limits.question_nodes);
        worlds.always(cond).ok()
    }

    /// The norms themselves and those whose lines count for a quota of one of their exits.
    pub fn with_quota_norms(&self, ids: &[NormId]) -> BTreeSet<NormId> {
        let program = self.ground.program;
        let mut all: BTreeSet<NormId> = ids.iter().copied().collect();
        let shared: BTreeSet<ExitId> = ids
            .iter()
            .flat_map(|id| &program.norms[id.at()].exits)
            .copied()
            .filter(|exit| program.exits[exit.at()].of.is_none() && !program.exits[exit.at()].quotas.is_empty())
            .collect();
        if !shared.is_empty() {
            all.extend(
                NormId::all(program.norms.len())
                    .filter(|id| program.norms[id.at()].exits.iter().any(|exit| shared.contains(exit))),
            );
        }
        all
    }

    /// All worlds, by a local diagram over the norms that matter.
    fn exact(&self, worlds: &mut Worlds<'a>, ids: &[NormId]) -> Result<LineAnswer, OverBudget> {
        let (standings, mattered) = self.standings(worlds, ids)?;
        let mut answer = self.answer(worlds, &standings, mattered)?;
        for norm in &mut answer.norms {
            norm.due = due_of(self.ground.program, worlds, &norm.standings)?;
        }
        Ok(answer)
    }

    /// What each norm says in each world, in the readings that are taken; and the readings that matter among these.
    fn standings(
        &self,
        worlds: &mut Worlds<'a>,
        ids: &[NormId],
    ) -> Result<(Vec<(NormId, Ref)>, BTreeSet<ReadingId>), OverBudget> {
        let mut standings = Vec::with_capacity(ids.len());
        for &id in ids {
            standings.push((id, worlds.standing(id)?));
        }
        let closed = worlds.closed_readings();
        let mut mattered = BTreeSet::new();
        if !closed.is_empty() {
            let (verdict, _) = self.verdicts(worlds, &standings)?;
            mattered = readings_of(&worlds.missing(verdict));
            for (_, dd) in &mut standings {
                *dd = worlds.table.restrict(*dd, &|var| closed.get(&var).copied())?;
            }
        }
        Ok((standings, mattered))
    }

    /// The diagram of the verdict.
    pub(super) fn verdict(&self, worlds: &mut Worlds<'a>, ids: &[NormId]) -> Result<Ref, OverBudget> {
        let (standings, _) = self.standings(worlds, ids)?;
        Ok(self.verdicts(worlds, &standings)?.0)
    }

    /// The diagram of the verdict, and of each regime's.
    fn verdicts(
        &self,
        worlds: &mut Worlds<'a>,
        standings: &[(NormId, Ref)],
    ) -> Result<(Ref, BTreeMap<RegimeId, Ref>), OverBudget> {
        let none = Ref::leaf(Verdict::NotCovered as u32);
        let mut regimes: BTreeMap<RegimeId, Ref> = self.deciding_regimes().into_iter().map(|id| (id, none)).collect();
        for &(id, dd) in standings {
            let alone = worlds.table.map(dd, &mut |leaf| verdict_of(Standing::from_leaf(leaf)) as u32)?;
            if let Some(so_far) = regimes.get_mut(&self.norms.norms[id.at()].regime) {
                *so_far = worlds.table.max(*so_far, alone, Verdict::Prohibited as u32)?;
            }
        }
        let mut all = none;
        for dd in regimes.values() {
            all = worlds.table.max(all, *dd, Verdict::Prohibited as u32)?;
        }
        Ok((all, regimes))
    }

    /// Regimes that have prohibitions or duties; others have no finding.
    fn deciding_regimes(&self) -> BTreeSet<RegimeId> {
        let deciding = self.norms.norms.iter().filter(|norm| matches!(norm.effect, Effect::Prohibit | Effect::Oblige));
        deciding.map(|norm| norm.regime).collect()
    }

    fn answer(
        &self,
        worlds: &mut Worlds<'a>,
        standings: &[(NormId, Ref)],
        mut readings: BTreeSet<ReadingId>,
    ) -> Result<LineAnswer, OverBudget> {
        let (verdict, regimes) = self.verdicts(worlds, standings)?;
        let mut norms = Vec::new();
        for &(id, dd) in standings {
            let said: BTreeSet<Standing> = worlds.table.leaves(dd).into_iter().map(Standing::from_leaf).collect();
            if said.iter().all(|standing| *standing == Standing::Out) {
                continue;
            }
            let kinds = worlds.table.map(dd, &mut |leaf| kind(Standing::from_leaf(leaf)))?;
            let needs = worlds.missing(kinds);
            let decides = worlds.table.all(dd, verdict, &|leaf, verdict| {
                let alone = verdict_of(Standing::from_leaf(leaf)) as u32;
                alone == verdict && verdict != Verdict::NotCovered as u32
            })?;
            norms.push(NormAnswer { id, standings: said, decides, needs, due: Vec::new() });
        }
        let mut of_regimes = BTreeMap::new();
        for (id, dd) in regimes {
            let answer = RegimeAnswer { possible: possible(worlds, dd), missing: self.ordered_missing(worlds, dd) };
            of_regimes.insert(id, answer);
        }
        let missing = self.ordered_missing(worlds, verdict);
        readings.extend(missing.iter().filter_map(|path| match path {
            FactPath::Reading(id) => Some(*id),
            _ => None,
        }));
        Ok(LineAnswer {
            possible: possible(worlds, verdict),
            exact: true,
            missing,
            regimes: of_regimes,
            norms,
            readings,
        })
    }

    /// The missing facts, best question first: fewest verdicts left, averaged
    /// over the fact's cells; then in the order of declaration.
    pub(super) fn ordered_missing(&self, worlds: &mut Worlds<'a>, verdict: Ref) -> Vec<FactPath> {
        let paths = worlds.missing(verdict);
        if paths.len() < 2 {
            return paths.into_iter().collect();
        }
        let mut left: BTreeMap<FactPath, (usize, usize)> = BTreeMap::new();
        for (var, values) in worlds.table.leaves_by_value(verdict) {
            for path in &worlds.info(var).paths {
                let (sum, cells) = left.entry(path.clone()).or_default();
                *sum += values.iter().map(|leaves| leaves.count_ones() as usize).sum::<usize>();
                *cells += values.len();
            }
        }
        let mut ordered: Vec<FactPath> = paths.into_iter().collect();
        ordered.sort_by_key(|path| {
            left.get(path).map_or(u64::MAX, |(sum, cells)| (*sum as u64) * 1_000_000 / *cells as u64)
        });
        ordered
    }

    /// Beyond the budget: what each norm may say by itself. Never too narrow.
    fn bounds(
        &self,
        coded: &mut Coded<'_, 'a>,
        ids: &[NormId],
        question: &Question,
        line: usize,
        mode: Mode,
    ) -> LineAnswer {
        let program = self.ground.program;
        let none = (Verdict::NotCovered, Verdict::NotCovered);
        let mut regimes: BTreeMap<RegimeId, (Verdict, Verdict)> =
            self.deciding_regimes().into_iter().map(|id| (id, none)).collect();
        let mut norms = Vec::new();
        let mut open = Vec::new();
        for &id in ids {
            let reaches = self.rules.any(coded, &self.rules.norms[id.at()].boxes);
            let mut said = Vec::new();
            coded.standings(self.rules, Exits { norms: self.norms, in_places: false }, id, reaches, &mut said);
            let said = BTreeSet::from_iter(said);
            let alone = said.iter().map(|standing| verdict_of(*standing));
            let (least, most) = alone.fold((Verdict::Prohibited, Verdict::NotCovered), |(least, most), verdict| {
                (least.min(verdict), most.max(verdict))
            });
            if let Some(so_far) = regimes.get_mut(&self.norms.norms[id.at()].regime) {
                *so_far = (so_far.0.max(least), so_far.1.max(most));
            }
            if said.len() > 1 {
                open.push(id);
            }
            if said.iter().any(|standing| *standing != Standing::Out) {
                let needs = if said.len() > 1 { touched(program, question, line, mode, [id]) } else { BTreeSet::new() };
                norms.push(NormAnswer { id, standings: said, decides: false, needs, due: Vec::new() });
            }
        }
        let bounds = regimes.values().fold(none, |all, one| (all.0.max(one.0), all.1.max(one.1)));
        let possible = Possible::between(bounds.0, bounds.1);
        let all_missing: Vec<FactPath> =
            touched(program, question, line, mode, open.iter().copied()).into_iter().collect();
        let missing_if = |settled: Option<Verdict>| if settled.is_some() { Vec::new() } else { all_missing.clone() };
        for norm in &mut norms {
            let settled = possible.settled();
            norm.decides = settled.is_some()
                && settled != Some(Verdict::NotCovered)
                && norm.standings.iter().all(|standing| Some(verdict_of(*standing)) == settled);
        }
        LineAnswer {
            missing: missing_if(possible.settled()),
            regimes: regimes
                .into_iter()
                .map(|(id, (least, most))| {
                    let possible = Possible::between(least, most);
                    (id, RegimeAnswer { missing: missing_if(possible.settled()), possible })
                })
                .collect(),
            readings: readings_of(&touched(program, question, line, mode, ids.iter().copied())),
            possible,
            exact: false,
            norms,
        }
    }
}

fn possible(worlds: &Worlds<'_>, dd: Ref) -> Possible {
    Possible { verdicts: worlds.table.leaves(dd).into_iter().map(|leaf| Verdict::ALL[leaf as usize]).collect() }
}

fn readings_of(paths: &BTreeSet<FactPath>) -> BTreeSet<ReadingId> {
    let readings = paths.iter().filter_map(|path| match path {
        FactPath::Reading(id) => Some(*id),
        _ => None,
    });
    readings.collect()
}

/// Whether a norm applies, is lifted or does not reach: what a status says.
fn kind(standing: Standing) -> u32 {
    match standing {
        Standing::Out => 0,
        Standing::Noted | Standing::Duty | Standing::Applies(_) => 1,
        Standing::Lifted(_) | Standing::Spared(_) => 2,
    }
}

/// The acts that may follow, of the exits that lift a norm in some world.
fn due_of(program: &Program, worlds: &mut Worlds<'_>, standings: &BTreeSet<Standing>) -> Result<Vec<Due>, OverBudget> {
    let mut due = Vec::new();
    for standing in standings {
        let (Standing::Lifted(exit) | Standing::Spared(exit)) = *standing else { continue };
        for requirement in 0..program.exits[exit.at()].requirements.len() {
            let status = worlds.status(exit, requirement)?;
            if worlds.table.leaves(status).contains(&(Requirement::Due as u32)) {
                let owed = worlds.table.map(status, &mut |leaf| u32::from(leaf == Requirement::Due as u32))?;
                due.push(Due { exit, requirement, needs: worlds.missing(owed) });
            }
        }
    }
    Ok(due)
}
