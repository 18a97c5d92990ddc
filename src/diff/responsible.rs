//! Which norms change which verdicts, and where.
//!
//! Of each norm that is not the same in both versions, a diagram is drawn of where it says something else, and then of
//! where that is not hidden behind what other norms say. What is left are the changes of verdict that the norm is
//! responsible for. Where nothing is left it is proved that the verdict stays.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::check::program::{ActKind, ExitId, NormId, Program, Requirement};
use crate::diagram::table::Ref;
use crate::facts::Activity;
use crate::normal::{self, Cells, Expr, Requirement as Status, SlotId};
use crate::ruleset::Ruleset;
use crate::value::Verdict;
use crate::witness::cells::{Done, Sheet};
use crate::witness::cubes::{DEAD, is_live};

use super::joint::{Joint, Pair};
use super::regions::Showing;

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
    /// There may be more regions: no activity was found in them, or there are too many.
    pub more: bool,
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
    /// It is proved that no activity has another verdict, however little is known of it.
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
        let cells = normal::real_cells(&joint.program().schema, &joint.norms);
        let showing = Showing::new(self, newer, &joint);
        let mut difference = Difference { besides: joint.besides.clone(), ..Difference::default() };
        for &pair in joint.pairs.iter().filter(|pair| !pair.is_same()) {
            let id = pair.any();
            let name = &joint.program().norms[id.at()].name;
            if !joint.norms.norms[id.at()].binds() && pair.old.is_none_or(|old| !joint.norms.norms[old.at()].binds()) {
                difference.without_effect.push(name.clone());
                continue;
            }
            let mut comparing = Comparing { joint: &joint, sheet: Sheet::new(&joint.norms, &cells, MOST_NODES) };
            let Ok(changes) = comparing.changes(pair) else {
                difference.unsettled.push(name.clone());
                continue;
            };
            let leaves = comparing.sheet.live(changes);
            if leaves.is_empty() {
                difference.without_effect.push(name.clone());
                continue;
            }
            let mut wanted: Vec<(Verdict, Verdict)> =
                leaves.into_iter().map(|leaf| Said::of(leaf).transition()).collect();
            wanted.sort_unstable();
            wanted.dedup();
            let before = difference.shifts.len();
            let mut all_shown = true;
            for (from, to) in wanted {
                let (regions, more) = showing.regions(&mut comparing.sheet, changes, (from, to), id);
                all_shown &= !more;
                if !regions.is_empty() {
                    difference.shifts.push(Shift {
                        norm: name.clone(),
                        citation: joint.program().paragraphs[joint.program().norms[id.at()].paragraph.at()]
                            .citation
                            .clone(),
                        because: because(&joint, pair),
                        before: from,
                        after: to,
                        regions,
                        more,
                    });
                }
            }
            if difference.shifts.len() == before || !all_shown {
                difference.unsettled.push(name.clone());
            }
        }
        Ok(difference)
    }
}

/// Most nodes of the diagrams that one norm is compared with.
const MOST_NODES: usize = 200_000;

struct Comparing<'a> {
    joint: &'a Joint,
    sheet: Sheet<'a>,
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

