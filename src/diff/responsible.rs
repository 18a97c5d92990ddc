//! Which norms change which verdicts, and where.
//!
//! Of each norm that is not the same in both versions, a diagram is drawn of where it says something else, and then of
//! where that is not hidden behind what other norms say. What is left are the changes of verdict that the norm is
//! responsible for. Where nothing is left it is proved that the verdict stays.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap as HashMap;
use serde::Serialize;

use crate::check::program::{
    ActKind, Cond, DefinitionId, DefinitionPart, ExitId, Norm, NormId, ParagraphId, Program, Requirement, Time,
};
use crate::diagram::table::{OverBudget, Ref, YES};
use crate::evaluate::worlds;
use crate::facts::Activity;
use crate::normal::{Requirement as Status, SlotId};
use crate::ruleset::Ruleset;
use crate::value::Verdict;
use crate::witness::cells::{Done, Sheet};
use crate::witness::cubes::{DEAD, is_live};

use super::joint::{Joint, Pair};
use super::regions::{Found, Showing};
use super::relevant::are_apart;

/// What becomes of verdicts between two versions of a policy: see [`Ruleset::difference`].
#[derive(Debug, Clone, Default, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// Changes of verdict, by the norm that is responsible.
    pub shifts: Vec<Shift>,
    /// Norms that are not the same and change no verdict: that is proved. By their ids.
    pub without_effect: Vec<String>,
    /// Norms of which it is not settled within the budget whether they change a verdict, or where else. By their ids.
    pub unsettled: Vec<String>,
    /// What is not the same and no norm, and may change answers to incomplete questions: presumptions, defaults of readings.
    pub besides: Vec<String>,
}

/// A change of verdict for which one norm is responsible.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Shift {
    /// The norm, by its id; the one that makes the stricter of the two verdicts.
    pub norm: String,
    /// Its paragraph: `S/RES/2397 (2017), para. 6`.
    pub citation: String,
    /// What is not the same about it.
    pub because: Vec<Because>,
    /// The verdict by the old version.
    pub before: Verdict,
    /// The verdict by the new one.
    pub after: Verdict,
    /// Where that is so, each with an activity that shows it. Everything where the verdict changes so is in one of them,
    /// unless there are [`Shift::more`].
    pub regions: Vec<Region>,
    /// There may be more regions: no activity was found in them, or there are too many to show.
    pub more: bool,
    /// Some other norms were not looked at, as it would take too long: a region may hold activities whose verdict they leave as
    /// it was.
    pub rough: bool,
}

/// What is not the same about a norm.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "what", content = "id")]
#[non_exhaustive]
pub enum Because {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It says something else, or of other actions.
    Condition,
    /// A definition that it rests on has, or had, a part in this paragraph.
    Definition(String),
    /// It is in force on other days.
    Period,
    /// It ends because this paragraph replaces it.
    ReplacedBy(String),
    /// This paragraph does not replace it any more.
    NotReplacedBy(String),
    /// It is another kind of norm, or binds others.
    Effect,
    /// It has a new exception or exemption.
    ExitAdded(String),
    /// It has lost one.
    ExitRemoved(String),
    /// One lifts it otherwise.
    ExitChanged(String),
}

/// A set of activities, with one that shows what becomes of it.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Region {
    /// Conditions that hold in it, all of them, in the words of the language.
    pub when: Vec<String>,
    /// An activity in it, decided by both versions, and by the reference evaluator.
    pub example: Activity,
    /// The same activity by the ledger of the old version, where the two count what is used of a quota over other periods; it is
    /// the one that the old version decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Activity>,
    /// One of the versions leaves the verdict of the example open, and it may be the one of the change: what would tell cannot be
    /// stated.
    #[serde(rename = "open")]
    pub is_open: bool,
    /// The same as a `scenario`, to be pasted into the new version.
    pub scenario: String,
}

