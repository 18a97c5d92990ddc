//! Regions where a verdict changes, with an activity for each.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ExitId, NormId};
use crate::clerk::Clerk;
use crate::diagram::table::Ref;
use crate::evaluate::decide::Granted;
use crate::evaluate::worlds::last_day;
use crate::facts::Activity;
use crate::normal::{self, Requirement as Status, SlotId, SlotKind};
use crate::phrase::Phrases;
use crate::ruleset::Ruleset;
use crate::scenarios;
use crate::value::{Date, Decimal, Raw, Unit, Verdict};
use crate::interview::settling::settled;
use crate::witness::apart::contradiction;
use crate::witness::cells::Sheet;
use crate::witness::cubes::{Cube, Leads};
use crate::witness::{Witnesses, is_confirmed};

use super::joint::Joint;
use super::responsible::{Region, Said};

/// Most regions that are shown of one change of verdict by one norm, and most that are looked into.
const MOST_SHOWN: usize = 4;
const MOST_TRIED: usize = 12;
/// Most that are taken out, those in which no activity can be among them.
const MOST_CUBES: usize = 60;
/// Activities whose verdict is open that are completed for one region.
const MOST_SETTLED: usize = 3;
/// Nodes that may be looked at for that; of large diagrams fewer regions are looked into.
const MOST_LOOKED_AT: usize = 100_000;
/// Activities that are made for one region.
const MOST_MADE: usize = 12;

/// Finds activities that show changes.
pub(super) struct Showing<'a> {
    old: &'a Ruleset,
    new: &'a Ruleset,
    joint: &'a Joint,
    /// Who decide by the old version, and by the new one.
    clerks: RefCell<[Clerk<'a>; 2]>,
    pub witnesses: Witnesses<'a>,
    /// The slot of tariff codes.
    codes: Option<SlotId>,
}

/// What was found of one transition.
#[derive(Default)]
pub(super) struct Found {
    pub regions: Vec<Region>,
    /// There may be more.
    pub more: bool,
    /// Norms that decide an activity for which something else was expected.
    pub instead: BTreeSet<String>,
}

