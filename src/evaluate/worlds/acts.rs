//! Acts that free: which requirement each of them meets, and in which worlds.

use std::collections::BTreeSet;

use crate::check::program::{ACTIVITY, ActKind, ExitId, FieldId, Requirement, Time, Who};
use crate::diagram::table::{NO, Ref, YES};
use crate::facts::question::{Act, Facts, Reference};
use crate::normal;
use crate::value::{Date, WorkingDays};

use super::conditions::roots;
use super::{Done, Rep, Site, Worlds};

impl<'a> Worlds<'a> {
    /// How requirement number `at` of an exit stands: leaves are `normal::Requirement`.
    pub(super) fn requirement(&mut self, exit: ExitId, at: usize) -> Done<Ref> {
        let program = self.ground.program;
        let requirement = &program.exits[exit.at()].requirements[at];
        let working = &program.schema.working_days;
        let granted = self.granted.contains(&(exit, at));
        let mut met = NO;
        let mut late = NO;
        let question = self.question;
        for act in &question.acts {
            let fits = self.fits(exit, requirement, act)?;
            if fits == NO {
                continue;
            }
            let timely = self.on_date(&mut |date| is_timely(requirement, act, date, working))?;
            let meets = self.table.and(fits, timely)?;
            met = self.table.or(met, meets)?;
            if requirement.kind == ActKind::Notice {
                let too_late =
                    self.on_date(&mut |date| last_day(requirement, date, working).is_some_and(|last| act.on > last))?;
                let missed = self.table.and(fits, too_late)?;
                late = self.table.or(late, missed)?;
            }
        }
        let asked_on = question.asked_on;
        let run_out = self.on_date(&mut |date| {
            asked_on.is_some_and(|asked| last_day(requirement, date, working).is_none_or(|last| asked > last))
        })?;
        let missed = self.table.or(late, run_out)?;
        let due = self.on_date(&mut |date| is_due(requirement, date))?;
        use normal::Requirement::{Due, Met, Missed, Open};
        let [met_leaf, missed_leaf, due_leaf, open] = [Met, Missed, Due, Open].map(|status| Ref::leaf(status as u32));
        // An act of a route is one that can still be done: it meets what is open, not what was missed.
        let rest = if granted { met_leaf } else { self.table.choose(due, due_leaf, open)? };
        let rest = self.table.choose(missed, missed_leaf, rest)?;
        self.table.choose(met, met_leaf, rest)
    }

    /// The worlds in which an act fits a requirement, whenever it was done.
    fn fits(&mut self, exit: ExitId, requirement: &Requirement, act: &'a Act) -> Done<Ref> {
        let program = self.ground.program;
        let exit = &program.exits[exit.at()];
        let paragraph = &program.paragraphs[exit.paragraph.at()].name;
        if act.kind != requirement.kind || (act.under != exit.name && act.under != *paragraph) {
            return Ok(NO);
        }
        let (by, to) = (self.is_by(act, requirement)?, self.is_to(act, requirement)?);
        let mut fits = self.table.and(by, to)?;
        if let Some(covers) = &act.covers {
            for (at, state) in covers.0.iter().enumerate() {
                let covered = self.covered_field(&Site::Activity, ACTIVITY, FieldId(at as u32), state)?;
                fits = self.table.and(fits, covered)?;
                if fits == NO {
                    break;
                }
            }
        }
        Ok(fits)
    }

    /// An act whose author was not stated is the actor's own.
    fn same_actor(&mut self, who: &Who) -> Done<Ref> {
        let actor = self.ground.program.schema.core.actor_state;
        match who {
            Who::Field(field) if *field == actor => Ok(YES),
            Who::Field(field) => {
                let (left, right) =
                    (crate::check::program::Fact::Activity(*field), crate::check::program::Fact::Activity(actor));
                self.cond(&Site::Activity, &crate::check::program::Cond::Same { left, right })
            }
            Who::Authority(_) => Ok(NO),
        }
    }