/// Why two policies cannot be compared: they do not speak of the same things.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the two versions do not speak of the same things: {}", .reasons.join("; "))]
#[non_exhaustive]
pub struct Incomparable {
    /// What is in the way.
    pub reasons: Vec<String>,
}

impl Difference {
    /// It is proved that no activity that both versions understand has another verdict, however little is known of it. An act under an
    /// exemption that only one of them knows is not understood by the other.
    pub fn is_equal(&self) -> bool {
        self.shifts.is_empty() && self.unsettled.is_empty() && self.besides.is_empty()
    }
}

impl Ruleset {
    /// What becomes of verdicts from this version of a policy to a newer one: for each norm that is responsible, from which verdict
    /// to which, and where. *Equal* is said only when it is proved.
    ///
    /// What a norm says is drawn as a diagram over facts, and over conditions on several facts as if each could be so or not
    /// by itself. So what is proved equal is; what is shown to change has an activity that both versions, and the reference
    /// evaluator, decided so.
    ///
    /// ```
    /// use interdict::Ruleset;
    ///
    /// let house = |what: &str| format!(
    ///     r#"use std
    ///        regime house "House" {{ authority desk "Desk" }}
    ///        instrument H "House rules" of house adopted 2020-01-01 {{
    ///            paragraph 1 "Fuel" {{ prohibit procurement when item under {what} and origin is KP }}
    ///        }}"#
    /// );
    /// let old = Ruleset::compile("old", house("coal"))?;
    /// let new = Ruleset::compile("new", house("any of { coal, iron }"))?;
    /// let difference = old.difference(&new)?;
    /// let [shift] = difference.shifts.as_slice() else { panic!("{difference}") };
    /// assert_eq!((shift.norm.as_str(), shift.before.name(), shift.after.name()), ("H/1", "not_covered", "prohibited"));
    /// assert!(shift.regions[0].when.contains(&"item under iron".to_owned()));
    /// assert!(new.difference(&new)?.is_equal());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the two do not speak of the same things: a fact is of another kind, a word stands under another one.
    pub fn difference(&self, newer: &Ruleset) -> Result<Difference, Incomparable> {
        let joint = Joint::of(self, newer).map_err(|reasons| Incomparable { reasons })?;
        let showing = Showing::new(self, newer, &joint);
        let mut difference = Difference { besides: joint.besides.clone(), ..Difference::default() };
        let mut comparing = Comparing::new(&joint, &showing.witnesses.cells);
        for &pair in joint.pairs.iter().filter(|pair| !pair.is_same()) {
            comparing.allow();
            let name = joint.program().norms[pair.any().at()].name.clone();
            match comparing.shifts(&showing, pair) {
                Ok(Outcome { shifts, settled: true }) if shifts.is_empty() => difference.without_effect.push(name),
                Ok(Outcome { shifts, settled }) => {
                    difference.shifts.extend(shifts);
                    difference.unsettled.extend((!settled).then_some(name));
                }
                Err(OverBudget) => difference.unsettled.push(name),
            }
        }
        Ok(difference)
    }
}

/// Most nodes of the diagrams that one norm is compared with.
const MOST_NODES: usize = 200_000;
/// Most nodes that one other norm may cost, and how large it may make a diagram.
const MOST_STEP: usize = 5_000;
const LARGE: usize = 1_000;
/// Most nodes that are kept from one norm to the next.
const MOST_KEPT: usize = 2_000_000;

/// Rounds in which norms that stand in the way are looked at.
const MOST_ROUNDS: usize = 12;

/// What was found of one norm.
struct Outcome {
    shifts: Vec<Shift>,
    /// Every change of verdict is shown somewhere, or there is none.
    settled: bool,
}

struct Comparing<'a> {
    joint: &'a Joint,
    cells: &'a [Vec<usize>],
    sheet: Sheet<'a>,
    /// What norms alone make of the verdict, as far as it was drawn.
    levels: HashMap<NormId, Ref>,
}

