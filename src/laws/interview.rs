//! An interview asks what matters and nothing twice, and ends; what is said to settle a verdict settles it.

use std::cell::Cell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestCaseResult};

use crate::facts::Activity;
use crate::interview::{AnswerKind, Asked, Interview, Settling};
use crate::reference;
use crate::ruleset::Ruleset;
use crate::value::Raw;

use super::{activity, ask, cases, law, shown};

#[test]
fn interviews_ask_what_matters_and_end() {
    law(16, (cases(3), prop::collection::vec(any::<u16>(), 60)), |((policy, drafts), picks)| {
        let rules = policy.compile();
        for draft in &drafts {
            interview_ends(&rules, &activity(draft, &rules), &picks, &policy.text())?;
        }
        Ok(())
    });
}

#[test]
fn what_is_said_to_settle_settles() {
    let (open, told) = (Cell::new(0), Cell::new(0));
    law(120, cases(3), |(policy, drafts)| {
        let rules = policy.compile();
        for draft in &drafts {
            let activity = activity(draft, &rules);
            let settling = ways_settle(&rules, &activity, &policy.text())?;
            let interview = rules.interview(&activity).expect("generated activities bind");
            if interview.exact() && interview.possible().len() > 1 && activity.raw().get("lines").is_none() {
                open.set(open.get() + 1);
                told.set(told.get() + u32::from(!settling.ways.is_empty()));
            }
        }
        Ok(())
    });
    println!("of {} open questions {} have answers that settle them", open.get(), told.get());
    assert!(told.get() * 100 >= open.get() * 80, "only {} of {} open questions", told.get(), open.get());
}

pub(super) fn interview_ends(rules: &Ruleset, stated: &Activity, picks: &[u16], policy: &str) -> TestCaseResult {
    let mut interview = rules.interview(stated).expect("generated activities bind");
    let mut asked_before: BTreeSet<String> = BTreeSet::new();
    let mut picks = picks.iter().copied();
    while let Some(asked) = interview.question() {
        let shown = || format!("{}\nasked: {asked:?}", shown(policy, interview.activity()));
        let open = rules.decide(interview.activity()).expect("it binds");
        prop_assert!(open.missing.iter().any(|missing| missing.fact == asked.fact), "it cannot matter: {}", shown());
        prop_assert_eq!(&interview.possible(), &open.possible, "{}", shown());
        prop_assert!(open.verdict.is_none(), "{}", shown());
        // A party's role names it: the same fact may be called otherwise after an answer, never the other way round.
        prop_assert!(asked_before.insert(asked.fact.clone()), "asked again: {}", shown());
        let Some(pick) = picks.next() else {
            interview.dont_know();
            continue;
        };
        if pick % 5 == 0 || answer(&mut interview, rules, &asked, usize::from(pick / 5)).is_err() {
            interview.dont_know();
        }
    }
    let decision = interview.decision();
    let decided = rules.decide(interview.activity()).expect("it binds");
    prop_assert_eq!(&decision, &decided, "{}", shown(policy, interview.activity()));
    Ok(())
}

/// Some answer of the right kind.
fn answer(interview: &mut Interview<'_>, rules: &Ruleset, asked: &Asked, pick: usize) -> Result<(), crate::FactsError> {
    let listed = !matches!(asked.kind, AnswerKind::Date | AnswerKind::Amount(_) | AnswerKind::Hs);
    if listed && !asked.offers.is_empty() && !pick.is_multiple_of(8) {
        let offer = asked.offers[pick / 8 % asked.offers.len()].value.clone();
        return interview.answer_in_words(&offer);
    }
    let days: Vec<String> = rules.tested().days.iter().map(|day| day.to_string()).collect();
    let one = match &asked.kind {
        AnswerKind::Date => days.get(pick / 8 % days.len().max(1)).cloned().unwrap_or_else(|| "2016-03-02".to_owned()),
        AnswerKind::Amount(_) => ["0", "100", "1000000", "none"][pick / 8 % 4].to_owned(),
        AnswerKind::Hs => ["27", "8471", "none"][pick / 8 % 3].to_owned(),
        AnswerKind::Country | AnswerKind::Reference => ["KP", "CN", "none"][pick / 8 % 3].to_owned(),
        AnswerKind::Records(_) => ["none", "1", "2", "{}"][pick / 8 % 4].to_owned(),
        AnswerKind::Listing => ["none", "bad"][pick / 8 % 2].to_owned(),
        AnswerKind::YesNo => ["yes", "no"][pick / 8 % 2].to_owned(),
        _ => "none".to_owned(),
    };
    interview.answer_in_words(&one)
}

pub(super) fn ways_settle(rules: &Ruleset, stated: &Activity, policy: &str) -> Result<Settling, TestCaseError> {
    let interview = rules.interview(stated).expect("generated activities bind");
    let settling = interview.settling();
    let shown = || format!("{settling:?}\n{}", shown(policy, stated));
    prop_assert!(settling.ways.len() <= 8, "{}", shown());
    prop_assert!(interview.possible().len() > 1 || settling.ways.is_empty(), "{}", shown());
    prop_assert!(settling.ways.is_sorted_by_key(|way| way.answers.len()), "{}", shown());
    for way in &settling.ways {
        let Some(with) = with(&interview, way.answers.iter().map(|by| (by.fact.as_str(), &by.value))) else { continue };
        let (question, answer) = ask(rules, &with)?;
        prop_assert_eq!(answer.possible.settled(), Some(way.verdict), "{}: {}", way, shown());
        if let Some(reference) = reference::decide(rules.program(), rules.loaded(), &question, 20_000) {
            prop_assert_eq!(reference.possible, BTreeSet::from([way.verdict]), "reference, {}: {}", way, shown());
        }
        // Without one of the answers it is open.
        for left in 0..way.answers.len() {
            let fewer = way.answers.iter().enumerate().filter(|(at, _)| *at != left);
            let some = super::interview::with(&interview, fewer.map(|(_, by)| (by.fact.as_str(), &by.value)));
            let Some(some) = some else { continue };
            let answer = ask(rules, &some)?.1;
            prop_assert!(!answer.exact || answer.possible.settled().is_none(), "{} without {left}: {}", way, shown());
        }
    }
    // One answer that settles it is not overlooked.
    if !settling.exact || settling.ways.first().is_some_and(|way| way.answers.len() == 1) {
        return Ok(settling);
    }
    if let Some(asked) = interview.question() {
        for offer in &asked.offers {
            let mut asked = interview.clone();
            if asked.answer_in_words(&offer.value).is_ok() && asked.exact() {
                prop_assert!(asked.possible().len() > 1, "{} alone settles it: {}", offer.value, shown());
            }
        }
    }
    Ok(settling)
}

/// The activity with facts stated that are fields of the activity itself; `None` when one is of a record.
fn with<'a>(interview: &Interview<'_>, facts: impl Iterator<Item = (&'a str, &'a Raw)>) -> Option<Activity> {
    let mut activity = interview.activity().clone();
    for (fact, value) in facts {
        if fact.contains(['.', '[']) {
            return None;
        }
        activity = activity.set(fact, value.clone());
    }
    Some(activity)
}
