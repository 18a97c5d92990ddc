//! What is said of two versions is true of activities.

use proptest::prelude::*;

use crate::check::program::{Cond, NormId, Program};
use crate::diff::{Difference, Shift};
use crate::evaluate::answer::Possible;
use crate::facts::Activity;
use crate::reference;
use crate::ruleset::Ruleset;
use crate::strategy::{Config, Draft, drafts};
use crate::value::Verdict;

use super::{activity, law, policies, questions, shown};

#[test]
fn what_is_called_equal_is_and_what_changes_is_shown() {
    let policies = (policies::policy(), policies::policy(), prop::collection::vec(questions(Config::default()), 1..6));
    let (flips, equal) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    law(60, policies, |(old, new, drafts): (policies::Policy, policies::Policy, Vec<Draft>)| {
        // Two policies that have little in common, and two that differ in their last paragraph.
        let related = new.with_last_of(&old);
        for (old, new) in [(&old, &new), (&related, &new), (&new, &new)] {
            let (before, after) = (old.compile(), new.compile());
            let difference = before.difference(&after).expect("they share their words");
            let told = || format!("{difference}\n--- old\n{}\n--- new\n{}", old.text(), new.text());
            for shift in &difference.shifts {
                check_shift(&before, &after, shift).map_err(|why| TestCaseError::fail(format!("{why}\n{}", told())))?;
            }
            equal.set(equal.get() + usize::from(difference.is_equal()));
            for draft in &drafts {
                let activity = activity(draft, &after);
                let (Some(was), Some(is)) = (possible(&before, &activity), possible(&after, &activity)) else {
                    continue;
                };
                if was == is {
                    continue;
                }
                prop_assert!(!difference.is_equal(), "{}", shown(&told(), &activity));
                if let (Some(was), Some(is)) = (was.settled(), is.settled())
                    && activity.raw().get("lines").is_none()
                {
                    flips.set(flips.get() + 1);
                    let is_told = difference.shifts.iter().any(|shift| (shift.before, shift.after) == (was, is));
                    let is_open = !difference.unsettled.is_empty() || difference.shifts.iter().any(|shift| shift.more);
                    prop_assert!(is_told || is_open, "{}", shown(&told(), &activity));
                }
            }
        }
        Ok(())
    });
    assert!(flips.get() > 10 && equal.get() > 0, "{} flips, {} equal", flips.get(), equal.get());
}

/// What an activity may be; nothing when it is not understood, or beyond the budget.
fn possible(rules: &Ruleset, activity: &Activity) -> Option<Possible> {
    let question = rules.bind(activity.raw()).ok()?;
    let answer = rules.answer(&question);
    answer.exact.then_some(answer.possible)
}

/// Each example is decided as it is said, by the reference evaluator too.
fn check_shift(old: &Ruleset, new: &Ruleset, shift: &Shift) -> Result<(), String> {
    for region in &shift.regions {
        for (rules, verdict) in [(old, shift.before), (new, shift.after)] {
            let said = possible(rules, &region.example).and_then(|possible| possible.settled());
            let question = rules.bind(region.example.raw()).map_err(|error| error.to_string())?;
            let judged = reference::decide(rules.program(), rules.loaded(), &question, reference::CONFIRMING);
            let confirmed = judged.is_some_and(|judged| judged.possible.iter().eq([&verdict]));
            if said != Some(verdict) || !confirmed {
                return Err(shown(&format!("{said:?} and not {verdict:?}"), &region.example));
            }
        }
    }
    Ok(())
}

