//! Looking for activities in which a norm or exit acts, is held back, or begins and ends.

use std::collections::BTreeSet;

use crate::check::program::{Effect, NormId};
use crate::diagram::table::{NO, Ref};
use crate::facts::Activity;
use crate::normal::{SlotId, SlotKind};
use crate::value::{Date, Raw};
use crate::witness::Witnesses;
use crate::witness::cells::{Done, Sheet};

use super::near::near;
use super::{Case, MOST_TRIED, Passing, Removed, Search, Without};

/// Most nodes of the diagrams of one norm.
const MOST_NODES: usize = 20_000;
/// How often the norms that stand in the way are avoided.
const MOST_ROUNDS: usize = 6;
/// Norms that one exemption lifts, and that are tried.
const MOST_LIFTED: usize = 12;
/// Scenarios in which a norm acts that others are made from.
const MOST_BASES: usize = 8;

impl Search<'_> {
    /// An activity that fails without the norm or exit, on one day if one is named.
    pub(super) fn acting(
        &self,
        witnesses: &Witnesses<'_>,
        removed: Removed,
        without: &Without,
        on: Option<Date>,
    ) -> Option<Case> {
        let mut weak = None;
        for norm in removed.norms(self.program).into_iter().take(MOST_LIFTED) {
            let mut sheet = Sheet::new(witnesses.norms, &witnesses.cells, MOST_NODES);
            for region in regions(&mut sheet, witnesses, removed, norm, on) {
                match self.acting_in(witnesses, &mut sheet, region, (removed, norm), without, on) {
                    Some((case, true)) => return Some(case),
                    Some((case, false)) => drop(weak.get_or_insert(case)),
                    None => {}
                }
            }
        }
        weak
    }

    /// An activity of a region that fails without the norm or exit, and whether its verdict is another one then. What other norms
    /// decide is avoided, round by round.
    fn acting_in(
        &self,
        witnesses: &Witnesses<'_>,
        sheet: &mut Sheet<'_>,
        mut region: Ref,
        (removed, norm): (Removed, NormId),
        without: &Without,
        on: Option<Date>,
    ) -> Option<(Case, bool)> {
        let noted = self.noted(removed);
        let strong = |case: &Case| without.fails(&case.passing) && without.verdict(&case.passing) != Some(case.verdict);
        let mut weak: Option<Case> = None;
        let mut avoided = BTreeSet::new();
        for _ in 0..MOST_ROUNDS {
            let mut in_the_way = BTreeSet::new();
            for activity in witnesses.activities(sheet, region, |leaf| leaf == 1, norm) {
                let activity = match on {
                    Some(day) => self.dated(activity, day),
                    None => activity,
                };
                let activity = self.settled(activity);
                let acts = match removed {
                    Removed::Exit(exit) => witnesses.with_acts(&activity, exit),
                    Removed::Norm(_) => None,
                };
                for activity in [Some(activity), acts].into_iter().flatten() {
                    let Some(left) = self.left.get().checked_sub(1) else { return weak.map(|case| (case, false)) };
                    self.left.set(left);
                    let Some(case) = self.case(&activity, noted) else { continue };
                    if strong(&case) {
                        if let Some(case) = self.reduced(case, noted, &strong) {
                            return Some((case, true));
                        }
                    } else if weak.is_none() && without.fails(&case.passing) {
                        weak = self.reduced(case, noted, &|case| without.fails(&case.passing));
                    } else {
                        in_the_way.extend(case.by.iter().copied().filter(|by| *by != norm));
                    }
                }
            }
            in_the_way.retain(|by| avoided.insert(*by));
            let before = region;
            for other in in_the_way {
                let rest = sheet.reaches(other).and_then(|reaches| sheet.but_not(region, reaches));
                region = rest.ok().filter(|rest| *rest != NO).unwrap_or(region);
            }
            if region == before {
                break;
            }
        }
        weak.map(|case| (case, false))
    }

    /// An activity that differs in one fact from one that fails without the norm or exit, and does without it.
    pub(super) fn held_back(&self, removed: Removed, without: &Without, acting: &[bool]) -> Option<Case> {
        let condition = match removed {
            Removed::Norm(id) => &self.witnesses.norms.norms[id.at()].reaches,
            Removed::Exit(id) => &self.witnesses.norms.exits[id.at()].open,
        };
        let slots = self.witnesses.slots_of(condition);
        let (name, _) = removed.named(self.program);
        let mut same_verdict = None;
        for base in (0..self.shown.len()).filter(|at| acting[*at]).take(MOST_BASES) {
            let base = &self.shown[base];
            let said = base.expects.last().map(|expect| expect.verdict.as_str());
            for (fact, activity) in near(&self.witnesses, &base.facts, &slots) {
                let Some(mut case) = self.case(&activity, None).filter(|case| !without.fails(&case.passing)) else {
                    continue;
                };
                case.passing.title = format!("{name} is held back: another {fact}");
                if Some(case.verdict.name()) == said {
                    same_verdict.get_or_insert(case);
                } else if self.is_confirmed(&case) {
                    return Some(case);
                }
            }
        }
        same_verdict.filter(|case| self.is_confirmed(case))
    }

    /// The same activity on the day and on the day before, one of which fails without the norm or exit. Of one that
    /// is there only the other is made.
    pub(super) fn both_sides(
        &self,
        removed: Removed,
        without: &Without,
        acting: &[bool],
        day: Date,
    ) -> [Option<Case>; 2] {
        let (name, _) = removed.named(self.program);
        let days = [day.previous(), day];
        let on = |facts: &Raw, day: Date| {
            let mut case = self.case(&self.dated(Activity::from_raw(facts.clone()).ok()?, day), self.noted(removed))?;
            case.passing.title = format!("{name} on {day}");
            Some(case)
        };
        let sides = |facts: &Raw| {
            let asked = Activity::from_raw(facts.clone()).ok()?;
            let settled = days.into_iter().fold(asked, |asked, day| self.settled(self.dated(asked, day)));
            let [before, after] = days.map(|day| on(settled.raw(), day));
            let (before, after) = (before?, after?);
            let shows = without.fails(&before.passing) != without.fails(&after.passing);
            (shows && self.is_confirmed(&before) && self.is_confirmed(&after)).then_some([Some(before), Some(after)])
        };
        let mut bases: Vec<&Passing> =
            (0..self.shown.len()).filter(|at| acting[*at]).map(|at| &self.shown[at]).collect();
        // One that stands on one side already needs the other only.
        for base in bases.iter().filter(|base| base.date().is_some_and(|date| days.contains(&date))) {
            let other = days.into_iter().find(|day| Some(*day) != base.date()).expect("two days differ");
            if let Some(case) = on(&base.facts, other)
                && !without.fails(&case.passing)
                && self.is_confirmed(&case)
            {
                return [Some(case), None];
            }
        }
        bases.sort_by_key(|base| base.date().map(|date| date.day_number().abs_diff(day.day_number())));
        if let Some(found) = bases.into_iter().take(MOST_BASES).find_map(|base| sides(&base.facts)) {
            return found;
        }
        self.left.set(MOST_TRIED);
        let made = days.into_iter().filter_map(|day| self.acting(&self.witnesses, removed, without, Some(day)));
        made.into_iter().find_map(|case| sides(case.activity.raw())).unwrap_or([None, None])
    }
}