/// What a leaf says: the levels of the norm at hand and of all so far, by both versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    own: (u32, u32),
    all: (u32, u32),
}

const LEVELS: u32 = Verdict::ALL.len() as u32;

impl Said {
    fn of(leaf: u32) -> Said {
        let digit = |place: u32| leaf / LEVELS.pow(place) % LEVELS;
        Said { own: (digit(3), digit(2)), all: (digit(1), digit(0)) }
    }

    /// The leaf; dead when the norm at hand cannot be responsible for a change of the verdict any more.
    fn leaf(self) -> u32 {
        let Said { own, all } = self;
        let stricter = own.1 > own.0 && all.1 == own.1 && all.0 < own.1;
        let milder = own.0 > own.1 && all.0 == own.0 && all.1 < own.0;
        if stricter || milder { ((own.0 * LEVELS + own.1) * LEVELS + all.0) * LEVELS + all.1 } else { DEAD }
    }

    pub fn transition(self) -> (Verdict, Verdict) {
        (Verdict::ALL[self.all.0 as usize], Verdict::ALL[self.all.1 as usize])
    }

    /// Whether a leaf is a transition.
    pub fn is(leaf: u32, transition: (Verdict, Verdict)) -> bool {
        is_live(leaf) && Said::of(leaf).transition() == transition
    }
}