    fn is_who(&mut self, who: &Who, stated: &Reference) -> Done<Ref> {
        match (who, stated) {
            (Who::Authority(name), Reference::Id(id)) => Ok(if name == id { YES } else { NO }),
            (Who::Authority(_), Reference::Country(_)) | (Who::Field(_), Reference::Id(_)) => Ok(NO),
            (Who::Field(field), Reference::Country(country)) => {
                let taxonomy = match self.ty(ACTIVITY, *field).0 {
                    crate::check::program::Type::Term(at) | crate::check::program::Type::Root(at) => at,
                    _ => return Ok(NO),
                };
                let roots = roots(&self.ground.program.schema.taxonomies[taxonomy.at()]);
                let elements = self.elements(&Site::Activity, ACTIVITY, *field)?;
                self.some_element(
                    &elements,
                    &mut |rep| matches!(rep, Rep::Term(term) if roots[*term as usize] == *country),
                )
            }
        }
    }

    /// Whether one field of what an act covers fits in every world; for telling why an act does not count.
    pub fn covers_for_sure(&mut self, covers: &Facts, record: crate::check::program::RecordId, field: FieldId) -> bool {
        // The act is one of the question's: find it there, where it lives as long as the question.
        let question = self.question;
        let Some(covers) = question.acts.iter().filter_map(|act| act.covers.as_ref()).find(|known| *known == covers)
        else {
            return false;
        };
        self.covered_field(&Site::Activity, record, field, &covers.0[field.at()]).is_ok_and(|fits| fits == YES)
    }

    /// Whether an act is in time for a requirement, in every world.
    pub fn is_timely_for_sure(&mut self, act: &Act, requirement: &Requirement) -> bool {
        let working = &self.ground.program.schema.working_days;
        self.on_date(&mut |date| is_timely(requirement, act, date, working)).is_ok_and(|fits| fits == YES)
    }

    /// Whether an act is by whom a requirement names, in every world.
    pub fn is_by_for_sure(&mut self, act: &Act, requirement: &Requirement) -> bool {
        self.is_by(act, requirement).is_ok_and(|fits| fits == YES)
    }

    /// Whether an act is to whom a requirement names, in every world.
    pub fn is_to_for_sure(&mut self, act: &Act, requirement: &Requirement) -> bool {
        self.is_to(act, requirement).is_ok_and(|fits| fits == YES)
    }

    fn is_by(&mut self, act: &Act, requirement: &Requirement) -> Done<Ref> {
        match &act.by {
            None => self.same_actor(&requirement.by),
            Some(by) => self.is_who(&requirement.by, by),
        }
    }

    fn is_to(&mut self, act: &Act, requirement: &Requirement) -> Done<Ref> {
        match (&requirement.to, &act.to) {
            (None, _) => Ok(YES),
            (Some(to), Some(stated)) => self.is_who(to, stated),
            // Nobody said to whom: an act counts by what is stated of it.
            (Some(_), None) => Ok(NO),
        }
    }

    /// The days on which an act may begin or cease to count.
    pub(super) fn act_days(&self, days: &mut BTreeSet<Date>) {
        let program = self.ground.program;
        let mut stated: BTreeSet<Date> = self.question.asked_on.into_iter().collect();
        for act in &self.question.acts {
            stated.extend([Some(act.on), act.from, act.through].into_iter().flatten());
        }
        if stated.is_empty() {
            return;
        }
        days.extend(stated.iter().flat_map(|d| [*d, d.next()]));
        let working = &program.schema.working_days;
        let exits: BTreeSet<&str> = self.question.acts.iter().map(|act| act.under.as_str()).collect();
        for exit in &program.exits {
            let named = exits.contains(exit.name.as_str())
                || exits.contains(program.paragraphs[exit.paragraph.at()].name.as_str());
            if !named && self.question.asked_on.is_none() {
                continue;
            }
            for requirement in &exit.requirements {
                let (count, work, month) = match requirement.time {
                    Time::AtLeastBefore { days, working }
                    | Time::MoreThanBefore { days, working }
                    | Time::AtMostBefore { days, working } => (days, working, false),
                    Time::WithinAfter { days, working, month } => (days, working, month),
                    Time::Standing | Time::InAdvance => continue,
                    Time::By(date) => {
                        days.extend([date, date.next()]);
                        continue;
                    }
                };
                for day in &stated {
                    for sign in [-1, 1] {
                        // Working days lump weekends and runs of holidays together: look a working day around.
                        let near = (count - 1..=count + 1).filter_map(|count| shift(*day, sign * count, work, working));
                        for near in near.flat_map(|day| [day, day.next()]) {
                            if month {
                                days.extend([near.first_of_month(), near.last_of_month().next()]);
                            } else {
                                days.insert(near);
                            }
                        }
                    }
                }
            }
        }
    }
}