/// Where to look, best first.
fn regions(
    sheet: &mut Sheet<'_>,
    witnesses: &Witnesses<'_>,
    removed: Removed,
    norm: NormId,
    on: Option<Date>,
) -> Vec<Ref> {
    let mut regions = Vec::new();
    match removed {
        Removed::Norm(_) => {
            if witnesses.program.norms[norm.at()].effect == Effect::Prohibit {
                regions.extend(sheet.prohibits(norm));
            }
            regions.extend(sheet.reaches(norm));
        }
        Removed::Exit(exit) => {
            let Ok(here) = sheet.meet(norm, exit) else { return regions };
            // Where the other exits do not lift as well.
            let others = witnesses.program.norms[norm.at()].exits.iter().filter(|other| **other != exit);
            let mut alone = here;
            for &other in others {
                let rest = sheet.open(other).and_then(|open| sheet.but_not(alone, open));
                alone = rest.ok().filter(|rest| *rest != NO).unwrap_or(alone);
            }
            regions.extend([alone, here]);
        }
    }
    if let Some(day) = on {
        regions = regions.into_iter().filter_map(|region| on_day(sheet, witnesses, region, day).ok()).collect();
    }
    regions.dedup();
    regions.retain(|region| *region != NO);
    regions
}

/// Where the date may be this day.
fn on_day(sheet: &mut Sheet<'_>, witnesses: &Witnesses<'_>, region: Ref, day: Date) -> Done<Ref> {
    let date = witnesses.program.schema.core.date;
    let of_date = witnesses.norms.slots.iter().enumerate().find_map(|(at, slot)| match &slot.kind {
        SlotKind::Field { field, unit: None, coding } if *field == date => Some((SlotId(at as u32), coding)),
        _ => None,
    });
    let Some((slot, coding)) = of_date else { return Ok(region) };
    let cell = coding.of_whole(i64::from(day.day_number()));
    sheet.keep(region, slot, |of| of == cell)
}