impl<'a> Comparing<'a> {
    fn new(joint: &'a Joint, cells: &'a [Vec<usize>]) -> Comparing<'a> {
        let sheet = Sheet::new(&joint.norms, cells, MOST_NODES);
        Comparing { joint, cells, sheet, levels: HashMap::default() }
    }

    /// A budget for one more norm.
    fn allow(&mut self) {
        if self.sheet.nodes() > MOST_KEPT {
            *self = Comparing::new(self.joint, self.cells);
        }
        self.sheet.allow(MOST_NODES);
    }

    /// The changes of verdict for which a norm is responsible.
    fn shifts(&mut self, showing: &Showing<'_>, pair: Pair) -> Done<Outcome> {
        let (mut changes, mut left) = self.changes(pair)?;
        for round in 1.. {
            let mut outcome = Outcome { shifts: Vec::new(), settled: true };
            let mut instead: BTreeSet<String> = BTreeSet::new();
            for transition in self.transitions(changes) {
                let found = showing.regions(&mut self.sheet, &mut changes, transition, pair.any());
                outcome.settled &= !found.regions.is_empty() || !found.more;
                if found.regions.is_empty() {
                    instead.extend(found.instead);
                } else {
                    let rough = !left.is_empty();
                    outcome.shifts.push(self.shift(pair, transition, found, rough));
                }
            }
            // What stands in the way is looked at, at any size.
            let is_named = |other: &Pair| instead.contains(&self.joint.program().norms[other.any().at()].name);
            let (named, rest): (Vec<Pair>, Vec<Pair>) = left.iter().partition(|other| is_named(other));
            if outcome.settled || named.is_empty() || round == MOST_ROUNDS {
                return Ok(outcome);
            }
            left = rest;
            for other in named {
                self.sheet.allow(MOST_NODES);
                match self.behind(changes, other.old, other.new) {
                    Ok(less) => changes = less,
                    Err(OverBudget) => return Ok(outcome),
                }
            }
        }
        unreachable!("the last round returns")
    }

    fn transitions(&self, changes: Ref) -> BTreeSet<(Verdict, Verdict)> {
        self.sheet.live(changes).into_iter().map(|leaf| Said::of(leaf).transition()).collect()
    }

    fn shift(&self, pair: Pair, (before, after): (Verdict, Verdict), found: Found, rough: bool) -> Shift {
        let program = self.joint.program();
        let norm = &program.norms[pair.any().at()];
        Shift {
            norm: norm.name.clone(),
            citation: program.paragraphs[norm.paragraph.at()].citation.clone(),
            because: because(self.joint, pair),
            before,
            after,
            regions: found.regions,
            more: found.more,
            rough,
        }
    }

    /// Where a norm is responsible for another verdict, and the norms that were not looked at for that, as it would make the
    /// diagram large: it may not be responsible everywhere then.
    fn changes(&mut self, pair: Pair) -> Done<(Ref, Vec<Pair>)> {
        let old = self.level(pair.old)?;
        let new = self.level(pair.new)?;
        let mut changes =
            self.sheet.combined(old, new, &mut |old, new| Said { own: (old, new), all: (old, new) }.leaf())?;
        changes = self.possible(changes, pair)?;
        let ours: Vec<NormId> = pair.old.into_iter().chain(pair.new).collect();
        let mut left = Vec::new();
        for other in self.joint.pairs.iter().filter(|other| **other != pair) {
            if changes == Ref::leaf(DEAD) {
                break;
            }
            let norms = &self.joint.norms.norms;
            let meets = |id: &NormId| {
                norms[id.at()].binds() && ours.iter().any(|our| !are_apart(self.joint.program(), *our, *id))
            };
            let (old, new) = (other.old.filter(meets), other.new.filter(meets));
            // What makes the diagram large is left to whoever looks at an activity.
            self.sheet.allow(MOST_STEP);
            match self.behind(changes, old, new) {
                Ok(less) if self.sheet.size(less) <= self.sheet.size(changes).max(LARGE) => changes = less,
                Ok(_) | Err(OverBudget) => left.push(Pair { old: other.old, new: other.new }),
            }
        }
        Ok((changes, left))
    }

    /// What is left of changes where another norm says something, in the old version and in the new one.
    fn behind(&mut self, mut changes: Ref, old: Option<NormId>, new: Option<NormId>) -> Done<Ref> {
        if old == new && old.is_some() {
            let level = self.level(new)?;
            return self.sheet.masked(changes, level, &mut |leaf, level| raised(leaf, level, level));
        }
        if old.is_some() {
            let level = self.level(old)?;
            changes = self.sheet.masked(changes, level, &mut |leaf, level| raised(leaf, level, 0))?;
        }
        if new.is_some() {
            let level = self.level(new)?;
            changes = self.sheet.masked(changes, level, &mut |leaf, level| raised(leaf, 0, level))?;
        }
        Ok(changes)
    }

    /// Without what acts cannot bring about: where nobody has acted, what is asked for in the same words stands in the same way, and under
    /// an exit that only one version knows nobody acts.
    fn possible(&mut self, changes: Ref, pair: Pair) -> Done<Ref> {
        let norms = &self.joint.norms;
        let ids = pair.old.into_iter().chain(pair.new);
        let exits: BTreeSet<ExitId> = ids.flat_map(|id| norms.norms[id.at()].exits.iter().copied()).collect();
        let mut asked: BTreeMap<SlotId, (&Requirement, bool, ExitId)> = BTreeMap::new();
        for exit in exits {
            let requirements = &self.joint.program().exits[exit.at()].requirements;
            for (slot, requirement) in norms.exits[exit.at()].requirements.iter().zip(requirements) {
                let (_, strange, _) = asked.entry(*slot).or_insert((requirement, true, exit));
                *strange &= self.joint.strange.contains(&exit);
            }
        }
        let asked: Vec<(SlotId, &Requirement, bool, ExitId)> =
            asked.into_iter().map(|(slot, (requirement, strange, exit))| (slot, requirement, strange, exit)).collect();
        let mut norms_of = pair.old.into_iter().chain(pair.new).map(|id| &self.joint.program().norms[id.at()]);
        // At the beginning of the calendar there may be no day for one of two deadlines and some for the other.
        let is_later = norms_of.all(|norm| norm.period.from.plus_days(-2 * MOST_DAYS).is_some());
        let mut possible = YES;
        for (at, &(slot, requirement, strange, exit)) in asked.iter().enumerate() {
            let never = worlds::never(requirement).chain(strange.then_some(Status::Met));
            for status in never {
                possible = self.but_not(possible, &[(slot, &[status as usize])])?;
            }
            for &(other, alike, other_strange, other_exit) in &asked[at + 1..] {
                if alike != requirement {
                    let twins = &self.joint.twins;
                    let are_twins = twins.get(&exit) == Some(&other_exit) || twins.get(&other_exit) == Some(&exit);
                    if are_twins && is_later {
                        for (one, two) in never_together(requirement, alike) {
                            possible = self.but_not(possible, &[(slot, &[one as usize]), (other, &[two as usize])])?;
                        }
                    }
                    continue;
                }
                for one in [Status::Due, Status::Open, Status::Missed] {
                    for two in [Status::Due, Status::Open, Status::Missed] {
                        // A notice that came too late is missed, whatever becomes of others.
                        let late = |status: Status, strange: bool| {
                            status == Status::Missed && !strange && requirement.kind == ActKind::Notice
                        };
                        if one != two && !late(one, strange) && !late(two, other_strange) {
                            possible = self.but_not(possible, &[(slot, &[one as usize]), (other, &[two as usize])])?;
                        }
                    }
                }
            }
        }
        self.sheet.assuming(changes, possible)
    }

    fn but_not(&mut self, condition: Ref, held: &[(SlotId, &[usize])]) -> Done<Ref> {
        let held = self.sheet.held(held)?;
        self.sheet.but_not(condition, held)
    }

    fn level(&mut self, id: Option<NormId>) -> Done<Ref> {
        let Some(id) = id else { return Ok(Ref::leaf(Verdict::NotCovered as u32)) };
        if let Some(&known) = self.levels.get(&id) {
            return Ok(known);
        }
        let level = self.sheet.verdict(id)?;
        self.levels.insert(id, level);
        Ok(level)
    }
}