/// Versions of the UN regime in which one norm is another: each is reported with activities that show it, or it is proved that
/// it changes nothing. A hundred of them: `PROPTEST_CASES=100 cargo nextest run --all-features a_change_of_one_norm`.
#[test]
fn a_change_of_one_norm_of_the_regime_is_shown_or_proved_to_change_nothing() {
    let rules = Ruleset::pack("un_dprk").expect("the shipped pack compiles");
    let bound = |activity: Activity| rules.bind(activity.raw()).is_ok().then_some(activity);
    let scenarios: Vec<Activity> = rules
        .program()
        .scenarios
        .iter()
        .filter_map(|scenario| bound(Activity::from_raw(scenario.facts.clone()).ok()?))
        .collect();
    let (shown, proved, open) = (std::cell::Cell::new(0), std::cell::Cell::new(0), std::cell::RefCell::new(Vec::new()));
    let count = rules.program().norms.len();
    let cases = (0..count, 0..KINDS, any::<u8>(), prop::collection::vec(drafts(&rules, Config::default()), 6));
    law(40, cases, |(norm, kind, detail, drafts): (usize, usize, u8, Vec<Draft>)| {
        let id = NormId(norm as u32);
        let mut done = String::new();
        let changed = rules.changed(|program| done = mutate(program, id, kind, usize::from(detail)));
        let difference: Difference = rules.difference(&changed).expect("the words are the same");
        let told = || format!("{done}\n{difference}");
        for shift in &difference.shifts {
            check_shift(&rules, &changed, shift).map_err(|why| TestCaseError::fail(format!("{why}\n{}", told())))?;
        }
        if !difference.unsettled.is_empty() && difference.shifts.is_empty() {
            open.borrow_mut().push(done);
            return Ok(());
        }
        if !difference.shifts.is_empty() {
            shown.set(shown.get() + 1);
            return Ok(());
        }
        proved.set(proved.get() + 1);
        let (mut old, mut new) = (rules.clerk(), changed.clerk());
        let generated: Vec<Activity> = drafts.iter().map(|draft| activity(draft, &rules)).collect();
        for activity in scenarios.iter().skip(norm % EVERY).step_by(EVERY).chain(&generated) {
            let (Ok(was), Ok(is)) = (old.decide(activity), new.decide(activity)) else { continue };
            prop_assert_eq!(was.bounds(), is.bounds(), "{}", super::shown(&told(), activity));
        }
        for activity in &generated {
            let judged = [&rules, &changed].map(|rules| {
                let question = rules.bind(activity.raw()).ok()?;
                reference::decide(rules.program(), rules.loaded(), &question, reference::CONFIRMING)
                    .map(|it| it.possible)
            });
            if let [Some(was), Some(is)] = judged {
                prop_assert_eq!(was, is, "{}", super::shown(&told(), activity));
            }
        }
        Ok(())
    });
    println!("{} shown, {} proved equal, not settled: {:?}", shown.get(), proved.get(), open.borrow());
    let (shown, proved, open) = (shown.get(), proved.get(), open.into_inner());
    let tried = shown + proved + open.len();
    assert!(2 * shown >= tried && 20 * proved >= tried && 20 * open.len() <= tried, "not settled: {open:#?}");
}

/// Of the activities of scenarios, one in so many is decided for each change.
const EVERY: usize = 5;

const KINDS: usize = 6;

/// Makes another norm of one; what was done.
fn mutate(program: &mut Program, id: NormId, kind: usize, detail: usize) -> String {
    let norm = &mut program.norms[id.at()];
    let name = norm.name.clone();
    match kind {
        0 => {
            norm.period.from = norm.period.from.plus_days(1 + detail as i64).expect("no norm is that late");
            format!("{name} begins {} days later", 1 + detail)
        }
        1 => {
            norm.period.through = norm.period.from.plus_days(100 + detail as i64);
            format!("{name} ends after {} days", 100 + detail)
        }
        2 if !norm.exits.is_empty() => {
            let exit = norm.exits.remove(detail % norm.exits.len());
            format!("{name} without {}", program.exits[exit.at()].name)
        }
        3 => match &mut norm.when {
            Cond::All(parts) if parts.len() > 1 => {
                parts.remove(detail % parts.len());
                format!("{name} without condition {}", detail)
            }
            when => {
                *when = Cond::Not(Box::new(when.clone()));
                format!("{name} with its condition denied")
            }
        },
        4 => match &mut norm.actions {
            Some(actions) if actions.0.len() > 1 => {
                actions.0.remove(detail % actions.0.len());
                format!("{name} for fewer actions")
            }
            actions => {
                *actions = None;
                format!("{name} for all actions")
            }
        },
        _ => {
            norm.when = Cond::No;
            format!("{name} never")
        }
    }
}

/// A quota that lifts nothing makes a norm that did not change depend on an amount that nobody stated.
#[test]
fn versions_that_count_other_amounts_are_not_equal() {
    let version = |more: &str| {
        let text = format!(
            r#"use std
               regime house "House" {{ authority desk "Desk" }}
               instrument H "House rules" of house adopted 2020-01-01 {{
                   paragraph 1 "Small lots" {{ prohibit import when item under coal and not quantity > 5 t }}
                   {more}
               }}"#
        );
        Ruleset::compile("house", text).unwrap_or_else(|error| panic!("{error}"))
    };
    let wigs = r#"paragraph 2 "Wigs" { advise import "a look at the wigs" when item under wigs
                                       except few within 10 t of quantity per calendar year }"#;
    let (old, new) = (version(""), version(wigs));
    let coal = Activity::new().complete().set("date", "2024-01-01").set("actor_state", "CN");
    let coal = coal.set("action", "import").set("item", "coal");
    let said = [&old, &new].map(|rules| possible(rules, &coal).and_then(|possible| possible.settled()));
    assert_eq!(said, [Some(Verdict::Prohibited), None]);
    let difference = old.difference(&new).expect("they share their words");
    assert!(difference.shifts.is_empty() && !difference.is_equal(), "{difference}");
    assert!(difference.besides.iter().any(|besides| besides.contains("`quantity`")), "{difference}");
}

