//! The shortest sets of answers that would settle a verdict, in words, each confirmed by deciding again.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use crate::check::program::{Program, Taxonomy, Type};
use crate::evaluate::answer::Answer;
use crate::evaluate::decide::Granted;
use crate::evaluate::settle::{Choice, Given, Settle};
use crate::evaluate::worlds::Rep;
use crate::facts::path::FactPath;
use crate::facts::question::Question;
use crate::facts::{Activity, FactsError};
use crate::ruleset::Ruleset;
use crate::value::{Date, Decimal, Raw, Verdict};

use super::{offers, place};

/// The shortest sets of answers that would settle a verdict, fewest answers first; at most eight.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Settling {
    /// What would settle it; empty when it is settled.
    pub ways: Vec<Settled>,
    /// False when there may be shorter or other ways that were not found: the question was over its budget, has several
    /// lines, or an answer that would settle it cannot be stated.
    pub exact: bool,
}

/// Answers after which only one verdict is possible.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Settled {
    /// The verdict that is left.
    pub verdict: Verdict,
    /// The answers, all of them.
    pub answers: Vec<SettledBy>,
}

/// An answer that is part of what settles a verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SettledBy {
    /// The fact: `origin`
    pub fact: String,
    /// The question to put to whoever knows.
    pub question: String,
    /// All the values that will do, in words: `KP`, `other than KP`, `at least 500 bbl`.
    pub is: String,
    /// One of them, as it is stated in an activity.
    pub value: Raw,
}

impl Display for Settled {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, by) in self.answers.iter().enumerate() {
            write!(f, "{}{} {}", if at == 0 { "" } else { ", and " }, by.fact, by.is)?;
        }
        write!(f, ": {}", self.verdict.name().replace('_', " "))
    }
}

impl Ruleset {
    /// The shortest sets of answers that would settle the verdict on a partial activity: see [`Settling`].
    ///
    /// # Errors
    ///
    /// As [`Ruleset::decide`].
    ///
    /// # Examples
    ///
    /// ```
    /// use interdict::{Activity, Ruleset};
    ///
    /// let rules = Ruleset::pack("un_dprk")?;
    /// let tanks = Activity::new().set("date", "2024-01-15").set("actor_state", "RU").set("action", "purchase");
    /// let settling = rules.settling(&tanks.complete().set("item", "battle_tank").set("origin", "unknown"))?;
    /// let ways: Vec<String> = settling.ways.iter().map(|way| way.to_string()).collect();
    /// assert_eq!(ways, ["origin is other than KP: not covered", "origin is KP: prohibited"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn settling<A: Serialize + ?Sized>(&self, activity: &A) -> Result<Settling, FactsError> {
        Ok(self.interview(activity)?.settling())
    }
}

/// As many as are told.
const MOST: usize = 8;

pub(super) fn of(rules: &Ruleset, activity: &Activity, question: &Question, answer: &Answer) -> Settling {
    if answer.possible.settled().is_some() {
        return Settling { ways: Vec::new(), exact: true };
    }
    let granted = Granted::new();
    let (found, mut exact) = rules.compiled().settling(question, &granted);
    let mut ways = Vec::new();
    for settle in found {
        let stated =
            settle.given.iter().map(|given| said(rules.program(), question, given)).collect::<Option<Vec<_>>>();
        let way = stated.map(|answers| Settled { verdict: settle.verdict, answers });
        let confirmed = way.filter(|way| is_so(rules, activity, &settle.given, way));
        match confirmed {
            Some(way) if ways.len() < MOST => ways.push(way),
            Some(_) => {}
            None => exact = false,
        }
    }
    exact &= answer.exact;
    if ways.is_empty() && !exact {
        ways = prohibited(rules, activity, question);
    }
    Settling { ways, exact }
}

/// Sets after which a single norm prohibits: what can be found of a question that is over its budget.
fn prohibited(rules: &Ruleset, activity: &Activity, question: &Question) -> Vec<Settled> {
    let granted = Granted::new();
    let mut found: Vec<Settle> = Vec::new();
    for settle in rules.compiled().prohibiting(question, &granted) {
        // Several norms may ask the same of different goods.
        if !found.iter_mut().any(|known| known.join(&settle)) {
            found.push(settle);
        }
    }
    let all = found.clone();
    found.retain(|settle| !all.iter().any(|other| settle.says_more_than(other)));
    let program = rules.program();
    let told = |settle: Settle| {
        let answers = settle.given.iter().map(|given| said(program, question, given)).collect::<Option<Vec<_>>>()?;
        Some((settle.given, Settled { verdict: settle.verdict, answers }))
    };
    let mut told: Vec<(Vec<Given>, Settled)> = found.into_iter().filter_map(told).collect();
    // Of sets that are equally short, those first that ask of other facts than the ones before.
    let mut asked: Vec<Vec<String>> = Vec::new();
    told.sort_by_cached_key(|(given, way)| {
        let facts: Vec<String> = way.answers.iter().map(|by| by.fact.clone()).collect();
        let times = asked.iter().filter(|before| **before == facts).count();
        asked.push(facts);
        (given.len(), times)
    });
    let mut clerk = rules.clerk();
    let mut is_prohibited = |given: &[Given], way: &Settled| {
        let stated = with(rules, activity, given, way).and_then(|raw| Activity::from_raw(raw).ok());
        let bounds = stated.and_then(|activity| clerk.bounds(&activity).ok());
        bounds.is_some_and(|bounds| bounds.at_least == Verdict::Prohibited)
    };
    let confirmed = told.into_iter().filter(|(given, way)| is_prohibited(given, way));
    confirmed.map(|(_, way)| way).take(MOST).collect()
}