/// More days than this are not thought about.
const MOST_DAYS: i64 = 100_000;

/// How two requirements of one exit cannot both stand, where they are alike but for the days, and the one wants the act earlier: what
/// is in time for it is in time for the other.
fn never_together(one: &Requirement, other: &Requirement) -> Vec<(Status, Status)> {
    let days = |requirement: &Requirement| match requirement.time {
        Time::AtLeastBefore { days, working } => Some((days, working, false)),
        Time::MoreThanBefore { days, working } => Some((days, working, true)),
        _ => None,
    };
    let alike = Requirement { time: other.time, ..one.clone() } == *other;
    let (Some(early), Some(late)) = (days(one), days(other)) else { return Vec::new() };
    if !alike || (early.1, early.2) != (late.1, late.2) || early.0.max(late.0) > MOST_DAYS {
        return Vec::new();
    }
    if early.0 < late.0 {
        return never_together(other, one).into_iter().map(|(one, two)| (two, one)).collect();
    }
    let mut never = vec![(Status::Met, Status::Open), (Status::Met, Status::Missed), (Status::Open, Status::Missed)];
    // A notice in between came too late for the one; an approval does not keep another from coming.
    if one.kind == ActKind::Notice {
        never.push((Status::Open, Status::Met));
    }
    never
}

fn raised(leaf: u32, old: u32, new: u32) -> u32 {
    let Said { own, all } = Said::of(leaf);
    Said { own, all: (all.0.max(old), all.1.max(new)) }.leaf()
}