impl<'a> Showing<'a> {
    pub fn new(old: &'a Ruleset, new: &'a Ruleset, joint: &'a Joint) -> Showing<'a> {
        let witnesses = Witnesses::of(new, joint.program(), &joint.norms);
        let hs = joint.program().schema.core.goods.map(|(_, hs)| hs);
        let is_codes = |slot: &normal::Slot| matches!(slot.kind, SlotKind::Field { field, .. } if Some(field) == hs);
        let codes = joint.norms.slots.iter().position(is_codes).map(|at| SlotId(at as u32));
        Showing { old, new, joint, clerks: RefCell::new([old.clerk(), new.clerk()]), witnesses, codes }
    }

    /// The regions of one transition, whether there may be more, and the norms that decided otherwise where it was looked for.
    /// What no activity can be is taken out of the changes.
    pub fn regions(
        &self,
        sheet: &mut Sheet<'_>,
        changes: &mut Ref,
        transition: (Verdict, Verdict),
        norm: NormId,
    ) -> Found {
        let is = |leaf: u32| Said::is(leaf, transition);
        let mut left = *changes;
        let mut found = Found::default();
        let mut tried = 0;
        let most = (MOST_LOOKED_AT / sheet.size(left)).clamp(2, MOST_TRIED);
        for _ in 0..MOST_CUBES {
            let leads = sheet.leads(left, self.codes, is);
            let Some(cube) = sheet.some_cube(left, &leads, is) else { return found };
            let out = match contradiction(self.joint.program(), &self.joint.norms, &cube) {
                Some(nowhere) => {
                    match sheet.without(*changes, &nowhere) {
                        Ok(rest) => *changes = rest,
                        Err(_) => break,
                    }
                    nowhere
                }
                None if tried == most => break,
                None => {
                    tried += 1;
                    match self.example(sheet, (left, &leads), &cube, transition, norm) {
                        Ok(_) if found.regions.len() == MOST_SHOWN => break,
                        Ok(example) => found.regions.push(self.region(&cube, example, transition)),
                        Err(instead) => {
                            found.more = true;
                            found.instead.extend(instead);
                        }
                    }
                    cube
                }
            };
            match sheet.without(left, &out) {
                Ok(rest) => left = rest,
                Err(_) => break,
            }
        }
        found.more = true;
        found
    }

    fn example(
        &self,
        sheet: &Sheet<'_>,
        (of, leads): (Ref, &Leads),
        cube: &Cube,
        transition: (Verdict, Verdict),
        norm: NormId,
    ) -> Result<Activity, BTreeSet<String>> {
        let mut instead = BTreeSet::new();
        let mut made: Vec<Activity> = Vec::new();
        let mut settled = 0;
        for turn in 0..MOST_MADE {
            let Some(way) = sheet.way_in(of, leads, cube, turn) else { continue };
            let Some(activity) = self.witnesses.activity(&way, norm, turn / 2) else { continue };
            let Some(activity) = self.with_acts(activity, &way) else { continue };
            if made.contains(&activity) {
                continue;
            }
            made.push(activity.clone());
            let shows = |activity: &Activity| self.shows(activity, transition) && self.is_inside(activity, cube);
            let more = self.witnesses.with_nothing_more(&activity);
            for activity in [activity, more] {
                let mut shown = Some(activity.clone()).filter(&shows);
                if shown.is_none() && settled < MOST_SETTLED && self.may_show(&activity, transition) {
                    settled += 1;
                    shown = self.settled(&activity, transition).into_iter().find(&shows);
                }
                if let Some(activity) = shown {
                    let smaller = activity.clone().without_needless(&["complete"], &shows);
                    for shown in [smaller, activity.clone()] {
                        if self.is_confirmed(&shown, transition) {
                            return Ok(shown);
                        }
                    }
                }
                if self.is_inside(&activity, cube) {
                    instead.extend(self.deciding(&activity));
                }
            }
        }
        Err(instead)
    }

    /// The norms that decide an activity in one of the versions, by their ids.
    fn deciding(&self, activity: &Activity) -> Vec<String> {
        let mut clerks = self.clerks.borrow_mut();
        let of = |(clerk, rules): (&mut Clerk<'_>, &Ruleset)| {
            let brief = clerk.decide(activity);
            let norms = brief.iter().flat_map(|brief| brief.deciding()).map(|norm| rules.norm(*norm).id.to_owned());
            norms.collect::<Vec<String>>()
        };
        clerks.iter_mut().zip([self.old, self.new]).flat_map(of).collect()
    }

    /// The activity with the acts that a way asks for, asked about so late that what is missed is missed.
    fn with_acts(&self, mut activity: Activity, way: &[(SlotId, usize)]) -> Option<Activity> {
        let schema = &self.joint.program().schema;
        let mut done: BTreeSet<ExitId> = BTreeSet::new();
        for (slot, cell) in way {
            let SlotKind::Requirement(exit, at) = self.joint.norms.slots[slot.at()].kind else { continue };
            if *cell == Status::Met as usize && done.insert(exit) {
                activity = self.witnesses.with_acts(&activity, exit)?;
            }
            if *cell == Status::Missed as usize {
                let date = &schema.activity().fields[schema.core.date.at()].name;
                let Some(Raw::Text(date)) = activity.raw().get(date) else { return None };
                let requirement = &self.joint.program().exits[exit.at()].requirements[at];
                let last = last_day(requirement, Date::parse(date)?, &schema.working_days)?;
                activity = activity.set("asked_on", last.next());
            }
        }
        Some(activity)
    }

    /// Whether both versions decide so.
    fn shows(&self, activity: &Activity, (before, after): (Verdict, Verdict)) -> bool {
        let [old, new] = &mut *self.clerks.borrow_mut();
        let decides = |clerk: &mut Clerk<'_>, verdict| {
            clerk.decide(activity).is_ok_and(|brief| brief.exact() && brief.verdict() == Some(verdict))
        };
        decides(new, after) && decides(old, before)
    }