/// What is not named, and what is: with and without a whole resolution.
#[test]
fn the_change_that_a_resolution_made_names_it_everywhere() {
    let new = Ruleset::pack("un_dprk").expect("the shipped pack compiles");
    let old = without_the_last();
    let difference = old.difference(&new).expect("the words are the same");
    assert!(difference.shifts.len() > 50, "{difference}");
    for shift in &difference.shifts {
        let because: Vec<String> = shift.because.iter().map(ToString::to_string).collect();
        let is_named = shift.norm.starts_with("R2397/") || because.iter().any(|why| why.contains("R2397/"));
        assert!(is_named, "{shift}");
        check_shift(&old, &new, shift).expect("examples show it");
    }
    let textiles =
        difference.shifts.iter().find(|shift| shift.norm == "R2397/7" && shift.before == Verdict::NotCovered);
    assert!(textiles.is_some(), "{difference}");
}

/// The regime before the last resolution that tightened it.
fn without_the_last() -> Ruleset {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/packs/un_dprk");
    let mut files: Vec<_> =
        std::fs::read_dir(&root).expect("it is there").map(|entry| entry.expect("it is read").path()).collect();
    files.sort();
    let mut builder = Ruleset::builder();
    for file in files {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let is_law = name.starts_with("res_") || name == "goods.interdict" || name == "regime.interdict";
        if is_law && name != "res_2397.interdict" {
            let text = std::fs::read_to_string(&file).expect("it is read");
            builder = builder.source(name, text.replace(" and date < R2397.adopted", ""));
        }
    }
    builder.compile().expect("one mention apart, nothing rests on the last resolution")
}

fn quotas(first: &str, second: &str) -> Ruleset {
    let text = format!(
        r#"use std
           regime house "House" {{ authority desk "Desk" }}
           instrument H "House rules" of house adopted 2020-01-01 {{
               paragraph 1 "Coal" {{ prohibit supply when item under coal {first} }}
               paragraph 2 "Iron" {{ prohibit supply when item under iron }}
               paragraph 3 "Iron again" {{ prohibit supply when item under iron }}
               paragraph 4 "Licence" {{ exempt from H/2, H/3 as licence with approval by desk }}
               {second}
           }}"#
    );
    Ruleset::compile("house", text).unwrap_or_else(|error| panic!("{error}"))
}

/// One of the commonest amendments.
#[test]
fn another_limit_of_a_quota_is_shown() {
    let version = |limit: &str| quotas(&format!("except small within {limit} t of quantity per calendar year"), "");
    let (old, new) = (version("500"), version("400"));
    for (old, new, verdicts) in [(&old, &new, ("allowed", "prohibited")), (&new, &old, ("prohibited", "allowed"))] {
        let difference = old.difference(new).expect("they share their words");
        let shown = difference.shifts.iter().find(|shift| shift.norm == "H/1");
        let shown = shown.unwrap_or_else(|| panic!("{difference}"));
        assert_eq!((shown.before.name(), shown.after.name()), verdicts, "{difference}");
        check_shift(old, new, shown).expect("an example shows it");
    }
}

/// A quota adds up the lines of a consignment, of all goods that it lets pass.
#[test]
fn versions_whose_quotas_count_other_goods_are_not_equal() {
    let version = |norms: &str| {
        quotas(
            "",
            &format!("paragraph 5 \"Small\" {{ exempt from {norms} as small within 500 t of quantity in total }}"),
        )
    };
    let (old, new) = (version("H/1, H/2"), version("H/1"));
    let line = |item: &str| Activity::new().set("item", item).set("quantity", "300 t");
    let consignment = Activity::new().complete().set("date", "2024-01-01").set("actor_state", "CN");
    let consignment = consignment.set("action", "supply").used("H/5.small", "0 t");
    let consignment = consignment.line(line("coal")).line(line("iron"));
    let said = [&old, &new].map(|rules| rules.decide(&consignment).expect("it is understood").verdict);
    assert_ne!(said[0], said[1]);
    let difference = old.difference(&new).expect("they share their words");
    assert!(!difference.is_equal(), "{difference}");
    assert!(old.difference(&old).expect("they share their words").is_equal());
}

/// What is not known may be a word that only one version has.
#[test]
fn versions_with_other_words_at_the_top_are_not_equal() {
    let version = |more: &str| {
        let text = format!(
            r#"use std
               taxonomy grade {{ low high {more} }}
               extend activity {{ grade : grade "Which grade?" }}
               regime house "House" {{ authority desk "Desk" }}
               instrument H "House rules" of house adopted 2020-01-01 {{
                   paragraph 1 "Grades" {{ prohibit import when grade is low or grade is high or grade is none }}
               }}"#
        );
        Ruleset::compile("house", text).unwrap_or_else(|error| panic!("{error}"))
    };
    let (old, new) = (version(""), version("mid"));
    let open = Activity::new().complete().set("date", "2024-01-01").set("actor_state", "CN");
    let open = open.set("action", "import").set("grade", crate::value::Raw::Null);
    let said = [&old, &new].map(|rules| possible(rules, &open).and_then(|possible| possible.settled()));
    assert_eq!(said, [Some(Verdict::Prohibited), None]);
    let difference = old.difference(&new).expect("they share most words");
    assert!(!difference.is_equal(), "{difference}");
}