/// What is not the same about a norm.
fn because(joint: &Joint, pair: Pair) -> Vec<Because> {
    let program = joint.program();
    let (Some(old), Some(new)) = (pair.old, pair.new) else {
        return vec![if pair.old.is_none() { Because::Added } else { Because::Removed }];
    };
    let (old, new) = (&program.norms[old.at()], &program.norms[new.at()]);
    let mut because = Vec::new();
    let binds = |norm: &Norm| program.regimes[program.regime_of(norm.paragraph).at()].binds;
    if old.effect != new.effect || binds(old) != binds(new) {
        because.push(Because::Effect);
    }
    if !same_words(program, &old.when, &new.when)
        || old.actions != new.actions
        || old.upon != new.upon
        || old.last_day() != new.last_day()
    {
        because.push(Because::Condition);
    }
    let (mut before, mut now) = (BTreeSet::new(), BTreeSet::new());
    old.when.rests_on(program, &mut before);
    new.when.rests_on(program, &mut now);
    for (id, exits) in joint.twins.iter().filter(|(id, _)| new.exits.contains(id)) {
        program.exits[exits.at()].when.rests_on(program, &mut before);
        program.exits[id.at()].when.rests_on(program, &mut now);
    }
    because.extend(parts_changed(program, &before, &now).into_iter().map(Because::Definition));
    if old.period != new.period {
        let name = |id: Option<ParagraphId>| id.map(|id| program.paragraphs[id.at()].name.clone());
        match (name(old.replaced_by), name(new.replaced_by)) {
            (before, now) if before != now => {
                because.extend(before.map(Because::NotReplacedBy).into_iter().chain(now.map(Because::ReplacedBy)));
            }
            _ => because.push(Because::Period),
        }
    }
    let exit = |id: &ExitId| program.exits[id.at()].name.clone();
    because.extend(new.exits.iter().filter(|id| !old.exits.contains(id)).map(
        |id| match joint.twins.contains_key(id) {
            true => Because::ExitChanged(exit(id)),
            false => Because::ExitAdded(exit(id)),
        },
    ));
    let is_gone =
        |id: &&ExitId| !new.exits.contains(id) && new.exits.iter().all(|kept| joint.twins.get(kept) != Some(id));
    because.extend(old.exits.iter().filter(is_gone).map(|id| Because::ExitRemoved(exit(id))));
    because
}

/// Whether two conditions read the same: definitions by their names.
fn same_words(program: &Program, one: &Cond, other: &Cond) -> bool {
    match (one, other) {
        (Cond::Defined(one), Cond::Defined(other)) => {
            program.definitions[one.at()].name == program.definitions[other.at()].name
        }
        (Cond::All(_), Cond::All(_)) | (Cond::Any(_), Cond::Any(_)) | (Cond::Not(_), Cond::Not(_)) => {
            let (one, other) = (one.parts(), other.parts());
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_words(program, one, other))
        }
        (
            Cond::Count { list, role, at_least, body },
            Cond::Count { list: list2, role: role2, at_least: at_least2, body: body2 },
        ) => list == list2 && role == role2 && at_least == at_least2 && same_words(program, body, body2),
        _ => one == other,
    }
}

/// The paragraphs whose parts of definitions are in one of the two only.
fn parts_changed(program: &Program, before: &BTreeSet<DefinitionId>, now: &BTreeSet<DefinitionId>) -> BTreeSet<String> {
    let mut changed = BTreeSet::new();
    let named = |ids: &BTreeSet<DefinitionId>, name: &str| {
        ids.iter().map(|id| &program.definitions[id.at()]).find(|it| it.name == name)
    };
    for (one, other) in [(before, now), (now, before)] {
        for definition in one.difference(other).map(|id| &program.definitions[id.at()]) {
            let counterpart = named(other, &definition.name);
            let is_kept = |part: &&DefinitionPart| {
                counterpart.is_some_and(|it| {
                    it.parts
                        .iter()
                        .any(|kept| kept.period == part.period && same_words(program, &kept.when, &part.when))
                })
            };
            let lost = definition.parts.iter().filter(|part| !is_kept(part));
            changed.extend(lost.map(|part| program.paragraphs[part.paragraph.at()].name.clone()));
        }
    }
    changed
}