/// The same activity with what settles it so, in as few answers as will do; several ways.
pub(crate) fn settled(rules: &Ruleset, activity: &Activity, verdict: impl Fn(Verdict) -> bool) -> Vec<Activity> {
    let Ok(question) = rules.bind(activity.raw()) else { return Vec::new() };
    let (found, _) = rules.compiled().settling(&question, &Granted::new());
    let with = |given: &[Given]| {
        let mut raw = activity.raw().clone();
        for given in given {
            let (_, value) = words(rules.program(), &question, given)?;
            raw = place::put(rules.program(), &raw, &given.paths[0], value)?;
        }
        Activity::from_raw(raw).ok()
    };
    found.iter().filter(|settle| verdict(settle.verdict)).filter_map(|settle| with(&settle.given)).collect()
}

/// Decides again with the answers.
fn is_so(rules: &Ruleset, activity: &Activity, given: &[Given], way: &Settled) -> bool {
    let Some(raw) = with(rules, activity, given, way) else { return false };
    let Ok(question) = rules.bind(&raw) else { return false };
    let answer = rules.compiled().decide(&question, &Granted::new());
    answer.possible.settled() == Some(way.verdict)
}

/// The activity with the answers; `None` when one of them has no place in it.
fn with(rules: &Ruleset, activity: &Activity, given: &[Given], way: &Settled) -> Option<Raw> {
    let answers = given.iter().zip(&way.answers);
    answers.into_iter().try_fold(activity.raw().clone(), |raw, (given, by)| {
        place::put(rules.program(), &raw, &given.paths[0], by.value.clone())
    })
}

fn said(program: &Program, question: &Question, given: &Given) -> Option<SettledBy> {
    let path = &given.paths[0];
    let (_, _, asked) = offers::kind(program, path, path.question(program, question));
    let (is, value) = words(program, question, given)?;
    Some(SettledBy { fact: path.name(program, question), question: asked, is, value })
}

/// The values that will do in words, and one of them.
fn words(program: &Program, question: &Question, given: &Given) -> Option<(String, Raw)> {
    let path = &given.paths[0];
    if let FactPath::Listed { list, .. } = path {
        let list = &program.schema.lists[list.at()].name;
        let yes = will_do(given, &Rep::YesNo(true));
        let (is, value) = if yes { ("includes", vec![list.as_str()]) } else { ("lacks", Vec::new()) };
        return Some((format!("{is} {list}"), Raw::from(value)));
    }
    let many = path.field(program).is_some_and(|(record, field)| {
        let element = matches!(path, FactPath::Field { element: Some(_), .. });
        program.schema.records[record.at()].fields[field.at()].many && !element
    });
    let listed = |value: Raw| if many { Raw::List(vec![value]) } else { value };
    let none = || if many { Raw::List(Vec::new()) } else { Raw::from("none") };
    if let Some(terms) = &given.terms {
        let (is, term) = branches(program, question, given, terms)?;
        return Some((is, term.map_or_else(none, listed)));
    }
    let yes_no = |yes: bool| if yes { "yes" } else { "no" };
    let values: Vec<&Rep> = given.choices.iter().filter(|(_, will_do)| *will_do).filter_map(rep).collect();
    match values.first() {
        None => Some(("is none".to_owned(), none())),
        Some(Rep::None) if values.len() == 1 => Some(("is none".to_owned(), none())),
        Some(Rep::YesNo(yes)) => Some((format!("is {}", yes_no(*yes)), Raw::Bool(*yes))),
        Some(Rep::Day(_)) => days(given),
        Some(Rep::Amount(_)) => amounts(program, path, given),
        Some(Rep::Text(text)) => Some((format!("is \"{text}\""), listed(Raw::from(text)))),
        Some(Rep::OtherText(_)) => Some(("is another text".to_owned(), listed(Raw::from("another text")))),
        _ => None,
    }
}

fn rep((choice, _): &(Choice, bool)) -> Option<&Rep> {
    match choice {
        Choice::Value(rep) | Choice::One(rep) => Some(rep),
        Choice::Empty => None,
    }
}

fn will_do(given: &Given, wanted: &Rep) -> bool {
    given.choices.iter().any(|one| one.1 && rep(one) == Some(wanted))
}

