//! Acts that free, in one world (`semantics.md`, section 7).

use std::collections::BTreeSet;

use crate::check::program::{ACTIVITY, ActKind, Exit, FieldId, Requirement, Time, Type, Who};
use crate::facts::question::{Act, Facts, Question, Reference, State, Value};
use crate::value::{Date, WorkingDays};

use super::world::{Asked, At, Cell, World, all, any, not};

/// How a requirement of an exit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Met,
    /// It may follow the activity: it counts as met, and is owed until its last day.
    Due,
    Open,
    /// It can be met no more.
    Missed,
}

/// Whether an act, dated so, meets the requirement of an activity on this date.
fn is_in_time(days: &WorkingDays, requirement: &Requirement, act: &Act, date: Date) -> bool {
    let is_valid =
        act.on <= date && act.from.unwrap_or(act.on) <= date && act.through.is_none_or(|through| date <= through);
    let last = last_day(days, requirement, date);
    match (requirement.kind, requirement.time) {
        (_, Time::Standing) => is_valid,
        (_, Time::WithinAfter { .. }) => date <= act.on && act.on <= last,
        (ActKind::Notice, Time::AtMostBefore { .. }) => first_day(days, requirement, date) <= act.on && act.on <= last,
        (ActKind::Notice, _) => act.on <= last,
        (_, Time::AtMostBefore { .. }) => is_valid && first_day(days, requirement, date) <= act.on,
        (_, _) => is_valid && act.on <= last,
    }
}

/// The last day on which an act meets the requirement of an activity on this date.
fn last_day(days: &WorkingDays, requirement: &Requirement, date: Date) -> Date {
    let moved_from = |date: Date, count: i64, working: bool| {
        let day = if working { days.plus(date, count) } else { date.plus_days(count) };
        day.unwrap_or(if count < 0 { Date::MIN } else { Date::MAX })
    };
    let moved = |count: i64, working: bool| moved_from(date, count, working);
    match requirement.time {
        Time::Standing | Time::InAdvance | Time::AtMostBefore { .. } => date,
        Time::AtLeastBefore { days, working } => moved(-days, working),
        Time::MoreThanBefore { days: count, working: false } => moved(-count - 1, false),
        Time::MoreThanBefore { days: count, working: true } => {
            // The last day from which `count` working days end before the date.
            let mut last = date.previous().min(moved(-count, true));
            while last > Date::MIN && days.plus(last, count).is_none_or(|end| end >= date) {
                last = last.previous();
            }
            last
        }
        Time::WithinAfter { days, working, month: false } => moved(days, working),
        Time::WithinAfter { days, working, month: true } => moved_from(date.last_of_month(), days, working),
        Time::By(day) if requirement.kind == ActKind::Notice => day,
        Time::By(day) => day.min(date),
    }
}

/// The first day on which a notice `at most N days before` serves.
fn first_day(days: &WorkingDays, requirement: &Requirement, date: Date) -> Date {
    match requirement.time {
        Time::AtMostBefore { days: count, working: true } => days.plus(date, -count).unwrap_or(Date::MIN),
        Time::AtMostBefore { days: count, working: false } => date.plus_days(-count).unwrap_or(Date::MIN),
        _ => Date::MIN,
    }
}

/// The status of a requirement that no fitting act meets.
fn not_met(
    days: &WorkingDays,
    requirement: &Requirement,
    asked_on: Option<Date>,
    date: Date,
    a_fitting_notice_is_late: bool,
) -> Status {
    let last = last_day(days, requirement, date);
    if asked_on.is_some_and(|asked_on| asked_on > last) || a_fitting_notice_is_late {
        return Status::Missed;
    }
    match (requirement.kind, requirement.time) {
        (ActKind::Notice, Time::WithinAfter { .. }) => Status::Due,
        (ActKind::Notice, Time::By(day)) if day >= date => Status::Due,
        _ => Status::Open,
    }
}

fn is_late(days: &WorkingDays, requirement: &Requirement, act: &Act, date: Date) -> bool {
    requirement.kind == ActKind::Notice && act.on > last_day(days, requirement, date)
}

