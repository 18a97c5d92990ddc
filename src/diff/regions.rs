//! Regions where a verdict changes, with an activity for each.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{Exit, ExitId, Limit, NormId};
use crate::clerk::{Brief, Clerk};
use crate::diagram::table::Ref;
use crate::evaluate::decide::Granted;
use crate::evaluate::worlds::last_day;
use crate::facts::Activity;
use crate::interview::settling::settled;
use crate::normal::{self, Requirement as Status, SlotId, SlotKind};
use crate::phrase::Phrases;
use crate::reference;
use crate::ruleset::Ruleset;
use crate::scenarios;
use crate::value::{Date, Decimal, Raw, Unit, Verdict};
use crate::witness::apart::contradiction;
use crate::witness::cells::Sheet;
use crate::witness::cubes::{Cube, Leads};
use crate::witness::smaller::smaller;
use crate::witness::{Witnesses, is_confirmed};

use super::joint::Joint;
use super::responsible::{Region, Said};
use super::understood::understood;

/// Most regions that are shown of one change of verdict by one norm, and most that are looked into.
const MOST_SHOWN: usize = 4;
const MOST_TRIED: usize = 12;
/// Most that are taken out, those in which no activity can be among them.
const MOST_CUBES: usize = 60;
/// Activities whose verdict is open that are completed in vain for one change of verdict, and ways to settle one of them.
const MOST_IN_VAIN: usize = 2;
const MOST_WAYS: usize = 3;
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
        let (mut tried, mut in_vain) = (0, 0);
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
                    match self.example(sheet, (left, &leads), &cube, (transition, norm), &mut in_vain) {
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
        (transition, norm): ((Verdict, Verdict), NormId),
        in_vain: &mut usize,
    ) -> Result<Shown, BTreeSet<String>> {
        let mut instead = BTreeSet::new();
        let mut made: Vec<Activity> = Vec::new();
        let mut open: Option<Shown> = None;
        for turn in 0..MOST_MADE {
            let Some(way) = sheet.way_in(of, leads, cube, turn) else { continue };
            let Some(activity) = self.witnesses.activity(&way, norm, turn / 2) else { continue };
            let Some(activity) = self.with_acts(activity, &way) else { continue };
            if made.contains(&activity) {
                continue;
            }
            made.push(activity.clone());
            let ledgers = self.ledgers(&way);
            let case = |activity: &Activity| self.case(&ledgers, activity);
            let shows = |activity: &Activity| {
                let case = case(activity);
                self.shows(&case, transition) && self.is_inside(&case, cube)
            };
            let more = self.witnesses.with_nothing_more(&activity);
            for activity in [activity, more] {
                let mut shown = Some(activity.clone()).filter(&shows);
                if shown.is_none()
                    && *in_vain < MOST_IN_VAIN
                    && case(&activity).is_one()
                    && self.may_show(&activity, transition)
                {
                    shown = self.settled(&activity, transition).into_iter().find(&shows);
                    if shown.is_none() && open.is_none() {
                        open = self.open(&activity, cube, transition);
                    }
                    *in_vain += usize::from(shown.is_none());
                }
                if let Some(shown) = shown {
                    let less = smaller(shown.clone(), &["complete"], &shows);
                    for shown in [less, shown] {
                        let shown = case(&shown);
                        if self.is_confirmed(&shown, transition) {
                            return Ok(shown);
                        }
                    }
                }
                let shown = case(&activity);
                if self.is_inside(&shown, cube) {
                    instead.extend(self.deciding(&shown));
                }
            }
        }
        open.ok_or(instead)
    }

    /// An activity of which the one version says this for sure and the other may: there is a world in which the verdict changes,
    /// though what makes it so cannot be stated.
    fn open(&self, activity: &Activity, cube: &Cube, transition: (Verdict, Verdict)) -> Option<Shown> {
        let shows = |activity: &Activity| {
            let [old, new] = &mut *self.clerks.borrow_mut();
            may_change(
                [old, new].map(|clerk| {
                    let brief = clerk.decide(activity).ok().filter(Brief::exact)?;
                    let bounds = brief.bounds();
                    Some((bounds.at_least, bounds.at_most))
                }),
                transition,
            ) && self.may_be_inside(activity, cube)
        };
        let confirmed = |activity: &Activity| {
            let [before, after] = [self.old, self.new].map(|rules| {
                let question = rules.bind(activity.raw()).ok()?;
                let judged = reference::decide(rules.program(), rules.loaded(), &question, reference::CONFIRMING)?;
                Some(judged.possible)
            });
            let (Some(before), Some(after)) = (before, after) else { return false };
            let is = |possible: &BTreeSet<Verdict>, verdict| possible.iter().eq([&verdict]);
            is(&before, transition.0) && after.contains(&transition.1)
                || is(&after, transition.1) && before.contains(&transition.0)
        };
        if !shows(activity) {
            return None;
        }
        let fields = &self.joint.program().schema.activity().fields;
        let required = fields.iter().filter(|field| field.required).map(|field| field.name.as_str());
        let kept: Vec<&str> = required.chain(["complete"]).collect();
        let less = smaller(activity.clone(), &kept, &shows);
        let shown = [less, activity.clone()].into_iter().find(confirmed)?;
        Some(Shown { old: shown.clone(), new: shown, is_open: true })
    }

    /// What is used of quotas that are of another period now: the ledgers of the two versions are two.
    fn ledgers(&self, way: &[(SlotId, usize)]) -> Ledgers {
        let exits = &self.joint.program().exits;
        let mut ledgers = Ledgers::default();
        for (&new, &old) in &self.joint.twins {
            if !counts_otherwise(&exits[old.at()], &exits[new.at()]) {
                continue;
            }
            let kept = |exit: ExitId| {
                let is_quota = |slot: &SlotId| matches!(self.joint.norms.slots[slot.at()].kind, SlotKind::Quotas(of) if of == exit);
                way.iter().find(|(slot, _)| is_quota(slot)).is_none_or(|(_, cell)| *cell == 1)
            };
            if kept(old) != kept(new) {
                let name = exits[new.at()].name.clone();
                let [was, is] = [old, new].map(|exit| self.used(exit, kept(exit)));
                ledgers.0.push((name, was, is));
            }
        }
        ledgers
    }

    /// Nothing is used, or all that there is.
    fn used(&self, exit: ExitId, kept: bool) -> Raw {
        let program = self.joint.program();
        let amounts = program.exits[exit.at()].quotas.iter().map(|quota| {
            let limit = match quota.limit {
                Limit::Amount(limit) if !kept => limit,
                Limit::Amount(_) | Limit::Level { .. } => Decimal::ZERO,
            };
            Raw::from(format!("{} {}", limit.normalize(), program.schema.unit_name(quota.unit)))
        });
        let mut amounts: Vec<Raw> = amounts.collect();
        if amounts.len() == 1 { amounts.remove(0) } else { Raw::List(amounts) }
    }

    /// The activity as each version has it: with what is used by its ledger, and without what only the other one understands.
    fn case(&self, ledgers: &Ledgers, activity: &Activity) -> Shown {
        let Shown { old, new, is_open } = ledgers.case(activity);
        let [was, is] = [self.old.program(), self.new.program()];
        let of = |activity: Activity, by, other| {
            Activity::from_raw(understood(activity.into(), by, other)).expect("it was an activity")
        };
        Shown { old: of(old, was, is), new: of(new, is, was), is_open }
    }

    /// The norms that decide what is shown in one of the versions, by their ids.
    fn deciding(&self, shown: &Shown) -> Vec<String> {
        let mut clerks = self.clerks.borrow_mut();
        let of = |((clerk, rules), activity): ((&mut Clerk<'_>, &Ruleset), &Activity)| {
            let brief = clerk.decide(activity);
            let norms = brief.iter().flat_map(|brief| brief.deciding()).map(|norm| rules.norm(*norm).id.to_owned());
            norms.collect::<Vec<String>>()
        };
        clerks.iter_mut().zip([self.old, self.new]).zip([&shown.old, &shown.new]).flat_map(of).collect()
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
    fn shows(&self, shown: &Shown, (before, after): (Verdict, Verdict)) -> bool {
        let [old, new] = &mut *self.clerks.borrow_mut();
        let decides = |clerk: &mut Clerk<'_>, activity: &Activity, verdict| {
            clerk.decide(activity).is_ok_and(|brief| brief.exact() && brief.verdict() == Some(verdict))
        };
        decides(new, &shown.new, after) && decides(old, &shown.old, before)
    }

    /// Whether one of the versions leaves open what it decides, and both may decide so.
    fn may_show(&self, activity: &Activity, (before, after): (Verdict, Verdict)) -> bool {
        let [old, new] = &mut *self.clerks.borrow_mut();
        let may = |clerk: &mut Clerk<'_>, verdict: Verdict| {
            clerk
                .decide(activity)
                .ok()
                .filter(|brief| {
                    let bounds = brief.bounds();
                    brief.exact() && bounds.at_least <= verdict && verdict <= bounds.at_most
                })
                .map(|brief| brief.verdict().is_none())
        };
        may(new, after).zip(may(old, before)).is_some_and(|(new, old)| new || old)
    }

    /// The same activity with so much more stated that both versions may decide so.
    fn settled(&self, activity: &Activity, (before, after): (Verdict, Verdict)) -> Vec<Activity> {
        let is_settled = |rules: &Ruleset, activity: &Activity, verdict: Verdict| {
            rules.bind(activity.raw()).is_ok_and(|question| rules.answer(&question).possible.settled() == Some(verdict))
        };
        let with = |rules: &Ruleset, activity: Activity, verdict: Verdict| {
            if is_settled(rules, &activity, verdict) {
                vec![activity]
            } else {
                settled(rules, &activity, |is| is == verdict)
            }
        };
        let by_new = with(self.new, activity.clone(), after);
        by_new.into_iter().take(MOST_WAYS).flat_map(|activity| with(self.old, activity, before)).collect()
    }

    /// Whether an activity lies in a cube, whatever is not known of it.
    fn is_inside(&self, shown: &Shown, cube: &Cube) -> bool {
        self.places(shown).is_some_and(|places| {
            cube.iter().all(|(slot, cells)| places[slot.at()].iter().all(|cell| cells.has(*cell)))
        })
    }

    /// Whether an activity may lie in a cube.
    fn may_be_inside(&self, activity: &Activity, cube: &Cube) -> bool {
        let shown = Shown { old: activity.clone(), new: activity.clone(), is_open: true };
        self.places(&shown).is_some_and(|places| {
            cube.iter().all(|(slot, cells)| places[slot.at()].iter().any(|cell| cells.has(*cell)))
        })
    }

    /// By slot of the joint program the real cells in which an activity may lie.
    fn places(&self, shown: &Shown) -> Option<Vec<Vec<usize>>> {
        let mut question = self.joint.rules.bind(shown.new.raw()).ok()?;
        let mut was =
            if shown.old == shown.new { question.clone() } else { self.joint.rules.bind(shown.old.raw()).ok()? };
        // What is used of an exit is used of both of its versions, if it is the same ledger.
        let exits = &self.joint.program().exits;
        let moved = |used: &BTreeMap<(ExitId, Unit), Decimal>, from: ExitId, to: ExitId| {
            let units = exits[to.at()].quotas.iter().map(|quota| quota.unit);
            let moved = units.filter_map(|unit| Some(((to, unit), *used.get(&(from, unit))?)));
            moved.collect::<Vec<_>>()
        };
        for (&new, &old) in &self.joint.twins {
            for (from, to) in [(new, old), (old, new)] {
                let source = if to == old { &mut was } else { &mut question };
                let used = moved(&source.used, from, to);
                let levels = moved(&source.levels, from, to);
                source.used.extend(used);
                source.levels.extend(levels);
            }
            let units = exits[old.at()].quotas.iter().map(|quota| quota.unit);
            for at in units.map(|unit| (old, unit)) {
                question.used.extend(was.used.get(&at).map(|used| (at, *used)));
                question.levels.extend(was.levels.get(&at).map(|level| (at, *level)));
            }
        }
        // Of a quota that one version does not have, the other one keeps the ledger.
        for (&at, &used) in &was.used {
            question.used.entry(at).or_insert(used);
        }
        for (&at, &level) in &was.levels {
            question.levels.entry(at).or_insert(level);
        }
        let places = self.joint.rules.compiled().places(&question, 0, true, &Granted::new());
        let real = places.into_iter().zip(&self.witnesses.cells);
        Some(real.map(|(cells, real)| cells.into_iter().filter(|cell| real.contains(cell)).collect()).collect())
    }

    /// Whether the reference evaluator says the same of both.
    fn is_confirmed(&self, shown: &Shown, (before, after): (Verdict, Verdict)) -> bool {
        is_confirmed(self.old, &shown.old, before) && is_confirmed(self.new, &shown.new, after)
    }

    fn region(&self, cube: &Cube, shown: Shown, (before, after): (Verdict, Verdict)) -> Region {
        let phrases = Phrases { program: self.joint.program() };
        let holds = |(slot, cells): &(SlotId, normal::Cells)| {
            let declared = &self.joint.norms.slots[slot.at()];
            let holds = phrases.within(declared, cells, &self.witnesses.cells[slot.at()]);
            format!("{holds}{}", self.joint.version(&declared.kind))
        };
        let when = cube.iter().map(holds).collect();
        let Shown { old, new, is_open } = shown;
        let said = |rules: &Ruleset, activity: &Activity, verdict: Verdict| {
            let is_settled = !is_open || is_confirmed(rules, activity, verdict);
            if is_settled { verdict.name() } else { "undetermined" }
        };
        let (was, is) = (said(self.old, &old, before), said(self.new, &new, after));
        let scenario =
            scenarios::text::scenario(self.new.program(), &format!("was {was}, is {is}"), &new, &[is.to_owned()]);
        let before = (old != new).then_some(old);
        Region { when, example: new, before, is_open, scenario }
    }
}

