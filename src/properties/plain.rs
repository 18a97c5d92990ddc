//! What refutes a property, as it is shown: settled where it can be, with all that every activity states, on a day on which
//! something begins, and with nothing needless.

use std::collections::BTreeSet;

use crate::check::program::{Cond, Property, Set, Type};
use crate::evaluate::decide::Granted;
use crate::facts::Activity;
use crate::interview::settling::settled;
use crate::ruleset::Ruleset;
use crate::value::{Date, Raw};
use crate::witness::smaller::smaller;

use super::Case;

/// Values of one fact that are tried.
const MOST_VALUES: usize = 100;

/// Years that somebody may mean; generated days and those of worlds may be at the ends of the calendar.
const YEARS: std::ops::Range<i16> = 1800..3000;

/// What makes an activity plain that shows something.
pub(super) struct Plainly<'a> {
    pub rules: &'a Ruleset,
    /// Whether an activity shows it with a settled verdict; `None` when it does not show it.
    pub shows: &'a dyn Fn(&Activity) -> Option<bool>,
    /// Days to try beside those on which something begins.
    pub days: BTreeSet<Date>,
}

impl Ruleset {
    /// The same refutation, in fewer and plainer facts.
    pub(super) fn plain(&self, property: &Property, activity: Activity) -> Activity {
        let mut days = BTreeSet::new();
        named_days(&property.when, &mut days);
        let shows = |activity: &Activity| self.settles(property, activity);
        Plainly { rules: self, shows: &shows, days }.plain(activity)
    }

    /// Whether an activity that refutes the property has one verdict; `None` when it does not refute it.
    pub(super) fn settles(&self, property: &Property, activity: &Activity) -> Option<bool> {
        match self.case(property, activity) {
            Case::Refutes { settled } => Some(settled),
            Case::Beside | Case::Undecided | Case::Holds => None,
        }
    }
}

impl Plainly<'_> {
    /// An activity that shows the same, in fewer and plainer facts.
    pub fn plain(&self, activity: Activity) -> Activity {
        // With its required facts, an activity of which all else is said will rather be settled.
        let whole = activity.clone().complete();
        let mut activity = match ((self.shows)(&activity), (self.shows)(&whole)) {
            (Some(true), _) | (Some(false), None) => activity,
            (_, Some(_)) => whole,
            (None, None) => activity,
        };
        let program = self.rules.program();
        let fields = &program.schema.activity().fields;
        let date = &fields[program.schema.core.date.at()].name;
        let required = fields.iter().filter(|field| field.required);
        let missing: Vec<_> = required.clone().filter(|field| !is_stated(&activity, &field.name)).collect();
        for field in missing {
            activity = self.with_some(activity, &field.name, self.rules.terms(field.ty));
        }
        activity = self.answered(activity);
        let days = self.plain_days(&activity);
        activity = self.with_some(activity, date, days);
        let others = fields.iter().filter(|field| field.ty == Type::Date && !field.many).map(|field| &*field.name);
        for name in others.chain(["asked_on"]).filter(|name| name != date) {
            if let (Some(day), Some(other)) = (day_of(&activity, date), day_of(&activity, name))
                && !YEARS.contains(&other.year())
            {
                let near = [day, day.previous(), day.next()].map(Raw::from).to_vec();
                activity = self.with_some(activity, name, near);
            }
        }
        activity = self.answered(activity);
        let required: Vec<&str> = required.map(|field| field.name.as_str()).collect();
        let settled = (self.shows)(&activity) == Some(true);
        smaller(activity, &required, &|smaller: &Activity| {
            (self.shows)(smaller).is_some_and(|settles| settles || !settled)
        })
    }

    /// The activity with answers to what is open of it, as few as will do, after which it shows the same with a settled verdict; as
    /// it was where there are none.
    fn answered(&self, activity: Activity) -> Activity {
        if (self.shows)(&activity) != Some(false) {
            return activity;
        }
        let all = [activity.clone().complete(), activity.clone()];
        let answered = all.iter().flat_map(|open| settled(self.rules, &self.rules.unpresumed(open), |_| true));
        answered.into_iter().find(|answered| (self.shows)(answered) == Some(true)).unwrap_or(activity)
    }

    /// The activity with the first of these values with which it still shows the same: one that settles the verdict, if
    /// there is one. As it was, where none does, or none settles a verdict that was settled.
    fn with_some(&self, activity: Activity, name: &str, values: Vec<Raw>) -> Activity {
        let was_settled = (self.shows)(&activity) == Some(true);
        let mut open = None;
        for value in values.into_iter().take(MOST_VALUES) {
            let with = activity.clone().set(name, value);
            match (self.shows)(&with) {
                Some(true) => return with,
                Some(false) if open.is_none() => open = Some(with),
                Some(false) | None => {}
            }
        }
        open.filter(|_| !was_settled).unwrap_or(activity)
    }

    /// Days on which the answer may begin to be another one, or which are to be tried; behind them the days before.
    fn plain_days(&self, activity: &Activity) -> Vec<Raw> {
        let rules = self.rules;
        let schema = &rules.program().schema;
        let date = &schema.activity().fields[schema.core.date.at()].name;
        let undated = rules.unpresumed(&activity.clone().set(date, Raw::Null));
        let Ok(open) = rules.bind(undated.raw()) else { return Vec::new() };
        let (mut days, _) = rules.compiled().days(&open, &Granted::new());
        days.extend(&self.days);
        let before = days.iter().map(|day| day.previous());
        let all = days.iter().copied().chain(before).filter(|day| YEARS.contains(&day.year()));
        all.map(Raw::from).collect()
    }
}

impl Ruleset {
    /// Terms that a required field may have, without others under them; those whom a regime binds first.
    fn terms(&self, ty: Type) -> Vec<Raw> {
        let (Type::Term(taxonomy) | Type::Root(taxonomy)) = ty else { return Vec::new() };
        let schema = &self.program().schema;
        let all = &schema.taxonomies[taxonomy.at()].terms;
        let fits = |term: &u32| match ty {
            Type::Root(_) => all[*term as usize].parent.is_none(),
            _ => all[*term as usize].end == term + 1,
        };
        let groups = self.program().regimes.iter().filter_map(|regime| regime.binds);
        let groups = groups.map(|group| &schema.groups[group.at()]).filter(|group| group.taxonomy == taxonomy);
        let bound = groups.flat_map(|group| &group.members).filter(|(_, days)| **days == (None, None));
        let mut terms: Vec<u32> = Vec::new();
        for term in bound.map(|(term, _)| *term).chain(0..all.len() as u32).filter(fits) {
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        terms.into_iter().map(|term| Raw::from(&all[term as usize].name)).collect()
    }
}

/// The first and the last days of all ranges that a condition names.
fn named_days(cond: &Cond, into: &mut BTreeSet<Date>) {
    if let Cond::Test { set: Set::Dates(ranges), .. } = cond {
        into.extend(ranges.iter().flat_map(|(from, to)| [*from, to.previous()]));
    }
    cond.parts().iter().for_each(|part| named_days(part, into));
}

fn day_of(activity: &Activity, name: &str) -> Option<Date> {
    match activity.raw().get(name) {
        Some(Raw::Text(day)) => Date::parse(day),
        _ => None,
    }
}

fn is_stated(activity: &Activity, name: &str) -> bool {
    match activity.raw().get(name) {
        None | Some(Raw::Null) => false,
        Some(Raw::Text(word)) => word != "unknown",
        Some(_) => true,
    }
}