/// Every day on which the requirement may come to stand otherwise than the
/// day before: because of an act, or of the day of asking.
pub(super) fn boundary_days(days: &WorkingDays, question: &Question, requirement: &Requirement) -> BTreeSet<Date> {
    let mut centres = BTreeSet::new();
    centres.extend(question.asked_on);
    for act in question.acts.iter().filter(|act| act.kind == requirement.kind) {
        centres.extend([Some(act.on), act.from, act.through].into_iter().flatten());
    }
    // A few days, or a month, beyond the days that are counted.
    let (count, working, beyond) = match requirement.time {
        Time::AtLeastBefore { days, working }
        | Time::MoreThanBefore { days, working }
        | Time::AtMostBefore { days, working }
        | Time::WithinAfter { days, working, month: false } => (days + 1, working, 3),
        Time::WithinAfter { days, working, month: true } => (days + 1, working, 34),
        Time::By(day) => {
            centres.insert(day);
            (0, false, 3)
        }
        Time::Standing | Time::InAdvance => (0, false, 3),
    };
    let reached = |centre: Date, count: i64| {
        let there = if working { days.plus(centre, count) } else { centre.plus_days(count) };
        there.unwrap_or(if count < 0 { Date::MIN } else { Date::MAX })
    };
    let standing_on = |date: Date| -> Vec<(bool, bool, Status)> {
        let unmet = not_met(days, requirement, question.asked_on, date, false);
        let of_acts = question
            .acts
            .iter()
            .filter(|act| act.kind == requirement.kind)
            .map(|act| (is_in_time(days, requirement, act, date), is_late(days, requirement, act, date), unmet));
        of_acts.chain([(false, false, unmet)]).collect()
    };
    let mut boundaries = BTreeSet::new();
    for centre in centres {
        let first = reached(centre, -count).plus_days(-beyond).unwrap_or(Date::MIN);
        let last = reached(centre, count).plus_days(beyond).unwrap_or(Date::MAX);
        let next = |day: &Date| Some(day.next()).filter(|next| next > day);
        for date in std::iter::successors(Some(first), next).take_while(|date| *date <= last) {
            if standing_on(date) != standing_on(date.previous()) {
                boundaries.insert(date);
            }
        }
    }
    boundaries
}

impl World<'_, '_> {
    /// How a requirement of the exit stands.
    pub fn status(&self, exit: &Exit, requirement: &Requirement, line: usize) -> Asked<Status> {
        let days = &self.case.schema().working_days;
        let asked_on = self.case.question.asked_on;
        let date = self.date(line)?;
        let acts = &self.case.question.acts;
        let in_time = acts.iter().filter(|act| is_in_time(days, requirement, act, date));
        if any(in_time.map(|act| self.fits(act, exit, requirement, line)))? {
            return Ok(Status::Met);
        }
        let late = acts.iter().filter(|act| is_late(days, requirement, act, date));
        let too_late = any(late.map(|act| self.fits(act, exit, requirement, line)))?;
        Ok(not_met(days, requirement, asked_on, date, too_late))
    }

    /// Whether the act is of the kind, under the provision, by and to those
    /// named, and covers the activity; its day is another question.
    fn fits(&self, act: &Act, exit: &Exit, requirement: &Requirement, line: usize) -> Asked<bool> {
        let paragraph = &self.case.program.paragraphs[exit.paragraph.at()];
        if act.kind != requirement.kind || (act.under != exit.name && act.under != paragraph.name) {
            return Ok(false);
        }
        let by = match &act.by {
            Some(by) => self.is_who(by, &requirement.by, line),
            None if act.kind == ActKind::Notice => self.actor_state_is(&requirement.by, line),
            None => Ok(false),
        };
        let to = match (&requirement.to, &act.to) {
            (None, _) => Ok(true),
            (Some(who), Some(to)) => self.is_who(to, who, line),
            (Some(_), None) => Ok(false),
        };
        let covers = match &act.covers {
            // The hypothetical act of a route covers what is asked.
            None => Ok(true),
            Some(given) => self.is_covered(given, &self.case.activity(line)),
        };
        all([by, to, covers])
    }

    fn is_who(&self, named: &Reference, who: &Who, line: usize) -> Asked<bool> {
        match (who, named) {
            (Who::Authority(authority), Reference::Id(id)) => Ok(authority == id),
            (Who::Authority(_), Reference::Country(_)) => Ok(false),
            (Who::Field(field), named) => {
                let taxonomy = self.taxonomy_of(*field);
                self.some_value(&self.case.activity(line), *field, &|cell| match (cell, named, taxonomy) {
                    (
                        Cell::Term(term) | Cell::Reference(Reference::Country(term)),
                        Reference::Country(country),
                        Some(taxonomy),
                    ) => self.case.root(taxonomy, *term) == *country,
                    (Cell::Reference(Reference::Id(id)), Reference::Id(named), _) => id == named,
                    _ => false,
                })
            }
        }
    }

