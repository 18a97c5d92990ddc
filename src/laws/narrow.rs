//! What happens when more is said: facts, acts, days, usage.

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::check::program::{ActKind, Type};
use crate::evaluate::worlds::last_day;
use crate::facts::Activity;
use crate::facts::question::{State, Value};
use crate::ruleset::Ruleset;
use crate::value::{Date, Decimal, Raw};

use super::{activity, ask, cases, law, names, no_stricter, shown, without};

#[test]
fn stating_a_fact_adds_no_verdict() {
    law(75, (cases(4), any::<[u16; 4]>()), |((policy, drafts), picks)| {
        let rules = policy.compile();
        for draft in &drafts {
            let open = without(&activity(draft, &rules), "complete");
            stating_adds_nothing(&rules, &open, &picks, &policy.text())?;
        }
        Ok(())
    });
}

/// Takes facts away, or makes them coarser, one after the other: the possible verdicts never become fewer.
pub(super) fn stating_adds_nothing(rules: &Ruleset, stated: &Activity, picks: &[u16], policy: &str) -> TestCaseResult {
    let mut now = stated.clone();
    let mut answer = ask(rules, &now)?.1;
    for pick in picks {
        let Some(less) = coarser(rules, &now, usize::from(*pick)) else { continue };
        // Without its item a code may be impossible, and the other way round.
        if rules.bind(less.raw()).is_err() {
            continue;
        }
        let before = ask(rules, &less)?.1;
        let shown = || format!("{}\nmade coarser: {}", shown(policy, &now), shown("", &less));
        if answer.exact && before.exact {
            prop_assert!(
                answer.possible.verdicts.is_subset(&before.possible.verdicts),
                "{:?} of what is stated, {:?} before: {}",
                answer.possible,
                before.possible,
                shown()
            );
        }
        if answer.exact {
            prop_assert!(before.possible.at_least() <= answer.possible.at_least(), "at_least rose: {}", shown());
            prop_assert!(before.possible.at_most() >= answer.possible.at_most(), "at_most fell: {}", shown());
        }
        (now, answer) = (less, before);
    }
    Ok(())
}

/// The same activity with one fact unknown or less exact.
fn coarser(rules: &Ruleset, activity: &Activity, pick: usize) -> Option<Activity> {
    let program = rules.program();
    let schema = program.schema.activity();
    // What is presumed when nobody states it is no narrowing; what `acts` cover is no fact.
    let presumed = |name: &str| schema.by_name.get(name).is_some_and(|field| rules.presumed().contains_key(field));
    let mut all: Vec<String> = names(activity);
    all.retain(|name| (schema.by_name.contains_key(name) || name == "used" || name == "levels") && !presumed(name));
    let name = all.get(pick % all.len().max(1))?;
    let value = activity.raw().get(name)?;
    let field = schema.by_name.get(name).map(|field| &schema.fields[field.at()]);
    let exact = pick / all.len();
    match (field.map(|field| field.ty), value) {
        (Some(Type::Term(taxonomy)), Raw::Text(word)) if exact.is_multiple_of(2) => {
            let taxonomy = &program.schema.taxonomies[taxonomy.at()];
            match taxonomy.by_name.get(word).and_then(|term| taxonomy.terms[*term as usize].parent) {
                Some(parent) => Some(activity.clone().set(name, &taxonomy.terms[parent as usize].name)),
                None => Some(without(activity, name)),
            }
        }
        (Some(Type::Hs), Raw::Text(code)) if exact.is_multiple_of(2) && code.len() > 2 => {
            Some(activity.clone().set(name, &code[..code.len() - 2]))
        }
        // A fact of a record.
        (Some(Type::Record(_)), Raw::List(records)) if !exact.is_multiple_of(4) && !records.is_empty() => {
            let mut records = records.clone();
            let at = exact % records.len();
            if let Raw::Map(facts) = &mut records[at]
                && !facts.is_empty()
            {
                let gone = exact % facts.len();
                facts.remove(gone);
            }
            Some(activity.clone().set(name, Raw::List(records)))
        }
        _ => Some(without(activity, name)),
    }
}

#[test]
fn complete_lies_within_open() {
    law(150, cases(4), |(policy, drafts)| {
        let rules = policy.compile();
        for draft in &drafts {
            complete_within_open(&rules, &activity(draft, &rules), &policy.text())?;
        }
        Ok(())
    });
}

pub(super) fn complete_within_open(rules: &Ruleset, stated: &Activity, policy: &str) -> TestCaseResult {
    let open = without(stated, "complete");
    let complete = open.clone().complete();
    let (open, complete) = (ask(rules, &open)?.1, ask(rules, &complete)?.1);
    if complete.exact && open.exact {
        prop_assert!(
            complete.possible.verdicts.is_subset(&open.possible.verdicts),
            "complete {:?}, open {:?}: {}",
            complete.possible,
            open.possible,
            shown(policy, stated)
        );
    }
    Ok(())
}

#[test]
fn acts_that_are_not_late_help_or_do_nothing() {
    law(200, cases(4), |(policy, drafts)| {
        let rules = policy.compile();
        for draft in &drafts {
            acts_help(&rules, &activity(draft, &rules), &policy.text())?;
        }
        Ok(())
    });
}