impl Comparing<'_> {
    /// Where a norm is responsible for another verdict.
    fn changes(&mut self, pair: Pair) -> Done<Ref> {
        let old = self.level(pair.old)?;
        let new = self.level(pair.new)?;
        let mut changes =
            self.sheet.combined(old, new, &mut |old, new| Said { own: (old, new), all: (old, new) }.leaf())?;
        changes = self.possible(changes, pair)?;
        let ours: Vec<NormId> = pair.old.into_iter().chain(pair.new).collect();
        for other in self.joint.pairs.iter().filter(|other| **other != pair) {
            if changes == Ref::leaf(DEAD) {
                break;
            }
            let joint = self.joint;
            let meets = |id: NormId| ours.iter().any(|our| !are_apart(joint, *our, id));
            if other.is_same() {
                if meets(other.any()) {
                    let level = self.level(other.new)?;
                    changes = self.sheet.masked(changes, level, &mut |leaf, level| raised(leaf, level, level))?;
                }
                continue;
            }
            for (side, id) in [(0, other.old), (1, other.new)] {
                if id.is_some_and(meets) {
                    let level = self.level(id)?;
                    let raise = |leaf: u32, level: u32| match side {
                        0 => raised(leaf, level, 0),
                        _ => raised(leaf, 0, level),
                    };
                    changes = self.sheet.masked(changes, level, &mut |leaf, level| raise(leaf, level))?;
                }
            }
        }
        Ok(changes)
    }

    /// Without what acts cannot bring about: where nobody has acted, what is asked for in the same words stands in the same way, and under
    /// an exit that only one version knows nobody acts.
    fn possible(&mut self, mut changes: Ref, pair: Pair) -> Done<Ref> {
        let norms = &self.joint.norms;
        let ids = pair.old.into_iter().chain(pair.new);
        let exits: BTreeSet<ExitId> = ids.flat_map(|id| norms.norms[id.at()].exits.iter().copied()).collect();
        let mut asked: BTreeMap<SlotId, (&Requirement, bool)> = BTreeMap::new();
        for exit in exits {
            let requirements = &self.joint.program().exits[exit.at()].requirements;
            for (slot, requirement) in norms.exits[exit.at()].requirements.iter().zip(requirements) {
                let (_, strange) = asked.entry(*slot).or_insert((requirement, true));
                *strange &= self.joint.strange.contains(&exit);
            }
        }
        let asked: Vec<(SlotId, &Requirement, bool)> =
            asked.into_iter().map(|(slot, (requirement, strange))| (slot, requirement, strange)).collect();
        for (at, &(slot, requirement, strange)) in asked.iter().enumerate() {
            if strange {
                changes = self.sheet.assuming_not(changes, &[(slot, &[Status::Met as usize])])?;
            }
            for &(other, alike, other_strange) in &asked[at + 1..] {
                if alike != requirement || changes == Ref::leaf(DEAD) {
                    continue;
                }
                for one in [Status::Due, Status::Open, Status::Missed] {
                    for two in [Status::Due, Status::Open, Status::Missed] {
                        // A notice that came too late is missed, whatever becomes of others.
                        let late = |status: Status, strange: bool| {
                            status == Status::Missed && !strange && requirement.kind == ActKind::Notice
                        };
                        if one != two && !late(one, strange) && !late(two, other_strange) {
                            changes = self
                                .sheet
                                .assuming_not(changes, &[(slot, &[one as usize]), (other, &[two as usize])])?;
                        }
                    }
                }
            }
        }
        Ok(changes)
    }

    fn level(&mut self, id: Option<NormId>) -> Done<Ref> {
        id.map_or(Ok(Ref::leaf(Verdict::NotCovered as u32)), |id| self.sheet.verdict(id))
    }
}

/// Whether some fact keeps two norms from reaching the same activity.
fn are_apart(joint: &Joint, one: NormId, other: NormId) -> bool {
    let norms = &joint.norms.norms;
    if !norms[other.at()].binds() {
        return true;
    }
    let (ours, others) = (asked(&norms[one.at()].reaches), asked(&norms[other.at()].reaches));
    ours.iter().any(|(slot, cells)| others.iter().any(|(known, held)| known == slot && cells.and(held).count() == 0))
}

fn raised(leaf: u32, old: u32, new: u32) -> u32 {
    let Said { own, all } = Said::of(leaf);
    Said { own, all: (all.0.max(old), all.1.max(new)) }.leaf()
}

/// What must hold in any case.
fn asked(reaches: &Expr) -> Vec<(SlotId, &Cells)> {
    match reaches {
        Expr::In(slot, cells) => vec![(*slot, cells)],
        Expr::All(parts) => parts
            .iter()
            .flat_map(|part| if let Expr::In(slot, cells) = part { Some((*slot, cells)) } else { None })
            .collect(),
        Expr::Yes | Expr::No | Expr::Any(_) => Vec::new(),
    }
}

/// What is not the same about a norm.
fn because(joint: &Joint, pair: Pair) -> Vec<Because> {
    let program = joint.program();
    let (Some(old), Some(new)) = (pair.old, pair.new) else {
        return vec![if pair.old.is_none() { Because::Added } else { Because::Removed }];
    };
    let (old, new) = (&program.norms[old.at()], &program.norms[new.at()]);
    let mut because = Vec::new();
    let binds = |norm: &crate::check::program::Norm| program.regimes[program.regime_of(norm.paragraph).at()].binds;
    if old.effect != new.effect || binds(old) != binds(new) {
        because.push(Because::Effect);
    }
    if old.when != new.when || old.actions != new.actions || old.upon != new.upon || old.last_day() != new.last_day() {
        because.push(Because::Condition);
    }
    if old.period != new.period {
        let name =
            |id: Option<crate::check::program::ParagraphId>| id.map(|id| program.paragraphs[id.at()].name.clone());
        match (name(old.replaced_by), name(new.replaced_by)) {
            (before, now) if before != now => {
                because.extend(before.map(Because::NotReplacedBy).into_iter().chain(now.map(Because::ReplacedBy)));
            }
            _ => because.push(Because::Period),
        }
    }
    let exit = |id: &ExitId| name_of(program, *id);
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

fn name_of(program: &Program, exit: ExitId) -> String {
    program.exits[exit.at()].name.clone()
}