/// What shows a change: an activity, as it is decided by each version. The two differ only in what is used of quotas that
/// count other periods now, and in what one of them does not understand.
#[derive(Debug, Clone)]
struct Shown {
    old: Activity,
    new: Activity,
    /// The verdict of one version is open, and may be the one that is looked for.
    is_open: bool,
}

/// By exit whose quotas are of other periods: what is used by the old version, and by the new one.
#[derive(Debug, Default)]
struct Ledgers(Vec<(String, Raw, Raw)>);

impl Shown {
    /// Both versions decide the same activity.
    fn is_one(&self) -> bool {
        self.old == self.new
    }
}

impl Ledgers {
    fn case(&self, activity: &Activity) -> Shown {
        let with = |which: fn(&(String, Raw, Raw)) -> &Raw| {
            self.0.iter().fold(activity.clone(), |activity, ledger| activity.used(&ledger.0, which(ledger).clone()))
        };
        Shown { old: with(|ledger| &ledger.1), new: with(|ledger| &ledger.2), is_open: false }
    }
}

/// Whether what is used of two versions of a quota is not the same amount.
pub(super) fn counts_otherwise(one: &Exit, other: &Exit) -> bool {
    let ledger = |exit: &Exit| {
        let quotas = exit.quotas.iter();
        quotas.map(|quota| (quota.unit, quota.field, quota.period, quota.per.clone())).collect::<Vec<_>>()
    };
    ledger(one) != ledger(other)
}

/// Whether one verdict is sure and the other may be: then the two are not the same in some world.
fn may_change(bounds: [Option<(Verdict, Verdict)>; 2], (before, after): (Verdict, Verdict)) -> bool {
    let [Some(old), Some(new)] = bounds else { return false };
    let is = |bounds: (Verdict, Verdict), verdict| bounds == (verdict, verdict);
    let may = |bounds: (Verdict, Verdict), verdict| bounds.0 <= verdict && verdict <= bounds.1;
    is(old, before) && may(new, after) || is(new, after) && may(old, before)
}