    /// Who gave a notice is the actor State, when it does not say.
    fn actor_state_is(&self, who: &Who, line: usize) -> Asked<bool> {
        let actor_state = self.case.schema().core.actor_state;
        match who {
            Who::Authority(_) => Ok(false),
            Who::Field(field) if *field == actor_state => Ok(true),
            Who::Field(_) => match self.value(&self.case.activity(line), actor_state)? {
                Cell::Term(country) => self.is_who(&Reference::Country(country), who, line),
                _ => Ok(false),
            },
        }
    }

    fn taxonomy_of(&self, field: FieldId) -> Option<crate::check::program::TaxonomyId> {
        self.case.field(ACTIVITY, field).ty.taxonomy()
    }

    /// Whether every field that is given agrees with what the world says of the record.
    pub fn is_covered(&self, given: &Facts, at: &At) -> Asked<bool> {
        all(given.0.iter().enumerate().map(|(field, state)| self.field_is_covered(FieldId(field as u32), state, at)))
    }

    fn field_is_covered(&self, field: FieldId, given: &State, at: &At) -> Asked<bool> {
        let declared = self.case.field(at.record, field);
        let is_record = matches!(declared.ty, Type::Record(_));
        match given {
            State::Unstated | State::Unknown => Ok(true),
            State::None => self.has_nothing(field, at),
            State::List(values) if values.is_empty() => self.has_nothing(field, at),
            State::List(values) if is_record => {
                all(values.iter().map(|value| self.some_record_is_covered(field, value, at)))
            }
            single @ State::Is(_) if is_record => self.some_record_is_covered(field, single, at),
            State::List(values) => {
                let given: Vec<&Value> = values
                    .iter()
                    .filter_map(|value| if let State::Is(value) = value { Some(value) } else { None })
                    .collect();
                self.value_is_covered(field, &given, at)
            }
            State::Is(value) => self.value_is_covered(field, &[value], at),
        }
    }

    fn has_nothing(&self, field: FieldId, at: &At) -> Asked<bool> {
        self.holds(&crate::check::program::Cond::Absent { fact: crate::check::program::Fact::Own(field) }, at)
    }

    fn some_record_is_covered(&self, list: FieldId, given: &State, at: &At) -> Asked<bool> {
        let State::Is(Value::Record(given)) = given else { return Ok(true) };
        self.at_least(1, at, list, &|world, record| world.is_covered(given, record))
    }

    /// The value lies in one of those given; every element of a list does, and there is one.
    fn value_is_covered(&self, field: FieldId, given: &[&Value], at: &At) -> Asked<bool> {
        let goods = self.case.schema().core.goods.filter(|_| at.record == ACTIVITY);
        if goods.is_some_and(|(item, _)| item == field) {
            return any(given.iter().map(|value| match value {
                Value::Term(branch) => self.goods_are_covered(at.line, *branch),
                _ => Ok(false),
            }));
        }
        if let [Value::Amounts(amounts)] = given {
            return all(amounts
                .iter()
                .map(|(&unit, covered)| self.amount_passes(at, field, unit, &|amount| amount <= *covered)));
        }
        let declared = self.case.field(at.record, field);
        let lies_within = |cell: &Cell| given.iter().any(|value| self.lies_within(cell, value, declared.ty));
        if !declared.many {
            return self.some_value(at, field, &lies_within);
        }
        all([self.some_value(at, field, &|_| true), not(self.some_value(at, field, &|cell| !lies_within(cell)))])
    }

    fn lies_within(&self, cell: &Cell, given: &Value, ty: Type) -> bool {
        match (cell, given) {
            (Cell::Term(term), Value::Term(branch)) => match ty {
                Type::Term(taxonomy) | Type::Root(taxonomy) => {
                    let end = self.case.schema().taxonomies[taxonomy.at()].terms[*branch as usize].end;
                    (*branch..end).contains(term)
                }
                _ => term == branch,
            },
            (Cell::Code(code), Value::Codes(from, to)) => (*from..*to).contains(code),
            (Cell::Date(date), Value::Date(given)) => date == given,
            (Cell::YesNo(yes), Value::YesNo(given)) => yes == given,
            (Cell::Text(text), Value::Text(given)) => text == given,
            (Cell::Reference(reference), Value::Reference(given)) => reference == given,
            (Cell::Listing(list, measure), Value::Listing(given, given_measure)) => {
                list == given && (given_measure.is_none() || measure == given_measure)
            }
            _ => false,
        }
    }
}