/// The widest terms that will do, told by name or by those that will not.
fn branches(program: &Program, question: &Question, given: &Given, terms: &[bool]) -> Option<(String, Option<Raw>)> {
    let path = &given.paths[0];
    let (record, field) = path.field(program)?;
    let ty = program.schema.records[record.at()].fields[field.at()].ty;
    let taxonomy = &program.schema.taxonomies[ty.taxonomy()?.at()];
    let only_roots = !matches!(ty, Type::Term(_));
    let range =
        offers::stated(question, path).map_or(0..terms.len() as u32, |top| top..taxonomy.terms[top as usize].end);
    let inside = widest(taxonomy, range.clone(), only_roots, &|term| terms[term as usize]);
    let outside = widest(taxonomy, range, only_roots, &|term| !terms[term as usize]);
    let is_none = |choice: &Choice| {
        matches!(choice, Choice::Empty | Choice::Value(Rep::None) | Choice::Value(Rep::Goods(None, _)))
    };
    let mut nones = given.choices.iter().filter(|(choice, _)| is_none(choice)).peekable();
    let may_be_none = nones.peek().is_some();
    let none = may_be_none && nones.all(|(_, will_do)| *will_do);
    let names = |terms: &[u32]| {
        let names: Vec<&str> = terms.iter().map(|term| taxonomy.terms[*term as usize].name.as_str()).collect();
        names.join(" or ")
    };
    let or_none = if none { " or none" } else { "" };
    let is = match (inside.len(), outside.len()) {
        (0, _) if none => "is none".to_owned(),
        (0, _) => return None,
        (1..=3, _) => format!("is {}{or_none}", names(&inside)),
        (_, 1..=3) => {
            format!("is other than {}{}", names(&outside), if may_be_none && !none { ", and not none" } else { "" })
        }
        (count, _) => format!("is {} or another of {count}{or_none}", names(&inside[..2])),
    };
    Some((is, inside.first().map(|term| Raw::from(&taxonomy.terms[*term as usize].name))))
}

/// The terms of which the whole branch is so and not that of the term above.
fn widest(taxonomy: &Taxonomy, range: std::ops::Range<u32>, only_roots: bool, is_so: &dyn Fn(u32) -> bool) -> Vec<u32> {
    let mut widest = Vec::new();
    let mut term = range.start;
    while term < range.end {
        let end = taxonomy.terms[term as usize].end;
        if only_roots {
            widest.extend(Some(term).filter(|term| is_so(*term)));
            term = end;
        } else if (term..end).all(is_so) {
            widest.push(term);
            term = end;
        } else {
            term += 1;
        }
    }
    widest
}

/// The first run of days that will do.
fn days(given: &Given) -> Option<(String, Raw)> {
    let mut days: Vec<(Date, bool)> = given
        .choices
        .iter()
        .filter_map(|one| match rep(one) {
            Some(Rep::Day(day)) => Some((*day, one.1)),
            _ => None,
        })
        .collect();
    days.sort_unstable();
    let first = days.iter().position(|(_, will_do)| *will_do)?;
    let next = days[first..].iter().position(|(_, will_do)| !will_do);
    let (from, through) = (days[first].0, next.map(|next| days[first + next].0.previous()));
    let is = match (from == Date::MIN, through) {
        (true, Some(through)) => format!("is {through} or earlier"),
        (true, None) => "is any day".to_owned(),
        (false, None) => format!("is {from} or later"),
        (false, Some(through)) if from == through => format!("is {from}"),
        (false, Some(through)) => format!("is from {from} through {through}"),
    };
    Some((is, Raw::from(through.unwrap_or(from).max(from))))
}

/// The first run of amounts that will do. Every second one stands for all between its neighbours.
fn amounts(program: &Program, path: &FactPath, given: &Given) -> Option<(String, Raw)> {
    let mut amounts: Vec<(Decimal, bool)> = given
        .choices
        .iter()
        .filter_map(|one| match rep(one) {
            Some(Rep::Amount(amount)) => Some((amount.normalize(), one.1)),
            _ => None,
        })
        .collect();
    amounts.sort_unstable();
    let (FactPath::Field { unit: Some(unit), .. } | FactPath::Used { unit, .. } | FactPath::Level { unit, .. }) = path
    else {
        return None;
    };
    let unit = program.schema.unit_name(*unit);
    let first = amounts.iter().position(|(_, will_do)| *will_do)?;
    let run = amounts[first..].iter().take_while(|(_, will_do)| *will_do).count();
    let (last, at) = (first + run - 1, |at: usize| amounts[at].0);
    let low = match first {
        0 => None,
        even if even % 2 == 0 => Some(format!("at least {} {unit}", at(even))),
        odd => Some(format!("more than {} {unit}", at(odd - 1))),
    };
    let high = match last {
        end if end + 1 == amounts.len() => None,
        even if even % 2 == 0 => Some(format!("at most {} {unit}", at(even))),
        odd => Some(format!("less than {} {unit}", at(odd + 1))),
    };
    let is = match (low, high) {
        (Some(low), Some(high)) => format!("is {low} and {high}"),
        (Some(one), None) | (None, Some(one)) => format!("is {one}"),
        (None, None) => "is any amount".to_owned(),
    };
    Some((is, Raw::Text(format!("{} {unit}", at(first)))))
}