pub(super) fn acts_help(rules: &Ruleset, stated: &Activity, policy: &str) -> TestCaseResult {
    let Some(Raw::List(acts)) = stated.raw().get("acts") else { return Ok(()) };
    let (question, with) = ask(rules, stated)?;
    for at in 0..acts.len() {
        if may_be_late(rules, &question, at) {
            continue;
        }
        let mut fewer = acts.clone();
        fewer.remove(at);
        let less = stated.clone().set("acts", Raw::List(fewer));
        let less = ask(rules, &less)?.1;
        if with.exact && less.exact {
            prop_assert!(
                no_stricter(&with.possible, &less.possible),
                "{:?} with act {at}, {:?} without: {}",
                with.possible,
                less.possible,
                shown(policy, stated)
            );
        }
    }
    Ok(())
}

/// Whether an act is a notice given after the last day of something it is given under.
fn may_be_late(rules: &Ruleset, question: &crate::facts::question::Question, at: usize) -> bool {
    let program = rules.program();
    let act = &question.acts[at];
    if act.kind != ActKind::Notice {
        return false;
    }
    let exits = program
        .exits
        .iter()
        .filter(|exit| exit.name == act.under || program.paragraphs[exit.paragraph.at()].name == act.under);
    let requirements: Vec<_> =
        exits.flat_map(|exit| &exit.requirements).filter(|requirement| requirement.kind == ActKind::Notice).collect();
    question.lines.iter().any(|line| match line.facts.0[program.schema.core.date.at()] {
        State::Is(Value::Date(date)) => requirements.iter().any(|requirement| {
            last_day(requirement, date, &program.schema.working_days).is_none_or(|last| act.on > last)
        }),
        _ => !requirements.is_empty(),
    })
}

#[test]
fn asking_later_is_never_more_lenient() {
    law(150, (cases(4), -40i64..400, 0i64..60), |((policy, drafts), first, more)| {
        let rules = policy.compile();
        for draft in &drafts {
            asked_later(&rules, &activity(draft, &rules), first, more, &policy.text())?;
        }
        Ok(())
    });
}

pub(super) fn asked_later(rules: &Ruleset, stated: &Activity, first: i64, more: i64, policy: &str) -> TestCaseResult {
    let date = match stated.raw().get("date") {
        Some(Raw::Text(day)) => Date::parse(day),
        _ => Date::parse("2017-01-20"),
    };
    let days = [first, first + more].map(|days| date.and_then(|date| date.plus_days(days)));
    let [Some(early), Some(late)] = days else { return Ok(()) };
    let never = ask(rules, &without(stated, "asked_on"))?.1;
    let early = ask(rules, &stated.clone().set("asked_on", early))?.1;
    let later = ask(rules, &stated.clone().set("asked_on", late))?.1;
    if never.exact && early.exact && later.exact {
        let shown = || {
            format!(
                "asked never: {:?}, {:?}; late: {:?}; {}",
                never.possible,
                early.possible,
                later.possible,
                shown(policy, stated)
            )
        };
        prop_assert!(no_stricter(&early.possible, &later.possible), "{}", shown());
        prop_assert!(no_stricter(&never.possible, &early.possible), "{}", shown());
    }
    Ok(())
}

#[test]
fn more_used_is_never_more_lenient() {
    law(150, (cases(4), 1i64..200), |((policy, drafts), more)| {
        let rules = policy.compile();
        for draft in &drafts {
            let stated = activity(draft, &rules);
            let Some(Raw::Map(used)) = stated.raw().get("used") else { continue };
            let more = used.iter().map(|(exit, amounts)| (exit.clone(), plus(amounts, more))).collect();
            let more = stated.clone().set("used", Raw::Map(more));
            let (less, more) = (ask(&rules, &stated)?.1, ask(&rules, &more)?.1);
            if less.exact && more.exact {
                prop_assert!(
                    no_stricter(&less.possible, &more.possible),
                    "{:?}, with more used {:?}: {}",
                    less.possible,
                    more.possible,
                    shown(&policy.text(), &stated)
                );
            }
        }
        Ok(())
    });
}

fn plus(amounts: &Raw, more: i64) -> Raw {
    match amounts {
        Raw::Map(amounts) => {
            Raw::Map(amounts.iter().map(|(unit, amount)| (unit.clone(), plus(amount, more))).collect())
        }
        Raw::Text(amount) => match Decimal::from_str_exact(amount) {
            Ok(amount) => Raw::Text((amount + Decimal::from(more)).to_string()),
            Err(_) => amounts.clone(),
        },
        other => other.clone(),
    }
}

#[test]
fn a_consignment_of_one_line_is_the_activity() {
    law(100, cases(4), |(policy, drafts)| {
        let rules = policy.compile();
        for draft in &drafts {
            let single = without(&activity(draft, &rules), "lines");
            let line = single.clone().line(Activity::new());
            let (one, other) = (ask(&rules, &single)?.1, ask(&rules, &line)?.1);
            prop_assert_eq!(one.possible, other.possible, "{}", shown(&policy.text(), &single));
            prop_assert_eq!(one.missing, other.missing, "{}", shown(&policy.text(), &single));
        }
        Ok(())
    });
}