    /// Whether one of the versions leaves open what it decides, and both may decide so.
    fn may_show(&self, activity: &Activity, (before, after): (Verdict, Verdict)) -> bool {
        let [old, new] = &mut *self.clerks.borrow_mut();
        let may = |clerk: &mut Clerk<'_>, verdict: Verdict| {
            clerk.decide(activity).ok().filter(|brief| {
                let bounds = brief.bounds();
                brief.exact() && bounds.at_least <= verdict && verdict <= bounds.at_most
            }).map(|brief| brief.verdict().is_none())
        };
        may(new, after).zip(may(old, before)).is_some_and(|(new, old)| new || old)
    }

    /// The same activity with so much more stated that both versions may decide so.
    fn settled(&self, activity: &Activity, (before, after): (Verdict, Verdict)) -> Vec<Activity> {
        let is_settled = |rules: &Ruleset, activity: &Activity, verdict: Verdict| {
            rules.bind(activity.raw()).is_ok_and(|question| rules.answer(&question).possible.settled() == Some(verdict))
        };
        let with = |rules: &Ruleset, activity: Activity, verdict: Verdict| {
            if is_settled(rules, &activity, verdict) { vec![activity] } else { settled(rules, &activity, |is| is == verdict) }
        };
        let by_new = with(self.new, activity.clone(), after);
        by_new.into_iter().flat_map(|activity| with(self.old, activity, before)).collect()
    }

    /// Whether an activity lies in a cube, whatever is not known of it.
    fn is_inside(&self, activity: &Activity, cube: &Cube) -> bool {
        let Ok(mut question) = self.joint.rules.bind(activity.raw()) else { return false };
        // What is used of an exit is used of both of its versions.
        let exits = &self.joint.program().exits;
        let of_twin = |used: &BTreeMap<(ExitId, Unit), Decimal>| {
            let twins = self.joint.twins.iter().flat_map(|(new, old)| [(*new, *old), (*old, *new)]);
            let stated = twins.flat_map(|(to, from)| {
                let counted = exits[to.at()].quotas.iter().map(|quota| quota.unit);
                counted.filter_map(move |unit| Some(((to, unit), *used.get(&(from, unit))?)))
            });
            stated.collect::<Vec<_>>()
        };
        let (used, levels) = (of_twin(&question.used), of_twin(&question.levels));
        question.used.extend(used);
        question.levels.extend(levels);
        let places = self.joint.rules.compiled().places(&question, 0, true, &Granted::new());
        cube.iter().all(|(slot, cells)| {
            let real = &self.witnesses.cells[slot.at()];
            places[slot.at()].iter().filter(|cell| real.contains(cell)).all(|cell| cells.has(*cell))
        })
    }

    /// Whether the reference evaluator says the same of both.
    fn is_confirmed(&self, activity: &Activity, (before, after): (Verdict, Verdict)) -> bool {
        is_confirmed(self.old, activity, before) && is_confirmed(self.new, activity, after)
    }

    fn region(&self, cube: &Cube, example: Activity, (before, after): (Verdict, Verdict)) -> Region {
        let phrases = Phrases { program: self.joint.program() };
        let twins = &self.joint.twins;
        let holds = |(slot, cells): &(SlotId, normal::Cells)| {
            let declared = &self.joint.norms.slots[slot.at()];
            let holds = phrases.within(declared, cells, &self.witnesses.cells[slot.at()]);
            match declared.kind {
                SlotKind::Quotas(exit) if twins.contains_key(&exit) => format!("{holds} as it is now"),
                SlotKind::Quotas(exit) if twins.values().any(|old| *old == exit) => format!("{holds} as it was"),
                _ => holds,
            }
        };
        let when = cube.iter().map(holds).collect();
        let title = format!("was {}, is {}", before.name(), after.name());
        let expects = [after.name().to_owned()];
        let scenario = scenarios::text::scenario(self.new.program(), &title, &example, &expects);
        Region { when, example, scenario }
    }
}