fn shift(day: Date, count: i64, working: bool, days: &WorkingDays) -> Option<Date> {
    if working { days.plus(day, count) } else { day.plus_days(count) }
}

/// The day from which the days after an activity count: its date, or the last day of its month.
fn counted_from(date: Date, month: bool) -> Date {
    if month { date.last_of_month() } else { date }
}

/// Whether a fitting act meets the requirement on a date (`semantics.md`, section 7).
pub(crate) fn is_timely(requirement: &Requirement, act: &Act, date: Date, working: &WorkingDays) -> bool {
    if requirement.kind != ActKind::Notice {
        let stands = act.on <= date
            && act.from.is_none_or(|from| from <= date)
            && act.through.is_none_or(|through| date <= through);
        return match requirement.time {
            Time::By(last) => stands && act.on <= last,
            Time::Standing | Time::InAdvance => stands,
            Time::WithinAfter { .. } => is_in_time(requirement.time, act.on, date, working),
            Time::AtLeastBefore { .. } | Time::MoreThanBefore { .. } | Time::AtMostBefore { .. } => {
                stands && is_in_time(requirement.time, act.on, date, working)
            }
        };
    }
    is_in_time(requirement.time, act.on, date, working)
}

fn is_in_time(time: Time, on: Date, date: Date, days: &WorkingDays) -> bool {
    let plus = |from: Date, count: i64, working: bool| shift(from, count, working, days);
    match time {
        Time::Standing | Time::InAdvance => on <= date,
        Time::AtLeastBefore { days, working } => plus(date, -days, working).is_some_and(|latest| on <= latest),
        Time::MoreThanBefore { days, working } => plus(on, days, working).is_some_and(|after| after < date),
        Time::AtMostBefore { days, working } => {
            on <= date && plus(date, -days, working).is_none_or(|earliest| earliest <= on)
        }
        Time::WithinAfter { days, working, month } => {
            date <= on && plus(counted_from(date, month), days, working).is_none_or(|latest| on <= latest)
        }
        Time::By(last) => on <= last,
    }
}

/// The last day on which the requirement can still be met; `None` when there is no such day in the calendar.
pub(crate) fn last_day(requirement: &Requirement, date: Date, days: &WorkingDays) -> Option<Date> {
    match requirement.time {
        Time::Standing | Time::InAdvance | Time::AtMostBefore { .. } => Some(date),
        Time::AtLeastBefore { .. } | Time::MoreThanBefore { .. } => {
            let (count, working) = match requirement.time {
                Time::AtLeastBefore { days, working } | Time::MoreThanBefore { days, working } => (days, working),
                _ => (0, false),
            };
            // Working days do not run backwards evenly: the last day that is in time lies near.
            let is_in_time = |day: Date| is_in_time(requirement.time, day, date, days);
            let mut day = shift(date, -count, working, days)?.min(date);
            while day < date && is_in_time(day.next()) {
                day = day.next();
            }
            while !is_in_time(day) {
                day = day.plus_days(-1)?;
            }
            Some(day)
        }
        Time::WithinAfter { days: count, working, month } => {
            Some(shift(counted_from(date, month), count, working, days).unwrap_or(Date::MAX))
        }
        Time::By(last) => match requirement.kind {
            ActKind::Notice => Some(last),
            ActKind::Approval | ActKind::Determination | ActKind::Request => Some(last.min(date)),
        },
    }
}

/// How a requirement stands on no day.
pub(crate) fn never(requirement: &Requirement) -> impl Iterator<Item = normal::Requirement> {
    let due = (!is_due(requirement, Date::MIN)).then_some(normal::Requirement::Due);
    due.into_iter().chain(is_due(requirement, Date::MAX).then_some(normal::Requirement::Open))
}

/// Whether the activity may go ahead now and the act follow.
pub(crate) fn is_due(requirement: &Requirement, date: Date) -> bool {
    requirement.kind == ActKind::Notice
        && match requirement.time {
            Time::WithinAfter { .. } => true,
            Time::By(last) => last >= date,
            Time::Standing
            | Time::InAdvance
            | Time::AtLeastBefore { .. }
            | Time::MoreThanBefore { .. }
            | Time::AtMostBefore { .. } => false,
        }
}
